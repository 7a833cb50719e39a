"""The unit tests cover enough, by the report that the test run wrote."""

from __future__ import annotations

import json
import math
from typing import Any

from kit.errors import Failure
from kit.gates.model import Look
from kit.gates.subject import Subject

REPORTS = ("coverage/coverage-summary.json", "coverage.json", "coverage/coverage.json")


def unit(subject: Subject) -> Look:
    """The figure in the unit tests' receipt and the one in the report itself reach the bar, and are the same."""
    bar = float(subject.settings["ladder.min_coverage"])
    known = subject.newest("unit")
    if known is None:
        raise Failure(f"no receipt of unit for the tree {subject.tree[:12]}", hint="make stage STAGE=unit")
    path, receipt = known
    figure = _number(receipt.figures.get("coverage"), f"{path.name}: figures/coverage")
    problems = [] if receipt.passed else [f"{path.name}: unit {receipt.verdict}: {receipt.reason}"]
    problems += [] if figure >= bar else [f"{path.name}: unit coverage {figure:g} %, {bar:g} % wanted"]
    report = next((name for name in REPORTS if (subject.root / name).is_file()), None)
    if report is None:
        problems.append(f"no coverage report ({', '.join(REPORTS)})")
    else:
        own = percent(json.loads((subject.root / report).read_text(encoding="utf-8")), report)
        if own < bar:
            problems.append(f"{report}: unit coverage {own:g} %, {bar:g} % wanted")
        if not math.isclose(own, figure, abs_tol=0.01):
            problems.append(f"{path.name}: says {figure:g} %, {report} says {own:g} %")
    return Look(f"unit coverage {figure:g} % of {bar:g} % wanted", problems)


def percent(report: Any, where: str) -> float:
    """The share of lines covered, from the summary of jest or the JSON report of coverage.py.

    Raises `Failure` when it is missing, no number, or of nothing at all.
    """
    try:
        if "totals" in report:
            found = report["totals"]
            return _share(found["covered_lines"], found["num_statements"], found["percent_covered"], where)
        found = report["total"]["lines"]
        return _share(found["covered"], found["total"], found["pct"], where)
    except (KeyError, TypeError) as error:
        raise Failure(f"{where}: no coverage figure: {error}", hint="run the unit stage again") from error


def _share(covered: Any, total: Any, said: Any, where: str) -> float:
    if not _number(total, f"{where}: total"):
        raise Failure(f"{where}: nothing was measured (0 lines in all)")
    _number(covered, f"{where}: covered")
    return _number(said, where)


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Failure(f"{where} = {value!r}: no number", hint="run the unit stage again")
    return float(value)
