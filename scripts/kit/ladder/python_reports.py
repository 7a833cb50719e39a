"""What pytest's and coverage.py's own reports say. A report that is missing or garbled is a failure."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from kit import files
from kit.errors import Failure

COVERAGE = Path("coverage") / "coverage.json"
_LINES = 15
_PLACE = re.compile(r"^(tests/[^\s:]+\.py):(\d+):", re.MULTILINE)


def clear(project: Path, stage: str) -> None:
    """Remove the reports of an earlier run, so that an old one cannot be read as the new one's."""
    for name in (results_file(stage), *((COVERAGE,) if stage == "unit" else ())):
        (project / name).unlink(missing_ok=True)


def results_file(stage: str) -> Path:
    """Where pytest writes its JUnit report."""
    return Path("coverage") / f"{stage}-results.xml"


def results(project: Path, stage: str) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Counts (passed, failed, skipped) and a finding for each failed test.

    Raises `Failure` when the report is missing, garbled, or does not add up.
    """
    path = project / results_file(stage)
    try:
        text = path.read_text(encoding="utf-8")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise Failure(f"{path}: not a test report: it declares entities")
        suites = ElementTree.fromstring(text).findall("testsuite")
        cases = [case for suite in suites for case in suite.findall("testcase")]
        noted = sum(int(suite.attrib["tests"]) for suite in suites)
    except FileNotFoundError as error:
        raise Failure(f"{path}: no such file") from error
    except (ElementTree.ParseError, KeyError, ValueError) as error:
        raise Failure(f"{path}: not a test report: {error!r}") from error
    bad = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = sum(1 for case in cases if case.find("skipped") is not None)
    if not suites or noted != len(cases):
        raise Failure(f"{path}: names {len(cases)} tests and counts {noted}")
    counts = {"passed": len(cases) - len(bad) - skipped, "failed": len(bad), "skipped": skipped}
    return counts, [_finding(stage, case) for case in bad]


def percent(project: Path) -> tuple[float, list[dict[str, Any]]]:
    """The share of lines covered, 0..100, and a finding for each file with lines that are not.

    Raises `Failure` unless coverage.py's JSON report is whole and sensible.
    """
    path = project / COVERAGE
    value = files.read_json(path)
    try:
        total = int(value["totals"]["num_statements"])
        covered = int(value["totals"]["covered_lines"])
        lacking = [
            {
                "rule": "coverage",
                "severity": "error",
                "file": name,
                "line": entry["missing_lines"][0],
                "message": f"lines not covered: {', '.join(map(str, entry['missing_lines'][:20]))}",
            }
            for name, entry in value["files"].items()
            if entry["missing_lines"]
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Failure(f"{path}: not a coverage report: {error!r}") from error
    if total <= 0:
        raise Failure(f"{path}: no line was measured")
    share = 100.0 * covered / total
    if not 0 <= covered <= total or not math.isfinite(share):
        raise Failure(f"{path}: {covered} of {total} lines")
    return round(share, 2), lacking


def _finding(stage: str, case: ElementTree.Element) -> dict[str, Any]:
    node = case.find("failure")
    node = case.find("error") if node is None else node
    text = (node.text or "") if node is not None else ""
    place = _PLACE.search(text)
    told = [line for line in text.splitlines() if line.startswith(("E ", ">"))] or text.splitlines()
    message = "\n".join(told[-_LINES:]) or str(node.attrib.get("message", "") if node is not None else "")
    return {
        "rule": f"{stage}-test",
        "severity": "error",
        "file": place[1] if place else case.attrib.get("classname", "").replace(".", "/") + ".py",
        "line": int(place[2]) if place else None,
        "resource": case.attrib.get("name", ""),
        "message": message,
    }
