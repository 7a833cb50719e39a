"""The virtual environment of a Python project, made by pipenv from its lock file."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
from pathlib import Path

from kit import command
from kit.errors import Failure

PIPENV = ["pipenv", "install", "--dev", "--ignore-pipfile"]
MINUTES = 20.0
# A virtual environment made by the cache knows its place by absolute paths in the files of bin/.
_MADE_IN = re.compile(rb"/[^\s'\"]*/\.fill-[^/\s'\"]+/\.venv")


def key(project: Path) -> str:
    """The name of an installation: hash of lock file and Pipfile, the interpreter, the kind of machine."""
    lock_file = project / "Pipfile.lock"
    if not lock_file.is_file():
        raise Failure(f"{lock_file}: no such file; only what a lock file says is installed", hint="pipenv lock")
    try:
        json.loads(lock_file.read_text(encoding="utf-8"))["default"]
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(f"{lock_file}: not a lock file: {error!r}", hint="pipenv lock") from error
    content = lock_file.read_bytes() + b"\0" + (project / "Pipfile").read_bytes()
    machine = f"{sys.version}|{sys.platform}|{sys.base_prefix}|{os.uname().machine}"
    return f"python-{hashlib.sha256(content + machine.encode()).hexdigest()[:20]}"


def run(folder: Path, log: Path) -> None:
    """`pipenv install --dev --ignore-pipfile` in `folder`, into its .venv. Raises `Failure` with what it said."""
    from kit.ladder.install import user_environment

    environment = user_environment() | {
        "PIPENV_VENV_IN_PROJECT": "1",
        "PIPENV_IGNORE_VIRTUALENVS": "1",
        "PIPENV_DEFAULT_PYTHON_VERSION": str(Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"),
        "PIPENV_NOSPIN": "1",
        "PIPENV_VERBOSITY": "-1",
        "NO_COLOR": "1",
    }
    environment.pop("VIRTUAL_ENV", None)
    # The toolkit's own pipenv, beside its interpreter.
    argv = [str(Path(sys.executable).with_name("pipenv")), *PIPENV[1:]]
    result = command.run(argv, cwd=folder, env=environment, timeout=MINUTES * 60, log=log, check=False)
    if not result.ok or not (folder / ".venv" / "bin" / "python").exists():
        errors = [line for line in result.output.splitlines() if re.match(r"\s*(ERROR|\w*Error)\b", line)]
        why = errors[0].strip() if errors else result.tail(1)
        ending = f"exceeded its {result.limit} limit" if result.limit else "failed"
        raise Failure(f"`{' '.join(PIPENV)}` {ending}: {why}", hint=f"see {log}")


def count(folder: Path) -> int:
    """How many packages a virtual environment holds."""
    return sum(1 for _ in folder.glob("lib/python*/site-packages/*.dist-info"))


def adapt(made: Path, target: Path) -> None:
    """Let the files of bin/ name `target` instead of the place in which the virtual environment was made."""
    for path in (made / "bin").iterdir():
        if path.is_symlink() or not path.is_file():
            continue
        content = path.read_bytes()
        fitted = _MADE_IN.sub(str(target).encode(), content)
        if fitted != content:
            handle, name = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as out:
                out.write(fitted)
            Path(name).chmod(path.stat().st_mode | 0o200)
            Path(name).replace(path)
