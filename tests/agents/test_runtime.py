"""sandbox-runtime: its settings, and the same escapes tried from inside where srt is installed."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agents.conftest import with_settings
from kit.agents import runtime, sandbox
from kit.agents.shell import Shell
from kit.agents.watch import Watch
from kit.errors import StopAll
from kit.run.rundir import Run

SECRET = "planted-" + "s3cr3t"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    (folder / ".aws").mkdir(parents=True)
    (folder / ".aws/credentials").write_text(SECRET)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    return folder


def rules_of(words: list[str]) -> dict[str, Any]:
    text = Path(words[words.index("--settings") + 1]).read_text()
    return dict(json.loads(text))


def test_its_settings_say_what_bubblewrap_is_told(run: Run, home: Path) -> None:
    (run.repo / ".env").write_text(SECRET)
    (run.worktree / "lib/MODEL_RESPONSE.md").write_text("as it came\n")
    words = sandbox.wrap(["true"], run.worktree, mode="srt")
    rules = rules_of(words)
    files = rules["filesystem"]
    assert str(home) in files["denyRead"] and str(run.repo / ".env") in files["denyRead"]
    assert {str(run.worktree), str(run.repo)} <= set(files["allowRead"])
    assert files["allowWrite"] == [str(run.worktree), str(runtime.scratch())]
    assert {f"{run.worktree}/{name}" for name in (".git", "package.json", "lib/MODEL_RESPONSE.md")} <= set(
        files["denyWrite"]
    )
    assert f"{run.worktree}/lib" not in files["denyWrite"] and f"{run.worktree}/test" not in files["denyWrite"]
    assert rules["network"] == {"allowedDomains": [], "deniedDomains": [], "allowLocalBinding": False}
    assert words[-1] == "true" and str(run.worktree) in words


def test_only_what_is_named_is_writable_for_the_reviewer(run: Run, home: Path) -> None:
    files = rules_of(sandbox.wrap(["true"], run.worktree, mode="srt", writable=["test", "missing"]))["filesystem"]
    assert files["allowWrite"] == [f"{run.worktree}/test", str(runtime.scratch())]


def test_the_settings_cannot_be_loosened_from_inside(run: Run, home: Path) -> None:
    words = sandbox.wrap(["true"], run.worktree, mode="srt")
    path = Path(words[words.index("--settings") + 1])
    writable = [Path(place) for place in rules_of(words)["filesystem"]["allowWrite"]]
    assert not any(path.is_relative_to(place) for place in writable)


def test_loopback_is_let_through_and_a_real_cloud_refused(run: Run, home: Path) -> None:
    words = sandbox.wrap(["true"], run.worktree, mode="srt", network="loopback", port=4566)
    assert rules_of(words)["network"]["allowLocalBinding"] is True
    with pytest.raises(StopAll, match="real cloud"):
        sandbox.wrap(["true"], run.worktree, mode="srt", network="host")


def fake_srt(folder: Path, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    (folder / "srt").write_text(f"#!/bin/sh\n{body}\n")
    (folder / "srt").chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(sandbox, "_told", set())


def test_it_stands_in_where_bubblewrap_is_missing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_srt(tmp_path / "bin", "exit 0", monkeypatch)
    assert sandbox.mode(run.settings, live=True) == "srt"
    assert "bwrap is not installed: commands of agents run in sandbox-runtime" in capsys.readouterr().err


def test_one_that_does_not_work_is_none(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_srt(tmp_path / "bin", "echo 'Error: rg not found' >&2; exit 1", monkeypatch)
    with pytest.raises(StopAll, match=r"sandbox-runtime does not work here .*rg not found"):
        sandbox.mode(run.settings, live=True)
    assert sandbox.mode(with_settings(run, switches__sandbox="none").settings, live=True) == "none"


def test_one_that_is_missing_is_named_with_how_to_install_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_srt(tmp_path / "bin", "exit 0", monkeypatch)
    (tmp_path / "bin/srt").unlink()
    with pytest.raises(StopAll, match="sandbox-runtime is not installed") as caught:
        sandbox.mode(run.settings, live=True)
    assert "npm install -g @anthropic-ai/sandbox-runtime" in caught.value.hint


@pytest.fixture
def shell(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    if not shutil.which("srt"):
        pytest.skip("srt is not installed: npm install -g @anthropic-ai/sandbox-runtime")
    # On Linux, where it is not used, srt binds no writable folder over a readable one in a hidden one such as /tmp.
    monkeypatch.setattr(sandbox, "_HIDDEN_FOLDERS", ())
    (run.repo / ".env").write_text(SECRET)
    made = Shell(run.worktree, run.logs / "shell.log", Watch(time.monotonic() + 300), mode="srt")
    yield made
    made.close()


def test_inside_it_the_shell_works_and_the_walls_hold(shell: Shell, run: Run, home: Path) -> None:
    assert shell.run("cd lib; X=7; echo new > made.yml; cat made.yml; basename $PWD") == "new\nlib\n"
    assert (run.worktree / "lib/made.yml").read_text() == "new\n"
    for command in (f"cat {home}/.aws/credentials", f"cat {run.repo}/.env", "env", "cat ~/.aws/credentials"):
        assert SECRET not in shell.run(command)
    shell.run(
        f"cd {run.worktree}; echo x > package.json; echo x > .git; echo x >> {run.repo}/.git/config; "
        f"echo x > {run.repo}/package.json; rm -rf package.json"
    )
    assert (run.worktree / "package.json").read_text() == "{}\n" == (run.repo / "package.json").read_text()
    assert (run.worktree / ".git").read_text().startswith("gitdir:")
    assert "x\n" not in (run.repo / ".git/config").read_text()
    shell.run("curl -sS -m 3 http://169.254.169.254/ > lib/answer; python3 -c 'import urllib.request as u; "
              "open(\"lib/answer2\", \"wb\").write(u.urlopen(\"http://example.org\", timeout=3).read())'")  # fmt: skip
    answers = [run.worktree / "lib" / name for name in ("answer", "answer2")]
    assert not any(path.exists() and b"<html" in path.read_bytes() for path in answers)
    assert "mine\n" in shell.run("echo mine > $TMPDIR/a && cat $TMPDIR/a; node -e 'console.log(1)'; echo $HOME")
    assert os.environ["HOME"] not in shell.run("echo $HOME").splitlines()
