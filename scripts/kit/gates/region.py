"""The region of the task is honoured."""

from __future__ import annotations

import re

from kit.gates.model import Look
from kit.gates.scan import without_comments
from kit.gates.subject import Subject

REGION = re.compile(
    r"(?<![A-Za-z0-9])(?:us-gov|us|eu|ap|sa|ca|me|af|il|mx|cn)-"
    r"(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9](?![0-9])"
)
# What a program falls back on when it is run by hand: the toolkit and its templates name the region in the environment.
_FALLBACK = re.compile(
    r"""\bAWS_(?:DEFAULT_)?REGION["']?\]?\)?\s*(?:\|\||\?\?|,|\bor\b)\s*(?:default\s*=\s*)?["']us-east-1["']"""
)
# What libraries call a region (Region.USWest2, Region.US_WEST_2), and the ids of availability zones (usw2-az1).
_ENUM = re.compile(
    r"\bRegion\.(us_?gov|us|eu|ap|sa|ca|me|af|il|mx|cn)_?"
    r"(northeast|northwest|southeast|southwest|north|south|east|west|central)_?([1-9])\b",
    re.I,
)
_ZONE_ID = re.compile(r"\b((?:us|eu|ap|sa|ca|me|af|il|mx)(?:ne|nw|se|sw|n|s|e|w|c)[1-9])-az[1-9]\b")
_SCRIPTS = (".ts", ".js", ".mjs")
_HASHED = (".py", ".sh", ".yml", ".yaml", ".toml", ".ini", ".cfg", ".env", ".conf")
_CODE_ENDS = (*_SCRIPTS, *_HASHED, ".json", ".tpl")


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
    told = {stack.path for stack in subject.stacks}
    for name, text in subject.texts([*subject.code, *subject.tests]).items():
        # A template that is nested in another may map its regions as well.
        maps = "Mappings" in text and "AWS::" in text
        if name.endswith(_CODE_ENDS) and name not in told and not maps:
            seen += 1
            code = re.sub(r"(?m)(^|\s)#.*$", r"\1", text) if name.endswith(_HASHED) else text
            code = without_comments(text) if name.endswith(_SCRIPTS) else code
            problems += _others(name, _FALLBACK.sub("", code), allowed)
    return Look(f"{seen:,} places name no region but {task['region']}", problems)


def _others(where: str, text: str, allowed: set[str]) -> list[str]:
    zones = {_zone(region) for region in allowed}
    constants = {region.replace("-", "") for region in allowed}
    found = [
        *(region for region in REGION.findall(text) if region not in allowed),
        *(one[0] for one in _ENUM.finditer(text) if "".join(one.groups()).replace("_", "").lower() not in constants),
        *(one[0] for one in _ZONE_ID.finditer(text) if one[1] not in zones),
    ]
    return [f"{where}: {shown}: hard-coded region" for shown in found]


def _zone(region: str) -> str:
    """How the ids of a region's zones begin: usw2 of us-west-2, apne1 of ap-northeast-1."""
    area, *_, place, number = region.split("-")
    return area + re.sub(r"([nsewc])(?:orth|outh|ast|est|entral)", r"\1", place) + number
