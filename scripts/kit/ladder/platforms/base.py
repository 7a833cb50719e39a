"""What a stage is given to work with, and what a platform has to offer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from kit.command import Result
from kit.command import run as run_command
from kit.ladder import environment as environments
from kit.ladder.clouds.base import Cloud
from kit.ladder.outcome import Outcome
from kit.run.receipts import NOT_RUN
from kit.run.rundir import Run

CHEAP = ("lint", "build", "synth", "unit")
DEAR = ("deploy", "outputs", "integration", "destroy")
ALL = CHEAP + DEAR


@dataclass
class Work:
    """One stage being run: where, with which environment, within which limits, into which log.

    `argv` keeps every command that was run, in order of their start, for the receipt. Seconds are wall time.
    `verdict_of` waits for another cheap stage of the same climb and returns its verdict.
    """

    run: Run
    stage: str
    environment: Mapping[str, str]
    log: Path
    seconds: float
    silence: float
    cloud: Cloud | None = None
    verdict_of: Callable[[str], str] = lambda stage: NOT_RUN
    argv: list[list[str]] = field(default_factory=list)
    status: int | None = None

    @property
    def project(self) -> Path:
        """The project's root."""
        return self.run.worktree

    @property
    def stack(self) -> str:
        """The name of the stack."""
        return f"TapStack{self.run.suffix}"

    def command(
        self,
        argv: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        extra: Mapping[str, str] | None = None,
        log: Path | None = None,
        gentle: float = 0.0,
    ) -> Result:
        """Run one of the toolkit's own tools; never raises for its exit status, which the caller judges."""
        return self._run(argv, argv, cwd or self.project, dict(self.environment) | dict(extra or {}), log, gentle)

    def project_command(self, argv: Sequence[str | Path], *, extra: Mapping[str, str] | None = None) -> Result:
        """Run the project's own code: in the sandbox, where it sees the worktree and, of the network, its cloud."""
        words, environment = environments.enclose(
            self.run, argv, dict(self.environment) | dict(extra or {}), self.cloud
        )
        return self._run(argv, words, self.project, environment, None)

    def _run(
        self,
        argv: Sequence[str | Path],
        words: Sequence[str | Path],
        cwd: Path,
        environment: Mapping[str, str],
        log: Path | None,
        gentle: float = 0.0,
    ) -> Result:
        self.argv.append([str(word) for word in argv])
        result = run_command(
            words,
            cwd=cwd,
            env=environment,
            timeout=self.seconds,
            silence=self.silence,
            log=log or self.log,
            check=False,
            gentle=gentle,
        )
        if self.status in (None, 0):
            self.status = result.status
        return result

    def need_cloud(self) -> Cloud:
        """The cloud of a stage that has one."""
        if self.cloud is None:
            raise ValueError(f"stage {self.stage} was given no cloud")
        return self.cloud


class Platform(ABC):
    """The stages of one platform in one language. Every method returns an `Outcome`, failed unless proved good."""

    # Stages whose product a stage works on: they are run with it, even if they were not asked for.
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    # Stages that call what was installed for the project.
    dependent: ClassVar[tuple[str, ...]] = ("build", "unit", "integration")
    # Commands without which a stage cannot be run, with how to install each.
    tools: Mapping[str, str] = {"node": "https://nodejs.org (20 or newer)", "npm": "it comes with Node"}

    def __init__(self, language: str) -> None:
        self.language = language

    def tools_of(self, stage: str) -> tuple[str, ...]:
        """The names in `tools` that `stage` calls."""
        return ("node", "npm") if stage in ("build", "unit", "integration") else ()

    def installed(self, project: Path) -> bool:
        """True when the project's dependencies are in place."""
        return (project / "node_modules").is_dir()

    def artifact(self, project: Path) -> str:
        """A hash of what synth left behind; "" where it leaves nothing."""
        return ""

    @abstractmethod
    def test_files(self, project: Path, stage: str) -> list[Path]:
        """The test files of `unit` or `integration`."""

    @abstractmethod
    def lint(self, work: Work) -> Outcome:
        """Static checks: linters and the security scanner."""

    @abstractmethod
    def build(self, work: Work) -> Outcome:
        """Types and syntax of the program and its tests."""

    @abstractmethod
    def synth(self, work: Work) -> Outcome:
        """The template or plan that would be deployed, resolved without a cloud."""

    @abstractmethod
    def unit(self, work: Work) -> Outcome:
        """Unit tests with the coverage read from their report."""

    @abstractmethod
    def deploy(self, work: Work) -> Outcome:
        """Create or update the stack."""

    @abstractmethod
    def outputs(self, work: Work) -> Outcome:
        """Write the stack's outputs to cfn-outputs/flat-outputs.json."""

    @abstractmethod
    def integration(self, work: Work) -> Outcome:
        """Tests against what was deployed."""

    @abstractmethod
    def destroy(self, work: Work) -> Outcome:
        """Delete the stack and prove that it is gone."""
