"""One loopback port through the wall of the sandbox: a Unix socket, with a forwarder on each side.

`outside PORT COMMAND...` listens on the socket and forwards to 127.0.0.1:PORT; COMMAND (bwrap) finds the socket as
file descriptor of its folder in BRIDGE. `inside PORT COMMAND...` listens on 127.0.0.1:PORT of the sandbox. Uses the
standard library alone, so that it starts in a few hundredths of a second.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path


def forward(listener: socket.socket, connect: Callable[[], socket.socket]) -> None:
    """Join every connection that `listener` takes with one that `connect` makes, until the listener is closed."""
    while True:
        try:
            near, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_join, args=(near, connect), daemon=True).start()


def _join(near: socket.socket, connect: Callable[[], socket.socket]) -> None:
    try:
        far = connect()
    except OSError:
        near.close()
        return
    back = threading.Thread(target=_copy, args=(far, near), daemon=True)
    back.start()
    _copy(near, far)
    back.join()
    near.close()
    far.close()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def outside(port: int, words: list[str]) -> int:
    """Run `words` (bwrap ...) with the socket bound in at /tmp/bridge; returns its exit status."""
    with tempfile.TemporaryDirectory(prefix="bridge-") as folder:
        path = str(Path(folder) / "s")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen(64)

        def connect() -> socket.socket:
            return socket.create_connection(("127.0.0.1", port))

        threading.Thread(target=forward, args=(listener, connect), daemon=True).start()
        at = words.index("--chdir")
        child = subprocess.Popen([*words[:at], "--ro-bind", folder, "/tmp/bridge", *words[at:]])
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda number, frame: child.send_signal(signal.SIGKILL))
        status = child.wait()
    return status if status >= 0 else 128 - status


def inside(port: int, words: list[str]) -> int:
    """Listen on 127.0.0.1:`port`, run `words`, return their exit status."""

    def connect() -> socket.socket:
        far = socket.socket(socket.AF_UNIX)
        far.connect("/tmp/bridge/s")
        return far

    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(64)
    threading.Thread(target=forward, args=(listener, connect), daemon=True).start()
    # Beyond the standard three a function's result has a descriptor of its own.
    status = subprocess.call(words, close_fds=False)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    side, number, *command = sys.argv[1:]
    raise SystemExit({"outside": outside, "inside": inside}[side](int(number), command))
