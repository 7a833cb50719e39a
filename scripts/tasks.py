"""Take task after task, each in a fresh process, until nothing is eligible.

A task is taken at most once in one loop. The loop stops after limits.max_consecutive_errors errors in a
row, at once when a reason is met that trying again cannot cure, and at limits.max_usd_loop.

Example:
    python scripts/tasks.py
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from kit import cli, files, say
from kit.agents.budget import LOOP_VARIABLE, Ledger
from kit.errors import Failure
from kit.settings import Settings

HERE = Path(__file__).resolve().parent


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Run the loop; 0 when the queue was worked to its end, 1 when it stopped early."""
    parser = cli.parser(__doc__, "tasks.py")
    parser.add_argument("--most", type=int, default=0, help="stop after this many tasks (0: no limit)")
    args, passed_on = parser.parse_known_args(argv)
    repo = cli.find_repo(args.repo)
    settings = Settings.load(repo)
    ended: list[dict[str, Any]] = []
    os.environ[LOOP_VARIABLE] = datetime.now().astimezone().isoformat(timespec="milliseconds")
    while not args.most or len(ended) < args.most:
        outcome = _next(repo, [one["task_id"] for one in ended if one["task_id"]], passed_on)
        if outcome["outcome"] == "nothing":
            break
        ended.append(outcome)
        if outcome["outcome"] in ("stopped", "interrupted"):
            _summary(ended, args.json)
            raise Failure(f"the loop stops: {outcome['reason']}", hint="make tasks, once that is cured")
        _assert_not_failing(ended, settings["limits.max_consecutive_errors"])
        _assert_budget(repo, settings)
    _summary(ended, args.json)
    return 0


def _next(repo: Path, taken: list[str], passed_on: list[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="tasks-") as folder:
        file = Path(folder) / "outcome.json"
        skip = [word for task_id in taken for word in ("--skip", task_id)]
        words = [
            sys.executable,
            str(HERE / "next_task.py"),
            "--repo",
            str(repo),
            "--outcome",
            str(file),
            *skip,
            *passed_on,
        ]
        # The child shares our terminal and process group, so that ^C reaches it, and its lines the user.
        child = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        try:
            child.wait()
        except KeyboardInterrupt:
            child.wait()
            raise
        return files.read_json(file, remedy=f"next_task.py ended with {child.returncode} and left no outcome")


def _assert_not_failing(ended: list[dict[str, Any]], most: int) -> None:
    last = ended[-most:]
    if len(last) == most and all(one["outcome"] == "error" for one in last):
        reasons = [one["reason"] for one in last]
        common = _common(reasons)
        raise Failure(
            f"{most} errors in a row ({', '.join(str(one['task_id']) for one in last)}); in common: {common}",
            hint="make status, then make tasks",
        )


def _common(reasons: list[str]) -> str:
    words = [set(reason.split()) for reason in reasons]
    shared = set.intersection(*words)
    kept = " ".join(word for word in reasons[0].split() if word in shared)
    return kept or f"nothing; the last: {reasons[-1]}"


def _assert_budget(repo: Path, settings: Settings) -> None:
    ledger = Ledger(repo, "")
    ledger.refresh()
    cap, spent = settings["limits.max_usd_loop"], ledger.loop_usd
    if spent >= cap:
        raise Failure(
            f"Exceeded loop limit: {spent:,.2f} of {cap:,.2f} USD", hint="raise limits.max_usd_loop, or make cost"
        )


def _summary(ended: list[dict[str, Any]], as_json: bool) -> None:
    done = sum(1 for one in ended if one["outcome"] == "done")
    if as_json:
        print(json.dumps(ended))
    else:
        for one in ended:
            print(f"{one['task_id']}\t{one['outcome']}\t{one['url'] or one['reason']}")
    say.done(f"{len(ended)} tasks: {done} done, {len(ended) - done} not")


if __name__ == "__main__":
    raise SystemExit(main())
