"""The queue: which row is next, claiming it, and writing how it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from kit import lock, say
from kit.errors import Failure
from kit.redact import redact
from kit.run.rundir import Run, safe_id
from kit.settings import Settings
from kit.tasks import attempts, csvfile, flaws, lessons, places
from kit.tasks.columns import TO_WRITE
from kit.tasks.sheet import Changed, Entry, Row, Scanned, Sheet, plain, require_writable

WANTED = ("hard", "medium")
TAKEN = ("in_progress", "done")
TRIES = 5


class NothingToDo(Failure):
    """Raised when no task is eligible; the message says what the rows are instead."""


class Queue:
    """The tasks of `repo`'s tasks.csv. Every change is one compare-and-set under the lock on `.runs/queue.lock`."""

    def __init__(self, repo: Path, settings: Settings) -> None:
        self.repo = repo
        self.settings = settings
        self.path = repo / settings["tasks.file"]

    @property
    def exists(self) -> bool:
        """True when there is a file to take tasks from."""
        return self.path.exists()

    def locked(self) -> AbstractContextManager[None]:
        """The lock on the queue; on a file beside it, since replacing tasks.csv changes its inode."""
        return lock.hold(self.repo / ".runs" / "queue.lock", what="the queue")

    def sheet(self) -> Sheet:
        """The file as it is now. Raises `Failure` for what cannot be read."""
        if not self.exists:
            raise Failure(f"{self.path}: no such file", hint="put tasks.csv there, or the one task into lib/PROMPT.md")
        return Sheet(self.path)

    def rows(self) -> list[Row]:
        """All rows in file order, whole."""
        return list(self.sheet().rows())

    def run(self, task_id: str) -> Run:
        """The handle of the task's run."""
        return Run(self.repo, task_id, self.settings)

    def peek(self, task_id: str | None = None, skip: Collection[str] = frozenset()) -> Row:
        """The row that `claim` would take now; nothing is written."""
        sheet = self.sheet()
        return sheet.row(self._choose(sheet, task_id, skip))

    def claim(
        self,
        task_id: str | None = None,
        skip: Collection[str] = frozenset(),
        *,
        taken: Callable[[Run], None] | None = None,
    ) -> Row:
        """Set the first eligible row, or the one of `task_id`, to in_progress and return it as it was before.

        `taken` is called once it is claimed, still under the queue's lock; it may take the run's own lock.
        Raises `NothingToDo` when no row is eligible, `Failure` when the named one cannot be worked.
        """
        claimed: list[Row] = []

        def work(sheet: Sheet) -> None:
            sheet.layout.require_writable()
            require_writable(sheet.path)
            row = sheet.row(self._choose(sheet, task_id, skip, learn=True))
            run = self.run(row.task_id)
            attempts.intend(run, row.status, row.of("trainr_notes"))
            self._save(sheet, row.task_id, row.start, {"status": "in_progress"})
            claimed.append(row)
            if taken:
                taken(run)

        self._update(work)
        return claimed[0]

    def set_status(
        self, task_id: str, status: str, note: str | None = None, *, expect: str | Collection[str] | None = None
    ) -> None:
        """Give the row of `task_id` a new status and, unless None, a new one-line trainr_notes.

        `expect` is the status, or several, that the row must have now. A task that is lib/PROMPT.md has no
        row: nothing is done. Raises `Failure` when there is no such row or its status is another.
        """
        if not self.exists and task_id.startswith("prompt-"):
            return
        expected = {expect} if isinstance(expect, str) else None if expect is None else set(expect)

        def work(sheet: Sheet) -> None:
            entry = places.find(self.repo / ".runs", sheet, task_id) or _scanned(sheet, task_id)
            if entry is None:
                raise Failure(f"{self.path}: no row has the task id {task_id}", hint=f"{_script(self.repo)} --list")
            if expected is not None and entry.state not in {plain(word) for word in expected}:
                raise Failure(
                    f"{self.path}: line {sheet.line(entry.start)}: task {task_id} is {entry.state or 'not started'}, "
                    f"expected {' or '.join(sorted(expected))}: left as it is",
                    hint=f"{_script(self.repo)} --list",
                )
            values = {"status": status} | ({} if note is None else {"trainr_notes": _one_line(note)})
            self._save(sheet, task_id, entry.start, values)

        self._update(work)

    def give_back(self, task_id: str) -> None:
        """Set a claimed row back to what it was before, and take the attempt out of the count."""
        previous = attempts.spare(self.run(task_id))
        self.set_status(task_id, previous["status"], previous["note"], expect="in_progress")

    def add_columns(self) -> list[str]:
        """Add those of the columns status and trainr_notes that are missing, empty; returns their names."""
        added: list[str] = []

        def work(sheet: Sheet) -> None:
            added[:] = [role for role in TO_WRITE if role in sheet.layout.missing]
            if added:
                sheet.save(sheet.widened(added))

        self._update(work)
        return added

    def eligible(self, entry: Entry | Row) -> bool:
        """True for a row of a wanted difficulty that is neither taken nor parked."""
        return _is_open(entry) and (entry.state != "error" or not self.parked(entry.task_id))

    def parked(self, task_id: str) -> bool:
        """True when the task has had all its attempts."""
        return _is_safe(task_id) and attempts.parked(self.run(task_id))

    def _update(self, work: Callable[[Sheet], None]) -> None:
        with self.locked():
            for _ in range(TRIES):
                try:
                    return work(self.sheet())
                except Changed:
                    say.warn(f"{self.path}: changed by another program meanwhile, read again")
            raise Failure(f"{self.path}: keeps being changed by another program", hint="save and close it there")

    def _save(self, sheet: Sheet, task_id: str, start: int, values: Mapping[str, str]) -> None:
        edits = sheet.edit(start, values)
        places.keep(self.repo / ".runs", sheet, edits, sheet.save(edits), task_id, start)

    def _choose(self, sheet: Sheet, task_id: str | None, skip: Collection[str], *, learn: bool = False) -> Entry:
        rows = list(sheet.scan())
        if task_id is not None:
            return self._named(sheet, _with_id(rows, task_id), task_id)
        open_ones: dict[tuple[bytes | None, bytes | None], bool] = {}
        for row in rows:
            is_open = open_ones.get(row[2:])
            if is_open is None:
                is_open = open_ones[row[2:]] = _is_open(_entry(row))
            if not is_open:
                continue
            entry = _entry(row)
            if entry.task_id in skip or not self.eligible(entry):
                continue
            reason = self._refusal(sheet, entry, len(_with_id(rows, entry.task_id)))
            if not reason:
                return entry
            say.warn(f"{self.path}: line {sheet.line(entry.start)}: passed over: {reason}")
            lesson = flaws.lesson(reason) if learn else ""
            if lesson and lessons.add(self.repo, lesson):
                say.work(f"noted in {lessons.FILE}: {lesson}")
        raise NothingToDo(
            f"{self.path}: nothing eligible: {self._census(map(_entry, rows), skip)}",
            hint=f"{_script(self.repo)} --list; an error row is tried again after: make retry ID=...",
        )

    def _named(self, sheet: Sheet, found: list[Entry], task_id: str) -> Entry:
        if not found:
            raise Failure(f"{self.path}: no row has the task id {task_id!r}", hint=f"{_script(self.repo)} --list")
        entry = found[0]
        where = f"{self.path}: line {sheet.line(entry.start)}: task {task_id}"
        if entry.state in TAKEN:
            remedy = f"make resume ID={task_id}" if entry.state == "in_progress" else f"{_script(self.repo)} --list"
            raise Failure(f"{where} is {entry.state}", hint=remedy)
        if plain(entry.difficulty) not in WANTED:
            raise Failure(f"{where}: difficulty {entry.difficulty!r} is neither hard nor medium")
        if not self.eligible(entry):
            raise Failure(f"{where} had all its attempts and is parked", hint=f"make retry ID={task_id}")
        reason = self._refusal(sheet, entry, len(found))
        if reason:
            raise Failure(f"{where}: {reason}", hint=f"{_script(self.repo)} --check")
        return entry

    def _refusal(self, sheet: Sheet, entry: Entry, times: int) -> str:
        for flaw in self._flaws(sheet, entry, times):
            return flaw
        if self.run(entry.task_id).is_worked_on:
            return f"the run of task {entry.task_id} is being worked on"
        return ""

    @staticmethod
    def _flaws(sheet: Sheet, entry: Entry, times: int) -> Iterator[str]:
        yield from flaws.of_id(entry.task_id, times)
        yield from flaws.of_row(sheet.row(entry))

    def _census(self, entries: Iterable[Entry], skip: Collection[str]) -> str:
        kinds = Counter(self._kind(entry, skip) for entry in entries)
        return ", ".join(f"{count} {kind}" for kind, count in kinds.items()) or "it has a header and no rows"

    def _kind(self, entry: Entry, skip: Collection[str]) -> str:
        if entry.state in TAKEN:
            return entry.state.replace("_", " ")
        if plain(entry.difficulty) not in WANTED:
            return f"of difficulty {entry.difficulty.strip()[:20]!r}"
        if entry.task_id in skip:
            return "already tried in this loop"
        return "parked after their last attempt" if not self.eligible(entry) else "refused"


def set_status(
    repo: Path,
    settings: Settings,
    task_id: str,
    status: str,
    note: str | None = None,
    *,
    expect: str | Collection[str] | None = None,
) -> None:
    """`Queue.set_status` for who has no queue at hand."""
    Queue(repo, settings).set_status(task_id, status, note, expect=expect)


def give_back(repo: Path, settings: Settings, task_id: str) -> None:
    """`Queue.give_back` for who has no queue at hand."""
    Queue(repo, settings).give_back(task_id)


def drop_row(path: Path, task_id: str) -> bool:
    """Take the row of `task_id` out of the file `path`, every other byte as it is; false when there is none."""
    sheet = Sheet(path)
    entry = _scanned(sheet, task_id)
    if entry is not None:
        sheet.save(sheet.without(entry.start))
    return entry is not None


def crashed(repo: Path, settings: Settings) -> list[Run]:
    """`selection.crashed`: the runs in progress that no process works on."""
    from kit.tasks import selection

    return selection.crashed(repo, settings)


def _entry(row: Scanned) -> Entry:
    task_id, status, difficulty = (csvfile.value(cell or b"") for cell in row[1:])
    return Entry(row[0], task_id.strip(), status, difficulty)


def _with_id(rows: list[Scanned], task_id: str) -> list[Entry]:
    # Whatever its quotes and spaces, a cell that says the id has its bytes in it, unless the id itself has quotes.
    part = task_id.partition('"')[0].encode("utf-8", "replace")
    likely = [row for row in rows if row[1] is not None and part in row[1]]
    return [entry for entry in map(_entry, likely) if entry.task_id == task_id]


def _is_open(entry: Entry | Row) -> bool:
    return plain(entry.difficulty) in WANTED and entry.state not in TAKEN


def _scanned(sheet: Sheet, task_id: str) -> Entry | None:
    return next((entry for row in sheet.scan() for entry in _with_id([row], task_id)), None)


def _is_safe(task_id: str) -> bool:
    try:
        return bool(safe_id(task_id))
    except Failure:
        return False


def _one_line(text: str) -> str:
    return redact(" ".join(text.split()))


def _script(repo: Path) -> str:
    return f"python scripts/select_task.py --repo {repo}"
