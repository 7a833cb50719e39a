"""The security scanner in its own virtual environment, because its pinned versions quarrel with the toolkit's."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

from kit import command, lock, say
from kit.errors import Failure
from kit.ladder.clouds.base import without_credentials
from kit.settings import TOOLKIT

REQUIREMENTS = TOOLKIT / "requirements-scan.txt"
CONSTRAINTS = TOOLKIT / "constraints-scan.txt"
STAMP = ".complete"
MINUTES = 10.0
_PIP = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def folder() -> Path:
    """Where the scanner lives: a folder named by its requirements and the interpreter it was made with."""
    parts = [REQUIREMENTS.read_bytes(), CONSTRAINTS.read_bytes(), sys.version.encode(), sys.base_prefix.encode()]
    return TOOLKIT / ".cache" / "tools" / f"checkov-{hashlib.sha256(b'|'.join(parts)).hexdigest()[:16]}"


def ensure() -> Path:
    """The scanner's command, installed on first use under a lock. Raises `Failure` when it cannot be installed.

    A virtual environment cannot be moved, so it is made where it stays; the stamp, written last, says it is whole.
    """
    home = folder()
    checkov = home / "bin" / "checkov"
    if (home / STAMP).exists():
        return checkov
    with lock.hold(home.with_suffix(".lock"), what="the installation of the security scanner", wait=MINUTES * 60):
        if (home / STAMP).exists():
            return checkov
        shutil.rmtree(home, ignore_errors=True)
        say.work("installing the security scanner (once)")
        log = home.with_suffix(".log")
        env = without_credentials(os.environ)
        for words in (
            [sys.executable, "-m", "venv", str(home)],
            [str(home / "bin" / "python"), *_PIP, "-r", str(REQUIREMENTS), "-c", str(CONSTRAINTS)],
        ):
            result = command.run(words, cwd=TOOLKIT, env=env, timeout=MINUTES * 60, log=log, check=False)
            if not result.ok:
                # A package index that misses one answer looks to pip like a conflict: once more before giving up.
                say.warn(f"the security scanner's installation failed, trying once more: {result.tail(1)}")
                result = command.run(words, cwd=TOOLKIT, env=env, timeout=MINUTES * 60, log=log, check=False)
            if not result.ok:
                shutil.rmtree(home, ignore_errors=True)
                raise Failure(f"the security scanner cannot be installed: {result.tail(1)}", hint=f"see {log}")
        (home / STAMP).touch()
    return checkov
