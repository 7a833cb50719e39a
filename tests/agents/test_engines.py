from __future__ import annotations

from typing import Any

import pytest

from agents import server as api
from agents.conftest import message, report, with_settings
from kit.agents import engines, places
from kit.agents.desk import Desk
from kit.agents.engines import rehearsal
from kit.errors import StopAll
from kit.run.rundir import Run

AGENT = "iac-infra-qa-trainer"


@pytest.fixture(autouse=True)
def untold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_told", set())


def test_without_a_key_the_rehearsal_model_is_chosen_and_said(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert engines.choose(run.settings, "generator") == engines.Choice("rehearsal", "rehearsal")
    engines.choose(run.settings, "reviewer")
    assert capsys.readouterr().err.count("MODEL=rehearsal: no API key") == 1


def test_with_a_key_each_agent_has_its_model(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    settings = with_settings(run, models__response="claude-haiku-5-5").settings
    assert engines.choose(settings, "response").model == "claude-haiku-5-5"
    assert engines.choose(settings, "reviewer").model == "claude-sonnet-5-5"
    assert engines.choose(settings, "reviewer").live


def test_a_named_model_works_for_all_and_needs_a_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = with_settings(run, switches__model="claude-haiku-5-5").settings
    with pytest.raises(StopAll, match="no credentials for anthropic") as caught:
        engines.choose(settings, "generator")
    assert "ANTHROPIC_API_KEY" in caught.value.hint
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    assert engines.choose(settings, "generator") == engines.Choice("anthropic", "claude-haiku-5-5")


def test_an_unknown_engine_is_refused(run: Run) -> None:
    with pytest.raises(StopAll, match="no such engine"):
        engines.choose(with_settings(run, models__engine="oracle").settings, "generator")


def test_a_model_without_prices_is_refused_since_no_cap_could_be_kept(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    changed = with_settings(run, switches__model="unpriced")
    with (
        Desk(changed, AGENT, refusal=places.refusal) as desk,
        pytest.raises(StopAll, match="no usable prices for 'unpriced'"),
    ):
        desk.open("Begin.")


def test_vertex_without_a_region_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_VERTEX_PROJECT_ID", "p")
    monkeypatch.delenv("CLOUD_ML_REGION", raising=False)
    with (
        Desk(with_settings(run, models__engine="vertex"), AGENT, refusal=places.refusal) as desk,
        pytest.raises(StopAll, match="region"),
    ):
        desk.open("Begin.")


def test_bedrock_speaks_to_its_own_path_without_threads_and_marks_what_to_cache(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = [message([("bash", {"command": "echo hi"})], "a"), message([report()], "b")]
    with api.serving(script) as server:
        monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "token")
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        changed = with_settings(run, models__engine="bedrock", models__base_url=server.url)
        with Desk(changed, AGENT, refusal=places.refusal) as desk:
            desk.open("Begin.")
            assert desk.work()
    first, second = server.requests
    assert "thread" not in first and "cache_control" not in first and len(second["messages"]) == 3
    assert first["system"][0]["cache_control"] == {"type": "ephemeral"}
    assert second["messages"][-1]["content"][-1]["cache_control"] == {"type": "ephemeral"}
    assert "cache_control" not in str(second["messages"][:-1])


def test_the_key_goes_to_the_server_and_caching_is_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with api.serving([message([report()], "a")]) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
        with Desk(with_settings(run, models__base_url=server.url), AGENT, refusal=places.refusal) as desk:
            desk.open("Begin.")
            assert desk.work()
    assert "test-key" in str(server.headers[0])
    assert server.requests[0]["cache_control"] == {"type": "ephemeral"}


def test_the_rehearsal_transport_keeps_threads_and_says_when_it_has_none() -> None:
    import httpx2

    seen: list[Any] = []

    def reply(body: dict[str, Any]) -> dict[str, Any]:
        seen.append(body)
        return message("hello", f"m{len(seen)}")

    client = httpx2.Client(transport=rehearsal.transport(reply), base_url="http://x")
    user = {"role": "user", "content": "a"}
    first = client.post("/v1/messages", json={"system": "s", "messages": [user], "thread": {"type": "create"}}).json()
    follow = {"messages": [user], "thread": {"type": "continue", "previous_message_id": first["id"]}}
    assert client.post("/v1/messages", json=follow).status_code == 200
    assert [one["role"] for one in seen[1]["messages"]] == ["user", "assistant", "user"] and seen[1]["system"] == "s"
    lost = {"messages": [user], "thread": {"type": "continue", "previous_message_id": "msg_unknown"}}
    answer = client.post("/v1/messages", json=lost)
    assert answer.status_code == 404 and answer.json()["error"]["details"]["error_code"] == "thread_not_found"
