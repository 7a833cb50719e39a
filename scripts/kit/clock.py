"""How much of a process's time went to others: commands, the emulator, the model."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_guard = threading.Lock()
_open = 0
_since = 0.0
_total = 0.0


@contextmanager
def outside() -> Iterator[None]:
    """Count the body as waiting for others; overlapping bodies, in any thread, count once."""
    global _open, _since, _total
    with _guard:
        if _open == 0:
            _since = time.monotonic()
        _open += 1
    try:
        yield
    finally:
        with _guard:
            _open -= 1
            if _open == 0:
                _total += time.monotonic() - _since


def outside_seconds() -> float:
    """Seconds of wall time so far in which at least one `outside` body was running."""
    with _guard:
        return _total + (time.monotonic() - _since if _open else 0.0)
