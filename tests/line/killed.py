"""next_task.py, killed by SIGKILL right after the first journal event that no earlier call has lived through.

Called by tests: `killed.py SEEN -- words of next_task.py`. SEEN is a file with a line for each event. With
KILL_AT=words only an event whose line holds these words kills.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import next_task
from kit.run.journal import Journal

SEEN = Path(sys.argv[1])
_append = Journal._append


def append_and_die(self: Journal, event: dict[str, Any]) -> None:
    """Append as ever; die if this event is a new one."""
    _append(self, event)
    if event["event"] == "generation":
        return
    key = " ".join(
        f"{name}={event[name]}" for name in ("event", "step", "stage", "round", "verdict", "tree") if name in event
    )
    known = SEEN.read_text().splitlines() if SEEN.exists() else []
    if key not in known:
        with SEEN.open("a") as out:
            out.write(key + "\n")
            out.flush()
            os.fsync(out.fileno())
        if os.environ.get("KILL_AT", "") in key:
            os.kill(os.getpid(), signal.SIGKILL)


Journal._append = append_and_die  # type: ignore[method-assign]
raise SystemExit(next_task.main(sys.argv[3:]))
