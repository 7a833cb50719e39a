"""The AWS region that a task names."""

from __future__ import annotations

import re
from typing import NamedTuple

from kit.tasks.phrases import excerpt

_AREAS = "us|eu|ap|sa|ca|me|af|il|mx|cn"
REGION = re.compile(
    rf"(?<![\w-])(?P<region>(?:{_AREAS})-(?:gov-)?(?:north|south|east|west|central|northeast|southeast|northwest|southwest)"
    r"-\d)[a-f]?(?![\w])(?!-\w)",
    re.IGNORECASE,
)
_MOVE = r"\b(?:migrat|mov|relocat|transfer)\w*\b"
_FROM_TO = re.compile(
    rf"{_MOVE}[^.\n]{{0,160}}?\bfrom\b[^.\n]{{0,60}}?(?P<source>{REGION.pattern.replace('?P<region>', '?:')})"
    rf"[^.\n]{{0,80}}?\bto\b[^.\n]{{0,60}}?(?P<target>{REGION.pattern.replace('?P<region>', '?:')})",
    re.IGNORECASE,
)


class Named(NamedTuple):
    """A region that is named, and the phrase that names it."""

    region: str
    phrase: str


class Move(NamedTuple):
    """A migration from one region to another, and the phrase that asks for it."""

    source: str
    target: str
    phrase: str


def find(text: str) -> Named | None:
    """The region to deploy to: the target of a migration, else the first one that is named."""
    move = migration(text)
    if move:
        return Named(move.target, move.phrase)
    found = REGION.search(text)
    if not found:
        return None
    return Named(found["region"].lower(), excerpt(text, *found.span(), words_before=4, words_after=2))


def migration(text: str) -> Move | None:
    """The first migration between regions that the text asks for."""
    found = _FROM_TO.search(text)
    if not found:
        return None
    source, target = (re.sub(r"[a-f]$", "", found[name].lower()) for name in ("source", "target"))
    return Move(source, target, " ".join(found[0].split()))
