"""Processes that a killed coordinator left behind, found by the mark every command carries."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

from kit import command, files, say
from kit.errors import Failure
from kit.run.rundir import Run

_SECONDS = 5.0


def reap(run: Run) -> list[int]:
    """Kill what earlier processes of this run started and nobody waits for any more; returns the pids.

    The run's lock must be held, so that no living coordinator works on it. The emulator named in
    cloud.json is spared: a resumed run adopts it. Does nothing where there is no /proc.
    """
    mark = f"{command.MARK}={run.dir}".encode()
    spared = {os.getpid(), os.getppid(), _emulator(run)}
    found = [pid for pid in _processes() if pid not in spared and mark in _environment(pid)]
    for pid in found:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + _SECONDS
    while any(_environment(pid) for pid in found) and time.monotonic() < until:
        time.sleep(0.02)
    if found:
        say.warn(f"ended {len(found)} processes that the cut-off run had left: {', '.join(map(str, found))}")
    return found


def _emulator(run: Run) -> int:
    try:
        return int(files.read_json(run.dir / "cloud.json")["pid"])
    except (Failure, KeyError, TypeError, ValueError):
        return 0


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")] if Path("/proc/self").exists() else []


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []
