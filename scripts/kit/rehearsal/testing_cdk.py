"""Unit tests of CDK programs: the template that they synthesize, part by part, by default and with all arguments given."""

from __future__ import annotations

import re
from typing import Any

from kit.rehearsal.blueprints import kebab
from kit.rehearsal.cdk.program import SUFFIX, Program
from kit.rehearsal.cdk.synthesized import synthesized
from kit.rehearsal.source import Call, Code, py, ts
from kit.rehearsal.stack import Stack
from kit.rehearsal.testing import case, resource_cases

Found = list[tuple[tuple[str, ...], Any]]


def unit_tests(stack: Stack, language: str) -> str:
    """The text of the unit tests in `ts` or `py`."""
    return _typescript(stack) if language == "ts" else _python(stack)


def _typescript(stack: Stack) -> str:
    program = Program(stack, "ts", split=False)
    out = ["import * as cdk from 'aws-cdk-lib';", "import { Template } from 'aws-cdk-lib/assertions';"]
    out += ["import { TapStack } from '../lib/tap-stack';", ""]
    out += _made("template", program, {SUFFIX: "test"})
    template = synthesized(stack, "test")
    out += ["describe('the stack', () => {"]
    out += case(
        "has these resources and no others", [("Object.keys(template.Resources).sort()", sorted(template["Resources"]))]
    )
    out += [
        "  it('keeps nothing when it is deleted', () => {",
        "    for (const resource of Object.values<{ DeletionPolicy?: string }>(template.Resources)) {",
        "      expect(resource.DeletionPolicy).not.toBe('Retain');",
        "    }",
        "  });",
        "});",
        "",
    ]
    for name, cases in _cases(stack, template):
        out += [f"describe('{name}', () => {{"]
        for title, pairs in cases:
            out += case(title, [(f"template.Resources.{name}.{'.'.join(path)}", value) for path, value in pairs])
        for tag in _tags(stack, template, name):
            out += [f"  it('is tagged with {tag['Key']}', () => {{"]
            out += [f"    expect(template.Resources.{name}.Properties.Tags).toContainEqual({ts(tag)});", "  });"]
        for file in [one for key, one in program.handlers.items() if key == name]:
            out += [f"  it('runs the code of {file[0]}', () => {{"]
            out += [f"    expect(template.Resources.{name}.Properties.Code.ZipFile).toContain('handler');", "  });"]
        out += ["});", ""]
    out += ["describe('the outputs', () => {"]
    for name, output in template["Outputs"].items():
        out += case(f"name {name}", [(f"template.Outputs.{name}", output)])
    if not template["Outputs"]:
        out += case("are none", [("template.Outputs", None)])
    out += ["});", ""]
    given = _given(program)
    if given:
        out += _made("given", program, {SUFFIX: "given", **given})
        out += ["describe('the stack with all arguments given', () => {"]
        for title, found in _differences(stack, given):
            out += case(title, [("given" + "".join(f".{part}" for part in path), value) for path, value in found])
        out += ["});", ""]
    return "\n".join(out)


def _made(name: str, program: Program, given: dict[str, Any]) -> list[str]:
    arguments = {program.name(key): value for key, value in given.items()}
    call = ts(Call("new TapStack", [Code("new cdk.App()"), f"TapStack{given[SUFFIX]}"], arguments), 0, 30, 12)
    return [f"const {name} = Template.fromStack({call}).toJSON();", ""]


def _python(stack: Stack) -> str:
    program = Program(stack, "py", split=False)
    template = synthesized(stack, "test")
    given = _given(program)
    out = ['"""Unit tests of the stack."""', "", "from typing import Any", "", "import aws_cdk as cdk", "import pytest"]
    out += ["from aws_cdk.assertions import Template", "", "from lib.tap_stack import TapStack"]
    out += _fixture("template", "synthesize", "The template of the stack.", program, {SUFFIX: "test"})
    if given:
        told = "The template of the stack with all arguments given."
        out += _fixture("full", "synthesize_with_all", told, program, {SUFFIX: "given", **given})
    tests = _Tests()
    tests.add(
        "has these resources and no others", ['assert sorted(template["Resources"]) == ', sorted(template["Resources"])]
    )
    keeps = 'assert all(one.get("DeletionPolicy") != "Retain" for one in template["Resources"].values())'
    tests.add("keeps nothing when it is deleted", [keeps])
    for name, cases in _cases(stack, template):
        for title, pairs in cases:
            places = [(f"template{_places(('Resources', name, *path))}", value) for path, value in pairs]
            tests.compare(f"{kebab(name)} {title}", places)
        for tag in _tags(stack, template, name):
            place = f'template["Resources"]["{name}"]["Properties"]["Tags"]'
            tests.add(f"{kebab(name)} is tagged with {tag['Key']}", [f"assert {py(tag)} in {place}"])
        for file in [one for key, one in program.handlers.items() if key == name]:
            place = f'template["Resources"]["{name}"]["Properties"]["Code"]["ZipFile"]'
            tests.add(f"{kebab(name)} runs the code of {file[0]}", [f'assert "handler" in {place}'])
    for name, output in template["Outputs"].items():
        tests.compare(f"output {kebab(name)}", [(f'template["Outputs"]["{name}"]', output)])
    if given:
        for title, found in _differences(stack, given):
            lines = [(f"full{_places(path)}", value) for path, value in found]
            tests.compare(f"{title} with all arguments given", lines, "full")
    return "\n".join([*out, *tests.lines, ""])


class _Tests:
    """Test functions, each under a name of its own."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: set[str] = set()

    def compare(self, title: str, pairs: list[tuple[str, Any]], fixture: str = "template") -> None:
        """A test that what is found at each place equals the value."""
        lines: list[Any] = []
        for place, value in pairs:
            if isinstance(value, bool):
                lines.append(f"assert {place} is {value}")
            else:
                lines += [f"assert {place} == ", value]
        self.add(title, lines, fixture)

    def add(self, title: str, body: list[Any], fixture: str = "template") -> None:
        """A test; a line of the body that ends with `== ` is followed by the value."""
        first = name = "test_" + re.sub(r"\W+", "_", title).strip("_").lower()
        number = 1
        while name in self.names:
            number += 1
            name = f"{first}_{number}"
        self.names.add(name)
        self.lines += [
            "",
            "",
            f"def {name}({fixture}: dict[str, Any]) -> None:",
            f'    """{title[0].upper()}{title[1:]}."""',
        ]
        rest = iter(body)
        for line in rest:
            self.lines.append(f"    {line}" + (py(next(rest), 4, len(line)) if line.endswith("== ") else ""))


def _fixture(name: str, function: str, told: str, program: Program, given: dict[str, Any]) -> list[str]:
    arguments = {program.name(key): value for key, value in given.items()}
    call = Call("TapStack", [Code("cdk.App()"), f"TapStack{given[SUFFIX]}"], arguments)
    out = ["", "", f'@pytest.fixture(name="{name}", scope="module")', f"def {function}() -> dict[str, Any]:"]
    return [
        *out,
        f'    """{told}"""',
        f"    stack = {py(call, 4, 8)}",
        "    return Template.from_stack(stack).to_json()",
    ]


def _cases(stack: Stack, template: dict[str, Any]) -> list[tuple[str, list[tuple[str, Found]]]]:
    """For each resource its cases; the code of functions, which stands in files of its own, is left out."""
    handled = Program(stack, "ts", split=False).handlers
    made = Stack({"Resources": template["Resources"]})
    found: list[tuple[str, list[tuple[str, Found]]]] = []
    for name in template["Resources"]:
        cases = [
            ("ends its name with the suffix" if _is_name(pairs) else title, pairs)
            for title, pairs in resource_cases(made, name)
            if name not in handled or pairs[0][0] != ("Properties", "Code")
        ]
        found.append((name, cases))
    return found


def _is_name(pairs: Found) -> bool:
    path, value = pairs[0]
    return len(pairs) == 1 and path[-1].endswith("Name") and str(value).endswith("-test")


def _tags(stack: Stack, template: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The tags that a resource has from the whole stack."""
    tags = stack.resources[name].get("Properties", {}).get("Tags")
    common = Program(stack, "ts", split=False).tags
    if not isinstance(tags, list):
        return []
    shown = {one["Key"]: one for one in tags if common.get(one["Key"]) == one["Value"]}
    outputs = {key: {"Value": one["Value"]} for key, one in shown.items()}
    probe = Stack({"Parameters": stack.template["Parameters"], "Outputs": outputs})
    made = synthesized(probe, "test")["Outputs"]
    return [{**one, "Value": made[key]["Value"]} for key, one in shown.items()]


def _given(program: Program) -> dict[str, Any]:
    """A value other than the default for every argument but the suffix."""
    given: dict[str, Any] = {}
    for name in program.parameters():
        default = program.default(name)
        if name == SUFFIX:
            continue
        if isinstance(default, int):
            given[name] = default + 1
        elif isinstance(default, list):
            given[name] = [*default, "another"]
        else:
            mark = next((one for one in ("Email", "Arn", "Domain") if one in name), "")
            given[name] = {
                "Email": "someone@example.com",
                "Arn": "arn:aws:acm::123456789012:certificate/given",
                "Domain": "given.example.org",
            }.get(mark, "given")
    return given


def _differences(stack: Stack, given: dict[str, Any]) -> list[tuple[str, list[tuple[tuple[str, ...], Any]]]]:
    """What the arguments change: the names of all resources, and the properties and outputs that are not as by default."""
    plain, full = synthesized(stack, "given"), synthesized(stack, "given", given)
    found: list[tuple[str, list[tuple[tuple[str, ...], Any]]]] = []
    for name, one in full["Resources"].items():
        before = plain["Resources"].get(name, {}).get("Properties", {})
        changed = {key: value for key, value in one.get("Properties", {}).items() if before.get(key) != value}
        pairs: Found = [(("Resources", name, "Properties", key), value) for key, value in changed.items()]
        if name not in plain["Resources"]:
            pairs.insert(0, (("Resources", name, "Type"), one["Type"]))
        if pairs:
            found.append((f"has {name} as asked", pairs))
    for name, one in full["Outputs"].items():
        if plain["Outputs"].get(name) != one:
            found.append((f"has the output {name} as asked", [(("Outputs", name), one)]))
    return found or [
        (
            "has the same resources",
            [(("Resources", name, "Type"), one["Type"]) for name, one in list(full["Resources"].items())[:1]],
        )
    ]


def _places(path: tuple[str, ...]) -> str:
    return "".join(f'["{one}"]' for one in path)
