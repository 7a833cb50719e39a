"""A disk that is full, for real: a tmpfs of 256 KiB, in a mount namespace of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kit.settings import TOOLKIT

SCRIPT = Path(__file__).with_name("full_disk.py")


@pytest.mark.parametrize("case", ["tasks", "journal", "receipt", "records", "replaced"])
def test_nothing_is_lost_on_a_full_disk_and_one_line_says_so(tmp_path: Path, case: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    box = ["bwrap", "--dev-bind", "/", "/", "--size", str(256 << 10), "--tmpfs", str(disk)]
    ended = subprocess.run(
        [*box, "--", sys.executable, str(SCRIPT), str(disk), case],
        env={**os.environ, "PYTHONPATH": str(TOOLKIT / "scripts")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.stdout == "held\n", ended.stderr
