"""How often a task was tried, what its row said before, and where earlier attempts are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kit import files
from kit.errors import Failure
from kit.run.rundir import Run

KEPT = {"attempts", "claim.json", "lock", "task.json"}
"""What archiving leaves, task.json up to the last."""


def claim_of(run: Run) -> dict[str, Any]:
    """claim.json: {attempt: its number, counted: attempts since the last retry, used: whether this one is
    among them, previous: {status, note} of the row}.

    Empty when the task was never claimed here. Raises `Failure` when it is damaged.
    """
    path = run.dir / "claim.json"
    if not path.exists():
        return {}
    known = files.read_json(path, remedy=f"remove {path}: the attempts of task {run.task_id} are then counted anew")
    if not isinstance(known, dict) or not isinstance(known.get("counted"), int):
        raise Failure(f"{path}: holds {known!r}, not a claim", hint=f"remove {path}")
    return known


def counted(run: Run) -> int:
    """The attempts that count against the limit."""
    return int(claim_of(run).get("counted", 0))


def parked(run: Run) -> bool:
    """True when the task has had all its attempts and waits for a retry by hand."""
    return counted(run) >= run.settings["limits.max_attempts"]


def intend(run: Run, status: str, note: str) -> None:
    """Write claim.json before the row is claimed, so that a crash right after the claim can be told apart."""
    attempt = 1 + max([_number(run.dir / "task.json"), *_archived(run)], default=0)
    previous = {"status": status, "note": note}
    claim = {"attempt": attempt, "counted": counted(run), "used": False, "previous": previous}
    files.write_json(run.dir / "claim.json", claim)


def confirm(run: Run) -> int:
    """Count the attempt, once, now that the row is claimed; returns the number of this attempt."""
    claim = claim_of(run)
    if not claim["used"]:
        files.write_json(run.dir / "claim.json", claim | {"counted": claim["counted"] + 1, "used": True})
    return int(claim["attempt"])


def spare(run: Run) -> dict[str, str]:
    """Take the current attempt out of the count; returns what the row said before it was claimed."""
    claim = claim_of(run)
    if not claim:
        raise Failure(f"task {run.task_id} was not claimed here", hint="make status")
    files.write_json(run.dir / "claim.json", claim | {"counted": max(0, claim["counted"] - 1)})
    return claim["previous"]


def retry(run: Run) -> None:
    """Give the task all its attempts anew."""
    claim = claim_of(run)
    if claim:
        files.write_json(run.dir / "claim.json", claim | {"counted": 0})


def prepared(run: Run) -> bool:
    """True when task.json belongs to the newest claim."""
    return _number(run.dir / "task.json") == claim_of(run).get("attempt", -1)


def archive(run: Run) -> Path | None:
    """Move what the last attempt left to `attempts/<n>/`; safe to repeat after a crash. None when there was none."""
    number = _number(run.dir / "task.json")
    if not number:
        return None
    place = run.dir / "attempts" / str(number)
    place.mkdir(parents=True, exist_ok=True)
    for path in sorted(run.dir.iterdir()):
        if path.name not in KEPT:
            path.replace(place / path.name)
    (run.dir / "task.json").replace(place / "task.json")
    return place


def _number(task: Path) -> int:
    if not task.exists():
        return 0
    known = files.read_json(task, remedy=f"move {task} away")
    return int(known.get("attempt", 1)) if isinstance(known, dict) else 1


def _archived(run: Run) -> list[int]:
    folder = run.dir / "attempts"
    return [int(path.name) for path in folder.iterdir() if path.name.isdigit()] if folder.is_dir() else []
