"""The keyless model: the SDK's real client over a transport inside this process.

The transport holds the threads as the API does: it adds the new messages of a `continue` to those it has, and answers
`thread_not_found` for an id it does not know, upon which the SDK sends the whole history.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

THREADS = True
KEY_HINT = "set ANTHROPIC_API_KEY"

Reply = Callable[[dict[str, Any]], dict[str, Any]]


def has_key(environ: Mapping[str, str]) -> bool:
    """True: it needs none."""
    return True


def client(*, base_url: str | None, watch: Any, reply: Reply | None = None) -> Any:
    """A client whose requests `reply` answers; default: the rehearsal model."""
    import anthropic

    if reply is None:
        from kit.rehearsal import model

        reply = model.reply
    options = watch.client_options(transport=transport(reply))
    return anthropic.Anthropic(api_key="rehearsal", base_url="http://rehearsal.invalid", **options)


def transport(reply: Reply) -> Any:
    """An httpx2 transport that answers POST /v1/messages by `reply(body with the full history)`."""
    import httpx2

    threads: dict[str, dict[str, Any]] = {}

    def handle(request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.read())
        thread = body.pop("thread", None)
        if thread is not None and thread["type"] == "continue":
            known = threads.get(thread["previous_message_id"])
            if known is None:
                return httpx2.Response(404, json=_NOT_FOUND)
            body = known | body | {"messages": [*known["messages"], *body["messages"]]}
        answer = reply(body)
        if thread is not None:
            said = {"role": "assistant", "content": answer["content"]}
            threads[answer["id"]] = body | {"messages": [*body["messages"], said]}
            threads.pop(thread.get("previous_message_id", ""), None)
        headers = {"content-type": "application/json", "request-id": "req_rehearsal"}
        return httpx2.Response(200, content=json.dumps(answer).encode(), headers=headers)

    return httpx2.MockTransport(handle)


_NOT_FOUND = {
    "type": "error",
    "error": {
        "type": "not_found_error",
        "message": "thread: no such message",
        "details": {"error_code": "thread_not_found"},
    },
}
