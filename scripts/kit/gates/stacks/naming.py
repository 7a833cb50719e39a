"""Which properties give a resource its physical name, by its type: names.toml and a rule."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


def cloudformation(kind: str) -> list[str]:
    """The naming properties of AWS::SQS::Queue: QueueName, Name, and what the table adds."""
    table = _table()
    if kind in table["never"]["types"] or not kind.startswith("AWS::"):
        return []
    last = kind.rpartition("::")[2]
    return list(dict.fromkeys([*table["also"].get(kind, []), f"{last}Name", "Name"]))


def terraform(kind: str) -> list[str]:
    """The naming attributes of aws_lambda_function: function_name, name, and what the table adds."""
    table = _table()
    if kind in table["never"]["terraform"] or not kind.startswith("aws_"):
        return []
    words = kind.split("_")
    by_kind = ["_".join([*words[start:], "name"]) for start in range(1, len(words))]
    return list(dict.fromkeys([*table["also"].get(kind, []), *by_kind, "name"]))


def made_up() -> list[str]:
    """The types that a synthesizer names by itself, after the construct."""
    return list(_table()["made_up"]["types"])


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parents[1] / "names.toml").read_text(encoding="utf-8"))
