"""The local forge, and which forge is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import forge
from kit.errors import Failure
from kit.forge.github import slug
from kit.forge.local import Local
from kit.settings import Settings
from support import sh


def test_one_pull_request_a_branch_beside_the_bare_origin(repo: Path, tmp_path: Path) -> None:
    place = forge.choose(repo, Settings.load(repo, environ={}))
    assert place.find("IAC-synth-1") is None
    place.ensure("IAC-synth-1", "main", "first", "body", "a" * 40)
    request = place.ensure("IAC-synth-1", "main", "second", "other body", "b" * 40)
    assert sorted(path.name for path in (tmp_path / "origin.git.pulls").iterdir()) == [
        "IAC-synth-1.json",
        "IAC-synth-1.md",
    ]
    assert place.find("IAC-synth-1") == request
    assert "other body" in Path(request.url).read_text()


def test_a_damaged_record_is_named(repo: Path, tmp_path: Path) -> None:
    place = Local(repo, str(tmp_path / "origin.git"))
    place.ensure("b", "main", "t", "body", "a" * 40)
    (place.folder / "b.json").write_text("{")
    with pytest.raises(Failure, match=r"b\.json: not valid JSON"):
        place.find("b")


def test_an_origin_that_is_no_folder_keeps_its_file_in_the_run(repo: Path) -> None:
    assert Local(repo, "ssh://git.example/x/y").folder == repo / ".runs" / "pulls"


def test_an_unknown_forge_and_an_unusable_one_are_refused(repo: Path) -> None:
    with pytest.raises(Failure, match="FORGE=gitlab: no such forge"):
        forge.choose(repo, Settings.load(repo, environ={"FORGE": "gitlab"}))
    with pytest.raises(Failure, match="FORGE=github cannot be used: origin is not on GitHub"):
        forge.choose(repo, Settings.load(repo, environ={"FORGE": "github"}))


def test_github_without_gh_falls_back_and_says_so(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sh(repo, "git", "remote", "set-url", "origin", "https://github.com/o/n.git")
    only_git = tmp_path / "bin"
    only_git.mkdir()
    (only_git / "git").symlink_to(sh(repo, "sh", "-c", "command -v git"))
    monkeypatch.setenv("PATH", str(only_git))
    assert forge.choose(repo, Settings.load(repo, environ={})).name == "local"
    assert "FORGE=local: gh is not installed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("https://github.com/o/n.git", "github.com/o/n"),
        ("https://user:secret@github.com/o/n", "github.com/o/n"),
        ("git@github.com:o/n.git", "github.com/o/n"),
        ("ssh://git@github.example.com:2222/o/n.git", "github.example.com/o/n"),
        ("/srv/git/n.git", ""),
        ("../n.git", ""),
    ],
)
def test_addresses_of_origins(origin: str, name: str) -> None:
    assert slug(origin) == name
