"""What the toolkit makes inside a repository stays out of git, without touching the repository's .gitignore."""

from __future__ import annotations

from pathlib import Path

from kit import files

PATTERNS = (
    ".runs/",
    "worktree/",
    "node_modules/",
    "cfn-outputs/",
    "cdk.out/",
    "cdktf.out/",
    "pulumi.out/",
    "*.tfstate*",
    "coverage/",
    ".venv/",
    "__pycache__/",
    ".pytest_cache/",
    ".coverage",
    "*.tsbuildinfo",
)
_HEAD = "# Task Coordinator"


def common_dir(repo: Path) -> Path:
    """The .git folder that all worktrees of `repo` share, without starting git where it lies open.

    Raises `Failure` when `repo` is no git repository.
    """
    if (repo / ".git" / "HEAD").is_file():
        return repo / ".git"
    from kit.run import git

    return git.common_dir(repo)


def install(repo: Path) -> None:
    """Add the patterns that are missing to `.git/info/exclude`."""
    path = common_dir(repo) / "info" / "exclude"
    known = path.read_text(encoding="utf-8", errors="surrogateescape") if path.is_file() else ""
    lines = set(known.splitlines())
    lacking = [pattern for pattern in PATTERNS if pattern not in lines]
    if lacking:
        head = "" if _HEAD in lines else _HEAD + "\n"
        gap = "" if not known or known.endswith("\n") else "\n"
        files.replace(path, (known + gap + head + "\n".join(lacking) + "\n").encode("utf-8", "surrogateescape"))
