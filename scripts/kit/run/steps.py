"""One step of the chain: journalled, idempotent, the same alone as inside the chain."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from kit import clock, say
from kit.run.rundir import Run

Work = Callable[[Run], dict[str, Any]]


def perform(
    run: Run,
    name: str,
    work: Work,
    *,
    still_valid: Callable[[Run], bool],
    again: bool = False,
    per_round: bool = True,
) -> dict[str, Any]:
    """Do step `name` unless the journal has it and `still_valid` agrees; journal what comes of it.

    A step `per_round` is done once in every round, another once in the run. `work` returns what the step
    leaves behind as JSON-able details; they are journalled with its seconds of wall time (`own`: without
    commands, emulator and model) and returned. Whatever `work` raises is journalled as `step_failed` and
    raised on.
    """
    number = run.round if per_round else 0
    known = run.journal.state.done.get((number, name))
    if known and not again and still_valid(run):
        say.same(f"{name}: already done")
        return known
    run.journal.add("step_started", step=name, round=number)
    began, outside = time.monotonic(), clock.outside_seconds()
    try:
        details = work(run)
    except BaseException as error:
        run.journal.add("step_failed", step=name, round=number, reason=f"{type(error).__name__}: {error}")
        raise
    seconds = time.monotonic() - began
    own = seconds - (clock.outside_seconds() - outside)
    run.journal.add("step_done", step=name, round=number, seconds=round(seconds, 3), own=round(own, 3), **details)
    return details
