"""CLOUD=localstack: a LocalStack that somebody else started."""

from __future__ import annotations

import json
import os
import urllib.request
from typing import Any
from urllib.error import URLError

from kit.errors import Failure
from kit.ladder.clouds.base import LOOPBACK, Cloud, say_once
from kit.run.rundir import Run

DEFAULT_ENDPOINT = f"http://{LOOPBACK}:4566"
HINT = "start it (localstack start -d), or set LOCALSTACK_ENDPOINT, or use CLOUD=moto"


class LocalStack(Cloud):
    """A LocalStack on loopback; shared by all runs, told apart by their stacks' names."""

    name = "localstack"
    emulated = True

    @property
    def alive(self) -> bool:
        """True when it answers."""
        return _health(self.endpoint) is not None


def open_cloud(run: Run) -> LocalStack:
    """The LocalStack at $LOCALSTACK_ENDPOINT. Raises `Failure` when none answers, or CloudFormation is not in it."""
    endpoint = os.environ.get("LOCALSTACK_ENDPOINT", DEFAULT_ENDPOINT).rstrip("/")
    found = _health(endpoint)
    if found is None:
        raise Failure(f"CLOUD=localstack: nothing answers at {endpoint}", hint=HINT)
    state = str(found.get("services", {}).get("cloudformation", "missing"))
    if state not in ("available", "running"):
        raise Failure(f"CLOUD=localstack: {endpoint} says its CloudFormation is {state}", hint=HINT)
    say_once(f"CLOUD=localstack: an emulated AWS at {endpoint}; nothing reaches a real account")
    return LocalStack(endpoint=endpoint, session=f"localstack {found.get('version', '')}".strip(), region=run.region)


def _health(endpoint: str) -> dict[str, Any] | None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{endpoint}/_localstack/health", timeout=5) as answer:
            value = json.load(answer)
    except (OSError, ValueError, URLError):
        return None
    return value if isinstance(value, dict) else None
