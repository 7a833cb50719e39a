"""training_quality: the band that facts support, and the reviewer's score inside it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kit.errors import Failure
from kit.gates.gap import SUBSTANCE, Gap
from kit.gates.rule import score_of


@dataclass(frozen=True)
class Score:
    """`reviewer` is the score given (None: none), `low` and `high` the band, `used` what counts (None: no score)."""

    reviewer: float | None
    low: float
    high: float
    used: float | None
    facts: list[str] = field(default_factory=list)
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The score as JSON."""
        return asdict(self)


def facts_of(gap: Gap, troubles: int) -> dict[str, int | bool]:
    """The facts the rubric speaks of; `troubles` is the number of blockers."""
    categories = gap.categories
    return {
        "same": gap.same,
        "blockers": troubles,
        "security": categories.get("security", 0),
        "substance": sum(name in categories for name in SUBSTANCE),
        "changes": len(gap.changes),
    }


def band(facts: Mapping[str, int | bool], complexity: str) -> tuple[float, float, str]:
    """Low and high of the first row that fits, bounded by the complexity, and what the row says.

    Raises `Failure` when no row fits or the complexity has no bounds.
    """
    rubric = _rubric()
    bounds = rubric["complexity"].get(complexity)
    if bounds is None:
        raise Failure(f"rubric.toml: no bounds for complexity {complexity!r}")
    for row in rubric["band"]:
        if all(_fits(facts[name], wanted) for name, wanted in row["when"].items()):
            low, high = max(row["low"], bounds["low"]), min(row["high"], bounds["high"])
            return min(low, high), high, row["says"]
    raise Failure(f"rubric.toml: no band for {dict(facts)}")


def settle(given: Any, gap: Gap, troubles: int, complexity: str) -> Score:
    """The score that counts: the reviewer's inside the band, else the band's edge, and said."""
    facts = facts_of(gap, troubles)
    low, high, says = band(facts, complexity)
    shown = [
        says,
        f"blockers of the first answer: {troubles}",
        f"differences: {_counted(gap)}",
        f"complexity: {complexity}",
    ]
    value, why_not = score_of(given)
    if value is None:
        return Score(None, low, high, None, shown, why_not)
    used = min(max(value, low), high)
    note = (
        "" if used == value else f"the reviewer gave {value:g}; facts support {low:g} to {high:g}, so {used:g} counts"
    )
    return Score(value, low, high, used, shown, note)


def _counted(gap: Gap) -> str:
    return ", ".join(f"{count} {name}" for name, count in gap.categories.items()) or "none"


def _fits(fact: int | bool, wanted: int | bool) -> bool:
    return fact is wanted if isinstance(wanted, bool) else fact >= wanted


@cache
def _rubric() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("rubric.toml").read_text(encoding="utf-8"))
