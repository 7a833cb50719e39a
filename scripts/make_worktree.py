"""Make the worktree of a task: a branch IAC-synth-<id> from the freshly fetched base.

Prints the worktree's path. Doing it again finds it as it is; what an earlier attempt left under
the same name is moved aside, never removed.

Example:
    python scripts/make_worktree.py --task 277
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kit import cli, files
from kit.errors import Failure
from kit.run import steps, worktrees
from kit.run.git import assert_place
from kit.run.rundir import Run


def make(run: Run) -> dict[str, Any]:
    """Step `worktree`: leaves the worktree, and `base_ref` and `base_sha` in task.json."""

    def work(run: Run) -> dict[str, Any]:
        if not any(event["event"] == "names_free" for event in run.journal.read()):
            worktrees.move_aside(run)
            run.journal.add("names_free", branch=run.branch)
        base = worktrees.make(run)
        run.task.update(base_ref=base.ref, base_sha=base.sha)
        files.write_json(run.dir / "task.json", run.task)
        return {"path": str(run.worktree), "branch": run.branch, "base_ref": base.ref, "base_sha": base.sha}

    return steps.perform(run, "worktree", work, still_valid=_in_place, per_round=False)


def _in_place(run: Run) -> bool:
    try:
        assert_place(run.worktree, run.branch)
    except Failure:
        return False
    return True


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Make the worktree and print its path."""
    parser = cli.parser(__doc__, "make_worktree.py")
    parser.add_argument("--task", help="task id (default: the one in progress)")
    args = parser.parse_args(argv)
    run = cli.open_run(args)
    with run.working():
        details = make(run)
    print(json.dumps(details) if args.json else details["path"])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
