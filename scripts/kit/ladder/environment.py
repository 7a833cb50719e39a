"""The environment of a stage's commands: what they need, nothing that opens a door."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from kit.agents import sandbox
from kit.ladder.clouds.base import Cloud
from kit.run.rundir import Run
from kit.settings import TOOLKIT

KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TERM", "TMPDIR", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
QUIET = {
    "CI": "true",
    "NO_COLOR": "1",
    "FORCE_COLOR": "0",
    "NO_UPDATE_NOTIFIER": "1",
    "npm_config_update_notifier": "false",
    "npm_config_audit": "false",
    "npm_config_fund": "false",
    "CHECKPOINT_DISABLE": "1",
    "CDK_DISABLE_CLI_TELEMETRY": "true",
    "CDK_DISABLE_VERSION_CHECK": "true",
    "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true",
    "PYTHONDONTWRITEBYTECODE": "1",
}


def stage_environment(run: Run, cloud: Cloud | None = None) -> dict[str, str]:
    """The variables of a stage's command: an allow-list, a private HOME, the stage's own and the cloud's.

    No credential of the machine is passed on; with a cloud come its endpoint and its dummy keys.
    """
    home = run.dir / "home"
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    own = {
        "HOME": str(home),
        "ENVIRONMENT_SUFFIX": run.suffix,
        "AWS_REGION": run.region,
        "AWS_DEFAULT_REGION": run.region,
        "AWS_EC2_METADATA_DISABLED": "true",
        # `npm run lint` calls cfn-lint, which lives beside the toolkit's interpreter.
        "PATH": os.pathsep.join([kept.get("PATH", os.defpath), str(tools_folder())]),
    }
    return kept | QUIET | own | (cloud.environment() if cloud else {})


def enclose(
    run: Run, argv: Sequence[str | Path], environment: Mapping[str, str], cloud: Cloud | None
) -> tuple[list[str], dict[str, str]]:
    """The words and variables by which the project's own code runs in the agents' sandbox, or as it is without one.

    Inside, the home and temporary folders are empty and gone afterwards, and the only way out is the cloud.
    """
    mode = sandbox.mode(run.settings, live=False)
    if mode == sandbox.NONE:
        return [str(word) for word in argv], dict(environment)
    port = urlsplit(cloud.endpoint).port or 0 if cloud and cloud.endpoint else 0
    network = "none" if cloud is None else "loopback" if cloud.emulated and port else "host"
    words = sandbox.wrap(argv, run.worktree, mode=mode, network=network, port=port)
    return words, dict(environment) | {"HOME": "/tmp/home", "TMPDIR": "/tmp"}


def tools_folder() -> Path:
    """Where the toolkit's own command-line tools are."""
    return TOOLKIT / ".venv" / "bin"
