"""What the API may leave out of a conversation that grew long: `models.context` of the settings, in the API's words."""

from __future__ import annotations

from typing import Any

from kit.errors import StopAll
from kit.settings import Settings

KEPT_CALLS = 10  # tool calls whose results stay
LEAST = 20_000  # tokens that clearing has to free: it costs what a cache held of the prompt
_BETAS = {"clear": "context-management-2025-06-27", "compact": "compact-2026-01-12"}


def parameters(settings: Settings) -> dict[str, Any]:
    """The parameters of each request; none when `models.context` is "". Raises `StopAll` for an unknown word.

    What was left out stays in the transcript and in what is sent; the API alone leaves it out of the model's prompt.
    """
    way, tokens = settings["models.context"], settings["models.context_tokens"]
    if not way:
        return {}
    if way not in _BETAS:
        raise StopAll(f"models.context = {way!r}: wanted clear, compact or nothing")
    edit: dict[str, Any] = {"trigger": {"type": "input_tokens", "value": tokens}}
    if way == "clear":
        edit |= {
            "type": "clear_tool_uses_20250919",
            "keep": {"type": "tool_uses", "value": KEPT_CALLS},
            "clear_at_least": {"type": "input_tokens", "value": LEAST},
        }
    else:
        edit |= {"type": "compact_20260112"}
    return {"betas": [_BETAS[way]], "context_management": {"edits": [edit]}}
