"""What the tests' own reports say: results and coverage. A report that is missing or garbled is a failure."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

from kit import files
from kit.errors import Failure

SUMMARY = Path("coverage") / "coverage-summary.json"
TEMPLATE = Path("coverage") / "template-coverage.json"
MARK = "PLACEHOLDER-TEST"
_LINES = 12
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_PLACE = re.compile(r"(test[s]?/[^\s:()]+):(\d+)")


def clear(project: Path, stage: str) -> None:
    """Remove the reports of an earlier run, so that an old one cannot be read as the new one's."""
    names = [results_file(stage)] + ([SUMMARY, TEMPLATE] if stage == "unit" else [])
    for name in names:
        (project / name).unlink(missing_ok=True)


def results_file(stage: str) -> Path:
    """Where the reporter of the tests writes what they did."""
    return Path("coverage") / f"{stage}-results.json"


def results(project: Path, stage: str) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Counts (passed, failed, skipped) and a finding for each failed test.

    Raises `Failure` when the report is missing, garbled, or does not add up.
    """
    path = project / results_file(stage)
    value = files.read_json(path)
    try:
        counts = {name: _count(value[name]) for name in ("passed", "failed", "skipped")}
        counts["files_failed"] = _count(value["suites_failed"])
        tests = [test for test in value["tests"] if test["status"] == "failed"]
        findings = [_finding(stage, test) for test in tests]
    except (KeyError, TypeError, ValueError) as error:
        raise Failure(f"{path}: not a test report: {type(error).__name__}: {error}") from error
    return counts, findings


def percent(project: Path) -> float:
    """The share of lines covered, 0..100, from Istanbul's summary. Raises `Failure` unless it is whole and sensible."""
    path = project / SUMMARY
    value = files.read_json(path)
    try:
        lines = value["total"]["lines"]
        total, covered, share = _count(lines["total"]), _count(lines["covered"]), lines["pct"]
    except (KeyError, TypeError, ValueError) as error:
        raise Failure(f"{path}: not a coverage summary: {type(error).__name__}: {error}") from error
    if isinstance(share, bool) or not isinstance(share, int | float) or not math.isfinite(share):
        raise Failure(f"{path}: total.lines.pct is {share!r}: wanted a number")
    if total == 0:
        raise Failure(f"{path}: total.lines.total is 0: nothing was measured")
    if covered > total or abs(100.0 * covered / total - share) > 0.1:
        raise Failure(f"{path}: {covered} of {total} lines is not {share} %")
    return float(share)


def uncovered(project: Path) -> dict[str, list[str]]:
    """Names of the template's items that no passing test asserts on, by section."""
    path = project / TEMPLATE
    value = files.read_json(path)
    try:
        return {str(section): [str(name) for name in names] for section, names in value["uncovered"].items() if names}
    except (KeyError, TypeError, AttributeError) as error:
        raise Failure(f"{path}: not a template coverage report: {type(error).__name__}: {error}") from error


def only_placeholders(paths: list[Path]) -> bool:
    """True when there are no tests, or every file of them still carries the placeholder's mark."""
    return all(MARK in path.read_text(encoding="utf-8", errors="replace") for path in paths)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is no count")
    return value


def _finding(stage: str, test: dict[str, Any]) -> dict[str, Any]:
    message = _ESCAPES.sub("", str(test.get("message", "")))
    place = _PLACE.search(message)
    lines = [line for line in _telling(message).splitlines() if line.strip() and not line.lstrip().startswith("at ")]
    return {
        "rule": f"{stage}-test",
        "severity": "error",
        "file": test["file"],
        "line": int(place[2]) if place and place[1] == test["file"] else test.get("line"),
        "resource": test["name"],
        "message": "\n".join(lines[:_LINES]),
    }


def _telling(message: str) -> str:
    """The part that says something: jest has a page about syntax in general, the CDK's assertions pretend to compare."""
    if "Jest encountered an unexpected token" in message:
        return message.partition("Details:\n")[2] or message
    if message.startswith("Expected value   undefined\nReceived:\n  undefined\nMessage:\n"):
        return message.partition("Message:\n")[2]
    return message
