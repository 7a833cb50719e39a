"""sandbox-runtime (`srt`), which stands in for bubblewrap on macOS.

What is covered: as with bubblewrap, of the worktree only the work folders and new files are writable, git's folders
and everything else are not; home folders cannot be read but for programs on the PATH and the repository; no network
but, when asked for, loopback; the environment is an allow-list.
What is not: with loopback all of this machine's ports on 127.0.0.1 are reached, not one alone; processes of the host
are seen, and one that leaves its session outlives the shell; other world-readable files of the machine can be read;
a real cloud cannot be reached, since not all its clients know a proxy.
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kit import command
from kit.errors import StopAll

INSTALL = "npm install -g @anthropic-ai/sandbox-runtime"


def problem() -> str:
    """Why srt cannot be used, "" when it can. Asked once for each srt that the PATH finds."""
    if sys.platform == "linux":
        return "sandbox-runtime needs bubblewrap itself on Linux"
    found = shutil.which("srt")
    return _trial(found) if found else "sandbox-runtime is not installed"


@functools.cache
def _trial(srt: str) -> str:
    words = [srt, "--settings", str(_written(settings())), "--", "true"]
    ended = command.run(words, cwd=Path("/"), check=False, timeout=60)
    return "" if ended.ok else f"sandbox-runtime does not work here ({ended.tail(1).strip()[:120]})"


def settings(
    *,
    hidden: Sequence[Path] = (),
    readable: Sequence[Path] = (),
    writable: Sequence[Path] = (),
    fixed: Sequence[Path] = (),
    network: str = "none",
) -> dict[str, Any]:
    """srt's settings: `hidden` folders and files but for what is `readable` in them; `writable` but for what is `fixed`.

    Raises `StopAll` for the network "host".
    """
    if network == "host":
        raise StopAll("sandbox-runtime does not let a stage reach a real cloud", hint="CLOUD=moto, or SANDBOX=none")
    return {
        "network": {"allowedDomains": [], "deniedDomains": [], "allowLocalBinding": network == "loopback"},
        "filesystem": {
            "denyRead": [str(path) for path in hidden],
            "allowRead": [str(path) for path in (*readable, scratch())],
            "allowWrite": [str(path) for path in (*writable, scratch())],
            "denyWrite": [str(path) for path in fixed],
        },
    }


def wrap(argv: Sequence[str | Path], rules: dict[str, Any], folder: Path) -> list[str]:
    """`argv` inside srt by the settings `rules`, started in `folder`, with a private home and folder for temporary files."""
    place = scratch()
    inside = ["env", f"HOME={place}/home", f"TMPDIR={place}", *map(str, argv)]
    words = ["env", f"CLAUDE_CODE_TMPDIR={place}", "srt", "--settings", str(_written(rules)), "--", *inside]
    return ["sh", "-c", 'cd "$0" && exec "$@"', str(folder), *words]


@functools.cache
def scratch() -> Path:
    """A folder of this process for what commands inside write beside the worktree."""
    place = Path(tempfile.mkdtemp(prefix="sandbox-")).resolve()
    (place / "home").mkdir()
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place


def _written(rules: dict[str, Any]) -> Path:
    # Beside the folder that commands inside may write: they could loosen the next command's settings.
    text = json.dumps(rules)
    path = _rules() / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"
    path.write_text(text)
    return path


@functools.cache
def _rules() -> Path:
    place = Path(tempfile.mkdtemp(prefix="sandbox-rules-")).resolve()
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place
