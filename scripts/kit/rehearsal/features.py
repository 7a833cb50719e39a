"""The dated list of recent AWS features: which are new to a stack, and adding them."""

from __future__ import annotations

import re
from typing import Any

from kit.rehearsal.blueprints import fill, shared
from kit.rehearsal.stack import Stack, merge


def choose(seen: str, count: int = 2) -> list[dict[str, Any]]:
    """The newest features that suit a template (its text) and that it does not have; of two services when possible."""
    fitting = [one for one in shared("features") if one["type"] in seen and not re.search(one["new_unless"], seen)]
    fitting.sort(key=lambda one: one["date"], reverse=True)
    chosen: list[dict[str, Any]] = []
    for again in (False, True):
        for one in fitting:
            fresh = again or all(one["service"] != other["service"] for other in chosen)
            if one not in chosen and fresh and len(chosen) < count:
                chosen.append(one)
    return chosen


def foreign(text: str) -> list[str]:
    """The features that a further prompt asks for in its numbered points and that the list does not have."""
    points = re.findall(r"^\d+\. (.+)$", text, re.M)
    return [one for one in points if not any(feature["says"] in one.lower() for feature in shared("features"))]


def add_asked(stack: Stack, text: str) -> list[str]:
    """Add the features that a prompt asks for by their property; returns their names."""
    low, added = text.lower(), []
    for feature in shared("features"):
        if feature["says"] not in low:
            continue
        hits = [one for one in stack.resources.values() if one["Type"] == feature["type"]]
        hits = [one for one in hits if feature.get("only", {}).items() <= one.get("Properties", {}).items()]
        for one in hits:
            merge(one.setdefault("Properties", {}), fill(feature["set"], stack.tokens()))
        if hits:
            added.append(feature["name"])
    return added
