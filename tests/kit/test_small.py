"""Files, locks, narration, rendering and the exits of scripts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from kit import cli, files, lock, render, say
from kit.errors import Failure, Usage
from kit.settings import TOOLKIT


def test_replace_keeps_the_mode_and_leaves_no_temp_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    path.chmod(0o600)
    files.replace(path, "new")
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Failure, match=r"a\.txt: cannot be written: No space left"):
        files.replace(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_damaged_json_names_file_and_place(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"a": 1,\n "b": }')
    with pytest.raises(Failure, match=r"a\.json: not valid JSON: .*line 2") as caught:
        files.read_json(path, remedy="make it again")
    assert caught.value.hint == "make it again"


def test_missing_json_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="no such file"):
        files.read_json(tmp_path / "gone.json")


def test_a_held_lock_refuses_a_second_holder_and_is_free_after_its_death(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    code = f"import sys,time; from pathlib import Path; from kit import lock\nwith lock.hold(Path({str(path)!r}), what='x'):\n print('held', flush=True); time.sleep(60)"
    holder = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(TOOLKIT / "scripts")}
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    assert not lock.is_free(path)
    with (
        pytest.raises(Failure, match="the queue is held by another process"),
        lock.hold(path, what="the queue", wait=0),
    ):
        pass
    holder.kill()
    holder.wait()
    assert lock.is_free(path)


def test_every_line_carries_task_and_region_and_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    say.about("277", "us-west-2", tmp_path / "narration.log")
    say.done("made it with AKIAABCDEFGHIJKLMNOP")
    line = capsys.readouterr().err
    assert line == "[277 us-west-2] ✓ made it with [redacted access key id]\n"
    assert line.strip() in (tmp_path / "narration.log").read_text()


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (Failure("no luck", hint="try this"), 1, ["✗ no luck", "↳ try this"]),
        (Usage("what?"), 2, ["✗ what?"]),
        (KeyboardInterrupt(), 130, ["interrupted"]),
        (RuntimeError("oh"), 3, ["a bug: RuntimeError: oh", "the traceback is in"]),
    ],
)
def test_exits(error: BaseException, status: int, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    @cli.script
    def main(argv: Sequence[str] | None = None) -> int:
        raise error

    handler = signal.getsignal(signal.SIGINT)
    assert main([]) == status
    signal.signal(signal.SIGINT, handler)
    shown = capsys.readouterr().err
    assert all(word in shown for word in words)


def test_a_template_with_a_hole_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "a.j2").write_text("Hello {{ name }} and {{ other }}\n")
    monkeypatch.setattr(render, "TOOLKIT", tmp_path)
    with pytest.raises(Failure, match="'other' is undefined"):
        render.template("prompts", "a.j2", name="x")
    assert render.template("prompts", "a.j2", name="<x>", other="y") == "Hello <x> and y\n"


def test_a_named_repo_must_exist() -> None:
    with pytest.raises(Failure, match="no such folder"):
        cli.find_repo(Path("/no/such/folder"))


@pytest.mark.parametrize("script", sorted(path.name for path in (TOOLKIT / "scripts").glob("*.py")))
def test_every_script_has_help_with_an_example(script: str) -> None:
    shown = subprocess.run(
        [sys.executable, str(TOOLKIT / "scripts" / script), "--help"], capture_output=True, text=True, timeout=60
    )
    assert shown.returncode == 0, shown.stderr
    assert "Example" in shown.stdout or "Suggested usage" in shown.stdout
    assert f"scripts/{script}" in shown.stdout


HEAVY = ("anthropic", "pandas", "boto3", "moto", "jinja2", "jsonschema", "cfnlint", "nox", "pydantic")


@pytest.mark.parametrize("script", sorted(path.stem for path in (TOOLKIT / "scripts").glob("*.py")))
def test_no_script_imports_anything_heavy_to_start(script: str) -> None:
    code = f"import sys; sys.path.insert(0, {str(TOOLKIT / 'scripts')!r}); import {script}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not set(HEAVY) & set(loaded)
