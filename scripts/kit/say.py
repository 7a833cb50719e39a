"""Narration on stderr: one closed set of marks, every line with its task id and region."""

from __future__ import annotations

import contextlib
import os
import sys
from datetime import datetime
from pathlib import Path

_COLOURS = {"done": "32", "same": "2", "work": "36", "warn": "33", "fail": "31", "hint": "2"}
_MARKS = {"done": "✓", "same": "○", "work": "◎", "warn": "▲", "fail": "✗", "hint": "↳"}

_task = ""
_region = ""
_log: Path | None = None


def about(task_id: str, region: str, log: Path | None = None) -> None:
    """Name the task and region that the next lines speak of, and the file that keeps them too."""
    global _task, _region, _log
    _task, _region, _log = task_id, region, log


def done(text: str) -> None:
    """Something was brought about."""
    _line("done", text)


def same(text: str) -> None:
    """There was nothing to do."""
    _line("same", text)


def work(text: str) -> None:
    """Something that takes a while has begun."""
    _line("work", text)


def warn(text: str) -> None:
    """The user should know this; the work goes on."""
    _line("warn", text)


def fail(text: str) -> None:
    """Something ended badly."""
    _line("fail", text)


def hint(text: str) -> None:
    """What to type next."""
    _line("hint", text)


def plain(text: str) -> str:
    """`text` without what a terminal would obey: control characters become visible, other than tab and newline."""
    return "".join(char if char in "\t\n" or char.isprintable() else ascii(char)[1:-1] for char in text)


def coloured(stream: object = None) -> bool:
    """True when colour may be used: a terminal, and neither NO_COLOR nor TERM=dumb."""
    stream = stream or sys.stderr
    return (
        bool(getattr(stream, "isatty", lambda: False)())
        and "NO_COLOR" not in os.environ
        and os.environ.get("TERM") != "dumb"
    )


def _line(kind: str, text: str) -> None:
    from kit.redact import redact

    text = plain(redact(text))
    prefix = f"[{_task} {_region}] " if _task else ""
    mark = _MARKS[kind]
    if coloured():
        mark = f"\x1b[{_COLOURS[kind]}m{mark}\x1b[0m"
    print(f"{prefix}{mark} {text}", file=sys.stderr, flush=True)
    if _log is not None and _log.parent.is_dir():
        stamp = datetime.now().astimezone().isoformat(timespec="seconds")
        # What cannot be kept has been said all the same, and a full disk has its own words elsewhere.
        with contextlib.suppress(OSError), _log.open("a", encoding="utf-8") as out:
            out.write(f"{stamp} {prefix}{_MARKS[kind]} {text}\n")
