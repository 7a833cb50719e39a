"""Long conversations: what is asked of the API, on the wire, and what it costs."""

from __future__ import annotations

from typing import Any

import pytest

from agents import server as api
from agents.conftest import message, report, with_settings
from kit.agents import context, places
from kit.agents.budget import Tokens
from kit.agents.desk import Desk
from kit.agents.loop import Conversation
from kit.errors import StopAll
from kit.run.rundir import Run

AGENT = "iac-infra-qa-trainer"


def talk(run: Run, server: api.Server, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Conversation:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    changed = with_settings(run, models__base_url=server.url, **settings)
    with Desk(changed, AGENT, refusal=places.refusal) as desk:
        conversation = desk.open("Begin.")
        assert desk.work()
        return conversation


@pytest.mark.parametrize("thread", [True, False])
@pytest.mark.parametrize(
    ("way", "beta", "edit"),
    [
        ("clear", "context-management-2025-06-27", "clear_tool_uses_20250919"),
        ("compact", "compact-2026-01-12", "compact_20260112"),
    ],
)
def test_the_api_is_asked_to_shorten_long_conversations(
    run: Run, monkeypatch: pytest.MonkeyPatch, way: str, beta: str, edit: str, thread: bool
) -> None:
    with api.serving([message([("bash", {"command": "true"})], "a"), message([report()], "b")]) as server:
        chosen = {"models__context": way, "models__context_tokens": 70_000, "models__thread": thread}
        talk(run, server, monkeypatch, **chosen)
    for body, headers in zip(server.bodies, server.headers, strict=True):
        (asked,) = body["context_management"]["edits"]
        assert asked["type"] == edit and asked["trigger"] == {"type": "input_tokens", "value": 70_000}
        assert beta in headers["anthropic-beta"]
    assert len(server.bodies) == 2


def test_nothing_is_asked_for_when_it_is_switched_off(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with api.serving([message([report()], "a")]) as server:
        talk(run, server, monkeypatch, models__context="")
    assert "context_management" not in server.bodies[0]


def test_a_summary_stays_in_the_history_and_is_paid_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    first = message([("bash", {"command": "true"})], "a")
    first["content"].insert(0, {"type": "compaction", "content": "so far: nothing"})
    first["usage"]["iterations"] = [
        {"type": "compaction", "input_tokens": 1000, "output_tokens": 100},
        {"type": "message", "input_tokens": 100, "output_tokens": 10},
    ]
    with api.serving([first, message([report()], "b")]) as server:
        conversation = talk(run, server, monkeypatch, models__context="compact", models__thread=False)
    assert server.bodies[1]["messages"][1]["content"][0]["type"] == "compaction"
    prices = conversation.prices
    both = Tokens(200 + 1000, 10, 100, 20 + 100)
    assert conversation.usd == pytest.approx(prices.usd(both))


def test_an_unknown_way_is_refused(run: Run) -> None:
    with pytest.raises(StopAll, match="wanted clear, compact or nothing"):
        context.parameters(with_settings(run, models__context="forget").settings)
