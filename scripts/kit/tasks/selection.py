"""The first step of the chain: claim a task, understand it, open its run."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from kit import files, say
from kit.errors import Failure
from kit.redact import clean
from kit.run import steps
from kit.run.rundir import Run, runs, safe_id
from kit.settings import Settings
from kit.tasks import attempts, brief, enforcement, exclude, lessons, merge, prompt_task
from kit.tasks.brief import Source
from kit.tasks.enforcement import Enforced
from kit.tasks.queue import NothingToDo, Queue


def select(repo: Path, settings: Settings, task_id: str | None = None, skip: Collection[str] = frozenset()) -> Run:
    """Claim the first eligible task, or the one of `task_id`, and return its opened run.

    `skip` holds ids not to be taken. Raises `NothingToDo` when nothing is eligible, `MultiCloud` (everything
    stops) and `Unworkable` after the row was set to `error` with the reason, `Failure` for the rest, with the
    row given back.
    """
    with selected(repo, settings, task_id, skip) as run:
        return run


@contextmanager
def selected(
    repo: Path, settings: Settings, task_id: str | None = None, skip: Collection[str] = frozenset()
) -> Iterator[Run]:
    """Like `select`, but the run's own lock is held from the claim to the end of the body.

    So nobody can take the run for a crashed one in between.
    """
    enforced = enforcement.read(repo)
    exclude.install(repo)
    queue = Queue(repo, settings)
    with ExitStack() as stack:
        if queue.exists:
            merge.install(repo, queue.path.name)
            row = queue.claim(task_id, skip, taken=lambda run: stack.enter_context(run.working()))
            source = brief.of_row(row, queue.path.name)
        else:
            source = _claim_prompt(queue, task_id, skip, stack)
        yield _open(queue, queue.run(source.task_id), source, enforced)


def preview(
    repo: Path, settings: Settings, task_id: str | None = None, skip: Collection[str] = frozenset()
) -> dict[str, Any]:
    """The task.json that `select` would write now; nothing is written."""
    enforced = enforcement.read(repo)
    queue = Queue(repo, settings)
    if not queue.exists:
        return brief.compose(_prompt(queue, task_id), enforced, settings)
    row = queue.peek(task_id, skip)
    return brief.compose(brief.of_row(row, queue.path.name), enforced, settings)


def crashed(repo: Path, settings: Settings) -> list[Run]:
    """The runs claimed here that are in progress although no process works on them, in file order.

    A claim that was cut off before its run was opened is opened now.
    """
    queue = Queue(repo, settings)
    if not queue.exists:
        return [
            run
            for run in runs(repo, settings)
            if run.task["source"] == prompt_task.FILE and not run.journal.state.ended and not run.is_worked_on
        ]
    with queue.locked():
        open_ones = [entry.task_id for entry in queue.sheet().entries() if entry.state == "in_progress"]
        found = [run for run in map(queue.run, filter(_safe, open_ones)) if _is_idle(run)]
    for run in list(found):
        if not attempts.prepared(run):
            try:
                with run.working():
                    say.warn(f"the claim of task {run.task_id} was cut off; its run is opened now")
                    _open(queue, run, _source(queue, run.task_id), enforcement.read(repo))
            except Failure as failure:
                say.fail(str(failure))
                found.remove(run)
    return [queue.run(run.task_id) for run in found]


def retry(repo: Path, settings: Settings, task_id: str) -> None:
    """Let a task that had all its attempts be tried again. Raises `Failure` when it was never tried here."""
    run = Run(repo, safe_id(task_id), settings)
    if not attempts.claim_of(run):
        raise Failure(f"task {task_id} was never tried in {repo}", hint="python scripts/select_task.py --list")
    attempts.retry(run)


def _open(queue: Queue, run: Run, source: Source, enforced: Enforced) -> Run:
    try:
        task = brief.compose(source, enforced, run.settings)
        attempt = attempts.claim_of(run)["attempt"]
        place = attempts.archive(run)
        if place is not None:
            say.done(f"what attempt {place.name} of task {run.task_id} left is kept in {place}")
        run.journal.begin()
        steps.perform(run, "select", lambda run: _write(run, task | {"attempt": attempt}), still_valid=_never)
    except (brief.MultiCloud, brief.Unworkable) as failure:
        _refuse(queue, run, failure)
        raise
    except (Failure, OSError):
        with suppress(Failure):
            queue.give_back(run.task_id)
        raise
    run.about()
    return run


def _write(run: Run, task: dict[str, Any]) -> dict[str, Any]:
    files.write_json(run.dir / "task.json", clean(task))
    return {"task": "task.json", "attempt": task["attempt"], "line": task["line"]}


def _never(_: Run) -> bool:
    return False


def _refuse(queue: Queue, run: Run, failure: Failure) -> None:
    failure.task_id = run.task_id
    attempts.spend(run)
    remedy = f"; {failure.hint}" if failure.hint else ""
    queue.set_status(run.task_id, "error", f"select: {failure}{remedy}", expect="in_progress")
    lesson = getattr(failure, "lesson", "")
    if lesson:
        lessons.add(queue.repo, lesson)


def _source(queue: Queue, task_id: str) -> Source:
    sheet = queue.sheet()
    entry = next((entry for entry in sheet.entries() if entry.task_id == task_id), None)
    if entry is None:
        raise Failure(f"{queue.path}: the row of task {task_id} is gone", hint="python scripts/select_task.py --list")
    return brief.of_row(sheet.row(entry), queue.path.name)


def _prompt(queue: Queue, task_id: str | None) -> Source:
    if not (queue.repo / prompt_task.FILE).exists():
        raise Failure(
            f"{queue.repo}: neither {queue.path.name} nor {prompt_task.FILE}: there is no task to take",
            hint=f"put a {queue.path.name} there, describe one task in {prompt_task.FILE}, or run without REPO for the demo",
        )
    source = prompt_task.read(queue.repo, queue.settings)
    if task_id not in (None, source.task_id):
        raise Failure(f"{queue.repo}: the only task is {source.task_id} ({prompt_task.FILE})", hint="leave --task out")
    return source


def _claim_prompt(queue: Queue, task_id: str | None, skip: Collection[str], stack: ExitStack) -> Source:
    source = _prompt(queue, task_id)
    run = queue.run(source.task_id)
    with queue.locked():
        outcome = run.journal.state.ended if attempts.claim_of(run) else "never"
        known = f"{queue.repo / prompt_task.FILE}: task {source.task_id}"
        if source.task_id in skip:
            raise NothingToDo(f"{known} was already tried in this loop")
        if run.is_worked_on:
            raise NothingToDo(f"{known} is being worked on", hint="make status")
        if outcome == "error" and attempts.parked(run):
            raise NothingToDo(f"{known} had all its attempts", hint=f"make retry ID={source.task_id}")
        if outcome == "" and attempts.prepared(run):
            raise NothingToDo(f"{known} is in progress", hint=f"make resume ID={source.task_id}")
        if outcome not in ("", "never", "error"):
            raise NothingToDo(f"{known} is done", hint=f"change {prompt_task.FILE} for another task")
        attempts.intend(run, "", "")
        stack.enter_context(run.working())
    return source


def _is_idle(run: Run) -> bool:
    return bool(attempts.claim_of(run)) and not run.is_worked_on


def _safe(task_id: str) -> bool:
    try:
        return bool(safe_id(task_id))
    except Failure:
        return False
