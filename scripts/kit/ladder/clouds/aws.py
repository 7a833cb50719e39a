"""CLOUD=aws: a real account, only ever by name, with its identity on the screen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit import lock
from kit.errors import Failure, StopAll
from kit.ladder.clouds.base import Cloud, say_once
from kit.run.rundir import Run

_PASSED_ON = ("AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE", "AWS_ENDPOINT_URL")
TURN_SECONDS = 3600.0
LOGIN = "sign in again (aws sso login, or fresh keys) and repeat the command"


class AwsCloud(Cloud):
    """The account that the machine's own credentials open, in the task's region."""

    name = "aws"
    emulated = False
    poll_seconds = 3.0

    def __init__(self, *, region: str, account: str, arn: str, session: Any) -> None:
        super().__init__(endpoint="", session=account, region=region)
        self.account = account
        self.arn = arn
        self._session = session

    def environment(self) -> dict[str, str]:
        """The credentials in use, resolved once, and the task's region."""
        keys = self._session.get_credentials().get_frozen_credentials()
        found = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        found |= {"AWS_ACCESS_KEY_ID": keys.access_key, "AWS_SECRET_ACCESS_KEY": keys.secret_key}
        if keys.token:
            found["AWS_SESSION_TOKEN"] = keys.token
        return found | {"AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region}

    def seconds_left(self) -> float | None:
        """How long the credentials hold; None when they do not expire."""
        until = getattr(self._session.get_credentials(), "_expiry_time", None)
        return None if until is None else (until - datetime.now(UTC)).total_seconds()

    def require_life(self, seconds: float) -> None:
        """Raise `StopAll` when the credentials end before a stage of that length would."""
        left = self.seconds_left()
        if left is not None and left < seconds:
            message = f"CLOUD=aws: the credentials end in {max(left, 0) / 60:.0f} minutes, the stage may take"
            raise StopAll(f"{message} {seconds / 60:.0f}", hint=LOGIN)

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """Hold the one place there is on this machine for work in this account and region.

        Raises `StopAll` when the credentials would end before the work does.
        """
        self.require_life(seconds)
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "task-coordinator"
        path = folder / f"aws-{self.account}-{self.region}.lock"
        with lock.hold(path, what=f"account {self.account} in {self.region}", wait=TURN_SECONDS):
            yield

    def _make_client(self, service: str, region: str) -> Any:
        return self._session.client(service, region_name=region)


def open_cloud(run: Run) -> AwsCloud:
    """The account behind the machine's credentials. Raises `StopAll` when there are none, or they have expired."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    session = boto3.session.Session(region_name=run.region)
    if session.get_credentials() is None:
        raise StopAll("CLOUD=aws: no credentials on this machine", hint="aws configure, aws sso login, or CLOUD=moto")
    try:
        found = session.client("sts").get_caller_identity()
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        raise StopAll(f"CLOUD=aws: the credentials are refused: {code}", hint=LOGIN) from error
    except BotoCoreError as error:
        raise StopAll(f"CLOUD=aws: {error}", hint=LOGIN) from error
    cloud = AwsCloud(region=run.region, account=found["Account"], arn=found["Arn"], session=session)
    cloud.require_life(float(run.settings["ladder.stage_minutes"]) * 60)
    left = cloud.seconds_left()
    lasting = "that do not expire" if left is None else f"that end in {left / 60:.0f} minutes"
    say_once(f"CLOUD=aws: REAL account {cloud.account} in {run.region} as {cloud.arn}, with credentials {lasting}")
    if run.task.get("region_named") is False and os.environ.get("AWS_REGION") not in (None, "", run.region):
        raise Failure(
            f"CLOUD=aws: the task names no region, {run.region} is the default, but $AWS_REGION={os.environ['AWS_REGION']}",
            hint=f"AWS_REGION={run.region}, or name the region in the task",
        )
    return cloud
