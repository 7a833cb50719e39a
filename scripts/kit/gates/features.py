"""Which two newer AWS features or services the next round is to add."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from kit.errors import Failure
from kit.gates.rule import FEATURES_WANTED


def choose(proposed: Any, asked: str, used: str) -> list[str]:
    """Two features that neither the prompts `asked` for nor the code `used`.

    Those of the reviewer (`proposed`) come first, then the newest of the list that fit the task. Raises
    `Failure` when there are not two.
    """
    known = f"{asked}\n{used}"
    wanted = (
        [" ".join(name.split()) for name in proposed if isinstance(name, str)] if isinstance(proposed, list) else []
    )
    chosen: list[str] = []
    for name in [*filter(None, wanted), *_fitting(asked)]:
        new_here = not is_known(name, known) and not any(is_known(name, other) for other in chosen)
        if new_here and len(chosen) < FEATURES_WANTED:
            chosen.append(name)
    if len(chosen) < FEATURES_WANTED:
        raise Failure(
            f"another round wants {FEATURES_WANTED} newer features; only {len(chosen)} are new to this task",
            hint="add newer ones to scripts/kit/gates/features.toml",
        )
    return chosen


def is_known(name: str, text: str) -> bool:
    """True when `text` speaks of the feature already, under its name or one of the patterns of the list."""
    patterns = [row["known"] for row in _list() if row["name"] == name or _matches(row["known"], name)]
    if any(_matches(known, text) for known in patterns):
        return True
    core = _plain(re.split(r"\(| - |: ", name)[0])
    return bool(core) and f" {core} " in f" {_plain(text)} "


def _fitting(asked: str) -> list[str]:
    rows = sorted(_list(), key=lambda row: row["since"], reverse=True)
    lower = asked.lower()
    near = [row["name"] for row in rows if any(word in lower for word in row["services"])]
    return near + [row["name"] for row in rows if not row["services"]]


def _matches(patterns: list[str], text: str) -> bool:
    return any(re.search(pattern, text, re.I) for pattern in patterns)


def _plain(text: str) -> str:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return " ".join(word for word in words if word not in ("aws", "amazon", "the", "a"))


@cache
def _list() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("features.toml").read_text("utf-8"))["feature"]
    return rows
