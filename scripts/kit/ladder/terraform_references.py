"""What in a Terraform configuration leads nowhere, or in a circle; found before anything is applied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

_TERM = re.compile(r"\$\{[^}]*\}")
_ADDRESS = re.compile(r"(?<![\w.-])(aws_\w+|archive_\w+|random_\w+|time_\w+|tls_\w+)\.([A-Za-z_][\w-]*)")


def unresolved(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A finding for each reference to a resource that is not there, and for a circle of references."""
    bodies = {f"{kind}.{name}": body for kind, named in value["resource"].items() for name, body in named.items()}
    graph = {address: sorted(set(_references(body))) for address, body in bodies.items()}
    places = graph | {f"output.{name}": list(_references(body)) for name, body in (value.get("output") or {}).items()}
    found = [
        _finding("reference", place, f"refers to {address}, which is not there")
        for place, addresses in places.items()
        for address in addresses
        if address not in bodies
    ]
    circle = _circle(graph)
    if circle:
        found.append(_finding("cycle", circle[0], f"resources wait for each other: {' -> '.join(circle)}"))
    return found


def _finding(rule: str, place: str, message: str) -> dict[str, Any]:
    return {"rule": f"synth/{rule}", "severity": "error", "resource": place, "message": message}


def _references(value: Any, depends: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _references(part, key == "depends_on")
    elif isinstance(value, list):
        for part in value:
            yield from _references(part, depends)
    elif isinstance(value, str):
        for text in [value] if depends else _TERM.findall(value.replace("$${", "")):
            yield from (f"{kind}.{name}" for kind, name in _ADDRESS.findall(text))


def _circle(graph: Mapping[str, list[str]]) -> list[str]:
    """A circle, its first member at both ends; empty when there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [str(one) for one in reversed(error.args[1])]
    return []
