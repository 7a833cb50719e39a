"""Unit tests of CDK for Terraform programs: they look at every argument of every resource that is synthesized."""

from __future__ import annotations

import re
from typing import Any

from kit.rehearsal.source import Call, Code, py, ts
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
)
from kit.rehearsal.terraform.translate import translate

_KNOWN = {
    "suffix": "test",
    "region": "region-of-test",
    "account_id": "${data.aws_caller_identity.Account.account_id}",
    "partition": "${data.aws_partition.Partition.partition}",
    "url_suffix": "${data.aws_partition.Partition.dns_suffix}",
}
_TS = """\
import { Testing } from 'cdktf';
import { TapStack } from '../lib/tap-stack';

function synthesized(environmentSuffix: string) {
  const stack = new TapStack(Testing.app(), `TapStack${environmentSuffix}`, {
    environmentSuffix,
    region: 'region-of-test',
  });
  return JSON.parse(Testing.synth(stack));
}

const { resource, output, provider } = synthesized('test');

describe('the stack', () => {
  it('works in the region it is told', () => {
    expect(provider.aws[0].region).toBe('region-of-test');
  });
  it('names nothing alike in two environments', () => {
    expect(synthesized('other').resource).not.toEqual(resource);
  });
"""
_PY = '''\
"""Unit tests of the stack, as it is synthesized."""

import json
from typing import Any

from cdktf import Testing

from lib.tap_stack import TapStack


def _synthesized(suffix: str) -> dict[str, Any]:
    stack = TapStack(Testing.app(), f"TapStack{suffix}", environment_suffix=suffix, region="region-of-test")
    return json.loads(Testing.synth(stack))


def assert_holds(found: Any, wanted: Any) -> None:
    """What is wanted is found, whatever else may be there."""
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            assert key in found
            assert_holds(found[key], value)
    elif isinstance(wanted, list):
        assert len(found) == len(wanted)
        for one, other in zip(found, wanted, strict=True):
            assert_holds(one, other)
    else:
        assert found == wanted


STACK = _synthesized("test")
RESOURCE = STACK["resource"]


def test_region() -> None:
    """It works in the region it is told."""
    assert STACK["provider"]["aws"][0]["region"] == "region-of-test"


def test_suffix() -> None:
    """Nothing is named alike in two environments."""
    assert _synthesized("other")["resource"] != RESOURCE
'''


def unit_tests(stack: Stack, language: str) -> str:
    """The text of the unit tests; `language` is ts or py."""
    graph = translate(stack)
    expected = _Expected(graph, str(stack.template["Parameters"]["ProjectName"]["Default"]))
    return _typescript(graph, expected) if language == "ts" else _python(graph, expected)


class _Expected:
    """What values of the graph look like in the configuration."""

    def __init__(self, graph: Graph, project: str) -> None:
        self.types = {one.id: f"{'data.' * one.data}{one.type}" for one in graph.nodes}
        self.defaults = {name: default for name, (_, default) in graph.variables.items()}
        self.project = project

    def of(self, value: Any) -> Any:
        if isinstance(value, Reference):
            return f"${{{self.types[value.resource]}.{value.resource}.{value.attribute}}}"
        if isinstance(value, Known):
            return self._known(value.name)
        if isinstance(value, Variable):
            return self.defaults[value.name]
        if isinstance(value, Joined):
            return "".join(self.of(part) for part in value.parts)
        if isinstance(value, Json):
            return self.of(value.value)
        if isinstance(value, dict):
            return {key: self.of(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.of(one) for one in value]
        return value.replace("${", "$${") if isinstance(value, str) else value

    def _known(self, name: str) -> str:
        if name == "project":
            return self.project
        if name.startswith("zone."):
            return f"${{element(data.aws_availability_zones.Zones.names, {name[5:]})}}"
        return _KNOWN[name]


def _facts(node: Node, expected: _Expected) -> list[tuple[str, str, str, Any]]:
    """What is to be seen of a node: title, argument, how it is looked at, and what is expected."""
    facts: list[tuple[str, str, str, Any]] = []
    for name, value in node.arguments.items():
        title = "ends its name with the suffix" if name == "name" and _suffixed(value) else f"sets {name}"
        if isinstance(value, Handler):
            facts.append(("carries its code", name, "begins", "assets/"))
        elif isinstance(value, Base64):
            facts.append((title, name, "begins", "${base64encode("))
        elif isinstance(value, Json):
            facts.append((title, name, "json", expected.of(value)))
        else:
            facts.append((title, name, "holds", expected.of(value)))
    if node.depends_on:
        waits = [f"{expected.types[one]}.{one}" for one in node.depends_on]
        facts.append(("waits for what it needs", "depends_on", "holds", waits))
    return facts


def _suffixed(value: Any) -> bool:
    return isinstance(value, Joined) and Known("suffix") in value.parts


def _typescript(graph: Graph, expected: _Expected) -> str:
    made = [node for node in graph.nodes if not node.data]
    addresses = sorted(f"{node.type}.{node.id}" for node in made)
    found = "Object.entries<object>(resource).flatMap(([kind, named]) => Object.keys(named).map((name) => `${kind}.${name}`))"
    out = [_TS.rstrip("\n"), "  it('has these resources and no others', () => {", f"    const found = {found};"]
    out += [f"    {ts(Call('expect(found.sort()).toEqual', [addresses]), 4)};", "  });", "});"]
    for node in made:
        facts = _facts(node, expected)
        if not facts:
            continue
        out += ["", f"describe('{node.id}', () => {{", f"  const made = resource.{node.type}.{node.id};"]
        for title, name, how, wanted in facts:
            seen = f"made.{name}"
            if how == "begins":
                call = Call(f"expect({seen}.startsWith({ts(wanted)})).toBe", [True])
            elif how == "json":
                call = Call(f"expect(JSON.parse({seen})).toEqual", [wanted])
            elif isinstance(wanted, dict | list):
                call = Call(f"expect({seen}).toMatchObject", [wanted])
            else:
                call = Call(f"expect({seen}).toBe", [wanted])
            out += [f"  it('{title}', () => {{", f"    {ts(call, 4)};", "  });"]
        out.append("});")
    out += ["", "describe('the outputs', () => {"]
    for name, (_, value) in graph.outputs.items():
        call = Call(f"expect(output.{name}.value).toBe", [expected.of(value)])
        out += [f"  it('name {name}', () => {{", f"    {ts(call, 4)};", "  });"]
    if not graph.outputs:
        out += ["  it('are none', () => {", "    expect(output).toBeUndefined();", "  });"]
    return "\n".join([*out, "});", ""])


def _python(graph: Graph, expected: _Expected) -> str:
    made = [node for node in graph.nodes if not node.data]
    addresses = sorted(f"{node.type}.{node.id}" for node in made)
    out = [_PY, "", "def test_resources() -> None:", '    """It has these resources and no others."""']
    out += ['    found = [f"{kind}.{name}" for kind, named in RESOURCE.items() for name in named]']
    out += [_assert("sorted(found)", addresses)]
    for node in made:
        out += ["", "", f"def test_{_snake(node.id)}() -> None:", f'    """{node.id} is as it should be."""']
        facts = _facts(node, expected)
        if not facts:
            out.append(f'    assert "{node.id}" in RESOURCE["{node.type}"]')
            continue
        out += [f'    made = RESOURCE["{node.type}"]["{node.id}"]']
        for _, name, how, wanted in facts:
            seen = f'made["{name}"]'
            if how == "begins":
                out.append(f"    assert {seen}.startswith({py(wanted)})")
            elif how == "json":
                out.append(_assert(f"json.loads({seen})", wanted))
            elif isinstance(wanted, dict | list):
                out.append(f"    {py(Call('assert_holds', [Code(seen), wanted]), 4)}")
            else:
                out.append(_assert(seen, wanted))
    for name, (_, value) in graph.outputs.items():
        out += ["", "", f"def test_output_{_snake(name)}() -> None:", f'    """The output {name} is there."""']
        out.append(_assert(f'STACK["output"]["{name}"]["value"]', expected.of(value)))
    return "\n".join([*out, ""])


def _assert(seen: str, wanted: Any) -> str:
    if isinstance(wanted, bool):
        return f"    assert {seen} is {wanted}"
    return f"    assert {seen} == {py(wanted, 4, len(seen) + 11)}"


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
