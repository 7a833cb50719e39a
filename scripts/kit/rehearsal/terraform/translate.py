"""From a stack to the graph of Terraform resources, by the tables of knowledge/terraform.

A table has an entry for each CloudFormation type: `type` (`or` the name of another entry, when a property is given),
`ref` and `att` (what Ref and Fn::GetAtt are; snake_case of the attribute when not named), `always` (arguments that CloudFormation has no property for), `names` (what becomes of each
property; snake_case when not named), `more` (resources that stand beside it), `waits` (the type whose resources have to
be there first), `drop` (why it has no counterpart).

What becomes of a property is a name, with dots into blocks, `.` for the resource itself; or a mapping:
`as` its name · `names` of what is inside · `first` of a list · `field` below it that counts · `keep` keys as they are ·
`tags` · `map` of values · `number` · `text` · `plain` text for text in base 64 · `inside` a block under this name · `wrap` into
a list · `pluck` one key of each item · `pairs` of key and value into a map · `by_key` pairs into arguments of their own ·
`of` another attribute of what is referred to · `spread` a reference over several arguments · `json` text of a document
(`camel`: keys begin small) · `each_into`: every item of a list into the same place · `with` more arguments · `handler` code of a function · `secret` a generated one · `ignore` ·
`drop` with the reason · `part` a resource of its own, one for each item with `each`; `late`: what the stack's resource
waits for, waits for by this part. `once` lists arguments that only count when the resource is made, `instead` those that
another argument takes the place of; `joins` takes arguments from resources (`joined`) that only add to this one.
"""

from __future__ import annotations

import functools
import json
from typing import Any

from kit.rehearsal.blueprints import KNOWLEDGE, kebab, listed
from kit.rehearsal.emit_cfn import load
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
    ordered,
    within,
)
from kit.rehearsal.terraform.values import NOTHING, Values, function, snake

Names = dict[str, Any]


@functools.cache
def table() -> dict[str, Any]:
    """The translation of every CloudFormation type that has one."""
    found: dict[str, Any] = {}
    for path in sorted((KNOWLEDGE / "terraform").glob("*.yml")):
        found |= load(path.read_text(encoding="utf-8"))
    return found


def translate(stack: Stack) -> Graph:
    """The graph of a stack. What could not be translated is told in its notes."""
    return _Translator(stack).graph()


class _Translator:
    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.values = Values(stack, table())
        self.nodes: list[Node] = []
        self.parts: dict[str, list[Node]] = {}
        self.late: dict[str, list[Node]] = {}
        self.files: dict[str, str] = {}
        self.notes: list[str] = []

    def graph(self) -> Graph:
        for name, parameter in self.stack.template["Parameters"].items():
            if "SSM::Parameter" in parameter["Type"]:
                self.nodes.append(Node(name, "aws_ssm_parameter", {"name": parameter["Default"]}, data=True))
        for name, resource in self.stack.resources.items():
            self._resource(name, resource)
        self._drop_what_hangs()
        self._depend()
        nodes = ordered(self.nodes)
        outputs = {}
        for name, output in self.stack.template["Outputs"].items():
            if "Condition" in output and not self.values.holds(output["Condition"]):
                continue
            value = self.values.of(output["Value"])
            missing = self._missing(value)
            if missing:
                self.notes.append(f"The output {name} is left out with {missing}.")
            else:
                outputs[name] = (output.get("Description", ""), value)
        used = {one.name for node in nodes for one in within(node.arguments) if hasattr(one, "name")}
        used |= {one.name for _, value in outputs.values() for one in within(value) if hasattr(one, "name")}
        variables = {
            name: (str(parameter.get("Description", "")), str(parameter.get("Default", "")))
            for name, parameter in self.stack.template["Parameters"].items()
            if name in used and name not in ("EnvironmentSuffix", "ProjectName")
        }
        return Graph(nodes, outputs, variables, self.files, self.notes)

    def _resource(self, name: str, resource: dict[str, Any]) -> None:
        kind, condition = resource["Type"], resource.get("Condition")
        rule = self.values.rule(resource)
        if condition and not self.values.holds(condition):
            self.notes.append(
                f"{name} is left out: it is wanted only when {condition} holds, which it does not by default."
            )
        elif rule is None:
            self.notes.append(f"{name} is left out: {kind} has no counterpart that is known here.")
        elif rule.get("joined"):
            return
        elif "drop" in rule:
            self.notes.append(f"{name} is left out: {rule['drop']}.")
        else:
            given = resource.get("Properties", {})
            node = Node(name, rule["type"], {})
            self.nodes.append(node)
            self.parts[name] = []
            self._put_all(node.arguments, given, rule.get("names", {}), name)
            node.arguments = {**node.arguments, **_without(self._always(rule.get("always", {}), name), node.arguments)}
            for argument, other in rule.get("instead", {}).items():
                if other in node.arguments:
                    node.arguments.pop(argument, None)
            node.ignore_changes = [one for one in rule.get("once", []) if one in node.arguments]
            if "joins" in rule:
                self._join(node, rule["joins"])
            for word, spec in rule.get("more", {}).items():
                self._part(name, spec | {"word": word}, {})

    def _join(self, node: Node, spec: dict[str, Any]) -> None:
        """Take properties of the resources that refer to this one, as its own arguments."""
        for other in self.stack.resources.values():
            properties = other.get("Properties", {})
            if other["Type"] == spec["type"] and node.id in str(properties.get(spec["by"])):
                for key, argument in spec["take"].items():
                    node.arguments[argument] = self.values.of(properties[key])

    def _always(self, given: dict[str, Any], owner: str) -> dict[str, Any]:
        """Constant arguments: `<name>` is a name made of project, logical id and suffix, `<.x>` an attribute of the owner."""
        return {key: self._constant(value, owner) for key, value in given.items()}

    def _constant(self, value: Any, owner: str) -> Any:
        if isinstance(value, dict):
            return self._always(value, owner)
        if isinstance(value, list):
            return [self._constant(one, owner) for one in value]
        if value == "<id>":
            return owner
        if value == "<name>":
            return Joined((Known("project"), f"-{kebab(owner)}-", Known("suffix")))
        if value == "<under_name>":
            return Joined((Known("project"), f"_{kebab(owner).replace('-', '_')}_", Known("suffix")))
        if isinstance(value, str) and value.startswith("<."):
            return Reference(owner, value[2:-1])
        if isinstance(value, str) and value.startswith("<first "):
            kind, attribute = value[7:-1].split(" ")
            found = [name for name, one in self.stack.resources.items() if one["Type"] == kind]
            return Reference(found[0], attribute) if found else ""
        return value

    def _put_all(self, into: dict[str, Any], given: dict[str, Any], names: Names, owner: str) -> None:
        for key, value in given.items():
            spec = names.get(key)
            if spec is None:
                spec = {"tags": True} if key == "Tags" else snake(key)
            decided = self.values.decided(value)
            if decided is not NOTHING:
                self._put(into, spec if isinstance(spec, dict) else {"as": spec}, key, decided, owner)

    def _put(self, into: dict[str, Any], spec: dict[str, Any], key: str, value: Any, owner: str) -> None:
        target = spec.get("as", snake(key))
        if "drop" in spec:
            self.notes.append(f"{key} of {owner} is left out: {spec['drop']}.")
        elif "part" in spec:
            for number, one in enumerate(value if spec.get("each") else [value]):
                self._part(owner, spec["part"] | {"number": number}, one)
        elif "handler" in spec:
            self._place(into, target, self._handler(owner, value))
        elif "secret" in spec:
            self._secret(owner, value)
        elif "by_key" in spec:
            self._by_key(into, spec["by_key"], value, owner)
        elif spec.get("each_into"):
            for one in value:
                self._put_all(into, one, spec.get("names", {}), owner)
        elif "spread" in spec:
            for argument, attribute in spec["spread"].items():
                into[argument] = Reference(value["Ref"], attribute)
        elif not spec.get("ignore"):
            self._place(into, target, self._shaped(spec, value, owner))
        for argument, constant in spec.get("with", {}).items():
            self._place(into, argument, self._constant(constant, owner))

    def _place(self, into: dict[str, Any], target: str, value: Any) -> None:
        *blocks, last = target.split(".") if target != "." else [""]
        for block in blocks:
            into = into.setdefault(block, {})
        if last:
            into[last] = value
        else:
            into.update(value)

    def _shaped(self, spec: dict[str, Any], value: Any, owner: str) -> Any:
        if spec.get("first") and isinstance(value, list):
            value = value[0]
        for name in spec["field"].split(".") if "field" in spec else []:
            value = value[name]
        made = self._formed(spec, value, owner)
        if "map" in spec:
            made = spec["map"].get(made, made)
        if spec.get("number") and isinstance(made, str):
            made = int(made)
        if spec.get("text"):
            made = str(made).lower()
        if spec.get("plain") and isinstance(made, Base64):
            made = made.value
        if "inside" in spec:
            made = {spec["inside"]: made}
        return [made] if spec.get("wrap") and not isinstance(made, list) else made

    def _formed(self, spec: dict[str, Any], value: Any, owner: str) -> Any:
        if "of" in spec:
            many = isinstance(value, list)
            return [self._other(one, spec["of"]) for one in value] if many else self._other(value, spec["of"])
        if "json" in spec:
            document = self._document(value)
            return Json(self.values.of(_camel(document) if spec["json"] == "camel" else document))
        if "tags" in spec and isinstance(value, list):
            return Map({one["Key"]: self.values.of(one["Value"]) for one in value})
        if "pairs" in spec:
            first, second = spec["pairs"]
            return Map({one[first]: self.values.of(one[second]) for one in value})
        if "pluck" in spec:
            return [self.values.of(one[spec["pluck"]]) for one in value]
        if spec.get("keep") or "tags" in spec:
            return Map(self.values.of(value))
        return self._within(value, spec.get("names", {}), owner)

    def _within(self, value: Any, names: Names, owner: str) -> Any:
        value = self.values.decided(value)
        if function(value):
            return self.values.of(value)
        if isinstance(value, dict):
            made: dict[str, Any] = {}
            self._put_all(made, value, names, owner)
            return made
        if isinstance(value, list):
            return [self._within(one, names, owner) for one in value]
        return value

    def _other(self, value: Any, attribute: str) -> Any:
        """The attribute of the resource that a Ref or Fn::GetAtt names; other values as they are."""
        name = value.get("Ref") or (value.get("Fn::GetAtt") or [""])[0] if isinstance(value, dict) else ""
        return Reference(name, attribute) if name in self.stack.resources else self.values.of(value)

    def _by_key(self, into: dict[str, Any], spec: dict[str, Any], value: list[dict[str, Any]], owner: str) -> None:
        key, inner = spec.get("key", "Key"), spec.get("value", "Value")
        for one in value:
            target = spec["names"].get(one[key])
            given = self.values.of(one[inner])
            if target is None:
                self.notes.append(f"{one[key]} of {owner} is left out: the provider has no argument for it.")
            else:
                typed = (
                    {"true": True, "false": False}.get(given, int(given) if given.isdigit() else given)
                    if isinstance(given, str)
                    else given
                )
                self._place(into, target, typed)

    def _document(self, value: Any) -> Any:
        """A document given as such or as JSON text, whose holes are then filled one by one."""
        text = value["Fn::Sub"] if function(value) == "Fn::Sub" else value
        if not isinstance(text, str):
            return value
        document = json.loads(text)
        return _each_text(document) if text is not value else document

    def _part(self, owner: str, spec: dict[str, Any], value: Any) -> None:
        name = self._free(owner + spec["word"], spec.get("number", 0))
        node = Node(name, spec["type"], self._always(spec.get("always", {}), owner))
        if value != {}:
            shape: Names = {key: spec[key] for key in ("names", "of", "json", "keep", "wrap") if key in spec}
            self._place(node.arguments, spec.get("as", "."), self._shaped(shape, value, owner))
        self._add(owner, node)
        if spec.get("late"):
            self.late.setdefault(owner, []).append(node)
        if spec.get("after"):
            node.depends_on.append(owner)

    def _add(self, owner: str, node: Node) -> None:
        self.nodes.append(node)
        self.parts[owner].append(node)

    def _secret(self, owner: str, given: dict[str, Any]) -> None:
        """A generated secret: the password, made once, and the text that holds it."""
        wanted = {
            argument: given[key]
            for key, argument in (
                ("PasswordLength", "password_length"),
                ("ExcludeCharacters", "exclude_characters"),
                ("ExcludePunctuation", "exclude_punctuation"),
            )
            if key in given
        }
        password = f"{owner}Password"
        self._add(owner, Node(password, "aws_secretsmanager_random_password", wanted, data=True))
        document = json.loads(given.get("SecretStringTemplate", "{}"))
        text: Any = Reference(password, "random_password")
        if "GenerateStringKey" in given:
            text = Json({**document, given["GenerateStringKey"]: text})
        arguments = {"secret_id": Reference(owner, "id"), "secret_string": text}
        self._add(
            owner,
            Node(f"{owner}Value", "aws_secretsmanager_secret_version", arguments, ignore_changes=["secret_string"]),
        )

    def _free(self, wanted: str, number: int) -> str:
        taken = {one.id for one in self.nodes} | set(self.stack.resources)
        candidates = ([wanted] if not number else []) + [f"{wanted}{count}" for count in range(2, 99)]
        return next(one for one in candidates if one not in taken)

    def _handler(self, owner: str, code: dict[str, Any]) -> Handler:
        folder = kebab(owner.removesuffix("Function") or owner)
        runtime = str(self.stack.resources[owner]["Properties"].get("Runtime", ""))
        name = "index.cjs" if runtime.startswith("node") else "index.py"
        self.files[f"lib/lambda/{folder}/{name}"] = code["ZipFile"]
        return Handler(folder)

    def _drop_what_hangs(self) -> None:
        """Leave out what needs something that was left out."""
        while True:
            hanging = {node.id: missing for node in self.nodes if (missing := self._missing(node.arguments))}
            if not hanging:
                return
            self.notes += [f"{name} is left out with {missing}." for name, missing in hanging.items()]
            self.nodes = [one for one in self.nodes if one.id not in hanging]

    def _depend(self) -> None:
        byid = {one.id: one for one in self.nodes}
        for name, resource in self.stack.resources.items():
            wanted = [one for on in listed(resource.get("DependsOn")) for one in self._whole(on)]
            first = (self.values.rule(resource) or {}).get("waits")
            wanted += [other for other, one in self.stack.resources.items() if one["Type"] == first]
            for node in self.late.get(name) or ([byid[name]] if name in byid else []):
                node.depends_on += [one for one in wanted if one not in node.depends_on]
        # A role is of use once its policies are there.
        for node in self.nodes:
            for one in within(node.arguments):
                if (
                    isinstance(one, Reference)
                    and one.attribute == "arn"
                    and one.resource in byid
                    and byid[one.resource].type == "aws_iam_role"
                ):
                    node.depends_on += [part.id for part in self.parts[one.resource] if part.id not in node.depends_on]
        for node in self.nodes:
            node.depends_on = [one for one in node.depends_on if one in byid]

    def _whole(self, name: str) -> list[str]:
        return [name, *(part.id for part in self.parts.get(name, []) if not part.data)]

    def _missing(self, value: Any) -> str:
        known = {one.id for one in self.nodes}
        return next(
            (one.resource for one in within(value) if isinstance(one, Reference) and one.resource not in known), ""
        )


def _without(given: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key not in others}


def _each_text(value: Any) -> Any:
    """The document with each text that has holes made an Fn::Sub."""
    if isinstance(value, dict):
        return {key: _each_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_each_text(one) for one in value]
    return {"Fn::Sub": value} if isinstance(value, str) and "${" in value else value


def _camel(value: Any) -> Any:
    if function(value) or not isinstance(value, dict | list):
        return value
    if isinstance(value, list):
        return [_camel(one) for one in value]
    return {key[:1].lower() + key[1:]: inner if key == "Options" else _camel(inner) for key, inner in value.items()}
