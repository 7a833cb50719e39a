"""metadata.json: its nine fields, and that they say what the task says."""

from __future__ import annotations

import json
from typing import Any

from kit.errors import Failure
from kit.gates.model import Look
from kit.gates.subject import Subject
from kit.run.project import check_metadata


def schema(subject: Subject) -> Look:
    """Exactly the nine fields, in order, each with a value that the schema knows."""
    value = _read(subject)
    check_metadata(value, subject.settings["metadata.extra"])
    return Look(f"{len(value)} fields")


def mapping(subject: Subject) -> Look:
    """The fields repeat the task: id, platform, language, difficulty, subtask and its mapping."""
    value = _read(subject)
    task = subject.run.task
    wanted = {
        "platform": task["platform"],
        "language": task["language"],
        "complexity": task["difficulty"],
        "po_id": task["task_id"],
        "subtask": task["subtask_mapped"],
        "subject_labels": [task["subtask"]],
    }
    problems = [
        f"metadata.json: {name} = {value.get(name)!r}, the task says {right!r}"
        for name, right in wanted.items()
        if value.get(name) != right
    ]
    return Look(f"{len(wanted)} fields agree with the task", problems)


def _read(subject: Subject) -> dict[str, Any]:
    """metadata.json. Raises `Failure` when it is no JSON object, or says a field twice: tools differ in which counts."""
    try:
        value = json.loads(subject.text("metadata.json"), object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise Failure(f"metadata.json: not valid JSON: {error}", hint="make metadata") from error
    if not isinstance(value, dict):
        raise Failure(f"metadata.json: wanted an object, found {type(value).__name__}", hint="make metadata")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Failure(f"metadata.json: {', '.join(twice)}: given twice", hint="make metadata")
    return dict(pairs)
