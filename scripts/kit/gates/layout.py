"""Which files a branch may hold, and what may not be left in them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from kit.gates.model import Look
from kit.gates.subject import Subject
from kit.run import git
from kit.run.project import REPOSITORY_FILES, template_folder
from kit.tasks import columns, csvfile

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
        elif path.is_file() and name not in laid and _RULES.search(name):
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
    laid = template_files(subject)
    for name in subject.changed:
        path = subject.root / name
        if not path.is_file() or name == subject.settings["tasks.file"]:
            continue
        seen += 1
        raw = path.read_bytes()
        if raw == laid.get(name):
            continue
        longest = max(map(len, raw.split(b"\n")))
        if len(raw) > MAX_BYTES:
            problems.append(f"{name}: {len(raw):,} bytes, {MAX_BYTES:,} allowed")
        elif not _is_text(raw):
            problems.append(f"{name}: binary")
        elif longest > MAX_LINE:
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
    before = git.git(subject.root, "show", f"{subject.base_sha}:{name}").encode()
    # Bytes that are no UTF-8 are read as git's answer is read.
    after = path.read_bytes().decode("utf-8", "replace").encode()
    task, start = subject.run.task_id, csvfile.body(before)
    spans, _, _ = csvfile.cells(before, start)
    identity = columns.read([csvfile.value(before[slice(*span)]) for span in spans], path).roles["id"]
    for row in csvfile.rows(before, [identity], start):
        if csvfile.value(row[1] or b"").strip() == task:
            without = csvfile.changed(before, csvfile.drop(before, row.start()))
            if after.rstrip(b"\r\n") == without.rstrip(b"\r\n"):
                return []
    return [f"{name}: more than the row of task {task} differs from the base"]
