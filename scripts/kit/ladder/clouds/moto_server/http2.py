"""HTTP/2 without TLS, as the SDK for JavaScript speaks it to Kinesis: each stream is answered like a request of its own."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any

_CHUNK = 65_536


def asked(connection: socket.socket) -> bool:
    """True when the client opens with HTTP/2's preface; nothing is taken from the connection."""
    return connection.recv(4, socket.MSG_PEEK | socket.MSG_WAITALL) == b"PRI "


def serve(connection: socket.socket, application: Any) -> None:
    """Answer the connection's streams, a thread each, until it is closed."""
    _Conversation(connection, application).run()


class _Conversation:
    """One connection. `guard` is held to read or change the protocol's state; it tells when a window opens."""

    def __init__(self, connection: socket.socket, application: Any) -> None:
        from h2.config import H2Configuration
        from h2.connection import H2Connection

        class Patient(H2Connection):
            # The SDK says that it will ask no more while it still waits for its answer.
            def _receive_goaway_frame(self, frame: Any) -> Any:
                return [], []

        self.connection, self.application = connection, application
        self.talk = Patient(H2Configuration(client_side=False, header_encoding="utf-8"))
        self.guard = threading.Condition()
        self.asked: dict[int, tuple[list[tuple[str, str]], bytearray]] = {}
        self.over = False

    def run(self) -> None:
        """Read until the client is done."""
        from h2.exceptions import ProtocolError

        with self.guard:
            self.talk.initiate_connection()
            self._flush()
        try:
            while data := self.connection.recv(_CHUNK):
                with self.guard:
                    for event in self.talk.receive_data(data):
                        self._take(event)
                    self._flush()
                    self.guard.notify_all()
        except (ProtocolError, OSError):
            with contextlib.suppress(OSError):
                self._flush()
        finally:
            with self.guard:
                self.over = True
                self.guard.notify_all()

    def _take(self, event: Any) -> None:
        from h2 import events

        if isinstance(event, events.RequestReceived):
            headers = [(str(name), str(value)) for name, value in event.headers]
            self.asked[event.stream_id] = (headers, bytearray())
        elif isinstance(event, events.DataReceived):
            self.talk.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            self.asked[event.stream_id][1].extend(event.data)
        elif isinstance(event, events.StreamEnded):
            headers, body = self.asked.pop(event.stream_id)
            words = (event.stream_id, headers, bytes(body))
            threading.Thread(target=self._answer, args=words, daemon=True).start()
        elif isinstance(event, events.StreamReset):
            self.asked.pop(event.stream_id, None)

    def _answer(self, stream: int, headers: list[tuple[str, str]], body: bytes) -> None:
        from h2.exceptions import ProtocolError
        from werkzeug.test import run_wsgi_app

        parts, status, given = run_wsgi_app(self.application, _environ(headers, body))
        answer = b"".join(parts)
        told = [(name.lower(), value) for name, value in given if name.lower() not in ("connection", "keep-alive")]
        # A client that has gone, or has given this answer up, is not waited for.
        with contextlib.suppress(OSError, ProtocolError), self.guard:
            self.talk.send_headers(stream, [(":status", status.split()[0]), *told], end_stream=not answer)
            while answer and not self.over:
                room = min(self.talk.local_flow_control_window(stream), self.talk.max_outbound_frame_size)
                if room <= 0:
                    self._flush()
                    self.guard.wait()
                    continue
                part, answer = answer[:room], answer[room:]
                self.talk.send_data(stream, part, end_stream=not answer)
            self._flush()

    def _flush(self) -> None:
        if data := self.talk.data_to_send():
            self.connection.sendall(data)


def _environ(headers: list[tuple[str, str]], body: bytes) -> dict[str, Any]:
    from werkzeug.test import EnvironBuilder

    pseudo = {name: value for name, value in headers if name.startswith(":")}
    plain = [(name, value) for name, value in headers if not name.startswith(":")]
    path, _, query = pseudo[":path"].partition("?")
    builder = EnvironBuilder(
        path=path,
        query_string=query,
        base_url=f"http://{pseudo[':authority']}/",
        method=pseudo[":method"],
        headers=plain,
        data=body,
    )
    made: dict[str, Any] = builder.get_environ()
    return made
