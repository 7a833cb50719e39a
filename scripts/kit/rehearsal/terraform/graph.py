"""The graph of a stack as Terraform's AWS provider sees it: nodes, what they refer to, outputs, notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reference:
    """An attribute of another node, by Terraform's name for it: `Reference("DataBucket", "arn")`."""

    resource: str
    attribute: str


@dataclass(frozen=True)
class Known:
    """What the program is told, or asks the provider.

    `suffix`, `project`, `account_id`, `region`, `partition`, `url_suffix`, `zone.0` and so on (the zones of the region).
    """

    name: str


@dataclass(frozen=True)
class Variable:
    """A parameter of the stack, by its CloudFormation name; its default is in `Graph.variables`."""

    name: str


@dataclass(frozen=True)
class Joined:
    """Text put together from strings and any of the above."""

    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Json:
    """A document that is handed over as JSON text; holds any of the above inside."""

    value: Any


class Map(dict[str, Any]):
    """A map of the user's, such as tags or variables: its keys stay as they are."""


@dataclass(frozen=True)
class Base64:
    """Text that is handed over encoded, such as the user data of a launch template."""

    value: Any


@dataclass(frozen=True)
class Handler:
    """The code of a function: the folder lib/lambda/<folder>, packed."""

    folder: str


@dataclass
class Node:
    """A resource, or a data source.

    `id` is the logical id of the CloudFormation resource, and a word more for parts that it has no resource for
    (DataBucketVersioning). `arguments` have the provider's names; a block that may stand once is a dict, one that may
    stand often a list of dicts. `depends_on` holds ids, `ignore_changes` arguments that only count when it is made.
    """

    id: str
    type: str
    arguments: dict[str, Any]
    depends_on: list[str] = field(default_factory=list)
    data: bool = False
    ignore_changes: list[str] = field(default_factory=list)


@dataclass
class Graph:
    """A stack: nothing in `nodes` is used before it is made.

    `outputs` are (description, value) by name, `variables` (description, default) by CloudFormation's name; `files` are
    the texts of handlers by path, such as lib/lambda/order-handler/index.py; `notes` say what could not be translated.
    """

    nodes: list[Node]
    outputs: dict[str, tuple[str, Any]] = field(default_factory=dict)
    variables: dict[str, tuple[str, str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def node(self, id: str) -> Node:
        """The node of this id. Raises `KeyError`."""
        for one in self.nodes:
            if one.id == id:
                return one
        raise KeyError(id)


def within(value: Any) -> Iterator[Any]:
    """Every Reference, Known, Variable and Handler inside a value, in the order in which they stand."""
    if isinstance(value, Reference | Known | Variable | Handler):
        yield value
    elif isinstance(value, Joined):
        for part in value.parts:
            yield from within(part)
    elif isinstance(value, Json | Base64):
        yield from within(value.value)
    elif isinstance(value, dict):
        for part in value.values():
            yield from within(part)
    elif isinstance(value, list):
        for part in value:
            yield from within(part)


def ordered(nodes: list[Node]) -> list[Node]:
    """The nodes so that each stands after those it uses, and otherwise as they stood.

    Raises `ValueError` naming one that uses itself, by way of others.
    """
    byid = {one.id: one for one in nodes}
    made: dict[str, Node] = {}
    begun: set[str] = set()

    def make(node: Node) -> None:
        if node.id in made:
            return
        if node.id in begun:
            raise ValueError(f"{node.id} uses itself, by way of others")
        begun.add(node.id)
        uses = [part.resource for part in within(node.arguments) if isinstance(part, Reference)]
        for use in [*uses, *node.depends_on]:
            if use in byid:
                make(byid[use])
        made[node.id] = node

    for one in nodes:
        make(one)
    return list(made.values())
