"""The clean run, made once and copied for every test that breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest
from clean_run import Bench, build, copied


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clean run's repository, made once."""
    return build(tmp_path_factory.mktemp("clean") / "repo").repo


@pytest.fixture
def bench(built: Path, tmp_path: Path) -> Bench:
    """A copy of the clean run that a test may break."""
    return copied(built, tmp_path / "repo")
