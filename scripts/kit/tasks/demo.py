"""The demo repository: something to try the line on, made on first use."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from pathlib import Path

from kit import files, lock, say
from kit.run.git import git
from kit.tasks import demo_tasks

_README = """\
# Demo

A small repository to try the line on: `tasks.csv` has a handful of tasks in the style of real ones.
Delete this folder and `demo-origin.git` beside it to begin anew.
"""
_IGNORED = (
    "node_modules/",
    "coverage/",
    "cfn-outputs/",
    "cdk.out/",
    "cdktf.out/",
    ".gen/",
    ".venv/",
    "__pycache__/",
    ".pytest_cache/",
    "worktree/",
    ".runs/",
    "*.log",
)


def ensure(path: Path) -> Path:
    """The repository at `path`, with a bare `<name>-origin.git` beside it; made, and said so, on first use."""
    if (path / ".git").is_dir() and (path / "tasks.csv").exists():
        return path
    with lock.hold(path.parent / ".cache" / f"{path.name}.lock", what="the making of the demo repository"):
        if not (path / ".git").is_dir():
            _make(path)
    return path


def origin_of(path: Path) -> Path:
    """The bare repository that the demo at `path` pushes to."""
    return path.with_name(f"{path.name}-origin.git")


def _make(path: Path) -> None:
    # Made aside and moved into place, so that an interrupted first use leaves nothing half made.
    origin = origin_of(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        work, bare = aside / "work", aside / "origin.git"
        work.mkdir()
        git(work, "init", "--quiet", "--initial-branch=main")
        git(work, "config", "user.name", "Task Coordinator Demo")
        git(work, "config", "user.email", "demo@localhost")
        git(work, "config", "commit.gpgsign", "false")
        files.replace(work / "tasks.csv", table())
        files.replace(work / "README.md", _README)
        files.replace(work / ".gitignore", "\n".join(_IGNORED) + "\n")
        git(work, "add", "--all")
        git(work, "commit", "--quiet", "-m", "A list of tasks to try the line on")
        git(aside, "clone", "--quiet", "--bare", str(work), str(bare))
        git(work, "remote", "add", "origin", str(origin))
        if origin.exists():
            shutil.rmtree(origin)
        bare.rename(origin)
        git(work, "fetch", "--quiet", "origin")
        git(work, "branch", "--quiet", "--set-upstream-to=origin/main", "main")
        work.rename(path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    say.done(f"made the demo repository {path} (tasks.csv with {len(demo_tasks.rows())} tasks; origin: {origin})")


def table() -> str:
    """The demo's tasks.csv."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(demo_tasks.COLUMNS)
    writer.writerows(demo_tasks.rows())
    return out.getvalue()
