"""The GitHub forge, through gh: the open pull request of a branch is adopted, never doubled."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from kit import command
from kit.errors import Failure
from kit.forge import PullRequest

_SECONDS = 60.0
_LOOKS = 5
# The port of an https address is part of the host's name for gh; an ssh port is not.
_HTTPS = re.compile(r"https?://(?:[^@/]+@)?([^/]+)/([^/]+/[^/]+?)(?:\.git)?/?")
_SSH = re.compile(r"(?:ssh://)?(?:[^@/:]+@)([^/:]+)(?::\d+(?=/))?[/:]([^/]+/[^/]+?)(?:\.git)?/?")


def slug(origin: str) -> str:
    """`HOST/OWNER/NAME` of an origin's address, or "" when it is no hosted repository."""
    found = _HTTPS.fullmatch(origin) or _SSH.fullmatch(origin)
    return f"{found[1]}/{found[2]}" if found else ""


def is_ready(repo: Path, origin: str) -> tuple[bool, str]:
    """Whether gh can be used for `origin`, and if not, why."""
    address = slug(origin)
    host = address.partition("/")[0]
    if not address or ("github" not in host and os.environ.get("GH_HOST") != host):
        return False, "origin is not on GitHub"
    if shutil.which("gh") is None:
        return False, "gh is not installed"
    signed_in = command.run(["gh", "auth", "status", "--hostname", host], cwd=repo, check=False, timeout=_SECONDS).ok
    return signed_in, "" if signed_in else f"gh is not signed in to {host}"


class GitHub:
    """Pull requests of the repository that origin names."""

    name = "github"

    def __init__(self, repo: Path, origin: str) -> None:
        self.repo, self.address = repo, slug(origin)

    def find(self, branch: str) -> PullRequest | None:
        """The open pull request of `branch`; raises `Failure` when there is more than one."""
        words = ["list", "--head", branch, "--state", "open", "--json", "url,headRefOid,isCrossRepository"]
        found = self._answer(self._gh(words))
        if len(found) > 1:
            urls = ", ".join(request["url"] for request in found)
            raise Failure(f"{branch}: {len(found)} open pull requests: {urls}", hint="close all but one, then make pr")
        return PullRequest(self.name, found[0]["url"], branch, found[0]["headRefOid"]) if found else None

    def ensure(self, branch: str, base: str, title: str, body: str, head: str) -> PullRequest:
        """Create it, or give the open one this title and body; then look that it is there."""
        with tempfile.NamedTemporaryFile("w", suffix=".md", encoding="utf-8") as page:
            page.write(body)
            page.flush()
            there = self.find(branch)
            if there:
                number = there.url.rpartition("/")[2]
                self._gh(["edit", number, "--title", title, "--body-file", page.name])
            else:
                self._gh(["create", "--head", branch, "--base", base, "--title", title, "--body-file", page.name])
        request = self._shown(branch, head)
        if request is None:
            raise Failure(f"{branch}: gh made no pull request that can be found", hint=f"gh pr list --head {branch}")
        return request

    def _shown(self, branch: str, head: str) -> PullRequest | None:
        """The open pull request once it shows `head`; GitHub may take a moment after a push."""
        for _ in range(_LOOKS):
            request = self.find(branch)
            if request is not None and request.head == head:
                break
            time.sleep(1.0)
        return request

    def _gh(self, words: list[str]) -> str:
        environment = os.environ | {"GH_PROMPT_DISABLED": "1", "GH_NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1"}
        words = ["gh", "pr", *words, "--repo", self.address]
        return command.run(words, cwd=self.repo, env=environment, timeout=_SECONDS).stdout

    @staticmethod
    def _answer(text: str) -> list[dict[str, Any]]:
        try:
            found = json.loads(text)
            return [
                {"url": one["url"], "headRefOid": one["headRefOid"]} for one in found if not one["isCrossRepository"]
            ]
        except (ValueError, KeyError, TypeError) as error:
            raise Failure(f"gh pr list: not the answer it should give: {text[:200]!r}", hint="gh pr list") from error
