"""What users and networks do to the line near its end, on one run that stands before its pull request."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kit.run.rundir import Run
from kit.settings import TOOLKIT, Settings
from kit.tasks.queue import Queue
from support import MINUTES, Line, call, make_demo, sh


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Line:
    """The demo's first task, killed when its pull request was about to be opened."""
    folder = tmp_path_factory.mktemp("standing")
    repo = make_demo(folder, home)
    before = (repo / "tasks.csv").read_bytes()
    words = [
        sys.executable,
        str(Path(__file__).with_name("killed.py")),
        str(folder / "seen"),
        "--",
        "--repo",
        str(repo),
    ]
    environment = os.environ | {"HOME": str(home), "KILL_AT": "event=step_started step=pr"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=MINUTES * 60)
    assert done.returncode == -signal.SIGKILL, done.stderr[-3000:]
    task_id = next(path.parent.name for path in (repo / ".runs").glob("*/task.json"))
    return Line(repo, before, task_id, done.stdout, done.stderr, done.returncode)


def hook(line: Line, script: str) -> Path:
    """Give origin a pre-receive hook."""
    origin = Path(sh(line.repo, "git", "remote", "get-url", "origin"))
    path = origin / "hooks" / "pre-receive"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def assert_whole(line: Line) -> None:
    """The task keeps its place and its work, and nothing was proposed."""
    again = Run(line.repo, line.task_id, Settings.load(line.repo, environ={}))
    row = next(row for row in Queue(line.repo, again.settings).rows() if row.task_id == line.task_id)
    assert row.state == "in_progress"
    assert not again.journal.state.ended
    assert (again.worktree / "lib" / "IDEAL_RESPONSE.md").is_file()
    assert not (again.dir / "pull_request.json").exists()


def test_a_refused_push_keeps_the_task_in_its_place(standing: Line, home: Path) -> None:
    path = hook(standing, "echo 'you may not push' >&2; exit 1")
    done = call(standing.repo, "next_task.py", environ={"HOME": str(home)})
    path.unlink()
    assert done.returncode == 1
    assert "origin did not take IAC-synth-" in done.stderr
    assert f"make resume ID={standing.task_id}" in done.stderr
    assert_whole(standing)


def test_a_hanging_push_ends_in_its_time(standing: Line, home: Path) -> None:
    path = hook(standing, "sleep 300")
    done = call(standing.repo, "next_task.py", environ={"HOME": str(home), "REMOTE_SECONDS": "3"})
    path.unlink()
    assert done.returncode == 1
    assert "exceeded its wall time limit" in done.stderr
    assert_whole(standing)


def test_an_origin_that_is_away_costs_no_attempt(standing: Line, home: Path) -> None:
    origin = Path(sh(standing.repo, "git", "remote", "get-url", "origin"))
    origin.rename(origin.with_suffix(".away"))
    done = call(standing.repo, "next_task.py", environ={"HOME": str(home)})
    origin.with_suffix(".away").rename(origin)
    assert done.returncode == 1
    assert_whole(standing)


@pytest.mark.parametrize("times", [1, 2])
def test_interrupted_by_the_user(standing: Line, home: Path, times: int) -> None:
    path = hook(standing, f"touch {standing.repo}/.runs/pushing; sleep 300")
    words = [sys.executable, str(TOOLKIT / "scripts" / "next_task.py"), "--repo", str(standing.repo)]
    process = subprocess.Popen(words, env=os.environ | {"HOME": str(home)}, stderr=subprocess.PIPE, text=True)
    pushing = standing.repo / ".runs" / "pushing"
    until = time.monotonic() + 60
    while not pushing.exists():
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.05)
    try:
        for _ in range(times):
            process.send_signal(signal.SIGINT)
            time.sleep(0.1)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
        pushing.unlink()
        path.unlink()
    assert process.returncode == 130
    assert times == 2 or f"nothing is lost: make resume ID={standing.task_id}" in said
    assert "Traceback" not in said
    assert_whole(standing)


def test_a_second_line_beside_a_working_one_takes_another_task(standing: Line, home: Path) -> None:
    again = Run(standing.repo, standing.task_id, Settings.load(standing.repo, environ={}))
    with again.working():
        done = call(standing.repo, "select_task.py", "--dry-run", environ={"HOME": str(home)})
        assert done.stdout.strip() not in ("", standing.task_id)
        refused = call(standing.repo, "next_task.py", "--resume", standing.task_id, environ={"HOME": str(home)})
    assert refused.returncode == 1
    assert "is held by another process" in refused.stderr
    assert_whole(standing)


def test_at_last_it_goes_through_with_one_pull_request(standing: Line, home: Path) -> None:
    done = call(standing.repo, "next_task.py", environ={"HOME": str(home)})
    assert done.returncode == 0, done.stderr[-2000:]
    assert "was cut off" in done.stderr
    pulls = Path(done.stdout.strip()).parent
    assert len(list(pulls.iterdir())) == 2
    assert not standing.run.worktree.exists()
