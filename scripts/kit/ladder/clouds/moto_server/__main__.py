"""The emulated cloud: moto's server with what it lacks, on a free port of loopback.

Run by path: `python .../moto_server/__main__.py --session ID --ready FILE --region us-east-1`. Writes its port
to FILE once it listens, ends itself when idle, when its folder is gone, or on SIGTERM.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

LOOPBACK = "127.0.0.1"


class Watchdog:
    """Ends the process after `seconds` without a request, or once `folder` is gone."""

    def __init__(self, seconds: float, folder: Path) -> None:
        self.seconds = seconds
        self.folder = folder
        self._latest = time.monotonic()
        self._active = 0
        self._guard = threading.Lock()

    def enter(self) -> None:
        """A request began."""
        with self._guard:
            self._active += 1

    def leave(self) -> None:
        """A request ended."""
        with self._guard:
            self._active -= 1
            self._latest = time.monotonic()

    def run(self) -> None:
        """Watch until it is time to end."""
        while True:
            time.sleep(min(1.0, self.seconds / 4))
            with self._guard:
                idle = not self._active and time.monotonic() - self._latest > self.seconds
            if idle or not self.folder.is_dir():
                print("idle" if idle else "the run's folder is gone", "- the emulated cloud ends", flush=True)
                os._exit(0)


def main(argv: list[str] | None = None) -> int:
    """Serve until told or idle."""
    parser = argparse.ArgumentParser(prog="moto_server")
    parser.add_argument("--session", required=True)
    parser.add_argument("--ready", type=Path, required=True)
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--idle", type=float, default=900.0, help="seconds")
    args = parser.parse_args(argv)
    listener = _listen(args.port)
    port = listener.getsockname()[1]
    os.environ["MOTO_PORT"] = str(port)
    os.environ["AWS_ENDPOINT_URL"] = f"http://{LOOPBACK}:{port}"
    _publish(args.ready, port)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    from kit.ladder.clouds.moto_server.app import Application

    watchdog = Watchdog(args.idle, args.ready.parent)
    threading.Thread(target=watchdog.run, daemon=True).start()
    serve(Application(args.session, watchdog), listener)
    return 0


def serve(application: Any, listener: socket.socket) -> None:
    """Answer requests on `listener`, a thread each, for good."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    from kit.ladder.clouds.moto_server import http2

    class Quiet(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            # Others than the SDK for JavaScript open with HTTP/1.1.
            with contextlib.suppress(OSError):
                if http2.asked(self.connection):
                    http2.serve(self.connection, application)
                    return
            super().handle()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            if str(code).startswith("5"):
                super().log_request(code, size)

    host, port = listener.getsockname()[:2]
    make_server(host, port, application, threaded=True, request_handler=Quiet, fd=listener.fileno()).serve_forever()


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
    except OSError:
        listener.bind((LOOPBACK, 0))
    listener.listen(128)
    return listener


def _publish(path: Path, port: int) -> None:
    part = path.with_suffix(".part")
    part.write_text(str(port))
    part.replace(path)


if __name__ == "__main__":
    raise SystemExit(main())
