"""Every explicit physical name holds the environment suffix, so that two stacks can stand side by side."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from kit.gates import template
from kit.gates.model import Look
from kit.gates.subject import Subject

PARAMETER = "EnvironmentSuffix"
# The stack itself is named TapStack<suffix>.
_CARRIERS = (PARAMETER, "AWS::StackName", "AWS::StackId")


def environment_suffix(subject: Subject) -> Look:
    """The template takes the suffix as a parameter, and each explicit name and export holds it."""
    problems: list[str] = []
    written = subject.run.task["platform"] == "cfn"
    literal = "" if written else subject.run.suffix
    seen = 0
    for path, body in subject.templates.items():
        if written and PARAMETER not in (body.get("Parameters") or {}):
            problems.append(f"{path}: Parameters/{PARAMETER}: missing")
        for place, value in _names(path, body):
            seen += 1
            if not holds_suffix(value, literal):
                problems.append(f"{path}: {place}: {_short(value)}: without the environment suffix")
    return Look(f"{seen:,} explicit names hold the suffix", problems)


def holds_suffix(value: Any, literal: str = "") -> bool:
    """True when whatever the name resolves to holds the suffix; `literal` is the suffix as a synthesizer wrote it."""
    if isinstance(value, str):
        return bool(literal) and literal in value
    if not isinstance(value, dict) or len(value) != 1:
        return False
    [(function, inner)] = value.items()
    match function:
        case "Ref":
            return inner in _CARRIERS
        case "Fn::Sub":
            text, variables = (inner, {}) if isinstance(inner, str) else (inner[0], inner[1])
            used = re.findall(r"\$\{([^!}][^}]*)\}", text)
            return any(
                holds_suffix(variables[name], literal) if name in variables else name in _CARRIERS for name in used
            ) or holds_suffix(text, literal)
        case "Fn::Join":
            return isinstance(inner[1], list) and any(holds_suffix(part, literal) for part in inner[1])
        case "Fn::If":
            chosen = [one for one in inner[1:] if one != {"Ref": "AWS::NoValue"}]
            return all(holds_suffix(one, literal) for one in chosen)
        case "Fn::Select" | "Fn::Split":
            return any(holds_suffix(one, literal) for _, one in template.walk(inner) if isinstance(one, dict))
    return False


def _names(path: str, body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for logical, resource in template.resources(body).items():
        for name in name_properties(resource["Type"]):
            value: Any = template.properties(resource)
            for part in name.split("."):
                value = value.get(part) if isinstance(value, dict) else None
            if value is not None and not _is_no_value(value):
                yield f"{logical}/{name}", value
    outputs = body.get("Outputs")
    for logical, output in (outputs if isinstance(outputs, dict) else {}).items():
        export = output.get("Export") if isinstance(output, dict) else None
        if isinstance(export, dict) and "Name" in export:
            yield f"Outputs/{logical}/Export/Name", export["Name"]


def name_properties(kind: str) -> list[str]:
    """The properties that name a resource of this type."""
    table = _table()
    if kind in table["never"]["types"] or not kind.startswith("AWS::"):
        return []
    last = kind.rpartition("::")[2]
    return list(dict.fromkeys([*table["also"].get(kind, []), f"{last}Name", "Name"]))


def _is_no_value(value: Any) -> bool:
    if value == {"Ref": "AWS::NoValue"}:
        return True
    branches = value.get("Fn::If") if isinstance(value, dict) else None
    return isinstance(branches, list) and all(one == {"Ref": "AWS::NoValue"} for one in branches[1:])


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
