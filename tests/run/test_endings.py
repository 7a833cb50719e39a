"""How a task ends when it cannot be finished: told, destroyed, kept for study, dropped on demand."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import finish_task
import gen_metadata
import make_worktree
from kit.errors import Failure
from kit.ladder.clouds import find_cloud
from kit.ladder.stages import run_stage
from kit.run import receipts, worktrees
from kit.run.rundir import Run
from kit.settings import Settings
from kit.tasks.queue import Queue
from support import call, sh

BUCKET = """
Parameters:
  EnvironmentSuffix: {Type: String}
Resources:
  Reports:
    Type: AWS::S3::Bucket
    Properties: {BucketName: !Sub 'reports-${EnvironmentSuffix}'}
Outputs:
  ReportsName: {Value: !Ref Reports}
"""


@pytest.fixture
def placed(run: Run) -> Run:
    """The run with its row in a list, its worktree and its template."""
    (run.repo / "tasks.csv").write_text("task_id,status,difficulty,problem,trainr_notes\nT1,in_progress,hard,x,\n")
    make_worktree.make(run)
    gen_metadata.generate(run)
    (run.worktree / "lib" / "TapStack.yml").write_text(BUCKET)
    return run


def row(run: Run) -> tuple[str, str]:
    """Status and note of the task's row."""
    found = next(iter(Queue(run.repo, run.settings).rows()))
    return found.state, found.of("trainr_notes")


def test_a_failed_task_leaves_no_stack_and_says_why(placed: Run) -> None:
    assert run_stage(placed, "deploy").passed
    cloud = find_cloud(placed)
    assert cloud is not None
    assert [one["Name"] for one in cloud.client("s3").list_buckets()["Buckets"]] == ["reports-syntht1"]
    placed.journal.add("step_started", step="qa", round=1)
    finish_task.fail(placed, Failure("the tests\nstill fail", hint="look"))
    state, note = row(placed)
    assert state == "error"
    assert note == "qa: the tests still fail | log .runs/T1/logs"
    last = [one for _, one in receipts.read_all(placed) if one.stage == "destroy"][-1]
    assert last.passed
    assert find_cloud(placed) is None
    assert placed.worktree.is_dir()
    assert placed.journal.state.ended == "error"


def test_what_cannot_be_destroyed_is_listed_in_the_note(placed: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_stage(placed, "deploy").passed
    cloud = find_cloud(placed)
    assert cloud is not None
    os.kill(cloud.pid, 9)  # type: ignore[attr-defined]
    monkeypatch.setattr("kit.ladder.clouds.moto.START_SECONDS", 0.0)
    finish_task.fail(placed, Failure("the cloud died"))
    state, note = row(placed)
    assert state == "error"
    assert "left in the cloud:" in note


def test_a_failed_worktree_is_dropped_on_demand_and_its_files_stay_in_the_branch(placed: Run) -> None:
    refused = call(placed.repo, "finish_task.py", "--task", "T1", "--drop-worktree")
    assert refused.returncode == 1
    assert "is not ended" in refused.stderr
    finish_task.fail(placed, Failure("no luck"))
    done = call(placed.repo, "finish_task.py", "--task", "T1", "--drop-worktree")
    assert done.returncode == 0, done.stderr
    assert not placed.worktree.exists()
    assert "Reports" in sh(placed.repo, "git", "show", f"{placed.branch}:lib/TapStack.yml")


def test_finishing_needs_a_pull_request_and_a_proof_of_destroy(placed: Run) -> None:
    with pytest.raises(Failure, match="has no open pull request"):
        finish_task.finish(placed)
    from kit import forge

    forge.choose(placed.repo, placed.settings).ensure(placed.branch, "main", "t", "b", "a" * 40)
    with pytest.raises(Failure, match="nothing proves that the stack is gone"):
        finish_task.finish(placed)
    assert placed.worktree.is_dir()
    assert row(placed)[0] == "in_progress"


def test_a_destroy_before_the_last_deploy_proves_nothing(placed: Run) -> None:
    from kit import forge

    forge.choose(placed.repo, placed.settings).ensure(placed.branch, "main", "t", "b", "a" * 40)
    for stage, verdict in (("destroy", "passed"), ("deploy", "failed"), ("destroy", "not run")):
        receipts.write(placed, receipts.Receipt(stage=stage, verdict=verdict, tree="a" * 40, attempt=1))
    with pytest.raises(Failure, match="nothing proves that the stack is gone"):
        finish_task.finish(placed)


def test_eight_worktrees_are_made_and_removed_at_once(repo: Path) -> None:
    settings = Settings.load(repo, environ={})
    made = [Run(repo, f"P{number}", settings) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(worktrees.make, made))
        list(pool.map(lambda run: sh(run.worktree, "git", "push", "-q", "origin", "HEAD"), made))
        list(pool.map(lambda run: worktrees.remove(run, pushed_head=worktrees.remote_head(run)), made))
    assert sh(repo, "git", "worktree", "list").count("\n") == 0


def test_a_clock_that_goes_backwards_changes_nothing(run: Run) -> None:
    lines = [
        '{"at": "2026-05-02T10:00:00.000+00:00", "generation": 1, "event": "step_done", "step": "worktree", "round": 0}',
        '{"at": "2020-01-01T00:00:00.000+00:00", "generation": 1, "event": "step_done", "step": "metadata", "round": 0}',
        '{"at": "2026-05-01T10:00:00.000+00:00", "generation": 1, "event": "step_started", "step": "install", "round": 0}',
    ]
    with run.journal.path.open("a") as out:
        out.write("\n".join(lines) + "\n")
    state = Run(run.repo, run.task_id, run.settings).journal.state
    assert set(state.done) == {(0, "worktree"), (0, "metadata")}
    assert state.started == "install"
