"""Which column means what, however it is spelled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.errors import Failure

MEANINGS = {
    "id": ("taskid", "id", "task", "poid", "tasknumber", "taskno"),
    "status": ("status", "taskstatus", "state"),
    "platform": ("platform", "iacplatform", "iactool", "tool"),
    "language": ("language", "lang", "programminglanguage"),
    "difficulty": ("difficulty", "complexity", "difficultylevel", "taskdifficulty", "level"),
    "subtask": ("subtask", "subtasks", "subtaskname"),
    "subject_labels": ("subjectlabels", "subjectlabel", "labels"),
    "background": ("background", "context"),
    "problem": ("problem", "problemstatement", "problemdescription", "description", "prompt"),
    "environment": ("environment", "environmentsetup", "env"),
    "constraints": ("constraints", "constraint"),
    "region": ("region", "awsregion"),
    "trainr_notes": ("trainrnotes", "trainrnote", "trainernotes", "notes", "note"),
}
"""Role: the spellings it is known by, letters and digits only, the likeliest first."""

TO_WRITE = ("status", "trainr_notes")


@dataclass(frozen=True)
class Layout:
    """The columns of one file: `names` as written, `roles` by column number."""

    path: Path
    names: tuple[str, ...]
    roles: dict[str, int]

    @property
    def missing(self) -> list[str]:
        """The columns that a claim has to write and that are not there."""
        return [role for role in TO_WRITE if role not in self.roles]

    def require_writable(self) -> None:
        """Raise `Failure` with the command that adds them when status or trainr_notes is missing."""
        if self.missing:
            raise Failure(
                f"{self.path}: no column for {' and '.join(self.missing)} (columns: {', '.join(self.names)})",
                hint=f"python scripts/select_task.py --repo {self.path.parent} --add-columns",
            )


def read(names: Sequence[str], path: Path) -> Layout:
    """The layout that a header row describes.

    Raises `Failure` naming the columns found when there is none for the task id or the difficulty, or when
    two columns have one name.
    """
    spelled = [_letters(name) for name in names]
    ends = [_letters(name.rpartition(".")[2]) for name in names]
    roles = {}
    for role, known in MEANINGS.items():
        for forms in (spelled, ends):
            found = [(known.index(form), number) for number, form in enumerate(forms) if form in known]
            if found:
                roles[role] = min(found)[1]
                break
    shown = ", ".join(name.strip() or "(no name)" for name in names)
    lacking = [role for role in ("id", "difficulty") if role not in roles]
    if lacking:
        only = "is it separated by commas, and is its first line the header?"
        raise Failure(
            f"{path}: no column for the task's {' and '.join(lacking)}; the columns found are: {_short(shown)}",
            hint=f"name a column {', '.join({'id': 'task_id'}.get(role, role) for role in lacking)}; {only}",
        )
    for role, number in roles.items():
        if spelled.count(spelled[number]) > 1:
            raise Failure(
                f"{path}: two columns are named {names[number].strip()!r} ({role}): {_short(shown)}",
                hint="rename one of them",
            )
    return Layout(path, tuple(name.strip() for name in names), roles)


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _short(text: str, limit: int = 300) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 3] + "..."
