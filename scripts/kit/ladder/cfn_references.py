"""References of a CloudFormation template: each names something that is there, and none goes round in a circle."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Problem = tuple[str, str, str]

_SUBSTITUTE = re.compile(r"\$\{([^!}][^}]*)\}")
_SECTIONS = ("Resources", "Outputs", "Conditions")


def unresolved(template: Mapping[str, Any]) -> list[Problem]:
    """Every reference that does not resolve, as (rule, place, message).

    Rules: reference (Ref, Fn::Sub, DependsOn to nothing), attribute (Fn::GetAtt of no resource), condition,
    mapping (Fn::FindInMap of no map), cycle (resources that wait for each other). Whether a type has the
    attribute that is asked for is the linter's to say. Templates with a transform are not told off for
    names that only the transform would make.
    """
    resources = set(template.get("Resources") or {})
    names = resources | set(template.get("Parameters") or {})
    found: list[Problem] = []
    waits: dict[str, set[str]] = {name: set() for name in resources}
    for section in _SECTIONS:
        for item, body in (template.get(section) or {}).items():
            place = item if section == "Resources" else f"{section}.{item}"
            for problem, target in _check(body, place, template, resources, names):
                if problem:
                    found.append(problem)
                if target and section == "Resources" and target in resources:
                    waits[item].add(target)
    if template.get("Transform"):
        found = [problem for problem in found if problem[0] not in ("reference", "attribute")]
    circle = _circle(waits)
    if circle:
        found.append(("cycle", circle[0], f"resources wait for each other: {' -> '.join(circle)}"))
    return found


def _check(
    body: Any, place: str, template: Mapping[str, Any], resources: set[str], names: set[str]
) -> Iterator[tuple[Problem | None, str]]:
    conditions = template.get("Conditions") or {}
    if isinstance(body, dict):
        depends = body.get("DependsOn", [])
        for target in [depends] if isinstance(depends, str) else depends if isinstance(depends, list) else []:
            known = target in resources
            yield (
                (None if known else ("reference", place, f"DependsOn names {target!r}, which is no resource")),
                str(target),
            )
        named = body.get("Condition")
        if isinstance(named, str) and named not in conditions:
            yield ("condition", place, f"Condition {named!r} is not defined"), ""
    for word, value in _calls(body):
        if word == "Ref":
            known = isinstance(value, str) and (value in names or value.startswith("AWS::"))
            yield (
                (None if known else ("reference", place, f"Ref {value!r} is neither parameter nor resource")),
                str(value),
            )
        elif word == "Fn::GetAtt":
            target = value[0] if isinstance(value, list) and value else str(value).partition(".")[0]
            known = target in resources
            yield (
                (None if known else ("attribute", place, f"Fn::GetAtt of {target!r}, which is no resource")),
                str(target),
            )
        elif word == "Fn::Sub":
            yield from _substitutes(value, place, resources, names)
        elif word == "Fn::If" and isinstance(value, list) and value and value[0] not in conditions:
            yield ("condition", place, f"Fn::If asks for condition {value[0]!r}, which is not defined"), ""
        elif word == "Condition" and isinstance(value, str) and value not in conditions:
            yield ("condition", place, f"condition {value!r} is not defined"), ""
        elif word == "Fn::FindInMap" and isinstance(value, list) and value and isinstance(value[0], str):
            known = value[0] in (template.get("Mappings") or {})
            message = f"Fn::FindInMap asks for map {value[0]!r}, which is not defined"
            yield (None if known else ("mapping", place, message)), ""


def _substitutes(value: Any, place: str, resources: set[str], names: set[str]) -> Iterator[tuple[Problem | None, str]]:
    text, own = (value[0], value[1]) if isinstance(value, list) and len(value) == 2 else (value, {})
    for name in _SUBSTITUTE.findall(text if isinstance(text, str) else ""):
        head, dot, _ = name.strip().partition(".")
        if name in own or head.startswith("AWS::"):
            continue
        known = head in (resources if dot else names)
        what = "resource" if dot else "parameter nor resource"
        neither = "is no" if dot else "is neither"
        yield (None if known else ("reference", place, f"Fn::Sub uses {name!r}, which {neither} {what}")), head


def _calls(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        if len(value) == 1:
            yield next(iter(value.items()))
        for inner in value.values():
            yield from _calls(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _calls(inner)


def _circle(waits: Mapping[str, set[str]]) -> list[str]:
    done: set[str] = set()
    for start in waits:
        path: list[str] = []
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(sorted(waits[start])))] if start not in done else []
        path += [start] if stack else []
        while stack:
            name, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                stack.pop()
                path.pop()
                done.add(name)
            elif following in path:
                return [*path[path.index(following) :], following]
            elif following not in done:
                stack.append((following, iter(sorted(waits[following]))))
                path.append(following)
    return []
