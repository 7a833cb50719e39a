"""The one function that runs external commands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kit import clock, command
from kit.errors import Failure


def test_returns_what_the_command_printed_and_how_it_ended(tmp_path: Path) -> None:
    result = command.run(["sh", "-c", "echo out; echo err >&2; exit 3"], cwd=tmp_path, check=False)
    assert (result.status, result.ok, result.stdout) == (3, False, "out\n")
    assert sorted(result.output.split()) == ["err", "out"]


def test_a_checked_failure_names_command_status_and_last_line(tmp_path: Path) -> None:
    with pytest.raises(command.CommandFailed, match=r"`sh -c echo why; exit 4` exited with 4 .*: why"):
        command.run(["sh", "-c", "echo why; exit 4"], cwd=tmp_path)


def test_a_missing_command_is_one_line_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="no-such-tool: command not found") as caught:
        command.run(["no-such-tool"], cwd=tmp_path)
    assert "install" in caught.value.hint


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="no such folder"):
        command.run(["true"], cwd=tmp_path / "gone")


@pytest.mark.parametrize(("limits", "name"), [({"timeout": 0.3}, "wall time"), ({"silence": 0.3}, "silence")])
def test_a_limit_ends_the_whole_group(tmp_path: Path, limits: dict[str, float], name: str) -> None:
    script = "echo begun; sleep 60 & echo $! > child; sleep 60"
    result = command.run(["sh", "-c", script], cwd=tmp_path, check=False, **limits)  # type: ignore[arg-type]
    assert (result.limit, result.ok) == (name, False)
    assert not _alive(int((tmp_path / "child").read_text()))


def test_a_command_that_is_ended_gently_can_write_down_what_it_did(tmp_path: Path) -> None:
    script = "trap 'echo written > state; exit 0' INT; trap 'exit 1' TERM; while true; do sleep 0.05; done"
    ended = command.run(["bash", "-c", script], cwd=tmp_path, timeout=0.3, check=False, gentle=10.0)
    assert ended.limit == "wall time"
    assert (tmp_path / "state").read_text() == "written\n"


def test_a_command_that_does_not_heed_a_gentle_end_is_killed(tmp_path: Path) -> None:
    script = "trap '' INT TERM; while true; do sleep 0.05; done"
    ended = command.run(["bash", "-c", script], cwd=tmp_path, timeout=0.2, check=False, gentle=0.2)
    assert (ended.limit, ended.status) == ("wall time", -signal.SIGKILL)


def test_output_keeps_a_talkative_command_alive(tmp_path: Path) -> None:
    script = "for i in 1 2 3 4 5 6; do echo $i; sleep 0.2; done"
    assert command.run(["sh", "-c", script], cwd=tmp_path, silence=0.8).ok


def test_the_log_is_redacted(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "one.log"
    command.run(["echo", "key AKIAABCDEFGHIJKLMNOP end"], cwd=tmp_path, log=log)
    assert log.read_text() == "key [redacted access key id] end\n"


def test_bytes_that_are_no_text_do_not_break_it(tmp_path: Path) -> None:
    assert "�" in command.run(["printf", r"\377\376"], cwd=tmp_path).stdout


def test_stdin_is_empty_unless_given(tmp_path: Path) -> None:
    assert command.run(["cat"], cwd=tmp_path).stdout == ""
    assert command.run(["cat"], cwd=tmp_path, stdin="given").stdout == "given"


def test_the_child_dies_with_a_killed_parent(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from kit import command\n"
        f"command.run(['sh', '-c', 'echo $$ > pid; exec sleep 60'], cwd=Path({str(tmp_path)!r}))"
    )
    scripts = Path(command.__file__).parents[1]
    parent = subprocess.Popen([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(scripts)})
    _until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip() != "")
    child = int((tmp_path / "pid").read_text())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    _until(lambda: not _alive(child))


def test_waiting_counts_as_outside_time_once(tmp_path: Path) -> None:
    before = clock.outside_seconds()
    with clock.outside():
        command.run(["sleep", "0.3"], cwd=tmp_path)
    assert 0.3 <= clock.outside_seconds() - before < 0.6


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _until(true: object, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
