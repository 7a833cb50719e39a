"""Stages of projects whose program or tests are TypeScript: tsc and jest, by the scripts of package.json."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, ClassVar

from kit.command import Result
from kit.errors import Failure
from kit.ladder import coverage
from kit.ladder.outcome import Outcome
from kit.ladder.platforms.base import Work
from kit.ladder.platforms.languages import Language

_DIAGNOSTIC = re.compile(r"^(?P<file>[^\s(][^(]*)\((?P<line>\d+),\d+\): error (?P<rule>TS\d+): (?P<message>.*)$")
_MOST = 40
SUFFIX = {"unit": ".unit.test.ts", "integration": ".int.test.ts"}


def test_files(project: Path, stage: str) -> list[Path]:
    """The test files of `unit` or `integration`, by the end of their names."""
    return sorted((project / "test").rglob(f"*{SUFFIX[stage]}"))


def build(work: Work) -> Outcome:
    """`npm run build`: the compiler's diagnostics become findings."""
    result = work.project_command(["npm", "run", "--silent", "build"])
    findings = []
    for line in result.output.splitlines():
        if match := _DIAGNOSTIC.match(line.strip()):
            findings.append(
                {
                    "rule": match["rule"],
                    "severity": "error",
                    "file": match["file"],
                    "line": int(match["line"]),
                    "message": match["message"],
                }
            )
    figures = {"errors": len(findings)}
    if result.ok and not findings:
        return Outcome.passed(figures=figures)
    if result.limit:
        return Outcome.failed(f"the build exceeded its {result.limit} limit")
    if findings:
        first = findings[0]
        reason = f"{len(findings)} type errors; first {first['file']}:{first['line']}: {first['message']}"
        return Outcome.failed(reason, figures=figures, findings=findings[:_MOST])
    return Outcome.failed(f"the build exited with {result.status}: {result.tail(3)}", figures=figures)


def jest(work: Work, *, min_coverage: float | None) -> Outcome:
    """`npm run test:unit` or `test:integration`; verdict and figures from the reports that its reporter writes.

    With `min_coverage` (percent) the coverage summary has to be there, whole, and at least that.
    """
    coverage.clear(work.project, work.stage)
    result = work.project_command(["npm", "run", "--silent", f"test:{work.stage}"])
    if result.limit:
        return Outcome.failed(f"the tests exceeded their {result.limit} limit")
    try:
        counts, findings = coverage.results(work.project, work.stage)
    except Failure as failure:
        return Outcome.failed(f"the tests left no usable report: {failure}; they printed: {result.tail(5)}")
    figures: dict[str, object] = dict(counts)
    failed = counts["failed"] + counts["files_failed"]
    if failed or not result.ok:
        first = f"; first {findings[0]['resource'] or findings[0]['file']}: {_line(findings[0])}" if findings else ""
        reason = f"{failed} of {failed + counts['passed']} tests failed{first}"
        if not failed:
            reason = f"the tests exited with {result.status}: {result.tail(3)}"
        return Outcome.failed(reason, figures=figures, findings=findings[:_MOST])
    if counts["passed"] == 0:
        return Outcome.failed("no test was run", figures=figures)
    if min_coverage is None:
        return Outcome.passed(figures=figures)
    return _with_coverage(work, figures, min_coverage)


def _with_coverage(work: Work, figures: dict[str, object], wanted: float) -> Outcome:
    try:
        figures["coverage"] = share = coverage.percent(work.project)
        lacking = coverage.uncovered(work.project) if (work.project / coverage.TEMPLATE).exists() else {}
    except Failure as failure:
        return Outcome.failed(f"the coverage cannot be read: {failure}", figures=figures)
    findings = [
        {
            "rule": "coverage",
            "severity": "info" if share >= wanted else "error",
            "resource": name,
            "message": f"no passing test asserts on a value of this one of the template's {section}",
        }
        for section, names in lacking.items()
        for name in names
    ]
    if share < wanted:
        reason = f"coverage {share:g} % is below {wanted:g} %"
        return Outcome.failed(reason, figures=figures, findings=findings[:_MOST])
    return Outcome.passed(figures=figures, findings=findings[:_MOST])


def _line(finding: dict[str, object]) -> str:
    lines = str(finding["message"]).splitlines()
    return " ".join(line.strip() for line in lines[:3])[:300]


def eslint(work: Work) -> Outcome:
    """`npm run lint` with its JSON formatter: errors fail, warnings are told."""
    result = work.project_command(["npm", "run", "--silent", "lint", "--", "--format", "json"])
    try:
        value = json.loads(result.stdout)
        findings = [_eslint_finding(work.project, file, item) for file in value for item in file["messages"]]
    except (ValueError, KeyError, TypeError) as error:
        return Outcome.failed(f"eslint exited with {result.status} without a report ({error!r}): {result.tail(3)}")
    errors = [one for one in findings if one["severity"] == "error"]
    figures = {"errors": len(errors), "warnings": len(findings) - len(errors)}
    findings.sort(key=lambda one: one["severity"] != "error")
    if errors:
        first = errors[0]
        reason = f"{len(errors)} lint errors; first {first['rule']} {first['file']}:{first['line']}: {first['message']}"
        return Outcome.failed(reason, figures=figures, findings=findings[:_MOST])
    if not result.ok:
        return Outcome.failed(f"eslint exited with {result.status}: {result.tail(3)}", figures=figures)
    return Outcome.passed(figures=figures, findings=findings[:_MOST])


class TypeScript(Language):
    """npm, tsc, eslint and jest."""

    tools: ClassVar = {"node": "https://nodejs.org (20 or newer)", "npm": "it comes with Node"}

    def installed(self, project: Path) -> bool:
        """True when node_modules is in place."""
        return (project / "node_modules").is_dir()

    def test_files(self, project: Path, stage: str) -> list[Path]:
        """The test files of `unit` or `integration`."""
        return test_files(project, stage)

    def script(self, work: Work, name: str, *words: str) -> Result:
        """`npm run <name>`."""
        return work.project_command(["npm", "run", "--silent", name, *(["--", *words] if words else [])])

    def lint(self, work: Work) -> Outcome:
        """eslint."""
        return eslint(work)

    def build(self, work: Work) -> Outcome:
        """tsc."""
        return build(work)

    def tests(self, work: Work, *, min_coverage: float | None) -> Outcome:
        """jest."""
        return jest(work, min_coverage=min_coverage)


def _eslint_finding(project: Path, file: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    return {
        "rule": item.get("ruleId") or "syntax",
        "severity": "error" if item["severity"] == 2 else "warning",
        "file": file["filePath"].removeprefix(f"{project}/"),
        "line": item.get("line"),
        "message": item["message"],
    }
