"""A project's dependencies: installed by its lock file, once per lock file on this machine."""

from __future__ import annotations

import hashlib
import os
import platform as machine
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit import command, say
from kit.errors import Failure
from kit.ladder import cache
from kit.ladder.clouds.base import without_credentials

MIN_NODE = 20
STAMP = ".installed-for"
MINUTES = 15.0
NPM_CI = ["npm", "ci", "--no-audit", "--no-fund"]


@dataclass
class Installed:
    """How it went: the command, "hit", "filled", "refilled" or "direct" (without the cache), figures for the receipt."""

    argv: list[list[str]]
    how: str
    figures: dict[str, Any] = field(default_factory=dict)


def is_installed(project: Path) -> bool:
    """True when the dependencies in place are those of the lock file as it is now."""
    stamp = project / "node_modules" / STAMP
    try:
        return stamp.read_text(encoding="utf-8") == node_key(project)
    except (OSError, Failure):
        return False


def install(project: Path, log: Path) -> Installed:
    """Install what the project's lock file says, from the cache when it is there.

    Raises `Failure` naming what is missing: a tool, a manifest, a lock file, or what the installer said.
    """
    if not (project / "package.json").is_file():
        raise Failure(f"{project}: has no package.json", hint="make metadata lays the template out")
    key = node_key(project)
    target = project / "node_modules"

    def fill(folder: Path) -> None:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            if (project / name).is_file():
                shutil.copy(project / name, folder / name)
        try:
            _npm_ci(folder, log)
        except Failure as failure:
            if "ENOSPC" in str(failure):
                raise cache.Unusable(f"{cache.root()}: no space is left") from failure
            raise

    try:
        how = cache.provide(key, target, fill)
    except cache.Unusable as problem:
        say.warn(f"the dependency cache cannot be used: {problem}; installing without it")
        _npm_ci(project, log)
        how = "direct"
    (target / STAMP).write_text(key, encoding="utf-8")
    packages = sum(1 for _ in target.glob("*/package.json")) + sum(1 for _ in target.glob("@*/*/package.json"))
    return Installed([NPM_CI], how, {"cache": how, "packages": packages, "lock": key})


def node_key(project: Path) -> str:
    """The name of an installation: hash of lock file and manifest, versions of node and npm, kind of machine."""
    lock_file = project / "package-lock.json"
    if not lock_file.is_file():
        raise Failure(f"{lock_file}: no such file; npm ci installs only what a lock file says", hint="npm install once")
    versions = [node_version(), _version("npm"), machine.system(), machine.machine(), "/".join(machine.libc_ver())]
    content = lock_file.read_bytes() + b"\0" + (project / "package.json").read_bytes()
    return f"node-{hashlib.sha256(content + '|'.join(versions).encode()).hexdigest()[:20]}"


def node_version() -> str:
    """The version of Node. Raises `Failure` when it is missing or too old."""
    text = _version("node")
    found = re.match(r"v(\d+)\.", text)
    if not found or int(found[1]) < MIN_NODE:
        raise Failure(
            f"node is {text or 'of unknown version'}; {MIN_NODE} or newer is needed", hint="https://nodejs.org"
        )
    return text


def _version(tool: str) -> str:
    if shutil.which(tool) is None:
        raise Failure(f"{tool} is not installed", hint=f"install Node {MIN_NODE} or newer: https://nodejs.org")
    return command.run([tool, "--version"], cwd=Path("/"), env=_environment(), timeout=60.0).stdout.strip()


def _npm_ci(folder: Path, log: Path) -> None:
    result = command.run(NPM_CI, cwd=folder, env=_environment(), timeout=MINUTES * 60, log=log, check=False)
    if not result.ok:
        errors = [line for line in result.output.splitlines() if line.startswith("npm error") and len(line) > 12]
        why = errors[0].removeprefix("npm error").strip() if errors else result.tail(1)
        ending = f"exceeded its {result.limit} limit" if result.limit else "failed"
        raise Failure(f"`{' '.join(NPM_CI)}` {ending}: {why}", hint=f"see {log}")


def _environment() -> dict[str, str]:
    # The user's own registry and cache settings apply to an installation, the cloud's keys do not.
    kept = without_credentials({name: value for name, value in os.environ.items() if not name.startswith("GIT_")})
    return kept | {"CI": "true", "NO_UPDATE_NOTIFIER": "1", "npm_config_update_notifier": "false"}
