"""MODEL_FAILURES: what was wrong with the model's response, in entries that scripts can count."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit import files
from kit import render as pages
from kit.agents.faults import Refused
from kit.agents.tools import Tool, function
from kit.errors import Failure
from kit.redact import clean
from kit.run.rundir import Run

SEVERITIES = ("Critical", "High", "Medium", "Low")
KINDS = ("deploy", "build", "security", "requirement", "cost", "style")
NAME = "MODEL_FAILURES.md"
FIELDS = ("id", "severity", "kind", "files", "wrong", "done", "evidence")


def tool(run: Run) -> Tool:
    """`record_failure`: appends one entry to the run's failures.jsonl; an id recorded before is replaced."""

    def work(given: dict[str, Any]) -> str:
        for name in ("id", "wrong", "done", "evidence"):
            if not given[name].strip():
                raise Refused(f"record_failure: {name} is empty; nothing was recorded")
        if not _known(run, given["evidence"]):
            raise Refused(
                f"record_failure: there is no receipt {given['evidence']!r}; name one of "
                f"{', '.join(path.name for path in sorted(run.receipts.glob('*.json'))[-8:]) or 'none yet'}, or a rule id"
            )
        add(run, given)
        return f"recorded {given['id']}: {given['severity']} {given['kind']}; {len(read(run))} in this round"

    text = {"type": "string"}
    return function(
        "record_failure",
        "Record one thing that was wrong with the model's response and what you did about it. MODEL_FAILURES.md is "
        "made from these entries alone. evidence: the file name of a receipt, or the id of a rule that found it.",
        {
            "id": text,
            "severity": {"type": "string", "enum": list(SEVERITIES)},
            "kind": {"type": "string", "enum": list(KINDS)},
            "files": {"type": "array", "items": text},
            "wrong": text,
            "done": text,
            "evidence": text,
        },
        work,
    )


def add(run: Run, entry: Mapping[str, Any]) -> None:
    """Append one entry with the current round."""
    path = run.dir / "failures.jsonl"
    line = {"round": run.round, **{name: clean(entry[name]) for name in FIELDS}}
    files.append(path, json.dumps(line, ensure_ascii=False), sync=True)


def read(run: Run, round: int | None = None, *, all_rounds: bool = False) -> list[dict[str, Any]]:
    """The entries of a round (default: the current one), the latest of each id, in the order first recorded.

    Raises `Failure` naming file and line for one that is damaged or incomplete.
    """
    path = run.dir / "failures.jsonl"
    wanted = run.round if round is None else round
    found: dict[str, dict[str, Any]] = {}
    if not path.exists():
        return []
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            fits = entry["severity"] in SEVERITIES and entry["kind"] in KINDS and all(name in entry for name in FIELDS)
        except (ValueError, KeyError, TypeError):
            fits = False
        if not fits:
            raise Failure(f"{path}: line {number} is no failure entry: {line[:80]!r}", hint=f"remove line {number}")
        if all_rounds or entry["round"] == wanted:
            found[f"{entry['round']} {entry['id']}"] = entry
    return list(found.values())


def render(run: Run) -> str:
    """lib/MODEL_FAILURES.md as it follows from the entries of all rounds."""
    entries = sorted(read(run, all_rounds=True), key=lambda one: (one["round"], SEVERITIES.index(one["severity"])))
    counts = {severity: sum(entry["severity"] == severity for entry in entries) for severity in SEVERITIES}
    return pages.template("templates", "model_failures.md.j2", entries=entries, counts=counts)


def write(run: Run) -> None:
    """Write lib/MODEL_FAILURES.md."""
    files.replace(run.worktree / "lib" / NAME, render(run))


def _known(run: Run, evidence: str) -> bool:
    if evidence.endswith(".json"):
        return (run.receipts / Path(evidence).name).is_file()
    return True
