"""A message that came as an event stream although none was asked for, folded into the JSON it stands for."""

from __future__ import annotations

import json
from typing import Any

OVERLOADED = 529


class Cut(Exception):
    """Raised when a stream ends before its message does."""


def fold(body: bytes) -> tuple[int, dict[str, Any]]:
    """The HTTP status and JSON body that the events of `body` amount to.

    An error event becomes an error status, so that the SDK's retries apply. Raises `Cut` when message_stop is missing.
    """
    message: dict[str, Any] = {}
    parts: dict[int, str] = {}
    for event in _events(body):
        match event.get("type"):
            case "message_start":
                message = event["message"] | {"content": list(event["message"].get("content") or [])}
            case "content_block_start":
                message["content"].append(event["content_block"])
            case "content_block_delta":
                _add(message["content"][event["index"]], event["delta"], parts, event["index"])
            case "content_block_stop":
                if event["index"] in parts:
                    message["content"][event["index"]]["input"] = json.loads(parts.pop(event["index"]) or "{}")
            case "message_delta":
                message |= event.get("delta") or {}
                message["usage"] = (message.get("usage") or {}) | (event.get("usage") or {})
            case "message_stop":
                return 200, message
            case "error":
                overloaded = (event.get("error") or {}).get("type") == "overloaded_error"
                return OVERLOADED if overloaded else 500, event
    raise Cut(f"the stream ended before its message, after {len(message.get('content', []))} blocks")


def _events(body: bytes) -> list[dict[str, Any]]:
    found = []
    for chunk in body.replace(b"\r\n", b"\n").split(b"\n\n"):
        data = b"\n".join(line[5:].lstrip() for line in chunk.split(b"\n") if line.startswith(b"data:"))
        if data:
            try:
                found.append(json.loads(data))
            except ValueError as error:
                raise Cut(f"an event of the stream is cut: {data[-40:]!r}") from error
    return found


def _add(block: dict[str, Any], delta: dict[str, Any], parts: dict[int, str], index: int) -> None:
    match delta.get("type"):
        case "text_delta":
            block["text"] = block.get("text", "") + delta["text"]
        case "input_json_delta":
            parts[index] = parts.get(index, "") + delta["partial_json"]
        case "thinking_delta":
            block["thinking"] = block.get("thinking", "") + delta["thinking"]
        case "signature_delta":
            block["signature"] = delta["signature"]
