"""What the gates judge: the files of one worktree, and the run they came from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kit.errors import Failure
from kit.gates.stacks import Stack, of_project
from kit.ladder import platforms, reuse
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

    @property
    def short(self) -> str:
        """The tree's hash, as messages give it."""
        return self.tree[:12]

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
    def stacks(self) -> list[Stack]:
        """The stacks of the task, written or synthesized.

        Raises `Failure` when what synth left behind is not what its receipt for this tree speaks of.
        """
        platform = self.run.task["platform"]
        if platform != "cfn":
            self._check_synthesized()
        return of_project(self.root, platform, self.run.suffix)

    def _check_synthesized(self) -> None:
        known = self.newest("synth")
        if known is None or not known[1].passed:
            raise Failure(f"no passed synth for the tree {self.short}", hint="make stage STAGE=synth")
        path, receipt = known
        there = platforms.platform(self.run.task["platform"], self.run.task["language"]).artifact(self.root)
        if not there or there != receipt.figures.get("artifact"):
            raise Failure(f"what synth left behind is not what {path.name} speaks of", hint="make stage STAGE=synth")

    @property
    def count(self) -> int:
        """How many resources all stacks have."""
        return sum(len(stack.resources) for stack in self.stacks)

    @cached_property
    def receipts(self) -> list[tuple[Path, Receipt]]:
        """All receipts of the run, oldest first."""
        return receipts.read_all(self.run)

    def receipt(self, stage: str) -> tuple[str, Receipt]:
        """The file name of the newest receipt of `stage` for the tree that is judged, and what it says.

        Raises `Failure` when there is none.
        """
        known = self.newest(stage)
        if known is None:
            raise Failure(f"no receipt of {stage} for the tree {self.short}", hint=f"make stage STAGE={stage}")
        return known[0].name, known[1]

    def newest(self, stage: str) -> tuple[Path, Receipt] | None:
        """The newest receipt of `stage` for the tree that is judged; one that was not run only when no other is there."""
        fitting = [pair for pair in self.receipts if pair[1].stage == stage and pair[1].tree == self.tree]
        run = [pair for pair in fitting if pair[1].verdict != NOT_RUN]
        found = run or fitting
        return found[-1] if found else None
