"""CloudFormation templates as Python values: reading, conditions, and what would not let itself be destroyed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kit.errors import Failure

# Properties that refuse the deletion of what they stand on.
PROTECTION = {
    "AWS::RDS::DBInstance": "DeletionProtection",
    "AWS::RDS::DBCluster": "DeletionProtection",
    "AWS::RDS::GlobalCluster": "DeletionProtection",
    "AWS::DynamoDB::Table": "DeletionProtectionEnabled",
    "AWS::DynamoDB::GlobalTable": "DeletionProtectionEnabled",
    "AWS::Cognito::UserPool": "DeletionProtection",
    "AWS::DocDB::DBCluster": "DeletionProtection",
    "AWS::Neptune::DBCluster": "DeletionProtection",
    "AWS::EC2::Instance": "DisableApiTermination",
    "AWS::QLDB::Ledger": "DeletionProtection",
    "AWS::NetworkFirewall::Firewall": "DeleteProtection",
    "AWS::EKS::Cluster": "DeletionProtection",
}


def load(path: Path) -> dict[str, Any]:
    """The template in JSON's long form (`{"Fn::GetAtt": ["A", "Arn"]}`).

    Raises `Failure` naming file, line and what is wrong: no file, no YAML or JSON, a key twice, no Resources.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise Failure(f"{path}: no such template", hint="run the synth stage first") from error
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{path}: cannot be read: {error}") from error
    return parse(text, str(path))


def parse(text: str, where: str) -> dict[str, Any]:
    """Like `load`, for the text itself; `where` stands in the errors."""
    value = _json(text, where) if text.lstrip().startswith("{") else _yaml(text, where)
    if not isinstance(value, dict):
        raise Failure(f"{where}: a template is a mapping, this is {type(value).__name__}")
    resources = value.get("Resources")
    if not isinstance(resources, dict) or not resources:
        raise Failure(f"{where}: the template has no Resources", hint="add at least one below Resources:")
    for name, resource in resources.items():
        if not isinstance(resource, dict) or not isinstance(resource.get("Type"), str):
            raise Failure(f"{where}: resource {name} has no Type")
    return value


def conditions(template: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, bool]:
    """Each condition's value under the parameter `values` (defaults are filled in).

    A condition that cannot be told without a cloud counts as true.
    """
    known = {
        name: slot.get("Default") for name, slot in (template.get("Parameters") or {}).items() if isinstance(slot, dict)
    } | dict(values)
    asked = template.get("Conditions") or {}
    found: dict[str, bool] = {}

    def value(term: Any) -> Any:
        if not isinstance(term, dict) or len(term) != 1:
            return term
        ((word, rest),) = term.items()
        if word == "Ref":
            return known.get(rest, term)
        if word == "Fn::FindInMap":
            level: Any = template.get("Mappings") or {}
            for key in rest:
                level = level.get(str(value(key))) if isinstance(level, dict) else None
            return term if level is None else level
        return truth(term) if word in _LOGIC else term

    def truth(term: Any) -> bool:
        if isinstance(term, bool):
            return term
        if not isinstance(term, dict) or len(term) != 1:
            return str(term).lower() == "true"
        ((word, rest),) = term.items()
        if word == "Condition":
            return condition(rest)
        if word == "Fn::Equals":
            left, right = (value(side) for side in rest)
            if isinstance(left, dict) or isinstance(right, dict):
                return left == right
            return _text(left) == _text(right)
        if word == "Fn::Not":
            return not truth(rest[0])
        if word == "Fn::And":
            return all(truth(part) for part in rest)
        if word == "Fn::Or":
            return any(truth(part) for part in rest)
        return True

    def condition(name: str) -> bool:
        if name not in found:
            found[name] = True
            found[name] = truth(asked[name]) if name in asked else True
        return found[name]

    return {name: condition(name) for name in asked}


def asked_resources(template: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, str]:
    """Logical id -> type of every resource whose condition holds."""
    holds = conditions(template, values)
    return {
        name: resource["Type"]
        for name, resource in template["Resources"].items()
        if holds.get(resource.get("Condition", ""), True)
    }


def undestroyable(template: Mapping[str, Any], values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """A finding for each resource that would outlive the stack.

    Rules: destroyable/deletion-policy (Retain, Snapshot, RetainExceptOnCreate), destroyable/update-policy
    (UpdateReplacePolicy Retain), destroyable/protection (a deletion protection that is not plainly off),
    destroyable/object-lock.
    """
    known = {name: (slot or {}).get("Default") for name, slot in (template.get("Parameters") or {}).items()}
    known |= dict(values or {})
    found = []
    for name, resource in template["Resources"].items():
        for finding in _resource_findings(resource, known):
            found.append(finding | {"severity": "error", "resource": name})
    return found


def walk(value: Any) -> Iterator[Any]:
    """Every mapping below `value`, itself included."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from walk(part)
    elif isinstance(value, list):
        for part in value:
            yield from walk(part)


_LOGIC = ("Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition")


def _resource_findings(resource: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    kind = resource["Type"]
    policy = resource.get("DeletionPolicy", "")
    if policy not in ("", "Delete"):
        yield {"rule": "destroyable/deletion-policy", "message": f"{kind}: DeletionPolicy {policy} outlives the stack"}
    policy = resource.get("UpdateReplacePolicy", "")
    if policy not in ("", "Delete"):
        message = f"{kind}: UpdateReplacePolicy {policy} outlives the stack"
        yield {"rule": "destroyable/update-policy", "message": message}
    properties = resource.get("Properties") or {}
    name = PROTECTION.get(kind, "")
    if name and _is_on(properties.get(name), known):
        yield {"rule": "destroyable/protection", "message": f"{kind}: {name} keeps the stack from being deleted"}
    for attribute in properties.get("LoadBalancerAttributes") or []:
        named = isinstance(attribute, dict) and attribute.get("Key") == "deletion_protection.enabled"
        if named and _is_on(attribute.get("Value"), known):
            message = f"{kind}: deletion_protection.enabled keeps the stack from being deleted"
            yield {"rule": "destroyable/protection", "message": message}
    if kind == "AWS::DynamoDB::GlobalTable":
        for replica in properties.get("Replicas") or []:
            if isinstance(replica, dict) and _is_on(replica.get("DeletionProtectionEnabled"), known):
                message = f"{kind}: DeletionProtectionEnabled of a replica keeps the stack from being deleted"
                yield {"rule": "destroyable/protection", "message": message}
    if kind == "AWS::S3::Bucket" and _is_on(properties.get("ObjectLockEnabled"), known):
        yield {"rule": "destroyable/object-lock", "message": f"{kind}: ObjectLockEnabled keeps objects undeletable"}


def _is_on(value: Any, known: Mapping[str, Any]) -> bool:
    """True unless plainly off: what only the cloud could tell counts as on."""
    if isinstance(value, dict) and set(value) == {"Ref"} and value["Ref"] in known:
        value = known[value["Ref"]]
    if isinstance(value, dict) and "Fn::If" in value:
        return any(_is_on(part, known) for part in value["Fn::If"][1:])
    if isinstance(value, dict) and value == {"Ref": "AWS::NoValue"}:
        return False
    return value is not None and _text(value).lower() not in ("false", "inactive", "")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _json(text: str, where: str) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in pairs:
            if key in made:
                raise Failure(f"{where}: key {key!r} stands twice in one mapping")
            made[key] = value
        return made

    try:
        return json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise Failure(f"{where}:{error.lineno}: not valid JSON: {error.msg}") from error


def _yaml(text: str, where: str) -> Any:
    import yaml

    # libyaml's loader, where PyYAML was built with it, is ten times as fast.
    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        pass

    def mapping(loader: Any, node: Any) -> dict[str, Any]:
        made: dict[str, Any] = {}
        loader.flatten_mapping(node)
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            if key in made:
                raise Failure(f"{where}:{key_node.start_mark.line + 1}: key {key!r} stands twice in one mapping")
            made[key] = loader.construct_object(value_node, deep=True)
        return made

    def tag(loader: Any, suffix: str, node: Any) -> Any:
        if isinstance(node, yaml.ScalarNode):
            value: Any = loader.construct_scalar(node)
        elif isinstance(node, yaml.SequenceNode):
            value = loader.construct_sequence(node, deep=True)
        else:
            value = mapping(loader, node)
        if suffix == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}

    Loader.yaml_implicit_resolvers = {
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    Loader.add_constructor("tag:yaml.org,2002:map", mapping)
    Loader.add_multi_constructor("!", tag)
    try:
        return yaml.load(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise Failure(f"{where}:{line}: not valid YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise Failure(f"{where}: not valid YAML: {error}") from error
