"""Tool calls that a crash cut off: a stage is run again, everything else is told and left to the agent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.agents.calls import Calls
from kit.agents.tools import Tool, function
from kit.agents.transcript import Transcript


def tool(name: str, done: list[str], *, repeatable: bool) -> Tool:
    """A tool that counts its calls."""

    def work(given: dict[str, Any]) -> str:
        done.append(name)
        return f"{name} ran"

    return function(name, "counts", {}, work, repeatable=repeatable)


@pytest.mark.parametrize(("repeatable", "times", "told"), [(True, 1, "once ran"), (False, 0, "Interrupted")])
def test_only_a_repeatable_call_is_made_again(tmp_path: Path, repeatable: bool, times: int, told: str) -> None:
    done: list[str] = []
    record = Transcript(tmp_path / "1-agent-1.jsonl")
    calls = Calls([tool("once", done, repeatable=repeatable)], record)
    content = [{"type": "tool_use", "id": "t1", "name": "once", "input": {}}]
    answers = calls.answer_the_rest(content, {}, {"t1"})
    record.close()
    assert len(done) == times
    assert answers[0]["tool_use_id"] == "t1"
    assert str(answers[0]["content"]).startswith(told)


def test_a_known_result_is_never_asked_for_again(tmp_path: Path) -> None:
    done: list[str] = []
    record = Transcript(tmp_path / "1-agent-1.jsonl")
    calls = Calls([tool("once", done, repeatable=True)], record)
    known = {"type": "tool_result", "tool_use_id": "t1", "content": "as it was"}
    content = [{"type": "tool_use", "id": "t1", "name": "once", "input": {}}]
    assert calls.answer_the_rest(content, {"t1": known}, {"t1"}) == [known]
    record.close()
    assert done == []
