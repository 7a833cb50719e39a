"""The prose that models are trained on is plain."""

from __future__ import annotations

import re
import unicodedata

from kit.errors import Failure
from kit.gates.model import Look
from kit.gates.subject import Subject

_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\U0001fb00-\U0001fbff\u2600-\u2712\u2714-\u2716\u2718-\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55"
    "\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u25fb-\u25fe\u2934\u2935\u3030\u303d\u3297\u3299\ufe0f\u20e3]"
)
_JUDGED = re.compile(r"lib/(?:PROMPT|IDEAL_RESPONSE)\d*\.md")


def plain(subject: Subject) -> Look:
    """No emoji in PROMPT and IDEAL_RESPONSE."""
    names = [name for name in subject.files if _JUDGED.fullmatch(name)]
    missing = {"lib/PROMPT.md", "lib/IDEAL_RESPONSE.md"} - set(names)
    if missing:
        raise Failure(f"{', '.join(sorted(missing))}: no such file")
    problems = []
    for name in names:
        for number, line in enumerate(subject.text(name).splitlines(), 1):
            problems += [f"{name}:{number}: {_named(found)}" for found in _EMOJI.findall(line)]
    return Look(f"{', '.join(names)} are plain", problems)


def _named(char: str) -> str:
    return f"emoji U+{ord(char):04X} {unicodedata.name(char, 'without a name').lower()}"
