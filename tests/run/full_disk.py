"""What is written on a disk that is full: run on a tmpfs of its own by tests/run/test_full_disk.py.

Called as `full_disk.py FOLDER CASE`; fails by an AssertionError.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from kit import files
from kit.agents import failures, transcript
from kit.agents.budget import Ledger, Tokens, read_ledger
from kit.errors import Failure, StopAll
from kit.run import receipts
from kit.run.journal import Journal
from kit.run.rundir import Run
from kit.settings import Settings
from kit.tasks.queue import Queue

HEADER = "task_id,status,difficulty,problem,trainr_notes\n"


def fill(folder: Path, leave: int = 0) -> None:
    """Take all space but `leave` bytes (rounded down to pages)."""
    filler = os.open(folder / "filler", os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(filler, b"x" * 4096)
    except OSError:
        pass
    os.ftruncate(filler, max(0, os.fstat(filler).st_size - leave))
    os.close(filler)


def refused(work: Any) -> str:
    """The one line by which `work` ends everything."""
    try:
        work()
    except StopAll as stop:
        assert stop.spare_attempt and "free space" in stop.hint, stop
        assert "No space left on device" in str(stop) and "\n" not in str(stop), stop
        return str(stop)
    raise AssertionError("nothing was refused")


def run_in(folder: Path) -> Run:
    run = Run(folder, "7", Settings.load(folder, environ={}))
    for place in (run.receipts, run.logs, run.agents):
        place.mkdir(parents=True)
    return run


def tasks(folder: Path) -> None:
    path = folder / "tasks.csv"
    path.write_text(HEADER + "".join(f'{n},,hard,"{"long text, " * 40}",\n' for n in range(100)))
    before = path.read_bytes()
    queue = Queue(folder, Settings.load(folder, environ={}))
    (folder / ".runs").mkdir()
    for leave in (0, 20_000):
        fill(folder, leave)
        assert "tasks.csv" in refused(queue.claim) or leave == 0
        assert path.read_bytes() == before
        assert not list(folder.glob(".tasks.csv.*"))
    (folder / "filler").unlink()
    assert queue.claim().task_id == "0"


def journal(folder: Path) -> None:
    book = Journal(folder / "journal.jsonl")
    book.begin()
    fill(folder, 4096)
    number = 0

    def add_many() -> None:
        nonlocal number
        for number in range(1000):
            book.add("step_done", step=f"s{number}", round=1, text="y" * 700)

    refused(add_many)
    assert number > 2
    # What was said to be written is there, what was refused is not, and no half of it.
    known = {(1, f"s{n}") for n in range(number)}
    assert Journal(book.path).state.done.keys() == known
    assert book.path.read_bytes().endswith(b"}\n")
    (folder / "filler").unlink()
    again = Journal(book.path)
    again.begin()
    again.add("step_done", step="after", round=1)
    assert Journal(book.path).state.done.keys() == {*known, (1, "after")}


def receipt(folder: Path) -> None:
    run = run_in(folder)
    run.journal.begin()

    def write(figure: str) -> Path:
        one = receipts.Receipt(stage="unit", attempt=1, verdict=receipts.PASSED, tree="t", figures={"x": figure})
        return receipts.write(run, one)

    write("small")
    fill(folder, 4096)
    refused(lambda: write("large" * 5000))
    assert [one.figures["x"] for _, one in receipts.read_all(run)] == ["small"]
    assert not list(run.receipts.glob(".*"))


def records(folder: Path) -> None:
    run = run_in(folder)
    record = transcript.Transcript(run.agents / "1-iac-infra-generator-1.jsonl")
    record.add("start", opening="Begin.")
    entry = dict.fromkeys(failures.FIELDS, "x")
    ledger = Ledger(folder, "7")
    ledger.add(agent="a", round=1, model="m", tokens=Tokens(), usd=1.0)
    fill(folder, 8192)
    many = range(1000)
    refused(lambda: [record.add("user", content=[{"type": "text", "text": "z" * 500}]) for _ in many])
    refused(lambda: [failures.add(run, entry | {"wrong": "w" * 500}) for _ in many])
    refused(lambda: [ledger.add(agent="a", round=1, model="m", tokens=Tokens(), usd=1.0) for _ in many])
    record.close()
    for path in (record.path, ledger.path):
        assert path.read_bytes().endswith(b"}\n")
        assert all(json.loads(line) for line in path.read_text().splitlines())
    assert read_ledger(ledger.path)


def replaced(folder: Path) -> None:
    path = folder / "state.json"
    files.write_json(path, {"old": True})
    fill(folder)
    refused(lambda: files.write_json(path, {"new": "n" * 5000}))
    assert files.read_json(path) == {"old": True} and not list(folder.glob(".state*"))
    try:
        files.replace(folder / "no" / "such" / "place", b"x")
    except Failure:
        return
    raise AssertionError("a folder was made on a full disk")


if __name__ == "__main__":
    place, case = sys.argv[1:]
    {"tasks": tasks, "journal": journal, "receipt": receipt, "records": records, "replaced": replaced}[case](
        Path(place)
    )
    print("held")
