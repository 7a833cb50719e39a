"""Where the time of a whole rehearsal run goes: each step's, and the coordinator's own part of it.

Own time is what remains of a step without commands (git, npm, jest, linters), the emulated cloud and the
model. The first of the runs warms the caches and is not shown.

Suggested usage:
    python scripts/bench/line.py
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SCRIPTS))
TASKS = 2


def main() -> int:
    """Run the demo's first tasks and print the table of the last one."""
    from kit.tasks import demo

    with tempfile.TemporaryDirectory(prefix="bench-line-") as folder:
        repo = demo.ensure(Path(folder) / "demo")
        for _ in range(TASKS):
            known = {path.parent.name for path in repo.glob(".runs/*/task.json")}
            began = time.monotonic()
            words = [sys.executable, str(SCRIPTS / "next_task.py"), "--repo", str(repo), "--model", "rehearsal"]
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"FORGE": "local"})
            whole = time.monotonic() - began
        run = next(path.parent for path in repo.glob(".runs/*/task.json") if path.parent.name not in known)
        _show(run, whole)
    return 0


def _show(run: Path, whole: float) -> None:
    events = [json.loads(line) for line in (run / "journal.jsonl").read_text().splitlines()]
    steps = [event for event in events if event["event"] == "step_done"]
    receipts = [json.loads(path.read_text()) for path in sorted((run / "receipts").glob("*.json"))]
    tools = sum(one["seconds"] for one in receipts)
    print(f"task {run.name}, warm caches\n")
    print(f"{'step':<10}{'seconds':>9}{'own':>8}{'own %':>8}")
    for step in steps:
        _row(step["step"], step["seconds"], step["own"])
    _row("all", sum(one["seconds"] for one in steps), sum(one["own"] for one in steps))
    print(
        f"\nwhole process {whole:.1f} s, tool runs by receipt {tools:.1f} s: ratio {whole / tools:.2f} (wanted: at most 1.5)"
    )
    own = sum(one["own"] for one in steps) / whole
    print(f"coordinator's own time {own:.1%} of the whole (wanted: under 10 %)")


def _row(name: str, seconds: Any, own: Any) -> None:
    print(f"{name:<10}{seconds:>9.2f}{own:>8.2f}{own / max(seconds, 1e-9):>8.0%}")


if __name__ == "__main__":
    raise SystemExit(main())
