"""Going on with a run that was cut off, paused or ended in an error; and what a run carries with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import gen_metadata
import make_worktree
import next_task
import run_agent
from kit import files
from kit.errors import Failure, StopAll
from kit.run import project
from kit.run.git import code_tree
from kit.run.rundir import Run
from kit.settings import Settings
from kit.tasks import attempts
from kit.tasks.queue import Queue
from support import call, sh

LIST = "task_id,status,difficulty,subtask,problem,trainr_notes\nT1,{},hard,Cloud Environment Setup,An S3 bucket in CloudFormation,\n"


def with_settings(run: Run, **environ: str) -> Run:
    """The same run under other settings."""
    return Run(run.repo, run.task_id, Settings.load(run.repo, environ=environ))


def test_a_run_stays_in_the_cloud_it_began_in(run: Run) -> None:
    next_task._assert_cloud(run)
    next_task._assert_cloud(run)
    with pytest.raises(StopAll, match="was begun with CLOUD=moto, this is CLOUD=aws") as caught:
        next_task._assert_cloud(with_settings(run, CLOUD="aws"))
    assert caught.value.hint == "make resume ID=T1 CLOUD=moto"


def test_a_failed_run_that_has_its_worktree_can_be_gone_on_with(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (run.repo / "tasks.csv").write_text(LIST.format("error"))
    make_worktree.make(run)
    run.journal.add("ended", outcome="error", step="qa", reason="the API was away")

    def away(run: Run) -> None:
        raise StopAll("still away")

    monkeypatch.setattr("kit.run.chain.walk", away)
    assert next_task.main(["--repo", str(run.repo), "--resume", "T1"]) == 1
    again = with_settings(run)
    assert again.journal.state.ended == ""
    assert [event["event"] for event in again.journal.read()].count("reopened") == 1
    assert again.journal.read()[-1]["event"] == "paused"
    assert next(iter(Queue(run.repo, run.settings).rows())).state == "in_progress"


@pytest.mark.parametrize(("outcome", "words"), [("done", "is done"), ("error", "has no worktree")])
def test_what_cannot_be_gone_on_with_is_said(
    run: Run, outcome: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run.journal.add("ended", outcome=outcome)
    assert next_task.main(["--repo", str(run.repo), "--resume", "T1"]) == 1
    assert words in capsys.readouterr().err


def test_resume_without_an_id_takes_the_only_open_run(run: Run) -> None:
    assert next_task._open_one(run.repo, run.settings) == "T1"
    run.journal.add("ended", outcome="done")
    with pytest.raises(Failure, match="which task"):
        next_task._open_one(run.repo, run.settings)


def test_a_run_cut_off_before_its_row_was_set_sets_it(run: Run) -> None:
    (run.repo / "tasks.csv").write_text(LIST.format("in_progress"))
    files.write_json(run.dir / "pull_request.json", {"url": "somewhere"})
    attempts.intend(run, "", "")
    files.write_json(run.dir / "task.json", run.task | {"attempt": attempts.claim_of(run)["attempt"]})
    run.journal.add("ended", outcome="done", note="PR somewhere; 1 round")
    done = call(run.repo, "next_task.py")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "somewhere"
    row = next(iter(Queue(run.repo, run.settings).rows()))
    assert (row.state, row.of("trainr_notes")) == ("done", "PR somewhere; 1 round")


def test_a_repository_that_no_task_could_use_stops_the_loop_at_once(repo: Path) -> None:
    (repo / "tasks.csv").write_text(LIST.format(""))
    sh(repo, "git", "remote", "remove", "origin")
    done = call(repo, "tasks.py")
    assert done.returncode == 1
    assert "the loop stops" in done.stderr
    assert done.stderr.count("has no origin") == 2


def test_extra_fields_come_from_the_review_when_settings_want_them(run: Run) -> None:
    wanting = with_settings(run, TC_METADATA_EXTRA="training_quality")
    make_worktree.make(wanting)
    gen_metadata.generate(wanting)
    assert tuple(files.read_json(run.worktree / "metadata.json")) == project.FIELDS
    files.write_json(run.dir / "review.json", {"training_quality": 8})
    project.write_metadata(wanting)
    assert json.loads((run.worktree / "metadata.json").read_text())["training_quality"] == 8


def test_a_review_of_other_files_is_due_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    make_worktree.make(run)
    calls = []

    def phase(run: Run) -> dict[str, object]:
        calls.append(1)
        verdict = {
            "training_quality": 8, "reasons": ["r"], "summary": "s", "prerequisites_met": True, "compliance_percentage": 100,
            "violations": [], "ready": True, "new_features": [], "round": 1, "tree": code_tree(run.worktree),
        }  # fmt: skip
        files.write_json(run.dir / "review.json", verdict)
        return {"training_quality": 8}

    monkeypatch.setattr("kit.agents.phases.review", phase)
    run_agent.review(run)
    run_agent.review(run)
    assert len(calls) == 1
    (run.worktree / "lib").mkdir()
    (run.worktree / "lib" / "TapStack.yml").write_text("Resources: {}\n")
    run_agent.review(run)
    assert len(calls) == 2


def test_a_checkout_cut_in_the_middle_is_made_whole(run: Run) -> None:
    make_worktree.make(run)
    (run.worktree / "README.md").unlink()
    journal = run.journal.path.read_text().splitlines()
    run.journal.path.write_text("\n".join(line for line in journal if '"step_done"' not in line) + "\n")
    make_worktree.make(with_settings(run))
    assert (run.worktree / "README.md").exists()


def test_a_base_that_moved_on_is_not_taken_for_the_branch_s(run: Run, tmp_path: Path) -> None:
    begun = make_worktree.make(run)["base_sha"]
    sh(tmp_path, "git", "clone", "-q", "origin.git", "other")
    sh(tmp_path / "other", "git", "commit", "-q", "--allow-empty", "-m", "newer")
    sh(tmp_path / "other", "git", "push", "-q")
    from kit.run import worktrees

    assert worktrees.make(run).sha == begun


@pytest.mark.parametrize(
    ("first", "second"), [("task-20241122-0001", "task-20241122-0002"), ("x" * 40 + "1", "x" * 40 + "2")]
)
def test_long_ids_do_not_share_a_suffix(repo: Path, first: str, second: str) -> None:
    settings = Settings.load(repo, environ={})
    suffixes = [Run(repo, name, settings).suffix for name in (first, second)]
    assert suffixes[0] != suffixes[1]
    assert all(len(suffix) <= 20 and suffix.isalnum() for suffix in suffixes)
