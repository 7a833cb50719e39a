"""CloudFormation templates as gates read them: written or synthesized, always in JSON long form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.errors import Failure
from kit.ladder import cfn_template

Place = tuple[str | int, ...]


def parse(text: str, name: str) -> dict[str, Any]:
    """The template in `text`. Raises `Failure` naming the file and the line of what is wrong."""
    return cfn_template.parse(text, name)


def of_project(root: Path, platform: str) -> dict[str, dict[str, Any]]:
    """The templates of a project by path: the written one of cfn, the synthesized ones of cdk.

    Raises `Failure` when there is none: what cannot be read cannot be judged.
    """
    if platform == "cfn":
        paths = [root / "lib" / f"TapStack{end}" for end in (".yml", ".yaml", ".json")]
    elif platform == "cdk":
        paths = sorted((root / "cdk.out").rglob("*.template.json"))
    else:
        raise Failure(f"{platform}: no template that gates can read", hint="run the synth stage")
    found = {}
    for path in paths:
        if path.is_file():
            found[path.relative_to(root).as_posix()] = cfn_template.load(path)
    if not found:
        wanted = "lib/TapStack.yml or lib/TapStack.json" if platform == "cfn" else "cdk.out/*.template.json"
        raise Failure(f"{root}: no template; wanted {wanted}")
    return found


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
