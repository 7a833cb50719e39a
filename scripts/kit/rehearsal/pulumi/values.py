"""The values of a graph as source of a Pulumi program: what is known at once, and what is only known after the deployment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kit.rehearsal.blueprints import kebab, shared
from kit.rehearsal.pulumi.names import Word, attribute, camel
from kit.rehearsal.source import Call, Code, Text, ts, whole
from kit.rehearsal.terraform.graph import (
    Base64,
    Graph,
    Handler,
    Joined,
    Json,
    Known,
    Node,
    Reference,
    Variable,
    within,
)

# What the provider is asked, by the variable that holds the answer, and the attribute of it.
ANSWERS = {
    "account_id": ("account", "account_id"),
    "region": ("region", "name"),
    "partition": ("partition", "partition"),
    "url_suffix": ("partition", "dns_suffix"),
}
LOOKUPS = {
    "account": "get_caller_identity",
    "region": "get_region",
    "partition": "get_partition",
    "zones": "get_availability_zones",
}


@dataclass
class Scope:
    """One file of a program: how it names the nodes of the graph, and what it turns out to need."""

    graph: Graph
    language: str
    said: dict[str, str] = field(default_factory=dict)
    needs: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.nodes = {one.id: one for one in self.graph.nodes}

    def value(self, value: Any) -> Any:
        """`value` as `source` writes it; notes in `needs` the imports, answers and constants that it takes."""
        if isinstance(value, Reference | Known | Variable):
            return self._code(value)
        if isinstance(value, Joined):
            return self._joined(value)
        if isinstance(value, Json):
            return self._json(value)
        if isinstance(value, Base64):
            self.needs.add("encoded")
            return Call("encoded", [self.value(value.value)])
        if isinstance(value, Handler):
            return self._archive(value)
        if isinstance(value, dict):
            return {self._key(key): self.value(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.value(one) for one in value]
        return value

    def later(self, value: Any) -> bool:
        """True when a value holds something that is only known after the deployment."""
        return any(
            (isinstance(one, Reference) and self._constant(one) is None)
            or (isinstance(one, Known) and self._asked(one))
            for one in within(value)
        )

    def document(self, value: Any) -> Any:
        """A document, whose keys stay as they are."""
        if isinstance(value, dict):
            return {key: self.document(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.document(one) for one in value]
        return self.value(value)

    def attribute(self, node: Node, name: str) -> str:
        """What an attribute of a node is called in the program."""
        if node.data:
            told = str(shared("pulumi")["lookups"][node.type].get("attributes", {}).get(name, name))
        else:
            told = attribute(node.type, name)
        return self._word(told)

    def _word(self, name: str) -> str:
        return camel(name) if self.language == "ts" else name

    def _key(self, key: str) -> str:
        return str(key) if isinstance(key, Word) else self._word(key)

    def _asked(self, one: Known) -> bool:
        return one.name in ANSWERS or one.name.startswith("zone.")

    def _constant(self, one: Reference) -> str | None:
        constants = shared("pulumi")["constant"].get(self.nodes[one.resource].type, {})
        return constants.get(one.attribute)

    def _code(self, one: Reference | Known | Variable) -> Any:
        if isinstance(one, Reference):
            constant = self._constant(one)
            if constant is not None:
                return constant
            return Code(f"{self.said[one.resource]}.{self.attribute(self.nodes[one.resource], one.attribute)}")
        if isinstance(one, Variable):
            name = constant_name(one.name)
            self.needs.add(name)
            return Code(name)
        if one.name == "suffix":
            self.needs.add("suffix")
            return Code("environmentSuffix" if self.language == "ts" else "suffix")
        if one.name == "project":
            self.needs.add("PROJECT")
            return Code("PROJECT")
        if one.name.startswith("zone."):
            self.needs |= {"zones", "aws"}
            return Code(f"zones.names[{one.name[5:]}]")
        variable, answer = ANSWERS[one.name]
        self.needs |= {variable, "aws"}
        return Code(f"{variable}.{self._word(answer)}")

    def _joined(self, value: Joined) -> Any:
        parts = [(one if isinstance(one, str) else self._code(one), self.later(one)) for one in value.parts]
        if not any(later for _, later in parts):
            return whole(Text([part for part, _ in parts]))
        self.needs.add("pulumi")
        if self.language == "ts":
            flat = whole(Text([part for part, _ in parts]))
            return Code(f"pulumi.interpolate{ts(flat) if isinstance(flat, Text) else '`${' + flat + '}`'}")
        pieces: list[Any] = []
        for part, later in parts:
            if later or not pieces or isinstance(pieces[-1], Code):
                pieces.append(part if later else Text([part]))
            else:
                pieces[-1].parts.append(part)
        return Call("pulumi.Output.concat", [whole(one) if isinstance(one, Text) else one for one in pieces])

    def _json(self, value: Json) -> Call:
        document = self.document(value.value)
        if self.later(value):
            self.needs.add("pulumi")
            return Call("pulumi.jsonStringify" if self.language == "ts" else "pulumi.Output.json_dumps", [document])
        self.needs.add("json")
        return Call("JSON.stringify" if self.language == "ts" else "json.dumps", [document])

    def _archive(self, value: Handler) -> Call:
        self.needs |= {"path", "pulumi"}
        if self.language == "ts":
            return Call("new pulumi.asset.FileArchive", [Code(f"path.join(__dirname, 'lambda', '{value.folder}')")])
        return Call("pulumi.FileArchive", [Code(f'str(HERE / "lambda" / "{value.folder}")')])


def constant_name(parameter: str) -> str:
    """`DomainName` as `DOMAIN_NAME`."""
    return kebab(parameter).replace("-", "_").upper()
