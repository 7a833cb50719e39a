"""Which files a branch may hold, and what may not be left in them."""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from pathlib import Path

from kit.errors import Failure
from kit.gates.model import Look
from kit.gates.subject import Subject
from kit.run import git
from kit.run.project import REPOSITORY_FILES, template_folder

OPEN = ("lib/", "bin/", "test/", "tests/")
# Tools obey these wherever they find them: what hides files, filters tests or lowers a bar is not the task's to bring.
_RULES = re.compile(
    r"(?:^|/)(?:\.git\w*|pytest\.ini|\.pytest\.ini|tox\.ini|setup\.cfg|pyproject\.toml|\.coveragerc|jest\.config\.\w+|"
    r"babel\.config\.\w+|\.babelrc\S*|\.swcrc|\.npmrc|\.eslintrc\S*|eslint\.config\.\w+|\.pylintrc|\.?ruff\.toml|\.?mypy\.ini|"
    r"\.cfnlintrc\S*|sitecustomize\.py|usercustomize\.py)(?:/|$)|^tests?/(?:.*/)?(?:package|tsconfig)\.json$"
)
PLACEHOLDERS = ("PLACEHOLDER-TEST", "PLACEHOLDER-TEMPLATE")
MAX_BYTES = 500_000
MAX_LINE = 20_000


def allowed_paths(subject: Subject) -> Look:
    """What differs from the base lies where agents may write, or is the template's, metadata.json or the dropped row."""
    problems = []
    laid = template_files(subject)
    python = subject.run.task["language"] == "py"
    queue = subject.settings["tasks.file"]
    for name in subject.changed:
        path = subject.root / name
        if path.is_symlink():
            problems.append(f"{name}: is a link")
        elif path.is_file() and name not in laid and name != queue and _RULES.search(name):
            problems.append(f"{name}: sets rules for tools; those of the template hold")
        elif name.startswith(OPEN) or name == "metadata.json" or (python and name == "tap.py") or name in laid:
            continue
        elif name == queue:
            problems += _queue(subject, name)
        else:
            problems.append(f"{name}: outside {', '.join(OPEN)}")
    for name, content in laid.items():
        path = subject.root / name
        if name.startswith(OPEN):
            continue
        if not path.is_file():
            problems.append(f"{name}: the template's file is missing")
        elif path.read_bytes() != content and not (python and name == "tap.py"):
            problems.append(f"{name}: is not the template's any more")
    return Look(f"{len(subject.changed):,} changed paths", problems)


def size(subject: Subject) -> Look:
    """No changed file is binary, larger than half a megabyte, or one endless line, as binaries are when written as text."""
    problems, seen = [], 0
    for name in subject.changed:
        path = subject.root / name
        if not path.is_file() or name == subject.settings["tasks.file"]:
            continue
        seen += 1
        length = path.stat().st_size
        if length > MAX_BYTES and name not in template_files(subject):
            problems.append(f"{name}: {length:,} bytes, {MAX_BYTES:,} allowed")
        if length <= MAX_BYTES and not _is_text(path.read_bytes()):
            problems.append(f"{name}: binary")
        elif length <= MAX_BYTES and name not in template_files(subject):
            longest = max(map(len, path.read_bytes().split(b"\n")))
            if longest > MAX_LINE:
                problems.append(f"{name}: a line of {longest:,} bytes, {MAX_LINE:,} can be read")
    return Look(f"{seen:,} files are text and small" if seen else "", problems)


def _is_text(raw: bytes) -> bool:
    try:
        return "\0" not in raw.decode("utf-8")
    except UnicodeDecodeError:
        return False


def placeholders(subject: Subject) -> Look:
    """No test that the template left as a placeholder is still there, and there are tests at all."""
    texts = subject.texts(subject.tests + subject.code)
    problems = [
        f"{name}: holds {mark}" for name, text in texts.items() for mark in PLACEHOLDERS if mark in text.upper()
    ]
    if not subject.tests:
        problems.append("no file below test/ or tests/")
    return Look(f"{len(texts):,} files of code and tests", problems)


def template_files(subject: Subject) -> dict[str, bytes]:
    """The files of the pair's template by their path in the worktree."""
    return _files_below(template_folder(subject.run))


@cache
def _files_below(folder: Path) -> dict[str, bytes]:
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and "node_modules" not in path.parts and name not in REPOSITORY_FILES:
            found[name] = path.read_bytes()
    return found


def _queue(subject: Subject, name: str) -> list[str]:
    """Problems of the task list: it must be the base's without this one task's row, every other byte the same."""
    path = subject.root / name
    if not path.is_file():
        return [f"{name}: was deleted"]
    before = git.git(subject.root, "show", f"{subject.base_sha}:{name}").encode().rstrip(b"\r\n")
    after = path.read_bytes().rstrip(b"\r\n")
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    if len(after) >= len(before) or not before.endswith(after[head:]):
        return [f"{name}: more than the task's row differs from the base"]
    old, new = _rows(before, name), _rows(after, name)
    gone = [row for row in old if row not in new]
    if len(old) != len(new) + 1 or len(gone) > 1:
        return [f"{name}: {len(old) - len(new)} rows are missing, one was to be dropped"]
    if gone and subject.run.task_id not in (cell.strip() for cell in gone[0]):
        return [f"{name}: the row that is missing is not that of task {subject.run.task_id}"]
    return []


def _rows(raw: bytes, name: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(raw.decode("utf-8-sig", "replace"), newline=""), strict=False))
    except csv.Error as error:
        raise Failure(f"{name}: cannot be read: {error}") from error
