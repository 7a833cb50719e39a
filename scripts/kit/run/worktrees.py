"""Worktrees: made from a fresh base, removed only when clean, pushed and proposed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from kit import say
from kit.errors import Failure, StopAll
from kit.run.git import assert_place, git, one_at_a_time, works
from kit.run.rundir import Run
from kit.tasks import exclude


@dataclass(frozen=True)
class Base:
    """Where a branch begins: `ref` as git names it and the commit it pointed to."""

    ref: str
    sha: str


def has_origin(repo: Path) -> bool:
    """True when the repository has a remote named origin."""
    return works(repo, "remote", "get-url", "origin")


def assert_workable(repo: Path) -> None:
    """Raise `Failure` unless `repo` is the top of a git repository with a commit and an origin to push to."""
    top = git(repo, "rev-parse", "--show-toplevel", check=False)
    if not top:
        raise Failure(f"{repo}: not a git repository", hint=f"git -C {repo} init, then commit and add an origin")
    if Path(top).resolve() != repo.resolve():
        raise Failure(f"{repo}: lies inside the repository {top}", hint=f"pass --repo {top}")
    if not works(repo, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"):
        raise Failure(f"{repo}: has no commits to branch from", hint=f"git -C {repo} add . && git -C {repo} commit")
    if not has_origin(repo):
        raise Failure(f"{repo}: has no origin to push to", hint=f"git -C {repo} remote add origin URL")


def fetch_base(repo: Path, seconds: float) -> Base:
    """The branch that pull requests go to, freshly fetched from origin when there is one.

    Raises `StopAll` when origin does not answer: no task could be submitted then.
    """
    if not has_origin(repo):
        name = git(repo, "symbolic-ref", "--short", "HEAD", check=False) or "HEAD"
        return Base(name, git(repo, "rev-parse", "--verify", "HEAD^{commit}"))
    try:
        git(repo, "fetch", "--quiet", "--prune", "origin", timeout=seconds)
    except Failure as error:
        raise StopAll(f"origin of {repo} does not answer: {error}", hint=f"git -C {repo} fetch origin") from error
    head = git(repo, "symbolic-ref", "--short", "refs/remotes/origin/HEAD", check=False)
    for ref in filter(None, (head, "origin/main", "origin/master")):
        sha = git(repo, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}", check=False)
        if sha:
            return Base(ref, sha)
    raise Failure(f"{repo}: origin has neither a default branch nor main or master", hint="git push origin HEAD:main")


def make(run: Run) -> Base:
    """Make the run's worktree on its branch, or find it whole."""
    _assert_space(run)
    base = fetch_base(run.repo, run.settings["limits.remote_seconds"])
    with one_at_a_time(run.repo):
        exclude.install(run.repo)
        git(run.repo, "worktree", "prune")
        if run.worktree.exists():
            assert_place(run.worktree, run.branch)
            # A kill in the middle of the checkout leaves files out; nobody has worked here yet.
            git(run.worktree, "reset", "--hard", "--quiet", "HEAD")
            say.same(f"worktree {run.worktree} is there")
            return Base(base.ref, git(run.worktree, "merge-base", "HEAD", base.sha))
        run.worktree.parent.mkdir(parents=True, exist_ok=True)
        if works(run.repo, "show-ref", "--verify", "--quiet", f"refs/heads/{run.branch}"):
            git(run.repo, "worktree", "add", "--quiet", str(run.worktree), run.branch)
            base = Base(base.ref, git(run.worktree, "merge-base", "HEAD", base.sha))
        else:
            git(run.repo, "worktree", "add", "--quiet", "--no-track", "-b", run.branch, str(run.worktree), base.sha)
        assert_place(run.worktree, run.branch)
    say.done(f"created worktree {run.branch} from {base.ref} @ {base.sha[:12]}")
    return base


def move_aside(run: Run) -> None:
    """Rename what an earlier attempt left under the run's names, branch and folder, so that both are free."""
    with one_at_a_time(run.repo):
        git(run.repo, "worktree", "prune")
        has_branch = works(run.repo, "show-ref", "--verify", "--quiet", f"refs/heads/{run.branch}")
        if not has_branch and not run.worktree.exists():
            return
        number = 1
        while works(run.repo, "show-ref", "--verify", "--quiet", f"refs/heads/{run.branch}.{number}"):
            number += 1
        if run.worktree.exists():
            assert_place(run.worktree, run.branch)
            git(run.repo, "worktree", "move", str(run.worktree), f"{run.worktree}.{number}")
        if has_branch:
            git(run.repo, "branch", "--move", run.branch, f"{run.branch}.{number}")
    say.warn(f"an earlier {run.branch} was moved aside to {run.branch}.{number}")


def remove(run: Run, *, pushed_head: str) -> None:
    """Remove the run's worktree; the branch stays.

    Raises `Failure`, and keeps everything, when it is not in its place, holds anything uncommitted or
    untracked, or its head is not `pushed_head`, the commit that origin has.
    """
    if not run.worktree.exists():
        say.same("worktree is gone already")
        return
    with one_at_a_time(run.repo):
        assert_place(run.worktree, run.branch)
        keep = f"kept {run.worktree}"
        dirty = git(run.worktree, "status", "--porcelain", "--untracked-files=all")
        if dirty:
            first = dirty.splitlines()[0].strip()
            raise Failure(
                f"{keep}: {len(dirty.splitlines())} uncommitted paths ({first})", hint=f"git -C {run.worktree} status"
            )
        head = git(run.worktree, "rev-parse", "HEAD")
        if not pushed_head or head != pushed_head:
            raise Failure(
                f"{keep}: its head {head[:12]} is not on origin", hint=f"git -C {run.worktree} push origin HEAD"
            )
        git(run.repo, "worktree", "remove", str(run.worktree))
    say.done(f"removed worktree {run.branch} (clean and pushed)")


def remote_head(run: Run) -> str:
    """The commit that origin has for the run's branch, or ""; asks origin itself.

    Raises `StopAll` when origin does not answer.
    """
    seconds = run.settings["limits.remote_seconds"]
    try:
        line = git(run.repo, "ls-remote", "--heads", "origin", f"refs/heads/{run.branch}", timeout=seconds)
    except Failure as error:
        raise StopAll(f"origin does not answer: {error}", hint=f"make resume ID={run.task_id}, once it does") from error
    return line.split()[0] if line else ""


def _assert_space(run: Run) -> None:
    free = shutil.disk_usage(run.repo).free // 2**20
    wanted = run.settings["limits.min_free_mb"]
    if free < wanted:
        raise StopAll(
            f"{run.repo}: {free:,} MB free, {wanted:,} wanted (min_free_mb)", hint="free disk space, then make resume"
        )
