"""What stages do differently in TypeScript and in Python."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from kit.command import Result
from kit.errors import Failure
from kit.ladder.outcome import Outcome
from kit.ladder.platforms.base import Work


class Language(ABC):
    """Builds, lints and tests a program, by the scripts that a person would call."""

    tools: ClassVar[Mapping[str, str]] = {}

    @abstractmethod
    def installed(self, project: Path) -> bool:
        """True when the dependencies are in place."""

    @abstractmethod
    def test_files(self, project: Path, stage: str) -> list[Path]:
        """The test files of `unit` or `integration`."""

    @abstractmethod
    def script(self, work: Work, name: str, *words: str) -> Result:
        """Run the script `name` of package.json or Pipfile with more `words`."""

    @abstractmethod
    def lint(self, work: Work) -> Outcome:
        """The language's linters."""

    @abstractmethod
    def build(self, work: Work) -> Outcome:
        """Syntax and types."""

    @abstractmethod
    def tests(self, work: Work, *, min_coverage: float | None) -> Outcome:
        """The tests of the stage; with `min_coverage` (percent) the line coverage has to be at least that."""


def language(name: str) -> Language:
    """The language by the short name that tasks use."""
    if name == "ts":
        from kit.ladder.platforms.node import TypeScript

        return TypeScript()
    if name == "py":
        from kit.ladder.platforms.python import Python

        return Python()
    raise Failure(f"{name}: no such language of programs", hint="ts or py")
