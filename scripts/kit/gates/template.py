"""CloudFormation templates as gates read them: written or synthesized, always in JSON long form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kit.ladder import cfn_template

Place = tuple[str | int, ...]


def parse(text: str, name: str) -> dict[str, Any]:
    """The template in `text`. Raises `Failure` naming the file and the line of what is wrong."""
    return cfn_template.parse(text, name)


def resources(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The resources of a template by logical id; every one has a Type."""
    found: dict[str, dict[str, Any]] = body["Resources"]
    return found


def properties(resource: dict[str, Any]) -> dict[str, Any]:
    """The properties of a resource; {} when it has none."""
    found = resource.get("Properties")
    return found if isinstance(found, dict) else {}


def walk(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value inside `value` with the keys that lead to it, itself first."""
    yield place, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*place, str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from walk(inner, (*place, number))


def show(place: Place) -> str:
    """A place as one reads it: `Properties/Tags/0/Value`."""
    return "/".join(str(part) for part in place)
