"""Verify a task's branch: run the ladder and the gates again, on a fresh clone, and compare with the receipts.

Nothing of the run or the branch is changed. With --project a checkout of the branch alone is enough;
the gates that need the run's own history are then named as not asked. Exits with 1 when anything
fails, or differs from what the receipts say.

Example:
    python scripts/verify.py --task 277
    python scripts/verify.py --project ~/clone-of-the-branch
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kit import cli, say
from kit.errors import Failure
from kit.run.checkout import Checkout
from kit.settings import Settings


def verify(run: Checkout, *, history: bool) -> dict[str, Any]:
    """Install, climb the ladder and ask the gates on the clone; what differs and fails, as JSON-able lists.

    `history` says whether the run's own files came along.
    """
    from install_deps import install_project
    from kit.gates import comparison
    from kit.ladder.stages import run_ladder

    before, altered = comparison.known(run), comparison.altered(run) if history else []
    installed = install_project(run)
    if not installed.passed:
        raise Failure(f"the dependencies cannot be installed: {installed.reason}", hint="see the log")
    fresh = run_ladder(run, again=True)
    results, not_asked = comparison.gates(run, history=history)
    return {
        "task": run.task_id,
        "stages": [{"stage": one.stage, "verdict": one.verdict, "reason": one.reason} for one in fresh],
        "differences": altered + comparison.differences(before, fresh) if history else [],
        "compared": history,
        "gates": [asdict(one) for one in results],
        "not_asked": not_asked,
    }


def problems(found: dict[str, Any]) -> list[str]:
    """One line for everything that keeps the branch from being believed."""
    stages = [
        f"{one['stage']}: {one['verdict']}: {one['reason']}" for one in found["stages"] if one["verdict"] != "passed"
    ]
    gates = [f"{one['name']}: {one['reason']}" for one in found["gates"] if not one["passed"]]
    return stages + found["differences"] + gates


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Print what was found again, and exit with 0 only when all of it holds."""
    parser = cli.parser(__doc__, "verify.py")
    parser.add_argument("--task", help="task id (default: the one in progress)")
    parser.add_argument("--project", type=Path, help="a checkout of the branch, without its run")
    parser.add_argument("--keep", action="store_true", help="keep the clone, its receipts and logs")
    args = parser.parse_args(argv)
    folder = Path(tempfile.mkdtemp(prefix="task-coordinator-verify-"))
    try:
        run = _open(args, folder)
        run.about()
        say.work(f"verifying {run.branch} in a fresh clone")
        try:
            found = verify(run, history=args.project is None)
        finally:
            _stop(run)
    finally:
        if args.keep:
            say.hint(f"kept {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return _tell(found, args.json)


def _open(args: Any, folder: Path) -> Checkout:
    if args.project is not None:
        project = args.project.expanduser().resolve()
        if not project.is_dir():
            raise Failure(f"{project}: no such folder", hint="--project names a checkout of the branch")
        return Checkout.of_project(project, Settings.load(None), folder)
    return Checkout.of_run(cli.open_run(args), folder)


def _stop(run: Checkout) -> None:
    from kit.ladder.clouds import find_cloud

    cloud = find_cloud(run)
    if cloud is not None:
        cloud.stop()


def _tell(found: dict[str, Any], as_json: bool) -> int:
    wrong = problems(found)
    if as_json:
        print(json.dumps(found | {"problems": wrong}, ensure_ascii=False))
    else:
        for one in found["stages"]:
            print(f"{one['stage']:12} {one['verdict']}")
        print(f"{sum(one['passed'] for one in found['gates'])} of {len(found['gates'])} gates passed")
    for name in found["not_asked"]:
        say.warn(f"gate {name}: not asked: it needs the run's own history")
    for line in wrong:
        say.fail(line)
    if not wrong:
        if found["compared"]:
            say.done("verified: the ladder and the gates say again what the receipts say")
        else:
            say.done("verified: the ladder and the gates pass; there are no receipts here to compare them with")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
