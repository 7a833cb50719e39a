"""Runs Lambda handlers without Docker: a child process each, scrubbed, boxed in when bwrap is there."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import zipfile
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from kit.agents import bridge, sandbox

RUNTIME = Path(__file__).parent / "runtime"
INIT_SECONDS = 20.0
LOG_BYTES = 1_000_000


class Answer(NamedTuple):
    """What an invocation yielded: the payload's JSON, whether the function failed, and its log."""

    payload: str
    failed: bool
    log: str


def run(function: Any, event: Any) -> Answer:
    """Run moto's LambdaFunction `function` on `event`."""
    request = str(uuid.uuid4())
    runtime = str(function.run_time or "")
    interpreter = _interpreter(runtime)
    if function.package_type == "Image":
        return _cannot(request, "container images cannot be run without Docker")
    if interpreter is None:
        return _cannot(request, f"runtime {runtime} cannot be run here; python and nodejs can")
    try:
        code = unpack(function.code_bytes)
        layers = [unpack(content) for content in _layers(function)]
    except (AttributeError, zipfile.BadZipFile) as error:
        return _cannot(request, f"the code of {function.function_name} is not a zip archive: {error}")
    environment = _environment(function, request, code, layers)
    return _child(function, request, interpreter, event, code, layers, environment)


def unpack(content: bytes) -> Path:
    """The folder with the unzipped `content`, made once for the same bytes."""
    folder = _scratch() / hashlib.sha256(content).hexdigest()[:16]
    if not folder.is_dir():
        part = Path(tempfile.mkdtemp(dir=folder.parent))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            archive.extractall(part)
            for entry in archive.infolist():
                if entry.external_attr >> 16 & 0o111 and not entry.is_dir():
                    (part / entry.filename).chmod(0o755)
        part.chmod(0o755)
        try:
            part.rename(folder)
        except OSError:
            shutil.rmtree(part, ignore_errors=True)
    return folder


def _cannot(request: str, why: str) -> Answer:
    error = {"errorType": "Emulator.Unsupported", "errorMessage": f"not emulated: {why}"}
    return Answer(json.dumps(error), True, f"START RequestId: {request}\nnot emulated: {why}\nEND RequestId: {request}")


def _scratch() -> Path:
    """The folder of unpacked code; what a handler requires and does not carry is looked for beside it."""
    folder = Path.home() / "lambda"
    folder.mkdir(exist_ok=True)
    modules, link = os.environ.get("TASK_COORDINATOR_NODE_MODULES"), folder / "node_modules"
    if modules and not link.is_symlink():
        link.symlink_to(modules)
    return folder


def _interpreter(runtime: str) -> list[str] | None:
    if runtime.startswith("python"):
        return [sys.executable, "-P", str(RUNTIME / "bootstrap.py")]
    if runtime.startswith("nodejs"):
        node = shutil.which("node")
        return [node, str(RUNTIME / "bootstrap.cjs")] if node else None
    return None


def _layers(function: Any) -> list[bytes]:
    from moto.awslambda.models import lambda_backends

    backend = lambda_backends[function.account_id][function.region]
    found: list[Any] = [backend.layers_versions_by_arn(str(layer["Arn"])) for layer in function.layers]
    return [layer.code_bytes for layer in found if layer is not None and getattr(layer, "code_bytes", None)]


def _environment(function: Any, request: str, code: Path, layers: list[Path]) -> dict[str, str]:
    asked = {str(name): str(value) for name, value in (function.environment_vars or {}).items()}
    stream = time.strftime(f"%Y/%m/%d/[{function.version}]") + request.replace("-", "")
    return (
        {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": "/tmp",
            "TMPDIR": "/tmp",
            "TZ": ":UTC",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": os.pathsep.join(str(layer / "python") for layer in layers),
            "NODE_PATH": os.pathsep.join(str(layer / "nodejs" / "node_modules") for layer in layers),
            "NODE_NO_WARNINGS": "1",
        }
        | asked
        | {
            "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_SESSION_TOKEN": "testing",
            "AWS_REGION": function.region,
            "AWS_DEFAULT_REGION": function.region,
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
            "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
            "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
            "AWS_LAMBDA_LOG_GROUP_NAME": function.logs_group_name,
            "AWS_LAMBDA_LOG_STREAM_NAME": stream,
            "LAMBDA_TASK_ROOT": str(code),
            "_HANDLER": str(function.handler),
            "_FUNCTION_ARN": function.function_arn,
            "_REQUEST_ID": request,
            "_TIMEOUT": str(function.timeout),
        }
    )


def _child(
    function: Any,
    request: str,
    interpreter: list[str],
    event: Any,
    code: Path,
    layers: list[Path],
    environment: dict[str, str],
) -> Answer:
    limit = float(function.timeout)
    read, write = os.pipe()
    began = time.monotonic()
    with tempfile.TemporaryFile() as log:
        try:
            process = subprocess.Popen(
                _box(code, layers, interpreter[0]) + interpreter,
                cwd=code,
                env=environment | {"_RESULT_FD": str(write)},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=(write,),
                start_new_session=True,
            )
        finally:
            os.close(write)
        try:
            _feed(process, event)
            words = _listen(read, limit)
        finally:
            os.close(read)
            _end(process)
        log.seek(0)
        printed = log.read(LOG_BYTES).decode(errors="replace").rstrip()
    seconds = time.monotonic() - began
    payload, failed = _judge(words, request, limit, process.returncode)
    report = f"REPORT RequestId: {request}\tDuration: {seconds * 1000:.2f} ms\tMemory Size: {function.memory_size} MB"
    lines = [f"START RequestId: {request} Version: {function.version}", printed]
    if failed:
        lines.append(f"[ERROR] {json.loads(payload).get('errorMessage', '')}")
    lines += [f"END RequestId: {request}", report]
    return Answer(payload, failed, "\n".join(line for line in lines if line))


def _feed(process: subprocess.Popen[bytes], event: Any) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(event).encode())
        process.stdin.close()
    except BrokenPipeError:
        return


def _listen(read: int, limit: float) -> list[str]:
    """The child's words until it is done or its time is up; loading has a limit of its own."""
    got = b""
    until = time.monotonic() + INIT_SECONDS
    ready = False
    while (left := until - time.monotonic()) > 0:
        if not select.select([read], [], [], left)[0]:
            break
        piece = os.read(read, 1 << 16)
        if not piece:
            break
        got += piece
        if not ready and b"\n" in got:
            ready = True
            until = time.monotonic() + limit
        if got.count(b"\n") >= (2 if got.startswith(b"ready\n") else 1):
            break
    return got.decode(errors="replace").splitlines()


def _judge(words: list[str], request: str, limit: float, status: int | None) -> tuple[str, bool]:
    loaded = words[:1] == ["ready"]
    said = words[1:] if loaded else words
    try:
        word = json.loads(said[0])
    except (IndexError, ValueError):
        if loaded:
            error = {"errorType": "Sandbox.Timedout", "errorMessage": f"RequestId: {request} Error: Task timed out "}
            error["errorMessage"] += f"after {limit:.2f} seconds"
            if status not in (None, -signal.SIGKILL):
                error = {
                    "errorType": "Runtime.ExitError",
                    "errorMessage": f"RequestId: {request} Error: Runtime exited with status {status}",
                }
        else:
            error = {"errorType": "Sandbox.Init", "errorMessage": f"RequestId: {request} Error: handler did not load"}
        return json.dumps(error), True
    if "error" in word:
        return json.dumps(word["error"]), True
    return json.dumps(word["value"]), False


def _end(process: subprocess.Popen[bytes]) -> None:
    """Give a finished child a moment, then end whatever is left of it."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=0.5)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _box(code: Path, layers: list[Path], interpreter: str) -> list[str]:
    """The words that put the child into a bwrap with a read-only root and an empty home, or none.

    As in the service, layers lie in /opt and the interpreter in /var/lang/bin, for programs that layers bring.
    """
    if not can_box():
        return []
    words = ["bwrap", "--unshare-user", "--disable-userns", "--unshare-pid", "--unshare-ipc", "--unshare-net"]
    words += [
        "--cap-drop",
        "ALL",
        "--die-with-parent",
        "--ro-bind",
        "/",
        "/",
        "--dev",
        "/dev",
        *sandbox.proc(),
        "--tmpfs",
        "/tmp",
    ]
    hidden = [Path(place) for place in ("/root", "/home", "/run", "/var") if Path(place).is_dir()]
    for place in hidden:
        words += ["--tmpfs", str(place)]
    seen = [Path(sys.prefix), Path(sys.base_prefix), RUNTIME, _scratch(), *_node_places()]
    for place in dict.fromkeys(path for path in seen if path.exists()):
        if any(place.is_relative_to(parent) for parent in [*hidden, Path("/tmp")]):
            words += ["--ro-bind", str(place), str(place)]
    name = "node" if Path(interpreter).name == "node" else "python"
    words += ["--symlink", interpreter, f"/var/lang/bin/{name}"]
    if layers and Path("/opt").is_dir():
        words += ["--ro-bind", str(_merged(layers)), "/opt"]
    words += ["--ro-bind", str(_doorway()), "/tmp/bridge", "--ro-bind", bridge.__file__, bridge.__file__]
    inner = [sys.executable, "-I", "-S", bridge.__file__, "inside", str(_port())]
    return [*words, "--chdir", str(code), "--", *inner]


def _port() -> int:
    return urlsplit(os.environ["AWS_ENDPOINT_URL"]).port or 80


@cache
def _doorway() -> Path:
    """The folder with the socket that leads to this server: functions reach nothing else, no metadata service either."""
    folder = _scratch() / "bridge"
    folder.mkdir(exist_ok=True)
    (folder / "s").unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    handle = os.open(folder, os.O_PATH)
    try:
        # The path of a socket may have 108 characters at most.
        listener.bind(f"/proc/self/fd/{handle}/s")
    finally:
        os.close(handle)
    listener.listen(64)
    target = ("127.0.0.1", _port())
    arguments = (listener, lambda: socket.create_connection(target))
    threading.Thread(target=bridge.forward, args=arguments, daemon=True).start()
    return folder


def _merged(layers: list[Path]) -> Path:
    """The layers as one folder; where two have the same file the later one's counts."""
    if len(layers) == 1:
        return layers[0]
    folder = _scratch() / hashlib.sha256("|".join(layer.name for layer in layers).encode()).hexdigest()[:16]
    if not folder.is_dir():
        part = Path(tempfile.mkdtemp(dir=folder.parent))
        for layer in layers:
            shutil.copytree(layer, part, dirs_exist_ok=True)
        try:
            part.rename(folder)
        except OSError:
            shutil.rmtree(part, ignore_errors=True)
    return folder


def _node_places() -> list[Path]:
    node = shutil.which("node")
    modules = os.environ.get("TASK_COORDINATOR_NODE_MODULES", "")
    places = [Path(modules)] if modules else []
    return places + ([Path(node).parent, Path(node).resolve().parents[1]] if node else [])


@cache
def can_box() -> bool:
    """True when bwrap is there and works."""
    if shutil.which("bwrap") is None:
        return False
    words = ["bwrap", "--unshare-user", "--disable-userns", "--unshare-net", "--cap-drop", "ALL"]
    words += ["--ro-bind", "/", "/", "--", "true"]
    return subprocess.run(words, capture_output=True, check=False, timeout=10).returncode == 0
