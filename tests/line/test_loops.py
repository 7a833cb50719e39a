"""`make tasks`: each task once, two loops beside each other, and the reasons to stop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from kit.run.git import git
from kit.settings import TOOLKIT, Settings
from kit.tasks.queue import Queue
from support import call

HEAD = "task_id,status,difficulty,subtask,problem,background,environment,constraints,trainr_notes\n"
IMPOSSIBLE = "Create a CloudFormation YAML stack that migrates an S3 bucket from us-east-1 to us-east-1."


def fill(repo: Path, rows: int) -> None:
    """Give the repository a list of tasks none of which can be worked."""
    lines = "".join(f'{100 + n},,hard,Environment Migration,"{IMPOSSIBLE}",,,,\n' for n in range(rows))
    (repo / "tasks.csv").write_text(HEAD + lines)
    git(repo, "add", "tasks.csv")
    git(repo, "commit", "-qm", "tasks")
    git(repo, "push", "-q", "origin", "main")


def test_it_stops_after_three_errors_in_a_row_and_says_what_they_had_in_common(repo: Path) -> None:
    fill(repo, 6)
    done = call(repo, "tasks.py")
    assert done.returncode == 1
    assert "3 errors in a row (100, 101, 102)" in done.stderr or "3 errors in a row" in done.stderr
    assert "in common:" in done.stderr
    states = [row.state for row in Queue(repo, Settings.load(repo, environ={})).rows()]
    assert states == ["error"] * 3 + [""] * 3


def test_a_task_is_never_taken_twice_in_one_loop(repo: Path) -> None:
    fill(repo, 3)
    done = call(repo, "tasks.py", "--json", environ={"MAX_CONSECUTIVE_ERRORS": "100"})
    assert done.returncode == 0, done.stderr
    assert [one["outcome"] for one in json.loads(done.stdout)] == ["error"] * 3


def test_two_loops_share_twenty_tasks(repo: Path) -> None:
    fill(repo, 20)
    words = [sys.executable, str(TOOLKIT / "scripts" / "tasks.py"), "--repo", str(repo), "--json"]
    environment = os.environ | {"MAX_CONSECUTIVE_ERRORS": "100", "MAX_ATTEMPTS": "1"}
    loops = [subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = [json.loads(loop.communicate(timeout=600)[0]) for loop in loops]
    states = [row.state for row in Queue(repo, Settings.load(repo, environ={})).rows()]
    assert states == ["error"] * 20
    assert len(answers[0]) + len(answers[1]) == 20


def test_a_multi_cloud_task_stops_the_loop(repo: Path) -> None:
    text = "Create a CloudFormation YAML stack on AWS and the same network on Azure with a Virtual Network and on GCP with a VPC."
    (repo / "tasks.csv").write_text(
        HEAD + f'1,,hard,Cloud Environment Setup,"{text}",,,,\n2,,hard,Cloud Environment Setup,"{IMPOSSIBLE}",,,,\n'
    )
    git(repo, "add", "tasks.csv")
    git(repo, "commit", "-qm", "tasks")
    git(repo, "push", "-q", "origin", "main")
    done = call(repo, "tasks.py")
    assert done.returncode == 1
    rows = Queue(repo, Settings.load(repo, environ={})).rows()
    assert [row.state for row in rows] == ["error", ""]
    assert "the loop stops" in done.stderr


def test_a_reason_that_trying_again_cannot_cure_stops_the_loop_and_costs_nothing(repo: Path) -> None:
    fill(repo, 2)
    done = call(repo, "tasks.py", environ={"MIN_FREE_MB": "99999999999", "MODEL": "claude-opus-5-5"})
    assert done.returncode == 1
    assert "no credentials" in done.stderr
    assert [row.state for row in Queue(repo, Settings.load(repo, environ={})).rows()] == ["", ""]
