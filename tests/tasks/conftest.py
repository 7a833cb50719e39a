"""Repositories with a task list."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kit.settings import Settings
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


@pytest.fixture
def write(repo: Path) -> Write:
    """Write bytes or rows as the repository's tasks.csv; the queue over it."""

    def written(content: bytes | Sequence[Sequence[str]], **flags: object) -> Queue:
        data = content if isinstance(content, bytes) else table(content)
        (repo / "tasks.csv").write_bytes(data)
        return Queue(repo, Settings.load(repo, environ={}, flags=flags))

    return written


@pytest.fixture
def settings(repo: Path) -> Settings:
    """The settings of the repository, nothing from the environment."""
    return Settings.load(repo, environ={})
