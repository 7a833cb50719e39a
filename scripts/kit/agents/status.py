"""The status an agent reports: the tool's schema, the block of the mission, its one line on the screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kit import say
from kit.agents.tools import Tool, function

STATES = ("STARTED", "IN_PROGRESS", "ERROR", "BLOCKED", "COMPLETED", "FAILED")
_FIELD = re.compile(
    r"^\s*(?:[-*]\s+)?\**\s*(AGENT STATUS|TASK|PROGRESS|NEXT ACTION|ISSUES|BLOCKED)\s*\**\s*:\s*\**\s*(.*?)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Status:
    """One report. `done` of `total` steps; `blocked_reason` says what is needed when `blocked`."""

    phase: str
    status: str
    current_step: str
    task: str = ""
    done: int = 0
    total: int = 0
    next_action: str = ""
    issues: str = "NONE"
    blocked: bool = False
    blocked_reason: str = ""

    @property
    def completed(self) -> bool:
        """True when the agent says that its phase is done."""
        return self.status.upper().replace(" ", "_") in ("COMPLETED", "COMPLETE", "DONE")

    def line(self, elapsed: float, usd: float) -> str:
        """The report on one line; the task id and the region are put before it by the narration."""
        steps = f" [{self.done}/{self.total}]" if self.total else ""
        parts = [f"{self.phase} - {self.status} - {_short(self.current_step)}{steps}"]
        if self.issues and self.issues.upper() != "NONE":
            parts.append(f"issues: {_short(self.issues)}")
        if self.blocked:
            parts.append(f"BLOCKED: {_short(self.blocked_reason)}")
        parts.append(f"{elapsed:.0f} s")
        parts.append(f"${usd:.2f}")
        return " · ".join(parts)


def render(status: Status) -> str:
    """The report as the mission's block."""
    blocked = f"YES - {status.blocked_reason}" if status.blocked else "NO"
    return (
        f"**AGENT STATUS**: {status.phase} - {status.status} - {status.current_step}\n"
        f"**TASK**: {status.task}\n"
        f"**PROGRESS**: {status.done}/{status.total} steps completed\n"
        f"**NEXT ACTION**: {status.next_action}\n"
        f"**ISSUES**: {status.issues or 'NONE'}\n"
        f"**BLOCKED**: {blocked}\n"
    )


def parse(text: str) -> tuple[Status | None, list[str]]:
    """The last status block in prose, and what is wrong with it.

    Returns (None, []) when there is no block, (None, problems) for one too broken to use, and (status, problems)
    for one that can be read, perhaps with fields missing.
    """
    found: dict[str, str] = {}
    for line in text.split("\n"):
        match = _FIELD.match(line)
        if not match:
            continue
        name = match[1].upper()
        if name == "AGENT STATUS":
            found = {}
        found.setdefault(name, re.sub(r"\*\*$", "", match[2]).strip())
    if not found or set(found) <= {"TASK", "ISSUES"}:
        return None, []
    problems = [f"{name} is missing" for name in ("AGENT STATUS", "PROGRESS", "BLOCKED") if name not in found]
    if "AGENT STATUS" not in found:
        return None, problems
    parts = [part.strip(" []") for part in re.split(r"\s+[-–—]\s+", found["AGENT STATUS"], maxsplit=2)]
    if len(parts) < 3:
        problems.append(f"AGENT STATUS has {len(parts)} of 3 parts")
        parts += [""] * (3 - len(parts))
    progress = re.search(r"(\d+)\s*(?:/|of)\s*(\d+)", found.get("PROGRESS", ""))
    if "PROGRESS" in found and not progress:
        problems.append(f"PROGRESS {found['PROGRESS']!r} names no x/y")
    blocked = re.match(r"\[?\s*(YES|NO)\b[\]\s]*(?:[-–—:]\s*)?(.*)", found.get("BLOCKED", "NO"), re.IGNORECASE)
    if blocked is None:
        problems.append(f"BLOCKED {found['BLOCKED']!r} is neither YES nor NO")
    return (
        Status(
            phase=parts[0],
            status=parts[1],
            current_step=parts[2],
            task=found.get("TASK", ""),
            done=int(progress[1]) if progress else 0,
            total=int(progress[2]) if progress else 0,
            next_action=found.get("NEXT ACTION", ""),
            issues=found.get("ISSUES", "NONE") or "NONE",
            blocked=bool(blocked and blocked[1].upper() == "YES"),
            blocked_reason=blocked[2] if blocked else "",
        ),
        problems,
    )


def tool(heard: Callable[[Status], str]) -> Tool:
    """`report_status`; `heard(status)` returns what the agent is told."""

    def work(given: dict[str, Any]) -> str:
        return heard(Status(**given))

    text = {"type": "string"}
    return function(
        "report_status",
        "Tell the coordinator where you are: at the start, at each step, at each error, when blocked, at the end "
        "(status COMPLETED). When blocked is true the result says what was done about it or what to try.",
        {
            "phase": text,
            "status": {"type": "string", "enum": list(STATES)},
            "current_step": text,
            "task": text,
            "done": {"type": "integer"},
            "total": {"type": "integer"},
            "next_action": text,
            "issues": text,
            "blocked": {"type": "boolean"},
            "blocked_reason": text,
        },
        work,
        repeatable=True,
    )


def tell(status: Status, elapsed: float, usd: float) -> None:
    """Narrate a report."""
    line = status.line(elapsed, usd)
    if status.blocked or status.status in ("ERROR", "FAILED"):
        say.warn(line)
    elif status.completed:
        say.done(line)
    else:
        say.work(line)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 160 else text[:157] + "..."
