"""End a task: the worktree removed, the row `done` with its note; or `--error`, with the reason.

A worktree goes only when it is clean, pushed and has its pull request, and when the stack is proved
gone. A failed task's worktree stays for study (`make clean ID=` drops it).

Example:
    python scripts/finish_task.py --task 277
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kit import cli, files, forge, say
from kit.errors import Failure
from kit.run import receipts, steps, worktrees
from kit.run.git import git
from kit.run.rundir import Run


def finish(run: Run) -> dict[str, Any]:
    """Step `finish`: leaves no worktree, no stack and the row `done` with a note of one line."""

    def work(run: Run) -> dict[str, Any]:
        request = forge.choose(run.repo, run.settings).find(run.branch)
        if request is None:
            raise Failure(f"{run.branch} has no open pull request", hint=f"make pr ID={run.task_id}")
        _assert_destroyed(run)
        note = _note(run, request.url)
        worktrees.remove(run, pushed_head=worktrees.remote_head(run))
        _stop_cloud(run)
        # The row last: as long as it is in_progress, a call that finds the run cut off comes back here.
        run.journal.add("ended", outcome="done", note=note)
        set_done(run, note)
        return {"note": note}

    return steps.perform(run, "finish", work, still_valid=lambda run: not run.worktree.exists(), per_round=False)


def set_done(run: Run, note: str) -> None:
    """Set the row of an ended run to `done`."""
    from kit.tasks.queue import Queue

    Queue(run.repo, run.settings).set_status(run.task_id, "done", note, expect=("in_progress", "done"))
    say.done(f"done: {note}")


def release(run: Run) -> None:
    """Take down what a paused run has deployed: it may not come back for long. What is left is said."""
    left = _destroy_leftovers(run)
    if left:
        say.warn(f"left in the cloud: {left}")
        say.hint(f"make stage STAGE=destroy ID={run.task_id}")


def fail(run: Run, error: BaseException) -> str:
    """End the run as an error: stack destroyed or its leftovers listed, row `error` with the reason; returns the note."""
    from kit.tasks.queue import Queue

    step = run.journal.state.started or "chain"
    reason = " ".join(str(error).split()) or type(error).__name__
    left = _destroy_leftovers(run)
    note = f"{step}: {reason}" + (f" | left in the cloud: {left}" if left else "") + f" | log .runs/{run.task_id}/logs"
    note = note[:1000]
    try:
        Queue(run.repo, run.settings).set_status(run.task_id, "error", note, expect=("in_progress", "error"))
    except Failure as refused:
        say.fail(f"the row could not be set to error: {refused}")
        say.hint(refused.hint or "make list")
    run.journal.add("ended", outcome="error", step=step, reason=reason)
    if run.worktree.exists():
        say.hint(f"the worktree is kept for study: {run.worktree} (make clean ID={run.task_id} drops it)")
    return note


def standing(run: Run) -> bool:
    """True unless the receipts prove that everything that was ever deployed is gone, cloud by cloud."""
    last: dict[str, bool] = {}
    cloud = run.settings["switches.cloud"]
    for _, one in receipts.read_all(run):
        if one.stage in ("deploy", "destroy") and one.verdict != receipts.NOT_RUN:
            cloud = one.cloud or cloud
            last[cloud] = one.stage != "destroy" or not one.passed
    return any(last.values())


def _assert_destroyed(run: Run) -> None:
    touched = [one for _, one in receipts.read_all(run) if one.stage == "destroy" and one.passed]
    if not touched or standing(run):
        raise Failure("nothing proves that the stack is gone", hint=f"make stage STAGE=destroy ID={run.task_id}")


def _destroy_leftovers(run: Run) -> str:
    """Destroy what the run still has in its cloud; "" when it is proved gone, else what is left."""
    real = run.settings["switches.cloud"] != "moto"
    if not (standing(run) or (run.dir / "cloud.json").exists() or (real and run.worktree.exists())):
        return ""
    if not run.worktree.exists():
        return f"stack TapStack{run.suffix}: without its worktree it has to be deleted by hand"
    try:
        from kit.ladder.stages import run_stage

        receipt = run_stage(run, "destroy")
        _stop_cloud(run)
        return "" if receipt.passed else receipt.reason
    except Exception as problem:
        return f"destroy could not be run: {problem}"


def _stop_cloud(run: Run) -> None:
    from kit.ladder.clouds import find_cloud

    cloud = find_cloud(run)
    if cloud is not None:
        cloud.stop()


def _note(run: Run, url: str) -> str:
    decision = files.read_json(run.dir / "decision.json", remedy=f"make gate ID={run.task_id}")
    found = [one for _, one in receipts.read_all(run)]
    emulated = next((one.cloud for one in found if one.emulated), "")
    rounds = "1 round" if run.round == 1 else f"{run.round} rounds"
    parts = [f"PR {url}", rounds, f"training_quality {decision['score']['used']}", f"{len(found)} receipts"]
    if emulated:
        parts.append(f"emulated cloud ({emulated})")
    return "; ".join(parts)


def drop(run: Run) -> None:
    """`make clean`: give up a failed task's worktree, after its branch has taken in what is uncommitted."""
    if not run.worktree.exists():
        say.same("there is no worktree")
        return
    if not run.journal.state.ended:
        raise Failure(f"task {run.task_id} is not ended", hint=f"make resume ID={run.task_id}")
    from kit.run.git import assert_place, one_at_a_time

    with one_at_a_time(run.repo):
        assert_place(run.worktree, run.branch)
        git(run.worktree, "add", "--all", ".")
        if git(run.worktree, "status", "--porcelain"):
            who = ["-c", "user.name=Task Coordinator", "-c", "user.email=task-coordinator@localhost"]
            git(
                run.worktree, *who, "commit", "--quiet", "--no-verify", "-m", f"{run.branch}: as the failed run left it"
            )
        git(run.repo, "worktree", "remove", "--force", str(run.worktree))
    say.done(f"dropped the worktree; its files are the last commit of branch {run.branch}")


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """End the task and print its note."""
    parser = cli.parser(__doc__, "finish_task.py")
    parser.add_argument("--task", help="task id (default: the one in progress)")
    parser.add_argument("--error", metavar="REASON", help="end it as an error, for this reason")
    parser.add_argument(
        "--drop-worktree", action="store_true", help="of an ended task: keep its files in the branch, drop the folder"
    )
    args = parser.parse_args(argv)
    run = cli.open_run(args)
    with run.working():
        if args.drop_worktree:
            drop(run)
            note = ""
        elif args.error is not None:
            note = fail(run, Failure(args.error))
        else:
            note = finish(run)["note"]
    print(json.dumps({"task_id": run.task_id, "note": note}) if args.json else note)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
