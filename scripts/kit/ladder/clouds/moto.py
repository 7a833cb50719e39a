"""CLOUD=moto: an emulated AWS of the run's own, on loopback, that ends when it is stopped or idle."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from kit import files, lock, say
from kit.errors import Failure
from kit.ladder.clouds.base import LOOPBACK, Cloud, say_once
from kit.run.rundir import Run

SERVER = Path(__file__).parent / "moto_server" / "__main__.py"
STATE = "cloud.json"
# The server's home is the run's folder; it unpacks the code of functions there.
UNPACKED = "lambda"
STATUS_PATH = "/task-coordinator/status"
IDLE_SECONDS = 900.0
START_SECONDS = 60.0
STOP_SECONDS = 5.0


class MotoCloud(Cloud):
    """A moto server of this run. Its state is in `cloud.json` of the run's folder."""

    name = "moto"
    emulated = True

    def __init__(self, *, endpoint: str, session: str, region: str, folder: Path, pid: int, started: str) -> None:
        super().__init__(endpoint=endpoint, session=session, region=region)
        self.folder = folder
        self.pid = pid
        self.started = started

    @property
    def alive(self) -> bool:
        """True when the very process that was started still runs."""
        return bool(self.started) and start_time(self.pid) == self.started

    def stop(self) -> None:
        """End the server and prove that it is gone. Raises `Failure` when it will not go."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)
            if not self._gone(STOP_SECONDS):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
            if not self._gone(STOP_SECONDS):
                raise Failure(f"the emulated cloud (pid {self.pid}) does not end", hint=f"kill -9 {self.pid}")
        (self.folder / STATE).unlink(missing_ok=True)
        shutil.rmtree(self.folder / UNPACKED, ignore_errors=True)

    def _gone(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while self.alive:
            if time.monotonic() > until:
                return False
            _reap(self.pid)
            time.sleep(0.02)
        return True


def open_cloud(run: Run) -> MotoCloud:
    """Start the run's server, or adopt the live one. Raises `Failure` with the log's last lines when it cannot."""
    with lock.hold(run.dir / "cloud.lock", what="the start of the emulated cloud", wait=START_SECONDS + 10):
        found = _read_state(run)
        if found is not None:
            if found.alive and _answers(found.endpoint, found.session):
                return found
            if found.alive:
                say.warn(f"the emulated cloud (pid {found.pid}) no longer answers; it is ended and started anew, empty")
                found.stop()
            else:
                say.warn(f"the emulated cloud (pid {found.pid}) has ended; what it held is gone; a new one is started")
                (run.dir / STATE).unlink(missing_ok=True)
        return _start(run)


def find_cloud(run: Run) -> MotoCloud | None:
    """The run's live server, or None."""
    found = _read_state(run)
    return found if found is not None and found.alive and _answers(found.endpoint, found.session) else None


def start_time(pid: int) -> str:
    """When the process began, in clock ticks since boot, or "" when there is none or it is a zombie.

    Together with the pid it names one process for good; a pid alone is used again.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return ""
    return "" if fields[0] in "ZX" else fields[19]


def _read_state(run: Run) -> MotoCloud | None:
    path = run.dir / STATE
    if not path.exists():
        return None
    try:
        state = files.read_json(path)
        return MotoCloud(
            endpoint=f"http://{LOOPBACK}:{int(state['port'])}",
            session=str(state["session"]),
            region=run.region,
            folder=run.dir,
            pid=int(state["pid"]),
            started=str(state["started"]),
        )
    except (Failure, KeyError, TypeError, ValueError) as error:
        say.warn(f"{path}: not the state of a cloud, passed over: {error}")
        return None


def _start(run: Run) -> MotoCloud:
    say_once("CLOUD=moto: an emulated AWS on this machine; nothing reaches a real account")
    began = time.monotonic()
    session = uuid.uuid4().hex
    log = run.logs / "cloud.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    ready = run.dir / f"cloud-{session}.ready"
    words = [sys.executable, "-P", str(SERVER), "--session", session, "--ready", str(ready), "--region", run.region]
    words += ["--idle", str(IDLE_SECONDS)]
    with log.open("ab") as out:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd="/",
            env=_server_environment(run),
            start_new_session=True,
        )
    try:
        port = _await_port(process, ready, log, began)
        cloud = MotoCloud(
            endpoint=f"http://{LOOPBACK}:{port}",
            session=session,
            region=run.region,
            folder=run.dir,
            pid=process.pid,
            started=start_time(process.pid),
        )
        while not _answers(cloud.endpoint, session):
            _still_starting(process, log, began)
            time.sleep(0.02)
    except BaseException:
        process.kill()
        process.wait()
        raise
    finally:
        ready.unlink(missing_ok=True)
    state = {"name": "moto", "pid": cloud.pid, "started": cloud.started, "port": port, "session": session}
    files.write_json(run.dir / STATE, state)
    say.done(f"Started the emulated cloud on {cloud.endpoint} in {time.monotonic() - began:.1f} s")
    return cloud


def _server_environment(run: Run) -> dict[str, str]:
    """Nothing of the machine's environment but what finds programs and speaks its language."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ") if name in os.environ}
    return kept | {
        "HOME": str(run.dir),
        "TASK_COORDINATOR_NODE_MODULES": str(run.worktree / "node_modules"),
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": run.region,
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "MOTO_ACM_VALIDATION_WAIT": "0",
        "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
    }


def _await_port(process: subprocess.Popen[bytes], ready: Path, log: Path, began: float) -> int:
    while True:
        if ready.exists():
            return int(ready.read_text())
        _still_starting(process, log, began)
        time.sleep(0.02)


def _still_starting(process: subprocess.Popen[bytes], log: Path, began: float) -> None:
    status = process.poll()
    if status is None and time.monotonic() - began < START_SECONDS:
        return
    why = f"ended with {status}" if status is not None else f"gave no answer in {START_SECONDS:.0f} s"
    lines = log.read_text(errors="replace").strip().splitlines()
    raise Failure(f"the emulated cloud {why}: {lines[-1] if lines else 'it said nothing'}", hint=f"see {log}")


def _answers(endpoint: str, session: str) -> bool:
    status = server_status(endpoint)
    return status is not None and status.get("session") == session


def server_status(endpoint: str) -> dict[str, Any] | None:
    """What the server says of itself ({session, types: names CloudFormation really creates}), or None."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(endpoint + STATUS_PATH, timeout=30) as answer:
            value = json.load(answer)
    except (OSError, ValueError, urllib.error.URLError):
        return None
    return value if isinstance(value, dict) else None


def _reap(pid: int) -> None:
    with contextlib.suppress(ChildProcessError, OSError):
        os.waitpid(pid, os.WNOHANG)
