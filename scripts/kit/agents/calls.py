"""An agent's tool calls: each written down before it runs and after, so that none is ever run twice."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from kit.agents.faults import Escalation, Refused, told_to_agent
from kit.agents.tools import Tool, check_input
from kit.agents.transcript import Transcript
from kit.errors import Failure, StopAll
from kit.redact import redact

_CUT = "Interrupted: it may have run in part. Look at the files before doing it again. The shell is new."


class Calls:
    """Runs the calls of one reply after the other.

    What must not go to the model (a bug, a reason to stop) is kept in `escaped` and raised by the loop.
    """

    def __init__(self, tools: Sequence[Tool], record: Transcript) -> None:
        self.tools = {tool.name: tool for tool in tools}
        self.record = record
        self.escaped: BaseException | None = None
        self._pending: deque[Any] = deque()

    def expect(self, blocks: Iterable[Any]) -> None:
        """Take the tool_use blocks that the SDK is about to run, in its order."""
        self._pending = deque(block for block in blocks if block.name in self.tools)

    def runnables(self) -> list[Any]:
        """The tools as the SDK's loop takes them."""
        from anthropic.lib.tools import BetaBuiltinFunctionTool, ToolError

        calls = self

        class Runnable(BetaBuiltinFunctionTool):
            def __init__(self, tool: Tool) -> None:
                self.tool = tool

            def to_dict(self) -> Any:
                return self.tool.definition

            def call(self, input: object) -> str:
                # The SDK passes no id; it runs the blocks in the order in which they stand.
                result = calls.perform(self.tool, calls._pending.popleft().id, input)
                if result.get("is_error"):
                    raise ToolError(result["content"])
                return str(result["content"])

        return [Runnable(tool) for tool in self.tools.values()]

    def perform(self, tool: Tool, call_id: str, given: Any) -> dict[str, Any]:
        """Run one call; the tool_result block. Once something escaped, nothing more is run."""
        result: dict[str, Any] = {"type": "tool_result", "tool_use_id": call_id}
        if self.escaped is not None:
            return result | {"content": "not run", "is_error": True}
        self.record.add("tool", id=call_id, name=tool.name, state="started")
        began = time.monotonic()
        try:
            result["content"] = redact(tool.work(check_input(tool, given)))
        except Refused as refused:
            result |= {"content": redact(str(refused)), "is_error": True}
        except (StopAll, Escalation) as failure:
            self.escaped = failure
            result |= {"content": redact(str(failure)), "is_error": True}
        except Failure as failure:
            result |= {"content": redact(told_to_agent(failure)), "is_error": True}
        except Exception as bug:
            self.escaped = bug
            result |= {"content": f"internal error: {type(bug).__name__}", "is_error": True}
        seconds = round(time.monotonic() - began, 3)
        self.record.add("tool", id=call_id, name=tool.name, state="done", seconds=seconds, result=result)
        return result

    def answer_the_rest(
        self, content: Any, results: dict[str, dict[str, Any]], interrupted: set[str]
    ) -> list[dict[str, Any]]:
        """The results for a reply whose calls were cut: those known, those cut told as cut unless they are repeatable, the others run now."""
        answers = []
        for block in content if isinstance(content, list) else []:
            if block["type"] != "tool_use":
                continue
            known = results.get(block["id"])
            again = block["name"] in self.tools and self.tools[block["name"]].repeatable
            if known is None and block["id"] in interrupted and not again:
                known = _error(block["id"], _CUT)
            if known is None and block["name"] not in self.tools:
                known = _error(block["id"], f"Error: Tool '{block['name']}' not found")
            answers.append(known or self.perform(self.tools[block["name"]], block["id"], block["input"]))
        return answers or [{"type": "text", "text": "Go on."}]


def not_run(blocks: Iterable[Any], reason: str) -> list[dict[str, Any]]:
    """Results for calls that were asked for and are not run."""
    return [_error(block.id, f"Not run: {reason}") for block in blocks]


def _error(call_id: str, text: str) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": call_id, "content": text, "is_error": True}
