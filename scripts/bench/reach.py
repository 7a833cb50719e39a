"""A pytest plugin for the mutation test: which lines of the gates each test reaches, or only chosen tests in a chosen order.

Example:
    REACH_WRITE=reach.json PYTHONPATH=scripts/bench python -m pytest -p reach tests/gates
    REACH_ONLY=chosen.json PYTHONPATH=scripts/bench python -m pytest -p reach tests/gates/test_rule.py
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

GATES = str(Path("scripts") / "kit" / "gates") + os.sep
_lines: set[tuple[str, int]] = set()
_found: dict[str, dict[str, Any]] = {}
_failed: set[str] = set()
_known: dict[str, str] = {}


def _module(file: str) -> str:
    """The gate module a file holds, such as stacks/base; empty for any other file."""
    if file not in _known:
        _, _, name = file.partition(GATES)
        _known[file] = Path(name).with_suffix("").as_posix() if name else ""
    return _known[file]


def _enter(frame: FrameType, event: str, argument: object) -> Any:
    module = _module(frame.f_code.co_filename)
    if not module:
        return None

    def step(inner: FrameType, event: str, argument: object) -> Any:
        _lines.add((module, inner.f_lineno))
        return step

    return step


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Note what the test reaches, its fixtures included."""
    if "REACH_WRITE" not in os.environ:
        return (yield)
    _lines.clear()
    begun = time.monotonic()
    threading.settrace(_enter)
    sys.settrace(_enter)
    try:
        return (yield)
    finally:
        sys.settrace(None)
        threading.settrace(None)
        seconds = time.monotonic() - begun
        _found[item.nodeid] = {"passed": item.nodeid not in _failed, "seconds": seconds, "lines": sorted(_lines)}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note a test that fails: it tells nothing about a mutant."""
    if report.failed:
        _failed.add(report.nodeid)


def pytest_sessionfinish() -> None:
    """Write what was found."""
    if "REACH_WRITE" in os.environ:
        Path(os.environ["REACH_WRITE"]).write_text(json.dumps(_found), encoding="utf-8")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the chosen tests, in the order in which they were chosen."""
    if "REACH_ONLY" in os.environ:
        chosen = json.loads(Path(os.environ["REACH_ONLY"]).read_text(encoding="utf-8"))
        place = {name: number for number, name in enumerate(chosen)}
        items[:] = sorted((one for one in items if one.nodeid in place), key=lambda one: place[one.nodeid])
