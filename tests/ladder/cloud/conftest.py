"""A run in a folder of its own, and a cloud for it that is gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cloud_support import Bench, make_run

from kit.ladder.clouds import Cloud, moto
from kit.run.rundir import Run


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


@pytest.fixture
def bench(run: Run, cloud: Cloud) -> Bench:
    """A run and its own server."""
    return Bench(run, cloud)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A server for all tests that only add stacks and take them away."""
    made = make_run(tmp_path_factory.mktemp("shared"))
    server = moto.open_cloud(made)
    yield Bench(made, server)
    server.stop()
