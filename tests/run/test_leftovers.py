"""What a killed coordinator leaves running is found and ended; nothing else is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from kit import files
from kit.run.leftovers import reap
from kit.run.rundir import Run
from kit.settings import TOOLKIT


def start(run: Run, folder: Path) -> subprocess.Popen[bytes]:
    code = (
        f"import sys; sys.path.insert(0, {str(TOOLKIT / 'scripts')!r})\n"
        "from pathlib import Path; from kit import command\n"
        f"command.belong_to(Path({str(folder)!r}))\n"
        "command.run(['sh', '-c', 'setsid sleep 300 & echo $! > child; wait'], cwd=Path("
        f"{str(run.repo)!r}))"
    )
    coordinator = subprocess.Popen([sys.executable, "-c", code])
    child = run.repo / "child"
    until = time.monotonic() + 10
    while not child.exists() or not child.read_text().strip():
        assert time.monotonic() < until
        time.sleep(0.02)
    return coordinator


def test_ends_what_a_killed_coordinator_left(run: Run) -> None:
    coordinator = start(run, run.dir)
    coordinator.send_signal(signal.SIGKILL)
    coordinator.wait()
    child = int((run.repo / "child").read_text())
    assert child in reap(run)
    assert reap(run) == []


def test_leaves_other_runs_and_the_emulator_alone(run: Run) -> None:
    coordinator = start(run, run.repo / ".runs" / "other")
    child = int((run.repo / "child").read_text())
    try:
        assert reap(run) == []
        os.kill(child, 0)
    finally:
        coordinator.kill()
        coordinator.wait()
        os.kill(child, signal.SIGKILL)


def test_a_live_emulator_of_the_run_is_spared(run: Run) -> None:
    coordinator = start(run, run.dir)
    coordinator.kill()
    coordinator.wait()
    child = int((run.repo / "child").read_text())
    files.write_json(run.dir / "cloud.json", {"pid": child})
    try:
        assert child not in reap(run)
        os.kill(child, 0)
    finally:
        os.kill(child, signal.SIGKILL)
