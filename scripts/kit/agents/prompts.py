"""Prompts from prompts/*.j2: a stable system part for each agent, and hand-overs that carry what changes."""

from __future__ import annotations

from typing import Any

from kit import render
from kit.agents.blocks import fence_for
from kit.run.rundir import Run


def system(agent: str) -> str:
    """The system prompt of an agent: the same for every task, so that it can be cached."""
    return render.template("prompts", f"{agent}.j2")


def handover(name: str, run: Run, **values: Any) -> str:
    """The first message of a phase: what to work on, the task's text fenced as data, lessons, feedback."""
    task = run.task
    return render.template(
        "prompts",
        f"{name}.j2",
        id=run.task_id,
        round=run.round,
        region=run.region,
        platform=task["platform"],
        language=task["language"],
        difficulty=task["difficulty"],
        suffix=run.suffix,
        text=quoted(task["text"]),
        noted=quoted("\n".join([f"Title: {task['title']}", *task.get("notes", [])])),
        lessons=quoted(lessons(run)) if lessons(run) else "",
        **values,
    )


def quoted(text: str) -> str:
    """`text` in a fence that it cannot close."""
    fence = fence_for(text)
    return f"{fence}text\n{text.rstrip()}\n{fence}"


def lessons(run: Run) -> str:
    """What earlier tasks taught, as the repository keeps it; "" when there is nothing."""
    from kit.tasks import lessons as kept

    return str(kept.read(run.repo)).strip()
