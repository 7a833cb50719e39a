"""One conversation of one agent: the SDK's tool loop, bounded, recorded after every turn, taken up where it stopped.

Each tool call is written down before it runs and after: when the work is taken up again, a finished call is not
repeated, and one that was cut is reported to the model as cut, so that every command runs at most once.
"""

from __future__ import annotations

import math
import time
import warnings
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kit import clock, say
from kit.agents import engines, transcript
from kit.agents.budget import Ledger, Prices, Tokens, estimate
from kit.agents.faults import Escalation, Refused, from_sdk, told_to_agent
from kit.agents.tools import Tool, check_input
from kit.agents.watch import Watch
from kit.errors import Failure, StopAll
from kit.redact import redact
from kit.run.rundir import Run

SETTINGS_NAMES = {
    "iac-infra-generator": "generator",
    "iac-infra-qa-trainer": "qa_trainer",
    "iac-code-reviewer": "reviewer",
}
_HEALS = 2  # times in a row that an odd reply is asked for again


class Conversation:
    """What one agent and one model say to each other in one phase.

    `system` and `opening` are the prompts; `tools` what the agent may call. A conversation of the same round, agent,
    model and prompts that was cut is taken up again, unless `anew`.
    """

    def __init__(
        self,
        run: Run,
        agent: str,
        *,
        system: str,
        opening: str,
        tools: Sequence[Tool],
        watch: Watch | None = None,
        client: Any = None,
        anew: bool = False,
        branch: tuple[Path, int] | None = None,
    ) -> None:
        self.run, self.agent = run, agent
        settings = run.settings
        self.choice = engines.choose(settings, SETTINGS_NAMES[agent])
        self.prices = Prices.of(settings, self.choice.model)
        self.watch = watch or Watch(time.monotonic() + settings["limits.max_minutes"] * 60)
        self.client = client or engines.client(self.choice, settings, self.watch)
        self.system, self.tools = redact(system), list(tools)
        self.ledger = Ledger(run.repo, run.task_id)
        self.began = time.monotonic()
        self.last_text = ""
        self._pending: deque[Any] = deque()
        self._escaped: BaseException | None = None
        self._heals = 0
        start = {
            "agent": agent,
            "round": run.round,
            "engine": self.choice.engine,
            "model": self.choice.model,
            "max_tokens": settings["models.max_tokens"],
            "system": self.system,
            "tools": [tool.definition for tool in self.tools],
            "opening": redact(opening),
        }
        past = self._take_up(start, anew, branch)
        if past is None:
            self.path = transcript.fresh(run, agent, run.round)
            past = transcript.Past(start, [{"role": "user", "content": start["opening"]}])
            self.record = transcript.Transcript(self.path)
            self.record.add("start", **start)
        self.messages, self.turns, self.usd = past.messages, past.turns, past.usd
        self._prompt_tokens = float(past.used_tokens) or estimate(start)
        self._chain = transcript.Chain({key: start[key] for key in ("model", "max_tokens", "system", "tools")})
        self._chained = 0
        if past.messages[-1]["role"] == "assistant":
            self._answer_the_rest(past)

    def work(self, finished: Callable[[], bool], nudge: str = "") -> bool:
        """Let the agent work until `finished()`, or until it stops twice without it; returns `finished()`.

        `nudge` is said once when it stops too early. Raises `Failure` when a budget is used up or the model cannot
        be reached; all that was done so far is saved.
        """
        nudged = not nudge
        while not finished():
            ending = self._turns(finished)
            if finished():
                break
            if ending == "heal":
                continue
            if nudged:
                return False
            nudged = True
            self.say(nudge)
        return True

    def say(self, text: str) -> None:
        """Say something to the agent, as the scripts."""
        self._add_user([{"type": "text", "text": redact(text)}])

    def end(self, outcome: str) -> None:
        """Write down how the phase ended and close the transcript."""
        self.record.add("end", outcome=outcome, turns=self.turns, usd=self.usd, sync=True)
        self.record.close()

    @property
    def elapsed(self) -> float:
        """Seconds since this process took the conversation up."""
        return time.monotonic() - self.began

    def _turns(self, finished: Callable[[], bool]) -> str:
        """Turns until the agent stops. Returns "stop", or "heal" when the same has to be asked again."""
        self._check_budgets()
        runner = self._runner()
        while True:
            began = time.monotonic()
            self.watch.reset()
            message = self._receive(runner)
            if message is None:
                return "stop"
            kept = self._keep(message, time.monotonic() - began)
            if not kept:
                return "heal"
            calls = [block for block in message.content if block.type == "tool_use"]
            if message.stop_reason in ("pause_turn", "compaction"):
                self._check_budgets()
                continue
            if message.stop_reason != "tool_use" or not calls:
                return self._stopped(message, calls)
            self._heals = 0
            known = {tool.name for tool in self.tools}
            self._pending = deque(block for block in calls if block.name in known)
            response = runner.generate_tool_call_response()
            if self._escaped is not None:
                raise self._escaped
            self._add_user([dict(result) for result in response["content"]])
            if finished():
                return "stop"
            self._check_budgets()

    def _runner(self) -> Any:
        warnings.filterwarnings("ignore", message="Tool '.*' not found in tool runner")
        parameters = {
            "model": self.choice.model,
            "max_tokens": self.run.settings["models.max_tokens"],
            "system": self.system,
            "tools": [_runnable(tool, self._perform_pending) for tool in self.tools],
            "messages": list(self.messages),
            "cache_control": {"type": "ephemeral"},
        }
        messages = self.client.beta.messages
        if engines.threaded(self.choice, self.run.settings):
            thread = messages.thread(**parameters, unsupported_request_behavior="continue_unthreaded")
            return thread.tool_runner()
        return messages.tool_runner(**parameters, thread=False)

    def _receive(self, runner: Any) -> Any:
        try:
            with clock.outside():
                return next(runner, None)
        except Failure:
            self._count_unread()
            raise
        except Exception as error:
            self._count_unread()
            raise from_sdk(error, self.agent) from error

    def _keep(self, message: Any, seconds: float) -> bool:
        """Record a reply; False when it is no use and has to be asked for again."""
        if not hasattr(message, "stop_reason"):
            self._count_unread()
            raise Failure(f"{self.agent}: the API answered with something that is no message: {str(message)[:80]!r}")
        for block in message.content:
            if block.type == "tool_use":
                block.input = _finite(block.input)
        whole = message.to_dict()
        for block in whole["content"]:
            block.pop("parsed_output", None)
        tokens = Tokens.of(whole.get("usage") or {})
        usd = self.prices.usd(tokens)
        self.ledger.add(agent=self.agent, round=self.run.round, model=self.choice.model, tokens=tokens, usd=usd)
        kept = bool(message.content) and message.stop_reason is not None and message.stop_reason != "refusal"
        self.turns += 1
        self.usd += usd
        self._prompt_tokens = tokens.prompt + tokens.output
        record = self.record.add(
            "reply",
            turn=self.turns,
            message=whole,
            kept=kept,
            tokens=asdict(tokens),
            usd=usd,
            seconds=round(seconds, 3),
            attempts=self.watch.attempts,
            request=self._digest(),
            sync=True,
        )
        if message.stop_reason == "refusal":
            raise Failure(
                f"{self.agent}: the model refused to answer (turn {self.turns}); the work so far is saved",
                hint=f"read it: python scripts/run_agent.py --show {self.path.stem} --task {self.run.task_id}",
            )
        if kept:
            self.messages.append({"role": "assistant", "content": record["message"]["content"]})
            self.last_text = "\n".join(block.text for block in message.content if block.type == "text")
            return True
        self._heal("a reply without a stop reason" if message.content else "an empty reply")
        return False

    def _stopped(self, message: Any, calls: list[Any]) -> str:
        if message.stop_reason == "model_context_window_exceeded":
            raise Failure(f"{self.agent}: the conversation no longer fits the model's context", hint="make qa anew")
        if message.stop_reason == "max_tokens" or calls:
            self._heal(f"a reply that ended with {message.stop_reason}")
            reason = f"Not run: the reply ended with stop_reason {message.stop_reason}."
            results = [
                {"type": "tool_result", "tool_use_id": block.id, "content": reason, "is_error": True} for block in calls
            ]
            advice = "Your last reply was cut off. Go on in smaller steps; write long files in several parts."
            self._add_user([*results, {"type": "text", "text": advice}])
            return "heal"
        return "stop"

    def _heal(self, what: str) -> None:
        self._heals += 1
        if self._heals > _HEALS:
            raise Failure(
                f"{self.agent}: {what}, {self._heals} times in a row; the work so far is saved", hint="make resume"
            )
        say.warn(f"{self.agent}: {what} (turn {self.turns}); asking again")

    def _check_budgets(self) -> None:
        limits = self.run.settings
        if self.turns >= limits["limits.max_turns"]:
            raise Failure(
                f"{self.agent}: exceeded turn limit: {limits['limits.max_turns']:,}; the work so far is saved",
                hint=f"make resume with MAX_TURNS={limits['limits.max_turns'] * 2}",
            )
        if self.watch.left <= 0:
            raise Failure(
                f"{self.agent}: exceeded wall time limit: {limits['limits.max_minutes']:g} minutes; the work so far is saved",
                hint="make resume, or raise MAX_MINUTES",
            )
        new = [message for message in self.messages[self._chained :] if message["role"] == "user"]
        self.ledger.check(limits, self.prices.worst(self._prompt_tokens + estimate(new), limits["models.max_tokens"]))

    def _perform_pending(self, tool: Tool, given: Any) -> str:
        block = self._pending.popleft()
        if self._escaped is not None:
            return "not run"
        result = self._perform(tool, block.id, given)
        if result.get("is_error"):
            raise Refused(result["content"])
        return str(result["content"])

    def _perform(self, tool: Tool, call_id: str, given: Any) -> dict[str, Any]:
        """Run one call, written down before and after."""
        self.record.add("tool", id=call_id, name=tool.name, state="started")
        began = time.monotonic()
        result: dict[str, Any] = {"type": "tool_result", "tool_use_id": call_id}
        try:
            result["content"] = redact(tool.work(check_input(tool, given)))
        except Refused as refused:
            result |= {"content": redact(str(refused)), "is_error": True}
        except (StopAll, Escalation) as failure:
            self._escaped = failure
            result |= {"content": redact(str(failure)), "is_error": True}
        except Failure as failure:
            result |= {"content": redact(told_to_agent(failure)), "is_error": True}
        except Exception as bug:
            self._escaped = bug
            result |= {"content": f"internal error: {type(bug).__name__}", "is_error": True}
        self.record.add(
            "tool", id=call_id, name=tool.name, state="done", seconds=round(time.monotonic() - began, 3), result=result
        )
        return result

    def _add_user(self, content: list[dict[str, Any]]) -> None:
        self.record.add("user", content=content)
        transcript.add_user(self.messages, transcript.clean(content))

    def _answer_the_rest(self, past: transcript.Past) -> None:
        content = past.messages[-1]["content"]
        by_name = {tool.name: tool for tool in self.tools}
        results = []
        for block in content if isinstance(content, list) else []:
            if block["type"] != "tool_use":
                continue
            done = past.results.get(block["id"])
            if done is None and block["id"] in past.interrupted:
                cut = "Interrupted: it may have run in part. Look at the files before doing it again. The shell is new."
                done = {"type": "tool_result", "tool_use_id": block["id"], "content": cut, "is_error": True}
            if done is None and block["name"] not in by_name:
                unknown = f"Error: Tool '{block['name']}' not found"
                done = {"type": "tool_result", "tool_use_id": block["id"], "content": unknown, "is_error": True}
            results.append(done or self._perform(by_name[block["name"]], block["id"], block["input"]))
        if self._escaped is not None:
            raise self._escaped
        self._add_user(results or [{"type": "text", "text": "Go on."}])

    def _take_up(self, start: dict[str, Any], anew: bool, branch: tuple[Path, int] | None) -> transcript.Past | None:
        if branch is not None:
            return self._branch_off(start, *branch)
        path = None if anew else transcript.latest(self.run, self.agent, self.run.round)
        if path is None:
            return None
        past = transcript.fold(transcript.read(path))
        if past.end is not None or any(past.start.get(key) != transcript.clean(value) for key, value in start.items()):
            return None
        self.path, self.record = path, transcript.Transcript(path)
        say.work(f"{self.agent}: taken up at turn {past.turns}")
        return past

    def _branch_off(self, start: dict[str, Any], path: Path, turn: int) -> transcript.Past:
        records = transcript.read(path)
        past = transcript.fold(records, upto=turn)
        if past.turns < turn:
            raise Failure(f"{path.name}: has {past.turns} turns, no turn {turn}", hint=f"--from-turn 1 to {past.turns}")
        self.path = transcript.fresh(self.run, self.agent, self.run.round)
        self.record = transcript.Transcript(self.path)
        self.record.add("start", **(start | {"opening": past.start["opening"], "branch": [path.name, turn]}))
        count = 0
        for record in records[1:]:
            count += record["type"] == "reply"
            if count > turn or record["type"] == "end":
                break
            details = {key: value for key, value in record.items() if key not in ("type", "at")}
            self.record.add(record["type"], **(details | ({"usd": 0.0} if record["type"] == "reply" else {})))
        past.usd, past.end = 0.0, None
        return past

    def _digest(self) -> str:
        for message in self.messages[self._chained :]:
            self._chain.add(message)
        self._chained = len(self.messages)
        return self._chain.digest

    def _count_unread(self) -> None:
        """What was answered and paid for, yet could not be read as a message."""
        for body in self.watch.billed:
            tokens = Tokens.found_in(body)
            usd = self.prices.usd(tokens)
            self.usd += usd
            self.ledger.add(
                agent=self.agent, round=self.run.round, model=self.choice.model, tokens=tokens, usd=usd, parsed=False
            )
        self.watch.reset()


def _finite(value: Any) -> Any:
    """`value` with NaN and infinities as words: JSON has none, so that such a reply could not be sent back."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value


def _runnable(tool: Tool, perform: Callable[[Tool, Any], str]) -> Any:
    from anthropic.lib.tools import BetaBuiltinFunctionTool, ToolError

    class Runnable(BetaBuiltinFunctionTool):
        def to_dict(self) -> Any:
            return tool.definition

        def call(self, input: object) -> str:
            try:
                return perform(tool, input)
            except Refused as refused:
                raise ToolError(str(refused)) from refused

    return Runnable()
