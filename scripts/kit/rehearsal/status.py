"""The report_status call, in the fields of its tool."""

from __future__ import annotations

from kit.rehearsal.conversation import Call


def report(
    phase: str, status: str, step: str, task: str, done: int, total: int, coming: str, issues: str = "NONE"
) -> Call:
    """One report; a BLOCKED one names its issue as the reason."""
    blocked = status == "BLOCKED"
    return Call(
        "report_status",
        {
            "phase": phase,
            "status": status,
            "current_step": step,
            "task": task,
            "done": done,
            "total": total,
            "next_action": coming,
            "issues": issues,
            "blocked": blocked,
            "blocked_reason": issues if blocked else "",
        },
    )
