"""What is checked before anything is created: parameters, references, the order of creation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kit.ladder.clouds.moto_server.resolve import TemplateError, references, text


def parameters(template: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """Every parameter's value, defaults filled in, lists split.

    Raises `TemplateError` for one that lacks a value, is not in the template, or breaks its own rules.
    """
    slots = template.get("Parameters") or {}
    unknown = [name for name in given if name not in slots]
    if unknown:
        raise TemplateError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    missing = [name for name, slot in slots.items() if name not in given and "Default" not in slot]
    if missing:
        raise TemplateError(f"Parameters: [{', '.join(missing)}] must have values")
    found: dict[str, Any] = {}
    for name, slot in slots.items():
        value = text(given.get(name, slot.get("Default")))
        kind = str(slot.get("Type", "String"))
        is_list = kind == "CommaDelimitedList" or kind.startswith("List<")
        parts = [part.strip() for part in value.split(",")] if is_list and value else []
        for part in parts if is_list else [value]:
            _check(name, slot, kind, part)
        found[name] = parts if is_list else value
    return found


def _check(name: str, slot: Mapping[str, Any], kind: str, value: str) -> None:
    allowed = slot.get("AllowedValues")
    if allowed is not None and value not in [text(item) for item in allowed]:
        raise TemplateError(f"Parameter '{name}' must be one of AllowedValues")
    pattern = slot.get("AllowedPattern")
    if pattern is not None and not re.fullmatch(str(pattern), value):
        told = slot.get("ConstraintDescription") or f"must match pattern {pattern}"
        raise TemplateError(f"Parameter '{name}' {told}")
    if "Number" in kind:
        try:
            number = float(value)
        except ValueError as error:
            raise TemplateError(f"Parameter '{name}' must be a number") from error
        if number < float(slot.get("MinValue", number)) or number > float(slot.get("MaxValue", number)):
            raise TemplateError(f"Parameter '{name}' is outside of MinValue and MaxValue")
    elif len(value) < int(slot.get("MinLength", 0)) or len(value) > int(slot.get("MaxLength", len(value))):
        raise TemplateError(f"Parameter '{name}' has {len(value)} characters, outside of MinLength and MaxLength")


def order(resources: Mapping[str, Mapping[str, Any]], known: Mapping[str, Any]) -> list[str]:
    """The resources so that each comes after those it refers to or depends on.

    `known` are the names of parameters and the like. Raises `TemplateError` for a reference to nothing and
    for a circle.
    """
    needs: dict[str, set[str]] = {}
    lost: set[str] = set()
    for name, resource in resources.items():
        after = resource.get("DependsOn") or []
        names = {after} if isinstance(after, str) else set(after)
        names |= set(references(resource.get("Properties"))) | set(references(resource.get("Metadata")))
        names = {other for other in names if not other.startswith("AWS::") and other not in known}
        lost |= names - set(resources)
        needs[name] = names & set(resources)
    if lost:
        where = "in the Resources block of the template"
        raise TemplateError(
            f"Template format error: Unresolved resource dependencies [{', '.join(sorted(lost))}] {where}"
        )
    done: list[str] = []
    left = dict(needs)
    while left:
        ready = [name for name, wanted in left.items() if wanted <= set(done)]
        if not ready:
            circle = ", ".join(sorted(_circle(left)))
            raise TemplateError(f"Circular dependency between resources: [{circle}]")
        for name in ready:
            done.append(name)
            del left[name]
    return done


def _circle(left: Mapping[str, set[str]]) -> set[str]:
    """Those of `left` that stand on a circle, without what merely leads to one."""
    names = set(left)
    while True:
        needed = {other for name in names for other in left[name] if other in names}
        if needed == names:
            return names
        names = needed
