"""A folder with the tools of an agent, and an emulated cloud."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bakery import Desk

import kit

SERVER = Path(kit.__file__).parent / "ladder" / "clouds" / "moto_server" / "__main__.py"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Tools over an empty folder; every stage passes."""
    return Desk(tmp_path)


@pytest.fixture
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an emulated cloud that ends with the test."""
    folder = tmp_path_factory.mktemp("cloud")
    ready = folder / "port"
    words = [sys.executable, "-P", str(SERVER), "--session", "test", "--ready", str(ready)]
    environment = {**os.environ, "HOME": str(folder), "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
    with subprocess.Popen(words, env=environment, cwd=folder) as server:
        until = time.monotonic() + 60
        while not ready.exists() and server.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{ready.read_text()}"
        server.terminate()
