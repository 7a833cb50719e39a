"""What one agent has before it in one phase: its shell, its editor, its tools, and what it has reported."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType

from kit import say
from kit.agents import blocked, engines, places, sandbox, status
from kit.agents.editor import Editor
from kit.agents.loop import SETTINGS_NAMES, Conversation
from kit.agents.prompts import system
from kit.agents.shell import Shell
from kit.agents.tools import Tool
from kit.agents.watch import Watch
from kit.errors import Failure
from kit.run.rundir import Run

NUDGE = (
    "The coordinator has no closing report from you. When your work is done, call report_status with status COMPLETED; "
    "otherwise go on."
)


class Desk:
    """A context manager: the shell ends with it.

    `refusal(path)` says why the agent may not write a path; `writable` are the paths of the worktree that its shell
    may write (None: the work folders).
    """

    def __init__(
        self, run: Run, agent: str, *, refusal: Callable[[str], str], writable: tuple[str, ...] | None = None
    ) -> None:
        self.run, self.agent = run, agent
        self.watch = Watch(time.monotonic() + run.settings["limits.max_minutes"] * 60)
        self.completed = False
        self.reports: list[status.Status] = []
        self.conversation: Conversation | None = None
        self._blockages = blocked.Blockages(run)
        live = engines.choose(run.settings, SETTINGS_NAMES[agent]).live
        mode = sandbox.mode(run.settings, live=live)
        run.journal.add("sandbox", agent=agent, mode=mode)
        self.shell = Shell(
            run.worktree,
            run.logs / f"{run.round}-{agent}.shell.log",
            self.watch,
            mode=mode,
            writable=writable,
            extra={
                "ENVIRONMENT_SUFFIX": run.suffix,
                "AWS_REGION": run.region,
                "AWS_DEFAULT_REGION": run.region,
                "CI": "true",
            },
        )
        self.editor = Editor(run.worktree, refusal)

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shell.close()
        # A conversation that was cut is not ended, but its file and the thread that syncs it are let go.
        with suppress(Failure):
            if self.conversation is not None:
                self.conversation.record.close()

    def open(self, opening: str, more: Sequence[Tool] = (), about: str = "") -> Conversation:
        """Begin the conversation, or take up one `about` the same where it was cut."""
        tools = [self.shell.tool(), self.editor.tool(), status.tool(self.heard), *more]
        self.conversation = Conversation(
            self.run, self.agent, system=system(self.agent), opening=opening, about=about, tools=tools, watch=self.watch
        )
        return self.conversation

    def heard(self, report: status.Status) -> str:
        """Take a report: narrate it, and act at once when the agent is blocked."""
        talk = self.conversation
        status.tell(report, talk.elapsed if talk else 0.0, talk.usd if talk else 0.0)
        self.reports.append(report)
        if report.blocked:
            return self._blockages.resolve(report)
        self.completed = self.completed or report.completed
        return "noted"

    @property
    def blocked_by(self) -> str:
        """The reason in the last report, when that was BLOCKED: YES; else empty."""
        last = self.reports[-1] if self.reports else None
        return (last.blocked_reason or last.issues) if last is not None and last.blocked else ""

    def work(self, *, done: Callable[[], bool] | None = None, nudge: str = NUDGE) -> bool:
        """Let the agent work until it reports COMPLETED (or `done()`); one nudge, then its silence is noted."""
        assert self.conversation is not None
        if self.conversation.work(lambda: self._prose() or (done() if done else self.completed), nudge):
            return True
        self.run.journal.add("status_missing", agent=self.agent)
        say.warn(f"{self.agent}: no closing report, also after a nudge; what it left behind is checked all the same")
        return False

    def _prose(self) -> bool:
        """Read a status block in the agent's last words; always false, the reports say the rest."""
        assert self.conversation is not None
        text, self.conversation.last_text = self.conversation.last_text, ""
        report, problems = status.parse(text) if text else (None, [])
        if problems:
            self.run.journal.add("status_broken", agent=self.agent, problems=problems)
        # Most agents end by repeating in prose what they have just reported.
        if report is not None and not self._is_repeated(report):
            told = self.heard(report)
            if report.blocked:
                self.conversation.say(told)
        return False

    def _is_repeated(self, report: status.Status) -> bool:
        last = self.reports[-1] if self.reports else None
        return last is not None and (last.status, last.current_step) == (report.status, report.current_step)


def refuse_all(path: str) -> str:
    """The reason given to an agent that only reads."""
    return f"{path}: this phase only reads"


def work_folders(run: Run) -> Callable[[str], str]:
    """The refusal of an agent that writes code."""
    python = places.python_project(run.task["platform"], run.task["language"])
    return lambda path: places.refusal(path, python=python)
