"""The project in the worktree: its template laid out, its metadata written and checked."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from kit import files, render, say
from kit.errors import Failure
from kit.run.git import git
from kit.run.rundir import Run
from kit.settings import TOOLKIT

FIELDS = (
    "platform",
    "language",
    "complexity",
    "turn_type",
    "po_id",
    "team",
    "startedAt",
    "subtask",
    "subject_labels",
)
WORK_FOLDERS = ("lib", "bin", "test", "tests")
# Belong to the repository, not to a task's project.
REPOSITORY_FILES = {".gitignore", ".gitattributes", "README.md", "LICENSE"}


def template_folder(run: Run) -> Path:
    """The folder of the pair's template: the repo's own one if it has one, else the toolkit's."""
    for root in (run.repo, TOOLKIT):
        folder = root / "templates" / run.pair
        if folder.is_dir():
            return folder
    known = sorted(path.name for path in (TOOLKIT / "templates").iterdir() if path.is_dir())
    raise Failure(
        f"no template for {run.pair}; there are {', '.join(known)}", hint=f"add templates/{run.pair}/ to the repository"
    )


def lay_out(run: Run) -> list[str]:
    """Copy the template into the worktree; returns the paths of its files.

    What an earlier task's merged pull request left there (its metadata.json names another po_id) is
    cleared first. A file of the base that a template file replaces is named on the screen.
    """
    _clear_earlier(run)
    source = template_folder(run)
    laid, replaced = [], []
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source).as_posix()
        if not path.is_file() or "node_modules" in path.parts or name in REPOSITORY_FILES:
            continue
        target = run.worktree / name
        if target.is_symlink():
            raise Failure(f"{target}: is a link; the template will not write through it", hint=f"rm {target}")
        if target.is_file() and target.read_bytes() != path.read_bytes():
            replaced.append(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
        laid.append(name)
    if replaced:
        say.warn(f"the template replaces {len(replaced)} files of the base: {', '.join(replaced[:5])}")
    return laid


def write_metadata(run: Run) -> None:
    """Render metadata.json and check it; write lib/AWS_REGION when the task names a region."""
    task = run.task
    text = render.template(
        "templates",
        "metadata.json.j2",
        platform=task["platform"],
        language=task["language"],
        complexity=task["difficulty"],
        po_id=task["task_id"],
        started_at=_started(run),
        subtask=task["subtask_mapped"],
        subject_labels=[task["subtask"]],
        extra=_extra(run),
    )
    check_metadata(json.loads(text), run.settings["metadata.extra"])
    files.replace(run.worktree / "metadata.json", text)
    if task["region_named"]:
        files.replace(run.worktree / "lib" / "AWS_REGION", task["region"] + "\n")


def check_metadata(value: Any, extra: list[str]) -> None:
    """Raise `Failure` unless `value` has exactly the nine fields, in order and valid, then only `extra` ones."""
    import jsonschema

    schema = files.read_json(TOOLKIT / "templates" / "metadata.schema.json")
    if not isinstance(value, dict):
        raise Failure(f"metadata.json: wanted an object, found {type(value).__name__}")
    nine = {name: value[name] for name in value if name not in extra}
    problems = sorted(jsonschema.Draft202012Validator(schema).iter_errors(nine), key=str)
    if problems:
        place = "/".join(str(part) for part in problems[0].absolute_path) or "top"
        raise Failure(f"metadata.json: {place}: {problems[0].message}")
    try:
        datetime.fromisoformat(value["startedAt"])
    except ValueError as error:
        raise Failure(f"metadata.json: startedAt = {value['startedAt']!r}: no time: {error}") from error
    if tuple(value)[: len(FIELDS)] != FIELDS:
        raise Failure(f"metadata.json: fields in the order {list(value)}, wanted {list(FIELDS)}")


def _extra(run: Run) -> dict[str, Any]:
    """What metadata.extra adds, once the review has it."""
    names = run.settings["metadata.extra"]
    path = run.dir / "review.json"
    review = files.read_json(path) if names and path.exists() else {}
    return {name: review[name] for name in names if name in review}


def _started(run: Run) -> str:
    first = next((event["at"] for event in run.journal.read()), None)
    began = datetime.fromisoformat(first) if first else datetime.now().astimezone()
    return began.isoformat(timespec="seconds")


def _clear_earlier(run: Run) -> None:
    path = run.worktree / "metadata.json"
    if not path.exists():
        return
    try:
        owner = files.read_json(path).get("po_id")
    except (Failure, AttributeError):
        owner = None
    if owner == run.task_id:
        return
    tracked = git(run.worktree, "ls-files", "-z", "--", *WORK_FOLDERS, "metadata.json").split("\0")
    for name in filter(None, tracked):
        (run.worktree / name).unlink(missing_ok=True)
    say.done(f"cleared the project of task {owner or 'unknown'} that the base carries")
