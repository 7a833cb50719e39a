"""The run's journal: one JSON object a line, flushed and synced, from which the state is folded."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from kit import files, say
from kit.errors import Failure
from kit.redact import clean


@dataclass
class State:
    """What the journal says: which steps are done, and where the run stands."""

    generation: int = 0
    round: int = 1
    done: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)
    started: str = ""
    ended: str = ""
    events: int = 0


class Journal:
    """Append-only. A line that a crash cut in half is told once, passed over and never trusted."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._state: State | None = None
        self._generation: int | None = None
        self._told: set[int] = set()

    @property
    def state(self) -> State:
        """The fold of all events so far."""
        if self._state is None:
            self._state = State()
            for event in self.read():
                self._fold(self._state, event)
        return self._state

    def read(self) -> list[dict[str, Any]]:
        """All whole events in order."""
        if not self.path.exists():
            return []
        events = []
        for number, line in enumerate(self.path.read_bytes().split(b"\n"), 1):
            if not line.strip():
                continue
            try:
                event = json.loads(line)
                event["event"]
            except (ValueError, KeyError, TypeError):
                if number not in self._told:
                    say.warn(f"{self.path}: line {number} is damaged and is passed over")
                self._told.add(number)
                continue
            events.append(event)
        return events

    def begin(self) -> int:
        """Open a new generation: from now on what an older one tries to append is refused."""
        self._state = None
        self._generation = self.state.generation + 1
        self._append({"event": "generation", "generation": self._generation, "pid": os.getpid()})
        return self._generation

    def add(self, event: str, **details: Any) -> None:
        """Append one event, with every secret taken out, and sync it to the disk.

        Raises `Failure` when a newer generation has taken the run over, `StopAll` when the disk is full.
        """
        self.assert_current()
        self._append({"event": event, **clean(details)})

    def assert_current(self) -> None:
        """Raise `Failure` when a newer generation than the one begun here has taken the run over."""
        self._state = None
        if self._generation is not None and self.state.generation != self._generation:
            raise Failure(
                f"{self.path}: another process has taken this run over "
                f"(generation {self.state.generation}, this one is {self._generation})",
                hint="make status",
            )

    def _append(self, event: dict[str, Any]) -> None:
        stamp = datetime.now().astimezone().isoformat(timespec="milliseconds")
        line = json.dumps({"at": stamp, "generation": self.state.generation, **event}, ensure_ascii=False)
        files.append(self.path, line, sync=True)
        self._fold(self.state, json.loads(line))

    @staticmethod
    def _fold(state: State, event: dict[str, Any]) -> None:
        state.events += 1
        state.generation = max(state.generation, int(event.get("generation", 0)))
        match event["event"]:
            case "step_started":
                state.started = event["step"]
            case "step_done":
                state.done[(event.get("round", 1), event["step"])] = event
                state.started = ""
            case "undone":
                for step in event["steps"]:
                    state.done.pop((event["round"], step), None)
            case "round":
                state.round = int(event["round"])
            case "ended":
                state.ended = event["outcome"]
            case "reopened":
                state.ended = ""
