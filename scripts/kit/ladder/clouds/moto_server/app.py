"""The WSGI application: moto's own, a status page, and the count of what is under way."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterable
from typing import Any

from kit.ladder.clouds.moto_server import analyzers

CUSTOM_PATH = "/task-coordinator/custom/"
Answer = tuple[str, int, dict[str, str]]
STATUS_PATH = "/task-coordinator/status"


class Application:
    """moto's dispatcher; `watchdog` learns of every request, `STATUS_PATH` answers with the session."""

    def __init__(self, session: str, watchdog: Any) -> None:
        import moto.cloudformation.models  # noqa: F401 - paid at the start, not by the first request
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        from kit.ladder.clouds.moto_server import answers, bus, install, lambda_events, mends, services

        services.load()
        install.install()
        lambda_events.install()
        bus.install()
        mends.install()
        answers.install()
        self.session = session
        self.watchdog = watchdog

        def create_app(service: Any) -> Any:
            made = create_backend_app(service)
            made.register_error_handler(NotImplementedError, _not_emulated)
            made.register_error_handler(500, _broken)
            # Debugging would let errors of moto's own through to the connection.
            made.debug = False
            return made

        self.moto = DomainDispatcherApplication(create_app)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO") == STATUS_PATH:
            return self._status(start_response)
        if str(environ.get("PATH_INFO", "")).startswith(CUSTOM_PATH):
            return self._custom(environ, start_response)
        self.watchdog.enter()
        try:
            if analyzers.asked(environ):
                return analyzers.answer(environ, start_response)
            return self.moto(environ, start_response)
        finally:
            self.watchdog.leave()

    def _status(self, start_response: Any) -> Iterable[bytes]:
        from moto.cloudformation.parsing import get_model_map

        from kit.ladder.clouds.moto_server.handler import HANDLERS

        kinds = {"moto": sorted(set(get_model_map()) - set(HANDLERS)), "own": sorted(HANDLERS)}
        body = json.dumps({"session": self.session, "types": kinds}).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def _custom(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        from kit.ladder.clouds.moto_server.services import stacks

        length = int(environ.get("CONTENT_LENGTH") or 0)
        stacks.take_answer(str(environ["PATH_INFO"]).rpartition("/")[2], environ["wsgi.input"].read(length))
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]


def _not_emulated(error: NotImplementedError) -> Answer:
    """An operation that moto lacks."""
    return _in_its_words(501, "NotEmulated", f"not emulated: {error}")


def _broken(error: Any) -> Answer:
    """An error of moto's own."""
    cause = getattr(error, "original_exception", None) or error
    traceback.print_exception(cause)
    return _in_its_words(500, "InternalFailure", f"the emulator failed: {type(cause).__name__}: {cause}")


def _in_its_words(status: int, code: str, message: str) -> Answer:
    """An error in the protocol the request speaks, where moto would answer with a page for browsers."""
    from xml.sax.saxutils import escape

    from flask import request

    kind = request.content_type or ""
    if "form-urlencoded" in kind or "xml" in kind:
        inner = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        return f"<ErrorResponse>{inner}</ErrorResponse>", status, {"Content-Type": "text/xml"}
    body = json.dumps({"__type": code, "message": message})
    return body, status, {"Content-Type": "application/json", "x-amzn-ErrorType": code}
