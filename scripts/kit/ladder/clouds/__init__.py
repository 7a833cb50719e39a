"""The clouds a stack can be deployed to: one file each, chosen by the setting `switches.cloud`."""

from __future__ import annotations

from kit.errors import Failure
from kit.ladder.clouds.base import Cloud, without_credentials
from kit.run.rundir import Run

__all__ = ["CLOUDS", "Cloud", "find_cloud", "open_cloud", "without_credentials"]

CLOUDS = ("moto", "localstack", "aws")


def open_cloud(run: Run) -> Cloud:
    """The cloud of `run`, ready for requests: started, or adopted when the run has a live one.

    Raises `Failure` when the setting names no known cloud, or the cloud cannot be reached; the hint says
    what to do.
    """
    name = run.settings["switches.cloud"]
    if name == "moto":
        from kit.ladder.clouds import moto

        return moto.open_cloud(run)
    if name == "localstack":
        from kit.ladder.clouds import localstack

        return localstack.open_cloud(run)
    if name == "aws":
        from kit.ladder.clouds import aws

        return aws.open_cloud(run)
    raise Failure(f"CLOUD={name}: no such cloud", hint=f"use one of {', '.join(CLOUDS)}")


def find_cloud(run: Run) -> Cloud | None:
    """The cloud that `run` already has, or None; never starts one."""
    if run.settings["switches.cloud"] == "moto":
        from kit.ladder.clouds import moto

        return moto.find_cloud(run)
    return open_cloud(run)
