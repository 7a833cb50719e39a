"""CDK programs in Python."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from kit.rehearsal.blueprints import listed
from kit.rehearsal.cdk.plan import Section
from kit.rehearsal.cdk.program import PROJECT, SUFFIX, Program, extras
from kit.rehearsal.source import Call, Code, py, snake

_LONG = 300  # lines of one __init__
_PAD = " " * 8
_SOURCE = '''\
def source(file: str) -> str:
    """The code of a function, from lib/lambda."""
    return (Path(__file__).parent / "lambda" / file).read_text(encoding="utf-8")
'''


def files(stack: Any) -> dict[str, str]:
    """The files of a stack by path: one, or one for each section when that would be too long."""
    whole = Program(stack, "py", split=False)
    body = [line for section in whole.plan.sections for line in _section(whole, section)]
    found = {"lib/tap_stack.py": _single(whole, body)}
    if len("\n".join(body).splitlines()) > _LONG:
        parts = Program(stack, "py", split=True)
        found = {"lib/tap_stack.py": _main(parts)}
        if any(PROJECT in parts.asked(section) for section in parts.plan.sections):
            name = py(whole.default(PROJECT))
            found["lib/project.py"] = (
                f'"""What all parts of the stack share."""\n\n# Begins every name.\nPROJECT = {name}\n'
            )
        for section in parts.plan.sections:
            found[f"lib/{snake(section.name)}.py"] = _part(parts, section)
    for folder, file, code in whole.handlers.values():
        found[f"lib/lambda/{folder}/{file}"] = code
    return found


def _single(program: Program, body: list[str]) -> str:
    asked = {name for section in program.plan.sections for name in program.asked(section)}
    modules = {key: one for section in program.plan.sections for key, one in program.modules(section).items()}
    out = _head(
        program, ["from typing import Any"], modules, ["from constructs import Construct"], program.handlers != {}
    )
    if PROJECT in asked:
        out += ["", "# Begins every name.", f"PROJECT = {py(program.default(PROJECT))}"]
    if program.handlers:
        out += ["", "", *_SOURCE.splitlines()]
    out += ["", "", *_opening(program, asked)]
    named = [*program.stack.template["Parameters"], *program.stack.template["Conditions"]]
    out += _known(program, [one for one in named if one in asked], "self")
    return "\n".join([*out, *body, ""])


def _main(program: Program) -> str:
    """The stack that puts the sections together."""
    asked = {name for section in program.plan.sections for name in program.asked(section)}
    out = [*_head(program, ["from typing import Any"], {}, ["from constructs import Construct"], False), ""]
    local = {snake(one.name): one.name for one in program.plan.sections}
    local |= {"project": "PROJECT"} if PROJECT in str(program.tags) else {}
    out += [f"from lib.{one} import {local[one]}" for one in sorted(local)]
    out += ["", "", *_opening(program, asked), ""]
    used = {other.name for section in program.plan.sections for other in program.earlier(section)}
    for section in program.plan.sections:
        given = {program.name(one): Code(program.name(one)) for one in _settings(program, section)}
        given |= {program.name(one.name): Code(program.name(one.name)) for one in program.earlier(section)}
        start = f"{program.name(section.name)} = " if section.name in used else ""
        out.append(f"{_PAD}{start}{py(Call(section.name, [Code('self')], given), 8, len(start))}")
    return "\n".join([*out, ""])


def _part(program: Program, section: Section) -> str:
    """The class of one section."""
    asked, earlier = program.asked(section), program.earlier(section)
    reads = any(one in program.handlers for one in section.members)
    out = _head(program, [], program.modules(section), [], reads, f"{section.says}.")
    local = {snake(one.name): one.name for one in earlier} | ({"project": "PROJECT"} if PROJECT in asked else {})
    out += [""] * bool(local) + [f"from lib.{one} import {local[one]}" for one in sorted(local)]
    out += ["", "", *_SOURCE.splitlines()] * reads
    words = [f"{program.name(one)}: {_type(program, one)}" for one in _settings(program, section)]
    words += [f"{program.name(one.name)}: {one.name}" for one in earlier]
    out += ["", "", f"class {section.name}:", f'    """{section.says}."""', ""]
    out += _signature(["self", "stack: cdk.Stack", *(["*", *words] if words else [])])
    body = [*_known(program, asked, "stack"), *_section(program, section)[1:]]
    return "\n".join([*out, *body, ""])


def _head(
    program: Program, standard: list[str], modules: dict[str, str], others: list[str], reads: bool, says: str = ""
) -> list[str]:
    """The docstring and the imports."""
    title = says or str(program.stack.template.get("Description", "")) or "The stack of the task."
    standard = ["from pathlib import Path"] * reads + standard
    out = [f'"""{title.rstrip(".")}."""', "", *standard, *[""] * bool(standard), "import aws_cdk as cdk"]
    names = sorted(
        f"aws_{name}" + (f" as {alias}" if alias != f"aws_{name}" else "") for alias, name in modules.items()
    )
    one = f"from aws_cdk import {', '.join(names)}"
    if names:
        out += [one] if len(one) <= 100 else ["from aws_cdk import (", *[f"    {name}," for name in names], ")"]
    return out + others


def _settings(program: Program, section: Section) -> list[str]:
    return [one for one in program.asked(section) if one in program.parameters()]


def _type(program: Program, name: str) -> str:
    return {int: "int", list: "list[str]"}.get(type(program.default(name)), "str")


def _signature(words: list[str]) -> list[str]:
    line = f"    def __init__({', '.join(words)}) -> None:"
    if len(line) <= 110:
        return [line]
    return ["    def __init__(", *[f"{_PAD}{word}," for word in words], "    ) -> None:"]


def _opening(program: Program, asked: set[str]) -> list[str]:
    """The class up to the names of its arguments."""
    parameters = program.parameters()
    words = []
    for name in parameters:
        default = "" if name == SUFFIX else f" = {py(program.default(name))}"
        words.append(f"{program.name(name)}: {_type(program, name)}{default}")
    told = [f"{program.name(name)}: {one.get('Description', name).rstrip('.')}." for name, one in parameters.items()]
    out = [
        "class TapStack(cdk.Stack):",
        '    """The stack of the task.',
        "",
        *[f"    {one}" for one in told],
        '    """',
        "",
    ]
    out += _signature(["self", "scope: Construct", "construct_id: str", "*", *words, "**kwargs: Any"])
    out.append(f"{_PAD}super().__init__(scope, construct_id, **kwargs)")
    for key, value in program.tags.items():
        out.append(f"{_PAD}cdk.Tags.of(self).add({py(key)}, {py(program.values().value(value))})")
    return out


def _known(program: Program, asked: list[str], scope: str) -> list[str]:
    """The variables of stored parameters and of conditions."""
    out: list[str] = []
    for name in asked:
        start = f"{program.name(name)} = "
        kind = program.stored(name)
        if kind:
            given = [Code(scope), program.default(name), Code(f"ssm.ParameterValueType.{kind}")]
            call = Call("ssm.StringParameter.value_for_typed_string_parameter_v2", given)
            out.append(f"{_PAD}{start}{py(call, 8, len(start))}")
        elif name in program.stack.template["Conditions"]:
            out.append(f"{_PAD}{start}{program.values().test(program.stack.template['Conditions'][name])}")
    return out


def _section(program: Program, section: Section) -> list[str]:
    """The statements of a section, below a comment that says what it is; in a class of its own the class says it."""
    out = [""] if program.split else ["", f"{_PAD}# {section.says}"]
    resources = program.stack.resources
    for condition, members in groupby(section.members, lambda name: resources[name].get("Condition", "")):
        statements = [_statement(program, section, name, 12 if condition else 8) for name in members]
        out += _guarded(program, condition, [line for lines in statements for line in lines])
    outputs = program.stack.template["Outputs"]
    for condition, names in groupby(section.outputs, lambda name: outputs[name].get("Condition", "")):
        out += _guarded(program, condition, [_output(program, section, name, 12 if condition else 8) for name in names])
    return out


def _guarded(program: Program, condition: str, lines: list[str]) -> list[str]:
    return [f"{_PAD}if {program.name(condition)}:", *lines] if condition else lines


def _scope(program: Program) -> Code:
    return Code("stack" if program.split else "self")


def _statement(program: Program, section: Section, name: str, depth: int) -> list[str]:
    one, pad = program.stack.resources[name], " " * depth
    call = Call(program.construct(one["Type"]), [_scope(program), name], program.arguments(name, section))
    known = program.values(section).resource(name)
    start = f"{known} = " if program.is_named(name) else ""
    out = [f"{pad}{start}{py(call, depth, len(start))}"]
    for other in listed(one.get("DependsOn")):
        out.append(f"{pad}{known}.add_resource_dependency({program.values(section).resource(other)})")
    for key, value in extras(one).items():
        if key == "DeletionPolicy":
            policy = {"Delete": "DESTROY"}.get(value, str(value).upper())
            out.append(f"{pad}{known}.apply_removal_policy(cdk.RemovalPolicy.{policy})")
        elif key != "UpdateReplacePolicy":
            out.append(f"{pad}{known}.add_override({py(key)}, {py(value, depth, 40)})")
    return out


def _output(program: Program, section: Section, name: str, depth: int) -> str:
    one = program.stack.template["Outputs"][name]
    given = {"description": one.get("Description"), "value": program.values(section).value(one["Value"])}
    taken = name in program.stack.resources
    named = {key: value for key, value in given.items() if value}
    call = Call("cdk.CfnOutput", [_scope(program), f"{name}Output" if taken else name], named)
    return f"{' ' * depth}{py(call, depth)}{f'.override_logical_id({py(name)})' if taken else ''}"
