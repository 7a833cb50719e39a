"""The words around a place in a text, within its sentence."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"[.!?;](?=\s|$)|\n")
_REACH = 70


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind the span in the same sentence, at most 70 characters each."""
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    cuts = list(_SENTENCE.finditer(before))
    if cuts:
        before = before[cuts[-1].end() :]
    elif start > _REACH:
        before = before.partition(" ")[2]
    stop = _SENTENCE.search(after)
    return before, after[: stop.start()] if stop else after


def excerpt(text: str, start: int, end: int, *, words_before: int = 4, words_after: int = 5) -> str:
    """The span with a few words of its sentence on both sides, as they stand in the text."""
    before, after = around(text, start, end)
    head = re.search(rf"(?:\S+\s*){{0,{words_before}}}$", before)
    tail = re.match(rf"\S*(?:\s+\S+){{0,{words_after}}}(?=\s|$)|\S*", after)
    shown = (head[0] if head else "") + text[start:end] + (tail[0] if tail else "")
    return " ".join(shown.split())
