"""The rule of the third phase: complete, iterate or reject."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

COMPLETE, ITERATE, REJECT = "complete", "iterate", "reject"
THRESHOLD = 7.0
FEATURES_WANTED = 2


@dataclass(frozen=True)
class Decision:
    """What is to be done with the round: `decision` is complete, iterate or reject; every reason is one line."""

    decision: str
    reasons: list[str] = field(default_factory=list)


def score_of(value: Any) -> tuple[float | None, str]:
    """The score that `value` is, or None and why it is none.

    Missing, text, true, NaN, infinite and everything outside 0..10 is no score.
    """
    if value is None:
        return None, "training_quality is missing"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None, f"training_quality = {value!r}: not a number"
    if not math.isfinite(value) or not 0 <= value <= 10:
        return None, f"training_quality = {value!r}: outside 0..10"
    return float(value), ""


def decide(
    *,
    minimal: bool | None,
    complexity: Any,
    score: Any,
    number: int,
    max_rounds: int,
    refusals: Sequence[str] = (),
) -> Decision:
    """Apply the rule to round `number`.

    Only minimal issues AND medium AND a score below 7 asks for another round; at `max_rounds` the run
    completes all the same and says so. `minimal` None (undecidable), no score, an unknown complexity and
    any refusal reject.
    """
    reasons = list(refusals)
    value, no_score = score_of(score)
    if value is None:
        reasons.append(no_score)
    if not isinstance(minimal, bool):
        reasons.append("whether the issues are minimal cannot be decided")
    if complexity not in ("hard", "medium"):
        reasons.append(f"complexity = {complexity!r}: neither hard nor medium")
    if value is None or reasons:
        return Decision(REJECT, reasons)
    size = "minimal" if minimal else "more than minimal"
    facts = f"issues {size}, complexity {complexity}, score {value:g}"
    if not (minimal and complexity == "medium" and value < THRESHOLD):
        return Decision(COMPLETE, [facts])
    if number >= max_rounds:
        return Decision(COMPLETE, [f"{facts}: another round was due, but round {number} is the last of {max_rounds}"])
    return Decision(
        ITERATE, [f"{facts}, below {THRESHOLD:g}: round {number + 1} adds {FEATURES_WANTED} newer features"]
    )
