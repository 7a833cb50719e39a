"""Claiming a task opens its run; whatever goes wrong, the row says so or is given back."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from lists import TEXT, Write, row, sh

from kit import lock
from kit.errors import Failure, StopAll
from kit.settings import Settings
from kit.tasks import attempts, lessons, selection
from kit.tasks.brief import MultiCloud, Unworkable
from kit.tasks.queue import NothingToDo, Queue, crashed

PROMPT = """\
# Order intake

Create a CloudFormation template in YAML. It must have an S3 bucket, a Lambda function and a DynamoDB table.
The bucket triggers the function, which writes what it reads to the table.
All data is encrypted with KMS, nothing is public, and everything is deployed to eu-west-1.
"""


def status_of(queue: Queue, task_id: str) -> tuple[str, str]:
    (found,) = [found for found in queue.rows() if found.task_id == task_id]
    return found.status, found.of("trainr_notes")


def test_a_claimed_task_has_its_run_and_stays_out_of_git(write: Write, repo: Path) -> None:
    queue = write([row("a"), row("b")])
    sh(repo, "git", "add", "tasks.csv")
    sh(repo, "git", "commit", "-qm", "tasks")
    run = selection.select(repo, queue.settings)
    assert run.task_id == "a"
    assert run.task["platform"] == "cfn"
    assert run.task["attempt"] == 1
    assert [event["event"] for event in run.journal.read()] == ["generation", "step_started", "step_done"]
    assert (1, "select") in run.journal.state.done
    assert status_of(queue, "a") == ("in_progress", "")
    (repo / "node_modules").mkdir()
    (repo / "node_modules" / "x").touch()
    assert sh(repo, "git", "status", "--porcelain") == "M tasks.csv"


def test_a_key_in_a_task_does_not_reach_its_run(write: Write, repo: Path) -> None:
    key, secret = "AKIA" + "ABCDEFGHIJKLMNOP", "a1B/" * 10
    queue = write([row("a", problem=f"{TEXT} Use {key} with the secret {secret}, please.")])
    run = selection.select(repo, queue.settings)
    assert run.task["text"].count("[redacted") == 2
    kept = "".join(path.read_text() for path in run.dir.rglob("*.json*"))
    assert key not in kept and secret not in kept


def test_outside_git_nothing_is_claimed(tmp_path: Path, write: Write, repo: Path) -> None:
    write([row("a")])
    bare = tmp_path / "plain"
    bare.mkdir()
    (bare / "tasks.csv").write_bytes((repo / "tasks.csv").read_bytes())
    with pytest.raises(Failure, match="not a git repository"):
        selection.select(bare, Settings.load(bare, environ={}))
    assert (bare / "tasks.csv").read_bytes() == (repo / "tasks.csv").read_bytes()


def test_the_run_is_held_from_the_claim_to_the_end_of_the_body(write: Write, repo: Path) -> None:
    queue = write([row("a")])
    with selection.selected(repo, queue.settings) as run:
        assert run.is_worked_on
        assert crashed(repo, queue.settings) == []
    assert not run.is_worked_on
    assert [found.task_id for found in crashed(repo, queue.settings)] == ["a"]


def test_a_multi_cloud_task_is_an_error_with_the_reason_and_stops_everything(write: Write, repo: Path) -> None:
    queue = write([row("a", problem=f"{TEXT} Deploy the networks across AWS, Azure and GCP."), row("b")])
    with pytest.raises(MultiCloud):
        selection.select(repo, queue.settings)
    status, note = status_of(queue, "a")
    assert status == "error"
    assert note.startswith("select: task a (tasks.csv line 2) is multi-cloud, everything stops: 'Deploy the networks")
    assert status_of(queue, "b") == ("", "")
    assert not queue.run("a").is_worked_on


def test_an_impossible_task_is_an_error_and_a_lesson_once(write: Write, repo: Path) -> None:
    wrong = f"{TEXT} Migrate it from us-east-1 to us-east-1."
    queue = write([row("a", problem=wrong), row("b", problem=wrong), row("c")])
    for task_id in ("a", "b"):
        with pytest.raises(Unworkable):
            selection.select(repo, queue.settings, task_id)
        assert status_of(queue, task_id)[0] == "error"
        assert "name two different regions" in status_of(queue, task_id)[1]
    assert lessons.read(repo).count("A migration between regions needs two different ones") == 1
    assert selection.select(repo, queue.settings, skip={"a", "b"}).task_id == "c"


def test_impossible_tasks_are_parked_as_others_are(write: Write, repo: Path) -> None:
    queue = write([row("a", subtask="Cooking")], **{"limits.max_attempts": 2})
    for _ in range(2):
        with pytest.raises(Unworkable):
            selection.select(repo, queue.settings)
    with pytest.raises(NothingToDo, match="parked"):
        selection.select(repo, queue.settings)
    selection.retry(repo, queue.settings, "a")
    with pytest.raises(Unworkable):
        selection.select(repo, queue.settings)


def test_unreadable_enforcement_claims_nothing(write: Write, repo: Path) -> None:
    queue = write([row("a")])
    (repo / ".claude").mkdir()
    (repo / ".claude" / "platform_enforcement.md").write_text("use something nice")
    with pytest.raises(Failure, match="cannot be understood"):
        selection.select(repo, queue.settings)
    assert status_of(queue, "a") == ("", "")


def test_when_the_run_cannot_be_opened_the_row_is_given_back(write: Write, repo: Path) -> None:
    queue = write([row("a", "pending", trainr_notes="as it was")])
    before = (repo / "tasks.csv").read_bytes()
    run = queue.run("a")
    (run.dir / "journal.jsonl").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        selection.select(repo, queue.settings)
    assert (repo / "tasks.csv").read_bytes() == before
    assert attempts.counted(run) == 0
    (run.dir / "journal.jsonl").rmdir()
    assert selection.select(repo, queue.settings).task["attempt"] == 1
    assert attempts.counted(run) == 1


def test_an_earlier_attempt_is_archived_under_its_number(write: Write, repo: Path) -> None:
    queue = write([row("a")])
    for attempt in (1, 2):
        run = selection.select(repo, queue.settings)
        assert run.task["attempt"] == attempt
        (run.dir / "receipts").mkdir(exist_ok=True)
        (run.dir / "receipts" / "001-lint.json").write_text(f"attempt {attempt}")
        run.journal.add("ended", outcome="error")
        queue.set_status("a", "error", "broken")
    run = selection.select(repo, queue.settings)
    assert run.task["attempt"] == 3
    assert not (run.dir / "receipts").exists()
    for attempt in (1, 2):
        kept = run.dir / "attempts" / str(attempt)
        assert (kept / "receipts" / "001-lint.json").read_text() == f"attempt {attempt}"
        assert json.loads((kept / "task.json").read_text())["attempt"] == attempt
        assert (kept / "journal.jsonl").exists()


def test_archiving_that_was_cut_off_is_finished(write: Write, repo: Path) -> None:
    queue = write([row("a")])
    run = selection.select(repo, queue.settings)
    (run.dir / "logs").mkdir(exist_ok=True)
    (run.dir / "logs" / "x.log").write_text("kept")
    half = run.dir / "attempts" / "1"
    half.mkdir(parents=True)
    (run.dir / "journal.jsonl").rename(half / "journal.jsonl")
    queue.set_status("a", "error", "broken")
    run = selection.select(repo, queue.settings)
    assert run.task["attempt"] == 2
    assert sorted(path.name for path in half.iterdir()) == ["journal.jsonl", "logs", "task.json"]


def test_a_claim_cut_off_before_its_run_was_opened_is_opened_by_the_next(write: Write, repo: Path) -> None:
    queue = write([row("a"), row("b")])
    queue.claim()
    (found,) = crashed(repo, queue.settings)
    assert found.task_id == "a"
    assert found.task["title"]
    assert found.journal.state.generation == 1
    assert attempts.counted(found) == 1


def test_a_claim_cut_off_before_it_was_counted_is_counted_once(write: Write, repo: Path) -> None:
    queue = write([row("a")])
    run = queue.run("a")
    attempts.intend(run, "", "")
    queue.set_status("a", "in_progress")
    assert [found.task_id for found in crashed(repo, queue.settings)] == ["a"]
    assert [found.task_id for found in crashed(repo, queue.settings)] == ["a"]
    assert attempts.counted(run) == 1


def test_an_attempt_that_was_cut_off_before_the_claim_does_not_park_the_task(write: Write, repo: Path) -> None:
    queue = write([row("a")], **{"limits.max_attempts": 2})
    run = selection.select(repo, queue.settings)
    queue.set_status("a", "error", "broken")
    attempts.intend(run, "error", "broken")
    assert not attempts.parked(run)
    assert selection.select(repo, queue.settings).task["attempt"] == 2
    queue.set_status("a", "error", "broken")
    assert attempts.parked(run)


def test_a_crashed_claim_that_cannot_be_worked_is_an_error_and_is_not_resumed(write: Write, repo: Path) -> None:
    queue = write([row("a", subtask="Cooking")])
    queue.claim()
    assert crashed(repo, queue.settings) == []
    assert status_of(queue, "a")[0] == "error"


def test_a_preview_writes_nothing(write: Write, repo: Path) -> None:
    queue = write([row("a", "done"), row("b")])
    before = sorted(os.walk(repo))
    task = selection.preview(repo, queue.settings)
    assert (task["task_id"], task["platform"]) == ("b", "cfn")
    assert sorted(os.walk(repo)) == before


def test_a_retry_of_what_was_never_tried_is_refused(write: Write, repo: Path) -> None:
    queue = write([row("a")])
    with pytest.raises(Failure, match="task a was never tried"):
        selection.retry(repo, queue.settings, "a")


def test_neither_list_nor_prompt_is_one_line_with_the_next_command(repo: Path, settings: Settings) -> None:
    with pytest.raises(Failure, match=r"neither tasks.csv nor lib/PROMPT.md: there is no task to take") as caught:
        selection.select(repo, settings)
    assert "lib/PROMPT.md" in caught.value.hint


def test_without_a_list_the_prompt_is_the_task(repo: Path, settings: Settings) -> None:
    (repo / "lib").mkdir()
    (repo / "lib" / "PROMPT.md").write_text(PROMPT)
    run = selection.select(repo, settings)
    assert run.task_id.startswith("prompt-") and len(run.task_id) == 15
    assert run.task["source"] == "lib/PROMPT.md"
    assert (run.task["platform"], run.task["language"], run.task["region"]) == ("cfn", "yaml", "eu-west-1")
    assert run.task["difficulty"] == "medium"
    with pytest.raises(NothingToDo, match="is in progress"):
        selection.select(repo, settings)
    assert [found.task_id for found in crashed(repo, settings)] == [run.task_id]
    with run.working():
        assert crashed(repo, settings) == []
        with pytest.raises(NothingToDo, match="is being worked on"):
            selection.select(repo, settings)
    run.journal.add("ended", outcome="done")
    Queue(repo, settings).set_status(run.task_id, "done", "no row to write to")
    with pytest.raises(NothingToDo, match="is done"):
        selection.select(repo, settings)
    assert crashed(repo, settings) == []


def test_a_prompt_that_ended_in_error_is_tried_again_within_its_bounds(repo: Path) -> None:
    settings = Settings.load(repo, environ={}, flags={"limits.max_attempts": 2})
    (repo / "lib").mkdir()
    (repo / "lib" / "PROMPT.md").write_text(PROMPT)
    for attempt in (1, 2):
        run = selection.select(repo, settings)
        assert run.task["attempt"] == attempt
        run.journal.add("ended", outcome="error")
        with pytest.raises(NothingToDo, match="already tried in this loop"):
            selection.select(repo, settings, skip={run.task_id})
    with pytest.raises(NothingToDo, match="had all its attempts"):
        selection.select(repo, settings)


@pytest.mark.parametrize(
    ("prompt", "missing"),
    [
        ("", "is empty: missing are requirements, AWS services, architecture, constraints"),
        (
            "Hello, could you write me something nice about clouds?",
            "requirements, AWS services, architecture, constraints",
        ),
        ("It must have an S3 bucket and a table, DynamoDB.", "says nothing about architecture, constraints"),
        ("The bucket triggers a function, encrypted, and it must be fast.", "says nothing about AWS services"),
        ("S3 triggers Lambda, which writes to DynamoDB, all of it encrypted.", "says nothing about requirements"),
    ],
)
def test_an_incomplete_prompt_is_told_what_is_missing_and_how_to_fill_it_in(
    repo: Path, settings: Settings, prompt: str, missing: str
) -> None:
    (repo / "lib").mkdir()
    (repo / "lib" / "PROMPT.md").write_text(prompt)
    with pytest.raises(Failure, match=missing) as caught:
        selection.select(repo, settings)
    assert caught.value.hint.startswith("add ")
    assert not list((repo / ".runs").glob("*/task.json"))


def test_a_prompt_that_is_no_text_is_told(repo: Path, settings: Settings) -> None:
    (repo / "lib").mkdir()
    (repo / "lib" / "PROMPT.md").write_bytes(b"\xff\xfe")
    with pytest.raises(Failure, match=r"is not UTF-8 \(byte 0\)"):
        selection.select(repo, settings)


def test_stop_all_is_what_multi_cloud_is() -> None:
    assert issubclass(MultiCloud, StopAll)


def test_the_queue_lock_is_held_by_one(write: Write, repo: Path) -> None:
    queue = write([row("a")])
    with queue.locked():
        assert not lock.is_free(repo / ".runs" / "queue.lock")
