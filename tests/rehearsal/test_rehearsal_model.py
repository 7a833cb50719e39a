"""The door of the rehearsal model: a pure function of the conversation, in the shape of the API."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bakery import ORDERS, handover

from kit.rehearsal.model import reply

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def body(*messages: dict[str, Any], system: str = "You are iac-infra-generator.") -> dict[str, Any]:
    return {"model": "rehearsal", "system": system, "messages": list(messages), "tools": [{"name": "report_status"}]}


def test_the_same_conversation_gets_the_same_answer() -> None:
    asked = body({"role": "user", "content": handover(ORDERS)})
    assert reply(asked) == reply(asked)


def test_an_answer_has_the_shape_of_a_message() -> None:
    answer = reply(body({"role": "user", "content": handover(ORDERS)}))
    assert answer["type"] == "message"
    assert answer["role"] == "assistant"
    assert answer["stop_reason"] == "tool_use"
    [_, call] = answer["content"]
    assert call["type"] == "tool_use"
    assert call["input"]["status"] == "STARTED"
    assert answer["usage"]["input_tokens"] > len(ORDERS) // 8
    assert answer["usage"]["cache_read_input_tokens"] == 0


def test_ids_of_calls_differ_along_the_conversation() -> None:
    first = reply(body({"role": "user", "content": handover(ORDERS)}))
    result = {"type": "tool_result", "tool_use_id": first["content"][1]["id"], "content": "heard"}
    second = reply(
        body(
            {"role": "user", "content": handover(ORDERS)},
            {"role": "assistant", "content": first["content"]},
            {"role": "user", "content": [result]},
        )
    )
    ids = {block["id"] for answer in (first, second) for block in answer["content"] if block["type"] == "tool_use"}
    assert len(ids) == 2


def test_neighbouring_messages_of_one_role_are_one() -> None:
    apart = body({"role": "user", "content": handover(ORDERS)}, {"role": "user", "content": "Begin."})
    assert reply(apart)["content"][1]["input"]["status"] == "STARTED"


def test_a_system_prompt_in_blocks_is_read() -> None:
    asked = body({"role": "user", "content": handover(ORDERS)})
    asked["system"] = [{"type": "text", "text": "You are iac-code-reviewer. Judge."}]
    assert reply(asked)["content"][0]["text"].startswith("I look at the final file")


@pytest.mark.parametrize("messages", [[], [{"role": "assistant", "content": "no"}]])
def test_a_conversation_that_does_not_end_with_the_user_is_refused(messages: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match="must begin and end with the user's"):
        reply(body(*messages))


def test_a_refused_tool_call_blocks_the_generator() -> None:
    messages: list[dict[str, Any]] = [{"role": "user", "content": handover(ORDERS)}]
    for _ in range(2):
        said = reply(body(*messages))["content"]
        results = [
            {
                "type": "tool_result",
                "tool_use_id": one["id"],
                "content": "disk full",
                "is_error": one["name"] != "report_status",
            }
            for one in said
            if one["type"] == "tool_use"
        ]
        messages += [{"role": "assistant", "content": said}, {"role": "user", "content": results}]
    [call] = [one for one in reply(body(*messages))["content"] if one["type"] == "tool_use"]
    assert call["input"]["blocked"] is True
    assert "disk full" in call["input"]["blocked_reason"]


def test_answering_needs_no_heavy_library() -> None:
    code = (
        "import sys; from kit.rehearsal.model import reply\n"
        "reply({'messages': [{'role': 'user', 'content': 'An S3 bucket and a Lambda function.'}]})\n"
        "print(sorted({'boto3', 'moto', 'cfnlint', 'anthropic', 'jinja2', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=SCRIPTS, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
