"""Install the task's dependencies in its worktree, by the lock file: `npm ci`, or pipenv for Python.

What the same lock file brought once is kept and handed out as hard links. Prints the path of the receipt.

Example:
    python scripts/install_deps.py --task 277
    python scripts/install_deps.py --project ~/my-stack --platform cdk-ts
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kit import cli, say
from kit.errors import Failure, Usage
from kit.ladder import install as deps
from kit.ladder import reuse
from kit.ladder.foreign import ForeignRun
from kit.run import receipts, steps
from kit.run.git import assert_place
from kit.run.rundir import Run
from kit.settings import Settings


def install(run: Run) -> dict[str, Any]:
    """Step `install`: leaves the dependencies in the worktree and a receipt of stage `install`."""

    def work(run: Run) -> dict[str, Any]:
        assert_place(run.worktree, run.branch)
        receipt = install_project(run)
        if not receipt.passed:
            raise Failure(receipt.reason, hint=f"see {receipt.log}" if receipt.log else "")
        return {"cache": receipt.figures["cache"], "packages": receipt.figures["packages"]}

    return steps.perform(run, "install", work, still_valid=lambda run: deps.is_installed(run.worktree), per_round=False)


def install_project(run: Run) -> receipts.Receipt:
    """Install and keep the receipt, passed or failed."""
    attempt = reuse.attempts(run, "install") + 1
    log = run.logs / f"install-{attempt:02d}.log"
    started, began = receipts.now(), time.monotonic()
    verdict, reason, argv, figures = receipts.FAILED, "", [deps.NPM_CI], {}
    try:
        done = deps.install(run.worktree, log)
        verdict, argv, figures = receipts.PASSED, done.argv, done.figures
    except Failure as failure:
        reason = str(failure)
    receipt = receipts.Receipt(
        stage="install",
        verdict=verdict,
        tree=reuse.tree_of(run),
        attempt=attempt,
        round=run.round,
        argv=argv,
        cwd=str(run.worktree),
        status=0 if verdict == receipts.PASSED else None,
        started=started,
        seconds=round(time.monotonic() - began, 3),
        log=str(log) if log.exists() else "",
        log_sha256=receipts.digest(log),
        reason=reason,
        figures=figures,
        generation=run.journal.state.generation,
    )
    receipts.write(run, receipt)
    if receipt.passed:
        how = {"hit": "from the cache", "direct": "without the cache"}.get(
            figures["cache"], "and kept for the next task"
        )
        say.done(f"installed {figures['packages']} packages in {receipt.seconds:.1f} s, {how}")
    return receipt


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Install and print the path of the receipt."""
    parser = cli.parser(__doc__, "install_deps.py")
    parser.add_argument("--task", help="task id (default: the one in progress)")
    parser.add_argument("--project", type=Path, help="a project of yours instead of a task")
    parser.add_argument("--platform", help="with --project: its platform and language, such as cdk-ts")
    args = parser.parse_args(argv)
    if args.project:
        if not args.platform:
            raise Usage("--project needs --platform, such as --platform cdk-ts")
        run: Run = ForeignRun.open(
            args.project, args.platform, Settings.load(args.project if args.project.is_dir() else None)
        )
        done = install_project(run)
        if not done.passed:
            raise Failure(done.reason, hint=f"see {done.log}" if done.log else "")
    else:
        run = cli.open_run(args)
        with run.working():
            install(run)
    found = [pair for pair in receipts.read_all(run) if pair[1].stage == "install"]
    path, receipt = found[-1]
    print(json.dumps(asdict(receipt)) if args.json else path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
