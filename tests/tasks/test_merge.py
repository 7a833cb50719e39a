"""Pulling a merged pull request that dropped a row does not conflict with the local `done`."""

from __future__ import annotations

from pathlib import Path

import pytest
from lists import Write, row, sh, table

from kit.tasks import exclude, merge
from kit.tasks.queue import Queue, drop_row

BASE = [row("a"), row("b", problem='x,\r\n"y"'), row("c")]


@pytest.fixture
def tracked(write: Write, repo: Path) -> Queue:
    """A list that is tracked, pushed and merged by rows."""
    queue = write(BASE)
    sh(repo, "git", "add", "tasks.csv")
    sh(repo, "git", "commit", "-qm", "tasks")
    sh(repo, "git", "push", "-q")
    exclude.install(repo)
    merge.install(repo, "tasks.csv")
    return queue


def merged_elsewhere(repo: Path, *dropped: str, rows: list[list[str]] | None = None) -> None:
    """Push a main on which rows were dropped, as merging pull requests does."""
    other = repo.parent / "other"
    sh(repo.parent, "git", "clone", "-q", str(repo.parent / "origin.git"), "other")
    for task_id in dropped:
        drop_row(other / "tasks.csv", task_id)
    if rows is not None:
        (other / "tasks.csv").write_bytes(table(rows))
    sh(other, "git", "commit", "-qam", "merged")
    sh(other, "git", "push", "-q")


def test_an_uncommitted_done_survives_the_pull(tracked: Queue, repo: Path) -> None:
    tracked.claim("b")
    tracked.set_status("b", "done", "PR 1")
    merged_elsewhere(repo, "b")
    sh(repo, "git", "pull", "-q", "--no-rebase")
    assert (repo / "tasks.csv").read_bytes() == table(
        [BASE[0], row("b", "done", problem='x,\r\n"y"', trainr_notes="PR 1"), BASE[2]]
    )
    assert sh(repo, "git", "status", "--porcelain") == "M tasks.csv"
    assert sh(repo, "git", "stash", "list") == ""


def test_an_uncommitted_done_survives_a_rebasing_pull(tracked: Queue, repo: Path) -> None:
    tracked.claim("a")
    merged_elsewhere(repo, "a", "c")
    sh(repo, "git", "pull", "-q", "--rebase")
    assert [(found.task_id, found.status) for found in tracked.rows()] == [("a", "in_progress"), ("b", "")]


def test_a_committed_done_is_merged_with_dropped_and_new_rows(tracked: Queue, repo: Path) -> None:
    tracked.claim("a")
    tracked.set_status("a", "done", "PR 1")
    sh(repo, "git", "commit", "-qam", "a is done")
    merged_elsewhere(repo, rows=[BASE[1], row("new"), BASE[2], row("last")])
    sh(repo, "git", "pull", "-q", "--no-rebase", "--no-edit")
    assert [(found.task_id, found.status) for found in tracked.rows()] == [
        ("a", "done"),
        ("b", ""),
        ("new", ""),
        ("c", ""),
        ("last", ""),
    ]
    assert sh(repo, "git", "status", "--porcelain") == ""


def test_installing_twice_changes_nothing_and_keeps_what_is_there(repo: Path) -> None:
    attributes = repo / ".git" / "info" / "attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text("*.bin binary")
    sh(repo, "git", "config", "merge.autoStash", "false")
    merge.install(repo, "tasks.csv")
    state = attributes.read_text(), (repo / ".git" / "config").read_text()
    merge.install(repo, "tasks.csv")
    assert (attributes.read_text(), (repo / ".git" / "config").read_text()) == state
    assert state[0] == "*.bin binary\n/tasks.csv merge=task-coordinator\n"
    assert sh(repo, "git", "config", "merge.autoStash") == "false"


def test_a_cell_changed_on_both_sides_is_a_conflict_for_the_user(tracked: Queue, repo: Path) -> None:
    tracked.set_status("a", "done", "mine")
    sh(repo, "git", "commit", "-qam", "mine")
    merged_elsewhere(repo, rows=[row("a", "error", trainr_notes="theirs"), *BASE[1:]])
    with pytest.raises(Exception, match="git"):
        sh(repo, "git", "pull", "-q", "--no-rebase", "--no-edit")
    assert sh(repo, "git", "status", "--porcelain") == "UU tasks.csv"
    text = (repo / "tasks.csv").read_text()
    assert "<<<<<<< ours" in text and "mine" in text and "theirs" in text


def versions(**sides: list[list[str]]) -> list[bytes]:
    return [table(sides[name], end="\r\n") for name in ("base", "ours", "theirs")]


def test_different_cells_of_one_row_are_merged() -> None:
    data = versions(base=[row("a")], ours=[row("a", "done")], theirs=[row("a", subtask="CI/CD Pipeline")])
    assert merge.merge(*data) == table([row("a", "done", subtask="CI/CD Pipeline")], end="\r\n")


def test_a_row_untouched_here_and_dropped_there_is_dropped() -> None:
    data = versions(base=[row("a"), row("b")], ours=[row("a"), row("b", "done")], theirs=[row("b")])
    assert merge.merge(*data) == table([row("b", "done")], end="\r\n")


def test_the_missing_final_line_end_of_ours_stays_missing() -> None:
    base, ours, theirs = versions(base=[row("a"), row("b")], ours=[row("a"), row("b", "done")], theirs=[row("b")])
    assert merge.merge(base, ours[:-2], theirs) == table([row("b", "done")], end="\r\n")[:-2]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "why"),
    [
        (
            b"task_id,difficulty\n1,hard\n",
            b"id,difficulty\n1,hard\n",
            b"task_id,difficulty\n",
            "the header rows differ",
        ),
        (b"id,difficulty\n1,x\n", b"id,difficulty\n1,x\n1,y\n", b"id,difficulty\n", "'1' is missing or there twice"),
        (b"id,difficulty\n1,x\n", b"id,difficulty\n1,y\n", b"id,difficulty\n1,z\n", "one cell was changed on both"),
        (b"id,difficulty\n", b"id,difficulty\n1,y\n", b"id,difficulty\n1,z\n", "was added on both sides"),
        (b"id,difficulty\n1,x\n", b"id,difficulty\n1,x,k\n", b"id,difficulty\n1,z\n", "the numbers of cells differ"),
        (b'id,difficulty\n1,"x\n', b"id,difficulty\n", b"id,difficulty\n1,z\n", "an open quote at byte"),
    ],
)
def test_what_rows_cannot_decide_is_not_decided(base: bytes, ours: bytes, theirs: bytes, why: str) -> None:
    with pytest.raises(merge.Unmergeable, match=why):
        merge.merge(base, ours, theirs)
