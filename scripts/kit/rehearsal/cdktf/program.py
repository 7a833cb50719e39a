"""One file of a CDK for Terraform program: its imports, its variables, and values of the graph as source."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

from kit.rehearsal.pulumi.program import Part, used_by
from kit.rehearsal.source import Call, Code, Text, snake, variable, whole
from kit.rehearsal.terraform.graph import (
    Base64,
    Graph,
    Handler,
    Joined,
    Json,
    Known,
    Map,
    Node,
    Reference,
    Variable,
    ordered,
    within,
)

# The bindings call a few things otherwise than the rule has it.
_CLASSES = {
    "S3BucketLogging": "S3BucketLoggingA",
    "S3BucketVersioning": "S3BucketVersioningA",
    "S3BucketServerSideEncryptionConfiguration": "S3BucketServerSideEncryptionConfigurationA",
    "S3BucketServerSideEncryptionConfigurationRule": "S3BucketServerSideEncryptionConfigurationRuleA",
    "S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefault": (
        "S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA"
    ),
}
_NUMBERS = {"latest_version", "port"}
_ASKED = {
    "account_id": (Node("Account", "aws_caller_identity", {}, data=True), "account_id"),
    "partition": (Node("Partition", "aws_partition", {}, data=True), "partition"),
    "url_suffix": (Node("Partition", "aws_partition", {}, data=True), "dns_suffix"),
    "zone": (Node("Zones", "aws_availability_zones", {"state": "available"}, data=True), "names"),
}


def asking(graph: Graph) -> Graph:
    """The graph with data sources for what the program has to ask the provider, such as the account."""
    asked: dict[str, Node] = {}

    def told(value: Any) -> Any:
        if isinstance(value, Known) and (kind := value.name.partition(".")[0]) in _ASKED:
            node, attribute = _ASKED[kind]
            asked[node.id] = replace(node, arguments=dict(node.arguments))
            return Reference(node.id, attribute + value.name.removeprefix(kind))
        if isinstance(value, Joined):
            return Joined(tuple(told(part) for part in value.parts))
        if isinstance(value, Json | Base64):
            return type(value)(told(value.value))
        if isinstance(value, dict):
            return type(value)({key: told(inner) for key, inner in value.items()})
        return [told(one) for one in value] if isinstance(value, list) else value

    nodes = [replace(node, arguments=told(node.arguments)) for node in graph.nodes]
    outputs = {name: (about, told(value)) for name, (about, value) in graph.outputs.items()}
    return replace(graph, nodes=ordered([*asked.values(), *nodes]), outputs=outputs)


def single(graph: Graph) -> Part:
    """The whole graph as one part."""
    wanted = set().union(*map(used_by, graph.nodes)) if graph.nodes else set()
    return Part("", graph.nodes, sorted(wanted))


class Program(ABC):
    """One file: the resources of `part`, written in the constructor of a class; `parts` are all files of the program."""

    language = ""
    me = ""

    def __init__(self, graph: Graph, part: Part, parts: list[Part], names: dict[str, str]) -> None:
        self.graph, self.part, self.names = graph, part, names
        self.homes = {one: other.name for other in parts for one in other.open if other.name}
        self.imports: dict[str, set[str]] = {}
        self.own = {node.id for node in part.nodes}
        self.used = set().union(*map(used_by, part.nodes)) if part.nodes else set()
        self.assets: dict[str, str] = {}
        self.types: dict[str, str] = {}
        self.asks: set[str] = set()
        self.base = ""

    def argument(self, name: str) -> str:
        """The provider's name as the language writes it."""
        return name

    @abstractmethod
    def imported(self, module: str, name: str) -> None:
        """Import `name` from a module of the bindings, told as the provider names it."""

    @abstractmethod
    def json(self, document: Any) -> Any:
        """A document as JSON text."""

    @abstractmethod
    def block(self, value: dict[str, Any], kind: str) -> Any:
        """A block of a resource."""

    @abstractmethod
    def lifecycle(self, ignored: list[str]) -> Any:
        """The lifecycle of a resource whose arguments `ignored` only count when it is made; named as the provider does."""

    @abstractmethod
    def make(self, kind: str, name: str, named: dict[str, Any]) -> Call:
        """The call that makes a construct."""

    @abstractmethod
    def asset(self, name: str, folder: str) -> Call:
        """The call that packs the code of a function."""

    def ask(self, name: str) -> Code:
        """Something that the file is told: an argument of the program, or a constant that all files share."""
        self.asks.add(name)
        return Code(name if name == "PROJECT" else self.argument(name))

    def place(self, name: str) -> Code:
        """Where the resource `name` is found: a variable, an attribute of this object, or one of another part."""
        home = self.homes.get(name, "")
        if not home:
            return Code(self.names[name])
        return Code(f"{self.me if home == self.part.name else self.argument(home)}.{self.names[name]}")

    @abstractmethod
    def lead(self, name: str) -> str:
        """What stands left of the call that makes `name`: a variable only where something uses it."""

    def value(self, value: Any, within_class: str = "") -> Any:
        """A value of the graph as source; `within_class` is the class of the resource or block that it belongs to."""
        if isinstance(value, Reference):
            return self._reference(value)
        if isinstance(value, Known):
            return self.ask({"project": "PROJECT", "suffix": "environment_suffix"}.get(value.name, value.name))
        if isinstance(value, Variable):
            return self.ask(snake(value.name))
        if isinstance(value, Joined):
            return whole(Text([self.value(part) for part in value.parts]))
        if isinstance(value, Base64):
            self.imported("", "Fn")
            return Call("Fn.base64encode", [Call(f"Fn.{self.argument('raw_string')}", [self.value(value.value)])])
        if isinstance(value, Json):
            return self.json(self.value(Map(value.value) if isinstance(value.value, dict) else value.value))
        if isinstance(value, list):
            return [self.value(one, within_class) for one in value]
        if isinstance(value, Map) or (isinstance(value, dict) and not within_class):
            return {key: self.value(inner) for key, inner in value.items()}
        if isinstance(value, dict):
            return self.block(value, within_class)
        # What Terraform would take for a reference of its own.
        return value.replace("${", "$${") if isinstance(value, str) else value

    def _reference(self, value: Reference) -> Code:
        attribute, _, number = value.attribute.partition(".")
        code = Code(f"{self.place(value.resource)}.{self.argument(attribute)}")
        if number:
            self.imported("", "Fn")
            return Code(f"Fn.element({code}, {number})")
        if attribute in _NUMBERS:
            self.imported("", "Token")
            return Code(f"Token.{self.argument('as_string')}({code})")
        return code

    def arguments(self, given: dict[str, Any], kind: str) -> dict[str, Any]:
        """The arguments of a resource or block by their names in the language."""
        made: dict[str, Any] = {}
        for name, value in given.items():
            if isinstance(value, Handler):
                asset = self.assets[value.folder]
                made[self.argument(name)] = Code(f"{asset}.path")
                made[self.argument("source_code_hash")] = Code(f"{asset}.{self.argument('asset_hash')}")
            elif name == "statement" and kind == "Wafv2WebAclRule":
                # It holds itself, so that the bindings take it as Terraform writes it.
                made[name] = self.value(Map(value))
            else:
                made[self.argument(name)] = self.value(value, kind + pascal(name))
        return made

    def resource(self, node: Node) -> Call:
        """The call that makes a node."""
        module = node.type.removeprefix("aws_")
        kind = f"DataAws{pascal(module)}" if node.data else pascal(module)
        self.base = f"data_{node.type}" if node.data else module
        own = class_of(kind)
        self.imported(self.base, own)
        self.types[node.id] = own
        named = self.arguments(node.arguments, kind)
        if node.depends_on:
            named[self.argument("depends_on")] = [self.place(one) for one in node.depends_on]
        if node.ignore_changes:
            named["lifecycle"] = self.lifecycle(node.ignore_changes)
        return self.make(own, node.id, named)

    def steps(self) -> list[tuple[str, Call | None]]:
        """What the constructor makes: what stands left of each call, and the call; None stands for an empty line."""
        steps: list[tuple[str, Call | None]] = []
        owner = ""
        for node in self.part.nodes:
            if not owner or not node.id.startswith(owner):
                steps += [("", None)] if owner else []
                owner = node.id
            for one in within(node.arguments):
                if isinstance(one, Handler) and one.folder not in self.assets:
                    name = self.assets[one.folder] = variable(f"{node.id}Code", self.language, set(self.names.values()))
                    steps.append((self.local(name), self.asset(f"{node.id}Code", one.folder)))
            steps.append((self.lead(node.id), self.resource(node)))
        return steps

    @abstractmethod
    def local(self, name: str) -> str:
        """What stands left of a call whose result is kept in a variable."""

    def outputs(self) -> list[tuple[str, Call | None]]:
        """The outputs of the program."""
        made: list[tuple[str, Call | None]] = []
        for name, (description, value) in self.graph.outputs.items():
            self.imported("", "TerraformOutput")
            told = {"value": self.value(value), "description": description, self.argument("static_id"): True}
            made.append(("", self.make("TerraformOutput", name, told)))
        return made

    def defaults(self) -> dict[str, tuple[str, str]]:
        """What the program can be told beside suffix and region: description and default by argument."""
        return {snake(name): told for name, told in self.graph.variables.items()}


def class_of(name: str) -> str:
    """The class of a resource or block in the bindings."""
    return _CLASSES.get(name, name)


def pascal(name: str) -> str:
    """`s3_bucket_policy` as `S3BucketPolicy`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def names_of(graph: Graph, language: str, parts: list[Part]) -> dict[str, str]:
    """The variable of every node, by id; none is called as a part of the program or as something it is told."""
    taken = {"scope", "id", "props", "path", "self", "json", "construct_id", "region", "environment_suffix"}
    taken |= {"environmentSuffix", *(part.name for part in parts)}
    for name in graph.variables:
        taken |= {snake(name), variable(name, "ts")}
    made: dict[str, str] = {}
    for node in graph.nodes:
        made[node.id] = variable(node.id, language, taken)
        taken.add(made[node.id])
    return made
