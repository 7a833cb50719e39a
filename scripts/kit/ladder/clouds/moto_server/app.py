"""The WSGI application: moto's own, a status page, and the count of what is under way."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

STATUS_PATH = "/task-coordinator/status"


class Application:
    """moto's dispatcher; `watchdog` learns of every request, `STATUS_PATH` answers with the session."""

    def __init__(self, session: str, watchdog: Any) -> None:
        import moto.cloudformation.models  # noqa: F401 - paid at the start, not by the first request
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        from kit.ladder.clouds.moto_server import install, lambda_events, services

        services.load()
        install.install()
        lambda_events.install()
        self.session = session
        self.watchdog = watchdog
        self.moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO") == STATUS_PATH:
            return self._status(start_response)
        self.watchdog.enter()
        try:
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
