"""Git, called with a clean environment, and the hash that a receipt speaks for."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from kit import command, lock
from kit.errors import Failure

# What scripts render from the run; receipts speak for the code, not for these.
RENDERED = (
    ":(glob)lib/PROMPT*.md",
    ":(glob)lib/MODEL_RESPONSE*.md",
    ":(glob)lib/IDEAL_RESPONSE*.md",
    ":(glob)lib/MODEL_FAILURES*.md",
    "metadata.json",
    "tasks.csv",
)


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The process environment without GIT_*, so that a hook's or an alias's settings do not leak in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {"LC_ALL": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true"} | dict(extra or {})


def git(
    where: Path,
    *words: str,
    check: bool = True,
    stdin: str | bytes | None = None,
    extra: Mapping[str, str] | None = None,
    timeout: float = 120.0,
) -> str:
    """Run git in `where`; its stdout without the final newline, or "" when it failed and `check` is off."""
    result = command.run(["git", *words], cwd=where, env=environment(extra), stdin=stdin, timeout=timeout, check=check)
    return result.stdout.rstrip("\n") if result.ok else ""


def works(where: Path, *words: str) -> bool:
    """True when the git command exits with 0."""
    return command.run(["git", *words], cwd=where, env=environment(), check=False, timeout=120.0).ok


def common_dir(repo: Path) -> Path:
    """The .git folder that all worktrees of `repo` share."""
    found = git(repo, "rev-parse", "--path-format=absolute", "--git-common-dir", check=False)
    if not found:
        raise Failure(f"{repo}: not a git repository", hint=f"git -C {repo} init, then commit")
    return Path(found)


def one_at_a_time(repo: Path):  # type: ignore[no-untyped-def]
    """The lock under which worktrees and branches of `repo` are made and removed."""
    return lock.hold(common_dir(repo) / "task-coordinator.lock", what="the repository's worktree lock")


def assert_place(worktree: Path, branch: str) -> None:
    """Raise `Failure` unless `worktree` is its own toplevel and is on `branch`.

    A worktree whose .git file vanished would answer for the checkout around it.
    """
    top = git(worktree, "rev-parse", "--show-toplevel", check=False) if worktree.is_dir() else ""
    now = git(worktree, "symbolic-ref", "--short", "HEAD", check=False) if top else ""
    if not top or Path(top).resolve() != worktree.resolve() or now != branch:
        raise Failure(
            f"{worktree}: expected a worktree on {branch}, found toplevel {top or 'none'} on {now or 'no branch'}",
            hint="git worktree list",
        )


def code_tree(worktree: Path) -> str:
    """The git hash of all files of `worktree` that are neither ignored nor rendered by scripts."""
    return _tree(worktree, without=RENDERED)


def full_tree(worktree: Path) -> str:
    """The git hash of all files of `worktree` that are not ignored."""
    return _tree(worktree, without=())


def _tree(worktree: Path, without: tuple[str, ...]) -> str:
    own = Path(git(worktree, "rev-parse", "--path-format=absolute", "--git-path", "index"))
    with tempfile.TemporaryDirectory(prefix="tree-") as folder:
        index = Path(folder) / "index"
        if own.is_file():
            index.write_bytes(own.read_bytes())
        extra = {"GIT_INDEX_FILE": str(index)}
        git(worktree, "add", "--all", ".", extra=extra)
        if without:
            git(worktree, "rm", "-r", "-q", "--cached", "--ignore-unmatch", "--", *without, extra=extra)
        return git(worktree, "write-tree", extra=extra)
