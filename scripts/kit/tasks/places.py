"""Where claimed rows begin, as long as the file is byte for byte the one that we wrote last.

A cache, so that ending a task does not read a list of hundreds of megabytes again to find one row.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from kit.tasks.csvfile import Edit
from kit.tasks.sheet import Entry, Sheet, Stamp

FILE = "queue.json"
MOST = 1000


def find(runs: Path, sheet: Sheet, task_id: str) -> Entry | None:
    """The row of `task_id`, when the cache knows it and the file is the one it speaks of."""
    offset = _read(runs, sheet.stamp).get(task_id)
    return sheet.entry_at(offset, task_id) if offset is not None else None


def keep(runs: Path, sheet: Sheet, edits: Sequence[Edit], stamp: Stamp, task_id: str, start: int) -> None:
    """Note where the known rows, and that of `task_id` at `start`, are after `edits` made `sheet` the file of `stamp`."""
    known = _read(runs, sheet.stamp) | {task_id: start}
    moved = {name: at + _shift(edits, at) for name, at in list(known.items())[-MOST:]}
    temp = runs / f".{FILE}"
    temp.write_text(json.dumps({"stamp": list(stamp), "rows": moved}), encoding="utf-8")
    temp.replace(runs / FILE)


def _read(runs: Path, stamp: Stamp) -> dict[str, int]:
    try:
        kept = json.loads((runs / FILE).read_text(encoding="utf-8"))
        return dict(kept["rows"]) if tuple(kept["stamp"]) == stamp else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _shift(edits: Sequence[Edit], offset: int) -> int:
    return sum(len(new) - (stop - begin) for begin, stop, new in edits if begin < offset)
