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
    """claim.json: {attempt: its number, counted: attempts since the last retry, this one among them,
    spent: true once it ended without a run, previous: {status, note} of the row}.

    Empty when the task was never claimed here. Raises `Failure` when it is damaged.
    """
    path = run.dir / "claim.json"
    if not path.exists():
        return {}
    known = files.read_json(path, remedy=f"remove {path}: the attempts of task {run.task_id} are then counted anew")
    if not isinstance(known, dict) or not {"attempt", "counted", "spent", "previous"} <= set(known):
        raise Failure(f"{path}: holds {known!r}, not a claim", hint=f"remove {path}")
    return known


def counted(run: Run) -> int:
    """The attempts that count against the limit."""
    return int(claim_of(run).get("counted", 0))


def parked(run: Run) -> bool:
    """True when a task whose row says `error` has had all its attempts and waits for a retry by hand."""
    known = claim_of(run)
    if not known:
        return False
    used = known["counted"] - (0 if known["spent"] or prepared(run) else 1)
    return used >= run.settings["limits.max_attempts"]


def intend(run: Run, status: str, note: str) -> None:
    """Count the attempt in claim.json before the row is claimed, so that a crash right after it can be told apart.

    A claim that was never written or opened is not counted twice.
    """
    known = claim_of(run)
    attempt = 1 + max([_number(run.dir / "task.json"), *_archived(run)], default=0)
    unopened = known.get("attempt") == attempt and not known["spent"] and counted(run) > 0
    previous = {"status": status, "note": note}
    count = counted(run) + (0 if unopened else 1)
    files.write_json(
        run.dir / "claim.json", {"attempt": attempt, "counted": count, "spent": False, "previous": previous}
    )


def spend(run: Run) -> None:
    """Let the attempt stay counted although it never got a run."""
    files.write_json(run.dir / "claim.json", claim_of(run) | {"spent": True})


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
