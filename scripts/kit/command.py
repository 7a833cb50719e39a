"""The one function that runs external commands."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import clock
from kit.errors import Failure
from kit.redact import Stream, redact

GRACE = 5.0
# The environment variable by which a run's processes are known after their coordinator was killed.
MARK = "TASK_COORDINATOR_RUN"
_PR_SET_PDEATHSIG = 1
# Looked up before any fork: a child forked beside running threads must not load libraries.
_PRCTL = getattr(ctypes.CDLL(None), "prctl", None)
_owner = ""
_live: list[Any] = []


def end_all() -> None:
    """Kill the groups of commands that are still running: a leaving process would wait for their output."""
    for process in list(_live):
        with contextlib.suppress(OSError):
            process.kill_group()


def belong_to(folder: Path) -> None:
    """Let the commands that follow carry the mark of the run kept in `folder`."""
    global _owner
    _owner = str(folder)


class CommandFailed(Failure):
    """Raised when a checked command exits non-zero or exceeds a limit; `result` has what it printed."""

    def __init__(self, message: str, result: Result, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.result = result


@dataclass(frozen=True)
class Result:
    """How a command ended. `status` is the exit status, negative for a signal; `limit` names the limit it exceeded."""

    argv: tuple[str, ...]
    cwd: str
    status: int
    stdout: str
    output: str
    seconds: float
    limit: str = ""
    log: Path | None = None

    @property
    def ok(self) -> bool:
        """True when it exited with 0 within its limits."""
        return self.status == 0 and not self.limit

    def tail(self, lines: int = 20) -> str:
        """The last `lines` lines of stdout and stderr together."""
        return "\n".join(self.output.rstrip().splitlines()[-lines:])


def run(
    argv: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: str | bytes | None = None,
    timeout: float = 600.0,
    silence: float | None = None,
    log: Path | None = None,
    check: bool = True,
    gentle: float = 0.0,
) -> Result:
    """Run `argv` in its own process group and return how it ended.

    `timeout` and `silence` are seconds of wall time and without a line of output; past either the whole
    group gets SIGTERM, then SIGKILL; with `gentle`, SIGINT and so many seconds to tidy up before. The output goes, redacted, to `log` as it comes. The child dies with
    this process. Raises `CommandFailed` when `check` and it was not `ok`, `Failure` when it cannot start.
    """
    import sh

    words = [str(word) for word in argv]
    output: list[str] = []
    stdout: list[str] = []
    latest = [time.monotonic()]
    guard = threading.Lock()
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
    sink = log.open("a", encoding="utf-8") if log is not None else None
    stream = Stream()

    def take(into: list[str] | None, text: str) -> None:
        with guard:
            latest[0] = time.monotonic()
            output.append(text)
            if into is not None:
                into.append(text)
            if sink is not None and not sink.closed:
                sink.write(stream.feed(text))
                sink.flush()

    began = time.monotonic()
    limit = ""
    try:
        process = _start(sh, words, cwd, env, stdin, lambda text: take(stdout, text), lambda text: take(None, text))
        with clock.outside():
            limit = _wait(sh, process, began, timeout, silence, latest, gentle)
        status = process.process.exit_code if process.process.exit_code is not None else -signal.SIGKILL
    finally:
        if sink is not None:
            with guard:
                sink.write(stream.close())
                sink.close()
    seconds = time.monotonic() - began
    result = Result(tuple(words), str(cwd), status, "".join(stdout), "".join(output), seconds, limit, log)
    if check and not result.ok:
        raise CommandFailed(_sentence(result), result, hint=f"see {log}" if log else "")
    return result


def _start(sh: Any, words: list[str], cwd: Path, env: Any, stdin: Any, out: Any, err: Any) -> Any:
    environment = dict(os.environ if env is None else env) | ({MARK: _owner} if _owner else {})
    try:
        command = sh.Command(words[0], search_paths=environment.get("PATH", os.defpath).split(os.pathsep))
    except sh.CommandNotFound as error:
        raise Failure(f"{words[0]}: command not found", hint=f"install {words[0]} and try again") from error
    if not Path(cwd).is_dir():
        raise Failure(f"{cwd}: no such folder (to run {words[0]} in)")
    return command(
        *words[1:],
        _cwd=str(cwd),
        _env=environment,
        _in=stdin if stdin is not None else b"",
        _out=out,
        _err=err,
        _bg=True,
        _bg_exc=False,
        _new_group=True,
        _tty_in=False,
        _tty_out=False,
        _decode_errors="replace",
        _truncate_exc=False,
        _preexec_fn=die_with_parent,
        _return_cmd=True,
    )


def _wait(
    sh: Any, process: Any, began: float, timeout: float, silence: float | None, latest: list[float], gentle: float
) -> str:
    # sh waits with a time-out by polling ten times a second; a waiting thread wakes at once.
    ended = threading.Event()

    def wait() -> None:
        with contextlib.suppress(sh.ErrorReturnCode):
            process.wait()
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    try:
        while True:
            now = time.monotonic()
            left = began + timeout - now
            if silence is not None:
                left = min(left, latest[0] + silence - now)
            if left <= 0:
                return "wall time" if now >= began + timeout else "silence"
            if ended.wait(left):
                return ""
    finally:
        _live.append(process)
        _end(process, ended, gentle)
        _live.remove(process)


def _end(process: Any, ended: threading.Event, gentle: float) -> None:
    if gentle and not ended.is_set():
        with contextlib.suppress(OSError):
            process.signal_group(signal.SIGINT)
        ended.wait(gentle)
    with contextlib.suppress(OSError):
        process.signal_group(signal.SIGTERM)
    if not ended.wait(GRACE):
        with contextlib.suppress(OSError):
            process.kill_group()
        ended.wait(GRACE)


def die_with_parent() -> None:
    """Between fork and exec: let the kernel kill this process when its parent ends. Linux alone can."""
    if _PRCTL is not None:
        _PRCTL(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _sentence(result: Result) -> str:
    words = redact(" ".join(result.argv))
    shown = words if len(words) <= 120 else words[:117] + "..."
    ending = f"exceeded its {result.limit} limit" if result.limit else f"exited with {result.status}"
    last = redact(result.tail(1)).strip()
    return f"`{shown}` {ending} after {result.seconds:.1f} s" + (f": {last}" if last else "")
