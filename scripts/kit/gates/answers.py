"""The first answer and the final files of a run, as blocks and as trees."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kit.errors import Failure
from kit.gates.layout import template_files
from kit.gates.subject import Subject
from kit.run import git

if TYPE_CHECKING:
    from kit.agents.blocks import Extraction

CODE = ("lib", "bin", "tap.py")
_RESPONSE = re.compile(r"lib/MODEL_RESPONSE(\d*)\.md")


def responses(subject: Subject) -> dict[int, str]:
    """The paths of the MODEL_RESPONSE files by round: lib/MODEL_RESPONSE.md is round 1.

    Raises `Failure` when the first is missing.
    """
    found = {}
    for name in subject.files:
        match = _RESPONSE.fullmatch(name)
        if match:
            found[int(match[1] or 1)] = name
    if 1 not in found:
        raise Failure("lib/MODEL_RESPONSE.md: no such file", hint="make generate")
    return found


def blocks(subject: Subject, path: str) -> dict[str, str]:
    """The files that a response names, by path. Raises `Failure` when it names none."""
    return reading(subject, path).files


def reading(subject: Subject, path: str) -> Extraction:
    """A response's code blocks as files, and what could not be used of them. Raises `Failure` when it names no file."""
    from kit.agents import places, respond
    from kit.agents.blocks import read

    task = subject.run.task
    python = places.python_project(task["platform"], task["language"])
    # Read as the generator's step read it: a reply's only block without a path is the main file.
    found = read(subject.text(path), main=respond.main_file(subject.run), python=python)
    if not found.files:
        raise Failure(f"{path}: names no file", hint="make generate")
    return found


def final_code(subject: Subject) -> dict[str, str]:
    """The text files below lib/ and bin/ as they are now; what the base or the template left there is left out."""
    laid = template_files(subject)
    changed = set(subject.changed)
    return {
        name: text
        for name, text in subject.texts(subject.code).items()
        if name in changed and laid.get(name) != text.encode()
    }


def tree_files(subject: Subject, tree: str, paths: Iterable[str]) -> dict[str, str]:
    """The files of a git tree at or below `paths`, but lib/AWS_REGION; final newlines are dropped.

    Raises `Failure` when git does not have the tree.
    """
    if not git.works(subject.root, "cat-file", "-e", f"{tree}^{{tree}}"):
        raise Failure(f"tree {tree[:12]}: git does not have it any more", hint="make baseline")
    listed = git.git(subject.root, "ls-tree", "-r", "-z", "--name-only", tree, "--", *paths).split("\0")
    names = [name for name in listed if name and name != "lib/AWS_REGION"]
    return {name: git.git(subject.root, "cat-file", "blob", f"{tree}:{name}") for name in names}
