"""What the platforms whose stack is a program share."""

from __future__ import annotations

import re
from typing import Any

from kit.ladder.outcome import Outcome
from kit.run.receipts import PASSED

_FRAME = re.compile(r"[(\s/\"](?P<file>(?:lib|bin|test|tests)/[^\s():\"]+|tap\.py)[\":,]+\s*(?:line )?(?P<line>\d+)")


# ValueError: ..., cdk.Exception: ..., and the CDK's «CannotFindAsset» ...; not triggerUncaughtException(.
_ERROR = re.compile(r"^(?:(\w+\.)*\w*(Error|Exception|Failure)\b(?!\()|«\w+»)")
# What follows the words of an error of Node's: the calls, the error's own fields, the version.
_AFTER = ("at ", "...", "{", "}", "[", "Node.js v", "Relates to")


def failed_program(output: str, ending: str) -> Outcome:
    """A program that ended badly: its first error line and the first place in the project's own files."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [number for number, line in enumerate(lines) if _ERROR.match(line)]
    # Python tells the cause last, Node first.
    traced = any(line.startswith("Traceback") for line in lines)
    message = lines[-1] if lines else "it printed nothing"
    if errors:
        message = lines[errors[-1]] if traced else _told(lines[errors[0] :])
    places = [
        match
        for line in lines
        if "node_modules" not in line and "site-packages" not in line
        for match in [_FRAME.search(line)]
        if match
    ]
    place = (places[-1] if traced else places[0]) if places else None
    finding = {"rule": "synth/program", "severity": "error", "message": message[:1000]}
    where = ""
    if place is not None:
        finding |= {"file": place["file"], "line": place["line"]}
        where = f" at {place['file']}:{place['line']}"
    return Outcome.failed(f"{ending}{where}: {message[:500]}", findings=[finding])


def add(total: Outcome, more: Outcome) -> Outcome:
    """Two outcomes as one: the worse verdict, numbers added, findings of both."""
    figures = dict(total.figures)
    for name, value in more.figures.items():
        old: Any = figures.get(name)
        both = type(value) is type(old) and not isinstance(value, bool | str)
        figures[name] = old + value if both and isinstance(value, int | float | list) else value
    worse = more if more.verdict != PASSED else total
    return Outcome(
        worse.verdict,
        worse.reason,
        figures=figures,
        findings=total.findings + more.findings,
        cloud=more.cloud,
        emulated=more.emulated,
    )


def _told(lines: list[str]) -> str:
    """An error of Node's in full: its first line and the few that belong to it."""
    last = next((number for number, line in enumerate(lines) if line.startswith(_AFTER)), 1)
    return " ".join(lines[: min(last, 4)])
