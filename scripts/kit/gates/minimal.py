"""Whether the first answer had minimal issues only: computed from entries and receipts, not from words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit.run.receipts import FAILED, PASSED, Receipt
from kit.run.rundir import Run

BIG_SEVERITIES = ("Critical", "High")
BIG_KINDS = ("deploy", "build", "security")
BASELINE_STAGES = ("lint", "build", "synth", "deploy")
ERROR_SEVERITIES = ("error", "fatal", "critical")


@dataclass(frozen=True)
class Minimal:
    """`value` is True, False, or None when it cannot be decided; every fact that led there is one line."""

    value: bool | None
    facts: list[str] = field(default_factory=list)


def compute(entries: Sequence[dict[str, Any]], baseline: Sequence[tuple[str, Receipt]]) -> Minimal:
    """Judge by the round's failure entries and its baseline receipts (file name, receipt).

    A Critical or High entry of kind deploy, build or security, a linter error, a failed lint, build,
    synth or deploy: not minimal. Otherwise every one of these stages must have passed; one that is
    missing or was not run leaves it undecided.
    """
    big = [
        f"{entry['id']}: {entry['kind']} at {entry['severity']}"
        for entry in entries
        if entry["kind"] in BIG_KINDS and entry["severity"] in BIG_SEVERITIES
    ]
    newest = {receipt.stage: (name, receipt) for name, receipt in baseline}
    for stage in BASELINE_STAGES:
        if stage in newest:
            big += _troubles(*newest[stage])
    if big:
        return Minimal(False, big)
    unknown = [_not_measured(stage, newest.get(stage)) for stage in BASELINE_STAGES]
    missing = [why for why in unknown if why]
    if missing:
        return Minimal(None, missing)
    return Minimal(True, ["no deploy, build or security entry at Critical or High; the baseline passed every stage"])


def entries_of(run: Run, number: int | None = None) -> list[dict[str, Any]]:
    """The structured failure entries of round `number` (None: of all rounds), the latest of each id.

    No file means that nothing was recorded. Raises `Failure` naming the line of an entry that is damaged.
    """
    from kit.agents import failures

    return failures.read(run, number, all_rounds=number is None)


def baseline_of(receipts: Sequence[tuple[Path, Receipt]], number: int) -> list[tuple[str, Receipt]]:
    """The baseline receipts of round `number`, oldest first, with their file names."""
    return [(path.name, receipt) for path, receipt in receipts if receipt.baseline and receipt.round == number]


def lint_errors(receipt: Receipt) -> int:
    """How many findings of a lint receipt are errors."""
    return sum(str(finding.get("severity", "")).lower() in ERROR_SEVERITIES for finding in receipt.findings)


def _troubles(name: str, receipt: Receipt) -> list[str]:
    found = []
    if receipt.verdict == FAILED:
        found.append(f"{name}: baseline {receipt.stage} failed: {receipt.reason or 'no reason kept'}")
    elif receipt.stage == "lint" and lint_errors(receipt):
        found.append(f"{name}: baseline lint found {lint_errors(receipt):,} errors")
    return found


def _not_measured(stage: str, known: tuple[str, Receipt] | None) -> str:
    if known is None:
        return f"no baseline receipt of {stage}"
    name, receipt = known
    return "" if receipt.verdict == PASSED else f"{name}: baseline {stage} was not run: {receipt.reason}"
