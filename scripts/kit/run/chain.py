"""The chain: which steps make a task's run, in which order, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kit import say
from kit.errors import Failure
from kit.run.rundir import Run

Step = Callable[[Run], dict[str, Any]]


def setup() -> list[Step]:
    """Once per run, before the first round."""
    from gen_metadata import generate as metadata
    from install_deps import install
    from make_worktree import make as worktree

    return [worktree, metadata, install]


def one_round() -> list[Step]:
    """One pass generate, baseline, QA, review, gate."""
    from gate import gate
    from run_agent import generate, qa, review
    from run_stage import baseline

    return [generate, baseline, qa, review, gate]


def closing() -> list[Step]:
    """Once per run, after the gate has said `complete`."""
    from final_round import final
    from finish_task import finish
    from open_pr import open_pr

    return [final, open_pr, finish]


def walk(run: Run) -> None:
    """Take `run` from where its journal says it stands to its end.

    The gate may ask for another round (`iterate`) or refuse (`reject`): then the QA agent gets a bounded
    number of tries to mend what the gates name. Raises `Failure` when the task cannot be finished.
    """
    for step in setup():
        step(run)
    repairs = sum(1 for event in run.journal.read() if event["event"] == "gate_repair")
    while True:
        decision: dict[str, Any] = {}
        for step in one_round():
            decision = step(run)
        if decision["decision"] == "complete":
            break
        if decision["decision"] == "iterate":
            run.journal.add("round", round=run.round + 1)
            say.work(f"round {run.round}: {'; '.join(decision['reasons'])}")
            continue
        if repairs >= run.settings["limits.max_repairs"]:
            raise Failure(f"the gate rejects: {'; '.join(decision['reasons'][:3])}", hint=f"make gate ID={run.task_id}")
        repairs += 1
        _mend(run, decision["reasons"], repairs)
    for step in closing():
        step(run)


def _mend(run: Run, reasons: list[str], number: int) -> None:
    from kit.agents import phases

    say.warn(f"the gate rejects (try {number} to mend it): {reasons[0]}")
    run.journal.add("gate_repair", number=number, round=run.round, reasons=reasons)
    # The review and the gate spoke of the tree before; both are due again.
    run.journal.add("undone", round=run.round, steps=["review", "gate"])
    phases.qa(run, feedback="\n".join(reasons))
