"""Text of others in a page of ours: shown as it is, never taken for markup, a mention or a command."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kit.redact import redact

_GAP = "\u200b"
_MARKS = re.compile(r"([\\`*_\[\]#!|~$])")
# At the head of a line these would open a list, a quote or a rule.
_HEAD = re.compile(r"^(?:[-+=]|\d+[.)](?=\s|$))")
# Names, numbers and addresses that a forge turns into links, notifications or closed issues.
_LINKS = re.compile(r"(?<=@)|(?<=#)|(?=://)|(?<=\bGH)(?=-)|(?<=\bwww)(?=\.)", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def inline(text: object, limit: int = 0) -> str:
    """`text` on one line, cut to `limit` characters, with everything escaped that could mean something."""
    plain = _CONTROL.sub("", " ".join(redact(str(text)).split()))
    if limit and len(plain) > limit:
        plain = plain[: limit - 3].rstrip() + "..."
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = _HEAD.sub(lambda found: found[0][:-1] + "\\" + found[0][-1], _MARKS.sub(r"\\\1", plain))
    return _LINKS.sub(_GAP, escaped)


def code(text: object, limit: int = 120) -> str:
    """`text` as a code span that cannot be left from inside; fit for a cell of a table."""
    plain = _CONTROL.sub("", " ".join(redact(str(text)).split()))[:limit].replace("|", "\u2502")
    if not plain:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", plain)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{ticks}{pad}{plain}{pad}{ticks}"


def fenced(text: object, limit: int = 8_000) -> str:
    """`text` in a code block that cannot be left from inside, cut to `limit` characters and said so."""
    whole = _CONTROL.sub("", redact(str(text)))
    shown = whole if len(whole) <= limit else f"{whole[:limit]}\n[{len(whole) - limit:,} more characters]"
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{shown.rstrip()}\n{fence}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose cells are Markdown already."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
