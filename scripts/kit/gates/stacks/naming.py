"""Which properties give a resource its physical name, by its type: names.toml and a rule."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z0-9]+|[A-Z]+[0-9]*|[a-z0-9]+")


def cloudformation(kind: str) -> list[str]:
    """The naming properties of AWS::IoT::TopicRule: TopicRuleName, RuleName, the same with Identifier, Name, and what the
    table adds."""
    table = _table()
    if kind in table["never"]["types"] or not kind.startswith("AWS::"):
        return []
    words = _WORDS.findall(kind.rpartition("::")[2])
    tails = ["".join(words[start:]) for start in range(len(words))]
    by_kind = [f"{tail}{ending}" for tail in tails for ending in ("Name", "Identifier")]
    return list(dict.fromkeys([*table["also"].get(kind, []), *by_kind, "Name"]))


def terraform(kind: str) -> list[str]:
    """The naming attributes of aws_lambda_function: function_name, the same with _identifier and _id, name, and what the
    table adds."""
    table = _table()
    if kind in table["never"]["terraform"] or not kind.startswith("aws_"):
        return []
    words = kind.split("_")
    endings = ("name", "identifier", "id")
    by_kind = ["_".join([*words[start:], ending]) for start in range(1, len(words)) for ending in endings]
    return list(dict.fromkeys([*table["also"].get(kind, []), *by_kind, "name"]))


def made_up() -> list[str]:
    """The types that a synthesizer names by itself, after the construct."""
    return list(_table()["made_up"]["types"])


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parents[1] / "names.toml").read_text(encoding="utf-8"))
