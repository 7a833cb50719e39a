"""What is done at once when an agent reports BLOCKED: YES: mend it, else guide the agent, else call the user."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from kit import command, say
from kit.agents.faults import Escalation
from kit.agents.status import Status
from kit.errors import Failure
from kit.run.git import git
from kit.run.rundir import Run
from kit.settings import TOOLKIT

Resolver = Callable[[Run, str], str]


class Blockages:
    """Remembers what an agent was blocked by in this phase: the same twice, or four in all, go to the user."""

    MOST = 4

    def __init__(self, run: Run) -> None:
        self.run = run
        self._seen: dict[str, int] = {}

    def resolve(self, status: Status) -> str:
        """What the agent is told. Raises `Escalation` when mending and guidance did not help before."""
        reason = " ".join((status.blocked_reason or status.issues).split())
        kind, resolver = _kind(reason)
        key = f"{kind}:{_key(reason)}"
        self._seen[key] = self._seen.get(key, 0) + 1
        self.run.journal.add("blocked", agent_phase=status.phase, kind=kind, reason=reason[:500], times=self._seen[key])
        if self._seen[key] > 2 or sum(self._seen.values()) > self.MOST:
            raise Escalation(
                f"{status.phase} is blocked and needs you: {reason[:300]}",
                hint=f"put it right in {self.run.worktree}, then make resume",
            )
        if self._seen[key] == 1:
            try:
                mended = resolver(self.run, reason)
            except Failure as failure:
                mended = ""
                say.warn(f"could not mend it: {failure}")
            if mended:
                say.done(f"unblocked: {mended}")
                return f"Mended: {mended}. Go on."
        return f"Guidance: {_GUIDANCE[kind]} Report blocked again only if this does not help; then the user is called."


def _kind(reason: str) -> tuple[str, Resolver]:
    for kind, pattern, resolver in _RESOLVERS:
        if re.search(pattern, reason, re.IGNORECASE):
            return kind, resolver
    return "other", lambda run, reason: ""


def _key(reason: str) -> str:
    words = re.findall(r"[a-z][\w./-]{3,}", reason.lower())
    return " ".join(sorted(set(words))[:12])


def _missing_file(run: Run, reason: str) -> str:
    tracked = set(git(run.worktree, "ls-files", "-z").split("\0"))
    named = [path for path in re.findall(r"[\w@.+-]+(?:/[\w@.+-]+)*\.\w+", reason) if path in tracked]
    gone = [path for path in named if not (run.worktree / path).exists()]
    for path in gone:
        git(run.worktree, "checkout-index", "--", path)
    return f"restored {', '.join(gone)} as last committed" if gone else ""


def _missing_dependency(run: Run, reason: str) -> str:
    script = TOOLKIT / "scripts" / "install_deps.py"
    if not script.exists():
        return ""
    words: list[str | Path] = [sys.executable, script, "--repo", run.repo, "--task", run.task_id, "--again"]
    command.run(words, cwd=run.repo, timeout=run.settings["ladder.stage_minutes"] * 60, log=run.logs / "unblock.log")
    return "the dependencies of the lock file were installed anew"


def _port(run: Run, reason: str) -> str:
    from kit.ladder import clouds

    clouds.open_cloud(run).stop()
    return "the emulated cloud was stopped; the next stage starts it on a free port"


def _stale_stack(run: Run, reason: str) -> str:
    from kit.ladder import stages

    receipt = stages.run_stage(run, "destroy", again=True)
    return "the stale stack was destroyed" if receipt.passed else ""


def _name_conflict(run: Run, reason: str) -> str:
    return ""


_RESOLVERS: tuple[tuple[str, str, Resolver], ...] = (
    ("stale stack", r"ROLLBACK_COMPLETE|ROLLBACK_FAILED|DELETE_FAILED|REVIEW_IN_PROGRESS", _stale_stack),
    (
        "name conflict",
        r"already ?exists|AlreadyOwnedByYou|name conflict|EntityAlreadyExists|name .*(taken|in use)",
        _name_conflict,
    ),
    ("port", r"EADDRINUSE|address already in use|port .*(taken|in use|busy)", _port),
    (
        "dependency",
        r"cannot find module|no module named|ModuleNotFoundError|missing (dependency|package)|command not found|not installed",
        _missing_dependency,
    ),
    ("file", r"no such file|ENOENT|missing file|file .*(missing|not found|does not exist)", _missing_file),
)
_GUIDANCE = {
    "stale stack": "Run the stage destroy, then deploy again; find in the receipt which resource failed first.",
    "name conflict": "Put the EnvironmentSuffix parameter into the name of that resource, so that no two stacks share it.",
    "port": "Do not start servers on fixed ports; let the stages start what they need.",
    "dependency": "Use what is in node_modules or the virtual environment; the lock file cannot be changed, so write it without a new dependency.",
    "file": "Look at what is there with the editor's view; create the file below lib/, bin/ or test/, or name the one that exists.",
    "other": "Take the smallest step that can be checked by a stage, read its receipt, and work around what you cannot change.",
}
