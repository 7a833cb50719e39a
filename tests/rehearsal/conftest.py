"""A folder with the tools of an agent, and an emulated cloud."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bakery import Desk, emulator


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Tools over an empty folder; every stage passes."""
    return Desk(tmp_path)


@pytest.fixture
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an emulated cloud that ends with the test."""
    with emulator(tmp_path_factory.mktemp("cloud")) as address:
        yield address
