"""IDEAL_RESPONSE.md: rendered from the final files, so that the two cannot differ."""

from __future__ import annotations

from kit import files, render, say
from kit.agents import blocks, places
from kit.errors import Failure
from kit.run.git import git
from kit.run.rundir import Run

FILE = "lib/IDEAL_RESPONSE.md"


def task_files(run: Run) -> list[str]:
    """The files of the worktree that belong to the task: below the work folders, not ignored, not rendered; main first."""
    listed = git(run.worktree, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    python = places.python_project(run.task["platform"], run.task["language"])
    found = {path for path in listed if path and not places.refusal(path, python=python)}
    found = {path for path in found if (run.worktree / path).is_file() or (run.worktree / path).is_symlink()}
    order = {"lib": 0, "bin": 1}
    return sorted(found, key=lambda path: (order.get(path.split("/")[0], 2), path.count("/"), path))


def contents(run: Run) -> tuple[dict[str, str], list[str]]:
    """Path to text of the task's files, and the paths that are no text. Raises `Failure` for a link."""
    texts, others = {}, []
    for path in task_files(run):
        if (run.worktree / path).is_symlink():
            raise Failure(f"{path}: is a link; a finished task holds files only", hint="replace the link by the file")
        try:
            texts[path] = places.read(run.worktree, path).decode()
        except UnicodeDecodeError:
            others.append(path)
    return texts, others


def write(run: Run) -> list[str]:
    """Render lib/IDEAL_RESPONSE.md and read it back; returns the paths in it."""
    texts, others = contents(run)
    if others:
        say.warn(f"{FILE}: no text, so not shown: {', '.join(others)}")
    page = render.template(
        "templates", "ideal_response.md.j2", count=len(texts), blocks=blocks.render(texts).rstrip("\n")
    )
    files.replace(run.worktree / FILE, page)
    differing = differences(run)
    if differing:
        raise Failure(f"{FILE}: differs from the files: {', '.join(differing)}")
    return list(texts)


def differences(run: Run) -> list[str]:
    """The paths whose block in IDEAL_RESPONSE.md and whose file are not the same, missing ones included."""
    python = places.python_project(run.task["platform"], run.task["language"])
    page = places.read(run.worktree, FILE).decode()
    shown = blocks.read(page, python=python).files
    texts, _ = contents(run)
    return sorted(path for path in shown.keys() | texts.keys() if shown.get(path) != texts.get(path))
