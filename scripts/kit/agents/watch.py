"""Bounds what a model call may wait: wall time, silence, and the API's own Retry-After."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

from kit.agents import sse
from kit.errors import Failure
from kit.redact import redact

SILENCE = 600.0  # seconds without a byte of one attempt, as the SDK has it
ATTEMPT = 1200.0  # seconds of one attempt altogether
LONGEST_WAIT = 300.0  # the longest Retry-After that is waited for
RETRIES = 6


class Watch:
    """A deadline (seconds of time.monotonic) shared by a phase's calls and commands.

    `billed` holds the raw body of every answered attempt since `reset()`, `lost` what came of those that were cut.
    """

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.billed: list[bytes] = []
        self.lost: list[bytes] = []
        self.attempts = 0

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - time.monotonic()

    def reset(self) -> None:
        """Forget the attempts of the last call."""
        self.billed.clear()
        self.lost.clear()
        self.attempts = 0

    def unread(self, *, failed: bool) -> list[bytes]:
        """What was paid for and gave no reply: the attempts that were cut, and all when the call `failed`."""
        return self.lost + self.billed if failed else list(self.lost)

    def client_options(self, transport: Any = None, middleware: Sequence[Any] = ()) -> dict[str, Any]:
        """What every engine's client is made with; `middleware` sees each attempt before it is sent."""
        import anthropic
        import httpx2

        inner = transport or httpx2.HTTPTransport(retries=0)
        return {
            "http_client": anthropic.DefaultHttpxClient(transport=_bounded(inner, self)),
            "middleware": [self, *middleware],
            "max_retries": RETRIES,
            "timeout": httpx2.Timeout(SILENCE, connect=30.0),
        }

    def __call__(self, request: Any, call_next: Any) -> Any:
        """One HTTP attempt of the SDK's retry loop. Raises `Failure` when waiting is over."""
        if self.left <= 0:
            raise Failure("the model did not answer within the phase's wall time", hint="make resume, or MAX_MINUTES=")
        self.attempts += 1
        answer = call_next(request)
        response = answer.http_response
        if response.is_success:
            body = response.content
            self.billed.append(body)
            if not _is_message(body):
                raise Failure(
                    f"the API's answer is no message: {redact(body[:80].decode('utf-8', 'replace'))!r}",
                    hint="check models.base_url, then make resume",
                )
            return answer
        wait = _retry_after(response.headers)
        if wait > min(LONGEST_WAIT, self.left):
            raise Failure(
                f"the API answered {response.status_code} and asks to wait {wait:,.0f} s; the work so far is saved",
                hint=f"make resume, in {wait / 60:.0f} minutes",
            )
        return answer


def _is_message(body: bytes) -> bool:
    """True when `body` has what the SDK and the loop take for granted."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return False
    fits = isinstance(message, dict) and isinstance(message.get("usage"), dict)
    stop = message.get("stop_reason") if fits else None
    content = message.get("content") if fits else None
    return isinstance(stop, str | None) and isinstance(content, list) and all(map(_is_block, content))


def _is_block(block: Any) -> bool:
    wanted = {"text": ("text",), "tool_use": ("id", "name")}
    if not isinstance(block, dict) or not isinstance(block.get("type"), str):
        return False
    whole = block["type"] != "tool_use" or "input" in block
    return whole and all(isinstance(block.get(name), str) for name in wanted.get(block["type"], ()))


def _retry_after(headers: Any) -> float:
    """Seconds the API asks to wait, 0 when it does not say or not legibly."""
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            return float(value) * scale
        except ValueError:
            pass
        try:
            return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
        except (TypeError, ValueError):
            continue
    return 0.0


def _unstreamed(response: Any, request: Any, watch: Watch) -> Any:
    """The JSON response that an event stream stands for; a stream that was cut is a broken connection."""
    import httpx2

    body = response.read()
    try:
        status, message = sse.fold(body)
        if status != 200:
            watch.lost.append(body)
    except (sse.Cut, LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        watch.lost.append(body)
        raise httpx2.RemoteProtocolError(f"event stream: {error}", request=request) from error
    return httpx2.Response(status, json=message, request=request)


def _bounded(inner: Any, watch: Watch) -> Any:
    import httpx2

    class Stream(httpx2.SyncByteStream):
        # A server that sends a byte now and then never meets a read time-out.
        def __init__(self, response: Any, until: float, request: Any) -> None:
            self.stream, self.until, self.request = response.stream, until, request
            self.paid = response.is_success

        def __iter__(self) -> Iterator[bytes]:
            taken = []
            try:
                for chunk in self.stream:
                    taken.append(chunk)
                    if time.monotonic() > self.until:
                        raise httpx2.ReadTimeout("the answer took too long", request=self.request)
                    yield chunk
            except Exception:
                if self.paid:
                    watch.lost.append(b"".join(taken))
                raise

        def close(self) -> None:
            self.stream.close()

    class Bounded(httpx2.BaseTransport):
        def handle_request(self, request: Any) -> Any:
            allowed = max(0.05, min(ATTEMPT, watch.left))
            limits = request.extensions.setdefault("timeout", {})
            for kind in ("read", "write", "connect", "pool"):
                limits[kind] = min(limits.get(kind) or SILENCE, allowed)
            response = inner.handle_request(request)
            response.stream = Stream(response, time.monotonic() + allowed, request)
            if "text/event-stream" in response.headers.get("content-type", ""):
                return _unstreamed(response, request, watch)
            return response

        def close(self) -> None:
            inner.close()

    return Bounded()
