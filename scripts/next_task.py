"""Take the next task to its pull request, or go on with one that was cut off.

Walks the chain: select, worktree, metadata, install, then rounds of generate, baseline, qa, review and
gate, then final, pr and finish. Killed at any point, the next call goes on where it stood. Prints the
address of the pull request.

Example:
    python scripts/next_task.py                  # the first eligible row of the repository's tasks.csv
    python scripts/next_task.py --resume 277     # go on with task 277
"""

from __future__ import annotations

import importlib
import json
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from kit import cli, files, say
from kit.errors import Failure, StopAll
from kit.run.rundir import Run
from kit.settings import Settings


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Walk the chain for one task."""
    parser = cli.parser(__doc__, "next_task.py")
    parser.add_argument("--task", help="take this task instead of the first eligible one")
    parser.add_argument(
        "--resume", metavar="ID", nargs="?", const="", help="go on with this task, or with the one that is open"
    )
    parser.add_argument("--skip", action="append", default=[], metavar="ID", help="do not take this task (repeatable)")
    parser.add_argument("--outcome", type=Path, help="write how it ended to this file, as JSON")
    for switch in ("model", "cloud", "forge", "sandbox"):
        parser.add_argument(f"--{switch}", help=f"overrides switches.{switch} of settings.toml")
    args = parser.parse_args(argv)
    flags = {f"switches.{name}": getattr(args, name) for name in ("model", "cloud", "forge", "sandbox")}
    repo = cli.find_repo(args.repo)
    settings = Settings.load(repo, flags=flags)
    outcome: dict[str, Any] = {"task_id": None, "outcome": "stopped", "reason": "", "url": ""}
    try:
        _preflight(repo, settings)
        with ExitStack() as held:
            run = _open(repo, settings, args, held)
            outcome["task_id"] = run.task_id
            outcome |= _take(run)
    except Failure as failure:
        outcome["task_id"] = outcome["task_id"] or failure.task_id or None
        if type(failure).__name__ == "NothingToDo":
            kind = "nothing"
        else:
            kind = "stopped" if isinstance(failure, StopAll) or not outcome["task_id"] else "error"
        outcome |= {"outcome": kind, "reason": str(failure)}
        raise
    except Exception as bug:
        outcome |= {"outcome": "error" if outcome["task_id"] else "stopped", "reason": f"{type(bug).__name__}: {bug}"}
        raise
    except KeyboardInterrupt:
        outcome |= {"outcome": "interrupted", "reason": "interrupted"}
        if outcome["task_id"]:
            say.hint(f"nothing is lost: make resume ID={outcome['task_id']}")
        raise
    finally:
        if args.outcome:
            files.write_json(args.outcome, outcome)
    print(json.dumps(outcome) if args.json else outcome["url"])
    return 0


def _preflight(repo: Path, settings: Settings) -> None:
    """What every task needs, looked at before one is claimed; names the stand-ins in use."""
    import shutil

    from kit import forge
    from kit.agents import engines
    from kit.ladder.clouds import CLOUDS
    from kit.run.worktrees import assert_workable
    from kit.tasks import exclude

    assert_workable(repo)
    for tool, remedy in (("node", "install Node.js 20 or newer"), ("npm", "install Node.js 20 or newer, with npm")):
        if shutil.which(tool) is None:
            raise StopAll(f"{tool}: command not found", hint=remedy)
    exclude.install(repo)
    say.work(f"repository {repo}")
    engines.choose(settings, "generator")
    cloud = settings["switches.cloud"]
    if cloud not in CLOUDS:
        raise StopAll(f"CLOUD={cloud}: no such cloud", hint=f"use one of {', '.join(CLOUDS)}")
    forge.choose(repo, settings)


def _open(repo: Path, settings: Settings, args: Any, held: ExitStack) -> Run:
    from kit.tasks.queue import Queue
    from kit.tasks.selection import crashed, selected

    if args.resume is not None:
        run = Run(repo, args.resume or _open_one(repo, settings), settings)
        if not (run.dir / "task.json").exists():
            raise Failure(f"task {args.resume} has no run in {repo}", hint=f"make next-task ID={args.resume}")
        if run.journal.state.ended == "done":
            raise Failure(f"task {run.task_id} is done", hint="make next-task")
        if run.journal.state.ended and not run.worktree.exists():
            raise Failure(
                f"task {run.task_id} ended in an error and has no worktree", hint=f"make retry ID={run.task_id}"
            )
        held.enter_context(run.working())
        _assert_cloud(run)
        if run.journal.state.ended:
            Queue(repo, settings).set_status(run.task_id, "in_progress", expect=("error", "in_progress"))
            run.journal.add("reopened")
        return _go_on(run, f"going on with task {run.task_id} after {run.journal.state.events} events")
    for run in [] if args.task else crashed(repo, settings):
        if run.task_id in args.skip:
            continue
        try:
            held.enter_context(run.working())
        except Failure:
            continue
        if run.journal.state.ended == "done":
            return run
        _assert_cloud(run)
        where = run.journal.state.started or "between steps"
        return _go_on(run, f"task {run.task_id} was cut off ({where}): going on with it first")
    run = held.enter_context(selected(repo, settings, args.task, frozenset(args.skip)))
    say.done(f"claimed task {run.task_id}: {run.task['title'][:80]} ({run.pair}, {run.task['difficulty']})")
    for note in run.task["notes"]:
        say.warn(note)
    _assert_cloud(run)
    return run


def _open_one(repo: Path, settings: Settings) -> str:
    """The task of the one run that is not done."""
    from kit.run.rundir import runs

    found = [run.task_id for run in runs(repo, settings) if run.journal.state.ended != "done"]
    if len(found) != 1:
        raise Failure(f"which task? not done: {', '.join(found) or 'none'}", hint="make resume ID=...")
    return found[0]


def _assert_cloud(run: Run) -> None:
    """A run stays in the cloud it began in: elsewhere nothing could be proved gone."""
    cloud = run.settings["switches.cloud"]
    known = next((event["cloud"] for event in run.journal.read() if event["event"] == "cloud"), None)
    if known is None:
        run.journal.add("cloud", cloud=cloud)
    elif known != cloud:
        why = f"task {run.task_id} was begun with CLOUD={known}, this is CLOUD={cloud}"
        raise StopAll(why, hint=f"make resume ID={run.task_id} CLOUD={known}")


def _go_on(run: Run, words: str) -> Run:
    from kit.run.leftovers import reap

    run.about()
    say.work(words)
    run.journal.begin()
    reap(run)
    return run


def _take(run: Run) -> dict[str, Any]:
    from finish_task import fail, release, set_done, standing

    run.about()
    if run.journal.state.ended == "done":
        # Cut off between the end of the run and its row.
        set_done(run, next(event["note"] for event in reversed(run.journal.read()) if event["event"] == "ended"))
        return {"outcome": "done", "url": files.read_json(run.dir / "pull_request.json")["url"]}
    # The SDK takes two seconds to import: meanwhile git and npm work.
    threading.Thread(target=importlib.import_module, args=("anthropic",), daemon=True).start()
    try:
        _walk(run)
    except KeyboardInterrupt:
        if standing(run):
            say.warn(f"stack TapStack{run.suffix} is still deployed (CLOUD={run.settings['switches.cloud']})")
            say.hint(f"go on with make resume ID={run.task_id}, or make stage STAGE=destroy ID={run.task_id}")
        raise
    except StopAll as stop:
        if stop.spare_attempt:
            # On a full disk it cannot be written down; what was, is enough to go on from.
            with suppress(StopAll):
                run.journal.add("paused", reason=str(stop))
            release(run)
            say.warn(f"task {run.task_id} keeps its place; go on with make resume ID={run.task_id}")
        else:
            fail(run, stop)
        raise
    except Failure as failure:
        fail(run, failure)
        raise
    except Exception as bug:
        fail(run, bug)
        raise
    request = files.read_json(run.dir / "pull_request.json")
    _say_times(run)
    return {"outcome": "done", "url": request["url"]}


def _walk(run: Run) -> None:
    from kit.run.chain import walk

    try:
        walk(run)
    except OSError as error:
        if error.errno not in files.FULL:
            raise
        raise files.unwritable(error.filename or run.dir, error) from error


def _say_times(run: Run) -> None:
    steps = [event for event in run.journal.read() if event["event"] == "step_done"]
    whole, own = sum(one["seconds"] for one in steps), sum(one["own"] for one in steps)
    parts = " · ".join(f"{one['step']} {one['seconds']:.1f}" for one in steps)
    say.done(f"{whole:.1f} s in all, {own:.1f} s of it the coordinator's own ({parts})")


if __name__ == "__main__":
    sys.exit(main())
