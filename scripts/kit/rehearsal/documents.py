"""The files that the parts name, and the code blocks of an answer."""

from __future__ import annotations

import re

PLATFORMS = {"cfn": "CloudFormation", "cdk": "AWS CDK", "cdktf": "CDK for Terraform", "pulumi": "Pulumi"}
LANGUAGES = {"yaml": "YAML", "json": "JSON", "ts": "TypeScript", "py": "Python"}
_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n(.*?)^\1\s*$", re.M | re.S)
_NAMED = re.compile(r"^### `([^`\n]+)`\n+(`{3,})[^\n]*\n(.*?)^\2\s*$", re.M | re.S)


def data_block(text: str) -> str:
    """The fenced block below the heading that announces the task, else the longest; the whole message when none is there."""
    heading = re.search(r"^#+ The task\b", text, re.M)
    announced = _FENCE.search(text, heading.end()) if heading else None
    if announced:
        return announced[2]
    blocks: list[str] = [match[2] for match in _FENCE.finditer(text)]
    return max(blocks, key=len) if blocks else text


def title_of(text: str, otherwise: str) -> str:
    """The title of the task, which a hand-over tells below the task's text."""
    found = re.findall(r"^`{3,}text\nTitle: ([^\n]+)$", text, re.M)
    return str(found[0]).strip() if found else otherwise


def blocks(markdown: str) -> dict[str, str]:
    """The files of an answer: path to content, each from a heading with the path and the fence below it."""
    return {match[1]: match[3] for match in _NAMED.finditer(markdown)}


def block(path: str, content: str) -> str:
    """One file of an answer."""
    kind = {"yml": "yaml", "py": "python", "ts": "typescript"}.get(path.rpartition(".")[2], path.rpartition(".")[2])
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", content)), default=0))
    return f"### `{path}`\n\n{fence}{kind}\n{content}{fence}\n"


def pair_of(text: str) -> tuple[str, str]:
    """Platform and language that a message names, such as `cfn` and `yaml`; empty where it names none."""
    platform = re.search(r"platform\W{1,8}(cfn|cloudformation|cdktf|cdk|pulumi)\b", text, re.I)
    language = re.search(r"language\W{1,8}(yaml|yml|json|typescript|ts|python|py)\b", text, re.I)
    joined = re.search(r"\b(cfn|cdktf|cdk|pulumi)[-+/ ](yaml|json|ts|py|typescript|python)\b", text)
    names = {"cloudformation": "cfn", "typescript": "ts", "python": "py", "yml": "yaml"}
    first = platform[1].lower() if platform else joined[1] if joined else ""
    second = language[1].lower() if language else joined[2] if joined else ""
    return names.get(first, first), names.get(second, second)


def main_file(platform: str, language: str) -> str:
    """The file that holds the stack."""
    if platform in ("", "cfn"):
        return "lib/TapStack.json" if language == "json" else "lib/TapStack.yml"
    return "lib/tap_stack.py" if language == "py" else "lib/tap-stack.ts"


def main_named(text: str, language: str) -> str:
    """The main file that a hand-over names, or that follows from its platform and language, or from `language`."""
    named = re.search(r"main file is `([^`]+)`", text) or re.search(r"\b(lib/TapStack\.(?:ya?ml|json))\b", text)
    if named:
        return named[1]
    platform, told = pair_of(text)
    return main_file(platform, told or language)


def parts_of(text: str, main: str) -> list[str]:
    """The other files of a program that a hand-over names: those with the main file's ending below lib/, no functions."""
    ending = main[main.rindex(".") :]
    named = dict.fromkeys(re.findall(r"`(lib/[\w/.-]+)`", text))
    return [one for one in named if one.endswith(ending) and one != main and not one.startswith("lib/lambda/")]


def status_block(
    phase: str, status: str, step: str, task: str, done: int, total: int, coming: str, issues: str = "NONE"
) -> str:
    """The report that ends a part."""
    return (
        f"**AGENT STATUS**: {phase} - {status} - {step}\n"
        f"**TASK**: {task}\n"
        f"**PROGRESS**: {done}/{total} steps completed\n"
        f"**NEXT ACTION**: {coming}\n"
        f"**ISSUES**: {issues}\n"
        f"**BLOCKED**: {'YES - ' + issues if status == 'BLOCKED' else 'NO'}\n"
    )
