"""The last check before the pull request: build, synth, lint, unit and every gate, for the tree as it is.

What fails goes back to the QA agent, a bounded number of times (limits.max_repairs); then the task ends
as an error. Prints the verdict of each stage.

Example:
    python scripts/final_round.py --task 277
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kit import cli, say
from kit.errors import Failure
from kit.run import project, steps
from kit.run.git import code_tree, full_tree
from kit.run.rundir import Run

STAGES = ("build", "synth", "lint", "unit")


def final(run: Run) -> dict[str, Any]:
    """Step `final`: leaves receipts for the tree that will be submitted, all passed, and all gates passed."""
    return steps.perform(run, "final", _work, still_valid=_holds, per_round=False)


def complaints(run: Run) -> list[str]:
    """What stands between the worktree as it is and its pull request, one line each."""
    from kit.gates import before_pr
    from kit.ladder.stages import run_ladder

    bad = [f"{one.stage}: {one.reason or one.verdict}" for one in run_ladder(run, STAGES) if not one.passed]
    return bad or [f"{one.name}: {one.reason}" for one in before_pr(run) if not one.passed]


def _work(run: Run) -> dict[str, Any]:
    from kit.agents import phases

    if run.settings["metadata.extra"]:
        project.write_metadata(run)
    bad = complaints(run)
    tries = sum(1 for event in run.journal.read() if event["event"] == "repair")
    while bad and tries < run.settings["limits.max_repairs"]:
        tries += 1
        run.journal.add("repair", number=tries, reasons=bad)
        say.warn(f"final round: {len(bad)} complaints go back to the QA agent (try {tries}): {bad[0]}")
        phases.qa(run, feedback="\n".join(bad))
        bad = complaints(run) or _judge_again(run)
    if bad:
        raise Failure(f"final round: {'; '.join(bad[:3])}", hint=f"make gate ID={run.task_id}")
    tree = code_tree(run.worktree)
    say.done(f"final round: {', '.join(STAGES)} and every gate passed for tree {tree[:12]}")
    return {"tree": tree, "full_tree": full_tree(run.worktree), "repairs": tries}


def _judge_again(run: Run) -> list[str]:
    """Review and gate for what a repair has changed; the gate's reasons when it rejects."""
    from gate import gate
    from run_agent import review

    run.journal.add("undone", round=run.round, steps=["review", "gate"])
    review(run)
    decision = gate(run)
    return list(decision["reasons"]) if decision["decision"] == "reject" else []


def _holds(run: Run) -> bool:
    return run.journal.state.done[(0, "final")].get("full_tree") == full_tree(run.worktree)


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Run the final round and print what it found."""
    parser = cli.parser(__doc__, "final_round.py")
    parser.add_argument("--task", help="task id (default: the one in progress)")
    args = parser.parse_args(argv)
    run = cli.open_run(args)
    with run.working():
        details = final(run)
    print(json.dumps(details) if args.json else f"{' '.join(STAGES)} and all gates passed for {details['tree'][:12]}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
