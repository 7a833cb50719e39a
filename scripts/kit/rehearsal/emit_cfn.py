"""CloudFormation text and CloudFormation values: YAML with short forms as a person writes it, JSON, and back."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

SECTIONS = (
    "AWSTemplateFormatVersion",
    "Transform",
    "Description",
    "Metadata",
    "Parameters",
    "Rules",
    "Mappings",
    "Conditions",
    "Resources",
    "Outputs",
)
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]
    """Reads short forms into long forms, and dates as the strings they are."""


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """Writes long forms as short forms, and lists indented below their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _construct(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _construct)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:timestamp"]
    for first, pairs in _BASE.yaml_implicit_resolvers.items()
}


def _represent_dict(dumper: Any, value: dict[str, Any]) -> Any:
    if len(value) == 1:
        name, inner = next(iter(value.items()))
        if name == "Ref" and isinstance(inner, str):
            return dumper.represent_scalar("!Ref", inner)
        if name == "Condition" and isinstance(inner, str):
            return dumper.represent_scalar("!Condition", inner)
        if name == "Fn::GetAtt" and isinstance(inner, list) and all(isinstance(part, str) for part in inner):
            return dumper.represent_scalar("!GetAtt", ".".join(inner))
        if name.startswith("Fn::"):
            tag = "!" + name[4:]
            if isinstance(inner, str):
                return dumper.represent_scalar(tag, inner, style="|" if "\n" in inner else None)
            if isinstance(inner, list):
                flat = all(not isinstance(part, dict | list) for part in inner) and len(str(inner)) < 90
                return dumper.represent_sequence(tag, inner, flow_style=flat)
            if isinstance(inner, dict):
                return dumper.represent_mapping(tag, inner)
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=False)


def _represent_str(dumper: Any, value: str) -> Any:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _represent_list(dumper: Any, value: list[Any]) -> Any:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=False)


_Dumper.add_representer(dict, _represent_dict)
_Dumper.add_representer(str, _represent_str)
_Dumper.add_representer(list, _represent_list)


def load(text: str) -> Any:
    """The value of a template or blueprint, YAML or JSON, intrinsic functions in long form.

    Raises `ValueError` when it is neither.
    """
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise ValueError(f"not valid YAML: {error}") from error


def dump(template: dict[str, Any], language: str) -> str:
    """The text of a template, `language` being yaml or json; sections in the usual order."""
    ordered = {name: template[name] for name in SECTIONS if template.get(name)}
    if language == "json":
        return json.dumps(ordered, indent=2, ensure_ascii=False) + "\n"
    text: str = yaml.dump(ordered, Dumper=_Dumper, sort_keys=False, width=110, allow_unicode=True)
    text = re.sub(r"(!(?:Ref|GetAtt|Condition)) '([\w.:]+)'", r"\1 \2", text)
    # One blank line between sections, and between the entries of a section.
    lines: list[str] = []
    section = ""
    for line in text.splitlines():
        top = re.match(r"(\w+):", line)
        if top:
            section = top.group(1)
            if lines:
                lines.append("")
        elif (
            section in ("Parameters", "Mappings", "Resources", "Outputs")
            and re.match(r"  \w+:", line)
            and not re.match(r"\w+:$", lines[-1])
        ):
            lines.append("")
        lines.append(line)
    return "\n".join(lines) + "\n"
