"""The region of the task is honoured."""

from __future__ import annotations

import re

from kit.gates.model import Look
from kit.gates.scan import without_comments
from kit.gates.subject import Subject

REGION = re.compile(
    r"(?<![A-Za-z0-9-])(?:us-gov|us|eu|ap|sa|ca|me|af|il|mx|cn)-"
    r"(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9](?![0-9])"
)
# What a program falls back on when it is run by hand: the toolkit and its templates name the region in the environment.
_FALLBACK = re.compile(
    r"""\bAWS_(?:DEFAULT_)?REGION["']?\]?\)?\s*(?:\|\||\?\?|,|\bor\b)\s*(?:default\s*=\s*)?["']us-east-1["']"""
)
_CODE_ENDS = (".ts", ".js", ".mjs", ".py", ".sh")


def honoured(subject: Subject) -> Look:
    """lib/AWS_REGION holds the region the task names, and no other region is written into code or tests."""
    task = subject.run.task
    problems = []
    path = "lib/AWS_REGION"
    present = (subject.root / path).is_file()
    if task["region_named"] and not present:
        problems.append(f"{path}: missing; the task names {task['region']}")
    if present and subject.text(path).strip() != task["region"]:
        problems.append(f"{path}: {subject.text(path).strip()!r}, the task's region is {task['region']}")
    allowed = {task["region"], *REGION.findall(str(task["text"]))}
    seen = 0
    for stack in subject.stacks:
        for place, value in stack.texts():
            # A mapping by region is how a template stays free of regions.
            if not place.startswith("Mappings/"):
                seen += 1
                problems += _others(f"{stack.path}: {place}", value, allowed)
    for name, text in subject.texts([*subject.code, *subject.tests]).items():
        if name.endswith(_CODE_ENDS):
            seen += 1
            code = re.sub(r"(?m)(^|\s)#.*$", r"\1", text) if name.endswith((".py", ".sh")) else without_comments(text)
            problems += _others(name, _FALLBACK.sub("", code), allowed)
    return Look(f"{seen:,} places name no region but {task['region']}", problems)


def _others(where: str, text: str, allowed: set[str]) -> list[str]:
    return [f"{where}: {found}: hard-coded region" for found in REGION.findall(text) if found not in allowed]
