"""The report on a whole tasks.csv: every oddity with its lines; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kit.errors import Failure, StopAll
from kit.settings import Settings
from kit.tasks import brief, enforcement, flaws
from kit.tasks.brief import NO_SUBTASK
from kit.tasks.queue import TAKEN, WANTED, Queue
from kit.tasks.sheet import Row, plain


@dataclass(frozen=True)
class Finding:
    """One thing about one row, or about the file where `line` is 1 and `task_id` empty.

    `blocks` is true when the row, or the whole file, cannot be worked because of it.
    """

    line: int
    last_line: int
    task_id: str
    blocks: bool
    text: str


def check(repo: Path, settings: Settings) -> tuple[int, list[Finding]]:
    """The number of rows, and all findings in order of line. Raises `Failure` when the file cannot be read."""
    queue = Queue(repo, settings)
    sheet = queue.sheet()
    rows = list(sheet.rows())
    found: list[Finding] = []
    if sheet.layout.missing:
        lacking = " and ".join(sheet.layout.missing)
        text = f"no column for {lacking}: nothing can be claimed before `select_task.py --add-columns`"
        found.append(Finding(1, 1, "", True, text))
    if "subtask" not in sheet.layout.roles:
        found.append(Finding(1, 1, "", False, f"{NO_SUBTASK}; {settings['tasks.default_subtask']!r} is taken"))
    if not rows:
        found.append(Finding(1, 1, "", True, "a header and no rows"))
    lines: dict[str, list[int]] = {}
    for row in rows:
        lines.setdefault(row.task_id, []).append(row.line)
    enforced = enforcement.read(repo)
    for row in rows:
        for blocks, text in _of_row(row, lines[row.task_id], queue, enforced):
            found.append(Finding(row.line, row.last_line, row.task_id, blocks, text))
    return len(rows), found


def summary(rows: int, found: list[Finding]) -> str:
    """One line: how many rows, how many cannot be worked, how many findings."""
    blocked = {(finding.line, finding.task_id) for finding in found if finding.blocks and finding.line > 1}
    whole = "the file cannot be worked yet; " if any(finding.blocks and finding.line == 1 for finding in found) else ""
    return f"{whole}{rows} rows, {len(blocked)} cannot be worked, {len(found)} findings"


def _of_row(row: Row, lines: list[int], queue: Queue, enforced: enforcement.Enforced) -> Iterator[tuple[bool, str]]:
    known = False
    for text in flaws.of_id(row.task_id, 1):
        known = True
        yield True, text
    if len(lines) > 1:
        yield True, f"the task id {row.task_id!r} is on lines {', '.join(map(str, lines))}"
    for text in flaws.of_row(row):
        known = True
        yield True, text
    for text in flaws.oddities(row):
        yield plain(row.difficulty) not in flaws.KNOWN_DIFFICULTIES and text.startswith("unknown difficulty"), text
    if known or row.state in TAKEN or plain(row.difficulty) not in WANTED:
        return
    if row.state == "error" and queue.parked(row.task_id):
        yield True, f"had all its attempts and is parked until: make retry ID={row.task_id}"
    source = brief.of_row(row, queue.path.name)
    try:
        task = brief.compose(source, enforced, queue.settings)
    except StopAll as failure:
        yield True, f"multi-cloud: {str(failure).partition(': ')[2]}"
    except Failure as failure:
        yield True, str(failure).partition(" cannot be done: ")[2] or str(failure)
    else:
        yield from ((False, note) for note in task["notes"] if not note.startswith(NO_SUBTASK))
