"""What can be wrong with a row: flaws forbid working it, oddities are only told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.errors import Failure
from kit.run.rundir import safe_id
from kit.tasks.sheet import Row, plain

KNOWN_STATES = {"", "pending", "todo", "to_do", "open", "new", "ready", "not_started", "in_progress", "done", "error"}
KNOWN_DIFFICULTIES = {"easy", "medium", "hard", "expert"}
TEXT = ("problem", "environment", "background", "constraints")
LONGEST_WORD = 32
# What a flaw says that can hide or damage the rows behind it, and what later tasks' authors can learn from it.
_LESSONS = {
    "is wrapped into this one": "A row of the list that is wrapped into another hides its own task: "
    "each row begins on a line of its own, and a cell that opens a quote closes it.",
    "cells are shifted": "Text with commas, quotes or line breaks that is not quoted shifts the cells behind it: "
    'such cells stand in quotes, with each quote in them doubled ("").',
}

_WRAPPED = re.compile(r"(?:^|[\r\n])\s*\"?([\w.-]{1,64})\"?\s*,\s*\"?(easy|medium|hard|expert)\"?\s*,", re.IGNORECASE)


def of_id(task_id: str, times: int) -> Iterator[str]:
    """Flaws of the id `task_id` that `times` rows have."""
    if times > 1:
        yield f"{times} rows have the task id {task_id!r}"
    try:
        safe_id(task_id)
    except Failure:
        shown = task_id if len(task_id) <= 64 else task_id[:61] + "..."
        yield f"task id {shown!r} cannot name a branch and a folder"


def of_row(row: Row) -> Iterator[str]:
    """Flaws of the cells of `row`: cut, wrapped into each other, shifted, or without a task."""
    extra = [cell for cell in row.cells[len(row.layout.names) :] if cell.strip()]
    if extra:
        yield (
            f"{len(row.cells)} cells where the header has {len(row.layout.names)}: text with commas or quotes was not "
            f"quoted, and the following cells are shifted"
        )
    for name, cell in row.fields.items():
        found = _WRAPPED.search(cell)
        if found:
            yield (
                f"the cell {name} holds the beginning of a row ({found[1]},{found[2]},...): "
                f"a row is wrapped into this one"
            )
            break
    if len(row.status.strip()) > LONGEST_WORD:
        yield f"the status cell holds text ({row.status.strip()[:40]!r}...): the cells are shifted"
    if not any(row.of(role).strip() for role in TEXT):
        yield f"no task text: {', '.join(role for role in TEXT if role in row.layout.roles) or 'its columns'} are empty"


def lesson(flaw: str) -> str:
    """What `flaw` teaches when it can block later tasks; "" when it concerns its own row alone."""
    return next((text for sign, text in _LESSONS.items() if sign in flaw), "")


def oddities(row: Row) -> Iterator[str]:
    """What is strange about `row` and does not keep it from being worked."""
    if len(row.cells) < len(row.layout.names):
        lacking = ", ".join(row.layout.names[len(row.cells) :])
        yield f"{len(row.cells)} cells where the header has {len(row.layout.names)}: none for {lacking}"
    for role in ("id", "status", "difficulty", "platform", "language", "subtask"):
        cell = row.of(role)
        bare = cell.strip()
        if role in ("status", "difficulty") and bare != bare.strip("\"'"):
            yield f"stray spaces and quotes around {role} {cell!r}: a quote opens only at the start of a cell"
        elif cell != bare:
            yield f"stray spaces around {role} {cell[:40]!r}"
    if row.state not in KNOWN_STATES and len(row.status.strip()) <= LONGEST_WORD:
        yield f"unknown status {row.status.strip()!r}: neither in_progress nor done, so the row counts as open"
    if plain(row.difficulty) not in KNOWN_DIFFICULTIES:
        shown = row.difficulty.strip()
        yield f"unknown difficulty {shown[:40]!r}{'...' * (len(shown) > 40)}: only hard and medium are worked"
    if any("�" in cell for cell in row.cells):
        yield "bytes that are not UTF-8"
    if any("\0" in cell for cell in row.cells):
        yield "a NUL character"
