"""Receipts: the record of one stage or check that was really run, for exactly one tree."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from kit import files, say
from kit.errors import Failure
from kit.redact import clean
from kit.run.rundir import Run

PASSED, FAILED, NOT_RUN = "passed", "failed", "not run"


@dataclass(frozen=True)
class Receipt:
    """What one stage did. `verdict` is passed, failed or not run; `tree` the git hash of the files it ran on.

    `figures` holds numbers read from the tool's own report (coverage, lint counts, resources, outputs);
    `findings` the smallest useful part of its output, one dict each (rule, severity, file, line, message,
    resource); `reason` one sentence why it failed or was not run. Seconds are wall time.
    """

    stage: str
    verdict: str
    tree: str
    attempt: int
    round: int = 1
    baseline: bool = False
    argv: list[list[str]] = field(default_factory=list)
    cwd: str = ""
    status: int | None = None
    started: str = ""
    seconds: float = 0.0
    cloud: str = ""
    emulated: bool = False
    log: str = ""
    log_sha256: str = ""
    reason: str = ""
    figures: dict[str, Any] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)
    generation: int = 0

    @property
    def passed(self) -> bool:
        """True only for the verdict `passed`."""
        return self.verdict == PASSED


def now() -> str:
    """The local time with its offset, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def digest(path: Path) -> str:
    """The sha256 of a file, or "" when there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def write(run: Run, receipt: Receipt) -> Path:
    """Keep `receipt` under the next free number as `<n>-<stage>.json`."""
    if receipt.verdict not in (PASSED, FAILED, NOT_RUN):
        raise ValueError(f"no verdict: {receipt.verdict!r}")
    run.journal.assert_current()
    number = max((_number(path) for path in run.receipts.glob("*.json")), default=0) + 1
    path = run.receipts / f"{number:03d}-{receipt.stage}.json"
    files.write_json(path, clean(asdict(receipt)))
    run.journal.add(
        "receipt",
        stage=receipt.stage,
        verdict=receipt.verdict,
        file=path.name,
        tree=receipt.tree,
        sha256=digest(path),
    )
    return path


def read_all(run: Run) -> list[tuple[Path, Receipt]]:
    """All whole receipts in order of number; a damaged file is told and passed over."""
    found = []
    for path in sorted(run.receipts.glob("*.json"), key=_number):
        try:
            found.append((path, Receipt(**files.read_json(path))))
        except (Failure, TypeError) as error:
            say.warn(f"{path.name}: not a receipt, passed over: {error}")
    return found


def latest(run: Run, stage: str, tree: str, *, baseline: bool | None = None) -> tuple[Path, Receipt] | None:
    """The newest receipt of `stage` for `tree`, or None."""
    fitting = [
        pair
        for pair in read_all(run)
        if pair[1].stage == stage and pair[1].tree == tree and baseline in (None, pair[1].baseline)
    ]
    return fitting[-1] if fitting else None


def _number(path: Path) -> int:
    head = path.name.partition("-")[0]
    return int(head) if head.isdigit() else 0
