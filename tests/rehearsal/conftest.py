"""A folder with the tools of an agent."""

from __future__ import annotations

from pathlib import Path

import pytest
from bakery import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Tools over an empty folder; every stage passes."""
    return Desk(tmp_path)
