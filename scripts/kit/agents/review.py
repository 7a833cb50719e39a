"""The reviewer's verdict: checked field by field, never completed by a default."""

from __future__ import annotations

import math
from typing import Any

from kit import files
from kit.agents.faults import Refused
from kit.agents.tools import Tool, function
from kit.errors import Failure
from kit.redact import clean
from kit.run.git import code_tree
from kit.run.rundir import Run

FIELDS = (
    "training_quality",
    "reasons",
    "summary",
    "prerequisites_met",
    "compliance_percentage",
    "violations",
    "ready",
    "new_features",
)


def tool(run: Run) -> Tool:
    """`submit_review`: writes review.json when every field is valid, refuses otherwise."""

    def work(given: dict[str, Any]) -> str:
        problems = problems_of(given)
        if problems:
            raise Refused(f"submit_review: {'; '.join(problems)}; nothing was submitted")
        review = {name: given[name] for name in FIELDS}
        files.write_json(run.dir / "review.json", clean(review) | {"round": run.round, "tree": code_tree(run.worktree)})
        return "submitted"

    text = {"type": "string"}
    many = {"type": "array", "items": text}
    return function(
        "submit_review",
        "Submit your verdict. training_quality: a number from 0 to 10, what the difference between the model's "
        "response and the final files teaches. new_features: two recent AWS features or services that a further round could ask for.",
        {
            "training_quality": {"type": "number"},
            "reasons": many,
            "summary": text,
            "prerequisites_met": {"type": "boolean"},
            "compliance_percentage": {"type": "number"},
            "violations": many,
            "ready": {"type": "boolean"},
            "new_features": many,
        },
        work,
    )


def problems_of(review: Any) -> list[str]:
    """What is wrong with a review, one sentence a field; empty when it is valid."""
    if not isinstance(review, dict):
        return [f"a review is an object, got {type(review).__name__}"]
    found = [f"{name} is missing" for name in FIELDS if name not in review]
    for name, most in (("training_quality", 10), ("compliance_percentage", 100)):
        if name in review and not _within(review[name], most):
            found.append(f"{name} = {review[name]!r}: wanted a number from 0 to {most}")
    for name in ("reasons", "violations", "new_features"):
        value = review.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            found.append(f"{name}: wanted a list of sentences")
    if review.get("reasons") == []:
        found.append("reasons: at least one is wanted")
    for name in ("prerequisites_met", "ready"):
        if name in review and not isinstance(review[name], bool):
            found.append(f"{name} = {review[name]!r}: wanted true or false")
    if "summary" in review and not (isinstance(review["summary"], str) and review["summary"].strip()):
        found.append("summary: wanted a sentence")
    return found


def read(run: Run) -> dict[str, Any]:
    """review.json. Raises `Failure` naming the file and every field that is not valid; nothing is assumed."""
    path = run.dir / "review.json"
    review = files.read_json(path, remedy="make review")
    problems = problems_of(review)
    if problems:
        raise Failure(f"{path}: {'; '.join(problems)}", hint="make review")
    return dict(review)


def _within(value: Any, most: float) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and 0 <= value <= most
