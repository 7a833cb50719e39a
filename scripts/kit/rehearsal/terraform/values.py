"""CloudFormation's values as the graph's: references, pseudo parameters, text put together, conditions decided."""

from __future__ import annotations

import re
from typing import Any

from kit.rehearsal.stack import Stack
from kit.rehearsal.terraform.graph import Base64, Joined, Known, Reference, Variable

NOTHING = object()
_PSEUDO = {
    "AWS::AccountId": Known("account_id"),
    "AWS::Region": Known("region"),
    "AWS::Partition": Known("partition"),
    "AWS::URLSuffix": Known("url_suffix"),
    "AWS::StackName": Joined(("TapStack", Known("suffix"))),
}
_OWN = {"EnvironmentSuffix": Known("suffix"), "ProjectName": Known("project")}
_HOLE = re.compile(r"\$\{(!?)([^}]+)\}")
_RESOLVED = re.compile(r"\{\{resolve:secretsmanager:\$\{(\w+)\}:SecretString:(\w+)\}\}")


class Values:
    """Translates the values of one stack; `table` holds the translation of each resource type."""

    def __init__(self, stack: Stack, table: dict[str, Any]) -> None:
        self.stack = stack
        self.table = table

    def of(self, value: Any) -> Any:
        """The value with every intrinsic function replaced; NOTHING for AWS::NoValue."""
        name = function(value)
        if name:
            return self._call(name, value[name])
        if isinstance(value, dict):
            made = {key: self.of(inner) for key, inner in value.items()}
            return {key: inner for key, inner in made.items() if inner is not NOTHING}
        if isinstance(value, list):
            return [one for one in map(self.of, value) if one is not NOTHING]
        return value

    def decided(self, value: Any) -> Any:
        """The value with Fn::If at its top replaced by the branch that holds by default; NOTHING for AWS::NoValue."""
        while function(value) == "Fn::If":
            condition, then, otherwise = value["Fn::If"]
            value = then if self.holds(condition) else otherwise
        return NOTHING if value == {"Ref": "AWS::NoValue"} else value

    def holds(self, condition: Any) -> bool:
        """Whether a condition, named or written out, holds when parameters have their defaults."""
        if isinstance(condition, str):
            return self.holds(self.stack.template["Conditions"][condition])
        name = function(condition)
        inner = condition[name]
        if name == "Fn::Not":
            return not self.holds(inner[0])
        if name == "Fn::And":
            return all(map(self.holds, inner))
        if name == "Fn::Or":
            return any(map(self.holds, inner))
        if name == "Fn::Equals":
            return self._default(inner[0]) == self._default(inner[1])
        return self.holds(inner)

    def rule(self, resource: dict[str, Any]) -> dict[str, Any] | None:
        """How a resource is translated; None when its type is not in the table."""
        rule: dict[str, Any] | None = self.table.get(resource["Type"])
        others = (rule or {}).get("or", {})
        other = next((name for key, name in others.items() if key in resource.get("Properties", {})), "")
        return self.table[other] if other else rule

    def attribute(self, resource: str, name: str) -> Any:
        """What Fn::GetAtt gives; `Ref` as name for what Ref gives."""
        rule = self.rule(self.stack.resources[resource]) or {}
        told = rule.get("ref", "id") if name == "Ref" else rule.get("att", {}).get(name, snake(name.rpartition(".")[2]))
        return joined([Reference(resource, told[:-2]), ":*"]) if told.endswith(":*") else Reference(resource, told)

    def _call(self, name: str, inner: Any) -> Any:
        if name == "Ref":
            return self._ref(inner)
        if name == "Fn::GetAtt":
            resource, attribute = inner if isinstance(inner, list) else inner.split(".", 1)
            return self.attribute(resource, attribute)
        if name == "Fn::Sub":
            text, own = inner if isinstance(inner, list) else (inner, {})
            return self._sub(text, own)
        if name == "Fn::Join":
            parts = self.of(inner[1])
            spaced = [piece for part in parts for piece in (inner[0], part)][1:]
            return joined(spaced)
        if name == "Fn::Select":
            number, of = int(inner[0]), inner[1]
            return Known(f"zone.{number}") if function(of) == "Fn::GetAZs" else self.of(of)[number]
        if name == "Fn::If":
            decided = self.decided({name: inner})
            return NOTHING if decided is NOTHING else self.of(decided)
        if name == "Fn::FindInMap":
            first, second, third = (self._default(part) for part in inner)
            return self.stack.template["Mappings"][first][second][third]
        if name == "Fn::Base64":
            return Base64(self.of(inner))
        raise ValueError(f"{name} has no translation")

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NOTHING
        known = _PSEUDO.get(name) or _OWN.get(name)
        if known:
            return known
        if name in self.stack.resources:
            return self.attribute(name, "Ref")
        if "SSM::Parameter" in self.stack.template["Parameters"][name]["Type"]:
            return Reference(name, "value")
        return Variable(name)

    def _sub(self, text: str, own: dict[str, Any]) -> Any:
        secret = _RESOLVED.fullmatch(text)
        if secret:
            return self.secret(*secret.groups())
        parts: list[Any] = []
        end = 0
        for match in _HOLE.finditer(text):
            parts.append(text[end : match.start()])
            name = match[2]
            if match[1]:
                parts.append(f"${{{name}}}")
            elif name in own:
                parts.append(self.of(own[name]))
            elif "." in name:
                parts.append(self.attribute(*name.split(".", 1)))
            else:
                parts.append(self._ref(name))
            end = match.end()
        return joined([*parts, text[end:]])

    def secret(self, resource: str, key: str) -> Any:
        """One value of a generated secret: what its template says, or the password that was made for it."""
        given = self.stack.resources[resource]["Properties"].get("GenerateSecretString", {})
        if key == given.get("GenerateStringKey"):
            return Reference(f"{resource}Password", "random_password")
        match = re.search(rf'"{key}": *"([^"]*)"', given.get("SecretStringTemplate", ""))
        return match[1] if match else ""

    def _default(self, value: Any) -> Any:
        name = value.get("Ref", "") if isinstance(value, dict) else ""
        if name == "AWS::Region":
            return "us-east-1"
        return self.stack.template["Parameters"].get(name, {}).get("Default", "") if name else value


def function(value: Any) -> str:
    """The name of the intrinsic function that a value is; empty when it is none."""
    if isinstance(value, dict) and len(value) == 1:
        name = next(iter(value))
        if name in ("Ref", "Condition") or name.startswith("Fn::"):
            return str(name)
    return ""


def joined(parts: list[Any]) -> Any:
    """The parts as one value: neighbouring strings joined, a single part alone."""
    flat: list[Any] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Joined) else (part,):
            if piece == "":
                continue
            if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                flat[-1] += piece
            else:
                flat.append(piece)
    if not flat:
        return ""
    return flat[0] if len(flat) == 1 else Joined(tuple(flat))


def snake(name: str) -> str:
    """DBInstanceIdentifier -> db_instance_identifier."""
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()
