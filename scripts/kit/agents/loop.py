"""One conversation of one agent: the SDK's tool loop, bounded, recorded after every turn, taken up where it stopped."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from kit import clock, say
from kit.agents import context, engines, transcript
from kit.agents.budget import Ledger, Prices, Tokens, estimate
from kit.agents.calls import Calls, not_run
from kit.agents.faults import from_sdk
from kit.agents.tools import Tool
from kit.agents.watch import Watch
from kit.errors import Failure
from kit.redact import redact
from kit.run.rundir import Run

SETTINGS_NAMES = {
    "iac-infra-generator": "generator",
    "iac-infra-qa-trainer": "qa_trainer",
    "iac-code-reviewer": "reviewer",
}
_HEALS = 2  # times in a row that an odd reply is asked for again
_AGAIN = "Your last reply could not be used ({what}). Go on."
_CUT = "Your last reply was cut off. Go on in smaller steps; write long files in several parts."


class Conversation:
    """What one agent and one model say to each other in one phase.

    `system` and `opening` are the prompts; `tools` what the agent may call. A conversation of the same round, agent,
    model, tools and `about` that was cut is taken up again, with the opening it had.
    """

    def __init__(
        self,
        run: Run,
        agent: str,
        *,
        system: str,
        opening: str,
        tools: Sequence[Tool],
        about: str = "",
        watch: Watch | None = None,
    ) -> None:
        self.run, self.agent = run, agent
        self.choice = engines.choose(run.settings, SETTINGS_NAMES[agent])
        self.prices = Prices.of(run.settings, self.choice.model)
        self.max_tokens = int(run.settings["models.max_tokens"])
        self.watch = watch or Watch(time.monotonic() + run.settings["limits.max_minutes"] * 60)
        self.client = engines.client(self.choice, run.settings, self.watch)
        self.ledger = Ledger(run.repo, run.task_id)
        start = {
            "agent": agent,
            "round": run.round,
            "engine": self.choice.engine,
            "model": self.choice.model,
            "max_tokens": self.max_tokens,
            "system": redact(system),
            "tools": [tool.definition for tool in tools],
            "about": redact(about),
            "opening": redact(opening),
        }
        self.record, past = transcript.begin(run, start)
        self._start(past, tools)

    def _start(self, past: transcript.Past, tools: Sequence[Tool]) -> None:
        start = past.start
        self.system = start["system"]
        self.messages, self.turns, self.usd = past.messages, past.turns, past.usd
        self.began, self.last_text = time.monotonic(), ""
        self.calls = Calls(tools, self.record)
        self._heals, self._mended = 0, False
        self._asked = {call for message in self.messages for call in _call_ids(message["content"])}
        self._prompt_tokens = float(past.used_tokens) or estimate(start["system"], start["tools"])
        self._chain = transcript.Chain({key: start[key] for key in ("model", "max_tokens", "system", "tools")})
        self._chained = 0
        if past.turns:
            say.work(f"{self.agent}: taken up after turn {past.turns}")
        if self.messages[-1]["role"] == "assistant":
            answers = self.calls.answer_the_rest(self.messages[-1]["content"], past.results, past.interrupted)
            self._add_user(answers)
            self._raise_escaped()

    def work(self, finished: Callable[[], bool], nudge: str = "") -> bool:
        """Let the agent work until `finished()`, or until it stops twice without it; returns `finished()`.

        `nudge` is said once when it stops too early. Raises `Failure` when a budget is used up or the model cannot
        be reached; all that was done so far is saved.
        """
        nudged = not nudge
        while not finished():
            healing = self.turn_by_turn(finished)
            if finished():
                break
            if healing:
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

    def turn_by_turn(self, finished: Callable[[], bool]) -> bool:
        """Turns until the agent stops or `finished()`; true when its last reply has to be asked for again."""
        self._check_budgets()
        runner = self._runner()
        try:
            return self._turns(runner, finished)
        finally:
            # Left to the garbage collector, its generator would be ended in the middle of anything, and it sets a
            # context variable then: where one is just being set, that crashes the interpreter.
            runner.close()

    def _turns(self, runner: Any, finished: Callable[[], bool]) -> bool:
        while True:
            began = time.monotonic()
            message = self._receive(runner)
            if message is None:
                return False
            if not self._keep(message, time.monotonic() - began):
                return True
            calls = [block for block in message.content if block.type == "tool_use"]
            if message.stop_reason == "tool_use" and calls:
                self._heals = 0
                self.calls.expect(calls)
                response = runner.generate_tool_call_response()
                self._raise_escaped()
                self._add_user([dict(result) for result in response["content"]])
                if finished():
                    return False
            elif message.stop_reason not in ("pause_turn", "compaction"):
                return self._stopped(message.stop_reason, calls)
            if self._mended:
                # The SDK's loop holds it as it came; the next one begins with what is kept here.
                return True
            self._check_budgets()

    def _runner(self) -> Any:
        warnings.filterwarnings("ignore", message="Tool '.*' not found in tool runner")
        parameters = {
            "model": self.choice.model,
            "max_tokens": self.max_tokens,
            "system": self.system,
            "tools": self.calls.runnables(),
            "messages": list(self.messages),
            "cache_control": {"type": "ephemeral"},
            **context.parameters(self.run.settings),
        }
        messages = self.client.beta.messages
        if engines.threaded(self.choice, self.run.settings):
            thread = messages.thread(**parameters, unsupported_request_behavior="continue_unthreaded")
            return thread.tool_runner()
        return messages.tool_runner(**parameters, thread=False)

    def _receive(self, runner: Any) -> Any:
        self.watch.reset()
        try:
            with clock.outside():
                message = next(runner, None)
            self._pay_unread(failed=False)
            return message
        except Exception as error:
            self._pay_unread(failed=True)
            raise error if isinstance(error, Failure) else from_sdk(error, self.agent) from error

    def _keep(self, message: Any, seconds: float) -> bool:
        """Record a reply; false when it is no use and has to be asked for again."""
        came = message.to_dict()
        for block in message.content:
            if block.type == "tool_use":
                block.input = _finite(block.input)
        # The API sends blocks of nothing but blanks, and does not take them back.
        message.content = [block for block in message.content if not _is_blank(block)]
        whole = message.to_dict()
        self._mended = whole != came
        for block in whole.get("content") or []:
            block.pop("parsed_output", None)
        usage = whole.get("usage") or {}
        tokens = Tokens.billed(usage)
        usd = self._pay(tokens)
        unfit = self._unfit(message, whole)
        kept = not unfit and message.stop_reason != "refusal"
        self.turns += 1
        now = Tokens.of(usage)
        self._prompt_tokens = now.prompt + now.output
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
                hint=f"python scripts/run_agent.py --show {self.record.path.stem} --task {self.run.task_id}",
            )
        if kept:
            self.messages.append({"role": "assistant", "content": record["message"]["content"]})
            self._asked.update(_call_ids(whole["content"]))
            self.last_text = "\n".join(block.text for block in message.content if block.type == "text")
        else:
            self._heal(unfit)
            # Asked the very same again, the API may well answer the same again.
            self._add_user([{"type": "text", "text": _AGAIN.format(what=unfit)}])
        return kept

    def _unfit(self, message: Any, whole: dict[str, Any]) -> str:
        """Why a reply cannot be used, "" when it can."""
        calls = _call_ids(whole["content"])
        if not message.content:
            return "an empty reply"
        if message.stop_reason is None:
            return "a reply without a stop reason"
        if len(set(calls)) < len(calls) or self._asked.intersection(calls):
            return "a reply with calls that were made before"
        return ""

    def _stopped(self, stop_reason: str, calls: list[Any]) -> bool:
        if stop_reason == "model_context_window_exceeded":
            raise Failure(
                f"{self.agent}: the conversation no longer fits the model's context",
                hint="begin the step anew, with a lower models.context_tokens",
            )
        if stop_reason != "max_tokens" and not calls:
            return False
        self._heal(f"a reply that ended with {stop_reason}")
        refused = not_run(calls, f"the reply ended with stop_reason {stop_reason}.")
        self._add_user([*refused, {"type": "text", "text": _CUT}])
        return True

    def _heal(self, what: str) -> None:
        self._heals += 1
        if self._heals > _HEALS:
            times = f"{self._heals} times in a row"
            raise Failure(f"{self.agent}: {what}, {times}; the work so far is saved", hint="make resume")
        say.warn(f"{self.agent}: {what} (turn {self.turns}); asking again")

    def _check_budgets(self) -> None:
        most = self.run.settings["limits.max_turns"]
        if self.turns >= most:
            raise Failure(
                f"{self.agent}: exceeded turn limit: {most:,}; the work so far is saved",
                hint=f"make resume with MAX_TURNS={most * 2}",
            )
        if self.watch.left <= 0:
            minutes = self.run.settings["limits.max_minutes"]
            raise Failure(
                f"{self.agent}: exceeded wall time limit: {minutes:g} minutes; the work so far is saved",
                hint="make resume, or raise MAX_MINUTES",
            )
        new = [message for message in self.messages[self._chained :] if message["role"] == "user"]
        worst = self.prices.worst(self._prompt_tokens + estimate(new), self.max_tokens)
        self.ledger.check(self.run.settings, worst)

    def _pay_unread(self, *, failed: bool) -> None:
        """What was answered has been paid for, also when it cannot be read."""
        for body in self.watch.unread(failed=failed):
            tokens = Tokens.found_in(body)
            if tokens != Tokens():
                self._pay(tokens, parsed=False)

    def _pay(self, tokens: Tokens, *, parsed: bool = True) -> float:
        usd = self.prices.usd(tokens)
        self.usd += usd
        self.ledger.add(
            agent=self.agent,
            round=self.run.round,
            model=self.choice.model,
            tokens=tokens,
            usd=usd,
            parsed=parsed,
        )
        return usd

    def _add_user(self, content: list[dict[str, Any]]) -> None:
        record = self.record.add("user", content=content)
        transcript.add_user(self.messages, record["content"])
        # What is joined to a message already sent makes it another message.
        self._chained = min(self._chained, len(self.messages) - 1)

    def _raise_escaped(self) -> None:
        if self.calls.escaped is not None:
            raise self.calls.escaped

    def _digest(self) -> str:
        for message in self.messages[self._chained :]:
            self._chain.add(message)
        self._chained = len(self.messages)
        return self._chain.digest


def _call_ids(content: Any) -> list[str]:
    """The ids of the calls in a message's content."""
    blocks = content if isinstance(content, list) else []
    return [block["id"] for block in blocks if block["type"] == "tool_use"]


def _is_blank(block: Any) -> bool:
    return block.type == "text" and not block.text.strip()


def _finite(value: Any) -> Any:
    """`value` with NaN and infinities as words: JSON has none, so that such a reply could not be sent back."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value
