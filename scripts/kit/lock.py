"""Kernel locks on sidecar files: released by the kernel however the holder ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kit import say
from kit.errors import Failure

PATIENCE = 1.0
"""Seconds of waiting after which it is said what for."""


@contextmanager
def hold(path: Path, *, what: str, wait: float = 60.0) -> Iterator[None]:
    """Hold the exclusive lock on `path` for the body; says what it waits for.

    `wait` is in seconds; 0 means "now or not at all". Raises `Failure` when the lock is not free in time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        _take(file.fileno(), path, what, wait)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def is_free(path: Path) -> bool:
    """True when nobody holds the lock on `path` at this moment."""
    if not path.exists():
        return True
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        fcntl.flock(file, fcntl.LOCK_UN)
        return True


def _take(handle: int, path: Path, what: str, wait: float) -> None:
    began = time.monotonic()
    until = began + wait
    said = False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.set_inheritable(handle, False)
            return
        except OSError as error:
            if time.monotonic() >= until:
                raise Failure(f"{what} is held by another process ({path})", hint="wait for it or stop it") from error
            if not said and time.monotonic() - began > PATIENCE:
                say.work(f"waiting for {what}, which another process holds")
                said = True
            time.sleep(0.02)
