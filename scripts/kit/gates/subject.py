"""What the gates judge: the files of one worktree, and the run they came from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kit.errors import Failure
from kit.gates import template
from kit.ladder import reuse
from kit.run import git, receipts
from kit.run.receipts import NOT_RUN, Receipt
from kit.run.rundir import Run
from kit.settings import REPO_FILE, Settings

PROSE = ("lib/PROMPT", "lib/MODEL_RESPONSE", "lib/IDEAL_RESPONSE", "lib/MODEL_FAILURES")
CODE_FOLDERS = ("lib/", "bin/", "tap.py")
TEST_FOLDERS = ("test/", "tests/")


@dataclass(frozen=True)
class Subject:
    """A run's worktree as it is at this moment. Everything is read once and kept."""

    run: Run

    @property
    def root(self) -> Path:
        """The folder that is judged."""
        return self.run.worktree

    @cached_property
    def base_sha(self) -> str:
        """The commit the branch began at. Raises `Failure` when the run does not name one that git knows."""
        sha = str(self.run.task.get("base_sha") or "")
        if not sha or not git.works(self.root, "cat-file", "-e", f"{sha}^{{commit}}"):
            raise Failure(f"task.json: base_sha = {sha or None!r}: not a commit of {self.root}", hint="make worktree")
        return sha

    @cached_property
    def settings(self) -> Settings:
        """The settings as the base commit has them: a branch cannot lower the bar it is judged by."""
        text = git.git(self.root, "show", f"{self.base_sha}:{REPO_FILE}", check=False)
        return Settings.load(self.run.repo, repo_text=text)

    @cached_property
    def tree(self) -> str:
        """The git hash of the code that is judged, as receipts name it."""
        return reuse.tree_of(self.run)

    @cached_property
    def files(self) -> list[str]:
        """The paths of all files that are or would be committed."""
        listed = git.git(self.root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
        return sorted({name for name in listed if name and (self.root / name).is_file()})

    @cached_property
    def changed(self) -> list[str]:
        """The paths that differ from the base commit: committed, not committed yet, or deleted."""
        against = git.git(self.root, "diff", "--name-only", "--no-renames", "-z", self.base_sha).split("\0")
        untracked = git.git(self.root, "ls-files", "-z", "--others", "--exclude-standard").split("\0")
        return sorted({name for name in (*against, *untracked) if name})

    @property
    def code(self) -> list[str]:
        """The paths of the code that is deployed: below lib/ and bin/, without the prose that scripts render."""
        return [
            name
            for name in self.files
            if name.startswith(CODE_FOLDERS) and not name.startswith(PROSE) and name != "lib/AWS_REGION"
        ]

    @property
    def tests(self) -> list[str]:
        """The paths of the files below test/ and tests/."""
        return [name for name in self.files if name.startswith(TEST_FOLDERS)]

    def text(self, name: str) -> str:
        """The text of a file. Raises `Failure` when it is missing or is no UTF-8 text."""
        try:
            return (self.root / name).read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise Failure(f"{name}: no such file") from error
        except (OSError, UnicodeDecodeError) as error:
            raise Failure(f"{name}: cannot be read as text: {error}") from error

    def texts(self, names: list[str]) -> dict[str, str]:
        """The texts of those files that are text; a binary file has none."""
        found = {}
        for name in names:
            raw = (self.root / name).read_bytes()
            if b"\0" not in raw:
                found[name] = raw.decode("utf-8", "replace")
        return found

    @cached_property
    def templates(self) -> dict[str, dict[str, Any]]:
        """The CloudFormation templates of the task, written or synthesized, by path, in JSON long form."""
        return template.of_project(self.root, self.run.task["platform"])

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """All resources of all templates by logical id, prefixed by the path when there are several templates."""
        found: dict[str, dict[str, Any]] = {}
        for path, body in self.templates.items():
            prefix = f"{path}:" if len(self.templates) > 1 else ""
            found |= {prefix + name: resource for name, resource in template.resources(body).items()}
        return found

    @cached_property
    def receipts(self) -> list[tuple[Path, Receipt]]:
        """All receipts of the run, oldest first."""
        return receipts.read_all(self.run)

    def newest(self, stage: str) -> tuple[Path, Receipt] | None:
        """The newest receipt of `stage` for the tree that is judged; one that was not run only when no other is there."""
        fitting = [pair for pair in self.receipts if pair[1].stage == stage and pair[1].tree == self.tree]
        run = [pair for pair in fitting if pair[1].verdict != NOT_RUN]
        found = run or fitting
        return found[-1] if found else None
