"""CDK for Terraform programs in Python."""

from __future__ import annotations

from typing import Any

from kit.rehearsal.cdktf.program import Program, class_of, names_of, pascal, single
from kit.rehearsal.pulumi.program import Part, parts, shown
from kit.rehearsal.source import Call, Code, py
from kit.rehearsal.terraform.graph import Graph

LONG = 400
MAIN = "lib/tap_stack.py"
_WIDTH = 120


def files(graph: Graph, project: str) -> dict[str, str]:
    """The files of a program by path: the stack, and its subjects when it is long."""
    made = {MAIN: _main(graph, project, [single(graph)])}
    if made[MAIN].count("\n") > LONG and len(laid := parts(graph)) > 1:
        made = {MAIN: _main(graph, project, laid), **{f"lib/{one.name}.py": _part(graph, one, laid) for one in laid}}
        if any("PROJECT" in text for text in made.values()):
            made["lib/project.py"] = (
                f'"""What all parts of the stack share."""\n\n# Begins every name.\nPROJECT = "{project}"\n'
            )
    return made


class _File(Program):
    language = "py"
    me = "self"

    def json(self, document: Any) -> Any:
        self.imports.setdefault("json", set())
        return Call("json.dumps", [document])

    def block(self, value: dict[str, Any], kind: str) -> Any:
        self.imported(self.base, class_of(kind))
        return Call(class_of(kind), [], self.arguments(value, kind))

    def imported(self, module: str, name: str) -> None:
        self.imports.setdefault(f"cdktf_cdktf_provider_aws.{module}" if module else "cdktf", set()).add(name)

    def lifecycle(self, ignored: list[str]) -> Any:
        self.imported("", "TerraformResourceLifecycle")
        return Call("TerraformResourceLifecycle", [], {"ignore_changes": ignored})

    def make(self, kind: str, name: str, named: dict[str, Any]) -> Call:
        return Call(kind, [Code("scope" if self.part.name else "self"), name], named)

    def asset(self, name: str, folder: str) -> Call:
        self.imported("", "AssetType")
        self.imported("", "TerraformAsset")
        self.imports.setdefault("pathlib", set()).add("Path")
        return self.make(
            "TerraformAsset", name, {"path": Code(f'str(HANDLERS / "{folder}")'), "type": Code("AssetType.ARCHIVE")}
        )

    def lead(self, name: str) -> str:
        if name in self.homes:
            return f"self.{self.names[name]} = "
        return self.local(self.names[name]) if name in self.used or name in shown(self.graph) else ""

    def local(self, name: str) -> str:
        return f"{name} = "

    def body(self, steps: list[tuple[str, Call | None]]) -> list[str]:
        """The steps as lines of a constructor."""
        return ["" if call is None else f"        {lead}{py(call, 8, len(lead))}" for lead, call in steps]

    def head(self, more: list[str]) -> list[str]:
        """The imports, `more` being those of other files of the program, and the constants."""
        lines = ["import json"] if self.imports.pop("json", None) is not None else []
        lines += ["from pathlib import Path"] if self.imports.pop("pathlib", None) else []
        lines += [""] if lines else []
        for module, names in sorted({**self.imports, "constructs": {"Construct"}}.items()):
            line = f"from {module} import {', '.join(sorted(names))}"
            long = [f"from {module} import (", *[f"    {one}," for one in sorted(names)], ")"]
            lines += [line] if len(line) <= _WIDTH else long
        lines += ["", *sorted(more)] if more else []
        return lines

    def constants(self, project: str) -> list[str]:
        """The constants of the file; `project` is empty where another file holds it."""
        lines = ["# Begins every name.", f'PROJECT = "{project}"'] if project and "PROJECT" in self.asks else []
        lines += ['HANDLERS = Path(__file__).parent / "lambda"'] if self.assets else []
        return ["", *lines] if lines else []


def _main(graph: Graph, project: str, laid: list[Part]) -> str:
    several = len(laid) > 1
    file = _File(graph, Part("", []) if several else laid[0], laid if several else [], names_of(graph, "py", laid))
    file.imported("", "TerraformStack")
    file.imported("provider", "AwsProvider")
    provider = file.make("AwsProvider", "aws", {"region": Code("region")})
    more: list[str] = []
    if several:
        wanted = {home for part in laid for home in part.uses} | {
            file.homes[one] for one in shown(graph) if one in file.homes
        }
        steps: list[tuple[str, Call | None]] = []
        for part in laid:
            asked = {word: Code(word) for word in [*_asked(graph, part, laid), *part.uses]}
            lead = file.local(part.name) if part.name in wanted else ""
            steps.append((lead, Call(pascal(part.name), [Code("self")], asked)))
        more = [f"from lib.{part.name} import {pascal(part.name)}" for part in laid]
    else:
        steps = file.steps()
    outputs = file.outputs()
    body = file.body([("", provider), ("", None), *steps, *([("", None), *outputs] if outputs else [])])
    if several and "PROJECT" in file.asks:
        more.append("from lib.project import PROJECT")
    told = [f"{name}: str = {py(default)}" for name, (_, default) in file.defaults().items()]
    words = ["self", "scope: Construct", "construct_id: str", "*", "environment_suffix: str", "region: str", *told]
    lines = [
        '"""The stack: its resources and outputs."""',
        "",
        *file.head(more),
        *file.constants("" if several else project),
        "",
        "",
        *[f"# {note}" for note in graph.notes],
        "class TapStack(TerraformStack):",
        '    """The stack of the task. `environment_suffix` ends every name, so that environments can live side by side."""',
        "",
        *_signature(words),
        "        super().__init__(scope, construct_id)",
        *body,
        "",
    ]
    return "\n".join(lines)


def _asked(graph: Graph, part: Part, laid: list[Part]) -> list[str]:
    """What a part is told, by name, in a fixed order."""
    file = _File(graph, part, laid, names_of(graph, "py", laid))
    file.steps()
    return [one for one in ("environment_suffix", "region", *file.defaults()) if one in file.asks]


def _part(graph: Graph, part: Part, laid: list[Part]) -> str:
    file = _File(graph, part, laid, names_of(graph, "py", laid))
    body = file.body(file.steps())
    more = ["from lib.project import PROJECT"] * ("PROJECT" in file.asks)
    more += [f"from lib.{other} import {pascal(other)}" for other in part.uses]
    told = [f"{one}: str" for one in _asked(graph, part, laid)] + [f"{one}: {pascal(one)}" for one in part.uses]
    words = ["self", "scope: Construct", *(["*", *told] if told else [])]
    lines = [
        f'"""{part.about}"""',
        "",
        *file.head(more),
        *file.constants(""),
        "",
        "",
        f"class {pascal(part.name)}:",
        f'    """{part.about}"""',
        "",
        *_signature(words),
        *body,
        "",
    ]
    return "\n".join(lines)


def _signature(words: list[str]) -> list[str]:
    line = f"    def __init__({', '.join(words)}) -> None:"
    if len(line) <= _WIDTH:
        return [line]
    return ["    def __init__(", *[f"        {word}," for word in words], "    ) -> None:"]
