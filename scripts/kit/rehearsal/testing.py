"""The tests of a template: unit tests that look at every part of it, integration tests that use what was deployed."""

from __future__ import annotations

import json
import re
from typing import Any

from kit.rehearsal.blueprints import body, listed, shared
from kit.rehearsal.mending import done_texts
from kit.rehearsal.stack import Instance, Stack
from kit.rehearsal.wirings import Case, typescript, wirings


def unit_tests(stack: Stack) -> str:
    """The text of test/tap-stack.unit.test.ts."""
    template = stack.template
    out = ["import { template } from '../jest/template';", ""]
    out += ["describe('the template', () => {"]
    out += case(
        "says which format it has and what it is",
        [
            ("template.AWSTemplateFormatVersion", template["AWSTemplateFormatVersion"]),
            ("template.Description", template.get("Description", "")),
        ],
    )
    for name, parameter in template.get("Parameters", {}).items():
        out += case(f"takes the parameter {name}", [(f"template.Parameters.{name}", parameter)])
    for name, mapping in template.get("Mappings", {}).items():
        out += case(f"maps {name}", [(f"template.Mappings.{name}", mapping)])
    for name, condition in template.get("Conditions", {}).items():
        out += case(f"decides {name}", [(f"template.Conditions.{name}", condition)])
    out += case(
        "has these resources and no others", [("Object.keys(template.Resources).sort()", sorted(stack.resources))]
    )
    out += [
        "  it('keeps nothing when it is deleted', () => {",
        "    for (const resource of Object.values<any>(template.Resources)) {",
        "      expect(resource.DeletionPolicy).not.toBe('Retain');",
        "    }",
        "  });",
        "});",
        "",
    ]
    for name in stack.resources:
        out += _resource(stack, name)
    out += ["describe('the outputs', () => {"]
    for name, output in template.get("Outputs", {}).items():
        out += case(f"name {name}", [(f"template.Outputs.{name}", output)])
    if not template.get("Outputs"):
        out += case("are none", [("template.Outputs", None)])
    return "\n".join([*out, "});", ""])


def _resource(stack: Stack, name: str) -> list[str]:
    out = [f"describe('{name}', () => {{"]
    for title, pairs in resource_cases(stack, name):
        out += case(title, [(f"template.Resources.{name}.{'.'.join(path)}", value) for path, value in pairs])
    return [*out, "});", ""]


def resource_cases(stack: Stack, name: str) -> list[tuple[str, list[tuple[tuple[str, ...], Any]]]]:
    """What tests look at in one resource: a title, and where which value is to be found."""
    resource = stack.resources[name]
    attributes = [((key,), value) for key, value in resource.items() if key != "Properties"]
    found: list[tuple[str, list[tuple[tuple[str, ...], Any]]]] = [(f"is one {resource['Type']}", list(attributes))]
    told: set[str] = set()
    for words, properties in done_texts(stack, name):
        if not told & set(properties):
            told |= set(properties)
            found.append((words, [(("Properties", key), value) for key, value in properties.items()]))
    for key, value in resource.get("Properties", {}).items():
        if key not in told:
            suffix = key.endswith("Name") and "EnvironmentSuffix" in json.dumps(value)
            title = "ends its name with the suffix" if suffix else f"sets {key}"
            found.append((title, [(("Properties", key), value)]))
    return found


def case(title: str, pairs: list[tuple[str, Any]]) -> list[str]:
    """One test in TypeScript: what is found at each place equals the value; None: nothing is there."""
    lines = [f"  it({_literal(title, 0)}, () => {{"]
    for place, value in pairs:
        if isinstance(value, dict | list):
            lines.append(f"    expect({place}).toEqual({_literal(value, 4)});")
        elif value is None:
            lines.append(f"    expect({place}).toBeUndefined();")
        else:
            lines.append(f"    expect({place}).toBe({_literal(value, 4)});")
    return [*lines, "  });"]


def _literal(value: Any, depth: int) -> str:
    """A value as TypeScript, indented as prettier does."""
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)[1:-1].replace('\\"', '"')
        return "'" + text.replace("'", "\\'") + "'"
    if not isinstance(value, dict | list) or not value:
        return json.dumps(value)
    pad = " " * (depth + 2)
    if isinstance(value, list):
        items = [f"{pad}{_literal(one, depth + 2)}," for one in value]
        lines = ["[", *items, " " * depth + "]"]
    else:
        keys = {key: key if re.fullmatch(r"[A-Za-z_$][\w$]*", key) else _literal(key, 0) for key in value}
        items = [f"{pad}{keys[key]}: {_literal(one, depth + 2)}," for key, one in value.items()]
        lines = ["{", *items, " " * depth + "}"]
    flat = " ".join(line.strip() for line in lines)
    flat = flat.replace(", }", " }").replace(", ]", "]").replace("[ ", "[")
    return flat if len(flat) + depth < 70 and "\n" not in flat else "\n".join(lines)


def integration_tests(stack: Stack, package: str = "", cloudformation: bool = True) -> str:
    """The text of test/tap-stack.int.test.ts.

    `package` is the text of package.json: clients that it does not bring are not imported; what they would have looked at
    is looked up through CloudFormation instead, or left out where the program is deployed by other means
    (`cloudformation=False`). Empty: all are taken to be there.
    """
    cases: list[Case] = []
    for instance in stack.adopt():
        for spec in body(instance.service).get("integration", []):
            found = integration_case(stack, instance, spec, "body")
            if found and not spec.get("looked_up") and _present(found[2], package):
                cases.append(found)
            elif found and cloudformation:
                cases += _looked_up(stack, instance, spec)
    cases += [case for case in map(typescript, wirings(stack)) if _present(case[2], package)]
    commands: dict[str, list[str]] = {}
    for _, _, uses in cases:
        for client, names in uses.items():
            commands[client] = sorted({*commands.get(client, []), *names})
    return _file(cases, commands)


def _present(uses: dict[str, list[str]], package: str) -> bool:
    return not package or all(f'"{shared("clients")[client][0]}"' in package for client in uses)


def _looked_up(stack: Stack, instance: Instance, spec: dict[str, Any]) -> list[Case]:
    for local in listed(spec["outputs"]):
        value = stack.template["Outputs"][instance.role + local]["Value"]
        name = value.get("Ref", "") if isinstance(value, dict) else ""
        if name in stack.resources:
            lines = [
                "const StackName = `TapStack${process.env.ENVIRONMENT_SUFFIX ?? 'dev'}`;",
                f"const asked = {{ StackName, LogicalResourceId: '{name}' }};",
                "const { StackResourceDetail } = await cloudformation.send(new DescribeStackResourceCommand(asked));",
                f"expect(StackResourceDetail!.ResourceType).toBe('{stack.resources[name]['Type']}');",
                f"expect(StackResourceDetail!.PhysicalResourceId).toBe(outputs.{instance.role + local});",
            ]
            return [(f"has {name} among its resources", lines, {"cloudformation": ["DescribeStackResourceCommand"]})]
    return []


def integration_case(stack: Stack, instance: Instance, spec: dict[str, Any], key: str) -> Case | None:
    """One `integration:` entry filled in; None when the stack does not call for it.

    Its lines are those of `key`: `body` in TypeScript, `python`. An entry with `looked_up` has nothing that TypeScript can ask.
    """
    names = {local: instance.role + local for local in listed(spec.get("outputs"))}
    if any(name not in stack.template["Outputs"] for name in names.values()):
        return None
    state = _state(stack, instance.main)
    if (spec.get("when") and spec["when"] not in state) or spec.get("unless") in state:
        return None
    tokens = {**instance.tokens, **names}
    text = re.sub(
        r"<(\w+)>", lambda match: str(tokens.get(match[1], match[0])), spec["title"] + "\n" + spec.get(key, "")
    )
    title, *lines = text.rstrip().splitlines()
    return title, lines, spec["uses"]


def _state(stack: Stack, name: str) -> set[str]:
    """`consumed` when a function takes what comes to the resource."""
    for one in stack.resources.values():
        source = one.get("Properties", {}).get("EventSourceArn")
        if isinstance(source, dict) and source.get("Fn::GetAtt", [""])[0] == name:
            return {"consumed"}
    return set()


def _file(cases: list[Case], commands: dict[str, list[str]]) -> str:
    out: list[str] = []
    clients = shared("clients")
    for client in sorted(commands):
        package, kind, *_ = clients[client]
        names = sorted([kind, *commands[client]])
        one_line = f"import {{ {', '.join(names)} }} from '{package}';"
        out += (
            [one_line]
            if len(one_line) < 100
            else ["import {", *[f"  {name}," for name in names], f"}} from '{package}';"]
        )
    out += [
        "import { outputs } from '../jest/outputs';",
        "",
        "// The endpoint is an emulator's, or none for AWS itself.",
        "const endpoint = process.env.AWS_ENDPOINT_URL;",
        "const config = { region: process.env.AWS_REGION, ...(endpoint ? { endpoint } : {}) };",
    ]
    for client in sorted(commands):
        _, kind, variable, *options = clients[client]
        out.append(f"const {variable} = new {kind}({options[0] if options else 'config'});")
    out += ["", "describe('the deployed stack', () => {"]
    if not cases:
        out += ["  it('has outputs', () => {", "    expect(Object.keys(outputs).length).toBeGreaterThan(0);", "  });"]
    for number, (title, lines, _) in enumerate(cases):
        out += [""] * (number > 0) + [f"  it({_literal(title, 0)}, async () => {{"]
        out += [f"    {line}" if line else "" for line in lines] + ["  }, 60000);"]
    return "\n".join([*out, "});", ""])
