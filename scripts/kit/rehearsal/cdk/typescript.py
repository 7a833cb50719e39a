"""CDK programs in TypeScript."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from kit.rehearsal.blueprints import kebab, listed
from kit.rehearsal.cdk.plan import Section
from kit.rehearsal.cdk.program import PROJECT, SUFFIX, Program, extras
from kit.rehearsal.source import Call, Code, ts

_LONG = 300  # lines of one constructor
_PAD = " " * 4
_SOURCE = """\
/** The code of a function, from lib/lambda. */
const source = (file: string): string => fs.readFileSync(path.join(__dirname, 'lambda', file), 'utf8');
"""


def files(stack: Any) -> dict[str, str]:
    """The files of a stack by path: one, or one for each section when that would be too long."""
    whole = Program(stack, "ts", split=False)
    body = [line for section in whole.plan.sections for line in _section(whole, section)]
    found = {"lib/tap-stack.ts": _single(whole, body)}
    if len("\n".join(body).splitlines()) > _LONG:
        parts = Program(stack, "ts", split=True)
        found = {"lib/tap-stack.ts": _main(parts)}
        if any(PROJECT in parts.asked(section) for section in parts.plan.sections):
            found["lib/project.ts"] = (
                f"/** Begins every name. */\nexport const PROJECT = {ts(whole.default(PROJECT))};\n"
            )
        for section in parts.plan.sections:
            found[f"lib/{kebab(section.name)}.ts"] = _part(parts, section)
    for folder, file, code in whole.handlers.values():
        found[f"lib/lambda/{folder}/{file}"] = code
    return found


def _single(program: Program, body: list[str]) -> str:
    asked = {name for section in program.plan.sections for name in program.asked(section)}
    modules = {key: one for section in program.plan.sections for key, one in program.modules(section).items()}
    out = _imports(modules, program.handlers != {})
    out += ["import { Construct } from 'constructs';", ""]
    if PROJECT in asked:
        out += ["/** Begins every name. */", f"const PROJECT = {ts(program.default(PROJECT))};", ""]
    if program.handlers:
        out += [*_SOURCE.splitlines(), ""]
    out += _opening(program, asked)
    out += _known(
        program,
        [one for one in [*program.stack.template["Parameters"], *program.stack.template["Conditions"]] if one in asked],
    )
    return "\n".join([*out, *body, "  }", "}", ""])


def _main(program: Program) -> str:
    """The stack that puts the sections together."""
    asked = {name for section in program.plan.sections for name in program.asked(section)}
    out = ["import * as cdk from 'aws-cdk-lib';", "import { Construct } from 'constructs';"]
    out += [
        f"import {{ {one.name} }} from './{kebab(one.name)}';"
        for one in sorted(program.plan.sections, key=lambda one: one.name)
    ]
    if PROJECT in str(program.tags):
        out.append("import { PROJECT } from './project';")
    out += ["", *_opening(program, asked), ""]
    used = {other.name for section in program.plan.sections for other in program.earlier(section)}
    for section in program.plan.sections:
        given = {program.name(one): Code(program.name(one)) for one in _settings(program, section)}
        given |= {program.name(one.name): Code(program.name(one.name)) for one in program.earlier(section)}
        call = Call(f"new {section.name}", [Code("this")], given)
        start = f"const {program.name(section.name)} = " if section.name in used else ""
        out.append(f"{_PAD}{start}{ts(call, 4, len(start))};")
    return "\n".join([*out, "  }", "}", ""])


def _part(program: Program, section: Section) -> str:
    """The class of one section."""
    asked = program.asked(section)
    settings, earlier = _settings(program, section), program.earlier(section)
    out = _imports(program.modules(section), any(one in program.handlers for one in section.members))
    out += [f"import {{ {one.name} }} from './{kebab(one.name)}';" for one in sorted(earlier, key=lambda one: one.name)]
    out += ["import { PROJECT } from './project';"] * (PROJECT in asked) + [""]
    if any(one in program.handlers for one in section.members):
        out += [*_SOURCE.splitlines(), ""]
    if settings or earlier:
        out += [f"export interface {section.name}Props {{"]
        out += [f"  {program.name(one)}: {_type(program, one)};" for one in settings]
        out += [f"  {program.name(one.name)}: {one.name};" for one in earlier] + ["}", ""]
    out += [f"/** {section.says}. */", f"export class {section.name} {{"]
    shown = program.shown(section)
    out += [
        f"  readonly {program.variables[one]}: {program.construct(program.stack.resources[one]['Type'])};"
        for one in shown
    ]
    more = f", props: {section.name}Props" if settings or earlier else ""
    out += [""] * bool(shown) + [f"  constructor(stack: cdk.Stack{more}) {{"]
    if settings or earlier:
        names = [program.name(one) for one in settings] + [program.name(one.name) for one in earlier]
        out.append(f"{_PAD}const {{ {', '.join(names)} }} = props;")
    out += _known(program, asked, "stack")
    return "\n".join([*out, *_section(program, section)[1:], "  }", "}", ""])


def _imports(modules: dict[str, str], reads: bool) -> list[str]:
    out = ["import * as fs from 'fs';", "import * as path from 'path';"] * reads
    out += ["import * as cdk from 'aws-cdk-lib';"]
    return out + [
        f"import * as {alias} from 'aws-cdk-lib/aws-{modules[alias]}';"
        for alias in sorted(modules, key=lambda one: modules[one])
    ]


def _settings(program: Program, section: Section) -> list[str]:
    return [one for one in program.asked(section) if one in program.parameters()]


def _type(program: Program, name: str) -> str:
    return {int: "number", list: "string[]"}.get(type(program.default(name)), "string")


def _opening(program: Program, asked: set[str]) -> list[str]:
    """The interface of the arguments, and the class up to the names of its arguments."""
    parameters = program.parameters()
    out = ["export interface TapStackProps extends cdk.StackProps {"]
    for name, one in parameters.items():
        out += [f"  /** {one.get('Description', name).rstrip('.')}. */"]
        out += [f"  {program.name(name)}{'' if name == SUFFIX else '?'}: {_type(program, name)};"]
    title = str(program.stack.template.get("Description", "")).rstrip(".") or "The stack of the task"
    out += ["}", "", f"/** {title}. */", "export class TapStack extends cdk.Stack {"]
    out += ["  constructor(scope: Construct, id: string, props: TapStackProps) {", f"{_PAD}super(scope, id, props);"]
    wanted = asked | {one for one in parameters if one in str(program.tags)}
    named = [
        program.name(one) + ("" if one == SUFFIX else f" = {ts(program.default(one))}")
        for one in parameters
        if one in wanted
    ]
    out += [f"{_PAD}const {{ {', '.join(named)} }} = props;"] * bool(named)
    values = program.values()
    for key, value in program.tags.items():
        out.append(f"{_PAD}cdk.Tags.of(this).add({ts(key)}, {ts(values.value(value))});")
    return out


def _known(program: Program, asked: list[str], scope: str = "this") -> list[str]:
    """The constants of stored parameters and of conditions."""
    out: list[str] = []
    for name in asked:
        kind = program.stored(name)
        if kind:
            path, value = ts(program.default(name)), f"ssm.ParameterValueType.{kind}"
            call = Call("ssm.StringParameter.valueForTypedStringParameterV2", [Code(scope), Code(path), Code(value)])
            start = f"const {program.name(name)} = "
            out.append(f"{_PAD}{start}{ts(call, 4, len(start))};")
        elif name in program.stack.template["Conditions"]:
            test = program.values().test(program.stack.template["Conditions"][name])
            out.append(f"{_PAD}const {program.name(name)} = {test};")
    return out


def _section(program: Program, section: Section) -> list[str]:
    """The statements of a section, below a comment that says what it is; in a class of its own the class says it."""
    out = [""] if program.split else ["", f"{_PAD}// {section.says}"]
    resources = program.stack.resources
    for condition, members in groupby(section.members, lambda name: resources[name].get("Condition", "")):
        statements = [_statement(program, section, name, 6 if condition else 4) for name in members]
        out += _guarded(program, condition, [line for lines in statements for line in lines])
    outputs = program.stack.template["Outputs"]
    for condition, names in groupby(section.outputs, lambda name: outputs[name].get("Condition", "")):
        out += _guarded(program, condition, [_output(program, section, name, 6 if condition else 4) for name in names])
    return out


def _guarded(program: Program, condition: str, lines: list[str]) -> list[str]:
    return [f"{_PAD}if ({program.name(condition)}) {{", *lines, f"{_PAD}}}"] if condition else lines


def _scope(program: Program) -> Code:
    return Code("stack" if program.split else "this")


def _statement(program: Program, section: Section, name: str, depth: int) -> list[str]:
    one, pad = program.stack.resources[name], " " * depth
    call = Call(f"new {program.construct(one['Type'])}", [_scope(program), name], program.arguments(name, section))
    known = program.values(section).resource(name)
    start = ""
    if program.is_named(name):
        start = f"{known} = " if "." in known else f"const {known} = "
    out = [f"{pad}{start}{ts(call, depth, len(start))};"]
    for other in listed(one.get("DependsOn")):
        out.append(f"{pad}{known}.addResourceDependency({program.values(section).resource(other)});")
    for key, value in extras(one).items():
        if key == "DeletionPolicy":
            policy = {"Delete": "DESTROY"}.get(value, str(value).upper())
            out.append(f"{pad}{known}.applyRemovalPolicy(cdk.RemovalPolicy.{policy});")
        elif key != "UpdateReplacePolicy":
            out.append(f"{pad}{known}.addOverride({ts(key)}, {ts(value, depth, 40)});")
    return out


def _output(program: Program, section: Section, name: str, depth: int) -> str:
    one = program.stack.template["Outputs"][name]
    given = {"description": one.get("Description"), "value": program.values(section).value(one["Value"])}
    taken = name in program.stack.resources
    call = Call(
        "new cdk.CfnOutput",
        [_scope(program), f"{name}Output" if taken else name],
        {key: value for key, value in given.items() if value},
    )
    return f"{' ' * depth}{ts(call, depth)}{f'.overrideLogicalId({ts(name)})' if taken else ''};"
