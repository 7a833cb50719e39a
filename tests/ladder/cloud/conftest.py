"""A run in a folder of its own, and a cloud for it that is gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kit import files
from kit.ladder.clouds import Cloud, moto
from kit.run.rundir import Run
from kit.settings import Settings


def make_run(folder: Path, task_id: str = "T-1") -> Run:
    """A run of a task in us-east-1 with an empty worktree."""
    run = Run(folder, task_id, Settings.load(environ={}))
    files.write_json(run.dir / "task.json", {"task_id": task_id, "region": "us-east-1", "platform": "cfn"})
    run.worktree.mkdir(parents=True)
    return run


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """A run; its server, if any, is stopped at the end."""
    made = make_run(tmp_path)
    yield made
    found = moto.find_cloud(made)
    if found is not None:
        found.stop()


@pytest.fixture
def cloud(run: Run) -> Cloud:
    """The run's moto server."""
    return moto.open_cloud(run)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Run, Cloud]]:
    """A run and its server for tests that only add stacks of their own name."""
    made = make_run(tmp_path_factory.mktemp("shared"))
    server = moto.open_cloud(made)
    yield made, server
    server.stop()
