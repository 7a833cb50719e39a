"""What model calls cost: four kinds of tokens, prices from the settings, one ledger for the repository."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kit import files, lock, say
from kit.errors import Failure, StopAll
from kit.run.rundir import Run
from kit.settings import Settings

LEDGER = "spend.jsonl"
LOOP_VARIABLE = "LOOP_STARTED"  # set by the loop over tasks: an ISO time; calls since then count for the loop's cap
_CHARS_PER_TOKEN = 3.0  # few enough that an estimate is rather too high
_USAGE = re.compile(rb'"(input_tokens|output_tokens|cache_creation_input_tokens|cache_read_input_tokens)"\s*:\s*(\d+)')


@dataclass(frozen=True)
class Tokens:
    """Tokens of one or more calls, by kind."""

    input: int = 0
    cache_write: int = 0
    cache_read: int = 0
    output: int = 0

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(
            self.input + other.input,
            self.cache_write + other.cache_write,
            self.cache_read + other.cache_read,
            self.output + other.output,
        )

    @property
    def prompt(self) -> int:
        """All tokens that went in."""
        return self.input + self.cache_write + self.cache_read

    @classmethod
    def of(cls, usage: dict[str, Any]) -> Tokens:
        """From a message's `usage`; a missing or odd number counts as 0."""
        kinds = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens")
        return cls(*(max(0, int(value)) if isinstance(value := usage.get(kind), int) else 0 for kind in kinds))

    @classmethod
    def billed(cls, usage: dict[str, Any]) -> Tokens:
        """What is paid for: `of` and what summing up earlier turns took, which the API counts apart."""
        parts = usage.get("iterations") or []
        summaries = [part for part in parts if isinstance(part, dict) and part.get("type") == "compaction"]
        return sum(map(cls.of, summaries), cls.of(usage))

    @classmethod
    def found_in(cls, body: bytes) -> Tokens:
        """From a body that could not be read as a message: the numbers that stand in it."""
        return cls.of({name.decode(): int(number) for name, number in _USAGE.findall(body)})


@dataclass(frozen=True)
class Prices:
    """USD per million tokens, by kind."""

    input: float
    cache_write: float
    cache_read: float
    output: float

    @classmethod
    def of(cls, settings: Settings, model: str) -> Prices:
        """The prices of `model`. Raises `StopAll` when the settings have none: a cap could not be kept."""
        values = settings.table("prices").get(model)
        if not isinstance(values, list) or len(values) != 4 or not all(_is_price(value) for value in values):
            raise StopAll(
                f"no usable prices for {model!r} in the settings: {values!r}",
                hint=f'add to .claude/task-coordinator.toml: [prices] "{model}" = [input, cache write, cache read, output]',
            )
        return cls(*map(float, values))

    def usd(self, tokens: Tokens) -> float:
        """What `tokens` cost."""
        return (
            tokens.input * self.input
            + tokens.cache_write * self.cache_write
            + tokens.cache_read * self.cache_read
            + tokens.output * self.output
        ) / 1e6

    def worst(self, prompt_tokens: float, max_tokens: int) -> float:
        """The most one call can cost: nothing cached, and an answer of full length."""
        return (prompt_tokens * max(self.input, self.cache_write) + max_tokens * self.output) / 1e6


def estimate(*values: Any) -> float:
    """Tokens that `values` may take in a prompt, rather too many than too few."""
    return (
        sum(len(value if isinstance(value, str) else json.dumps(value, default=str)) for value in values)
        / _CHARS_PER_TOKEN
    )


class Ledger:
    """`.runs/spend.jsonl` of a repository: one line per model call. Reads only what was added since the last look."""

    def __init__(self, repo: Path, task_id: str) -> None:
        self.path = repo / ".runs" / LEDGER
        self.task_id = task_id
        self.since = os.environ.get(LOOP_VARIABLE, "")
        self.task_usd = 0.0
        self.loop_usd = 0.0
        self._offset = 0

    def add(self, *, agent: str, round: int, model: str, tokens: Tokens, usd: float, parsed: bool = True) -> None:
        """Append one call. `parsed` is false for an answer that was paid for and could not be read."""
        line = {
            "at": datetime.now().astimezone().isoformat(timespec="milliseconds"),
            "task": self.task_id,
            "agent": agent,
            "round": round,
            "model": model,
            **asdict(tokens),
            "usd": round_usd(usd),
            "parsed": parsed,
        }
        # Runs side by side share it.
        with lock.hold(self.path.with_suffix(".lock"), what="the ledger"):
            files.append(self.path, json.dumps(line))

    def refresh(self) -> None:
        """Take in what this and other processes have added."""
        for entry in read_ledger(self.path, self._offset):
            if entry["task"] == self.task_id:
                self.task_usd += entry["usd"]
            if self.since and entry["at"] >= self.since:
                self.loop_usd += entry["usd"]
        self._offset = self.path.stat().st_size if self.path.exists() else 0

    def check(self, settings: Settings, worst: float) -> None:
        """Raise when the coming call could exceed a cap: `StopAll` for the loop's, and for one below a single call."""
        self.refresh()
        cap = settings["limits.max_usd_task"]
        if worst > cap:
            raise StopAll(
                f"limits.max_usd_task = ${cap:.2f} is below the worst case of one call, ${worst:.2f}",
                hint=f"raise it: MAX_USD_TASK={worst * 10:.0f}, or lower MAX_TOKENS",
            )
        if self.task_usd + worst > cap:
            raise Failure(
                f"the next call could exceed limits.max_usd_task: ${self.task_usd:.2f} spent, up to ${worst:.2f} to come, "
                f"cap ${cap:.2f}; the work so far is saved",
                hint="make cost, then make resume with a higher MAX_USD_TASK=",
            )
        loop_cap = settings["limits.max_usd_loop"]
        if self.since and self.loop_usd + worst > loop_cap:
            raise StopAll(
                f"the next call could exceed limits.max_usd_loop: ${self.loop_usd:.2f} spent, up to ${worst:.2f} to come, "
                f"cap ${loop_cap:.2f}",
                hint="make cost, then make tasks with a higher MAX_USD_LOOP=",
            )


def spent_usd(run: Run) -> float:
    """What all model calls of the run's task have cost so far, in USD."""
    return float(sum(one["usd"] for one in read_ledger(run.repo / ".runs" / LEDGER) if one["task"] == run.task_id))


def read_ledger(path: Path, offset: int = 0) -> list[dict[str, Any]]:
    """The whole entries of a ledger from byte `offset` on; a damaged line is told and passed over."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        file.seek(offset)
        lines = file.read().split(b"\n")
    found = []
    for line in filter(None, lines):
        try:
            entry = json.loads(line)
            found.append(entry | {"task": str(entry["task"]), "at": str(entry["at"]), "usd": float(entry["usd"])})
        except (ValueError, KeyError, TypeError):
            say.warn(f"{path}: a damaged line is passed over: {line[:60]!r}")
    return found


def round_usd(usd: float) -> float:
    """USD to a millionth of a cent."""
    return round(usd, 8)


def _is_price(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
