"""Bounds what a model call may wait: wall time, silence, and the API's own Retry-After."""

from __future__ import annotations

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

    `billed` holds the raw body of every answered attempt since `reset()`: an answer that cannot be read was paid
    for all the same.
    """

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.billed: list[bytes] = []
        self.attempts = 0

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - time.monotonic()

    def reset(self) -> None:
        """Forget the attempts of the last call."""
        self.billed.clear()
        self.attempts = 0

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
            if not body.lstrip().startswith(b"{") or b'"content"' not in body:
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


def _unstreamed(response: Any, request: Any) -> Any:
    """The JSON response that an event stream stands for; a stream that was cut is a broken connection."""
    import httpx2

    try:
        status, message = sse.fold(response.read())
    except (sse.Cut, KeyError, IndexError, TypeError, ValueError) as error:
        raise httpx2.RemoteProtocolError(f"event stream: {error}", request=request) from error
    return httpx2.Response(status, json=message, request=request)


def _bounded(inner: Any, watch: Watch) -> Any:
    import httpx2

    class Stream(httpx2.SyncByteStream):
        # A server that sends a byte now and then never meets a read time-out.
        def __init__(self, stream: Any, until: float, request: Any) -> None:
            self.stream, self.until, self.request = stream, until, request

        def __iter__(self) -> Iterator[bytes]:
            for chunk in self.stream:
                if time.monotonic() > self.until:
                    raise httpx2.ReadTimeout("the answer took too long", request=self.request)
                yield chunk

        def close(self) -> None:
            self.stream.close()

    class Bounded(httpx2.BaseTransport):
        def handle_request(self, request: Any) -> Any:
            allowed = max(0.05, min(ATTEMPT, watch.left))
            limits = request.extensions.setdefault("timeout", {})
            for kind in ("read", "write", "connect", "pool"):
                limits[kind] = min(limits.get(kind) or SILENCE, allowed)
            response = inner.handle_request(request)
            response.stream = Stream(response.stream, time.monotonic() + allowed, request)
            if "text/event-stream" in response.headers.get("content-type", ""):
                return _unstreamed(response, request)
            return response

        def close(self) -> None:
            inner.close()

    return Bounded()
