"""A loopback server that speaks /v1/messages as the API does: JSON or SSE, threads, usage, and faults by script.

Each entry of `script` answers one request: a fault (a callable that is given the handler), or a message body.
Threads are kept as the API keeps them, so that `bodies` holds every request with its full history.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Fault = Callable[["Handler"], None]


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: list[Any], *, sse: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script, self.sse = list(script), sse
        self.requests: list[dict[str, Any]] = []
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.raws: list[bytes] = []
        self.threads: dict[str, dict[str, Any]] = {}
        self.guard = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/token":
            return self.json(200, {"access_token": "token-of-google", "expires_in": 3600, "token_type": "Bearer"})
        if self.path == "/expired":
            return self.json(400, {"error": "invalid_grant", "error_description": "the account is gone"})
        body = json.loads(raw)
        server = self.server
        with server.guard:
            server.paths.append(self.path)
            server.raws.append(raw)
            server.requests.append(body)
            server.headers.append(dict(self.headers))
            thread = body.get("thread")
            full = {key: value for key, value in body.items() if key != "thread"}
            if thread and thread["type"] == "continue":
                known = server.threads.get(thread["previous_message_id"])
                if known is None:
                    return self.error(404, "not_found_error", details={"error_code": "thread_not_found"})
                full = known | full | {"messages": [*known["messages"], *full["messages"]]}
            server.bodies.append(full)
            entry = server.script.pop(0) if len(server.script) > 1 else server.script[0]
        if callable(entry):
            return entry(self)
        if thread:
            said = {"role": "assistant", "content": entry["content"]}
            server.threads[entry["id"]] = full | {"messages": [*full["messages"], said]}
        return self.events(entry) if server.sse else self.json(200, entry)

    def json(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        self.raw(status, json.dumps(value).encode(), headers)

    def raw(self, status: int, data: bytes, headers: dict[str, str] | None = None, length: int | None = None) -> None:
        self.send_response(status)
        sent = {"content-type": "application/json", "content-length": str(length or len(data)), **(headers or {})}
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()
        if length:
            self.close_connection = True

    def error(
        self, status: int, kind: str, *, headers: dict[str, str] | None = None, details: Any = None, message: str = "no"
    ) -> None:
        inner = {"type": kind, "message": message} | ({"details": details} if details else {})
        self.json(status, {"type": "error", "error": inner}, {"retry-after-ms": "5", **(headers or {})})

    def events(self, message: dict[str, Any], *, upto: int | None = None) -> None:
        found = events_of(message)[:upto]
        data = "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in found).encode()
        self.raw(200, data, {"content-type": "text/event-stream"})

    def log_message(self, *words: Any) -> None:
        pass


def events_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of a streamed message."""
    found: list[dict[str, Any]] = [{"type": "message_start", "message": message | {"content": [], "stop_reason": None}}]
    for index, block in enumerate(message["content"]):
        if block["type"] == "text":
            start, deltas = (
                block | {"text": ""},
                [{"type": "text_delta", "text": part} for part in _halves(block["text"])],
            )
        else:
            text = json.dumps(block["input"])
            start = block | {"input": {}}
            deltas = [{"type": "input_json_delta", "partial_json": part} for part in _halves(text)]
        found.append({"type": "content_block_start", "index": index, "content_block": start})
        found += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
        found.append({"type": "content_block_stop", "index": index})
    found.append({"type": "message_delta", "delta": {"stop_reason": message["stop_reason"]}, "usage": message["usage"]})
    return [*found, {"type": "message_stop"}]


def _halves(text: str) -> tuple[str, str]:
    return text[: len(text) // 2], text[len(text) // 2 :]


def status(code: int, kind: str = "api_error", **headers: str) -> Fault:
    """An error status, once."""
    return lambda handler: handler.error(
        code, kind, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def cut(message: dict[str, Any]) -> Fault:
    """The first half of a body whose length was announced, then the connection ends."""
    data = json.dumps(message).encode()
    return lambda handler: handler.raw(200, data[: len(data) // 2], length=len(data))


def garbled(data: bytes) -> Fault:
    """A whole body that is no message."""
    return lambda handler: handler.raw(200, data)


def hang_up(handler: Handler) -> None:
    """No answer at all."""
    handler.close_connection = True
    handler.connection.close()


@contextmanager
def serving(script: list[Any], *, sse: bool = False) -> Iterator[Server]:
    """The server, in a thread."""
    server = Server(script, sse=sse)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
