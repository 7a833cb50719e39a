"""Worktrees against real git."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import make_worktree
from kit import files
from kit.errors import Failure, StopAll
from kit.run import worktrees
from kit.run.git import code_tree, full_tree
from kit.run.rundir import Run
from kit.settings import Settings
from support import sh


def test_branch_begins_at_the_fetched_base(run: Run, tmp_path: Path) -> None:
    sh(tmp_path, "git", "clone", "-q", "origin.git", "other")
    (tmp_path / "other" / "new.txt").write_text("new")
    sh(tmp_path / "other", "git", "add", ".")
    sh(tmp_path / "other", "git", "commit", "-qm", "newer")
    sh(tmp_path / "other", "git", "push", "-q")
    details = make_worktree.make(run)
    assert details["base_sha"] == sh(tmp_path / "other", "git", "rev-parse", "HEAD")
    assert (run.worktree / "new.txt").exists()
    assert files.read_json(run.dir / "task.json")["base_ref"] == "origin/main"


def test_again_finds_it_as_it_is(run: Run) -> None:
    make_worktree.make(run)
    (run.worktree / "work.txt").write_text("work")
    assert make_worktree.make(run)["branch"] == "IAC-synth-T1"
    assert (run.worktree / "work.txt").read_text() == "work"


def test_an_earlier_attempt_is_moved_aside_with_its_work(run: Run) -> None:
    make_worktree.make(run)
    (run.worktree / "work.txt").write_text("work")
    (run.dir / "journal.jsonl").unlink()
    later = Run(run.repo, run.task_id, run.settings)
    later.journal.begin()
    make_worktree.make(later)
    assert not (run.worktree / "work.txt").exists()
    assert (run.repo / "worktree" / "IAC-synth-T1.1" / "work.txt").read_text() == "work"


def test_a_branch_left_by_a_cut_off_add_is_taken_up(run: Run) -> None:
    run.journal.add("names_free", branch=run.branch)
    sh(run.repo, "git", "branch", run.branch)
    make_worktree.make(run)
    assert sh(run.worktree, "git", "symbolic-ref", "--short", "HEAD") == run.branch


def test_eight_at_once(repo: Path) -> None:
    settings = Settings.load(repo, environ={})
    made = [Run(repo, f"P{number}", settings) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(worktrees.make, made))
    assert all((one.worktree / ".git").is_file() for one in made)
    assert sh(repo, "git", "worktree", "list").count("\n") == 8


def test_a_worktree_without_its_git_file_is_refused(run: Run) -> None:
    make_worktree.make(run)
    (run.worktree / ".git").unlink()
    with pytest.raises(Failure, match="expected a worktree on IAC-synth-T1, found toplevel"):
        worktrees.make(run)


@pytest.mark.parametrize("dirt", ["untracked", "changed", "unpushed"])
def test_removal_keeps_what_is_not_clean_and_pushed(run: Run, dirt: str) -> None:
    make_worktree.make(run)
    head = sh(run.worktree, "git", "rev-parse", "HEAD")
    if dirt == "untracked":
        (run.worktree / "new.txt").write_text("x")
    elif dirt == "changed":
        (run.worktree / "README.md").write_text("x")
    else:
        sh(run.worktree, "git", "commit", "-q", "--allow-empty", "-m", "more")
    with pytest.raises(Failure, match="kept "):
        worktrees.remove(run, pushed_head=head)
    assert run.worktree.exists()


def test_removal_of_a_clean_and_pushed_one(run: Run) -> None:
    make_worktree.make(run)
    (run.worktree / "node_modules").mkdir()
    (run.worktree / "node_modules" / "x").write_text("ignored")
    sh(run.worktree, "git", "push", "-q", "origin", "HEAD")
    worktrees.remove(run, pushed_head=worktrees.remote_head(run))
    assert not run.worktree.exists()
    assert run.branch in sh(run.repo, "git", "branch", "--list", run.branch)


def test_no_space_stops_everything_and_spares_the_attempt(run: Run) -> None:
    tight = Run(run.repo, "T1", Settings.load(run.repo, environ={"MIN_FREE_MB": "99999999999"}))
    with pytest.raises(StopAll, match="MB free") as caught:
        worktrees.make(tight)
    assert caught.value.spare_attempt


def test_a_dead_origin_stops_everything(run: Run, tmp_path: Path) -> None:
    (tmp_path / "origin.git").rename(tmp_path / "moved.git")
    with pytest.raises(StopAll, match="does not answer"):
        worktrees.make(run)


def test_what_a_repository_lacks_is_said(tmp_path: Path, repo: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(Failure, match="not a git repository"):
        worktrees.assert_workable(empty)
    sh(empty, "git", "init", "-q")
    with pytest.raises(Failure, match="no commits"):
        worktrees.assert_workable(empty)
    sh(empty, "git", "commit", "-q", "--allow-empty", "-m", "x")
    with pytest.raises(Failure, match="no origin"):
        worktrees.assert_workable(empty)
    (repo / "inner").mkdir()
    with pytest.raises(Failure, match="lies inside the repository"):
        worktrees.assert_workable(repo / "inner")
    worktrees.assert_workable(repo)


def test_git_variables_of_a_hook_do_not_leak_in(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    make_worktree.make(run)
    monkeypatch.undo()
    assert sh(run.worktree, "git", "rev-parse", "--abbrev-ref", "HEAD") == run.branch


def test_the_code_tree_speaks_for_code_alone(run: Run) -> None:
    make_worktree.make(run)
    before, whole = code_tree(run.worktree), full_tree(run.worktree)
    (run.worktree / "lib").mkdir()
    (run.worktree / "lib" / "IDEAL_RESPONSE.md").write_text("rendered")
    (run.worktree / "metadata.json").write_text("{}")
    assert code_tree(run.worktree) == before
    assert full_tree(run.worktree) != whole
    (run.worktree / "lib" / "TapStack.yml").write_text("Resources: {}")
    assert code_tree(run.worktree) != before
    assert subprocess.run(["git", "diff", "--cached", "--quiet"], cwd=run.worktree).returncode == 0
