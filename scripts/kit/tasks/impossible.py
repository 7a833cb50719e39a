"""Tasks that cannot be done as they are written, told before anything is spent."""

from __future__ import annotations

import re
from typing import NamedTuple

from kit.tasks import regions


class Impossible(NamedTuple):
    """Why it cannot be done, what the task would have to say, and what others can learn from it."""

    reason: str
    remedy: str
    lesson: str


_EXISTING_VPC = re.compile(
    r"\b(?:us(?:e|es|ing)|utiliz\w+|reus\w+|within|in|into|inside|to)\s+(?:the|an|our|your|a|its|their)?\s*"
    r"(?:company'?s\s+|organi[sz]ation'?s\s+)?(?:already[\s-]+|pre-?)?existing\s+(?:\w+\s+)?VPC\b"
    r"(?!\s+(?:peering|flow|endpoint|link))",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"\bvpc-[0-9a-z]{3,}|\bvpc[\s_-]?ids?\b|\bVpcId\b|\b(?:id|ids)\b|\bnamed\b|\bcalled\b|\bname\b|\btagged\b|\bwith\s+(?:the\s+)?tags?\b|"
    r"\bparameters?\b|\bSSM\b|\blook(?:ed)?[\s-]?up\b|\bexport\w*|\bimport\w*|\bcontext\b|\bdefault\s+vpc\b|\bdata\s+source\b|"
    r"\benvironment\s+variables?\b|\bCIDR\b|\bvariables?\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not?|never|without|instead\s+of|rather\s+than)\W+(?:\w+\W+){0,3}$", re.IGNORECASE)
_ANYWHERE = re.compile(r"\bvpc-[0-9a-f]{6,}|\bvpc[\s_-]?ids?\b|\bdefault\s+vpc\b", re.IGNORECASE)


def find(text: str) -> Impossible | None:
    """The first reason why the task cannot be done, or None.

    What is covered: a migration from a region to the same one; an existing VPC to be used with nothing to
    find it by. What is not: contradictions that need judgement.
    """
    move = regions.migration(text)
    if move and move.source == move.target:
        return Impossible(
            f"it migrates from {move.source} to the same region ({_short(move.phrase)!r})",
            "name two different regions",
            "A migration between regions needs two different ones; from a region to the same region is refused.",
        )
    for found in _EXISTING_VPC.finditer(text):
        paragraph = _paragraph(text, *found.span())
        if _NOT.search(text[max(0, found.start() - 40) : found.start()]):
            continue
        if not _HANDLE.search(paragraph) and not _ANYWHERE.search(text):
            return Impossible(
                f"it uses an existing VPC with nothing to find it by ({_short(paragraph)!r})",
                "give the VPC's id, tags or a parameter that holds it",
                "An existing VPC can only be used when the task says how to find it: its id, its tags or a parameter.",
            )
    return None


def _paragraph(text: str, start: int, end: int) -> str:
    before = re.split(r"(?<=[.!?])\s|\n", text[:start])[-1]
    after = re.split(r"(?<=[.!?])\s|\n", text[end:])[:2]
    return " ".join(f"{before}{text[start:end]}{' '.join(after)}".split())


def _short(text: str, limit: int = 120) -> str:
    return text if len(text) <= limit else text[: limit - 3] + "..."
