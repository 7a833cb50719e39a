"""The line, run once for all tests that look at what it leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import Line, call, make_demo


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a git identity, for fixtures that outlive one test."""
    folder = tmp_path_factory.mktemp("line-home")
    (folder / ".gitconfig").write_text("[user]\n\tname = Tester\n\temail = tester@localhost\n")
    return folder


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Line:
    """The first task of the demo, taken to its pull request without any key or account."""
    repo = make_demo(tmp_path_factory.mktemp("finished"), home)
    before = (repo / "tasks.csv").read_bytes()
    done = call(repo, "next_task.py", environ={"HOME": str(home)})
    runs = sorted(path.parent.name for path in (repo / ".runs").glob("*/task.json"))
    return Line(repo, before, runs[0] if runs else "", done.stdout, done.stderr, done.returncode)
