"""Show where every run stands: step, round, receipts, score, USD, pull request.

Example:
    python scripts/status.py
    python scripts/status.py --task 277 --json
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kit import cli, files, say
from kit.agents.budget import spent_usd
from kit.errors import Failure
from kit.run import receipts
from kit.run.rundir import Run, runs
from kit.settings import Settings


def describe(run: Run) -> dict[str, Any]:
    """What the run's own files say of it."""
    state = run.journal.state
    found = [one for _, one in receipts.read_all(run)]
    request, decision = _optional(run, "pull_request.json"), _optional(run, "decision.json")
    now = state.ended or f"{'working' if run.is_worked_on else 'cut off'} at {state.started or 'the next step'}"
    return {
        "task_id": run.task_id,
        "pair": run.pair,
        "region": run.region,
        "state": now,
        "round": state.round,
        "receipts": len(found),
        "failed": sum(1 for one in found if one.verdict == receipts.FAILED and not one.baseline),
        "usd": round(spent_usd(run), 2),
        "score": (decision or {}).get("score", {}).get("used"),
        "pull_request": (request or {}).get("url", ""),
    }


def _optional(run: Run, name: str) -> dict[str, Any] | None:
    try:
        return files.read_json(run.dir / name)
    except Failure:
        return None


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Print a line for each run."""
    parser = cli.parser(__doc__, "status.py")
    parser.add_argument("--task", help="only this task")
    args = parser.parse_args(argv)
    repo = cli.find_repo(args.repo)
    shown = []
    for run in runs(repo, Settings.load(repo)):
        if args.task in (None, run.task_id):
            try:
                shown.append(describe(run))
            except (Failure, KeyError) as damaged:
                say.warn(f"task {run.task_id}: its run cannot be read: {damaged}")
    if args.json:
        print(json.dumps(shown, indent=2))
    elif not shown:
        print(f"no runs in {repo}; begin one with: make next-task")
    else:
        heads = ("task_id", "pair", "region", "state", "round", "receipts", "failed", "score", "usd", "pull_request")
        rows = [[str("" if one[head] is None else one[head]) for head in heads] for one in shown]
        widths = [max(len(row[column]) for row in [list(heads), *rows]) for column in range(len(heads))]
        for row in [[head.replace("_", " ") for head in heads], *rows]:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
