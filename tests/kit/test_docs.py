"""The pages say what is there."""

from __future__ import annotations

import re

import file_map
from kit.settings import TOOLKIT


def test_the_map_of_files_is_up_to_date() -> None:
    assert file_map.main(["--check"]) == 0


def test_every_target_the_readme_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (TOOLKIT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|    |=... )make ([a-z-]+)", (TOOLKIT / "README.md").read_text()))
    assert named - targets == set()
    assert {"next-task", "test"} <= named


def test_every_file_says_its_purpose() -> None:
    silent = [line for line in (TOOLKIT / "README.md").read_text().splitlines() if re.fullmatch(r"- `[\w.]+`: ?", line)]
    assert silent == []
