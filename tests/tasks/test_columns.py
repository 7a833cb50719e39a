"""Any real layout is matched by meaning."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.errors import Failure
from kit.tasks import columns

PATH = Path("/repo/tasks.csv")


@pytest.mark.parametrize(
    ("header", "roles"),
    [
        (
            "task_id,status,platform,language,difficulty,subtask,subject_labels,problem,background,environment,constraints",
            [
                "id",
                "status",
                "platform",
                "language",
                "difficulty",
                "subtask",
                "subject_labels",
                "problem",
                "background",
            ],
        ),
        (
            "Task_ID,Batch,Status,Platform,Language,Difficulty,Subtask,Background,Problem,Environment,Constraints",
            ["id", None, "status", "platform", "language", "difficulty", "subtask", "background", "problem"],
        ),
        (
            "taskId,difficulty,problem_statement.environment,problem_statement.problem",
            ["id", "difficulty", "environment", "problem"],
        ),
        (
            "ID,Complexity,Problem Statement,trainr_notes,Status ",
            ["id", "difficulty", "problem", "trainr_notes", "status"],
        ),
        ("id,task_id,level,difficulty", [None, "id", None, "difficulty"]),
    ],
)
def test_a_real_layout(header: str, roles: list[str | None]) -> None:
    layout = columns.read(header.split(","), PATH)
    by_number = {number: role for role, number in layout.roles.items()}
    assert [by_number.get(number) for number in range(len(roles))] == roles


def test_without_an_id_or_difficulty_the_columns_found_are_named() -> None:
    with pytest.raises(Failure, match=r"no column for the task's difficulty; the columns found are: task_id, title"):
        columns.read(["task_id", "title"], PATH)
    with pytest.raises(Failure, match=r"no column for the task's id and difficulty.*are: task_id;status"):
        columns.read(["task_id;status;difficulty"], PATH)


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(Failure, match=r"two columns are named 'status'"):
        columns.read(["task_id", "status", "difficulty", "status"], PATH)


def test_without_status_or_notes_the_command_that_adds_them_is_offered() -> None:
    layout = columns.read(["taskId", "difficulty", "status"], PATH)
    with pytest.raises(Failure, match=r"no column for trainr_notes \(columns: taskId") as caught:
        layout.require_writable()
    assert caught.value.hint == "python scripts/select_task.py --repo /repo --add-columns"
