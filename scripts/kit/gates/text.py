"""The prose that models are trained on is plain."""

from __future__ import annotations

import re
import unicodedata

from kit.errors import Failure
from kit.gates.model import Look
from kit.gates.subject import Subject

_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\U0001fb00-\U0001fbff\u2600-\u2712\u2714-\u2716\u2718-\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55"
    "\u203c\u2049\u2139\u24c2"
    "\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u25fb-\u25fe\u2934\u2935\u3030\u303d\u3297\u3299\ufe0f\u20e3]"
)
# The words and numbers that a page of Markdown shows as emoji.
_WRITTEN = re.compile(
    r"(?<![\w:]):(?:rocket|white_check_mark|heavy_check_mark|x|warning|tada|fire|sparkles|star2?|bulb|memo|lock|key|zap|bug|boom|"
    r"wrench|hammer|gear|package|cloud|shield|eyes|wave|thumbsup|thumbsdown|heart|chart_with_upwards_trend|mag|bell|construction|"
    r"rotating_light|point_right|dart|clipboard|pushpin|file_folder|link|100|[+-]1|information_source|exclamation|question|"
    r"heavy_plus_sign|ballot_box_with_check|checkered_flag|books|book|globe_with_meridians|money_with_wings|smile|star_struck):(?![\w:])|"
    r"&#(?:x1f[0-9a-f]{3}|12[789]\d{3}|x2[67][0-9a-f]{2});",
    re.I,
)
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_JUDGED = re.compile(r"lib/(?:PROMPT|IDEAL_RESPONSE)\d*\.md")


def plain(subject: Subject) -> Look:
    """No emoji in PROMPT and IDEAL_RESPONSE."""
    names = [name for name in subject.files if _JUDGED.fullmatch(name)]
    missing = {"lib/PROMPT.md", "lib/IDEAL_RESPONSE.md"} - set(names)
    if missing:
        raise Failure(f"{', '.join(sorted(missing))}: no such file")
    problems = []
    for name in names:
        in_code = False
        for number, line in enumerate(subject.text(name).splitlines(), 1):
            problems += [f"{name}:{number}: {_named(found)}" for found in _EMOJI.findall(line)]
            in_code = in_code is not bool(_FENCE.match(line))
            if not in_code:
                problems += [f"{name}:{number}: {found}: shown as an emoji" for found in _WRITTEN.findall(line)]
    return Look(f"{', '.join(names)} are plain", problems)


def _named(char: str) -> str:
    return f"emoji U+{ord(char):04X} {unicodedata.name(char, 'without a name').lower()}"
