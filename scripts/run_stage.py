"""Run stages of the ladder on a task's worktree, or on any project of yours.

Stages: lint build synth unit deploy outputs integration destroy (default: all). What was proved for the
same files is re-used unless --again. A stack that is deployed is destroyed at the end unless --keep.

Examples:
    python scripts/run_stage.py lint unit --task 277
    python scripts/run_stage.py --baseline --task 277
    python scripts/run_stage.py lint synth --project ~/my-stack --platform cfn-yaml
"""

from __future__ import annotations

import argparse
import contextlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kit import cli
from kit.errors import Usage
from kit.ladder.stages import ALL, run_ladder
from kit.run import receipts, steps
from kit.run.receipts import NOT_RUN, Receipt
from kit.run.rundir import Run
from kit.settings import Settings


def baseline(run: Run) -> dict[str, Any]:
    """Step `baseline`: every stage that could run was run once on the untouched response."""

    def work(run: Run) -> dict[str, Any]:
        return {"verdicts": {one.stage: one.verdict for one in run_ladder(run, ALL, baseline=True)}}

    return steps.perform(run, "baseline", work, still_valid=lambda run: True)


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Run the stages; 0 when each passed (with --baseline: was measured), else 1."""
    args = _parser().parse_args(argv)
    stages = args.stages or [stage for stage in ALL if not (args.keep and stage == "destroy")]
    run = _foreign(args) if args.project else cli.open_run(args)
    try:
        with contextlib.nullcontext() if args.project else run.working():
            found = _climb(run, stages, args)
    finally:
        if args.project and not args.keep:
            _stop(run)
    if args.json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    else:
        for one in found:
            print(_line(one))
    return 0 if args.baseline or all(one.passed for one in found) else 1


def _climb(run: Run, stages: list[str], args: argparse.Namespace) -> list[Receipt]:
    if args.baseline and not args.project:
        baseline(run)
        return [one for _, one in receipts.read_all(run) if one.baseline and one.round == run.round]
    found = run_ladder(run, stages, baseline=args.baseline, again=args.again)
    if "deploy" in stages and "destroy" not in stages and not args.keep:
        found += run_ladder(run, ["destroy"], baseline=args.baseline)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = cli.parser(__doc__, "run_stage.py")
    parser.add_argument("stages", nargs="*", metavar="STAGE", choices=[[], *ALL], help=" ".join(ALL))
    parser.add_argument("--task", help="task id (default: the one in progress)")
    parser.add_argument("--baseline", action="store_true", help="run every stage that could run, once")
    parser.add_argument("--again", action="store_true", help="run even what was proved for the same files")
    parser.add_argument("--keep", action="store_true", help="leave the stack deployed")
    parser.add_argument("--project", type=Path, help="a project of yours instead of a task")
    parser.add_argument("--platform", help="with --project: its platform and language, such as cfn-yaml")
    parser.add_argument("--region", help="with --project: its region (default: tasks.default_region)")
    parser.add_argument(
        "--runs", type=Path, help="with --project: where to keep receipts and logs (default: a new folder)"
    )
    return parser


def _foreign(args: argparse.Namespace) -> Run:
    from kit.ladder.foreign import ForeignRun

    if not args.platform:
        raise Usage("--project needs --platform, such as --platform cfn-yaml")
    settings = Settings.load(args.project if args.project.is_dir() else None)
    run = ForeignRun.open(args.project, args.platform, settings, region=args.region, folder=args.runs)
    run.about()
    return run


def _stop(run: Run) -> None:
    from kit.ladder.clouds import find_cloud

    cloud = find_cloud(run)
    if cloud is not None:
        cloud.stop()


def _line(one: Receipt) -> str:
    figures = "  ".join(
        f"{name}={value}" for name, value in one.figures.items() if isinstance(value, int | float) and name != "bytes"
    )
    tail = one.reason if one.verdict == NOT_RUN or one.reason else figures
    return f"{one.stage:12} {one.verdict:8} {one.seconds:7.1f} s  {tail}"


if __name__ == "__main__":
    raise SystemExit(main())
