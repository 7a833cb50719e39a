"""Killed after every single journal event, and gone on with each time: it ends as an undisturbed run ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kit import files
from kit.run.rundir import Run
from kit.settings import Settings
from kit.tasks.queue import Queue
from support import MINUTES, Line, make_demo, sh

MOST_CALLS = 300


@pytest.fixture(scope="module")
def battered(tmp_path_factory: pytest.TempPathFactory, home: Path) -> tuple[Line, list[str]]:
    """The demo's first task, its process killed after each event; and the events it was killed after."""
    folder = tmp_path_factory.mktemp("battered")
    repo = make_demo(folder, home)
    before = (repo / "tasks.csv").read_bytes()
    seen = folder / "seen"
    words = [sys.executable, str(Path(__file__).with_name("killed.py")), str(seen), "--", "--repo", str(repo)]
    environment = os.environ | {"HOME": str(home), "NO_COLOR": "1"}
    for _ in range(MOST_CALLS):
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=MINUTES * 60)
        rows = Queue(repo, Settings.load(repo, environ={})).rows()
        if done.returncode != -signal.SIGKILL or sum(row.state == "done" for row in rows) == 2:
            break
    task_id = next(path.parent.name for path in (repo / ".runs").glob("*/task.json"))
    return Line(repo, before, task_id, done.stdout, done.stderr, done.returncode), seen.read_text().splitlines()


def test_it_ends_with_the_pull_request(battered: tuple[Line, list[str]]) -> None:
    line, _ = battered
    assert line.status in (0, -signal.SIGKILL), line.stderr[-3000:]
    assert files.read_json(line.run.dir / "pull_request.json")["branch"] == line.run.branch


def test_it_was_killed_at_every_kind_of_event(battered: tuple[Line, list[str]]) -> None:
    _, seen = battered
    words = "\n".join(seen)
    for step in (
        "select",
        "worktree",
        "metadata",
        "install",
        "generate",
        "baseline",
        "qa",
        "review",
        "gate",
        "final",
        "pr",
        "finish",
    ):
        assert f"event=step_started step={step}" in words
        assert f"event=step_done step={step}" in words or step == "finish"
    assert "event=pushed" in words
    assert "event=ended" in words
    assert sum("event=receipt" in one for one in seen) >= 15


def test_one_task_was_taken_once(battered: tuple[Line, list[str]]) -> None:
    line, _ = battered
    rows = Queue(line.repo, line.run.settings).rows()
    assert [row.task_id for row in rows if row.state == "in_progress"] == []
    before = [row.state for row in rows if row.task_id != line.task_id]
    assert next(row.state for row in rows if row.task_id == line.task_id) == "done"
    assert before.count("done") == 1
    assert [path.parent.name for path in (line.repo / ".runs").glob("*/task.json")] == [line.task_id]


def test_no_resumption_ended_in_an_error(battered: tuple[Line, list[str]]) -> None:
    line, _ = battered
    ends = [path.read_text().splitlines()[-1] for path in line.run.dir.glob("attempts/*/journal.jsonl")]
    assert ends == []


def test_one_branch_one_pull_request_no_worktree(battered: tuple[Line, list[str]]) -> None:
    line, _ = battered
    branches = sh(line.repo, "git", "for-each-ref", "--format=%(refname:short)", "refs/heads").splitlines()
    assert sorted(branches) == sorted(["main", line.run.branch])
    pulls = Path(files.read_json(line.run.dir / "pull_request.json")["url"]).parent
    assert sorted(path.suffix for path in pulls.iterdir()) == [".json", ".md"]
    assert not line.run.worktree.exists()
    assert len(sh(line.repo, "git", "rev-list", f"origin/main..{line.run.branch}").splitlines()) == 1


def test_it_delivers_what_an_undisturbed_run_delivers(battered: tuple[Line, list[str]], finished: Line) -> None:
    line, _ = battered
    assert line.task_id == finished.task_id
    for path in (
        "lib/TapStack.yml",
        "lib/PROMPT.md",
        "lib/MODEL_RESPONSE.md",
        "test/tap-stack.unit.test.ts",
        "test/tap-stack.int.test.ts",
    ):
        mine, other = (sh(one.repo, "git", "show", f"{one.run.branch}:{path}") for one in (line, finished))
        assert mine == other, path


def test_what_had_a_receipt_was_not_repeated(battered: tuple[Line, list[str]]) -> None:
    line, _ = battered
    passed = [
        (event["stage"], event["tree"])
        for event in line.run.journal.read()
        if event["event"] == "receipt"
        and event["verdict"] == "passed"
        and event["stage"] in ("lint", "build", "synth", "unit", "install")
    ]
    assert len(passed) - len(set(passed)) <= 2, sorted(one for one in passed if passed.count(one) > 1)


def test_no_process_outlives_it(battered: tuple[Line, list[str]]) -> None:
    line, _ = battered
    mark = str(line.repo).encode()
    left = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (path / "cmdline").read_bytes() + (path / "environ").read_bytes():
                left.append((path / "cmdline").read_bytes())
        except OSError:
            continue
    assert left == []


def test_a_run_of_the_same_repo_is_whole(battered: tuple[Line, list[str]]) -> None:
    line, _ = battered
    again = Run(line.repo, line.task_id, Settings.load(line.repo, environ={}))
    assert again.journal.state.ended == "done"
    assert again.journal.state.generation > 20
