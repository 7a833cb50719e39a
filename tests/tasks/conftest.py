"""Repositories with a task list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from lists import Write, table

from kit.settings import Settings
from kit.tasks.queue import Queue


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
