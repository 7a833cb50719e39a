"""The services that the prompt asks for are in the template."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from kit.errors import Failure
from kit.gates.model import Look
from kit.gates.subject import Subject

# A sentence in which a service stands behind one of these does not ask for it.
_NOT_ASKED = re.compile(
    r"\b(?:not?|never|without|instead of|rather than|avoid\w*|exclud\w+|unlike|except|optional\w*|later|future|"
    r"existing|already|replac\w+|migrat\w+ (?:from|away)|moved? (?:from|away)|out of scope|such as|e\.g\.|for example)\b",
    re.I,
)
_ENDS = re.compile(r"\. |\n|; ")
_PROMPT = re.compile(r"lib/PROMPT\d*\.md")


def present(subject: Subject) -> Look:
    """Each AWS service that a prompt asks for has a resource, or another sign of use, in the template."""
    prompts = [name for name in subject.files if _PROMPT.fullmatch(name)]
    if not prompts:
        raise Failure("lib/PROMPT.md: no such file", hint="make generate")
    asked = required("\n".join(subject.text(name) for name in prompts))
    kinds = {resource.kind for stack in subject.stacks for resource in stack.made()}
    whole = json.dumps([stack.body for stack in subject.stacks])
    formats = {stack.format for stack in subject.stacks}
    problems = []
    for row in asked:
        types = [kind for name in sorted(formats) for kind in row[name]]
        signs = any(re.search(sign, whole) for sign in row.get("signs", []))
        if not signs and not any(kind.startswith(tuple(types)) for kind in kinds):
            problems.append(f"{row['name']}: the prompt asks for it, no resource of {' or '.join(types)}* is there")
    names = ", ".join(row["name"] for row in asked) or "no service by name"
    return Look(f"the prompt asks for {names}", problems)


def required(text: str) -> list[dict[str, Any]]:
    """The services that a prompt asks for: named at least once without a word that takes it back."""
    found = []
    for row in _table():
        for match in re.finditer(row["words"], text):
            *_, before = _ENDS.split(text[: match.start()])
            if not _NOT_ASKED.search(before):
                found.append(row)
                break
    return found


@cache
def _table() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("services.toml").read_text("utf-8"))["service"]
    return rows
