"""A second look against the first: the same stages and figures for the same tree, the same gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kit.gates.model import Result, judge_all
from kit.gates.register import GATES
from kit.gates.subject import Subject
from kit.run.receipts import NOT_RUN, Receipt, digest, read_all
from kit.run.rundir import Run

# What must come out the same whenever the same files are measured.
FIGURES = (
    "errors",
    "coverage",
    "passed",
    "failed",
    "skipped",
    "resources",
    "outputs",
    "asked",
    "listed",
    "held",
    "had",
    "gone",
    "suppressed",
    "security",
    "not_emulated",
    "names",
)


def known(run: Run) -> dict[str, Receipt]:
    """The newest receipt of each stage that was run, of whatever tree, baselines left out."""
    return {one.stage: one for _, one in read_all(run) if not one.baseline and one.verdict != NOT_RUN}


def altered(run: Run) -> list[str]:
    """One line for each receipt, baselines too, that is not as it was when the journal took note of it."""
    noted = {event["file"]: event for event in run.journal.read() if event["event"] == "receipt"}
    there = {path.name: path for path in sorted(run.receipts.glob("*.json"))}
    found = [f"{name}: the journal speaks of it, but it is gone" for name in sorted(noted.keys() - there.keys())]
    found += [f"{name}: no journal speaks of it" for name in sorted(there.keys() - noted.keys())]
    found += [
        f"{name}: was changed after it was written"
        for name in sorted(noted.keys() & there.keys())
        if noted[name].get("sha256", digest(there[name])) != digest(there[name])
    ]
    return found


def differences(before: Mapping[str, Receipt], fresh: Sequence[Receipt]) -> list[str]:
    """One line for each stage that another tree, no receipt, another verdict or another figure speaks of."""
    found = []
    for now in fresh:
        then = before.get(now.stage)
        if then is None:
            found.append(f"{now.stage}: the run has no receipt of it")
        elif then.tree != now.tree:
            found.append(
                f"{now.stage}: the receipt speaks of the tree {then.tree[:12]}, the branch holds {now.tree[:12]}"
            )
        elif then.verdict != now.verdict:
            found.append(f"{now.stage}: {then.verdict} in the receipt, {now.verdict} now")
        else:
            found += [
                f"{now.stage}: {name} was {then.figures.get(name)}, is {now.figures.get(name)} now"
                for name in FIGURES
                if _worth(then, name) != _worth(now, name)
            ]
    return found


def gates(run: Run, *, history: bool) -> tuple[list[Result], list[str]]:
    """Ask the gates about the clone; without the run's history those that need it are only named."""
    asked = [gate for gate in GATES if history or not gate.history]
    return judge_all(asked, Subject(run)), [gate.name for gate in GATES if gate not in asked]


def _worth(receipt: Receipt, name: str) -> Any:
    value = receipt.figures.get(name)
    if isinstance(value, list):
        return sorted(map(str, value))
    return round(value, 2) if isinstance(value, float) else value
