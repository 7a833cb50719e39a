"""Gates: what may be submitted, and whether a round is complete, due again, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.gates.model import Result
    from kit.run.rundir import Run


def decide(run: Run) -> dict[str, Any]:
    """Judge the round after its review; see `kit.gates.decision`."""
    from kit.gates import decision

    return decision.decide(run)


def before_pr(run: Run) -> list[Result]:
    """Ask every gate about the tree that is about to be submitted; see `kit.gates.decision`."""
    from kit.gates import decision

    return decision.before_pr(run)
