"""The record of one agent's phase: JSON lines, only ever appended, redacted, from which the work can be taken up.

Records by `type`: start (agent, model, system, tools, opening), reply (turn, message, tokens, usd, request digest),
tool (id, name, state started|done, content, is_error), user (content: what the scripts said), end (outcome).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit import files, say
from kit.errors import Failure
from kit.redact import clean
from kit.run.receipts import now
from kit.run.rundir import Run

_NAME = re.compile(r"(?P<round>\d+)-(?P<agent>[a-z-]+)-(?P<number>\d+)\.jsonl")


class Transcript:
    """Appends to one file. A record is in the kernel's hands at once, so that a crash of this process loses nothing;
    one added with `sync` is also sent to the disk, by a thread beside the work, and `close` waits for the disk.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = files.opened(path)
        self._due = threading.Event()
        self._syncer: threading.Thread | None = None

    def add(self, type: str, *, sync: bool = False, **details: Any) -> dict[str, Any]:
        """Append one record and return it as it was written: with every secret taken out."""
        record: dict[str, Any] = clean({"type": type, "at": now(), **details})
        files.append_to(self._handle, json.dumps(record, ensure_ascii=False), self.path)
        if sync:
            self._sync_beside()
        return record

    def close(self) -> None:
        """Sync and close the file; again, do nothing."""
        handle, self._handle = self._handle, -1
        if handle < 0:
            return
        self._due.set()
        if self._syncer is not None:
            self._syncer.join()
        try:
            os.fsync(handle)
        except OSError as error:
            raise files.unwritable(self.path, error) from error
        finally:
            os.close(handle)

    def _sync_beside(self) -> None:
        # The disk takes longer than all the rest of a turn, and the model can be asked meanwhile.
        if self._syncer is None:
            self._syncer = threading.Thread(target=self._sync_when_due, daemon=True)
            self._syncer.start()
        self._due.set()

    def _sync_when_due(self) -> None:
        while self._due.wait():
            self._due.clear()
            handle = self._handle
            if handle < 0:
                return
            # The next sync, or the one of close, meets the same error and can say it.
            with contextlib.suppress(OSError):
                os.fdatasync(handle)


@dataclass
class Past:
    """What a transcript holds: the conversation up to its last whole turn, and tool results not yet sent."""

    start: dict[str, Any]
    messages: list[dict[str, Any]] = field(default_factory=list)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    interrupted: set[str] = field(default_factory=set)
    turns: int = 0
    usd: float = 0.0
    end: dict[str, Any] | None = None
    used_tokens: int = 0


def read(path: Path) -> list[dict[str, Any]]:
    """All whole records. Raises `Failure` when the file is missing; a line cut by a crash is told and passed over."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}", hint="make status") from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            record["type"]
        except (ValueError, KeyError, TypeError):
            say.warn(f"{path.name}: line {number} is damaged and is passed over")
            continue
        found.append(record)
    return found


def fold(records: list[dict[str, Any]], upto: int | None = None) -> Past:
    """The conversation that `records` tell of; `upto` keeps only that many turns.

    Raises `Failure` when they do not begin with a start.
    """
    if not records or records[0]["type"] != "start":
        raise Failure("the transcript does not begin with its start record", hint="make generate, qa or review anew")
    past = Past(records[0], [{"role": "user", "content": records[0]["opening"]}])
    for record in records[1:]:
        match record["type"]:
            case "reply":
                past.usd += record["usd"]
                if upto is not None and past.turns >= upto:
                    break
                past.turns += 1
                past.used_tokens = sum(record["tokens"].values())
                if record["kept"]:
                    past.messages.append({"role": "assistant", "content": record["message"]["content"]})
            case "tool":
                if record["state"] == "started":
                    past.interrupted.add(record["id"])
                else:
                    past.interrupted.discard(record["id"])
                    past.results[record["id"]] = record["result"]
            case "user":
                _say(past.messages, record["content"])
                past.results.clear()
            case "end":
                past.end = record
    return past


def _say(messages: list[dict[str, Any]], content: list[dict[str, Any]]) -> None:
    if messages[-1]["role"] == "user":
        before = messages[-1]["content"]
        before = [{"type": "text", "text": before}] if isinstance(before, str) else before
        messages[-1] = {"role": "user", "content": [*before, *content]}
    else:
        messages.append({"role": "user", "content": content})


def add_user(messages: list[dict[str, Any]], content: list[dict[str, Any]]) -> None:
    """Say `content` as the user; joined to the last message when that is the user's, since turns alternate."""
    _say(messages, content)


def latest(run: Run, agent: str, round: int) -> Path | None:
    """The newest transcript of `agent` in `round`, or None."""
    known = paths(run, agent, round)
    return known[-1] if known else None


def paths(run: Run, agent: str, round: int | None = None) -> list[Path]:
    """The transcripts of `agent`, oldest first."""
    found = []
    for path in run.agents.glob("*.jsonl"):
        name = _NAME.fullmatch(path.name)
        if name and name["agent"] == agent and round in (None, int(name["round"])):
            found.append((int(name["round"]), int(name["number"]), path))
    return [path for _, _, path in sorted(found)]


def fresh(run: Run, agent: str, round: int) -> Path:
    """The path of the next transcript of `agent` in `round`."""
    last = latest(run, agent, round)
    number = int(last.stem.rpartition("-")[2]) + 1 if last else 1
    return run.agents / f"{round}-{agent}-{number}.jsonl"


def begin(run: Run, start: dict[str, Any]) -> tuple[Transcript, Past]:
    """The transcript to write to: the newest of the agent and round when it was cut and began alike, else a new one.

    One that was branched off by hand is taken up whatever its beginning.
    """
    path = latest(run, start["agent"], start["round"])
    if path is not None:
        past = fold(read(path))
        alike = all(past.start.get(key) == clean(value) for key, value in start.items() if key != "opening")
        if past.end is None and (alike or "branch" in past.start):
            return Transcript(path), past
    record = Transcript(fresh(run, start["agent"], start["round"]))
    return record, Past(record.add("start", **start), [{"role": "user", "content": clean(start["opening"])}])


class Chain:
    """A digest over all that was sent so far, so that a replay finds the first request that differs."""

    def __init__(self, *parts: Any) -> None:
        self._hash = hashlib.sha256(b"")
        for part in parts:
            self.add(part)

    def add(self, part: Any) -> None:
        """Take one more message in."""
        self._hash.update(json.dumps(part, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace") + b"\0")

    @property
    def digest(self) -> str:
        """The digest of all parts so far."""
        return self._hash.copy().hexdigest()
