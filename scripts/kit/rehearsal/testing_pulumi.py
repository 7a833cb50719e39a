"""Unit tests of Pulumi programs: run without a cloud, they look at every input of every resource."""

from __future__ import annotations

import base64
import json
from typing import Any

from kit.rehearsal.blueprints import shared
from kit.rehearsal.pulumi.names import Word, arguments, attribute, camel, token_of
from kit.rehearsal.pulumi.values import LOOKUPS
from kit.rehearsal.source import Call, Code, py, snake, ts
from kit.rehearsal.stack import Stack
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
from kit.rehearsal.terraform.translate import translate

_KNOWN = {
    "suffix": "test",
    "account_id": "123456789012",
    "region": "region-of-test",
    "partition": "aws",
    "url_suffix": "amazonaws.com",
}
# What the provider answers in the tests.
_ANSWERS: dict[str, dict[str, Any]] = {
    "account": {"accountId": "123456789012"},
    "region": {"name": "region-of-test"},
    "partition": {"partition": "aws", "dnsSuffix": "amazonaws.com"},
    "zones": {"names": ["zone-a", "zone-b", "zone-c"]},
}
_TS = """\
import * as pulumi from '@pulumi/pulumi';
import { TapStack } from '../lib/tap-stack';

const made: Record<string, pulumi.runtime.MockResourceArgs> = {};
const outputs: Record<string, unknown> = {};

// What AWS decides about a resource is its name and the attribute's here.
const LATER = [later];
const ANSWERS: Record<string, object> = [answers];
[opened]
beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: args => {
      const { name, type } = args;
      const inputs = [inputs];
      if (type.startsWith('aws:')) {
        made[name] = { ...args, inputs };
      }
      const later = Object.fromEntries(LATER.map(attribute => [attribute, `<${name}.${attribute}>`]));
      return { id: `<${name}.id>`, state: { ...later, ...inputs } };
    },
    call: ({ token }) => ANSWERS[token],
  });
  const stack = new TapStack('test', { environmentSuffix: 'test' });
  const told = Object.entries(stack.outputs).map(
    ([name, value]) => new Promise(done => pulumi.output(value).apply(one => done((outputs[name] = one))))
  );
  await Promise.all(told);
  while (Object.keys(made).length < [count]) {
    await new Promise(done => setTimeout(done, 10));
  }
});

describe('the stack', () => {
  it('has these resources and no others', () => {
    expect(Object.keys(made).sort()).toEqual([names]);
  });
  it('tells what its users have to know', () => {
    expect(outputs).toEqual([outputs]);
  });
});
"""
_TS_OPENED = """
// What is sensitive comes wrapped.
const inside = (one: unknown) => (one && typeof one === 'object' && 'value' in one ? one.value : one);
const opened = (given: object) =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, inside(value)]));
"""
_PY = '''\
"""Unit tests of the stack, run without a cloud: every resource has the inputs that it should have."""

import json
from typing import Any

import pulumi

from lib.tap_stack import TapStack, TapStackArgs

MADE: dict[str, dict[str, Any]] = {}
OUTPUTS: dict[str, Any] = {}

# What AWS decides about a resource is its name and the attribute's here.
LATER = [later]
ANSWERS: dict[str, dict[str, Any]] = [answers]


def opened(value: Any) -> Any:
    """The value of what is sensitive, which comes wrapped; any other as it is."""
    return value["value"] if isinstance(value, dict) and "value" in value else value


class Mocks(pulumi.runtime.Mocks):
    """Stands where the engine would."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        inputs = {name: opened(value) for name, value in args.inputs.items()}
        if args.typ.startswith("aws:"):
            MADE[args.name] = {"type": args.typ, "inputs": inputs}
        later = {name: f"<{args.name}.{name}>" for name in LATER}
        return f"<{args.name}.id>", later | inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        return ANSWERS[args.token]


@pulumi.runtime.test
def build() -> Any:
    """Make the stack; what it asks for is in MADE and OUTPUTS afterwards."""
    stack = TapStack("test", TapStackArgs(environment_suffix="test"))
    return pulumi.Output.all(**stack.outputs).apply(OUTPUTS.update)


pulumi.runtime.set_mocks(Mocks(), preview=False)
build()


def test_resources() -> None:
    """The stack has these resources and no others."""
    assert sorted(MADE) == [names]


def test_outputs() -> None:
    """The stack tells what its users have to know."""
    assert OUTPUTS == [outputs]
'''


def unit_tests(stack: Stack, language: str) -> str:
    """The text of the unit tests; `language` is ts or py."""
    graph = translate(stack)
    expected = _Expected(graph, str(stack.template["Parameters"]["ProjectName"]["Default"]))
    return _typescript(graph, expected) if language == "ts" else _python(graph, expected)


class _Expected:
    """What values of the graph are in the tests' world."""

    def __init__(self, graph: Graph, project: str) -> None:
        self.nodes = {one.id: one for one in graph.nodes}
        self.defaults = {name: default for name, (_, default) in graph.variables.items()}
        self.project = project
        self.later: set[str] = set()
        self.asked: set[str] = set()

    def inputs(self, node: Node) -> dict[str, Any]:
        """The inputs of a resource as the engine is told them; documents and code as the graph has them."""
        return {camel(name): value for name, value in arguments(node.type, node.arguments).items()}

    def of(self, value: Any) -> Any:
        """A value with every reference put in its place."""
        if isinstance(value, Reference):
            return self._referred(value)
        if isinstance(value, Known):
            return self._known(value.name)
        if isinstance(value, Variable):
            return self.defaults[value.name]
        if isinstance(value, Joined):
            return "".join(str(self.of(part)) for part in value.parts)
        if isinstance(value, Json):
            return json.dumps(self.of(value.value))
        if isinstance(value, Base64):
            return base64.b64encode(str(self.of(value.value)).encode()).decode()
        if isinstance(value, dict):
            return {key if isinstance(key, Word) else camel(key): self.of(inner) for key, inner in value.items()}
        return [self.of(one) for one in value] if isinstance(value, list) else value

    def document(self, value: Any) -> Any:
        """A document: its keys stay as they are."""
        if isinstance(value, dict):
            return {key: self.document(inner) for key, inner in value.items()}
        return [self.document(one) for one in value] if isinstance(value, list) else self.of(value)

    def _referred(self, value: Reference) -> Any:
        node = self.nodes[value.resource]
        constant = shared("pulumi")["constant"].get(node.type, {}).get(value.attribute)
        if constant:
            return constant
        if node.data:
            told = shared("pulumi")["lookups"][node.type].get("attributes", {}).get(value.attribute, value.attribute)
            return f"<{node.type}.{camel(told)}>"
        told = camel(attribute(node.type, value.attribute))
        inputs = self.inputs(node)
        if told in inputs:
            return self.of(inputs[told])
        self.later |= {told} - {"id"}
        return f"<{node.id}.{told}>"

    def _known(self, name: str) -> str:
        if name == "project":
            return self.project
        if name.startswith("zone."):
            return str(_ANSWERS["zones"]["names"][int(name[5:])])
        return _KNOWN[name]

    def answers(self) -> dict[str, dict[str, Any]]:
        """What each function that the program asks answers, by its token."""
        names = {one.name for node in self.nodes.values() for one in within(node.arguments) if isinstance(one, Known)}
        made = {f"aws:index/{camel(LOOKUPS[one])}:{camel(LOOKUPS[one])}": answer for one, answer in _ANSWERS.items()}
        for node in self.nodes.values():
            if node.data and names is not None:
                lookup = shared("pulumi")["lookups"][node.type]
                module, _, function = lookup["function"].partition(".")
                told = lookup.get("attributes", {"": function.removeprefix("get_")}).values()
                token = f"aws:{module}/{camel(function)}:{camel(function)}"
                made[token] = {camel(one): f"<{node.type}.{camel(one)}>" for one in told}
        return made


def _facts(node: Node, expected: _Expected) -> list[tuple[str, str, str, Any]]:
    """What is to be seen of a resource: title, input, how it is looked at, and what is expected."""
    facts: list[tuple[str, str, str, Any]] = []
    for name, value in expected.inputs(node).items():
        suffixed = name in ("name", "bucket", "identifier") and Known("suffix") in within(value)
        title = "ends its name with the suffix" if suffixed else f"sets {name}"
        if isinstance(value, Handler):
            facts.append(("carries its code", name, "code", f"lib/lambda/{value.folder}"))
        elif isinstance(value, Json):
            facts.append((title, name, "json", expected.document(value.value)))
        else:
            facts.append((title, name, "is", expected.of(value)))
    return facts


def _filled(text: str, graph: Graph, expected: _Expected, write: Any) -> str:
    resources = [one for one in graph.nodes if not one.data]
    outputs = {name: expected.of(value) for name, (_, value) in graph.outputs.items()}
    text = text.replace("[names]", write(sorted(one.id for one in resources), 4, 44))
    text = text.replace("[outputs]", write(outputs, 4, 28))
    text = text.replace("[answers]", write(expected.answers(), 0, 40))
    text = text.replace("[later]", write(sorted(expected.later), 0, 14))
    return text.replace("[count]", str(len(resources)))


def _typescript(graph: Graph, expected: _Expected) -> str:
    body: list[str] = []
    for node in (one for one in graph.nodes if not one.data):
        body += ["", f"describe('{node.id}', () => {{"]
        body += [f"  it('is one {token_of(node.type)}', () => {{"]
        body += [f"    expect(made.{node.id}.type).toBe('{token_of(node.type)}');", "  });"]
        for title, name, how, value in _facts(node, expected):
            place = Code(f"made.{node.id}.inputs.{name}")
            if how == "code":
                check = f"await expect({place}.path).resolves.toMatch(/{value.replace('/', chr(92) + '/')}$/)"
            elif how == "json":
                check = ts(Call(f"expect(JSON.parse({place})).toEqual", [value]), 4)
            else:
                word = "toEqual" if isinstance(value, dict | list) else "toBe"
                check = ts(Call(f"expect({place}).{word}", [value]), 4)
            body += [f"  it('{title}', {'async ' if how == 'code' else ''}() => {{", f"    {check};", "  });"]
        body.append("});")
    secret = any(set(shared("pulumi")["secret"].get(one.type, [])) & set(one.arguments) for one in graph.nodes)
    head = _TS.replace("[opened]", _TS_OPENED if secret else "").replace(
        "[inputs]", "opened(args.inputs)" if secret else "args.inputs"
    )
    return "\n".join([_filled(head, graph, expected, ts).rstrip("\n"), *body, ""])


def _python(graph: Graph, expected: _Expected) -> str:
    body: list[str] = []
    for node in (one for one in graph.nodes if not one.data):
        body += ["", "", f"def test_{snake(node.id)}() -> None:"]
        body += [f'    """{node.id} is one {token_of(node.type)} with these inputs."""']
        body += [f'    assert MADE["{node.id}"]["type"] == "{token_of(node.type)}"']
        facts = _facts(node, expected)
        body += [f'    given = MADE["{node.id}"]["inputs"]'] if facts else []
        for _, name, how, value in facts:
            place = f'given["{name}"]'
            if how == "code":
                body.append(f'    assert {place}.path.endswith("{value}")')
            elif how == "json":
                body.append(f"    assert json.loads({place}) == {py(value, 4, 24 + len(place), 0)}")
            elif value is True or value is False or value is None:
                body.append(f"    assert {place} is {value}")
            else:
                body.append(f"    assert {place} == {py(value, 4, 11 + len(place), 0)}")
    text = "\n".join([_filled(_PY, graph, expected, py).rstrip("\n"), *body, ""])
    if "json." not in text:
        text = text.replace("import json\n", "")
    return text
