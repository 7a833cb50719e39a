"""A branch on its own: a fresh clone of what was committed, judged without touching the run it came from."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import files, say
from kit.errors import Failure
from kit.run.git import git, works
from kit.run.rundir import Run
from kit.settings import Settings
from kit.tasks import exclude

COPIED = ("task.json", "journal.jsonl", "failures.jsonl", "review.json", "decision.json", "receipts", "logs", "synth")


@dataclass(frozen=True)
class Checkout(Run):
    """Like a task's run, for a clone of its branch; what it finds is kept in `folder`."""

    folder: Path = Path()
    origin: Path = Path()

    @property
    def dir(self) -> Path:
        """Where receipts and logs of the second look are kept."""
        return self.folder / "run"

    @property
    def worktree(self) -> Path:
        """The clone."""
        return self.folder / "checkout"

    @classmethod
    def of_run(cls, run: Run, folder: Path) -> Checkout:
        """A clone of the run's branch, with copies of what the run knows.

        Raises `Failure` when the branch is not there, or when its files are not committed.
        """
        sha = _branch(run.repo, run.branch)
        if run.worktree.exists() and git(run.worktree, "status", "--porcelain"):
            raise Failure(
                f"{run.worktree}: not everything is committed, and only what is committed can be verified",
                hint=f"make pr ID={run.task_id}",
            )
        made = cls(run.repo, run.task_id, run.settings, folder, run.repo)
        made._clone(run.repo, sha)
        made.dir.mkdir(parents=True, exist_ok=True)
        for name in COPIED:
            source = run.dir / name
            if source.is_dir():
                shutil.copytree(source, made.dir / name)
            elif source.exists():
                shutil.copy(source, made.dir / name)
        return made

    @classmethod
    def of_project(cls, project: Path, settings: Settings, folder: Path) -> Checkout:
        """A clone of a checkout of the branch alone; the task is read from its metadata.json and lib/PROMPT.md."""
        top = git(project, "rev-parse", "--show-toplevel", check=False)
        if not top or Path(top).resolve() != project.resolve():
            raise Failure(f"{project}: is not the top of a git checkout", hint="git clone the branch, then --project")
        if git(project, "status", "--porcelain"):
            say.warn(f"{project}: holds changes that are not committed; they are not looked at")
        task = _task_of(project, settings)
        made = cls(project, task["task_id"], settings, folder, project)
        made._clone(project, git(project, "rev-parse", "HEAD"))
        files.write_json(made.dir / "task.json", task)
        return made

    def _clone(self, source: Path, sha: str) -> None:
        git(source, "clone", "--quiet", "--shared", "--no-checkout", str(source), str(self.worktree))
        git(self.worktree, "checkout", "--quiet", "-B", self.branch, sha)
        exclude.install(self.worktree)


def _branch(repo: Path, branch: str) -> str:
    for ref in (f"refs/heads/{branch}", f"refs/remotes/origin/{branch}"):
        if works(repo, "show-ref", "--verify", "--quiet", ref):
            return git(repo, "rev-parse", f"{ref}^{{commit}}")
    raise Failure(f"{repo}: has no branch {branch}", hint=f"git -C {repo} fetch origin {branch}:{branch}")


def _task_of(project: Path, settings: Settings) -> dict[str, Any]:
    path = project / "metadata.json"
    value = files.read_json(path, remedy="--project names the root of a task's branch")
    region = project / "lib" / "AWS_REGION"
    prompt = project / "lib" / "PROMPT.md"
    try:
        return {
            "task_id": value["po_id"],
            "source": settings["tasks.file"],
            "difficulty": value["complexity"],
            "subtask": value["subject_labels"][0],
            "subtask_mapped": value["subtask"],
            "title": value["po_id"],
            "text": prompt.read_text(encoding="utf-8") if prompt.is_file() else "",
            "platform": value["platform"],
            "language": value["language"],
            "region": region.read_text(encoding="utf-8").strip()
            if region.is_file()
            else settings["tasks.default_region"],
            "region_named": region.is_file(),
            "notes": [],
            "base_sha": _fork(project),
        }
    except (KeyError, TypeError, IndexError) as error:
        raise Failure(f"{path}: not the metadata of a task: {error!r}", hint="make metadata") from error


def _fork(project: Path) -> str:
    for ref in ("origin/HEAD", "origin/main", "origin/master", "main", "master"):
        base = git(project, "merge-base", "HEAD", ref, check=False)
        if base and base != git(project, "rev-parse", "HEAD"):
            return base
    raise Failure(f"{project}: nothing tells where the branch began", hint="git fetch origin main")
