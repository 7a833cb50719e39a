"""From a row to task.json: the text, what is asked for, and the phrases that say so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kit.errors import Failure, StopAll
from kit.settings import Settings
from kit.tasks import impossible, multicloud, platforms, regions, subtasks, text
from kit.tasks.enforcement import FILE, Enforced
from kit.tasks.sheet import Row, plain

NO_SUBTASK = "there is no subtask column"


class MultiCloud(StopAll):
    """Raised when a task asks for resources of a second cloud provider; nothing else may be started."""


class Unworkable(Failure):
    """Raised when a task cannot be done as it is written; `lesson` is what later tasks can learn from it."""

    def __init__(self, message: str, *, hint: str = "", lesson: str = "") -> None:
        super().__init__(message, hint=hint)
        self.lesson = lesson


@dataclass(frozen=True)
class Source:
    """A task before it is understood. `cells` by role; a role whose column is missing is absent."""

    task_id: str
    source: str
    line: int
    difficulty: str
    text: str
    cells: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)


def of_row(row: Row, file: str) -> Source:
    """The source that a row of `file` is."""
    cells = {role: row.of(role) for role in row.layout.roles}
    return Source(row.task_id, file, row.line, plain(row.difficulty), text.assemble(row), cells, row.fields)


def compose(source: Source, enforced: Enforced, settings: Settings) -> dict[str, Any]:
    """The content of task.json, without `attempt`.

    Raises `MultiCloud` for a second provider, `Unworkable` for what cannot be done as it is written.
    """
    where = f"task {source.task_id} ({source.source} line {source.line})"
    asked = multicloud.find(source.text)
    if asked:
        raise MultiCloud(
            f"{where} is multi-cloud, everything stops: {_short(asked)!r}",
            hint="take the other providers out of the task, or remove its row; then begin again",
            spare_attempt=False,
        )
    wrong = impossible.find(source.text)
    if wrong:
        raise Unworkable(f"{where} cannot be done: {wrong.reason}", hint=wrong.remedy, lesson=wrong.lesson)
    notes: list[str] = []
    try:
        subtask, mapped = _subtask(source, settings, notes)
        found = _platform(source, enforced)
    except Failure as failure:
        raise Unworkable(f"{where} cannot be done: {failure}", hint=failure.hint) from failure
    region, named, phrase = _region(source, settings, notes)
    return {
        "task_id": source.task_id,
        "source": source.source,
        "line": source.line,
        "difficulty": source.difficulty,
        "subtask": subtask,
        "subtask_mapped": mapped,
        "title": text.title(source.text),
        "text": source.text,
        "fields": source.fields,
        "platform": found.platform,
        "language": found.language,
        "region": region,
        "region_named": named,
        "witness": {**found.witness, "region": phrase},
        "notes": found.notes + notes,
    }


def _subtask(source: Source, settings: Settings, notes: list[str]) -> tuple[str, str]:
    written = source.cells.get("subtask", "").strip()
    if written:
        return subtasks.find(written)
    default = settings["tasks.default_subtask"]
    lacking = "the subtask cell is empty" if "subtask" in source.cells else NO_SUBTASK
    notes.append(f"{lacking}; {default!r} is taken (tasks.default_subtask)")
    return subtasks.find(default)


def _platform(source: Source, enforced: Enforced) -> platforms.Found:
    cells = source.cells.get("platform", ""), source.cells.get("language", "")
    if not enforced.platform and not enforced.language:
        return platforms.detect(source.text, *cells)
    try:
        found = platforms.detect(source.text, *cells)
    except Failure:
        found = platforms.Found("", "")
    said = f"{found.platform or 'something else'}-{found.language or 'something else'}"
    platform = enforced.platform or found.platform
    if not platform:
        raise Failure(f"{FILE} names a language and the task no platform", hint=f"name a platform in {FILE} too")
    language = enforced.language or found.language
    if language not in platforms.LANGUAGES[platform]:
        language = platforms.LANGUAGES[platform][0]
        if enforced.language:
            raise Failure(
                f"{FILE} fixes {enforced.language}, which {platform} is not worked in",
                hint=f"name a platform in {FILE} too",
            )
    phrase = FILE
    witness = {
        "platform": phrase if enforced.platform else found.witness.get("platform", ""),
        "language": phrase if enforced.language else found.witness.get("language", ""),
    }
    notes = list(found.notes)
    if (platform, language) != (found.platform, found.language):
        notes.append(f"{FILE} overrides the task: {platform}-{language} instead of {said}")
    return platforms.Found(platform, language, witness, notes)


def _region(source: Source, settings: Settings, notes: list[str]) -> tuple[str, bool, str]:
    named = regions.find(source.text) or regions.find(source.cells.get("region", ""))
    if named is None:
        return settings["tasks.default_region"], False, ""
    others = dict.fromkeys(found["region"].lower() for found in regions.REGION.finditer(source.text))
    others.pop(named.region, None)
    if others:
        notes.append(f"the text names {', '.join(others)} too; {named.region} is where it is deployed")
    return named.region, True, named.phrase


def _short(sentence: str, limit: int = 160) -> str:
    return sentence if len(sentence) <= limit else sentence[: limit - 3] + "..."
