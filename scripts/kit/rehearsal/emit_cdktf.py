"""A stack as a CDK for Terraform program: lib/tap-stack.ts or lib/tap_stack.py, and the code of its functions."""

from __future__ import annotations

import re
from typing import Any

from kit.rehearsal.source import Call, Code, Text, py, snake, ts, variable, whole
from kit.rehearsal.stack import Stack
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
    within,
)
from kit.rehearsal.terraform.translate import translate

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
_DATA = {
    "account_id": ("Account", "aws_caller_identity", {}),
    "partition": ("Partition", "aws_partition", {}),
    "url_suffix": ("Partition", "aws_partition", {}),
    "zone": ("Zones", "aws_availability_zones", {"state": "available"}),
}
_ASKED = {"account_id": "account_id", "partition": "partition", "url_suffix": "dns_suffix"}


def files(stack: Stack, language: str) -> dict[str, str]:
    """The files of the program by path; `language` is ts or py."""
    graph = translate(stack)
    project = str(stack.template["Parameters"]["ProjectName"]["Default"])
    writer = _TypeScript(graph, project) if language == "ts" else _Python(graph, project)
    path = "lib/tap-stack.ts" if language == "ts" else "lib/tap_stack.py"
    return {path: writer.text(), **graph.files}


class _Writer:
    """What both languages share: which variables there are, which imports, and values as source."""

    language = ""
    this = ""

    def __init__(self, graph: Graph, project: str) -> None:
        self.graph = graph
        self.project = project
        self.imports: dict[str, set[str]] = {}
        self.taken: set[str] = set(self.reserved)
        self.variables: dict[str, str] = {}
        self.data: dict[str, Node] = {}
        self._name()

    reserved: frozenset[str] = frozenset()

    def text(self) -> str:
        """The text of the file."""
        raise NotImplementedError

    def _name(self) -> None:
        """Names for what is referred to; nothing else gets a variable."""
        values = [*(node.arguments for node in self.graph.nodes), [value for _, value in self.graph.outputs.values()]]
        found = [one for value in values for one in within(value)]
        used = {one.resource for one in found if isinstance(one, Reference)}
        used |= {one for node in self.graph.nodes for one in node.depends_on}
        for one in found:
            kind = one.name.partition(".")[0] if isinstance(one, Known) else ""
            if kind in _DATA:
                name, of, arguments = _DATA[kind]
                self.data[name] = Node(name, of, dict(arguments), data=True)
        for name in self.data:
            self.variables[name] = self._variable(name)
        for node in self.graph.nodes:
            if node.id in used:
                self.variables[node.id] = self._variable(node.id)

    def _variable(self, name: str) -> str:
        made = variable(name, self.language, self.taken)
        self.taken.add(made)
        return made

    def known(self, one: Known) -> Any:
        """What the program is told or asks, as source."""
        if one.name == "project":
            return Code("PROJECT")
        if one.name == "suffix":
            return Code(self.argument("environment_suffix"))
        if one.name == "region":
            return Code("region")
        kind, _, number = one.name.partition(".")
        data = self.variables[_DATA[kind][0]]
        if kind == "zone":
            self.imports.setdefault("cdktf", set()).add("Fn")
            return Code(f"Fn.element({data}.names, {number})")
        return Code(f"{data}.{self.argument(_ASKED[kind])}")

    def argument(self, name: str) -> str:
        """The provider's name as the language writes it."""
        return name

    def value(self, value: Any, within_class: str = "") -> Any:
        """A value of the graph as source; `within_class` is the class of the resource or block that it belongs to."""
        if isinstance(value, Reference):
            code = Code(f"{self.variables[value.resource]}.{self.argument(value.attribute)}")
            if value.attribute not in _NUMBERS:
                return code
            self.imports.setdefault("cdktf", set()).add("Token")
            return Code(f"Token.{self.argument('as_string')}({code})")
        if isinstance(value, Known):
            return self.known(value)
        if isinstance(value, Variable):
            return Code(self.argument(snake(value.name)))
        if isinstance(value, Joined):
            return whole(Text([self.value(part) for part in value.parts]))
        if isinstance(value, Base64):
            self.imports.setdefault("cdktf", set()).add("Fn")
            raw = Call(f"Fn.{self.argument('raw_string')}", [self.value(value.value)])
            return Call("Fn.base64encode", [raw])
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

    def json(self, document: Any) -> Any:
        """A document as JSON text."""
        raise NotImplementedError

    def block(self, value: dict[str, Any], kind: str) -> Any:
        """A block of a resource."""
        raise NotImplementedError

    def arguments(self, given: dict[str, Any], kind: str) -> dict[str, Any]:
        """The arguments of a resource or block by their names in the language."""
        made: dict[str, Any] = {}
        for name, value in given.items():
            if isinstance(value, Handler):
                asset = self.variables[f"code {value.folder}"]
                made[self.argument(name)] = Code(f"{asset}.path")
                made[self.argument("source_code_hash")] = Code(f"{asset}.{self.argument('asset_hash')}")
            elif name == "statement" and kind == "Wafv2WebAclRule":
                # It holds itself, so that the bindings take it as Terraform writes it.
                made[name] = self.value(Map(value))
            else:
                made[self.argument(name)] = self.value(value, kind + _pascal(name))
        return made

    def resource(self, node: Node) -> tuple[str, Call]:
        """The variable of a node (empty without one) and the call that makes it."""
        kind = _pascal(node.type.removeprefix("aws_"))
        module = node.type.removeprefix("aws_")
        own = _CLASSES.get(kind, kind)
        if node.data:
            own, module = f"DataAws{kind}", f"data_aws_{module}"
        self.imported(module, own)
        named = self.arguments(node.arguments, f"DataAws{kind}" if node.data else kind)
        if node.depends_on:
            named[self.argument("depends_on")] = [Code(self.variables[one]) for one in node.depends_on]
        if node.ignore_changes:
            named["lifecycle"] = self.lifecycle(node.ignore_changes)
        return self.variables.get(node.id, ""), self.make(own, node.id, named)

    def imported(self, module: str, name: str) -> None:
        """Import `name` from a module of the bindings, told as the provider names it."""
        raise NotImplementedError

    def lifecycle(self, ignored: list[str]) -> Any:
        """The lifecycle of a resource whose arguments `ignored` only count when it is made; named as the provider does."""
        raise NotImplementedError

    def make(self, kind: str, name: str, named: dict[str, Any]) -> Call:
        """The call that makes a construct."""
        raise NotImplementedError

    def steps(self) -> list[tuple[str, Any]]:
        """Everything that the constructor makes, as variable and call; None stands for an empty line."""
        steps: list[tuple[str, Any]] = [self.resource(node) for node in self.data.values()]
        owner = ""
        for node in self.graph.nodes:
            if not owner or not node.id.startswith(owner):
                steps.append(("", None))
                owner = node.id
            for one in within(node.arguments):
                if isinstance(one, Handler) and f"code {one.folder}" not in self.variables:
                    name = self._variable(f"{node.id}Code")
                    self.variables[f"code {one.folder}"] = name
                    steps.append((name, self.asset(f"{node.id}Code", one.folder)))
            steps.append(self.resource(node))
        steps.append(("", None))
        for name, (description, value) in self.graph.outputs.items():
            self.imports.setdefault("cdktf", set()).add("TerraformOutput")
            told = {"value": self.value(value), "description": description, self.argument("static_id"): True}
            steps.append(("", self.make("TerraformOutput", name, told)))
        return steps

    def asset(self, name: str, folder: str) -> Call:
        """The call that packs the code of a function."""
        raise NotImplementedError

    def told(self) -> dict[str, str]:
        """What the program can be told beside suffix and region: argument and description."""
        return {self.argument(snake(name)): description for name, (description, _) in self.graph.variables.items()}

    def default(self, argument: str) -> str:
        """The default of such an argument."""
        return next(one for name, (_, one) in self.graph.variables.items() if self.argument(snake(name)) == argument)


class _TypeScript(_Writer):
    language = "ts"
    reserved = frozenset({"scope", "id", "props", "path", "region", "environmentSuffix"})

    def argument(self, name: str) -> str:
        return re.sub(r"_(\w)", lambda match: match[1].upper(), name)

    def json(self, document: Any) -> Any:
        return Call("JSON.stringify", [document])

    def block(self, value: dict[str, Any], kind: str) -> Any:
        return self.arguments(value, kind)

    def imported(self, module: str, name: str) -> None:
        self.imports.setdefault(f"@cdktf/provider-aws/lib/{module.replace('_', '-')}", set()).add(name)

    def lifecycle(self, ignored: list[str]) -> Any:
        return {"ignoreChanges": ignored}

    def make(self, kind: str, name: str, named: dict[str, Any]) -> Call:
        return Call(f"new {kind}", [Code("this"), name], named)

    def asset(self, name: str, folder: str) -> Call:
        self.imports.setdefault("cdktf", set()).update(("AssetType", "TerraformAsset"))
        place = Call("path.join", [Code("__dirname"), "lambda", folder])
        return self.make("TerraformAsset", name, {"path": place, "type": Code("AssetType.ARCHIVE")})

    def text(self) -> str:
        self.imported("provider", "AwsProvider")
        self.imports.setdefault("cdktf", set()).add("TerraformStack")
        body: list[str] = []
        for name, call in [("", self.make("AwsProvider", "aws", {"region": Code("region")})), *self.steps()]:
            lead = f"const {name} = " if name else ""
            body.append("" if call is None else f"    {lead}{ts(call, 4, len(lead))};")
        whole_body = "\n".join(body)
        suffix = "environmentSuffix, " if "environmentSuffix" in whole_body else ""
        head = [f"import {{ {', '.join(sorted(names))} }} from '{module}';" for module, names in self._modules()]
        if "path.join(" in whole_body:
            head.insert(0, "import * as path from 'path';")
        head += ["", f"const PROJECT = '{self.project}';"] if "PROJECT" in whole_body else []
        told = [f"  /** {text}. */\n  {name}?: string;" for name, text in self.told().items()]
        lines = [
            *head,
            "",
            "export interface TapStackProps {",
            "  /** Suffix of every name, so that several environments can live side by side. */",
            "  environmentSuffix: string;",
            "  region: string;",
            *told,
            "}",
            "",
            *[f"// {note}" for note in self.graph.notes],
            "export class TapStack extends TerraformStack {",
            "  constructor(scope: Construct, id: string, props: TapStackProps) {",
            "    super(scope, id);",
            f"    const {{ {suffix}region }} = props;",
            *[f"    const {name} = props.{name} ?? {ts(self.default(name))};" for name in self.told()],
            whole_body,
            "  }",
            "}",
            "",
        ]
        return "\n".join(lines)

    def _modules(self) -> list[tuple[str, set[str]]]:
        modules = {**self.imports, "constructs": {"Construct"}}
        return sorted(modules.items(), key=lambda one: (one[0].startswith("@"), one[0]))


class _Python(_Writer):
    language = "py"
    reserved = frozenset({"self", "scope", "construct_id", "region", "environment_suffix", "json"})

    def json(self, document: Any) -> Any:
        return Call("json.dumps", [document])

    def block(self, value: dict[str, Any], kind: str) -> Any:
        name = _CLASSES.get(kind, kind)
        self.imported(self.module, name)
        return Call(name, [], self.arguments(value, kind))

    def resource(self, node: Node) -> tuple[str, Call]:
        self.module = f"data_{node.type}" if node.data else node.type.removeprefix("aws_")
        return super().resource(node)

    def imported(self, module: str, name: str) -> None:
        self.imports.setdefault(f"cdktf_cdktf_provider_aws.{module}", set()).add(name)

    def lifecycle(self, ignored: list[str]) -> Any:
        self.imports.setdefault("cdktf", set()).add("TerraformResourceLifecycle")
        return Call("TerraformResourceLifecycle", [], {"ignore_changes": ignored})

    def make(self, kind: str, name: str, named: dict[str, Any]) -> Call:
        return Call(kind, [Code("self"), name], named)

    def asset(self, name: str, folder: str) -> Call:
        self.imports.setdefault("cdktf", set()).update(("AssetType", "TerraformAsset"))
        place = Code(f'str(HANDLERS / "{folder}")')
        return self.make("TerraformAsset", name, {"path": place, "type": Code("AssetType.ARCHIVE")})

    def text(self) -> str:
        self.imported("provider", "AwsProvider")
        self.imports.setdefault("cdktf", set()).add("TerraformStack")
        body: list[str] = []
        for name, call in [("", self.make("AwsProvider", "aws", {"region": Code("region")})), *self.steps()]:
            lead = f"{name} = " if name else ""
            body.append("" if call is None else f"        {lead}{py(call, 8, len(lead))}")
        whole_body = "\n".join(body)
        head = ["import json"] if "json.dumps(" in whole_body else []
        head += ["from pathlib import Path"] if "HANDLERS" in whole_body else []
        head += [""] if head else []
        for module, names in sorted({**self.imports, "constructs": {"Construct"}}.items()):
            line = f"from {module} import {', '.join(sorted(names))}"
            head += (
                [line]
                if len(line) <= 120
                else [f"from {module} import (", *[f"    {one}," for one in sorted(names)], ")"]
            )
        head += [""] if "PROJECT" in whole_body or "HANDLERS" in whole_body else []
        head += [f'PROJECT = "{self.project}"'] if "PROJECT" in whole_body else []
        head += ['HANDLERS = Path(__file__).parent / "lambda"'] if "HANDLERS" in whole_body else []
        told = "".join(f", {name}: str = {py(self.default(name))}" for name in self.told())
        first = "    def __init__("
        words = f"self, scope: Construct, construct_id: str, *, environment_suffix: str, region: str{told}"
        sign = [f"{first}{words}) -> None:"]
        if len(sign[0]) > 120:
            sign = [first, *[f"        {word}," for word in words.split(", ")], "    ) -> None:"]
        lines = [
            '"""The stack: its resources and outputs."""',
            "",
            *head,
            "",
            "",
            *[f"# {note}" for note in self.graph.notes],
            "class TapStack(TerraformStack):",
            '    """The stack of the task. `environment_suffix` ends every name, so that environments can live side by side."""',
            "",
            *sign,
            "        super().__init__(scope, construct_id)",
            whole_body,
            "",
        ]
        return "\n".join(lines)


def _pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
