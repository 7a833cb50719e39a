"""The unit tests cover enough, by the report that the test run wrote."""

from __future__ import annotations

import math
import re
from typing import Any

from kit.errors import Failure
from kit.gates.model import Look
from kit.gates.subject import Subject
from kit.ladder import coverage as reports
from kit.ladder import python_reports

# What tells the tools to leave code out of the measure.
_LEFT_OUT = re.compile(
    r"\b(?:istanbul|c8|v8|node:coverage)\s+(?:ignore|disable)\b[^\n*]*|\bpragma:?\s*no\s*(?:cover|branch)\b", re.I
)


def unit(subject: Subject) -> Look:
    """The figure of the report itself reaches the bar, the receipt gives the same one, and no code is left out of it."""
    bar = float(subject.settings["ladder.min_coverage"])
    name, receipt = subject.receipt("unit")
    figure = _number(receipt.figures.get("coverage"), f"{name}: figures/coverage")
    problems = [] if receipt.passed else [f"{name}: unit {receipt.verdict}: {receipt.reason}"]
    report, own = _report(subject)
    if own < bar:
        problems.append(f"{report}: unit coverage {own:g} %, {bar:g} % wanted")
    if not math.isclose(own, figure, abs_tol=0.01):
        problems.append(f"{name}: says {figure:g} %, {report} says {own:g} %")
    problems += [
        f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {match[0].strip()}: code left out of the measure"
        for path, text in subject.texts(subject.code).items()
        for match in _LEFT_OUT.finditer(text)
    ]
    return Look(f"unit coverage {figure:g} % of {bar:g} % wanted", problems)


def _report(subject: Subject) -> tuple[str, float]:
    """The report of the language's own tool, and its figure."""
    if subject.run.task["language"] == "py":
        return python_reports.COVERAGE.as_posix(), python_reports.percent(subject.root)[0]
    return reports.SUMMARY.as_posix(), reports.percent(subject.root)


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Failure(f"{where} = {value!r}: no number", hint="run the unit stage again")
    return float(value)
