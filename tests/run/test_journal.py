"""The journal: whole lines only, one generation at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kit.errors import Failure
from kit.run.journal import Journal
from kit.run.rundir import Run, safe_id
from kit.run.steps import perform
from kit.settings import TOOLKIT


def test_state_is_folded_from_the_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.begin()
    journal.add("step_started", step="worktree", round=0)
    journal.add("step_done", step="worktree", round=0, path="x")
    journal.add("round", round=2)
    journal.add("step_started", step="qa", round=2)
    state = Journal(journal.path).state
    assert (state.generation, state.round, state.started) == (1, 2, "qa")
    assert state.done[(0, "worktree")]["path"] == "x"


@pytest.mark.parametrize("half", ['{"event": "step_do', "\x00\x00\x00", '"a string"', '{"no": "event"}'])
def test_a_damaged_line_is_told_and_passed_over(tmp_path: Path, half: str, capsys: pytest.CaptureFixture[str]) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.begin()
    with journal.path.open("a") as out:
        out.write(half)
    again = Journal(journal.path)
    again.begin()
    again.add("step_done", step="qa", round=1)
    assert Journal(journal.path).state.done.keys() == {(1, "qa")}
    assert "line 2 is damaged and is passed over" in capsys.readouterr().err


def test_an_older_generation_is_refused(tmp_path: Path) -> None:
    older, newer = Journal(tmp_path / "journal.jsonl"), Journal(tmp_path / "journal.jsonl")
    older.begin()
    newer.begin()
    with pytest.raises(Failure, match=r"taken this run over \(generation 2, this one is 1\)"):
        older.add("step_done", step="qa", round=1)
    assert Journal(older.path).state.done == {}


def test_a_step_is_done_once_and_its_failure_is_kept(run: Run) -> None:
    calls = []

    def work(run: Run) -> dict[str, object]:
        calls.append(1)
        if len(calls) == 1:
            raise Failure("no luck")
        return {"answer": 42}

    with pytest.raises(Failure):
        perform(run, "qa", work, still_valid=lambda _: True)
    assert run.journal.read()[-1]["reason"] == "Failure: no luck"
    assert perform(run, "qa", work, still_valid=lambda _: True)["answer"] == 42
    assert perform(run, "qa", work, still_valid=lambda _: True)["answer"] == 42
    assert len(calls) == 2
    perform(run, "qa", work, still_valid=lambda _: False)
    assert len(calls) == 3


def test_every_line_is_on_disk_when_the_writer_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    code = (
        f"import sys; sys.path.insert(0, {str(TOOLKIT / 'scripts')!r})\n"
        "import os, signal; from pathlib import Path; from kit.run.journal import Journal\n"
        f"journal = Journal(Path({str(path)!r})); journal.begin()\n"
        "for n in range(50): journal.add('tick', n=n)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == -9
    assert [event["n"] for event in Journal(path).read() if event["event"] == "tick"] == list(range(50))


@pytest.mark.parametrize(
    "bad", ["../x", "a b", "a;b", "-rf", "", "a..b", "x.lock", "a/b", ".hidden", "a\n", "ä", "a" * 65, "a."]
)
def test_ids_that_cannot_name_a_branch_are_refused(bad: str) -> None:
    with pytest.raises(Failure, match="cannot name a branch"):
        safe_id(bad)


@pytest.mark.parametrize("good", ["277", "T-1", "a.b_c", "x" * 64])
def test_good_ids_stay_as_they_are(good: str) -> None:
    assert safe_id(good) == good
