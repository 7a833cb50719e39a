"""Intrinsic functions: a template's terms turned into values, strictly."""

from __future__ import annotations

import base64
import ipaddress
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

NO_VALUE = object()
ZONES = 3
_SUB = re.compile(r"\$\{(!?)([^}]*)\}")
_DYNAMIC = re.compile(r"\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}")


class TemplateError(Exception):
    """Raised when a term of the template cannot be given a value."""


class Scope:
    """What the terms of one stack can see.

    `ref` and `attribute` answer for resources, `values` for parameters and pseudo parameters, `exports` for other
    stacks, `dynamic(kind, name)` for {{resolve:...}}. `imported` are the exports that were asked for.
    """

    def __init__(
        self,
        template: Mapping[str, Any],
        values: Mapping[str, Any],
        region: str,
        *,
        ref: Callable[[str], str],
        attribute: Callable[[str, str], Any],
        exports: Mapping[str, Any],
        dynamic: Callable[[str, str], str],
    ) -> None:
        self.template = template
        self.values = values
        self.region = region
        self.ref = ref
        self.attribute = attribute
        self.exports = exports
        self.dynamic = dynamic
        self.imported: set[str] = set()
        self._conditions: dict[str, bool] = {}

    def value(self, term: Any) -> Any:
        """`term` with every function in it evaluated; parts that are AWS::NoValue are left out."""
        if isinstance(term, dict):
            if len(term) == 1:
                ((word, rest),) = term.items()
                if word == "Ref":
                    return self._ref(rest)
                function = _FUNCTIONS.get(word)
                if function is not None:
                    return function(self, rest)
            pairs = ((key, self.value(part)) for key, part in term.items())
            return {key: part for key, part in pairs if part is not NO_VALUE}
        if isinstance(term, list):
            return [part for part in map(self.value, term) if part is not NO_VALUE]
        if isinstance(term, str) and "{{resolve:" in term:
            return _DYNAMIC.sub(lambda found: self.dynamic(found[1], found[2]), term)
        return term

    def condition(self, name: str) -> bool:
        """Whether the named condition holds."""
        if name not in self._conditions:
            asked = self.template.get("Conditions") or {}
            if name not in asked:
                raise TemplateError(f"Template error: unresolved condition dependency {name}")
            self._conditions[name] = self.truth(asked[name])
        return self._conditions[name]

    def truth(self, term: Any) -> bool:
        """A condition term's value."""
        if isinstance(term, bool):
            return term
        if isinstance(term, dict) and len(term) == 1:
            ((word, rest),) = term.items()
            if word == "Condition":
                return self.condition(rest)
            if word == "Fn::Not":
                return not self.truth(rest[0])
            if word == "Fn::And":
                return all(self.truth(part) for part in rest)
            if word == "Fn::Or":
                return any(self.truth(part) for part in rest)
            if word == "Fn::Equals":
                left, right = (self.value(side) for side in rest)
                return text(left) == text(right)
        return text(self.value(term)).lower() == "true"

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        return self.values[name] if name in self.values else self.ref(name)

    def _sub(self, rest: Any) -> str:
        pattern, own = (rest[0], rest[1]) if isinstance(rest, list) else (rest, {})
        own = {name: self.value(part) for name, part in own.items()}

        def put(found: re.Match[str]) -> str:
            if found[1]:
                return "${" + found[2] + "}"
            name = found[2].strip()
            if name in own:
                return text(own[name])
            if "." in name:
                return text(self.attribute(*name.split(".", 1)))
            return text(self._ref(name))

        return str(self.value(_SUB.sub(put, pattern)))

    def _get_att(self, rest: Any) -> Any:
        name, attribute = rest.split(".", 1) if isinstance(rest, str) else (rest[0], self.value(rest[1]))
        return self.attribute(name, attribute)

    def _find_in_map(self, rest: Any) -> Any:
        level: Any = self.template.get("Mappings") or {}
        keys = [text(self.value(key)) for key in rest[:3]]
        for key in keys:
            if not isinstance(level, dict) or key not in level:
                if len(rest) > 3 and "DefaultValue" in rest[3]:
                    return self.value(rest[3]["DefaultValue"])
                raise TemplateError(f"Template error: Unable to get mapping for {'::'.join(keys)}")
            level = level[key]
        return self.value(level)

    def _if(self, rest: Any) -> Any:
        return self.value(rest[1] if self.condition(rest[0]) else rest[2])

    def _select(self, rest: Any) -> Any:
        index, items = int(self.value(rest[0])), self.value(rest[1])
        if not isinstance(items, list) or not 0 <= index < len(items):
            raise TemplateError(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
        return items[index]

    def _cidr(self, rest: Any) -> list[str]:
        block, count = str(self.value(rest[0])), int(self.value(rest[1]))
        bits = int(self.value(rest[2])) if len(rest) > 2 else 8
        network = ipaddress.ip_network(block, strict=False)
        parts = network.subnets(new_prefix=network.max_prefixlen - bits)
        found = [str(part) for part, _ in zip(parts, range(count), strict=False)]
        if len(found) < count:
            raise TemplateError(f"Template error: Fn::Cidr: {block} has no {count} blocks of {bits} bits")
        return found

    def _import(self, rest: Any) -> Any:
        name = text(self.value(rest))
        if name not in self.exports:
            raise TemplateError(f"No export named {name} found")
        self.imported.add(name)
        return self.exports[name]


def text(value: Any) -> str:
    """`value` as CloudFormation writes it into strings."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(text, value))
    return str(value)


def references(term: Any) -> Iterator[str]:
    """The names that `term` refers to by Ref, Fn::GetAtt or Fn::Sub."""
    if isinstance(term, list):
        for part in term:
            yield from references(part)
    if not isinstance(term, dict):
        return
    for word, rest in term.items():
        if word == "Ref" and isinstance(rest, str):
            yield rest
        elif word == "Fn::GetAtt":
            yield rest.split(".", 1)[0] if isinstance(rest, str) else str(rest[0])
        elif word == "Fn::Sub":
            pattern, own = (rest[0], rest[1]) if isinstance(rest, list) else (rest, {})
            names = (found[2].strip().split(".", 1)[0] for found in _SUB.finditer(str(pattern)) if not found[1])
            yield from (name for name in names if name not in own)
            yield from references(own)
        else:
            yield from references(rest)


def zones(region: str) -> list[str]:
    """The first zones of a region; not every region has a b."""
    from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

    return [zone.name for zone in RegionsAndZonesBackend.zones.get(region, [])][:ZONES]


_FUNCTIONS: dict[str, Callable[[Scope, Any], Any]] = {
    "Fn::Sub": Scope._sub,
    "Fn::GetAtt": Scope._get_att,
    "Fn::FindInMap": Scope._find_in_map,
    "Fn::If": Scope._if,
    "Fn::Select": Scope._select,
    "Fn::Cidr": Scope._cidr,
    "Fn::ImportValue": Scope._import,
    "Fn::Join": lambda scope, rest: text(scope.value(rest[0])).join(map(text, scope.value(rest[1]))),
    "Fn::Split": lambda scope, rest: text(scope.value(rest[1])).split(rest[0]),
    "Fn::GetAZs": lambda scope, rest: zones(scope.value(rest) or scope.region),
    "Fn::Base64": lambda scope, rest: base64.b64encode(text(scope.value(rest)).encode()).decode(),
    "Fn::ToJsonString": lambda scope, rest: json.dumps(scope.value(rest)),
    "Fn::Length": lambda scope, rest: len(scope.value(rest)),
    "Fn::Equals": lambda scope, rest: scope.truth({"Fn::Equals": rest}),
    "Fn::And": lambda scope, rest: scope.truth({"Fn::And": rest}),
    "Fn::Or": lambda scope, rest: scope.truth({"Fn::Or": rest}),
    "Fn::Not": lambda scope, rest: scope.truth({"Fn::Not": rest}),
}
