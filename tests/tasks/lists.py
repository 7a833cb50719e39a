"""Task lists for the tests."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from kit.tasks.queue import Queue

HEADER = (
    "task_id",
    "status",
    "platform",
    "language",
    "difficulty",
    "subtask",
    "subject_labels",
    "problem",
    "background",
    "environment",
    "constraints",
    "trainr_notes",
)
TEXT = 'Create a CloudFormation template in YAML with an S3 bucket.\nIt is called "reports", and it is small.'

Write = Callable[..., Queue]


def row(task_id: str, status: str = "", difficulty: str = "hard", **other: str) -> list[str]:
    """The cells of one row in the order of `HEADER`."""
    cells = {"task_id": task_id, "status": status, "difficulty": difficulty, "problem": TEXT} | other
    return [cells.get(name, "") for name in HEADER]


def table(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, end: str = "\n") -> bytes:
    """A CSV document."""
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows([header, *rows])
    return out.getvalue().encode()


def sh(where: Path, *words: str) -> str:
    """Run a command that must succeed; its stdout."""
    return subprocess.run(words, cwd=where, check=True, capture_output=True, text=True).stdout.strip()
