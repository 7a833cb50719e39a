"""A project of someone else's as a run: receipts and logs are kept apart from it."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kit import say
from kit.errors import Failure, Usage
from kit.ladder.platforms import platform
from kit.run import git
from kit.run.rundir import Run
from kit.settings import Settings

_IGNORED = ("node_modules", "coverage/", "cfn-outputs/", "cdk.out/", "cdktf.out/", "__pycache__/", ".venv/", ".git/")


@dataclass(frozen=True)
class ForeignRun(Run):
    """Like a task's run, for the project in `repo`, which need not be under git; nothing is written to its git."""

    pair_name: str = ""
    named_region: str = ""
    folder: Path = Path()

    @classmethod
    def open(
        cls, project: Path, pair: str, settings: Settings, *, region: str | None = None, folder: Path | None = None
    ) -> ForeignRun:
        """The run for `project` of `pair` (`cfn-yaml`), kept in `folder` or a new one below the temporary folder."""
        project = project.expanduser().resolve()
        if not project.is_dir():
            raise Failure(f"{project}: no such folder", hint="--project names the root of the project")
        name, dash, language = pair.partition("-")
        if not dash:
            raise Usage(f"--platform {pair}: wanted platform and language, such as cfn-yaml")
        platform(name, language)
        kept = folder.expanduser().resolve() if folder else Path(tempfile.mkdtemp(prefix="task-coordinator-run-"))
        kept.mkdir(parents=True, exist_ok=True)
        say.work(f"receipts and logs go to {kept}")
        task_id = re.sub(r"[^A-Za-z0-9]", "", project.name)[:30] or "project"
        return cls(project, task_id, settings, pair, region or settings["tasks.default_region"], kept)

    @property
    def dir(self) -> Path:
        """The folder that was named."""
        return self.folder

    @property
    def worktree(self) -> Path:
        """The project itself."""
        return self.repo

    @cached_property
    def task(self) -> dict[str, Any]:
        """What stages need to know of a task."""
        name, _, language = self.pair_name.partition("-")
        return {"task_id": self.task_id, "platform": name, "language": language, "region": self.named_region}

    def code_tree(self) -> str:
        """The git hash of its files, taken with a git folder of our own."""
        own = self.folder / "tree.git"
        if not own.exists():
            git.git(self.folder, "init", "--quiet", "--bare", str(own))
            (own / "info").mkdir(exist_ok=True)
            (own / "info" / "exclude").write_text("\n".join(_IGNORED) + "\n", encoding="utf-8")
        extra = {"GIT_DIR": str(own), "GIT_WORK_TREE": str(self.repo), "GIT_INDEX_FILE": str(own / "index")}
        git.git(self.repo, "add", "--all", ".", extra=extra)
        return git.git(self.repo, "write-tree", extra=extra)
