"""The task as one readable text, put together from the cells of its row."""

from __future__ import annotations

import json
import re
from typing import Any

from kit.tasks.sheet import Row

HEADINGS = {
    "background": "Background",
    "problem": "Problem",
    "environment": "Environment",
    "constraints": "Constraints",
}
PROSE_FROM = 60

_BREAK = re.compile(r"(?:\\r)?\\n(?=\s|\\n|\\r|[A-Z0-9*#-]|$)")
_SENTENCE = re.compile(r"(?<=[.!?:])\s|\n")


def assemble(row: Row) -> str:
    """All that `row` says about the task under headings, in the order a reader needs it.

    Columns of unknown meaning are added when they hold prose.
    """
    parts = [(title, row.of(role)) for role, title in HEADINGS.items()]
    known = set(row.layout.roles.values())
    for number, cell in enumerate(row.cells[: len(row.layout.names)]):
        if number not in known and len(cell) >= PROSE_FROM and " " in cell.strip():
            parts.append((row.layout.names[number], cell))
    shown = [(title, readable(cell)) for title, cell in parts]
    return "\n\n".join(f"## {title}\n\n{cell}" for title, cell in shown if cell) + "\n"


def readable(cell: str) -> str:
    """A cell as text: a JSON document as headings and lists, a written-out `\\n` as a line break, no NUL."""
    cell = cell.replace("\0", "").strip()
    if cell[:1] in "{[" and cell[-1:] in "}]":
        try:
            return "\n".join(_lines(json.loads(cell), 0)).strip()
        except ValueError:
            pass
    cell = _BREAK.sub("\n", cell).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in cell.split("\n")).strip()


def title(text: str, limit: int = 100) -> str:
    """The first sentence of the problem, or of whatever the text begins with, shortened to `limit` characters."""
    start = text.find("## Problem\n")
    lines = [line for line in text[max(start, 0) :].split("\n") if line.strip() and not line.startswith("#")]
    sentence = _SENTENCE.split(lines[0].strip())[0] if lines else ""
    sentence = sentence.rstrip(".: ")
    return sentence if len(sentence) <= limit else sentence[: limit - 3].rsplit(" ", 1)[0] + "..."


def _lines(value: Any, depth: int) -> list[str]:
    pad = "  " * max(depth - 1, 0)
    if isinstance(value, dict):
        found = []
        for key, inner in value.items():
            name = str(key).replace("_", " ")
            if isinstance(inner, dict | list):
                found += [f"{pad}{'- ' if depth else ''}{name}:", *_lines(inner, depth + 1)]
            else:
                found.append(f"{pad}{'- ' if depth else ''}{name}: {_word(inner)}")
        return found
    if isinstance(value, list):
        found = []
        for inner in value:
            if isinstance(inner, dict | list):
                found += _lines(inner, depth + 1)
            else:
                found.append(f"{pad}- {_word(inner)}")
        return found
    return [f"{pad}{_word(value)}"]


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
