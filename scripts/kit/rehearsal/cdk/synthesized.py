"""The template that the CDK makes of a program: what its tests compare with."""

from __future__ import annotations

import re
from typing import Any

from kit.rehearsal.blueprints import listed
from kit.rehearsal.cdk.program import PROJECT, SUFFIX, Program, extras
from kit.rehearsal.stack import Stack

_DROP = object()
_STORED_ID = "C96584B6F00A464EAD1953AFF4B05118Parameter"


def synthesized(stack: Stack, suffix: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
    """Resources and outputs as synthesized with the environment's `suffix` and other parameters as `given`, else by default.

    Tags are left out: the CDK puts those of the stack on all that can have them.
    """
    return _Synthesis(stack, {SUFFIX: suffix, **(given or {})}).template()


class _Synthesis:
    def __init__(self, stack: Stack, given: dict[str, Any]) -> None:
        self.stack, self.program = stack, Program(stack, "ts", split=False)
        parameters = [*self.program.parameters(), PROJECT]
        known = stack.template["Parameters"]
        self.given = {name: given.get(name, self.program.default(name)) for name in parameters if name in known}

    def template(self) -> dict[str, Any]:
        resources: dict[str, Any] = {}
        for name, one in self.stack.resources.items():
            if "Condition" in one and not self.holds({"Condition": one["Condition"]}):
                continue
            made: dict[str, Any] = {"Type": one["Type"]}
            properties = {key: self.value(inner) for key, inner in self.program.properties(name).items()}
            properties = {
                key: inner
                for key, inner in properties.items()
                if inner not in (_DROP, {}, []) and not key.endswith("Tags")
            }
            if properties:
                made["Properties"] = properties
            if one.get("DependsOn"):
                made["DependsOn"] = sorted(listed(one["DependsOn"]))
            policy = extras(one).get("DeletionPolicy")
            more = {"UpdateReplacePolicy": policy} if policy else {}
            resources[name] = {**made, **extras(one), **more}
        outputs: dict[str, Any] = {}
        for name, one in self.stack.template["Outputs"].items():
            if "Condition" not in one or self.holds({"Condition": one["Condition"]}):
                outputs[name] = {
                    key: self.value(inner) for key, inner in one.items() if key in ("Description", "Value")
                }
        return {"Resources": resources, "Outputs": outputs}

    def holds(self, expression: Any) -> bool:
        [(name, inner)] = expression.items()
        if name == "Condition":
            return self.holds(self.stack.template["Conditions"][inner])
        if name == "Fn::Equals":
            return bool(self.value(inner[0]) == self.value(inner[1]))
        if name == "Fn::Not":
            return not self.holds(inner[0])
        return (all if name == "Fn::And" else any)(self.holds(one) for one in inner)

    def value(self, given: Any) -> Any:
        if isinstance(given, list):
            return [made for made in (self.value(one) for one in given) if made is not _DROP]
        if not isinstance(given, dict):
            return given
        if len(given) == 1:
            [(name, inner)] = given.items()
            if name == "Ref":
                return self._reference(inner)
            if name.startswith("Fn::"):
                return self._function(name, inner)
        made = {key: self.value(one) for key, one in given.items()}
        return {key: one for key, one in made.items() if one is not _DROP}

    def _reference(self, name: str) -> Any:
        if name in self.given:
            return self.given[name]
        if self.program.stored(name):
            return {"Ref": f"SsmParameterValue{re.sub(r'[^A-Za-z0-9]', '', self.program.default(name))}{_STORED_ID}"}
        return _DROP if name == "AWS::NoValue" else {"Ref": name}

    def _function(self, name: str, inner: Any) -> Any:
        if name == "Fn::Sub":
            text, more = (inner, {}) if isinstance(inner, str) else inner
            return joined(
                [self._piece(number, one, more) for number, one in enumerate(re.split(r"\$\{([^}]+)\}", text))]
            )
        if name == "Fn::Join" and isinstance(inner[1], list):
            parts = [part for one in inner[1] for part in (inner[0], self.value(one))]
            return joined(parts[1:])
        if name == "Fn::If":
            return self.value(inner[1 if self.holds({"Condition": inner[0]}) else 2])
        return {name: self.value(inner)}

    def _piece(self, number: int, piece: str, more: dict[str, Any]) -> Any:
        if number % 2 == 0:
            return piece
        if piece.startswith("!"):
            return "${" + piece[1:] + "}"
        if piece in more:
            return self.value(more[piece])
        return {"Fn::GetAtt": piece.split(".", 1)} if "." in piece else self._reference(piece)


def joined(parts: list[Any]) -> Any:
    """Texts and references joined as the CDK does: neighbouring texts are one, and a text alone needs no Fn::Join."""
    flat: list[Any] = []
    for part in parts:
        inner = part.get("Fn::Join", [None])[0] == "" if isinstance(part, dict) else False
        for one in part["Fn::Join"][1] if inner else [part]:
            text = one if isinstance(one, dict) else str(one)
            if isinstance(text, str) and flat and isinstance(flat[-1], str):
                flat[-1] += text
            elif text != "":
                flat.append(text)
    if not flat:
        return ""
    return flat[0] if len(flat) == 1 else {"Fn::Join": ["", flat]}
