"""A real repository with a run in it, and models whose replies a test writes down."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kit.run.git import git
from kit.run.rundir import Run
from kit.settings import Settings

TASK = {
    "task_id": "277",
    "source": "tasks.csv",
    "line": 2,
    "difficulty": "medium",
    "subtask": "Serverless",
    "subtask_mapped": "Application Deployment",
    "title": "Order uploads",
    "text": "Background\nAn S3 bucket takes order files.\n\nConstraints\n- encrypted",
    "fields": {},
    "platform": "cfn",
    "language": "yaml",
    "region": "eu-west-1",
    "region_named": True,
    "witness": {},
    "notes": [],
}

Reply = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "AWS_PROFILE", "MODEL", "SANDBOX", "LOOP_STARTED"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    repo = tmp_path / "repo"
    repo.mkdir()
    git(repo, "init", "-q", "-b", "main")
    git(repo, "config", "user.email", "t@example.org")
    git(repo, "config", "user.name", "T")
    (repo / ".gitignore").write_text("worktree/\n.runs/\nnode_modules/\n")
    (repo / "package.json").write_text("{}\n")
    (repo / "lib").mkdir()
    (repo / "lib" / "TapStack.yml").write_text("Resources: {}\n")
    (repo / "test").mkdir()
    (repo / "test" / "tap-stack.unit.test.ts").write_text("placeholder\n")
    git(repo, "add", "--all")
    git(repo, "commit", "-q", "-m", "base")
    git(repo, "worktree", "add", "-q", "-b", "IAC-synth-277", "worktree/IAC-synth-277")
    made = Run(repo, "277", Settings.load(repo, environ={}))
    made.dir.mkdir(parents=True)
    (made.dir / "task.json").write_text(json.dumps(TASK))
    made.about()
    return made


def with_settings(run: Run, **values: Any) -> Run:
    """The same run with other settings, such as limits__max_turns=3."""
    flags = {name.replace("__", "."): value for name, value in values.items()}
    return Run(run.repo, run.task_id, Settings.load(run.repo, environ={}, flags=flags))


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Callable[[Reply], None]:
    """Let `reply(body with the full history)` answer in the place of the rehearsal model."""

    def use(reply: Reply) -> None:
        module = ModuleType("kit.rehearsal.model")
        module.reply = reply  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "kit.rehearsal.model", module)
        import kit.rehearsal

        monkeypatch.setattr(kit.rehearsal, "model", module, raising=False)

    return use


class Script:
    """Answers the n-th turn of each agent with the n-th entry: text, or a list of (tool, input)."""

    def __init__(self, **turns: list[Any]) -> None:
        self.turns = turns
        self.bodies: list[dict[str, Any]] = []

    def __call__(self, body: dict[str, Any]) -> dict[str, Any]:
        self.bodies.append(body)
        system = body.get("system") or ""
        agent = next((name for name in ("generator", "qa", "reviewer") if f"-{name}" in str(system)[:40]), "response")
        n = sum(message["role"] == "assistant" for message in body["messages"])
        turns = self.turns[agent]
        return message(turns[min(n, len(turns) - 1)], f"{agent}-{n}-{len(self.bodies)}")


def message(turn: Any, name: str, stop: str | None = "") -> dict[str, Any]:
    """A reply as the API sends it."""
    content: list[dict[str, Any]] = []
    calls = turn if isinstance(turn, list) else []
    if isinstance(turn, str):
        content.append({"type": "text", "text": turn})
    for number, (tool, given) in enumerate(calls):
        content.append({"type": "tool_use", "id": f"toolu_{name}_{number}", "name": tool, "input": given})
    return {
        "id": f"msg_{name}",
        "type": "message",
        "role": "assistant",
        "model": "rehearsal",
        "content": content,
        "stop_reason": ("tool_use" if calls else "end_turn") if stop == "" else stop,
        "stop_sequence": None,
        "usage": {
            "input_tokens": 100,
            "output_tokens": 10,
            "cache_creation_input_tokens": 5,
            "cache_read_input_tokens": 50,
        },
    }


def report(status: str = "COMPLETED", *, blocked: bool = False, reason: str = "") -> tuple[str, dict[str, Any]]:
    """A report_status call."""
    return "report_status", {
        "phase": "PHASE",
        "status": status,
        "current_step": "step",
        "task": "277",
        "done": 1,
        "total": 2,
        "next_action": "next",
        "issues": "NONE",
        "blocked": blocked,
        "blocked_reason": reason,
    }


def edit(path: str, text: str) -> tuple[str, dict[str, Any]]:
    """A create call of the editor."""
    return "str_replace_based_edit_tool", {"command": "create", "path": path, "file_text": text}
