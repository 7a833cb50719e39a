from __future__ import annotations

import json
from pathlib import Path
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


def test_claude_code_is_refused_with_the_reason(run: Run) -> None:
    with pytest.raises(StopAll, match="its own loop and tools") as caught:
        engines.choose(with_settings(run, models__engine="claude-code").settings, "generator")
    assert "bedrock" in caught.value.hint


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


def worked(run: Run, server: api.Server, engine: str) -> None:
    changed = with_settings(run, models__engine=engine, models__base_url=server.url)
    with Desk(changed, AGENT, refusal=places.refusal) as desk:
        desk.open("Begin.")
        assert desk.work()


@pytest.fixture
def two_turns() -> list[Any]:
    return [message([("bash", {"command": "echo hi"})], "a"), message([report()], "b")]


def test_bedrock_is_called_at_its_own_address_with_a_signature_that_holds(
    run: Run, two_turns: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_BEARER_TOKEN_BEDROCK", raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    with api.serving(two_turns) as server:
        worked(run, server, "bedrock")
    assert server.paths == ["/model/claude-opus-5-5/invoke"] * 2
    assert len(server.requests[1]["messages"]) == 3 and "model" not in server.requests[0]
    assert server.requests[0]["anthropic_version"]
    assert server.requests[0]["anthropic_beta"] == ["context-management-2025-06-27"]
    for raw, headers, path in zip(server.raws, server.headers, server.paths, strict=True):
        assert signed_again(server.url + path, raw, headers) == headers["Authorization"]


def test_no_login_to_bedrock_stops_everything_at_once(
    run: Run, two_turns: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_REGION", "eu-west-3")  # another than elsewhere: the SDK keeps a session for each
    monkeypatch.setenv("AWS_PROFILE", "expired")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    (tmp_path / "config").write_text("[profile expired]\nregion = eu-central-1\n")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with api.serving(two_turns) as server, pytest.raises(StopAll, match="no login to the cloud") as caught:
        worked(run, server, "bedrock")
    assert not server.paths and "log in again" in caught.value.hint


def signed_again(url: str, raw: bytes, headers: dict[str, str]) -> str:
    """The signature that AWS would compute of what arrived."""
    import datetime

    from botocore import auth, awsrequest, credentials

    known = {name.lower(): value for name, value in headers.items()}
    names = known["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    kept = {name: known[name] for name in names}
    request = awsrequest.AWSRequest("POST", url, headers=kept, data=raw)
    request.context["timestamp"] = known["x-amz-date"]
    signer = auth.SigV4Auth(credentials.Credentials("AKIAEXAMPLE", "secret"), "bedrock", "eu-central-1")
    assert datetime.datetime.strptime(known["x-amz-date"], "%Y%m%dT%H%M%SZ")
    canonical = signer.canonical_request(request)
    signature = signer.signature(signer.string_to_sign(request, canonical), request)
    return known["authorization"].rpartition("Signature=")[0] + f"Signature={signature}"


def test_vertex_is_called_at_its_own_address_with_a_token_of_the_service_account(
    run: Run, two_turns: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ANTHROPIC_VERTEX_PROJECT_ID", raising=False)
    monkeypatch.setenv("CLOUD_ML_REGION", "europe-west1")
    with api.serving(two_turns) as server:
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(service_account(tmp_path, server.url)))
        worked(run, server, "vertex")
    place = "/projects/our-project/locations/europe-west1/publishers/anthropic/models"
    assert server.paths == [f"{place}/claude-opus-5-5:rawPredict"] * 2
    assert {headers["Authorization"] for headers in server.headers} == {"Bearer token-of-google"}
    first, second = server.requests
    assert first["anthropic_version"] and "thread" not in first and "model" not in first
    assert first["system"][0]["cache_control"] == {"type": "ephemeral"} and len(second["messages"]) == 3


def test_a_login_that_google_no_longer_takes_stops_everything_at_once(
    run: Run, two_turns: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLOUD_ML_REGION", "europe-west1")
    with api.serving(two_turns) as server:
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(service_account(tmp_path, server.url, "/expired")))
        with pytest.raises(StopAll, match="no login to the cloud"):
            worked(run, server, "vertex")


def test_no_login_to_vertex_is_said_before_anything_is_asked(
    run: Run, two_turns: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLOUD_ML_REGION", "europe-west1")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "missing.json"))
    with api.serving(two_turns) as server, pytest.raises(StopAll, match="Vertex AI: no login"):
        worked(run, server, "vertex")


def service_account(folder: Path, url: str, path: str = "/token") -> Path:
    """A key file as Google hands it out, whose tokens come from `url`."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    account = {
        "type": "service_account",
        "project_id": "our-project",
        "private_key": key.decode(),
        "client_email": "agents@our-project.example",
        "token_uri": f"{url}{path}",
    }
    file = folder / "account.json"
    file.write_text(json.dumps(account))
    return file


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
