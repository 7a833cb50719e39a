"""Pull requests that drop neighbouring rows, merged on a server that merges by lines."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import sync_prs
from kit import files
from kit.run.rundir import Run
from kit.settings import Settings
from kit.tasks import merge
from kit.tasks.queue import drop_row
from support import sh

ROWS = b"task_id,status,difficulty,problem,trainr_notes\n" + b"".join(
    b'%s,,hard,"caf\xc3\xa9 \xff,\r\ntwo lines",\n' % name for name in (b"A", b"B", b"C", b"D")
)


@pytest.fixture
def proposed(repo: Path) -> dict[str, Run]:
    """Four tasks, each with an open pull request that drops its row."""
    (repo / "tasks.csv").write_bytes(ROWS)
    sh(repo, "git", "add", "tasks.csv")
    sh(repo, "git", "commit", "-qm", "tasks")
    sh(repo, "git", "push", "-q", "origin", "main")
    merge.install(repo, "tasks.csv")
    settings = Settings.load(repo, environ={})
    made = {}
    for name in "ABCD":
        run = made[name] = Run(repo, name, settings)
        run.journal.begin()
        files.write_json(run.dir / "task.json", {"task_id": name})
        sh(repo, "git", "worktree", "add", "-q", "-b", run.branch, str(run.worktree), "main")
        drop_row(run.worktree / "tasks.csv", name)
        (run.worktree / f"{name}.txt").write_text(name)
        sh(run.worktree, "git", "add", ".")
        sh(run.worktree, "git", "commit", "-qm", f"task {name}")
        sh(run.worktree, "git", "push", "-q", "origin", run.branch)
        head = sh(run.worktree, "git", "rev-parse", "HEAD")
        request = sync_prs.forge.choose(repo, settings).ensure(run.branch, "main", name, "body", head)
        files.write_json(run.dir / "pull_request.json", {**request.__dict__})
        sh(repo, "git", "worktree", "remove", str(run.worktree))
    return made


@pytest.fixture
def server(repo: Path, proposed: dict[str, Run], tmp_path: Path) -> Path:
    """A clone without our merge driver."""
    sh(tmp_path, "git", "clone", "-q", "origin.git", "server")
    return tmp_path / "server"


def merged(server: Path, branch: str) -> bool:
    """Merge a pull request as a server does; false for a conflict, which changes nothing."""
    sh(server, "git", "fetch", "-q")
    done = subprocess.run(
        ["git", "merge", "-q", "--no-ff", "-m", branch, f"origin/{branch}"], cwd=server, capture_output=True
    )
    if done.returncode:
        sh(server, "git", "merge", "--abort")
    else:
        sh(server, "git", "push", "-q")
    return done.returncode == 0


def test_all_are_merged_one_after_the_other(repo: Path, server: Path, proposed: dict[str, Run]) -> None:
    conflicts = 0
    for name in "BACD":
        branch = proposed[name].branch
        if not merged(server, branch):
            conflicts += 1
            assert sync_prs.main(["--repo", str(repo)]) == 0
            assert merged(server, branch)
    assert conflicts == 3
    assert (server / "tasks.csv").read_bytes() == ROWS.splitlines(keepends=True)[0]
    assert {path.name for path in server.glob("*.txt")} == {"A.txt", "B.txt", "C.txt", "D.txt"}


def test_what_is_not_in_the_way_is_left_alone(
    repo: Path, server: Path, proposed: dict[str, Run], capsys: pytest.CaptureFixture[str]
) -> None:
    heads = sh(repo, "git", "ls-remote", "--heads", "origin")
    assert sync_prs.main(["--repo", str(repo)]) == 0
    assert sh(repo, "git", "ls-remote", "--heads", "origin") == heads
    assert merged(server, proposed["A"].branch)
    capsys.readouterr()
    assert sync_prs.main(["--repo", str(repo)]) == 0
    assert capsys.readouterr().out == f"{proposed['B'].branch}\n"  # C and D are not beside A


def test_the_merge_keeps_every_other_byte_and_is_on_record(repo: Path, server: Path, proposed: dict[str, Run]) -> None:
    run = proposed["B"]
    before = sh(repo, "git", "rev-parse", run.branch)
    assert merged(server, proposed["A"].branch)
    assert sync_prs.main(["--repo", str(repo), "--task", "B"]) == 0
    after = sh(repo, "git", "rev-parse", run.branch)
    raw = subprocess.run(["git", "show", f"{after}:tasks.csv"], cwd=repo, capture_output=True, check=True).stdout
    expected = repo.parent / "expected.csv"
    expected.write_bytes(ROWS)
    drop_row(expected, "A")
    drop_row(expected, "B")
    assert raw == expected.read_bytes()
    assert sh(repo, "git", "show", "-s", "--format=%P", after).split()[0] == before
    assert files.read_json(run.dir / "pull_request.json")["head"] == after
    assert after in {event.get("head") for event in run.journal.read() if event["event"] == "pushed"}


def test_other_conflicts_are_left_to_the_user(
    repo: Path, server: Path, proposed: dict[str, Run], capsys: pytest.CaptureFixture[str]
) -> None:
    (server / "B.txt").write_text("another")
    sh(server, "git", "add", ".")
    sh(server, "git", "commit", "-qm", "in the way")
    assert merged(server, proposed["A"].branch)
    heads = sh(repo, "git", "ls-remote", "origin", proposed["B"].branch)
    assert sync_prs.main(["--repo", str(repo)]) == 1
    assert "conflicts with its base in B.txt" in capsys.readouterr().err
    assert sh(repo, "git", "ls-remote", "origin", proposed["B"].branch) == heads
