"""One step of the chain: journalled, idempotent, the same alone as inside the chain."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from kit import say
from kit.run.rundir import Run

Work = Callable[[Run], dict[str, Any]]


def perform(
    run: Run, name: str, work: Work, *, still_valid: Callable[[Run], bool], again: bool = False
) -> dict[str, Any]:
    """Do step `name` of the current round unless the journal has it and `still_valid` agrees.

    `work` returns what the step leaves behind as JSON-able details; they are journalled and returned.
    Whatever `work` raises is journalled as `step_failed` and raised on.
    """
    known = run.journal.state.done.get((run.round, name))
    if known and not again and still_valid(run):
        say.same(f"{name}: already done")
        return known
    run.journal.add("step_started", step=name, round=run.round)
    began = time.monotonic()
    try:
        details = work(run)
    except BaseException as error:
        run.journal.add("step_failed", step=name, round=run.round, reason=f"{type(error).__name__}: {error}")
        raise
    run.journal.add("step_done", step=name, round=run.round, seconds=round(time.monotonic() - began, 3), **details)
    return details
