"""Installed dependencies, kept once per lock file and handed to tasks as hard links.

What keeps a task from changing what others use: the files are read-only, in the agents' sandbox the folder
is mounted read-only, and before an entry is handed out every file's size and time of change are compared
with those noted when it was filled; an entry that differs is thrown away and filled anew.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kit import files, lock, say
from kit.errors import Failure
from kit.settings import TOOLKIT

MANIFEST = "manifest.json"
CONTENT = "content"
_WAIT = 1200.0


class Unusable(Exception):
    """Raised when the cache itself cannot be used (no space, no permission); the caller installs without it."""


@dataclass(frozen=True)
class Entry:
    """One kept installation: `bytes` of its files, `used` the local time of its last use."""

    name: str
    bytes: int
    files: int
    used: str


def root() -> Path:
    """The folder of the cache."""
    return TOOLKIT / ".cache" / "deps"


def provide(
    key: str, target: Path, fill: Callable[[Path], None], adapt: Callable[[Path], None] = lambda made: None
) -> str:
    """Put the installation named `key` in the place of the folder `target`; "hit", "filled" or "refilled".

    `fill` makes it in the private folder it is given; what it leaves there at `target`'s name is kept. `adapt`
    fits what was handed out to its place (it has to replace files, never to write into them). Raises `Unusable` when the cache cannot be written, and whatever `fill` raises.
    """
    entry = root() / key
    how = "hit"
    try:
        with lock.hold(root() / f"{key}.lock", what=f"the dependency cache {key}", wait=_WAIT):
            if (entry / MANIFEST).exists() and not _hand_out(entry, target, adapt):
                say.warn(f"{entry}: was changed by somebody; it is thrown away and filled anew")
                _remove(entry)
                how = "refilled"
            if not (entry / MANIFEST).exists():
                how = how if how == "refilled" else "filled"
                _make(entry, target.name, fill)
                if not _hand_out(entry, target, adapt):
                    raise Failure(f"{entry}: changes while it is being handed out", hint="make cache ARGS=--prune")
            os.utime(entry / MANIFEST)
    except OSError as error:
        raise Unusable(f"{error.filename or entry}: {error.strerror or error}") from error
    return how


def entries() -> list[Entry]:
    """What is kept, last used first."""
    found = []
    for path in root().glob(f"*/{MANIFEST}"):
        try:
            noted = files.read_json(path)
            sizes = [size for size, _ in noted.values()]
        except (Failure, AttributeError, TypeError, ValueError):
            sizes = []
        used = datetime.fromtimestamp(path.stat().st_mtime).astimezone().isoformat(timespec="seconds")
        found.append(Entry(path.parent.name, sum(sizes), len(sizes), used))
    return sorted(found, key=lambda one: one.used, reverse=True)


def prune(days: float = 0.0) -> list[str]:
    """Remove the entries not used for `days`; one that is being used at this moment stays. Returns their names."""
    now = datetime.now().astimezone()
    removed = []
    for entry in entries():
        if (now - datetime.fromisoformat(entry.used)).total_seconds() < days * 86400:
            continue
        try:
            with lock.hold(root() / f"{entry.name}.lock", what=f"the dependency cache {entry.name}", wait=0):
                _remove(root() / entry.name)
        except Failure:
            say.warn(f"{entry.name}: is being used, left alone")
            continue
        removed.append(entry.name)
    for left in root().glob(".fill-*"):
        shutil.rmtree(left, ignore_errors=True)
    return removed


def _make(entry: Path, name: str, fill: Callable[[Path], None]) -> None:
    root().mkdir(parents=True, exist_ok=True)
    private = Path(tempfile.mkdtemp(prefix=".fill-", dir=root()))
    try:
        fill(private)
        (private / name).rename(private / CONTENT)
        noted = {}
        for item, inner in _files(private / CONTENT):
            status = item.stat(follow_symlinks=False)
            os.chmod(item.path, status.st_mode & 0o555, follow_symlinks=True)  # noqa: PTH101
            noted[inner] = [status.st_size, status.st_mtime_ns]
        # Without indent: it is read at every use.
        files.replace(private / MANIFEST, json.dumps(noted))
        for left in private.iterdir():
            if left.name not in (CONTENT, MANIFEST):
                left.unlink()
        _remove(entry)
        private.rename(entry)
    finally:
        if private.exists():
            shutil.rmtree(private, ignore_errors=True)


def _hand_out(entry: Path, target: Path, adapt: Callable[[Path], None]) -> bool:
    """Link the entry's files to a new folder and move it to `target`; False when the entry is not as it was filled."""
    noted = files.read_json(entry / MANIFEST)
    if not isinstance(noted, dict):
        return False
    source = entry / CONTENT
    made = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        count = 0
        for item, inner in _files(source, made):
            status = item.stat(follow_symlinks=False)
            if noted.get(inner) != [status.st_size, status.st_mtime_ns]:
                return False
            _link(item.path, f"{made}/{inner}")
            count += 1
        if count != len(noted):
            return False
        adapt(made)
        made.chmod(0o755)
        _remove(target)
        made.rename(target)
        return True
    finally:
        if made.exists():
            shutil.rmtree(made, ignore_errors=True)


def _files(source: Path, mirror: Path | None = None) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Every file below `source` with its path within; folders and links are made in `mirror` on the way.

    There are tens of thousands of them: paths are strings here, which are as quick as the system calls.
    """
    folders = [""]
    while folders:
        folder = folders.pop()
        with os.scandir(f"{source}/{folder}") as items:
            for item in items:
                inner = folder + item.name
                if item.is_symlink():
                    if mirror is not None:
                        os.symlink(os.readlink(item.path), f"{mirror}/{inner}")  # noqa: PTH115, PTH211
                elif item.is_dir(follow_symlinks=False):
                    if mirror is not None:
                        os.mkdir(f"{mirror}/{inner}")  # noqa: PTH102
                    folders.append(f"{inner}/")
                else:
                    yield item, inner


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EMLINK, errno.EPERM, errno.ENOTSUP):
            raise
        shutil.copy2(source, target)


def _remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
    elif path.exists():
        # Out of the way in one move, so that nobody meets half of it.
        gone = path.with_name(f".gone-{path.name}-{os.getpid()}")
        path.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
