"""Reading a transcript, walking it again without a key, and branching off from one of its turns."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from kit import say
from kit.agents import engines, failures, prompts, sandbox, status, transcript
from kit.agents import review as verdicts
from kit.agents.budget import Prices
from kit.agents.calls import Calls
from kit.agents.desk import refuse_all
from kit.agents.editor import Editor
from kit.agents.engines import rehearsal
from kit.agents.loop import Conversation
from kit.agents.shell import Shell
from kit.agents.tools import Tool, run_stage
from kit.agents.watch import Watch
from kit.errors import Failure
from kit.redact import clean
from kit.run.rundir import Run

AGENTS = {
    "generator": "iac-infra-generator",
    "qa-trainer": "iac-infra-qa-trainer",
    "reviewer": "iac-code-reviewer",
    "response": "response",
}
_SHOWN = 2_000  # characters of one block that --show prints


def find(run: Run, name: str) -> Path:
    """The transcript of that name, or the newest of that agent.

    Raises `Failure` listing those that there are.
    """
    if name in AGENTS:
        known = transcript.paths(run, AGENTS[name])
        if known:
            return known[-1]
    path = run.agents / f"{Path(name).name.removesuffix('.jsonl')}.jsonl"
    if path.is_file():
        return path
    names = ", ".join(sorted(path.stem for path in run.agents.glob("*.jsonl"))) or "none yet"
    raise Failure(f"no transcript {name!r} of task {run.task_id}", hint=f"there are: {names}")


def show(path: Path, *, as_json: bool = False) -> None:
    """Print a transcript to read in a terminal; as JSON: its records."""
    records = transcript.read(path)
    if as_json:
        print(json.dumps(records, ensure_ascii=False))
        return
    told: set[str] = set()
    for record in records:
        for line in _lines(record, told):
            print(say.plain(line))


def branch(run: Run, agent: str, turn: int) -> Path:
    """Begin a new transcript with the first `turn` turns of the agent's newest; its step then goes on from there.

    The files stay as they are. Raises `Failure` when there are not that many turns.
    """
    path = find(run, agent)
    records = transcript.read(path)
    turns = transcript.fold(records).turns
    if not 1 <= turn <= turns:
        raise Failure(f"{path.name}: has {turns} turns, so not {turn}", hint=f"--from-turn 1 to {turns}")
    made = transcript.fresh(run, AGENTS[agent], run.round)
    record = transcript.Transcript(made)
    count = 0
    for old in records:
        count += old["type"] == "reply"
        if count > turn or old["type"] == "end":
            break
        more = (
            {"branch": [path.name, turn]} if old["type"] == "start" else {"usd": 0.0} if old["type"] == "reply" else {}
        )
        record.add(old["type"], **({key: value for key, value in old.items() if key not in ("type", "at")} | more))
    record.close()
    say.done(f"{made.name}: begins with the first {turn} turns of {path.name}; the files are as they are now")
    return made


def replay(run: Run, path: Path) -> str:
    """Walk a transcript again through the real loop: recorded replies, recorded results, today's prompts and tools.

    Every request is compared with the recorded one by its digest, every result as it was sent. Raises `Failure` at
    the first difference, naming the turn; returns a sentence when there is none.
    """
    records = transcript.read(path)
    start = transcript.fold(records).start
    if start["agent"] == "response":
        raise Failure(f"{path.name}: is a single call; there is nothing to walk", hint="run_agent.py --show response")
    told = [record for record in records if record["type"] in ("reply", "user")]
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        talk = _Replay(run, start, told, Path(folder))
        while talk.more:
            if not talk.turn_by_turn(lambda: not talk.more) and talk.more:
                talk.say_next()
    return f"{path.name}: {talk.turns} turns walked again, no difference"


class _Replay(Conversation):
    """A conversation whose model and tools answer what is written down."""

    def __init__(self, run: Run, start: dict[str, Any], told: list[dict[str, Any]], folder: Path) -> None:
        self.run, self.agent = run, start["agent"]
        self.told, self.at = told, 0
        self.choice = engines.Choice(engines.REHEARSAL, start["model"])
        self.prices = Prices(0, 0, 0, 0)
        self.max_tokens = int(start["max_tokens"])
        self.watch = Watch(float("inf"))
        self.client = rehearsal.client(base_url=None, watch=self.watch, reply=self._answer)
        self.ledger = _NoLedger()  # type: ignore[assignment]
        self.record = _Compare(folder / "replay.jsonl", self)
        tools = _tools(run, self.agent, self.watch)
        now = start | {"system": prompts.system(self.agent), "tools": [tool.definition for tool in tools]}
        for part in ("system", "tools"):
            if now[part] != start[part]:
                raise Failure(f"the {part} of {self.agent} differ from the recorded: {_first(start[part], now[part])}")
        self._start(transcript.Past(now, [{"role": "user", "content": start["opening"]}]), tools)
        results = {
            block["tool_use_id"]: block
            for record in told
            if record["type"] == "user"
            for block in record["content"]
            if block["type"] == "tool_result"
        }
        self.calls = _Known(tools, self.record, results)

    @property
    def more(self) -> bool:
        """True while something recorded has not come up again."""
        return self.at < len(self.told)

    def say_next(self) -> None:
        """Say what the scripts said at this point."""
        following = self.told[self.at]
        if following["type"] != "user":
            raise Failure(f"turn {self.turns}: the agent stopped, and the recorded one went on")
        self._add_user(following["content"])

    def _check_budgets(self) -> None:
        """Nothing is spent."""

    def _answer(self, body: dict[str, Any]) -> dict[str, Any]:
        for record in self.told[self.at :]:
            if record["type"] == "reply":
                return dict(record["message"])
        raise Failure(f"turn {self.turns}: one request more than recorded")


class _Compare(transcript.Transcript):
    """Compares what would be written with what was."""

    def __init__(self, path: Path, talk: _Replay) -> None:
        super().__init__(path)
        self.talk = talk

    def add(self, type: str, *, sync: bool = False, **details: Any) -> dict[str, Any]:
        record = clean({"type": type, **details})
        if type in ("reply", "user"):
            if not self.talk.more:
                raise Failure(f"turn {self.talk.turns}: {type} is more than recorded")
            known = self.talk.told[self.talk.at]
            self.talk.at += 1
            for key in ("type", "message", "kept", "request", "content"):
                if record.get(key) != known.get(key):
                    where = _first(known.get(key), record.get(key))
                    raise Failure(f"turn {self.talk.turns}: {key} of {type} differs from the recorded: {where}")
        return dict(record)


class _Known(Calls):
    """Answers every call with its recorded result; runs nothing."""

    def __init__(self, tools: list[Tool], record: transcript.Transcript, results: dict[str, dict[str, Any]]) -> None:
        super().__init__(tools, record)
        self.results = results

    def perform(self, tool: Tool, call_id: str, given: Any) -> dict[str, Any]:
        if call_id not in self.results:
            raise Failure(f"call {call_id} of {tool.name} has no recorded result")
        return self.results[call_id]


class _NoLedger:
    def add(self, **details: Any) -> None:
        """A replay costs nothing."""


def _tools(run: Run, agent: str, watch: Watch) -> list[Tool]:
    shell = Shell(run.worktree, Path(os.devnull), watch, mode=sandbox.NONE)
    tools = [shell.tool(), Editor(run.worktree, refuse_all).tool(), status.tool(lambda report: "noted")]
    if agent == AGENTS["qa-trainer"]:
        tools += [run_stage(run), failures.tool(run)]
    if agent == AGENTS["reviewer"]:
        tools += [verdicts.tool(run)]
    return tools


def _first(recorded: Any, now: Any) -> str:
    """The first place at which two values differ, and what stands there."""
    old, new = (json.dumps(value, ensure_ascii=False, sort_keys=True) for value in (recorded, now))
    at = next(
        (n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )
    begin = max(0, at - 30)
    return f"at character {at}: {old[begin : at + 50]!r}, now {new[begin : at + 50]!r}"


def _lines(record: dict[str, Any], told: set[str]) -> list[str]:
    """What is printed of a record; `told` collects the ids of the calls whose results were."""
    match record["type"]:
        case "start":
            head = f"{record['agent']} · {record['model']} · round {record['round']} · {record['at']}"
            return [head, "=" * len(head), *_indented(record["opening"])]
        case "reply":
            tokens = record["tokens"]
            kinds = " ".join(f"{name} {count:,}" for name, count in tokens.items())
            lines = [
                "",
                f"── turn {record['turn']} · {kinds} · ${record['usd']:.4f}"
                + (" · not kept" if not record["kept"] else ""),
            ]
            for block in record["message"].get("content") or []:
                lines += _block(block)
            return lines
        case "user":
            blocks = [block for block in record["content"] if block.get("tool_use_id") not in told]
            return [line for block in blocks for line in _block(block)]
        case "tool" if record["state"] == "done":
            told.add(record["id"])
            return [f"   {record['name']}, {record['seconds']:.1f} s:", *_block(record["result"])]
        case "tool":
            return []
        case "end":
            return ["", f"── ended: {record['outcome']} · {record['turns']} turns · ${record['usd']:.4f}"]
        case _:
            return [f"   {record['type']}"]


def _block(block: dict[str, Any]) -> list[str]:
    if block["type"] == "text":
        return _indented(block["text"])
    if block["type"] == "tool_use":
        given = block["input"]
        if set(given) == {"command"}:
            return [f"   $ {given['command']}"]
        return [
            f"   ▸ {block['name']}",
            *_indented("\n".join(f"{name}: {value}" for name, value in given.items()), "     "),
        ]
    if block["type"] == "tool_result":
        text = block.get("content")
        text = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
        return _indented(text, "   ✗ " if block.get("is_error") else "   ◂ ")
    return [f"   ({block['type']})"]


def _indented(text: str, before: str = "   ") -> list[str]:
    cut = f"{text[:_SHOWN]}\n... {len(text) - _SHOWN:,} characters more" if len(text) > _SHOWN else text
    lines = cut.split("\n")
    return [before + lines[0], *(" " * len(before) + line for line in lines[1:])]
