"""The order of a program: its sections, what stands in which, and what has to be known in other places than its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kit.rehearsal.blueprints import listed, shared
from kit.rehearsal.stack import Stack


@dataclass
class Section:
    """A part of the program: resources in an order in which nothing is used before it is made, and outputs."""

    name: str
    says: str
    members: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)


@dataclass
class Plan:
    """All sections in order; `section_of` each resource, `users` the sections that name it beyond its own statement."""

    sections: list[Section]
    section_of: dict[str, str]
    users: dict[str, set[str]]


def names_in(value: Any) -> Iterator[str]:
    """The names that a value refers to, by Ref, GetAtt or Sub: resources, parameters and pseudo parameters."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref" and isinstance(inner, str):
                yield inner
            elif key == "Fn::GetAtt":
                yield str(inner[0])
            elif key == "Fn::Sub":
                text, more = (inner, {}) if isinstance(inner, str) else inner
                yield from (name for name in re.findall(r"\$\{([\w:]+)[.}]", text) if name not in more)
                yield from names_in(more)
            elif key in ("Fn::If", "Condition") and isinstance(inner, list | str):
                yield inner[0] if isinstance(inner, list) else inner
                yield from names_in(inner[1:]) if isinstance(inner, list) else ()
            else:
                yield from names_in(inner)
    elif isinstance(value, list):
        for one in value:
            yield from names_in(one)


def plan(stack: Stack) -> Plan:
    """The plan of a stack."""
    needs = {name: _needs(stack, one) for name, one in stack.resources.items()}
    order = _sorted(needs)
    table = [one["name"] for one in shared("cdk")["sections"]]
    rank: dict[str, int] = {}
    for name in order:
        own = _own(stack, name, needs, table)
        rank[name] = max([own, *(rank[other] for other in needs[name])])
    sections = [Section(one["name"], one["says"]) for one in shared("cdk")["sections"]]
    for name in order:
        sections[rank[name]].members.append(name)
    for name, output in stack.template["Outputs"].items():
        asked = [rank[one] for one in names_in(output["Value"]) if one in rank]
        sections[max(asked, default=0)].outputs.append(name)
    section_of = {name: table[number] for name, number in rank.items()}
    users: dict[str, set[str]] = {}
    for name, others in needs.items():
        for other in others:
            users.setdefault(other, set()).add(section_of[name])
    for section in sections:
        for output in section.outputs:
            for other in names_in(stack.template["Outputs"][output]["Value"]):
                users.setdefault(other, set()).add(section.name)
    return Plan([one for one in sections if one.members or one.outputs], section_of, users)


def _needs(stack: Stack, resource: dict[str, Any]) -> list[str]:
    found = [*names_in(resource.get("Properties", {})), *listed(resource.get("DependsOn"))]
    return [name for name in dict.fromkeys(found) if name in stack.resources]


def _sorted(needs: dict[str, list[str]]) -> list[str]:
    """The names, each after what it needs, else as they come. Raises `ValueError` for a circle."""
    done: dict[str, bool] = {}

    def visit(name: str) -> None:
        if done.get(name) is False:
            raise ValueError(f"{name}: needs what needs it")
        if name in done:
            return
        done[name] = False
        for other in needs[name]:
            visit(other)
        del done[name]
        done[name] = True

    for name in needs:
        visit(name)
    return list(done)


def _own(stack: Stack, name: str, needs: dict[str, list[str]], table: list[str]) -> int:
    """The number of the section in which a resource of its type stands."""
    known = shared("cdk")
    kind = stack.resources[name]["Type"]
    if kind in known["follow"]:
        user = next((other for other, asked in needs.items() if name in asked), "")
        if user and stack.resources[user]["Type"] not in known["follow"]:
            return _own(stack, user, needs, table)
    if kind in known["exceptions"]:
        return table.index(known["exceptions"][kind])
    service = kind.split("::")[1]
    found = (number for number, one in enumerate(known["sections"]) if service in one["services"])
    return next(found, len(table) - 1)
