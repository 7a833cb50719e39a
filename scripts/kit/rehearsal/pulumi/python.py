"""Pulumi programs in Python."""

from __future__ import annotations

from typing import Any

from kit.rehearsal.blueprints import shared
from kit.rehearsal.pulumi.names import Word, arguments, attribute, camel, class_of
from kit.rehearsal.pulumi.program import Part, grouped, parts, service_of, shown, used_by, variables, waits_for
from kit.rehearsal.pulumi.values import LOOKUPS, Scope, constant_name
from kit.rehearsal.source import Call, Code, py
from kit.rehearsal.terraform.graph import Graph, Node

LONG = 300


def files(graph: Graph, project: str, about: str) -> dict[str, str]:
    """The files of a program by path: the stack, its subjects when it is long, and the exports."""
    made = {"lib/tap_stack.py": _single(graph, project, about)}
    if made["lib/tap_stack.py"].count("\n") > LONG:
        made = _several(graph, project, about)
    return made | {"tap.py": _entry(graph)}


def _entry(graph: Graph) -> str:
    lines = [
        '"""The program: one component, named after the environment\'s suffix, and its outputs."""',
        "",
        "import os",
        "",
        *(["import pulumi", ""] if graph.outputs else []),
        "from lib.tap_stack import TapStack, TapStackArgs",
        "",
        'environment_suffix = os.environ.get("ENVIRONMENT_SUFFIX", "dev")',
        'stack = TapStack("tap-stack", TapStackArgs(environment_suffix=environment_suffix))',
        *(["", "for key, value in stack.outputs.items():", "    pulumi.export(key, value)"] if graph.outputs else []),
    ]
    return "\n".join([*lines, ""])


def _single(graph: Graph, project: str, about: str) -> str:
    scope = Scope(graph, "py", variables(graph.nodes, "py"))
    body = _body(scope, grouped(graph.nodes), shown(graph).union(*map(used_by, graph.nodes)))
    end = _outputs(scope, graph)
    head = [*_head(scope, about, [], stack=True), *_constants(scope, project), "", *_helpers(scope)]
    return "\n".join([*head, *_stack(scope, about, [*_begin(scope), *body], end), ""])


def _several(graph: Graph, project: str, about: str) -> dict[str, str]:
    made: dict[str, str] = {}
    laid = parts(graph)
    names = variables(graph.nodes, "py")
    needed: set[str] = set()
    for part in laid:
        made[f"lib/{part.name}.py"], scope = _part(graph, part, laid, names)
        needed |= scope.needs
    said = {one: f"{part.name}.{names[one]}" for part in laid for one in part.open}
    scope = Scope(graph, "py", said)
    end = _outputs(scope, graph)
    settings = _constants(Scope(graph, "py", needs=needed | scope.needs), project)
    if settings:
        made["lib/settings.py"] = "\n".join(['"""What all parts of the stack share."""', "", *settings])
    scope.needs |= {"suffix", "child"}
    body: list[str] = []
    kept = {text.partition(".")[0] for text in said.values()}
    for part in laid:
        given = ["suffix", *part.uses]
        held = f"{part.name} = " if part.name in kept else ""
        body.append(f'        {held}{part.name.capitalize()}("{part.name}", {", ".join(given)}, opts=child)')
    own = [f"from lib.{part.name} import {part.name.capitalize()}" for part in laid]
    head = [*_head(scope, about, sorted([*own, *_settings_import(scope)]), stack=True), "", *_helpers(scope)]
    made["lib/tap_stack.py"] = "\n".join([*head, *_stack(scope, about, [*_begin(scope), *body], end), ""])
    return {path: made[path] for path in ["lib/tap_stack.py", *sorted(made.keys() - {"lib/tap_stack.py"})]}


def _part(graph: Graph, part: Part, laid: list[Part], names: dict[str, str]) -> tuple[str, Scope]:
    own = {one.id for one in part.nodes}
    said = {one.id: names[one.id] for one in part.nodes}
    said |= {one: f"{other.name}.{names[one]}" for other in laid for one in other.open if one not in own}
    scope = Scope(graph, "py", said)
    body = _body(scope, part.nodes, set(part.open).union(*map(used_by, part.nodes)))
    title = part.name.capitalize()
    given = ["suffix" if "suffix" in scope.needs else "_suffix"]
    given = [f"{given[0]}: str", *(f"{name}: {name.capitalize()}" for name in part.uses)]
    own_imports = [f"from lib.{name} import {name.capitalize()}" for name in part.uses]
    lines = [
        *_head(scope, part.about, sorted([*own_imports, *_settings_import(scope)])),
        "",
        *_helpers(scope),
        f"class {title}(pulumi.ComponentResource):",
        f'    """{part.about}"""',
        "",
        *_signature(["self", "name: str", *given, "opts: pulumi.ResourceOptions | None = None"]),
        f'        super().__init__("tap:stack:{title}", name, None, opts)',
        *[line for line in _begin(scope) if "args.environment_suffix" not in line],
        *body,
        "",
        *[f"        self.{names[one]} = {names[one]}" for one in part.open],
        "        self.register_outputs({})",
    ]
    return "\n".join([*lines, ""]), scope


def _stack(scope: Scope, about: str, body: list[str], end: list[str]) -> list[str]:
    args = "args" if "suffix" in scope.needs else "_args"
    return [
        "@dataclass",
        "class TapStackArgs:",
        '    """`environment_suffix` ends every name, so that environments can live side by side."""',
        "",
        "    environment_suffix: str",
        "",
        "",
        "class TapStack(pulumi.ComponentResource):",
        f'    """{about} `outputs` is what those who use the stack have to know."""',
        "",
        *_signature(["self", "name: str", f"{args}: TapStackArgs", "opts: pulumi.ResourceOptions | None = None"]),
        '        super().__init__("tap:stack:TapStack", name, None, opts)',
        *body,
        "",
        *end,
        "        self.register_outputs(self.outputs)",
    ]


def _signature(given: list[str]) -> list[str]:
    flat = f"    def __init__({', '.join(given)}) -> None:"
    return [flat] if len(flat) <= 120 else ["    def __init__(", f"        {', '.join(given)}", "    ) -> None:"]


def _begin(scope: Scope) -> list[str]:
    """What the component is given, and what the provider is asked."""
    lines = ["        suffix = args.environment_suffix"] if "suffix" in scope.needs else []
    lines += ["        child = pulumi.ResourceOptions(parent=self)"] if "child" in scope.needs else []
    for variable, function in LOOKUPS.items():
        if variable in scope.needs:
            asked = 'state="available"' if variable == "zones" else ""
            lines.append(f"        {variable} = aws.{function}_output({asked})")
    return lines


def _body(scope: Scope, nodes: list[Node], used: set[str]) -> list[str]:
    lines: list[str] = []
    service = ""
    for node in nodes:
        if service_of(node) != service:
            service = service_of(node)
            lines += [f"\n        # {service}" if service else ""]
        held = f"{scope.said[node.id]} = " if node.id in used else ""
        lines.append(f"        {held}{py(_declared(scope, node), 8, len(held), 0)}")
    return lines


def _declared(scope: Scope, node: Node) -> Call:
    scope.needs.add("aws")
    if node.data:
        lookup = shared("pulumi")["lookups"][node.type]
        asked = arguments(node.type, lookup.get("asks", node.arguments))
        return Call(f"aws.{lookup['function']}_output", [], scope.value(asked))
    options: dict[str, Any] = {"parent": Code("self")}
    if waits_for(node):
        options["depends_on"] = [Code(scope.said[one]) for one in waits_for(node)]
    if node.ignore_changes:
        options["ignore_changes"] = [camel(attribute(node.type, one)) for one in node.ignore_changes]
    if len(options) == 1:
        scope.needs.add("child")
    module, _, name = class_of(node.type).partition(".")
    given = scope.value(arguments(node.type, node.arguments))
    given["opts"] = Code("child") if len(options) == 1 else Call("pulumi.ResourceOptions", [], options)
    return Call(f"aws.{'lambda_' if module == 'lambda' else module}.{name}", [node.id], given)


def _outputs(scope: Scope, graph: Graph) -> list[str]:
    given = {Word(name): value for name, (_, value) in graph.outputs.items()}
    return [f"        self.outputs: dict[str, Any] = {py(scope.value(given), 8, 31, 0)}"]


def _head(scope: Scope, about: str, own: list[str], *, stack: bool = False) -> list[str]:
    """The docstring and the imports, and two blank lines."""
    standard = [f"import {name}" for name, need in (("base64", "encoded"), ("json", "json")) if need in scope.needs]
    standard += ["from dataclasses import dataclass"] if stack else []
    standard += ["from pathlib import Path"] if "path" in scope.needs else []
    standard += ["from typing import Any"] if stack else []
    others = ["import pulumi", *(["import pulumi_aws as aws"] if "aws" in scope.needs else [])]
    lines = [f'"""{about}"""', "", *standard, *([""] if standard else []), *others, *(["", *own] if own else []), ""]
    return [*lines, *(["HERE = Path(__file__).parent", ""] if "path" in scope.needs else [])]


def _settings_import(scope: Scope) -> list[str]:
    known = {constant_name(name) for name in scope.graph.variables} | {"PROJECT"}
    names = sorted(known & scope.needs)
    return [f"from lib.settings import {', '.join(names)}"] if names else []


def _constants(scope: Scope, project: str) -> list[str]:
    lines = [f"PROJECT = {py(project)}"] if "PROJECT" in scope.needs else []
    for name, (about, default) in scope.graph.variables.items():
        if constant_name(name) in scope.needs:
            lines += [f"# {about}.", f"{constant_name(name)} = {py(default)}"]
    return [*lines, ""] if lines else []


def _helpers(scope: Scope) -> list[str]:
    if "encoded" not in scope.needs:
        return []
    return [
        "def encoded(text: str) -> str:",
        '    """The text as the API wants it handed over."""',
        "    return base64.b64encode(text.encode()).decode()",
        "",
        "",
    ]
