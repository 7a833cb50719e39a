"""One reading of tasks.csv: its layout, its rows, and replacing it with a few cells changed."""

from __future__ import annotations

import contextlib
import mmap
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from kit import files
from kit.errors import Failure, StopAll
from kit.tasks import columns, csvfile
from kit.tasks.columns import Layout

# An editor that truncates a mapped file would kill the process, so only what is too slow to copy is mapped.
MAP_FROM = 32 << 20
CHUNK = 256 << 10

Scanned = tuple[int, bytes | None, bytes | None, bytes | None]
Stamp = tuple[int, int, int]
"""Inode, size and time of change of a file: another one means another content."""


class Changed(Exception):
    """Raised when another program wrote the file between our reading and replacing it."""


class Entry(NamedTuple):
    """A row as far as choosing needs it: where it is, and its id, status and difficulty as they stand."""

    start: int
    task_id: str
    status: str
    difficulty: str

    @property
    def state(self) -> str:
        """The status as the rules compare it: trimmed, lower case, words joined by `_`."""
        return plain(self.status)


@dataclass(frozen=True)
class Row:
    """A whole row: `line` and `last_line` of the file, the raw `status` and `difficulty`, and all its cells."""

    start: int
    line: int
    last_line: int
    task_id: str
    status: str
    difficulty: str
    cells: tuple[str, ...]
    layout: Layout

    @property
    def state(self) -> str:
        """The status as the rules compare it: trimmed, lower case, words joined by `_`."""
        return plain(self.status)

    @property
    def fields(self) -> dict[str, str]:
        """The cells by column name, as the header spells it; cells without a header are left out."""
        names = (name or f"column {number}" for number, name in enumerate(self.layout.names, 1))
        return dict(zip(names, self.cells, strict=False))

    def of(self, role: str) -> str:
        """The cell with the meaning `role`; "" when there is no such column or cell."""
        number = self.layout.roles.get(role)
        return self.cells[number] if number is not None and number < len(self.cells) else ""


@lru_cache(maxsize=4096)
def plain(word: str) -> str:
    """A status or difficulty word without stray spaces and quotes, in lower case, words joined by `_`."""
    return re.sub(r"[\s_-]+", "_", word.strip().strip("\"'").strip().lower())


class Sheet:
    """tasks.csv as it was when opened. Raises `Failure` naming file and line for what cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        try:
            self._file = self.path.open("rb")
            stat = os.fstat(self._file.fileno())
            large = stat.st_size >= MAP_FROM
            self.data: csvfile.Buffer = (
                mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if large else self._file.read()
            )
        except OSError as error:
            raise Failure(f"{path}: cannot be read: {error.strerror}", hint="check the path and permissions") from error
        self.stamp = _stamp(stat)
        self._counted = 0, 1
        self._header = csvfile.body(self.data)
        if self.data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Failure(f"{path}: is UTF-16, not UTF-8", hint="save it as UTF-8 CSV")
        if self._header >= len(self.data):
            raise Failure(f"{path}: is empty", hint="put a header row and tasks into it, or remove it")
        with self._told():
            spans, _, self._body = csvfile.cells(self.data, self._header)
        names = [csvfile.value(self.data[slice(*span)]) for span in spans]
        self.layout: Layout = columns.read(names, self.path)

    def entries(self) -> Iterator[Entry]:
        """All rows in file order, as far as choosing needs them."""
        for start, *raw in self.scan():
            task_id, status, difficulty = (csvfile.value(cell or b"") for cell in raw)
            yield Entry(start, task_id.strip(), status, difficulty)

    def scan(self) -> Iterator[Scanned]:
        """All rows in file order, as raw as they can be told apart: offset, and the cells of id, status, difficulty.

        A cell is None where the row is too short for it. Raises `Failure` for a quote that is never closed.
        """
        roles = self.layout.roles
        wanted = sorted({roles[role] for role in ("id", "status", "difficulty") if role in roles})
        group = {column: number for number, column in enumerate(wanted, 1)}
        last = max(wanted)
        picks = [group[roles.get(role, last)] for role in ("id", "status", "difficulty")]
        with self._told():
            for found in csvfile.rows(self.data, wanted, self._body):
                task_id, status, difficulty = found.group(*picks)
                yield found.start(), task_id, status if "status" in roles else None, difficulty

    def entry_at(self, start: int, task_id: str) -> Entry | None:
        """The row that begins at `start`, if one begins there and it is that of `task_id`."""
        if not self._body <= start < len(self.data) or self.data[start - 1 : start] not in (b"\n", b"\r"):
            return None
        try:
            spans, _, _ = csvfile.cells(self.data, start)
        except csvfile.OpenQuote:
            return None
        cells = [csvfile.value(self.data[slice(*span)]) for span in spans]
        roles = [self.layout.roles.get(role, len(cells)) for role in ("id", "status", "difficulty")]
        found = [cells[number] if number < len(cells) else "" for number in roles]
        return Entry(start, task_id, found[1], found[2]) if found[0].strip() == task_id else None

    def row(self, entry: Entry) -> Row:
        """The whole row of `entry`."""
        with self._told():
            spans, _, _ = csvfile.cells(self.data, entry.start)
        cells = tuple(csvfile.value(self.data[slice(*span)]) for span in spans)
        line = self.line(entry.start)
        last = line + csvfile.breaks(self.data, entry.start, spans[-1][1])
        return Row(
            entry.start,
            line,
            last,
            entry.task_id,
            entry.status,
            entry.difficulty,
            cells,
            self.layout,
        )

    def rows(self) -> Iterator[Row]:
        """All rows in file order, whole."""
        for entry in self.entries():
            yield self.row(entry)

    def line(self, offset: int) -> int:
        """The line of the file, from 1, on which `offset` lies."""
        at, line = self._counted if self._counted[0] <= offset else (0, 1)
        while at < offset:
            stop = min(at + CHUNK, offset)
            if stop < offset and self.data[stop - 1 : stop + 1] == b"\r\n":
                stop += 1
            line += csvfile.breaks(self.data, at, stop)
            at = stop
        self._counted = offset, line
        return line

    def edit(self, start: int, values: Mapping[str, str]) -> list[csvfile.Edit]:
        """The edits that give the row at `start` new values by role (status, trainr_notes)."""
        self.layout.require_writable()
        return csvfile.change(self.data, start, {self.layout.roles[role]: text for role, text in values.items()})

    def without(self, start: int) -> list[csvfile.Edit]:
        """The edits that take the row at `start` out."""
        return csvfile.drop(self.data, start)

    def widened(self, names: Sequence[str]) -> list[csvfile.Edit]:
        """The edits that add columns, empty in every row."""
        with self._told():
            return csvfile.widen(self.data, self._header, names)

    def save(self, edits: Sequence[csvfile.Edit]) -> Stamp:
        """Replace the file by one with `edits` done and every other byte as it was; returns the new one's stamp.

        Temp file in the same folder, synced, moved into place; mode and owner kept. Raises `Changed` when the
        file is no longer the one that was read, `StopAll` when it cannot be written; it is then untouched.
        """
        require_writable(self.path)
        temp = ""
        try:
            handle, temp = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
            with os.fdopen(handle, "wb", buffering=0) as out:
                for piece in csvfile.apply(self.data, edits):
                    if isinstance(piece, bytes):
                        _write(out.fileno(), piece)
                    elif isinstance(self.data, bytes):
                        _write(out.fileno(), self.data[slice(*piece)])
                    else:
                        _copy(self._file.fileno(), out.fileno(), *piece)
                before = os.fstat(self._file.fileno())
                os.fchmod(out.fileno(), before.st_mode & 0o7777)
                with contextlib.suppress(PermissionError):
                    os.fchown(out.fileno(), before.st_uid, before.st_gid)
                os.fsync(out.fileno())
                stamp = _stamp(os.fstat(out.fileno()))
            if _stamp(self.path.stat()) != self.stamp:
                raise Changed
            Path(temp).replace(self.path)
            temp = ""
            _sync_folder(self.path.parent)
            return stamp
        except OSError as error:
            raise StopAll(str(files.unwritable(self.path, error)), hint="free space or fix permissions") from error
        finally:
            if temp:
                Path(temp).unlink(missing_ok=True)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except csvfile.OpenQuote as error:
            line = self.line(error.offset)
            start = self.data[error.offset : error.offset + 40].decode("utf-8", "replace")
            raise Failure(
                f"{self.path}: line {line}: a quote opens here and is never closed: {start!r}",
                hint=f"close it (a quote inside a cell is written twice), then: "
                f"python scripts/select_task.py --repo {self.path.parent} --check",
            ) from error


def require_writable(path: Path) -> None:
    """Raise `StopAll` when nobody is meant to write `path`; root could, and replacing it would not even ask."""
    if not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK):
        raise StopAll(f"{path}: cannot be written: it is read-only", hint=f"chmod u+w {path}")


def _stamp(stat: os.stat_result) -> Stamp:
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _write(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _copy(source: int, target: int, start: int, end: int) -> None:
    while start < end:
        sent = os.sendfile(target, source, start, end - start)
        if not sent:
            raise Changed
        start += sent


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
