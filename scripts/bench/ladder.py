"""What installing from the cache and the ladder of cdk-ts cost, beside npm, pipenv and the same stages by hand.

Each number has its yardstick from the same minutes of the same machine, in turn, and the smaller of two tries counts.

Suggested usage:
    python scripts/bench/ladder.py
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SCRIPTS))
TRIES = 2
PAIR = "cdk-ts"
PROJECTS = SCRIPTS.parent / "tests" / "ladder" / "projects"


def main() -> int:
    """Print the table of ratios."""
    with tempfile.TemporaryDirectory(prefix="bench-ladder-") as name:
        folder = Path(name)
        print(f"{'':<34}{'ours s':>8}{'peer s':>8}{'ratio':>7}   load {os.getloadavg()[0]:.1f}")
        _install(folder, PAIR, "npm ci")
        _install(folder, "cdk-py", "pipenv install")
        _ladder(folder)
    return 0


def _install(folder: Path, pair: str, peer: str) -> None:
    from kit.ladder import install, install_python

    ours, theirs = _laid_out(folder / f"{pair}-ours", pair), _laid_out(folder / f"{pair}-peer", pair)
    log = folder / "install.log"
    install.install(ours, log)
    made, run = (".venv", install_python.run) if pair.endswith("-py") else ("node_modules", install.npm_ci)
    if pair.endswith("-py"):
        # Its few packages of npm are no part of the comparison.
        for project in (ours, theirs):
            (project / "package.json").unlink()
    run(theirs, log)

    def anew(project: Path, work: Callable[[Path, Path], Any]) -> float:
        shutil.rmtree(project / made)
        began = time.monotonic()
        work(project, log)
        return time.monotonic() - began

    pairs = [(anew(ours, install.install), anew(theirs, run)) for _ in range(TRIES)]
    _row(f"{pair}: warm install / {peer}", pairs, "at most 0.2")


def _ladder(folder: Path) -> None:
    from kit.ladder import install

    project = _laid_out(folder / "project", PAIR)
    for source in (PROJECTS / "ts", PROJECTS / PAIR):
        shutil.copytree(source, project, dirs_exist_ok=True)
    install.install(project, folder / "install.log")
    pairs, again = [], []
    for number in range(TRIES):
        runs = folder / f"runs-{number}"
        words = [sys.executable, str(SCRIPTS / "run_stage.py"), "--project", str(project), "--platform", PAIR]
        ours = _call([*words, "--runs", str(runs)])
        again.append(_call([*words, "--runs", str(runs)]))
        pairs.append((ours, _by_hand(project, words, folder / f"hand-{number}")))
    _row(f"{PAIR}: ladder / stages by hand", pairs, "at most 0.7")
    print(f"{PAIR}: second run, unchanged tree{min(again):>9.2f}   (wanted: under 2 s)")


def _by_hand(project: Path, words: list[str], runs: Path) -> float:
    """The same stages one after the other, each as a person would call it; the cloud's by one call each."""
    tools = SCRIPTS.parent / ".venv" / "bin"
    cheap = [["npm", "run", "--silent", name] for name in ("build", "synth", "lint", "test:unit")]
    template = "cdk.out/TapStackdev.template.json"
    cheap += [[str(tools / "cfn-lint"), "--non-zero-exit-code", "error", template]]
    from kit.ladder import scanner

    scan = [str(scanner.ensure()), "--file", template, "--skip-download", "--framework", "cloudformation", "--quiet"]
    cheap += [[*scan, "--compact", "--soft-fail"]]
    shutil.rmtree(project / "cdk.out", ignore_errors=True)
    seconds = sum(_call(each, cwd=project) for each in cheap)
    # deploy wants a synth with the suffix of its run, which is not counted twice.
    _call([*words, "synth", "--runs", str(runs), "--keep"])
    for stage in ("deploy", "outputs", "integration", "destroy"):
        keep = [] if stage == "destroy" else ["--keep"]
        seconds += _call([*words, stage, "--runs", str(runs), *keep])
    return seconds


def _laid_out(folder: Path, pair: str) -> Path:
    shutil.copytree(SCRIPTS.parent / "templates" / pair, folder)
    return folder


def _call(words: list[str], cwd: Path | None = None) -> float:
    """Run a command that has to succeed; its seconds."""
    began = time.monotonic()
    environment = os.environ | {"AWS_REGION": "us-east-1", "CI": "true"}
    done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} exited with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return time.monotonic() - began


def _row(what: str, pairs: list[tuple[float, float]], wanted: str) -> None:
    ours, peer = min(one for one, _ in pairs), min(one for _, one in pairs)
    print(f"{what:<34}{ours:>8.2f}{peer:>8.2f}{ours / peer:>7.2f}   (wanted: {wanted})", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
