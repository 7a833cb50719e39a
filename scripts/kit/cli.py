"""What every script's main() shares: exits, error lines, common flags, finding the repo and the run."""

from __future__ import annotations

import argparse
import functools
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kit import command, files, say
from kit.errors import Failure, Usage
from kit.settings import TOOLKIT, Settings

Main = Callable[..., int]


def script(main: Main) -> Main:
    """Give `main(argv=None) -> int` the exits of the house.

    0 done, 1 an expected failure in one line with its hint, 2 usage, 3 a bug with the path of its
    traceback, 130 interrupted.
    """

    @functools.wraps(main)
    def wrapped(argv: Sequence[str] | None = None) -> int:
        try:
            return main(argv)
        except Failure as failure:
            say.fail(str(failure))
            if failure.hint:
                say.hint(failure.hint)
            return 2 if isinstance(failure, Usage) else 1
        except KeyboardInterrupt:
            # A second ^C would only cut off the leaving.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            command.end_all()
            say.fail("interrupted")
            return 130
        except OSError as error:
            if not isinstance(error, BrokenPipeError):
                return _of_system(error)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        except Exception as error:
            return _bug(error)

    return wrapped


def _of_system(error: OSError) -> int:
    if error.errno not in files.FULL:
        return _bug(error)
    say.fail(f"{error.filename or 'a file'}: cannot be written: {error.strerror}")
    say.hint("free space, then make resume")
    return 1


def _bug(error: Exception) -> int:
    handle, name = tempfile.mkstemp(prefix="task-coordinator-", suffix=".log", text=True)
    with os.fdopen(handle, "w") as log:
        traceback.print_exc(file=log)
    say.fail(f"a bug: {type(error).__name__}: {error}")
    say.hint(f"the traceback is in {name}")
    return 3


def parser(doc: str | None, name: str) -> argparse.ArgumentParser:
    """A parser whose help is the script's docstring, with --repo and --json."""
    text = (doc or "").strip()
    made = argparse.ArgumentParser(
        prog=name, description=text, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    made.add_argument("--repo", type=Path, help="the repository to work on (default: $REPO, this checkout, else demo/)")
    made.add_argument("--json", action="store_true", help="print the answer as JSON")
    return made


def find_repo(given: Path | None) -> Path:
    """The repository to work on: --repo, $REPO, this checkout when it holds work, else demo/ (made on first use)."""
    named = given or (Path(os.environ["REPO"]) if os.environ.get("REPO") else None)
    if named is not None:
        named = named.expanduser().resolve()
        if not named.is_dir():
            raise Failure(f"{named}: no such folder", hint="pass --repo PATH or REPO=PATH of a git repository")
        return named
    if (TOOLKIT / "tasks.csv").exists() or (TOOLKIT / "lib" / "PROMPT.md").exists():
        return TOOLKIT
    from kit.tasks import demo

    return demo.ensure(TOOLKIT / "demo")


def open_run(args: argparse.Namespace) -> Any:
    """The run that `--task` names; without it, the one run that is in progress.

    Raises `Failure` when there is none, or more than one to choose from.
    """
    from kit.run.rundir import Run, runs

    repo = find_repo(args.repo)
    settings = Settings.load(repo)
    task_id = getattr(args, "task", None)
    if task_id is None:
        open_ones = [run for run in runs(repo, settings) if not run.journal.state.ended]
        if len(open_ones) != 1:
            names = ", ".join(run.task_id for run in open_ones) or "none"
            raise Failure(f"{repo}: which task? in progress: {names}", hint="pass --task ID, or begin one: make select")
        run = open_ones[0]
    else:
        run = Run(repo, task_id, settings)
        if not (run.dir / "task.json").exists():
            raise Failure(f"task {task_id} has no run in {repo}", hint=f"make select ID={task_id}")
    run.about()
    return run
