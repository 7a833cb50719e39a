"""Tests that stood before a repair still test as much: what a repair took out of them is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kit import files
from kit.errors import Failure
from kit.gates import tests_python, tests_quality, tests_script
from kit.gates.model import Look
from kit.gates.subject import Subject
from kit.run import git
from kit.run.rundir import Run

FILE = "before-repairs.json"


class Count(NamedTuple):
    """How many tests and how many assertions."""

    tests: int
    assertions: int


def remember(run: Run) -> None:
    """Keep the git hash of the worktree as it is before a repair of the run's current round."""
    path = run.dir / FILE
    known = files.read_json(path, remedy="make gate") if path.exists() else []
    files.write_json(path, [*known, {"round": run.round, "tree": git.full_tree(run.worktree)}])


def as_much(subject: Subject) -> Look:
    """Neither the unit nor the integration tests hold fewer tests or assertions than before a repair of this round.

    Moving a test to another file is no loss. Raises `Failure` when a tree from before a repair is gone from git.
    """
    run, problems = subject.run, []
    path = run.dir / FILE
    known = files.read_json(path, remedy=f"make qa ID={run.task_id}") if path.exists() else []
    trees = dict.fromkeys(entry["tree"] for entry in known if entry["round"] == run.round)
    now = _counted(subject.texts(tests_quality.test_files(subject.tests)))
    for tree in trees:
        before = _counted(_texts(subject, tree))
        problems += _losses(before, now)
    return Look(f"{len(trees)} states from before repairs, {len(now)} files of tests", problems)


def _losses(before: Mapping[str, Count], now: Mapping[str, Count]) -> list[str]:
    found = []
    for live in (False, True):
        old = {name: count for name, count in before.items() if tests_quality.is_integration(name) == live}
        new = {name: count for name, count in now.items() if tests_quality.is_integration(name) == live}
        for number, what in enumerate(Count._fields):
            if sum(count[number] for count in new.values()) >= sum(count[number] for count in old.values()):
                continue
            for name, count in old.items():
                left = new.get(name, Count(0, 0))[number]
                if left < count[number]:
                    found.append(f"{name}: {count[number]} {what} before a repair, {left} after it")
    return found


def _counted(texts: Mapping[str, str]) -> dict[str, Count]:
    return {
        name: Count(*(tests_python if name.endswith(".py") else tests_script).count(text))
        for name, text in texts.items()
    }


def _texts(subject: Subject, tree: str) -> dict[str, str]:
    if not git.works(subject.root, "cat-file", "-e", f"{tree}^{{tree}}"):
        raise Failure(f"{FILE}: {tree}: no such tree in {subject.root}", hint=f"make qa ID={subject.run.task_id}")
    listed = git.git(subject.root, "ls-tree", "-r", "-z", "--name-only", tree, "test", "tests").split("\0")
    names = tests_quality.test_files(listed)
    return {name: git.git(subject.root, "cat-file", "blob", f"{tree}:{name}") for name in names}
