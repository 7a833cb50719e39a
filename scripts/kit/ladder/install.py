"""A project's dependencies: installed by its lock file, once per lock file on this machine."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform as machine
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit import command, files, say
from kit.errors import Failure
from kit.ladder import cache
from kit.ladder.clouds.base import without_credentials

MIN_NODE = 20
STAMP = ".installed-for"
MINUTES = 15.0
_LIFECYCLE = ("preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare")
NPM_CI = ["npm", "ci", "--no-audit", "--no-fund"]


@dataclass
class Installed:
    """How it went: the command, "hit", "filled", "refilled" or "direct" (without the cache), figures for the receipt."""

    argv: list[list[str]]
    how: str
    figures: dict[str, Any] = field(default_factory=dict)


def is_installed(project: Path) -> bool:
    """True when the dependencies in place are those of the lock files as they are now."""
    try:
        kinds = _kinds(project)
        return bool(kinds) and all(
            (project / kind.folder / STAMP).read_text(encoding="utf-8") == kind.key(project) for kind in kinds
        )
    except (OSError, Failure):
        return False


def install(project: Path, log: Path) -> Installed:
    """Install what the project's lock files say, from the cache when it is there.

    Raises `Failure` naming what is missing: a tool, a manifest, a lock file, or what the installer said.
    """
    kinds = _kinds(project)
    if not kinds:
        raise Failure(f"{project}: has neither package.json nor Pipfile", hint="make metadata lays the template out")
    made = Installed([], "hit", {"packages": 0, "lock": []})
    for kind in kinds:
        how = _install(kind, project, log)
        # The worst of several is told.
        made.how = max(made.how, how, key=_HOW.index)
        made.argv.append(kind.argv)
        made.figures["packages"] += kind.count(project / kind.folder)
        made.figures["lock"].append(kind.key(project))
    made.figures["cache"] = made.how
    return made


_HOW = ["hit", "filled", "refilled", "direct"]


@dataclass(frozen=True)
class _Kind:
    """A way of installing: its command, the folder it makes, the files it works from."""

    argv: list[str]
    folder: str
    files: tuple[str, ...]
    key: Callable[[Path], str]
    run: Callable[[Path, Path], None]
    count: Callable[[Path], int]
    adapt: Callable[[Path, Path], None]


def _kinds(project: Path) -> list[_Kind]:
    from kit.ladder import install_python as py

    found = []
    if (project / "Pipfile").is_file():
        found.append(_Kind(py.PIPENV, ".venv", ("Pipfile", "Pipfile.lock"), py.key, py.run, py.count, py.adapt))
    if (project / "package.json").is_file():
        names = ("package.json", "package-lock.json", ".npmrc")
        found.append(_Kind(NPM_CI, "node_modules", names, node_key, npm_ci, _packages, lambda made, target: None))
    return found


def _install(kind: _Kind, project: Path, log: Path) -> str:
    key, target = kind.key(project), project / kind.folder

    def fill(folder: Path) -> None:
        for name in kind.files:
            if (project / name).is_file():
                shutil.copy(project / name, folder / name)
        try:
            kind.run(folder, log)
        except Failure as failure:
            if any(sign in str(failure) for sign in ("ENOSPC", "No space left")):
                raise cache.Unusable(f"{cache.root()}: no space is left") from failure
            raise

    try:
        how = cache.provide(key, target, fill, lambda made: kind.adapt(made, target))
    except cache.Unusable as problem:
        say.warn(f"the dependency cache cannot be used: {problem}; installing without it")
        kind.run(project, log)
        how = "direct"
    (target / STAMP).write_text(key, encoding="utf-8")
    return how


def _packages(folder: Path) -> int:
    return sum(1 for _ in folder.glob("*/package.json")) + sum(1 for _ in folder.glob("@*/*/package.json"))


def node_key(project: Path) -> str:
    """The name of an installation: hash of lock file and manifest, versions of node and npm, kind of machine."""
    lock_file = project / "package-lock.json"
    if not lock_file.is_file():
        raise Failure(f"{lock_file}: no such file; npm ci installs only what a lock file says", hint="npm install once")
    versions = [node_version(), _version("npm"), machine.system(), machine.machine(), "/".join(machine.libc_ver())]
    content = lock_file.read_bytes() + b"\0" + _manifest(project / "package.json")
    return f"node-{hashlib.sha256(content + '|'.join(versions).encode()).hexdigest()[:20]}"


def _manifest(path: Path) -> bytes:
    """What of a package.json an installation depends on: all but the scripts that npm ci does not run."""
    value = files.read_json(path)
    if not isinstance(value, dict) or not isinstance(value.get("scripts", {}), dict):
        raise Failure(f"{path}: not a package.json")
    scripts = {name: text for name, text in value.get("scripts", {}).items() if name in _LIFECYCLE}
    return json.dumps(value | {"scripts": scripts}, sort_keys=True).encode()


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
    path = shutil.which(tool)
    if path is None:
        raise Failure(f"{tool} is not installed", hint=f"install Node {MIN_NODE} or newer: https://nodejs.org")
    return _version_of(path)


@functools.cache
def _version_of(path: str) -> str:
    # npm needs half a second to say its version, and has it in a file beside its program.
    manifest = Path(path).resolve().parent.parent / "package.json"
    if manifest.is_file() and Path(path).name == "npm":
        told = files.read_json(manifest)
        if isinstance(told, dict) and told.get("name") == "npm":
            return str(told["version"])
    return command.run([path, "--version"], cwd=Path("/"), env=user_environment(), timeout=60.0).stdout.strip()


def npm_ci(folder: Path, log: Path) -> None:
    """`npm ci` in `folder`. Raises `Failure` with what it said."""
    result = command.run(NPM_CI, cwd=folder, env=user_environment(), timeout=MINUTES * 60, log=log, check=False)
    if not result.ok:
        errors = [line for line in result.output.splitlines() if line.startswith("npm error") and len(line) > 12]
        why = errors[0].removeprefix("npm error").strip() if errors else result.tail(1)
        ending = f"exceeded its {result.limit} limit" if result.limit else "failed"
        raise Failure(f"`{' '.join(NPM_CI)}` {ending}: {why}", hint=f"see {log}")


def user_environment() -> dict[str, str]:
    """The user's variables without GIT_* and the cloud's keys."""
    # The user's own registry and cache settings apply to an installation, the cloud's keys do not.
    kept = without_credentials({name: value for name, value in os.environ.items() if not name.startswith("GIT_")})
    return kept | {"CI": "true", "NO_UPDATE_NOTIFIER": "1", "npm_config_update_notifier": "false"}
