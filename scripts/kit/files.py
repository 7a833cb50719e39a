"""Reading, replacing and appending to files so that a reader never meets half of what was written."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from kit.errors import Failure, StopAll

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""What a disk says on which no task can be worked."""


def replace(path: Path, data: bytes | str) -> None:
    """Write `data` beside `path`, sync it, and put it in the place of `path` in one move.

    Mode bits of an existing file are kept. Raises `StopAll` when the disk is full, `Failure` when the permissions
    forbid it; the old file is then untouched.
    """
    raw = data.encode() if isinstance(data, str) else data
    temp = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temp = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as out:
            out.write(raw)
            out.flush()
            os.fsync(out.fileno())
        Path(temp).chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o644)
        Path(temp).replace(path)
        temp = ""
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        if temp:
            Path(temp).unlink(missing_ok=True)


def append(path: Path, line: str, *, sync: bool = False) -> None:
    """Append `line` with its newline to `path`, whole or not at all; `sync` waits until it is on the disk.

    One process at a time. Half a line that a crash left gets its newline first. Raises as `replace` does.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = opened(path)
    try:
        append_to(handle, line, path)
        if sync:
            os.fsync(handle)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        os.close(handle)


def opened(path: Path) -> int:
    """A descriptor for `append_to`. Raises as `replace` does."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            os.write(handle, b"\n")
    except OSError as error:
        raise unwritable(path, error) from error
    return handle


def append_to(handle: int, line: str, path: Path) -> None:
    """`append` to the open file `handle`, not synced."""
    data = line.encode("utf-8", "replace") + b"\n"
    before = os.fstat(handle).st_size
    try:
        # A disk with room for a part of it takes that part and says nothing.
        while data:
            data = data[os.write(handle, data) :]
    except OSError as error:
        with contextlib.suppress(OSError):
            os.ftruncate(handle, before)
        raise unwritable(path, error) from error


def unwritable(path: Path | str, error: OSError) -> Failure:
    """The system's refusal to write `path` in one line."""
    why = f"{path}: cannot be written: {error.strerror or error}"
    if error.errno in FULL:
        return StopAll(why, hint="free space, then make resume")
    return Failure(why, hint="free space or fix permissions")


def write_json(path: Path, value: Any) -> None:
    """Replace `path` by `value` as indented JSON with a final newline."""
    replace(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def read_json(path: Path, *, remedy: str = "") -> Any:
    """The JSON value of `path`. Raises `Failure` naming file, line and column when it is missing or damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Failure(f"{path}: no such file", hint=remedy) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise Failure(f"{path}: not valid JSON: {error}", hint=remedy) from error
