"""How long the queue takes, each number beside its yardstick from the same run.

Suggested usage:
    nox -s bench -- tasklist
    python scripts/bench/tasklist.py --megabytes 400
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SCRIPTS))

from kit import command  # noqa: E402
from kit.run.git import environment  # noqa: E402
from kit.settings import Settings  # noqa: E402
from kit.tasks.queue import Queue  # noqa: E402

SHELL_CLAIM = 5.1
"""Seconds for one claim at 2,000 rows by a like tool written for the shell."""

CLAIMER = """\
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from kit.settings import Settings
from kit.tasks.queue import Queue
repo = Path(sys.argv[2])
queue = Queue(repo, Settings.load(repo, environ={}))
for _ in range(int(sys.argv[3])):
    queue.claim()
"""


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(
        prog="nox -s bench -- tasklist", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=400, help="size of the large file (default: 400)")
    parser.add_argument("--repeat", type=int, default=3, help="times each is measured; the best counts (default: 3)")
    args = parser.parse_args(sys.argv[1:])
    print(f"{'what':46} {'seconds':>9} {'yardstick':>34} {'ratio':>8}  wanted")
    with tempfile.TemporaryDirectory(prefix="bench-queue-") as folder:
        for measure in (_twenty, _large, _claims):
            for line in measure(Path(folder), args):
                print(line, flush=True)
    return 0


def _twenty(folder: Path, args: Namespace) -> Iterator[str]:
    """The whole process on 20 MB and 10,000 rows, the last row being the first that is eligible."""
    repo = _repo(folder / "twenty", rows=10_000, size=20_000_000)
    taken = _best(args.repeat, lambda: _script(repo), lambda: _write(repo, 10_000, 20_000_000))
    yield _line("select_task.py, 20 MB, 10,000 rows", taken, "0.300 s, its limit", 0.3, "< 1")


def _large(folder: Path, args: Namespace) -> Iterator[str]:
    """The whole process and one status change on the large file, beside reading and copying it."""
    size, rows = args.megabytes * 1_000_000, args.megabytes * 500
    repo = _repo(folder / "large", rows=rows, size=size)
    path, copy = repo / "tasks.csv", repo / "copy.csv"
    name = f"{args.megabytes} MB, {rows:,} rows"
    reading = _best(args.repeat, path.read_bytes)
    copying = _best(args.repeat, lambda: shutil.copyfile(path, copy), lambda: copy.unlink(missing_ok=True))
    synced = _best(args.repeat, lambda: _copy_synced(path, copy), lambda: copy.unlink(missing_ok=True))
    copy.unlink(missing_ok=True)
    choosing = _best(args.repeat, lambda: _script(repo, "--dry-run"))
    yield _line(f"select_task.py --dry-run, {name}", choosing, f"{reading:.3f} s, reading it once", reading, "<= 4")
    claiming = _best(args.repeat, lambda: _script(repo), lambda: _write(repo, rows, size))
    yield _line(f"select_task.py, {name}", claiming, f"{reading:.3f} s, reading it once", reading, "<= 4")
    _set_status(repo, rows)
    changing = _best(args.repeat, lambda: _set_status(repo, rows))
    yield _line(f"status of the last row, {name}", changing, f"{copying:.3f} s, copying it", copying, "<= 4")
    yield _line("", changing, f"{synced:.3f} s, copying and syncing", synced, "")
    changing = _best(args.repeat, lambda: _set_status(repo, rows), lambda: (repo / ".runs" / "queue.json").unlink())
    yield _line("the same, its place not remembered", changing, f"{copying:.3f} s, copying it", copying, "<= 4")
    path.unlink()


def _claims(folder: Path, args: Namespace) -> Iterator[str]:
    """Claims at 2,000 rows, by one and by eight processes."""
    repo = _repo(folder / "claims", rows=2_000, size=4_000_000, eligible=2_000)
    one = _best(args.repeat, lambda: _script(repo))
    yield _line("one claim as a process, 2,000 rows", one, f"{SHELL_CLAIM} s, a shell tool", SHELL_CLAIM, "<= 0.05")
    workers, each = 8, 25
    running = [_claimer(repo, each) for _ in range(workers)]
    began = time.perf_counter()
    failed = sum(worker.wait() != 0 for worker in running)
    seconds = time.perf_counter() - began
    rate = workers * each / seconds
    yield _line(
        f"{workers * each} claims by 8 workers, started too ({failed} failed)",
        seconds,
        f"{rate:.0f} claims/s, 25 wanted",
        0,
        "",
    )


def _repo(repo: Path, *, rows: int, size: int, eligible: int = 1) -> Path:
    repo.mkdir()
    command.run(["git", "init", "--quiet", "--initial-branch=main"], cwd=repo, env=environment())
    _write(repo, rows, size, eligible)
    return repo


def _write(repo: Path, rows: int, size: int, eligible: int = 1) -> None:
    line = "Create a CloudFormation template, in YAML, that sets up a bucket and a table and grants access by role.\n"
    prose = 'Name it ""tap"".\n' + line * max(1, size // rows // 3 // len(line))
    head = (
        "task_id,status,platform,language,difficulty,subtask,subject_labels,problem,background,environment,"
        "constraints,trainr_notes\n"
    )
    with (repo / "tasks.csv").open("w", encoding="utf-8", newline="") as out:
        out.write(head)
        for number in range(rows):
            status = "" if number >= rows - eligible else "done"
            out.write(
                f't{number},{status},CloudFormation,yaml,{"hard" if number % 2 else "medium"},CI/CD Pipeline,"[""a""]",'
                f'"{prose}","{prose}","{prose}",Tag all,\n'
            )
    shutil.rmtree(repo / ".runs", ignore_errors=True)


def _script(repo: Path, *words: str) -> None:
    command.run([sys.executable, SCRIPTS / "select_task.py", "--repo", repo, *words], cwd=repo)


def _set_status(repo: Path, number: int) -> None:
    Queue(repo, Settings.load(repo)).set_status(f"t{number - 1}", "error", "a note of some length")


def _copy_synced(path: Path, copy: Path) -> None:
    shutil.copyfile(path, copy)
    with copy.open("rb+") as file:
        os.fsync(file.fileno())


def _claimer(repo: Path, each: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", CLAIMER, str(SCRIPTS), str(repo), str(each)]
    return subprocess.Popen(words, stderr=subprocess.DEVNULL, text=True)


def _best(times: int, work: Callable[[], object], prepare: Callable[[], object] | None = None) -> float:
    taken = []
    for _ in range(times):
        if prepare:
            prepare()
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def _line(what: str, seconds: float, yardstick: str, unit: float, wanted: str) -> str:
    ratio = f"{seconds / unit:8.3f}" if unit else " " * 8
    return f"{what:46} {seconds:9.3f} {yardstick:>34} {ratio}  {wanted}"


if __name__ == "__main__":
    raise SystemExit(main())
