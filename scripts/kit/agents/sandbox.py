"""The sandbox in which agents' commands and the project's own code run: bubblewrap, or what stands in for it.

What is covered: the root is read-only; of the worktree only the work folders and new files are writable, what was
there otherwise (package.json, jest/, node_modules/ ...) is read-only, as are git's folders; the home folders are
empty but for the programs on the PATH and the repository; no capabilities, no new namespaces, no processes of the
host, no settings of the kernel, no network but, when asked for, one port on loopback; the environment is an allow-list.
What is not covered: reading other world-readable files of the machine, CPU time, the size of files below the
worktree and /tmp (the shell bounds output, time and processes), faults of the kernel.
"""

from __future__ import annotations

import functools
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kit import command, say
from kit.agents import places, runtime
from kit.errors import StopAll
from kit.settings import TOOLKIT, Settings

ENVIRONMENT = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TERM",
    "CI",
    "ENVIRONMENT_SUFFIX",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "NODE_OPTIONS",
    "PIPENV_VENV_IN_PROJECT",
    "TF_CLI_CONFIG_FILE",
    "TF_PLUGIN_CACHE_DIR",
)
# Made anew by tools, so they stay writable when they are there already.
_OUTPUTS = (
    "coverage",
    "cfn-outputs",
    "cdk.out",
    "cdktf.out",
    "pulumi.out",
    "dist",
    "out",
    ".pytest_cache",
    ".coverage",
    "__pycache__",
)
_HIDDEN_FOLDERS = ("/root", "/home", "/run", "/var/run", "/tmp", "/var/tmp", "/mnt", "/media")
_HIDDEN_ON_MACOS = ("/Users", "/Volumes", "/private/tmp", "/private/var/folders", "/private/var/root")
_HIDDEN_FILES = ("/etc/shadow", "/etc/gshadow", "/etc/shadow-", "/etc/gshadow-")
# What root may write below /proc by mode bits alone, without a capability: core_pattern, say, names a program that the
# host runs as root.
_KERNEL = ("acpi", "bus", "driver", "fs", "irq", "mtrr", "pressure", "scsi", "sys", "sysrq-trigger", "tty")
BWRAP, RUNTIME, NONE = "bwrap", "srt", "none"
_told: set[str] = set()


def mode(settings: Settings, *, live: bool) -> str:
    """`bwrap`, else `srt`, else `none`. Raises `StopAll` when a live model would work unprotected without its having
    been asked for.
    """
    wanted = settings["switches.sandbox"]
    if wanted == NONE:
        _tell("SANDBOX=none: commands of agents run unprotected, as asked")
        return NONE
    if wanted != BWRAP:
        raise StopAll(f"switches.sandbox = {wanted!r}: wanted bwrap or none")
    problem = _problem()
    if not problem:
        return BWRAP
    second = runtime.problem()
    if not second:
        _tell(f"{problem}: commands of agents run in sandbox-runtime (srt)")
        return RUNTIME
    if live:
        remedy = "apt-get install bubblewrap, or allow it user namespaces"
        raise StopAll(
            f"{problem}, {second}, and a live model's commands would run unprotected",
            hint=f"{remedy if sys.platform == 'linux' else runtime.INSTALL}; or type SANDBOX=none",
        )
    _tell(f"{problem}: the rehearsal's commands run without a sandbox")
    return NONE


def _problem() -> str:
    """Why bwrap cannot be used, "" when it can. Asked once for each bwrap that the PATH finds."""
    found = shutil.which("bwrap")
    return _trial(found) if found else "bwrap is not installed"


@functools.cache
def _trial(bwrap: str) -> str:
    # Installed is not enough: containers and some distributions forbid the namespaces it needs.
    words = [bwrap, *_isolation("none"), "--ro-bind", "/", "/", "--dev", "/dev", *proc(), "--", "true"]
    ended = command.run(words, cwd=Path("/"), check=False, timeout=20)
    return "" if ended.ok else f"bwrap does not work here ({ended.tail(1).strip()[:120]})"


def environment(extra: Mapping[str, str] | None = None, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables that commands inside may see: those of the allow-list, then `extra`."""
    environ = os.environ if environ is None else environ
    kept = {name: environ[name] for name in ENVIRONMENT if environ.get(name)}
    kept.setdefault("PATH", os.defpath)
    kept.setdefault("LANG", "C.UTF-8")
    fixed = {"HOME": "/tmp/home", "TMPDIR": "/tmp", "GIT_OPTIONAL_LOCKS": "0", "npm_config_offline": "true"}
    return kept | fixed | dict(extra or {})


def wrap(
    argv: Sequence[str | Path],
    worktree: Path,
    *,
    mode: str = BWRAP,
    network: str = "none",
    port: int = 0,
    writable: Sequence[str] | None = None,
    readable: Sequence[Path] = (),
) -> list[str]:
    """`argv` inside the sandbox `mode`, started in `worktree`; run it with `environment(...)` as its whole environment.

    `network` is "none"; "loopback": 127.0.0.1:`port` of the host and nothing else (a small forwarder over a Unix
    socket); or "host", for a real cloud only: it leaves 169.254.169.254 reachable. `writable` names the paths of the
    worktree that may be written (None: the work folders, outputs of tools and new files). `readable` adds folders
    that are otherwise hidden.
    """
    worktree = worktree.resolve()
    if mode == RUNTIME:
        return runtime.wrap(argv, _rules(worktree, network, writable, readable), worktree)
    words = ["bwrap", *_isolation(network), *_view(worktree, writable, readable)]
    if network != "loopback":
        return [*words, "--chdir", str(worktree), "--", *map(str, argv)]
    if not port:
        raise ValueError("network loopback needs a port")
    bridge = [sys.executable, "-I", "-S", str(Path(__file__).with_name("bridge.py"))]
    inner = [*bridge, "inside", str(port), *map(str, argv)]
    return [*bridge, "outside", str(port), *words, "--chdir", str(worktree), "--", *inner]


def proc() -> list[str]:
    """bwrap's words for a /proc of its own in which no setting of the host's kernel can be written."""
    words = ["--proc", "/proc"]
    for path in (Path("/proc") / name for name in _KERNEL):
        words += ["--ro-bind", str(path), str(path)] if path.exists() else []
    return words


def _isolation(network: str) -> list[str]:
    if network not in ("none", "loopback", "host"):
        raise ValueError(f"network {network!r}")
    words = ["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    if network != "host":
        words.append("--unshare-net")
    return [
        *words,
        "--disable-userns",
        "--cap-drop",
        "ALL",
        "--die-with-parent",
        "--new-session",
        "--hostname",
        "sandbox",
    ]


def _view(worktree: Path, writable: Sequence[str] | None, readable: Sequence[Path]) -> list[str]:
    words = ["--ro-bind", "/", "/", "--dev", "/dev", *proc()]
    hidden = _hidden(*_HIDDEN_FOLDERS)
    for folder in hidden:
        if not Path(folder).is_symlink():
            words += ["--tmpfs", folder]
    for file in _HIDDEN_FILES:
        if Path(file).exists():
            words += ["--ro-bind", "/dev/null", file]
    for path in _programs(worktree, hidden, readable):
        words += ["--ro-bind", str(path), str(path)]
    resolver = Path("/run/systemd/resolve")
    if resolver.is_dir():
        words += ["--ro-bind", str(resolver), str(resolver)]
    words += ["--dir", "/tmp/home"]
    words += _worktree(worktree, writable)
    for path in _secrets(worktree):
        words += ["--tmpfs", str(path)] if path.is_dir() else ["--ro-bind", "/dev/null", str(path)]
    return words


def _rules(worktree: Path, network: str, writable: Sequence[str] | None, readable: Sequence[Path]) -> dict[str, Any]:
    """The same view in the words of sandbox-runtime."""
    hidden = _hidden(*_HIDDEN_FOLDERS, *_HIDDEN_ON_MACOS)
    may_write = [worktree] if writable is None else _writable(worktree, writable)
    return runtime.settings(
        hidden=[Path(path) for path in (*hidden, *_HIDDEN_FILES)] + _secrets(worktree),
        readable=[worktree, *_programs(worktree, hidden, readable)],
        writable=may_write,
        fixed=_fixed(worktree) if writable is None else [],
        network=network,
    )


def _hidden(*folders: str) -> tuple[str, ...]:
    """Those of `folders` and the home that there are."""
    known = dict.fromkeys((*folders, str(Path.home())))
    return tuple(folder for folder in known if folder != "/" and Path(folder).is_dir())


def _secrets(worktree: Path) -> list[Path]:
    paths = [root / name for name in places.SECRETS for root in {worktree, _repo_of(worktree)}]
    return [path for path in paths if path.exists() and not path.is_symlink()]


def _programs(worktree: Path, hidden: tuple[str, ...], readable: Sequence[Path]) -> list[Path]:
    """What has to be seen although it lies in a hidden folder, outermost first."""
    wanted = [_repo_of(worktree), TOOLKIT, Path(sys.prefix), Path(sys.base_prefix), *readable]
    for entry in os.environ.get("PATH", os.defpath).split(os.pathsep):
        folder = Path(entry).resolve()
        # A bin folder needs the lib beside it; what else lies beside it (~/.cargo/credentials) stays hidden.
        wanted += [folder, *(folder.parent / name for name in ("lib", "libexec", "versions"))] if entry else []
    found = {path.resolve() for path in wanted if path.exists()}
    inside = [path for path in found if any(_below(path, Path(folder)) for folder in hidden)]
    return sorted(inside, key=lambda path: len(path.parts))


def _worktree(worktree: Path, writable: Sequence[str] | None) -> list[str]:
    if writable is not None:
        words = ["--ro-bind", str(worktree), str(worktree)]
        for path in _writable(worktree, writable):
            words += ["--bind", str(path), str(path)]
        return words
    words = ["--bind", str(worktree), str(worktree)]
    # A folder that is a mount cannot be moved away, with what is read-only in it, for another one in its place.
    for path in _writable(worktree, places.FOLDERS):
        words += ["--bind", str(path), str(path)]
    for path in _fixed(worktree):
        words += ["--ro-bind", str(path), str(path)]
    return words


def _writable(worktree: Path, names: Sequence[str]) -> list[Path]:
    return [worktree / name for name in names if (worktree / name).exists() and not (worktree / name).is_symlink()]


def _fixed(worktree: Path) -> list[Path]:
    """What is there in the worktree and is not for agents to write."""
    rendered = [path for path in sorted((worktree / "lib").glob("*")) if places.rendered(f"lib/{path.name}")]
    free = {*places.FOLDERS, *places.PYTHON_FILES, *_OUTPUTS}
    return [
        path
        for path in [*sorted(worktree.iterdir()), *rendered]
        if (path in rendered or path.name not in free) and not path.is_symlink()
    ]


def _repo_of(worktree: Path) -> Path:
    """The checkout that `worktree` belongs to: what its .git file points to, else the worktree itself."""
    pointer = worktree / ".git"
    if pointer.is_file() and not pointer.is_symlink():
        text = pointer.read_text(errors="replace").strip()
        target = Path(text.removeprefix("gitdir:").strip())
        for parent in target.parents:
            if parent.name == ".git" or (parent / "objects").is_dir():
                return parent.parent if parent.name == ".git" else parent
    return worktree


def _below(path: Path, folder: Path) -> bool:
    return path != folder and path.is_relative_to(folder)


def _tell(text: str) -> None:
    if text not in _told:
        _told.add(text)
        say.warn(text)
