"""Which files agents may write, and reading and writing them without following a link out of the worktree."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.errors import Failure

FOLDERS = ("lib", "bin", "test", "tests")
PYTHON_FILES = ("tap.py",)
SECRETS = (".env", ".env.local", ".aws", ".npmrc", ".netrc")
MAX_BYTES = 8 * 1024 * 1024
_RENDERED = re.compile(r"lib/(?:PROMPT|MODEL_RESPONSE|IDEAL_RESPONSE|MODEL_FAILURES)[^/]*\.md|lib/AWS_REGION")
_MOST_BYTES, _MOST_FOLDERS = 200, 20  # of one part of a path; in a path
_UNFIT = re.compile(r"[\x00-\x1f\x7f`\\]")


def looks_like_path(text: str) -> bool:
    """True for one word with a folder or a file ending in it."""
    text = text.strip()
    return bool(text) and not re.search(r"\s|://", text) and ("/" in text or bool(re.search(r"\.[A-Za-z]\w*$", text)))


def normal(path: str) -> str:
    """`path` without `./` and doubled slashes. Raises `Failure` when it is absolute, climbs, or cannot be written
    in a heading."""
    reason = _unfit(path)
    if reason:
        raise Failure(f"{path!r}: {reason}")
    return "/".join(part for part in path.split("/") if part not in ("", "."))


def refusal(path: str, *, python: bool = False) -> str:
    """Why an agent may not write `path`, or "" when it may. `python` allows tap.py at the root."""
    reason = _unfit(path)
    if reason:
        return f"{path!r}: {reason}"
    path = normal(path)
    if python and path in PYTHON_FILES:
        return ""
    if "/" not in path or path.split("/")[0] not in FOLDERS:
        return f"{path}: outside {', '.join(f'{folder}/' for folder in FOLDERS)}"
    if _RENDERED.fullmatch(path):
        return f"{path}: written by the scripts"
    return ""


def rendered(path: str) -> bool:
    """True for the pages and files below lib/ that only scripts write."""
    return bool(_RENDERED.fullmatch(path))


def python_project(platform: str, language: str) -> bool:
    """True for the pairs whose program is tap.py at the root."""
    return language == "py" and platform in ("cdk", "cdktf", "pulumi")


def read(root: Path, path: str) -> bytes:
    """The bytes of the regular file `path` below `root`; no part of the path may be a link.

    Raises `Failure` naming the file when it is missing, a link, a folder, a device or above 8 MiB.
    """
    with _folder(root, path, create=False) as (folder, name):
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        with os.fdopen(handle, "rb") as file:
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise Failure(f"{path}: is no regular file")
            if facts.st_size > MAX_BYTES:
                raise Failure(f"{path}: {facts.st_size:,} bytes; at most {MAX_BYTES:,} are read")
            return file.read()


def write(root: Path, path: str, data: bytes) -> None:
    """Replace `path` below `root` in one move, making folders as needed; no part of the path may be a link.

    Mode bits of an existing file are kept. Raises `Failure` naming the file; the old one is then untouched.
    """
    with _folder(root, path, create=True) as (folder, name):
        mode = 0o644
        try:
            facts = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if not stat.S_ISREG(facts.st_mode):
                raise Failure(f"{path}: is {'a link' if stat.S_ISLNK(facts.st_mode) else 'no regular file'}")
            mode = stat.S_IMODE(facts.st_mode)
        except FileNotFoundError:
            pass
        temp = f".{name[:100]}.{secrets.token_hex(4)}"
        handle = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode, dir_fd=folder)
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temp, name, src_dir_fd=folder, dst_dir_fd=folder)


def files_below(root: Path, folder: str = "") -> list[str]:
    """The paths of all regular files below `root/folder`, sorted; links are not followed and not listed."""
    found = []
    for place, folders, names in os.walk(root / folder, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in (".git", "node_modules", "__pycache__"))
        for name in names:
            whole = Path(place) / name
            if not whole.is_symlink() and whole.is_file():
                found.append(whole.relative_to(root).as_posix())
    return sorted(found)


def traps(root: Path) -> list[str]:
    """What lies in the worktree that the host's own git or writing could be led astray by, one sentence each.

    A repository inside the repository brings settings along that git obeys (core.fsmonitor runs a program), and a link
    leads writing elsewhere. The worktree's own .git and node_modules are not looked at.
    """
    found = []
    for place, folders, names in os.walk(root, followlinks=False):
        at = Path(place)
        if at == root:
            folders[:] = [name for name in folders if name not in ("node_modules", ".git", ".venv")]
            names = [name for name in names if name != ".git"]
        for name in sorted([*folders, *names]):
            path = at / name
            if name == ".git":
                found.append(f"{path.relative_to(root)}: a repository inside the repository")
            elif path.is_symlink():
                found.append(f"{path.relative_to(root)}: a link to {path.readlink()}")
        folders[:] = [name for name in folders if name not in (".git", "node_modules")]
        if folders and len(at.relative_to(root).parts) > _MOST_FOLDERS:
            found.append(f"{at.relative_to(root)}: more than {_MOST_FOLDERS} folders deep")
            folders.clear()
    return found


def _unfit(path: str) -> str:
    if not path or path.strip() != path or _UNFIT.search(path):
        return "not a file name"
    try:
        longest = max(map(len, path.encode().split(b"/")))
    except UnicodeEncodeError:
        return "not a file name"
    if longest > _MOST_BYTES or path.count("/") > _MOST_FOLDERS:
        return "too long for a file name"
    if path.startswith(("/", "~")) or re.match(r"[A-Za-z]:", path):
        return "absolute paths are refused"
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts:
        return "paths with .. are refused"
    if not parts or path.endswith("/"):
        return "not a file name"
    if ".git" in parts:
        return "git's own files are refused"
    return ""


@contextmanager
def _folder(root: Path, path: str, *, create: bool) -> Iterator[tuple[int, str]]:
    parts = normal(path).split("/")
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            if create and not _exists(part, handle):
                os.mkdir(part, dir_fd=handle)
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=handle)
            os.close(handle)
            handle = inner
        yield handle, parts[-1]
    except OSError as error:
        raise _failure(path, error) from error
    finally:
        os.close(handle)


def _exists(name: str, folder: int) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _failure(path: str, error: OSError) -> Failure:
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return Failure(f"{path}: a part of it is a link or a file; links are not followed")
    if error.errno == errno.ENOENT:
        return Failure(f"{path}: no such file")
    return Failure(f"{path}: {error.strerror}")
