"""Where pull requests live: GitHub through gh, or files beside a local origin."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kit import say
from kit.errors import Failure
from kit.run.git import git
from kit.settings import Settings

_told: set[str] = set()


@dataclass(frozen=True)
class PullRequest:
    """One open pull request: where it is to be read, its head branch and the commit it shows."""

    forge: str
    url: str
    branch: str
    head: str


class Forge(Protocol):
    """A place that holds pull requests, at most one open one for a branch."""

    name: str

    def find(self, branch: str) -> PullRequest | None:
        """The open pull request of `branch`, if there is one; raises `Failure` when there are several."""

    def ensure(self, branch: str, base: str, title: str, body: str, head: str) -> PullRequest:
        """Create the pull request of `branch`, or bring the open one up to date."""


def choose(repo: Path, settings: Settings) -> Forge:
    """The forge the settings name, else github when origin is one and gh is signed in, else local."""
    from kit.forge import github, local

    wanted = settings["switches.forge"]
    origin = git(repo, "remote", "get-url", "origin", check=False)
    if wanted not in ("", "github", "local"):
        raise Failure(f"FORGE={wanted}: no such forge", hint="FORGE=github or FORGE=local")
    if wanted == "local":
        return local.Local(repo, origin)
    ready, why = github.is_ready(repo, origin)
    if ready:
        return github.GitHub(repo, origin)
    if wanted == "github":
        raise Failure(f"FORGE=github cannot be used: {why}", hint="gh auth login, or FORGE=local")
    if why not in _told:
        _told.add(why)
        say.warn(f"FORGE=local: {why}; the pull request is a file beside the pushed branch")
    return local.Local(repo, origin)
