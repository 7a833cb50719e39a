"""What like tools do wrong: lost claims, stale locks, lost rows, notes and bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from lists import Write, row, table

from kit.settings import TOOLKIT
from kit.tasks.queue import Queue, drop_row

WORKERS, ROWS = 8, 40

CLAIMER = """\
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from kit.settings import Settings
from kit.tasks.queue import NothingToDo, Queue
repo = Path(sys.argv[2])
queue = Queue(repo, Settings.load(repo, environ={}))
while True:
    try:
        print(queue.claim().task_id, flush=True)
    except NothingToDo:
        break
"""
HOLDER = """\
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from kit.settings import Settings
from kit.tasks.queue import Queue
repo = Path(sys.argv[2])
with Queue(repo, Settings.load(repo, environ={})).locked():
    print("held", flush=True)
    time.sleep(600)
"""


def start(code: str, repo: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", code, str(TOOLKIT / "scripts"), str(repo)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_eight_processes_claim_different_rows_and_change_no_other_byte(write: Write, repo: Path) -> None:
    rows = [row(f"t{number}", problem=f'Make "{number}",\r\nplease') for number in range(ROWS)]
    write(rows)
    workers = [start(CLAIMER, repo) for _ in range(WORKERS)]
    ended = [worker.communicate(timeout=120) for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * WORKERS, ended
    claimed = [line for out, _ in ended for line in out.split()]
    assert sorted(claimed) == sorted(f"t{number}" for number in range(ROWS))
    after = [row(f"t{number}", "in_progress", problem=f'Make "{number}",\r\nplease') for number in range(ROWS)]
    assert (repo / "tasks.csv").read_bytes() == table(after)
    assert not list(repo.glob(".tasks.csv.*"))


def test_a_lock_whose_holder_was_killed_is_free_at_once(write: Write, repo: Path) -> None:
    queue = write([row("a")])
    holder = start(HOLDER, repo)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    began = time.monotonic()
    assert queue.claim().task_id == "a"
    assert time.monotonic() - began < 30, "the lock waits up to 60 s for a living holder"
    holder.stdout.close()


def test_a_killed_writer_leaves_the_old_list_and_the_next_claim_works(write: Write, repo: Path) -> None:
    queue = write([row("a"), row("b")])
    before = (repo / "tasks.csv").read_bytes()
    code = CLAIMER.replace("while True:", "import os; os.fsync = lambda _: os.kill(os.getpid(), 9)\nwhile True:")
    victim = start(code, repo)
    victim.communicate(timeout=60)
    assert victim.returncode == -signal.SIGKILL
    assert (repo / "tasks.csv").read_bytes() == before
    assert queue.claim().task_id == "a"


def test_no_space_on_the_disk_leaves_the_old_list(write: Write, repo: Path) -> None:
    write([row(f"t{number}") for number in range(40)])
    before = (repo / "tasks.csv").read_bytes()
    assert len(before) > 2000
    limited = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    code = CLAIMER.replace(
        "while True:", limited + "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\nwhile True:"
    )
    victim = start(code, repo)
    _, errors = victim.communicate(timeout=60)
    assert victim.returncode == 1
    assert "tasks.csv: cannot be written: File too large" in errors
    assert (repo / "tasks.csv").read_bytes() == before
    assert not list(repo.glob(".tasks.csv.*"))


def test_a_quoted_cell_that_looks_like_rows_is_not_claimed(write: Write) -> None:
    queue = write([row("a", "done", constraints="\nfake,pending,cdk,ts,hard,,,x,,,,\n"), row("b")])
    assert queue.claim().task_id == "b"
    assert [found.task_id for found in queue.rows()] == ["a", "b"]


def test_the_last_row_without_a_line_end_is_claimed_noted_and_dropped(write: Write, repo: Path) -> None:
    data = table([row("a", "done"), row("b")])[:-1]
    queue = write(data)
    queue.claim()
    queue.set_status("b", "error", "no luck")
    assert (repo / "tasks.csv").read_bytes() == table([row("a", "done"), row("b", "error", trainr_notes="no luck")])[
        :-1
    ]
    drop_row(repo / "tasks.csv", "b")
    assert (repo / "tasks.csv").read_bytes() == table([row("a", "done")])


def test_notes_of_other_rows_and_earlier_ones_are_not_lost(write: Write, repo: Path) -> None:
    queue = write([row("a", "error", trainr_notes='first, "why"'), row("b", trainr_notes="keep me")])
    queue.claim("a")
    assert queue.rows()[0].of("trainr_notes") == 'first, "why"'
    queue.set_status("a", "done", "second")
    assert [found.of("trainr_notes") for found in queue.rows()] == ["second", "keep me"]


def test_no_value_is_interpreted(write: Write, repo: Path) -> None:
    header = b"\xef\xbb\xbftask_id,status,difficulty,problem,n,trainr_notes\r\n"
    data = header + b'007,,hard,Make it,1e5,\r\n"8",NA,"hard","x",0x10,"NA"\r\n9,,hard,y, 1.0 ,null\r\n'
    queue = write(data)
    assert queue.claim().task_id == "007"
    assert (repo / "tasks.csv").read_bytes() == data.replace(b"007,,", b"007,in_progress,")


def test_two_queues_do_not_claim_one_row(write: Write, repo: Path) -> None:
    first = write([row("a"), row("b")])
    second = Queue(repo, first.settings)
    assert {first.claim().task_id, second.claim().task_id} == {"a", "b"}
