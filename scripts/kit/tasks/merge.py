"""Merging tasks.csv row by row, so that a pull request that drops a row and a local `done` do not conflict."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from kit import files
from kit.errors import Failure
from kit.settings import TOOLKIT
from kit.tasks import columns, csvfile, exclude

DRIVER = "task-coordinator"


class Unmergeable(Failure):
    """Raised when the rows cannot be told apart by id, or one cell was changed on both sides."""


def install(repo: Path, file: str) -> None:
    """Make git merge `file` by rows in `repo`: driver in .git/config, attribute in .git/info/attributes.

    Local edits are stashed and put back around a pull, since git otherwise refuses to pull over them.
    """
    folder = exclude.common_dir(repo)
    path = folder / "info" / "attributes"
    line = f"/{file} merge={DRIVER}"
    script = TOOLKIT / "scripts" / "merge_tasks.py"
    driver = f"{shlex.quote(sys.executable)} {shlex.quote(str(script))} %O %A %B"
    if line in _lines(path) and any(driver in known.replace("\\\\", "\\") for known in _lines(folder / "config")):
        return
    from kit.run.git import git, one_at_a_time

    # Git gives up at once when somebody else is writing its config.
    with one_at_a_time(repo):
        known = _lines(path)
        if line not in known:
            files.replace(path, "".join(f"{one}\n" for one in [*known, line]).encode("utf-8", "surrogateescape"))
        git(repo, "config", f"merge.{DRIVER}.name", "tasks.csv by rows (Task Coordinator)")
        git(repo, "config", f"merge.{DRIVER}.driver", driver)
        for name in ("merge.autoStash", "rebase.autoStash"):
            if not git(repo, "config", "--get", name, check=False):
                git(repo, "config", name, "true")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="surrogateescape").splitlines() if path.is_file() else []


def merge(base: bytes, ours: bytes, theirs: bytes) -> bytes:
    """The three-way merge by task id; rows keep their bytes, order is that of `ours`.

    A row dropped on one side and changed on the other stays as changed: the queue keeps what was done.
    Raises `Unmergeable`.
    """
    old, our, their = (_Side(data, name) for data, name in ((base, "base"), (ours, "ours"), (theirs, "theirs")))
    if not old.head == our.head == their.head:
        raise Unmergeable("the header rows differ")
    merged: dict[str, bytes] = {}
    for key, row in our.rows.items():
        kept = _row(key, old.rows.get(key), row, their.rows.get(key), our)
        if kept is not None:
            merged[key] = kept
    order = list(merged)
    before = ""
    for key, row in their.rows.items():
        if key not in our.rows:
            kept = _row(key, old.rows.get(key), None, row, our)
            if kept is None:
                continue
            merged[key] = kept
            order.insert(order.index(before) + 1 if before in order else 0, key)
        before = key
    last_open = bool(our.rows) and not our.ends_with_break
    rows = [merged[key] for key in order]
    return our.lead + our.eol.join(rows) + (b"" if last_open or not rows else our.eol)


class _Side:
    """One version of the file: `lead` up to the first row, rows by id without their line ends."""

    def __init__(self, data: bytes, name: str) -> None:
        try:
            start = csvfile.body(data)
            spans, end, body = csvfile.cells(data, start)
            header = [csvfile.value(data[slice(*span)]) for span in spans]
            self.column = columns.read(header, Path(name)).roles["id"]
            self.rows: dict[str, bytes] = {}
            for found in csvfile.rows(data, [self.column], body):
                key = csvfile.value(found.group(1) or b"").strip()
                if not key or key in self.rows:
                    raise Unmergeable(f"{name}: the task id {key!r} is missing or there twice")
                self.rows[key] = _stripped(found.group())
        except csvfile.OpenQuote as error:
            raise Unmergeable(f"{name}: an open quote at byte {error.offset}") from error
        self.head = _stripped(data[start:body])
        self.eol = data[end:body] or b"\n"
        self.lead = data[:body] if data[end:body] else data[:body] + self.eol
        self.ends_with_break = data[-1:] in (b"\n", b"\r")


def _row(key: str, old: bytes | None, our: bytes | None, their: bytes | None, side: _Side) -> bytes | None:
    if our == their or their == old:
        return our
    if our == old:
        return their
    if our is None or their is None:
        return our if their is None else their
    if old is None:
        raise Unmergeable(f"task {key} was added on both sides, differently")
    return _cells(key, old, our, their)


def _cells(key: str, old: bytes, our: bytes, their: bytes) -> bytes:
    sides = [[row[slice(*span)] for span in csvfile.cells(row, 0)[0]] for row in (old, our, their)]
    if len({len(side) for side in sides}) != 1:
        raise Unmergeable(f"task {key} was changed on both sides, and the numbers of cells differ")
    merged = []
    for was, mine, yours in zip(*sides, strict=True):
        if mine not in (was, yours) and yours != was:
            raise Unmergeable(f"task {key}: one cell was changed on both sides")
        merged.append(yours if mine == was else mine)
    return b",".join(merged)


def _stripped(row: bytes) -> bytes:
    if row.endswith(b"\r\n"):
        return row[:-2]
    return row[:-1] if row.endswith((b"\n", b"\r")) else row
