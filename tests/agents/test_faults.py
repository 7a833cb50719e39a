"""Every fault of the API, over the wire and through the SDK: healed with each command run once, or one clear line."""

from __future__ import annotations

import inspect
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agents import server as api
from agents.conftest import message, report, with_settings
from kit.agents import places, transcript, watch
from kit.agents.desk import Desk
from kit.agents.loop import Conversation
from kit.errors import Failure, StopAll
from kit.run.rundir import Run

AGENT = "iac-infra-qa-trainer"


def count(name: str) -> tuple[str, dict[str, Any]]:
    """A command that leaves a line for every time it is run."""
    return "bash", {"command": f"echo {name} >> lib/ran; echo ran {name}"}


def turns(*faults: Any) -> list[Any]:
    """A short task with `faults` between its first and second turn."""
    return [
        message([report("STARTED"), count("one")], "a"),
        *faults,
        message([count("two")], "b"),
        message([report()], "c"),
    ]


@contextmanager
def desk(
    run: Run, script: list[Any], monkeypatch: pytest.MonkeyPatch, *, sse: bool = False, **settings: Any
) -> Iterator[Any]:
    with api.serving(script, sse=sse) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
        changed = with_settings(run, models__base_url=server.url, **settings)
        with Desk(changed, AGENT, refusal=places.refusal) as made:
            made.open("Begin.")
            made.server = server  # type: ignore[attr-defined]
            yield made


def ran(run: Run) -> list[str]:
    path = run.worktree / "lib/ran"
    return path.read_text().split() if path.exists() else []


def same_ids(name: str) -> dict[str, Any]:
    """The content of two calls with one id."""
    both = message([count("odd"), count("odd")], name)["content"]
    return {"content": [block | {"id": f"toolu_{name}"} for block in both]}


HEALED: dict[str, Callable[[], list[Any]]] = {
    "nothing": list,
    "429": lambda: [api.status(429, "rate_limit_error")] * 2,
    "529": lambda: [api.status(529, "overloaded_error")] * 3,
    "500": lambda: [api.status(500)],
    "503": lambda: [api.status(503)],
    "408": lambda: [api.status(408)],
    "409": lambda: [api.status(409)],
    "connection closed": lambda: [api.hang_up],
    "cut body": lambda: [api.cut(message([count("cut")], "x"))],
    "no stop reason": lambda: [message([count("lost")], "x", None)],
    "empty reply": lambda: [message("", "x") | {"content": []}],
    "max_tokens in text": lambda: [message("I was about to", "x", "max_tokens")],
    "max_tokens in a call": lambda: [message([count("cut")], "x", "max_tokens")],
    "end_turn with a call": lambda: [message([count("odd")], "x", "end_turn")],
    "pause_turn": lambda: [message("searching", "x", "pause_turn")],
    "unknown tool": lambda: [message([("no_such_tool", {"a": 1})], "x")],
    "input without command": lambda: [message([("bash", {})], "x")],
    "input of another type": lambda: [message([("bash", {"command": 7})], "x")],
    "unknown fields": lambda: [message([("report_status", {"phase": "x"})], "x")],
    "not a number": lambda: [message([("report_status", {**report()[1], "done": float("nan")})], "x")],
    "a call twice in a reply": lambda: [message([count("odd"), count("odd")], "x") | same_ids("x")],
    "a reply that came before": lambda: [message([report("STARTED"), count("again")], "a")],
    "blank text": lambda: [message(" \n", "x")],
    "error in the event": lambda: [lambda handler: handler.error(500, "api_error")],
}


@pytest.mark.parametrize(
    ("thread", "sse"), [(True, False), (False, False), (True, True)], ids=["thread", "whole", "sse"]
)
@pytest.mark.parametrize("fault", HEALED)
def test_a_fault_is_healed_and_every_command_runs_once(
    run: Run, monkeypatch: pytest.MonkeyPatch, fault: str, thread: bool, sse: bool
) -> None:
    with desk(run, turns(*HEALED[fault]()), monkeypatch, sse=sse, models__thread=thread) as made:
        assert made.work()
    assert ran(run) == ["one", "two"]
    last = made.server.bodies[-1]["messages"]
    assert b"NaN" not in b"".join(made.server.raws)
    if fault != "pause_turn":  # which is sent back as it is
        assert [one["role"] for one in last] == ["user", "assistant"] * (len(last) // 2) + ["user"]
    assert all(
        block["text"].strip()
        for one in last
        if isinstance(one["content"], list)
        for block in one["content"]
        if block["type"] == "text"
    )
    asked = [
        block["id"]
        for one in last
        if one["role"] == "assistant"
        for block in one["content"]
        if block["type"] == "tool_use"
    ]
    answered = [
        block["tool_use_id"]
        for one in last
        if one["role"] == "user" and isinstance(one["content"], list)
        for block in one["content"]
        if block["type"] == "tool_result"
    ]
    assert asked == answered and len(set(asked)) == len(asked)


def test_blank_text_beside_a_call_is_not_sent_back(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    mixed = message([count("two")], "x")
    mixed["content"].insert(0, {"type": "text", "text": ""})
    with desk(run, turns(mixed), monkeypatch, models__thread=False) as made:
        assert made.work()
    assert ran(run) == ["one", "two", "two"]
    assert [block["type"] for block in made.server.bodies[-1]["messages"][3]["content"]] == ["tool_use"]


def test_a_proxy_that_knows_no_threads_is_told_with_the_setting(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = lambda handler: handler.error(400, "invalid_request_error", message="thread: Extra inputs")  # noqa: E731
    with desk(run, [unknown], monkeypatch) as made, pytest.raises(Failure, match="refuses the request") as caught:
        made.work()
    assert "TC_MODELS_THREAD=false" in str(caught.value.hint)


def test_a_conversation_that_is_cut_lets_its_file_and_thread_go(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = threading.active_count()
    with (
        pytest.raises(StopAll, match="refuses the key"),
        desk(run, turns(api.status(401, "authentication_error")), monkeypatch) as made,
    ):
        made.work()
    record = made.conversation.record
    assert record._handle == -1 and not record._syncer.is_alive()
    assert threading.active_count() <= before + 2, "the server's own threads at most"


def test_no_runner_is_left_to_the_garbage_collector(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    runners: list[Any] = []
    made_by = Conversation._runner
    monkeypatch.setattr(Conversation, "_runner", lambda self: runners.append(made_by(self)) or runners[-1])
    with desk(run, turns(message([count("lost")], "x", None)), monkeypatch) as made:
        assert made.work()
    assert len(runners) == 2, "a reply that is no use begins another"
    assert {inspect.getgeneratorstate(runner._iterator) for runner in runners} == {inspect.GEN_CLOSED}


def test_a_stream_that_ends_early_is_asked_for_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    early = message([count("lost")], "x")
    with desk(run, turns(lambda handler: handler.events(early, upto=4)), monkeypatch) as made:
        assert made.work()
    assert ran(run) == ["one", "two"]


def test_an_error_event_in_a_stream_is_retried(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    event = {"type": "error", "error": {"type": "overloaded_error", "message": "busy"}}
    data = f"event: error\ndata: {json.dumps(event)}\n\n".encode()
    monkeypatch.setattr("anthropic._base_client.INITIAL_RETRY_DELAY", 0.01)
    fault = lambda handler: handler.raw(200, data, {"content-type": "text/event-stream"})  # noqa: E731
    with desk(run, turns(fault), monkeypatch) as made:
        assert made.work()
    assert ran(run) == ["one", "two"]


def test_a_lost_thread_is_sent_whole(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(handler: Any) -> None:
        handler.server.threads.clear()
        handler.error(404, "not_found_error", details={"error_code": "thread_not_found"})

    with desk(run, turns(forget), monkeypatch) as made:
        assert made.work()
    assert ran(run) == ["one", "two"]
    kinds = [one["thread"]["type"] for one in made.server.requests]
    assert kinds == ["create", "continue", "create", "continue"]


def test_threads_send_only_what_is_new(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk(run, turns(), monkeypatch) as made:
        assert made.work()
    assert [len(one["messages"]) for one in made.server.requests] == [1, 1, 1]
    assert "system" not in made.server.requests[1] and "tools" not in made.server.requests[1]


def test_zero_data_retention_sends_no_thread(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk(run, turns(), monkeypatch, models__thread=False) as made:
        assert made.work()
    assert all("thread" not in one for one in made.server.requests)
    assert [len(one["messages"]) for one in made.server.requests] == [1, 3, 5]


def without(name: str, **odd: Any) -> Callable[[Any], None]:
    """A reply with other fields than the API's."""
    return lambda handler: handler.json(200, message("hm", name) | odd)


ENDS: dict[str, tuple[Callable[[], list[Any]], str]] = {
    "refusal": (lambda: [message("I cannot", "x", "refusal")], "refused to answer"),
    "no stop reason for good": (
        lambda: [message("half", f"x{n}", None) for n in range(3)],
        "without a stop reason, 3 times",
    ),
    "empty for good": (lambda: [message("", f"x{n}") | {"content": []} for n in range(3)], "empty reply, 3 times"),
    "max_tokens for good": (lambda: [message("cut", f"x{n}", "max_tokens") for n in range(3)], "max_tokens, 3 times"),
    "context exceeded": (lambda: [message("full", "x", "model_context_window_exceeded")], "no longer fits"),
    "an hour's wait": (
        lambda: [api.status(429, "rate_limit_error", retry_after_ms="", retry_after="3600")],
        "asks to wait 3,600 s",
    ),
    "bad request": (lambda: [api.status(400, "invalid_request_error")], "refuses the request"),
    "garbled body": (lambda: [api.garbled(b'{"content": not json')], "is no message"),
    "a body that is no message": (lambda: [api.garbled(b"[1, 2]")], "no message"),
    "content of nothing": (lambda: [without("x", content=None)], "no message"),
    "no usage": (lambda: [without("x", usage=None)], "no message"),
    "a call without a name": (lambda: [without("x", content=[{"type": "tool_use", "id": "t"}])], "no message"),
    "nested without end": (lambda: [api.garbled(b'{"content": ' + b"[" * 99_999)], "no message"),
    "a page": (
        lambda: [lambda handler: handler.raw(200, b"<html>", {"content-type": "text/html"})],
        "no message",
    ),
}


@pytest.mark.parametrize("fault", ENDS)
def test_a_fault_ends_in_one_line_with_the_work_saved(run: Run, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    script, sentence = ENDS[fault]
    began = time.monotonic()
    with desk(run, turns(*script()), monkeypatch) as made, pytest.raises(Failure, match=sentence) as caught:
        made.work()
    assert "\n" not in str(caught.value) and caught.value.hint
    assert time.monotonic() - began < 60
    assert ran(run) == ["one"]
    with desk(run, [message([count("two")], "y"), message([report()], "z")], monkeypatch) as made:
        assert made.work()
    assert ran(run) == ["one", "two"]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (api.status(401, "authentication_error"), "refuses the key"),
        (api.status(403, "permission_error"), "refuses the key"),
        (api.status(404, "not_found_error"), "does not know"),
    ],
)
def test_what_no_retry_can_cure_stops_everything(
    run: Run, monkeypatch: pytest.MonkeyPatch, fault: Any, sentence: str
) -> None:
    with desk(run, [fault], monkeypatch) as made, pytest.raises(StopAll, match=sentence):
        made.work()
    assert len(made.server.requests) == 1


def test_an_error_that_stays_ends_after_bounded_retries(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        desk(run, [api.status(529, "overloaded_error")], monkeypatch) as made,
        pytest.raises(Failure, match="529 again and again"),
    ):
        made.work()
    assert len(made.server.requests) == watch.RETRIES + 1


def test_silence_ends_with_the_phase(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(handler: Any) -> None:
        time.sleep(3)
        handler.close_connection = True

    monkeypatch.setattr(watch, "SILENCE", 0.3)
    monkeypatch.setattr("anthropic._base_client.INITIAL_RETRY_DELAY", 0.01)
    with desk(run, [silent], monkeypatch) as made:
        made.watch.deadline = time.monotonic() + 1.0
        with pytest.raises(Failure, match=r"in time|wall time"):
            made.work()


def test_a_server_that_trickles_does_not_outlive_the_phase(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def trickle(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", "1000")
        handler.end_headers()
        try:
            for _ in range(200):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    monkeypatch.setattr("anthropic._base_client.INITIAL_RETRY_DELAY", 0.01)
    with desk(run, [trickle], monkeypatch) as made:
        made.watch.deadline = time.monotonic() + 1.0
        began = time.monotonic()
        with pytest.raises(Failure, match=r"in time|wall time"):
            made.work()
        assert time.monotonic() - began < 6


def test_a_server_that_is_not_there_is_named_in_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anthropic._base_client.INITIAL_RETRY_DELAY", 0.001)
    monkeypatch.setattr("anthropic._base_client.MAX_RETRY_DELAY", 0.01)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    changed = with_settings(run, models__base_url="http://127.0.0.1:9")
    with Desk(changed, AGENT, refusal=places.refusal) as made, pytest.raises(Failure, match="cannot be reached"):
        made.open("Begin.")
        made.work()


@pytest.mark.parametrize("kept", range(1, 12))
def test_work_cut_at_any_record_is_taken_up_with_every_command_run_once(
    run: Run, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    whole = [message([count("one"), count("two")], "a"), message([count("three")], "b"), message([report()], "c")]
    with desk(run, whole, monkeypatch) as made:
        assert made.work()
        path = made.conversation.record.path
    lines = path.read_bytes().split(b"\n")[:kept]
    records = [json.loads(line) for line in lines]
    # What a process killed there has left: its records, and the effects of the calls that had begun.
    path.write_bytes(b"\n".join(lines) + b'\n{"type": "too')
    begun = [
        record["id"]
        for record in records
        if record["type"] == "tool" and record["state"] == "started" and record["name"] == "bash"
    ]
    names = {"toolu_a_0": "one", "toolu_a_1": "two", "toolu_b_0": "three"}
    (run.worktree / "lib/ran").write_text("".join(names[one] + "\n" for one in begun))
    replies = sum(record["type"] == "reply" for record in records)
    with desk(run, whole[replies:] or whole[-1:], monkeypatch) as made:
        assert made.work()
    assert sorted(ran(run)) == ["one", "three", "two"]
    assert transcript.fold(transcript.read(path)).turns >= 3


def test_turns_are_bounded_and_the_work_goes_on_with_more(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    script = [message([count(str(number))], f"t{number}") for number in range(4)]
    with desk(run, script, monkeypatch, limits__max_turns=3) as made, pytest.raises(Failure, match="turn limit: 3"):
        made.work()
    assert ran(run) == ["0", "1", "2"] and len(made.server.requests) == 3
    with desk(run, [message([report()], "z")], monkeypatch, limits__max_turns=9) as made:
        assert made.work()


def test_wall_time_is_checked_before_a_call(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk(run, turns(), monkeypatch) as made:
        made.watch.deadline = time.monotonic() - 1
        with pytest.raises(Failure, match="wall time limit"):
            made.work()
    assert made.server.requests == []


def test_the_key_is_in_no_file_of_the_run(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk(run, turns(), monkeypatch) as made:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-api03-" + "x" * 40)
        assert made.work()
    assert all(b"sk-ant" not in path.read_bytes() for path in Path(run.dir).rglob("*") if path.is_file())


def test_the_conversation_names_no_engine_of_its_own(run: Run, model: Any) -> None:
    model(lambda body: message([report()], "r"))
    talk = Conversation(run, AGENT, system="s", opening="o", tools=[])
    assert talk.choice.engine == "rehearsal"
