"""The GitHub forge: the real gh against a GitHub on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from github_server import GitHubServer

from kit import forge
from kit.errors import Failure
from kit.settings import Settings
from support import sh

pytestmark = pytest.mark.needs("gh")


@pytest.fixture
def server(tmp_path: Path, repo: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubServer]:
    made = GitHubServer(tmp_path)
    monkeypatch.setenv("GH_HOST", made.host)
    monkeypatch.setenv("GH_ENTERPRISE_TOKEN", "not-a-real-token")
    monkeypatch.setenv("SSL_CERT_FILE", str(made.certificate))
    sh(repo, "git", "remote", "set-url", "origin", f"https://{made.host}/o/n.git")
    yield made
    made.close()


def test_creates_one_and_then_brings_it_up_to_date(server: GitHubServer, repo: Path) -> None:
    place = forge.choose(repo, Settings.load(repo, environ={}))
    assert place.name == "github"
    server.heads["IAC-synth-1"] = "a" * 40
    first = place.ensure("IAC-synth-1", "main", "title", "body\n", "a" * 40)
    again = place.ensure("IAC-synth-1", "main", "new title", "new body\n", "a" * 40)
    assert first == again
    assert server.requests == ["create", "update"]
    assert [(one["title"], one["body"].strip(), one["baseRefName"]) for one in server.pulls] == [
        ("new title", "new body", "main")
    ]


def test_adopts_the_one_that_is_there(server: GitHubServer, repo: Path) -> None:
    server.add("IAC-synth-1")
    server.heads["IAC-synth-1"] = "b" * 40
    request = forge.choose(repo, Settings.load(repo, environ={})).ensure("IAC-synth-1", "main", "t", "b", "b" * 40)
    assert request.url.endswith("/pull/1")
    assert server.requests == ["update"]


def test_two_open_ones_are_refused(server: GitHubServer, repo: Path) -> None:
    server.add("IAC-synth-1")
    server.add("IAC-synth-1")
    with pytest.raises(Failure, match="2 open pull requests: https:"):
        forge.choose(repo, Settings.load(repo, environ={})).ensure("IAC-synth-1", "main", "t", "b", "b" * 40)
    assert server.requests == []
