"""What every cloud offers the stages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from kit import say

LOOPBACK = "127.0.0.1"
NO_PROXY = "127.0.0.1,localhost"
_said: set[str] = set()


class Cloud:
    """A place to deploy to. `session` changes when what it held is lost, so that receipts can name it."""

    name = ""
    emulated = True
    poll_seconds = 0.1

    def __init__(self, *, endpoint: str, session: str, region: str) -> None:
        self.endpoint = endpoint
        self.session = session
        self.region = region
        self._clients: dict[tuple[str, str], Any] = {}
        self._boto: Any = None

    def environment(self) -> dict[str, str]:
        """The variables by which a stage's command reaches this cloud and no other."""
        return emulator_environment(self.endpoint, self.region)

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client of `service` for this cloud, made once a service and region."""
        key = (service, region or self.region)
        if key not in self._clients:
            self._clients[key] = self._make_client(*key)
        return self._clients[key]

    def _make_client(self, service: str, region: str) -> Any:
        from botocore.config import Config

        if self._boto is None:
            # One session for all clients: it reads the endpoint and service descriptions once.
            self._boto = emulator_session()
        config = Config(connect_timeout=5, read_timeout=120, retries={"total_max_attempts": 2}, proxies={})
        return self._boto.client(service, region_name=region, endpoint_url=self.endpoint, config=config)

    @property
    def alive(self) -> bool:
        """True when the cloud answers."""
        return True

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """Hold what has to be held while work of `seconds` at most is done; an emulator needs nothing."""
        yield

    def stop(self) -> None:
        """End what was started for the run; a cloud that was not started by the run is left alone."""


def emulator_session() -> Any:
    """A boto3 session with dummy keys that reads no profile, no configuration and no credentials of the machine."""
    import boto3
    import botocore.session

    unread = {
        "profile": (None, None, None, None),
        "config_file": (None, None, "/dev/null", None),
        "credentials_file": (None, None, "/dev/null", None),
    }
    plain = botocore.session.Session(session_vars=unread)
    return boto3.session.Session(botocore_session=plain, aws_access_key_id="testing", aws_secret_access_key="testing")


def emulator_environment(endpoint: str, region: str) -> dict[str, str]:
    """The variables that point AWS tools at `endpoint`, with dummy keys and none of the machine's own."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "NO_PROXY": NO_PROXY,
        "no_proxy": NO_PROXY,
    }


def without_credentials(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` without AWS_* (keys, profiles, roles, tokens) and without proxies for loopback."""
    return {name: value for name, value in environ.items() if not name.upper().startswith("AWS_")}


def say_once(text: str) -> None:
    """Say which stand-in is used, once a process."""
    if text not in _said:
        _said.add(text)
        say.warn(text)
