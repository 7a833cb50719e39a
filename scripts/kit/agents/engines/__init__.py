"""Which model answers: one small module per engine, each with NAME, THREADS, `has_key(settings)` and `client(...)`.

To add an engine, add a module here with these four names and put its name into `models.engine`.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit import say
from kit.errors import StopAll
from kit.settings import Settings

REHEARSAL = "rehearsal"
KNOWN = ("anthropic", "bedrock", "vertex", REHEARSAL)
# Asked for by name, and why it is no engine here (ARCHITECTURE.md says more).
_REFUSED = {
    "claude-code": "Claude Code brings its own loop and tools: neither the sandbox, the budget nor the record would hold"
}
_told: set[str] = set()


@dataclass(frozen=True)
class Choice:
    """The engine's module name and the model's id."""

    engine: str
    model: str

    @property
    def live(self) -> bool:
        """True when a model answers that costs money and can surprise."""
        return self.engine != REHEARSAL


def choose(settings: Settings, agent: str) -> Choice:
    """The engine and model of `agent` (generator, response, qa_trainer, reviewer).

    `switches.model` "" means the ids under [models] when the engine has a key, else the rehearsal model, which is
    said once. Raises `StopAll` when a model is named and there is no key for it, or the engine is unknown.
    """
    named = settings["switches.model"]
    if named == REHEARSAL:
        _tell("MODEL=rehearsal: the deterministic stand-in answers, as asked")
        return Choice(REHEARSAL, REHEARSAL)
    engine = settings["models.engine"]
    if engine not in KNOWN:
        why = _REFUSED.get(engine, "no such engine")
        raise StopAll(f"models.engine = {engine!r}: {why}", hint=f"one of {', '.join(KNOWN)}")
    if engine != REHEARSAL and module(engine).has_key(os.environ):
        return Choice(engine, named or settings[f"models.{agent}"])
    if named:
        raise StopAll(f"MODEL={named}: no credentials for {engine}", hint=module(engine).KEY_HINT)
    _tell(f"MODEL=rehearsal: no API key; {module(engine).KEY_HINT} to let a model work")
    return Choice(REHEARSAL, REHEARSAL)


def module(engine: str) -> Any:
    """The module of an engine."""
    return importlib.import_module(f"kit.agents.engines.{engine}")


def client(choice: Choice, settings: Settings, watch: Any) -> Any:
    """The SDK's client of `choice`; `watch` (see kit.agents.watch) bounds its waiting."""
    base_url = settings["models.base_url"] or None
    return module(choice.engine).client(base_url=base_url, watch=watch)


def threaded(choice: Choice, settings: Settings) -> bool:
    """True when the server may hold the conversation."""
    return bool(module(choice.engine).THREADS and settings["models.thread"])


def any_of(environ: Mapping[str, str], *names: str) -> bool:
    """True when one of the variables is set and not empty."""
    return any(environ.get(name) for name in names)


def mark_caching(request: Any, call_next: Any) -> Any:
    """Middleware for engines that do not place cache breakpoints themselves: one after the system prompt, one at the end."""
    body = request.options.json_data
    if isinstance(body, dict) and "cache_control" in body:
        body = {name: value for name, value in body.items() if name != "cache_control"}
        if isinstance(body.get("system"), str):
            body["system"] = [_marked({"type": "text", "text": body["system"]})]
        *before, last = body["messages"]
        blocks = last["content"]
        blocks = [{"type": "text", "text": blocks}] if isinstance(blocks, str) else list(blocks)
        body["messages"] = [*before, {**last, "content": [*blocks[:-1], _marked(blocks[-1])]}]
        request.options.json_data = body
    return call_next(request)


def _marked(block: dict[str, Any]) -> dict[str, Any]:
    return {**block, "cache_control": {"type": "ephemeral"}}


def _tell(text: str) -> None:
    if text not in _told:
        _told.add(text)
        say.warn(text)
