"""Lay out the template of the task's platform and language, and write metadata.json.

metadata.json has exactly nine fields, rendered by Jinja2 and checked against a schema; lib/AWS_REGION
is written when the task names a region. Prints the path of metadata.json.

Example:
    python scripts/gen_metadata.py --task 277
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kit import cli, files, say
from kit.errors import Failure
from kit.run import project, steps
from kit.run.git import assert_place
from kit.run.rundir import Run


def generate(run: Run) -> dict[str, Any]:
    """Step `metadata`: leaves the template's files and metadata.json in the worktree."""

    def work(run: Run) -> dict[str, Any]:
        assert_place(run.worktree, run.branch)
        laid = project.lay_out(run)
        project.write_metadata(run)
        files.write_json(run.dir / "template_files.json", laid)
        say.done(f"laid out {run.pair} ({len(laid)} files) and metadata.json")
        return {"template": run.pair, "files": len(laid)}

    return steps.perform(run, "metadata", work, still_valid=_valid, per_round=False)


def _valid(run: Run) -> bool:
    try:
        project.check_metadata(files.read_json(run.worktree / "metadata.json"), run.settings["metadata.extra"])
    except Failure:
        return False
    return True


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Write metadata.json and print its path."""
    parser = cli.parser(__doc__, "gen_metadata.py")
    parser.add_argument("--task", help="task id (default: the one in progress)")
    args = parser.parse_args(argv)
    run = cli.open_run(args)
    with run.working():
        generate(run)
    path = run.worktree / "metadata.json"
    print(json.dumps(files.read_json(path)) if args.json else path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
