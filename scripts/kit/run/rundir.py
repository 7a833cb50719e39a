"""Where a run keeps what it knows, and how its names are made."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kit import command, files, lock, say
from kit.errors import Failure
from kit.run.journal import Journal
from kit.settings import Settings

_SAFE_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")


def safe_id(task_id: str) -> str:
    """`task_id`, when it can stand in a path and a git ref as it is.

    Raises `Failure` naming the id otherwise (`../x`, spaces, `;`, a leading dash, `..`, `.lock` at the end).
    """
    fits = _SAFE_ID.fullmatch(task_id) and ".." not in task_id and not task_id.endswith(".lock")
    if not fits:
        raise Failure(
            f"task id {task_id!r} cannot name a branch and a folder",
            hint="use letters, digits, '.', '_' and '-' (at most 64), beginning and ending with a letter or digit",
        )
    return task_id


@dataclass(frozen=True)
class Run:
    """All that happens for one task of `repo`, kept in `.runs/<task_id>/`."""

    repo: Path
    task_id: str
    settings: Settings

    @property
    def dir(self) -> Path:
        """The run's folder."""
        return self.repo / ".runs" / safe_id(self.task_id)

    @property
    def branch(self) -> str:
        """The branch on which the task is worked."""
        return f"IAC-synth-{safe_id(self.task_id)}"

    @property
    def worktree(self) -> Path:
        """The folder in which the task is worked."""
        return self.repo / "worktree" / self.branch

    @property
    def receipts(self) -> Path:
        """The folder of the receipts."""
        return self.dir / "receipts"

    @property
    def logs(self) -> Path:
        """The folder of the logs."""
        return self.dir / "logs"

    @property
    def agents(self) -> Path:
        """The folder of the agents' transcripts."""
        return self.dir / "agents"

    @cached_property
    def journal(self) -> Journal:
        """What happened, in order."""
        return Journal(self.dir / "journal.jsonl")

    @cached_property
    def task(self) -> dict[str, Any]:
        """task.json: the row, its text, platform, language, region and their witnesses."""
        return files.read_json(self.dir / "task.json", remedy="make select")

    @property
    def region(self) -> str:
        """The AWS region of the task."""
        return self.task["region"]

    @property
    def pair(self) -> str:
        """Platform and language as the templates name them: `cfn-yaml`."""
        return f"{self.task['platform']}-{self.task['language']}"

    @property
    def suffix(self) -> str:
        """ENVIRONMENT_SUFFIX: `synth<TaskId>` made fit for names: lower-case letters and digits, at most 20."""
        whole = "synth" + re.sub(r"[^a-z0-9]", "", self.task_id.lower())
        if len(whole) <= 20:
            return whole
        # Cut names could be the same for two tasks.
        return whole[:14] + hashlib.sha256(self.task_id.encode()).hexdigest()[:6]

    @property
    def round(self) -> int:
        """The number of the current pass generate-QA-review, from 1."""
        return self.journal.state.round

    def about(self) -> None:
        """Let every narration line carry this task and its region, and every command the run's mark."""
        self.logs.mkdir(parents=True, exist_ok=True)
        say.about(self.task_id, self.region, self.logs / "narration.log")
        command.belong_to(self.dir)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Hold the run's own kernel lock: as long as it is held, the run is being worked on."""
        with lock.hold(self.dir / "lock", what=f"the run of task {self.task_id}", wait=0.5):
            yield

    @property
    def is_worked_on(self) -> bool:
        """True when a process holds the run's lock."""
        return not lock.is_free(self.dir / "lock")


def runs(repo: Path, settings: Settings) -> list[Run]:
    """All runs kept in `repo`, by id."""
    folder = repo / ".runs"
    names = sorted(path.parent.name for path in folder.glob("*/task.json")) if folder.is_dir() else []
    return [Run(repo, name, settings) for name in names]
