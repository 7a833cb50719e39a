"""Pulumi programs in TypeScript."""

from __future__ import annotations

from typing import Any

from kit.rehearsal.blueprints import shared
from kit.rehearsal.pulumi.names import Word, arguments, attribute, camel, class_of
from kit.rehearsal.pulumi.program import Part, grouped, parts, service_of, shown, used_by, variables, waits_for
from kit.rehearsal.pulumi.values import LOOKUPS, Scope, constant_name
from kit.rehearsal.source import Call, Code, ts
from kit.rehearsal.terraform.graph import Graph, Node

LONG = 300
_OPTIONS = "opts?: pulumi.ComponentResourceOptions"


def files(graph: Graph, project: str, about: str) -> dict[str, str]:
    """The files of a program by path: the stack, its subjects when it is long, and the exports."""
    made = {"lib/tap-stack.ts": _single(graph, project, about)}
    if made["lib/tap-stack.ts"].count("\n") > LONG:
        made = _several(graph, project, about)
    return made | {"bin/tap.ts": _entry(graph)}


def _entry(graph: Graph) -> str:
    names = [name + ("," if len(graph.outputs) > 3 else "") for name in graph.outputs]
    listed = "\n  " + "\n  ".join(names) + "\n" if len(names) > 3 else f" {', '.join(names)} "
    lines = [
        "import { TapStack } from '../lib/tap-stack';",
        "",
        "const environmentSuffix = process.env.ENVIRONMENT_SUFFIX || 'dev';",
        f"{'const stack = ' if names else ''}new TapStack('tap-stack', {{ environmentSuffix }});",
        *(["", f"export const {{{listed}}} = stack.outputs;"] if names else []),
    ]
    return "\n".join([*lines, ""])


def _single(graph: Graph, project: str, about: str) -> str:
    scope = Scope(graph, "ts", variables(graph.nodes, "ts"))
    body = _body(scope, grouped(graph.nodes), shown(graph).union(*map(used_by, graph.nodes)))
    end = _outputs(scope, graph)
    head = [*_imports(scope), "", *_constants(scope, project, "const "), *_helpers(scope)]
    return "\n".join([*head, *_stack(about, [*_begin(scope, []), *body], end), ""])


def _several(graph: Graph, project: str, about: str) -> dict[str, str]:
    made: dict[str, str] = {}
    laid = parts(graph)
    names = variables(graph.nodes, "ts")
    needed: set[str] = set()
    for part in laid:
        made[f"lib/{part.name}.ts"], scope = _part(graph, part, laid, names)
        needed |= scope.needs
    said = {one: f"{part.name}.{names[one]}" for part in laid for one in part.open}
    scope = Scope(graph, "ts", said)
    end = _outputs(scope, graph)
    whole = Scope(graph, "ts", needs=needed | scope.needs)
    settings = _constants(whole, project, "export const ")
    if settings:
        made["lib/settings.ts"] = "\n".join(settings)
    body: list[str] = []
    kept = {text.partition(".")[0] for text in said.values()}
    for part in laid:
        given: dict[str, Any] = {"environmentSuffix": Code("environmentSuffix")}
        given |= {name: Code(name) for name in part.uses}
        held = f"const {part.name} = " if part.name in kept else ""
        body.append(f"    {held}new {part.name.capitalize()}('{part.name}', {ts(given, 4, 40)}, {{ parent: this }});")
    scope.needs.add("suffix")
    imports = _imports(scope)
    imports += [
        f"import {{ {part.name.capitalize()} }} from './{part.name}';"
        for part in sorted(laid, key=lambda one: one.name)
    ]
    imports += _settings_import(scope)
    head = [*imports, "", *_helpers(scope)]
    made["lib/tap-stack.ts"] = "\n".join([*head, *_stack(about, [*_begin(scope, []), *body], end), ""])
    return {path: made[path] for path in ["lib/tap-stack.ts", *sorted(made.keys() - {"lib/tap-stack.ts"})]}


def _part(graph: Graph, part: Part, laid: list[Part], names: dict[str, str]) -> tuple[str, Scope]:
    own = {one.id for one in part.nodes}
    said = {one.id: names[one.id] for one in part.nodes}
    said |= {one: f"{other.name}.{names[one]}" for other in laid for one in other.open if one not in own}
    scope = Scope(graph, "ts", said)
    body = _body(scope, part.nodes, set(part.open).union(*map(used_by, part.nodes)))
    title = part.name.capitalize()
    begin = _begin(scope, part.uses)
    fields = [f"  public readonly {names[one]}: {_type(scope.nodes[one])};" for one in part.open]
    imports = _imports(scope)
    imports += sorted(
        [f"import {{ {name.capitalize()} }} from './{name}';" for name in part.uses] + _settings_import(scope),
        key=lambda line: line.partition(" from ")[2],
    )
    lines = [
        *imports,
        "",
        *_helpers(scope),
        f"export interface {title}Args {{",
        "  environmentSuffix: string;",
        *[f"  {name}: {name.capitalize()};" for name in part.uses],
        "}",
        "",
        f"/** {part.about} */",
        f"export class {title} extends pulumi.ComponentResource {{",
        *fields,
        *([""] if fields else []),
        f"  constructor(name: string, args: {title}Args, {_OPTIONS}) {{",
        f"    super('tap:stack:{title}', name, {{}}, opts);",
        *begin,
        *body,
        "",
        *[f"    this.{names[one]} = {names[one]};" for one in part.open],
        "    this.registerOutputs();",
        "  }",
        "}",
    ]
    return "\n".join([*lines, ""]), scope


def _stack(about: str, body: list[str], end: list[str]) -> list[str]:
    return [
        "export interface TapStackArgs {",
        "  /** Suffix of every name, so that several environments can live side by side. */",
        "  environmentSuffix: string;",
        "}",
        "",
        f"/** {about} */",
        "export class TapStack extends pulumi.ComponentResource {",
        "  /** What those who use the stack have to know, by name. */",
        "  public readonly outputs: Record<string, pulumi.Input<string | number>>;",
        "",
        f"  constructor(name: string, args: TapStackArgs, {_OPTIONS}) {{",
        "    super('tap:stack:TapStack', name, {}, opts);",
        *body,
        "",
        *end,
        "    this.registerOutputs(this.outputs);",
        "  }",
        "}",
    ]


def _begin(scope: Scope, uses: list[str]) -> list[str]:
    """The arguments taken apart, and what the provider is asked."""
    taken = [*(["environmentSuffix"] if "suffix" in scope.needs else []), *uses]
    lines = [f"    const {{ {', '.join(taken)} }} = args;"] if taken else []
    for variable, function in LOOKUPS.items():
        if variable in scope.needs:
            asked = "{ state: 'available' }" if variable == "zones" else ""
            lines.append(f"    const {variable} = aws.{camel(function)}Output({asked});")
    return lines


def _body(scope: Scope, nodes: list[Node], used: set[str]) -> list[str]:
    lines: list[str] = []
    service = ""
    for node in nodes:
        if service_of(node) != service:
            service = service_of(node)
            lines += [f"\n    // {service}" if service else ""]
        held = f"const {scope.said[node.id]} = " if node.id in used else ""
        lines.append(f"    {held}{ts(_declared(scope, node), 4, len(held))};")
    return lines


def _declared(scope: Scope, node: Node) -> Call:
    scope.needs.add("aws")
    if node.data:
        lookup = shared("pulumi")["lookups"][node.type]
        module, _, function = lookup["function"].partition(".")
        asked = arguments(node.type, lookup.get("asks", node.arguments))
        return Call(f"aws.{module}.{camel(function)}Output", [scope.value(asked)])
    options: dict[str, Any] = {"parent": Code("this")}
    if waits_for(node):
        options["dependsOn"] = [Code(scope.said[one]) for one in waits_for(node)]
    if node.ignore_changes:
        options["ignoreChanges"] = [camel(attribute(node.type, one)) for one in node.ignore_changes]
    return Call(f"new aws.{class_of(node.type)}", [node.id, scope.value(arguments(node.type, node.arguments)), options])


def _type(node: Node) -> str:
    if node.data:
        module, _, function = shared("pulumi")["lookups"][node.type]["function"].partition(".")
        answer = camel(function)
        return f"pulumi.Output<aws.{module}.{answer[0].upper()}{answer[1:]}Result>"
    return f"aws.{class_of(node.type)}"


def _outputs(scope: Scope, graph: Graph) -> list[str]:
    given = {Word(name): value for name, (_, value) in graph.outputs.items()}
    return [f"    this.outputs = {ts(scope.value(given), 4, 15)};"]


def _imports(scope: Scope) -> list[str]:
    lines = ["import * as path from 'path';"] if "path" in scope.needs else []
    lines += ["import * as aws from '@pulumi/aws';"] if "aws" in scope.needs else []
    return [*lines, "import * as pulumi from '@pulumi/pulumi';"]


def _settings_import(scope: Scope) -> list[str]:
    names = _constant_names(scope)
    return [f"import {{ {', '.join(names)} }} from './settings';"] if names else []


def _constant_names(scope: Scope) -> list[str]:
    known = {constant_name(name) for name in scope.graph.variables} | {"PROJECT"}
    return sorted(known & scope.needs)


def _constants(scope: Scope, project: str, begin: str) -> list[str]:
    lines = [f"{begin}PROJECT = {ts(project)};"] if "PROJECT" in scope.needs else []
    for name, (about, default) in scope.graph.variables.items():
        if constant_name(name) in scope.needs:
            lines += [f"/** {about}. */", f"{begin}{constant_name(name)} = {ts(default)};"]
    return [*lines, ""] if lines else []


def _helpers(scope: Scope) -> list[str]:
    if "encoded" not in scope.needs:
        return []
    return ["const encoded = (text: string): string => Buffer.from(text).toString('base64');", ""]
