"""CDK for Terraform programs in TypeScript."""

from __future__ import annotations

import re
from typing import Any

from kit.rehearsal.cdktf.program import Program, names_of, pascal, single
from kit.rehearsal.pulumi.program import Part, parts, shown
from kit.rehearsal.source import Call, Code, ts
from kit.rehearsal.terraform.graph import Graph

LONG = 300
MAIN = "lib/tap-stack.ts"


def files(graph: Graph, project: str) -> dict[str, str]:
    """The files of a program by path: the stack, and its subjects when it is long."""
    whole = single(graph)
    made = {MAIN: _main(graph, project, [whole])}
    if made[MAIN].count("\n") > LONG and len(laid := parts(graph)) > 1:
        made = {MAIN: _main(graph, project, laid), **{f"lib/{one.name}.ts": _part(graph, one, laid) for one in laid}}
        if any("PROJECT" in text for text in made.values()):
            made["lib/project.ts"] = f"/** Begins every name. */\nexport const PROJECT = '{project}';\n"
    return made


class _File(Program):
    language = "ts"
    me = "this"

    def argument(self, name: str) -> str:
        return re.sub(r"_(\w)", lambda match: match[1].upper(), name)

    def json(self, document: Any) -> Any:
        return Call("JSON.stringify", [document])

    def block(self, value: dict[str, Any], kind: str) -> Any:
        return self.arguments(value, kind)

    def imported(self, module: str, name: str) -> None:
        place = f"@cdktf/provider-aws/lib/{module.replace('_', '-')}" if module else "cdktf"
        self.imports.setdefault(place, set()).add(name)

    def lifecycle(self, ignored: list[str]) -> Any:
        return {"ignoreChanges": ignored}

    def make(self, kind: str, name: str, named: dict[str, Any]) -> Call:
        return Call(f"new {kind}", [Code("scope" if self.part.name else "this"), name], named)

    def asset(self, name: str, folder: str) -> Call:
        self.imported("", "AssetType")
        self.imported("", "TerraformAsset")
        place = Call("path.join", [Code("__dirname"), "lambda", folder])
        return self.make("TerraformAsset", name, {"path": place, "type": Code("AssetType.ARCHIVE")})

    def lead(self, name: str) -> str:
        if name in self.homes:
            return f"this.{self.names[name]} = "
        return self.local(self.names[name]) if name in self.used or name in shown(self.graph) else ""

    def local(self, name: str) -> str:
        return f"const {name} = "

    def body(self, steps: list[tuple[str, Call | None]]) -> list[str]:
        """The steps as lines of a constructor."""
        return ["" if call is None else f"    {lead}{ts(call, 4, len(lead))};" for lead, call in steps]

    def told(self) -> list[str]:
        """The lines that take from the props what the constructor uses."""
        plain = sorted(self.argument(one) for one in self.asks & {"environment_suffix", "region"})
        lines = [f"    const {{ {', '.join(plain)} }} = props;"] if plain else []
        for name, (_, default) in self.defaults().items():
            if name in self.asks:
                own = self.argument(name)
                lines.append(f"    const {own} = props.{own} ?? {ts(default)};")
        return lines

    def head(self, more: list[str]) -> list[str]:
        """The imports, `more` being those of other files of the program."""
        self.imports.setdefault("constructs", set()).add("Construct")
        modules = sorted(self.imports.items(), key=lambda one: (one[0].startswith("@"), one[0]))
        lines = [f"import {{ {', '.join(sorted(names))} }} from '{module}';" for module, names in modules]
        return ["import * as path from 'path';"] * bool(self.assets) + lines + more


def _main(graph: Graph, project: str, laid: list[Part]) -> str:
    several = len(laid) > 1
    file = _File(graph, Part("", []) if several else laid[0], laid if several else [], names_of(graph, "ts", laid))
    file.imported("", "TerraformStack")
    file.imported("provider", "AwsProvider")
    provider = file.make("AwsProvider", "aws", {"region": file.ask("region")})
    more: list[str] = []
    if several:
        wanted = {home for part in laid for home in part.uses} | {
            file.homes[one] for one in shown(graph) if one in file.homes
        }
        steps: list[tuple[str, Call | None]] = []
        for part in laid:
            given = [Code(word) for word in ("this", "props", *part.uses)]
            steps.append(
                (file.local(part.name) if part.name in wanted else "", Call(f"new {pascal(part.name)}", given))
            )
        more = sorted(f"import {{ {pascal(part.name)} }} from './{part.name}';" for part in laid)
    else:
        steps = file.steps()
    outputs = file.outputs()
    body = file.body([("", provider), ("", None), *steps, *([("", None), *outputs] if outputs else [])])
    constant = ["", "// Begins every name.", f"const PROJECT = '{project}';"] if "PROJECT" in file.asks else []
    if several and constant:
        more.append("import { PROJECT } from './project';")
        constant = []
    props = [
        f"  /** {about}{f'; {default} when not given' if default else ''}. */\n  {file.argument(name)}?: string;"
        for name, (about, default) in file.defaults().items()
    ]
    lines = [
        *file.head(sorted(more)),
        *constant,
        "",
        "export interface TapStackProps {",
        "  /** Suffix of every name, so that several environments can live side by side. */",
        "  environmentSuffix: string;",
        "  region: string;",
        *props,
        "}",
        "",
        *[f"// {note}" for note in graph.notes],
        "export class TapStack extends TerraformStack {",
        "  constructor(scope: Construct, id: string, props: TapStackProps) {",
        "    super(scope, id);",
        *file.told(),
        *body,
        "  }",
        "}",
        "",
    ]
    return "\n".join(lines)


def _part(graph: Graph, part: Part, laid: list[Part]) -> str:
    file = _File(graph, part, laid, names_of(graph, "ts", laid))
    body = file.body(file.steps())
    told = file.told()
    more = ["import { PROJECT } from './project';"] * ("PROJECT" in file.asks)
    more += [f"import {{ {pascal(other)} }} from './{other}';" for other in part.uses]
    more += ["import { TapStackProps } from './tap-stack';"]
    props = "props" if told else "_props"
    words = ", ".join(["scope: Construct", f"{props}: TapStackProps", *(f"{one}: {pascal(one)}" for one in part.uses)])
    sign = [f"  constructor({words}) {{"]
    if len(sign[0]) > 100:
        sign = ["  constructor(", *[f"    {word}," for word in words.split(", ")], "  ) {"]
    fields = [
        f"  readonly {file.names[node.id]}: {file.types[node.id]};" for node in part.nodes if node.id in part.open
    ]
    lines = [
        *file.head(sorted(more)),
        "",
        f"/** {part.about} */",
        f"export class {pascal(part.name)} {{",
        *fields,
        *[""] * bool(fields),
        *sign,
        *told,
        *body,
        "  }",
        "}",
        "",
    ]
    return "\n".join(lines)
