from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agents.conftest import Script, edit, report
from kit.agents import phases, playback, transcript
from kit.errors import Failure
from kit.run.rundir import Run

ANSWER = "### `lib/TapStack.yml`\n```yaml\nA: 1\n```\n"


@pytest.fixture
def recorded(run: Run, model: Any) -> Path:
    turns = [
        [report("STARTED"), ("bash", {"command": "echo once >> lib/count; echo hello"})],
        [("no_such_tool", {})],
        "I think I am done.",
        [edit("lib/PROMPT.md", "Write.\n"), report()],
    ]
    model(Script(generator=turns, response=[ANSWER]))
    phases.generate(run)
    return playback.find(run, "generator")


def test_a_run_is_walked_again_without_running_anything(run: Run, recorded: Path) -> None:
    before = recorded.read_bytes()
    spent = (run.repo / ".runs/spend.jsonl").read_bytes()
    (run.worktree / "lib/PROMPT.md").unlink()
    assert "4 turns walked again" in playback.replay(run, recorded)
    assert recorded.read_bytes() == before and (run.repo / ".runs/spend.jsonl").read_bytes() == spent
    assert not (run.worktree / "lib/PROMPT.md").exists()


@pytest.mark.parametrize("kind", ["result", "reply", "system"])
def test_the_first_difference_stops_the_walk_and_is_named(run: Run, recorded: Path, kind: str) -> None:
    lines = [json.loads(line) for line in recorded.read_text().splitlines()]
    if kind == "result":
        next(line for line in lines if line["type"] == "user")["content"][1]["content"] = "altered"
    elif kind == "reply":
        next(line for line in lines if line["type"] == "reply")["message"]["content"][0]["input"]["task"] = "other"
    else:
        lines[0]["system"] = lines[0]["system"].replace("engineer", "poet")
    recorded.write_text("".join(json.dumps(line) + "\n" for line in lines))
    with pytest.raises(Failure, match="differ"):
        playback.replay(run, recorded)


def test_show_reads_like_a_conversation(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    playback.show(recorded)
    said = capsys.readouterr().out
    assert "iac-infra-generator" in said and "── turn 1" in said and "$ echo once" in said and "ended: done" in said


def test_a_branch_goes_on_from_a_turn(run: Run, recorded: Path, model: Any) -> None:
    made = playback.branch(run, "generator", 2)
    script = Script(generator=["", "", [edit("lib/PROMPT.md", "Another.\n"), report()]], response=[ANSWER])
    model(script)
    run.journal.add("step_done", step="generate", round=1)
    phases.generate(run)
    assert len(script.bodies) == 2 and len(script.bodies[0]["messages"]) == 5
    assert (run.worktree / "lib/PROMPT.md").read_text() == "Another.\n"
    assert transcript.fold(transcript.read(made)).turns == 3


@pytest.mark.parametrize("turn", [0, 5, -1])
def test_a_branch_from_a_turn_that_is_not_there_is_refused(run: Run, recorded: Path, turn: int) -> None:
    with pytest.raises(Failure, match="4 turns"):
        playback.branch(run, "generator", turn)


def test_an_unknown_transcript_is_answered_with_those_there_are(run: Run, recorded: Path) -> None:
    with pytest.raises(Failure) as caught:
        playback.find(run, "9-nothing-1")
    assert "1-iac-infra-generator-1" in caught.value.hint


def test_show_puts_a_result_below_its_call_and_gives_a_terminal_nothing_to_obey(
    run: Run, model: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    turns = [
        "\x1b[2J",
        [("bash", {"command": "printf '\\033]0;evil\\007'"}), edit("lib/PROMPT.md", "Write.\n"), report()],
    ]
    model(Script(generator=turns, response=[ANSWER]))
    phases.generate(run)
    assert "\x1b" not in capsys.readouterr().err
    playback.show(playback.find(run, "generator"))
    said = capsys.readouterr().out
    assert "\x1b" not in said and "\x07" not in said and "\\x1b]0;evil\\x07" in said
    assert said.count("lib/PROMPT.md: written") == 1
    assert said.index("bash, ") < said.index("]0;evil\\x07") < said.index("lib/PROMPT.md: written")
