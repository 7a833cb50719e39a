"""A conversation as the model sees it, and the replay that makes a part a plain script.

A part is a generator: it yields a `Turn` (what to say, which tools to call) and is sent a `Heard` (what came back).
To answer, the part is run from its beginning and sent everything that the messages hold; the first turn for which
there is no answer yet is the reply. So the parts keep no state, and read from top to bottom.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Call:
    """One tool call."""

    tool: str
    input: dict[str, Any]


@dataclass
class Turn:
    """What the model says in one message: text, and the tools it calls."""

    text: str = ""
    calls: list[Call] = field(default_factory=list)


@dataclass
class Result:
    """What one tool call brought back: its text, and whether it was refused."""

    text: str
    error: bool = False

    @property
    def json(self) -> Any:
        """The result as JSON, or None when it is none."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None


@dataclass
class Heard:
    """The answer to a turn: one result per call, and whatever the user wrote."""

    results: list[Result]
    text: str = ""


Part = Generator[Turn, Heard, None]


def text_of(content: Any) -> str:
    """The plain text of a message's or result's content, whichever shape it has."""
    if isinstance(content, str):
        return content
    parts = [
        block.get("text", "") for block in content or [] if isinstance(block, dict) and block.get("type") == "text"
    ]
    return "\n".join(parts)


def heard(assistant: dict[str, Any], user: dict[str, Any]) -> Heard:
    """The user message that answers an assistant message, its results in the order of the calls."""
    content = user.get("content")
    blocks = content if isinstance(content, list) else []
    by_id = {
        block["tool_use_id"]: Result(text_of(block.get("content")), bool(block.get("is_error")))
        for block in blocks
        if isinstance(block, dict) and block.get("type") == "tool_result"
    }
    said = assistant.get("content")
    ids = [block["id"] for block in said if block.get("type") == "tool_use"] if isinstance(said, list) else []
    return Heard([by_id.get(one, Result("no result", True)) for one in ids], text_of(content))


def merged(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages with neighbours of the same role made one, as the API does."""
    found: list[dict[str, Any]] = []
    for message in messages:
        if found and found[-1]["role"] == message["role"]:
            found[-1] = {"role": message["role"], "content": _blocks(found[-1]) + _blocks(message)}
        else:
            found.append(message)
    return found


def _blocks(message: dict[str, Any]) -> list[dict[str, Any]]:
    content = message.get("content")
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content or [])


def replay(part: Part, messages: list[dict[str, Any]]) -> Turn:
    """The part's next turn after `messages`, which begin with the user's first message."""
    turn = next(part)
    told = messages[1:]
    for assistant, user in zip(told[0::2], told[1::2], strict=False):
        turn = part.send(heard(assistant, user))
    return turn


def call_id(body: dict[str, Any], number: int) -> str:
    """The id of the n-th tool call of the coming reply: a hash of the conversation's place."""
    place = json.dumps([body.get("system"), len(body.get("messages", [])), number], sort_keys=True, default=str)
    return "toolu_" + hashlib.sha256(place.encode()).hexdigest()[:24]
