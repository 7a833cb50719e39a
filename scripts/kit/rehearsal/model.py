"""The door: `reply` takes the JSON body of POST /v1/messages and returns the message that answers it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from kit.rehearsal.conversation import Turn, call_id, merged, replay, text_of

NAME = "rehearsal"


def reply(body: dict[str, Any]) -> dict[str, Any]:
    """Answer `body` (system, messages, tools; the whole history) with a message.

    A pure function: the same body gives the same bytes. Raises `ValueError` when the messages do not begin with a
    user message and end with one.
    """
    messages = merged(body.get("messages") or [])
    roles = [message.get("role") for message in messages]
    if not roles or roles[0] != "user" or roles[-1] != "user":
        raise ValueError(f"the messages must begin and end with the user's; got {roles}")
    turn = _turn(text_of(body.get("system")), body, messages)
    content: list[dict[str, Any]] = [{"type": "text", "text": turn.text}] if turn.text else []
    for number, call in enumerate(turn.calls):
        content.append({"type": "tool_use", "id": call_id(body, number), "name": call.tool, "input": call.input})
    digest = hashlib.sha256(json.dumps([body.get("system"), messages, content], default=str).encode()).hexdigest()
    return {
        "id": f"msg_{digest[:24]}",
        "type": "message",
        "role": "assistant",
        "model": str(body.get("model") or NAME),
        "content": content,
        "stop_reason": "tool_use" if turn.calls else "end_turn",
        "stop_sequence": None,
        "usage": {
            "input_tokens": len(json.dumps([body.get("system"), body.get("tools"), messages], default=str)) // 4,
            "output_tokens": max(1, len(json.dumps(content)) // 4),
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
        },
    }


def _turn(system: str, body: dict[str, Any], messages: list[dict[str, Any]]) -> Turn:
    opening = system.lstrip()
    first = text_of(messages[0].get("content"))
    if opening.startswith("You are iac-infra-generator"):
        from kit.rehearsal.parts.generator import generator

        return replay(generator(first), messages)
    if opening.startswith("You are iac-infra-qa-trainer"):
        from kit.rehearsal.parts.qa import qa

        return replay(qa(first), messages)
    if opening.startswith("You are iac-code-reviewer"):
        from kit.rehearsal.parts.reviewer import reviewer

        return replay(reviewer(first), messages)
    from kit.rehearsal.parts.response import respond

    return Turn(respond([text_of(message.get("content")) for message in messages[0::2]]))
