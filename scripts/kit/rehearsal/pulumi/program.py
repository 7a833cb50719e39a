"""How a program is laid out: in one file, or by subject in several that build on each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kit.rehearsal.blueprints import shared
from kit.rehearsal.pulumi.names import class_of
from kit.rehearsal.source import variable
from kit.rehearsal.terraform.graph import Graph, Node, Reference, within


@dataclass
class Part:
    """The resources of one file. `name` is empty where one file holds the stack; `open` are the ids that others use."""

    name: str
    nodes: list[Node]
    open: list[str] = field(default_factory=list)
    uses: list[str] = field(default_factory=list)

    @property
    def about(self) -> str:
        """What the part holds, in one sentence."""
        return str(shared("pulumi")["subjects"][self.name]["about"])


def used_by(node: Node) -> set[str]:
    """The ids of the nodes that a node refers to or waits for."""
    return {one.resource for one in within(node.arguments) if isinstance(one, Reference)} | set(node.depends_on)


def shown(graph: Graph) -> set[str]:
    """The ids of the nodes that outputs refer to."""
    return {one.resource for _, value in graph.outputs.values() for one in within(value) if isinstance(one, Reference)}


def waits_for(node: Node) -> list[str]:
    """The ids that a node has to wait for although it does not refer to them."""
    return [one for one in node.depends_on if one not in used_by(Node(node.id, node.type, node.arguments))]


def parts(graph: Graph) -> list[Part]:
    """The nodes by subject, so that each part uses earlier ones alone."""
    subjects = list(shared("pulumi")["subjects"])
    places = _places(graph, subjects)
    made = [
        Part(name, [one for one in graph.nodes if places[one.id] == number]) for number, name in enumerate(subjects)
    ]
    for part in made:
        own = {one.id for one in part.nodes}
        wanted = set().union(*map(used_by, part.nodes)) - own
        part.uses = [other.name for other in made if wanted & {one.id for one in other.nodes}]
        elsewhere = shown(graph).union(*(used_by(one) for other in made if other is not part for one in other.nodes))
        part.open = [one.id for one in part.nodes if one.id in elsewhere]
        part.nodes = grouped(part.nodes)
    return [part for part in made if part.nodes]


def grouped(nodes: list[Node]) -> list[Node]:
    """The nodes with those of one service together where that is possible, each still after those it uses."""
    known = {one.id for one in nodes}
    uses = {one.id: used_by(one) & known for one in nodes}
    left, made, done = list(nodes), [], set[str]()
    service = ""
    while left:
        ready = [one for one in left if uses[one.id] <= done]
        chosen = next((one for one in ready if service_of(one) == service), ready[0])
        service = service_of(chosen)
        left.remove(chosen)
        made.append(chosen)
        done.add(chosen.id)
    return made


def service_of(node: Node) -> str:
    """What the comment above a node says: the title of its module; empty for what is only looked up."""
    if node.data:
        return ""
    module = class_of(node.type).partition(".")[0]
    return str(shared("pulumi")["titles"].get(module, module))


def variables(nodes: Iterable[Node], language: str) -> dict[str, str]:
    """The variable of each node, by id."""
    taken = {"args", "name", "opts", "aws", "pulumi", "path", "account", "region", "partition", "zones", "suffix"}
    taken |= {"json", "child", "outputs", "encoded", "environmentSuffix"} | set(shared("pulumi")["subjects"])
    made: dict[str, str] = {}
    for one in nodes:
        made[one.id] = variable(one.id, language, taken)
        taken.add(made[one.id])
    return made


def _places(graph: Graph, subjects: list[str]) -> dict[str, int]:
    """The number of each node's subject: where it belongs, but no earlier than what it uses."""
    byid = {one.id: one for one in graph.nodes}
    users: dict[str, list[str]] = {one: [] for one in byid}
    for node in graph.nodes:
        for used in used_by(node) & set(byid):
            users[used].append(node.id)
    wanted: dict[str, int | None] = {}
    for node in reversed(graph.nodes):
        told = [place for place in (wanted[one] for one in users[node.id]) if place is not None]
        belongs = _belongs(node, subjects)
        wanted[node.id] = belongs if belongs is not None else min(told, default=None)
    places: dict[str, int] = {}
    for node in graph.nodes:
        below = [places[one] for one in used_by(node) & set(byid)]
        own = wanted[node.id]
        places[node.id] = max([*below, 0 if own is None else own])
    return places


def _belongs(node: Node, subjects: list[str]) -> int | None:
    """The number of a node's subject; None for what stands where it is used."""
    name = class_of(node.type)
    module = name.partition(".")[0]
    if node.data or {name, module} & set(shared("pulumi")["follows"]):
        return None
    held = {subject: shared("pulumi")["subjects"][subject]["holds"] for subject in subjects}
    for known in (name, module):
        for number, subject in enumerate(subjects):
            if known in held[subject]:
                return number
    return subjects.index("compute")
