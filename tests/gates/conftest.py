"""The clean run, made once and copied for every test that breaks it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from clean_run import Bench, build


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clean run's repository, made once."""
    return build(tmp_path_factory.mktemp("clean") / "repo").repo


@pytest.fixture
def bench(built: Path, tmp_path: Path) -> Bench:
    """A copy of the clean run that a test may break."""
    repo = tmp_path / "repo"
    shutil.copytree(built, repo, symlinks=True)
    own = Bench(repo)
    inner = repo / ".git" / "worktrees" / own.run.branch
    (own.root / ".git").write_text(f"gitdir: {inner}\n", encoding="utf-8")
    (inner / "gitdir").write_text(f"{own.root / '.git'}\n", encoding="utf-8")
    return own
