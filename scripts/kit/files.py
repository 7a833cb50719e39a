"""Reading and replacing files so that a reader never meets half of one."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from kit.errors import Failure


def replace(path: Path, data: bytes | str) -> None:
    """Write `data` beside `path`, sync it, and put it in the place of `path` in one move.

    Mode bits of an existing file are kept. Raises `Failure` when the disk or the permissions forbid it;
    the old file is then untouched.
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
        why = error.strerror or error
        raise Failure(f"{path}: cannot be written: {why}", hint="free space or fix permissions") from error
    finally:
        if temp:
            Path(temp).unlink(missing_ok=True)


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
