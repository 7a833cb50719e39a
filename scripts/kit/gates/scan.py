"""Reading TypeScript and JavaScript just far enough: what is code, what is text, what is a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

CODE, TEXT, COMMENT = "code", "text", "comment"
# After one of these a slash begins a regular expression, after anything else it divides.
_BEFORE_REGEX = re.compile(
    r"(?:[=(,:;!&|?{}\[+\-*%~^<>]|\b(?:return|typeof|case|in|of|do|else|void|delete|await))\s*\Z|\A\s*\Z"
)
_TEST = re.compile(r"(?<![.\w$])(?:it|test)((?:\.\w+)*)\s*")
_PAIRS = {"(": ")", "{": "}", "[": "]"}


@dataclass(frozen=True)
class Test:
    """One test of a file: its line, its modifiers (`.skip`), and its whole call, texts blanked and as written."""

    line: int
    modifiers: str
    blanked: str
    written: str


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """The whole of `text` in pieces (kind, start, end); the quotes of a text belong to the text."""
    start = at = 0
    depths: list[int] = []
    while at < len(text):
        two = text[at : at + 2]
        char = text[at]
        end, kind = at, CODE
        if two == "//":
            end, kind = _find(text, "\n", at), COMMENT
        elif two == "/*":
            end, kind = _after(text, "*/", at + 2), COMMENT
        elif char in "'\"":
            end, kind = _string(text, at), TEXT
        elif char == "`" or (char == "}" and depths and depths[-1] == 0):
            if char == "}":
                depths.pop()
            end, opened = _template(text, at + 1)
            kind = TEXT
            if opened:
                depths.append(0)
        elif char == "/" and _BEFORE_REGEX.search(text, max(0, at - 40), at):
            end = _regex(text, at)
            kind = TEXT if end > at else CODE
        if kind == CODE:
            if depths and char in "{}":
                depths[-1] += 1 if char == "{" else -1
            at += 1
            continue
        if start < at:
            yield CODE, start, at
        yield kind, at, end
        start = at = end
    if start < len(text):
        yield CODE, start, len(text)


def without_comments(text: str) -> str:
    """`text` with comments as spaces; lines stay where they are."""
    return "".join(_spaces(text[a:b]) if kind == COMMENT else text[a:b] for kind, a, b in spans(text))


def code_only(text: str) -> str:
    """`text` with comments and the insides of texts as spaces; every character stays in its place."""
    return "".join(text[a:b] if kind == CODE else _spaces(text[a:b]) for kind, a, b in spans(text))


def tests(text: str) -> list[Test]:
    """Every call of `it` or `test`, with `.each` tables passed over."""
    blanked = code_only(text)
    found = []
    for match in _TEST.finditer(blanked):
        at = match.start() + len(match[0].rstrip())
        at += len(text[at:]) - len(text[at:].lstrip())
        if ".each" in match[1]:
            table = _find(text, "`", at + 1) + 1 if text[at : at + 1] == "`" else call_end(blanked, at)
            at = table + len(text[table:]) - len(text[table:].lstrip())
        if blanked[at : at + 1] != "(":
            continue
        end = call_end(blanked, at)
        line = text.count("\n", 0, match.start()) + 1
        found.append(Test(line, match[1], blanked[at:end], text[at:end]))
    return found


def call_end(blanked: str, at: int) -> int:
    """The place after the bracket that closes the one at `at`; the end of the text when none does."""
    open_ones: list[str] = []
    for place in range(at, len(blanked)):
        char = blanked[place]
        if char in _PAIRS:
            open_ones.append(_PAIRS[char])
        elif open_ones and char == open_ones[-1]:
            open_ones.pop()
            if not open_ones:
                return place + 1
    return len(blanked)


def _spaces(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _find(text: str, what: str, at: int) -> int:
    found = text.find(what, at)
    return len(text) if found < 0 else found


def _after(text: str, what: str, at: int) -> int:
    found = text.find(what, at)
    return len(text) if found < 0 else found + len(what)


def _string(text: str, at: int) -> int:
    quote, place = text[at], at + 1
    while place < len(text) and text[place] not in (quote, "\n"):
        place += 2 if text[place] == "\\" else 1
    return min(place + 1, len(text))


def _template(text: str, place: int) -> tuple[int, bool]:
    """Where this stretch of a template literal ends, and whether a `${` ended it."""
    while place < len(text):
        if text[place] == "\\":
            place += 2
        elif text[place] == "`":
            return place + 1, False
        elif text.startswith("${", place):
            return place + 2, True
        else:
            place += 1
    return len(text), False


def _regex(text: str, at: int) -> int:
    """Where a regular expression literal ends; `at` when there is none."""
    place, in_class = at + 1, False
    while place < len(text) and text[place] != "\n":
        char = text[place]
        if char == "\\":
            place += 1
        elif char == "[":
            in_class = True
        elif char == "]":
            in_class = False
        elif char == "/" and not in_class:
            return place + 1
        place += 1
    return at
