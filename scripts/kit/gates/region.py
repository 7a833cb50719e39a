"""The region of the task is honoured."""

from __future__ import annotations

import re

from kit.gates import template
from kit.gates.model import Look
from kit.gates.scan import without_comments
from kit.gates.subject import Subject

REGION = re.compile(
    r"(?<![A-Za-z0-9-])(?:us-gov|us|eu|ap|sa|ca|me|af|il|mx|cn)-"
    r"(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9](?![0-9])"
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
    for name, body in (subject.templates if task["platform"] == "cfn" else {}).items():
        for place, value in template.walk(body):
            # A mapping by region is how a template stays free of regions.
            if isinstance(value, str) and place[:1] not in (("Mappings",), ("Description",), ("Metadata",)):
                seen += 1
                problems += _others(f"{name}: {template.show(place)}", value, allowed)
    for name, text in subject.texts([*subject.code, *subject.tests]).items():
        if name.endswith(_CODE_ENDS):
            seen += 1
            code = re.sub(r"(?m)(^|\s)#.*$", r"\1", text) if name.endswith((".py", ".sh")) else without_comments(text)
            problems += _others(name, code, allowed)
    return Look(f"{seen:,} places name no region but {task['region']}", problems)


def _others(where: str, text: str, allowed: set[str]) -> list[str]:
    return [f"{where}: {found}: hard-coded region" for found in REGION.findall(text) if found not in allowed]
