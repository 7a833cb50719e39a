"""One persistent bash for an agent, inside one sandbox: variables and the working folder last from call to call."""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import shlex
import signal
import subprocess
import time
from pathlib import Path
from typing import TextIO

from kit import clock, command
from kit.agents import sandbox
from kit.agents.faults import Refused
from kit.agents.tools import Tool
from kit.agents.tools import bash as bash_tool
from kit.agents.watch import Watch
from kit.errors import Failure
from kit.redact import Stream, redact

COMMAND_SECONDS = 600.0
SHOWN = 24_000  # characters of a command's output that the agent sees
KEPT = 16 * 1024 * 1024  # bytes of output after which a command is stopped
PROCESSES = 600  # processes inside the sandbox after which a command is stopped
_FLOOD = 2000  # new tasks on the whole machine that are not counted one by one any more


class Shell:
    """A bash that starts with the first command. Its whole output goes, redacted, to `log`.

    A command that exceeds its time, output or number of processes ends the sandbox with everything in it; the next
    command begins in a new one.
    """

    def __init__(
        self,
        worktree: Path,
        log: Path,
        watch: Watch,
        *,
        mode: str,
        writable: tuple[str, ...] | None = None,
        extra: dict[str, str] | None = None,
        seconds: float = COMMAND_SECONDS,
    ) -> None:
        self.worktree, self.log, self.watch, self.mode = worktree, log, watch, mode
        self.writable, self.extra, self.seconds = writable, extra or {}, seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._log: TextIO | None = None

    def tool(self) -> Tool:
        """The shell as the model's bash tool."""
        return bash_tool(self.run, self.restart)

    def run(self, command: str) -> str:
        """Run `command`; its output, cut in the middle, and its exit status when that is not 0.

        Raises `Refused` when it exceeded a limit and the shell had to be ended.
        """
        process = self._process or self._start()
        nonce = secrets.token_hex(16)
        # A command may have given these words another meaning.
        script = f"\\builtin eval {shlex.quote(command)} </dev/null\n\\builtin printf '\\n%s %s\\n' {nonce} \"$?\"\n"
        log = self._log_file()
        log.write(f"\n$ {redact(command)}\n")
        assert process.stdin is not None
        try:
            process.stdin.write(script.encode("utf-8", "replace"))
            process.stdin.flush()
        except BrokenPipeError:
            self.close()
            raise Refused("the shell had ended; it was started anew, try again (nothing was run)") from None
        with clock.outside():
            output, ending = self._read(process, nonce.encode(), log)
        if ending.isdigit():
            return output + ("" if ending == "0" else f"\n(exit status {ending})")
        self.close()
        lost = "the shell was started anew: its folder and variables are lost"
        raise Refused(f"{output}\n({ending}; {lost})")

    def restart(self) -> str:
        """End the shell; the next command begins in a new one."""
        self.close()
        return "the shell was started anew"

    def close(self) -> None:
        """End the shell and all it started."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        # Inside, the kernel counts the sandbox's own processes; it does not for root, so they are watched as well.
        argv = ["bash", "-c", "ulimit -Su 4096 2>/dev/null; exec bash --noprofile --norc"]
        environment = sandbox.environment(self.extra)
        if self.mode != sandbox.NONE:
            argv = sandbox.wrap(argv, self.worktree, mode=self.mode, writable=self.writable)
        else:
            environment["HOME"] = os.environ.get("HOME", "/tmp")
        try:
            self._process = subprocess.Popen(
                argv,
                cwd=self.worktree,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=command.die_with_parent,
            )
        except OSError as error:
            raise Failure(
                f"the agent's shell cannot be started: {error}", hint="install bubblewrap and bash"
            ) from error
        return self._process

    def _read(self, process: subprocess.Popen[bytes], nonce: bytes, log: TextIO) -> tuple[str, str]:
        """The output shown, and the exit status or the name of the limit that was exceeded."""
        assert process.stdout is not None
        source = process.stdout.fileno()
        # A command can open its own output for reading, and take away what the wait was ended by.
        os.set_blocking(source, False)
        until = time.monotonic() + max(1.0, min(self.seconds, self.watch.left))
        shown, redacted, mark = _Middle(SHOWN), Stream(), b"\n" + nonce + b" "
        rest, taken, next_look = b"", 0, time.monotonic() + 0.1
        ending, tasks = "", _tasks()
        while not ending:
            ready, _, _ = select.select([source], [], [], 0.1)
            now = time.monotonic()
            try:
                data = os.read(source, 1 << 16) if ready else b""
            except BlockingIOError:
                ready, data = [], b""
            if ready and not data:
                ending = "the shell ended"
            elif now > until:
                ending = "stopped: it exceeded its time"
            elif taken > KEPT:
                ending = f"stopped: it exceeded {KEPT >> 20} MiB of output"
            elif now > next_look:
                next_look = now + 0.1
                if _too_many(process.pid, tasks):
                    ending = f"stopped: it exceeded {PROCESSES} processes"
            taken += len(data)
            rest += data
            at = rest.find(mark)
            if at >= 0 and b"\n" in rest[at + len(mark) :]:
                ending = rest[at + len(mark) :].split(b"\n", 1)[0].decode()
                rest = rest[:at]
            # What may be the beginning of the mark waits for what follows it.
            ready_to_show, rest = (rest, b"") if ending else _split(rest, len(mark) + 8)
            text = redacted.feed(ready_to_show.decode("utf-8", "replace"))
            if ending:
                text += redacted.close()
            log.write(text)
            shown.add(text)
        log.flush()
        return shown.text, ending

    def _log_file(self) -> TextIO:
        if self._log is None:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self._log = self.log.open("a", encoding="utf-8", errors="replace")
        return self._log


class _Middle:
    """Keeps the head and the tail of a text and how much lay between."""

    def __init__(self, size: int) -> None:
        self.half = size // 2
        self.head, self.tail, self.total = "", "", 0

    def add(self, text: str) -> None:
        self.total += len(text)
        room = self.half - len(self.head)
        if room > 0:
            self.head += text[:room]
            text = text[room:]
        self.tail = (self.tail + text[-self.half :])[-self.half :]

    @property
    def text(self) -> str:
        left_out = self.total - len(self.head) - len(self.tail)
        if not left_out:
            return self.head + self.tail
        return f"{self.head}\n... {left_out:,} characters are left out here; the log has them ...\n{self.tail}"


def _split(data: bytes, keep: int) -> tuple[bytes, bytes]:
    """`data` before its last `keep` bytes, at a character's boundary, and the rest."""
    at = max(0, len(data) - keep)
    while at > 0 and at < len(data) and data[at] & 0xC0 == 0x80:
        at -= 1
    return data[:at], data[at:]


def _too_many(pid: int, before: int) -> bool:
    """True when more than `PROCESSES` descend from `pid`; `before` is the machine's number of tasks at the start."""
    grown = _tasks() - before
    # A bomb is faster than any count of its parts, and counting is only worth while when there are many.
    return grown > _FLOOD or (grown > PROCESSES and _family(pid) > PROCESSES)


def _tasks() -> int:
    """Processes and threads on the machine; 0 where the system does not say."""
    try:
        return int(Path("/proc/loadavg").read_text().split()[3].partition("/")[2])
    except (OSError, ValueError, IndexError):
        return 0


def _family(pid: int) -> int:
    """How many processes descend from `pid`, itself included."""
    parents: dict[int, int] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                stat = Path(entry.path, "stat").read_text(errors="replace")
                parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
    family, grew = {pid}, True
    while grew:
        more = {child for child, parent in parents.items() if parent in family and child not in family}
        family |= more
        grew = bool(more)
    return len(family)
