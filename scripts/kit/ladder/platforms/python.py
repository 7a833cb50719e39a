"""Stages of programs in Python: by the scripts of Pipfile, inside the project's own virtual environment."""

from __future__ import annotations

import json
import os
import re
import shlex
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

from kit.command import Result
from kit.errors import Failure
from kit.ladder import python_reports
from kit.ladder.outcome import Outcome
from kit.ladder.platforms.base import Work
from kit.ladder.platforms.languages import Language

_MOST = 40
_MYPY = re.compile(
    r"^(?P<file>[^:\s]+\.py):(?P<line>\d+)(?::\d+)?: error: (?P<message>.*?)(?:  \[(?P<rule>[\w-]+)\])?$"
)
_SYNTAX = re.compile(r'^\s*File "(?:\./)?(?P<file>[^"]+)", line (?P<line>\d+)')
_FOLDERS = {"unit": "unit", "integration": "integration"}


class Python(Language):
    """pipenv, ruff, pylint, mypy and pytest."""

    tools: ClassVar = {}

    def installed(self, project: Path) -> bool:
        """True when the virtual environment is in place."""
        return (project / ".venv" / "bin" / "python").exists()

    def test_files(self, project: Path, stage: str) -> list[Path]:
        """The test files of `unit` or `integration`, by their folder."""
        return sorted((project / "tests" / _FOLDERS[stage]).rglob("test_*.py"))

    def script(self, work: Work, name: str, *words: str) -> Result:
        """What `pipenv run <name>` runs, without its start-up time."""
        argv = [*script_words(work.project, name), *words]
        home = work.project / ".venv"
        path = os.pathsep.join([str(home / "bin"), work.environment.get("PATH", os.defpath)])
        return work.project_command(argv, extra={"PATH": path, "VIRTUAL_ENV": str(home)})

    def lint(self, work: Work) -> Outcome:
        """ruff and pylint, side by side: errors fail, style is told."""
        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(self.script, work, "pylint", "--output-format=json2", "--reports=no")
            fast = self.script(work, "ruff", "--output-format=json")
            found = _ruff(work, fast) + _pylint(slow.result())
        errors = [one for one in found if one["severity"] == "error"]
        figures = {"errors": len(errors), "warnings": len(found) - len(errors)}
        findings = sorted(found, key=lambda one: one["severity"] != "error")[:_MOST]
        if errors:
            first = errors[0]
            place = f"{first['file']}:{first['line']}"
            reason = f"{len(errors)} lint errors; first {first['rule']} {place}: {first['message']}"
            return Outcome.failed(reason, figures=figures, findings=findings)
        return Outcome.passed(figures=figures, findings=findings)

    def build(self, work: Work) -> Outcome:
        """Every file compiles; then the types of the program."""
        compiled = self.script(work, "compile")
        if not compiled.ok:
            return Outcome.failed(*_syntax(compiled))
        typed = self.script(work, "mypy")
        findings: list[dict[str, Any]] = []
        for line in typed.output.splitlines():
            if match := _MYPY.match(line):
                finding = {name: match[name] for name in ("file", "message")}
                findings.append(
                    finding | {"rule": f"mypy/{match['rule']}", "severity": "error", "line": int(match["line"])}
                )
        figures = {"errors": len(findings)}
        if typed.ok and not findings:
            return Outcome.passed(figures=figures)
        if findings:
            first = findings[0]
            reason = f"{len(findings)} type errors; first {first['file']}:{first['line']}: {first['message']}"
            return Outcome.failed(reason, figures=figures, findings=findings[:_MOST])
        return Outcome.failed(f"mypy exited with {typed.status}: {typed.tail(3)}", figures=figures)

    def tests(self, work: Work, *, min_coverage: float | None) -> Outcome:
        """pytest; verdict and figures from its JUnit report and the coverage report."""
        python_reports.clear(work.project, work.stage)
        result = self.script(work, f"test:{work.stage}")
        if result.limit:
            return Outcome.failed(f"the tests exceeded their {result.limit} limit")
        try:
            counts, findings = python_reports.results(work.project, work.stage)
        except Failure as failure:
            return Outcome.failed(f"the tests left no usable report: {failure}; they printed: {result.tail(5)}")
        figures: dict[str, Any] = dict(counts)
        if counts["failed"] or not result.ok:
            first = findings[0] if findings else {}
            reason = f"{counts['failed']} of {counts['failed'] + counts['passed']} tests failed"
            if first:
                reason += f"; first {first['resource']}: {first['message'].splitlines()[-1][:300]}"
            if not counts["failed"]:
                reason = f"the tests exited with {result.status}: {result.tail(3)}"
            return Outcome.failed(reason, figures=figures, findings=findings[:_MOST])
        if counts["passed"] == 0:
            return Outcome.failed("no test was run", figures=figures)
        if min_coverage is None:
            return Outcome.passed(figures=figures)
        try:
            share, lacking = python_reports.percent(work.project)
        except Failure as failure:
            return Outcome.failed(f"the coverage cannot be read: {failure}", figures=figures)
        figures["coverage"] = share
        if share < min_coverage:
            reason = f"coverage {share:g} % is below {min_coverage:g} %"
            return Outcome.failed(reason, figures=figures, findings=lacking[:_MOST])
        return Outcome.passed(figures=figures)


def script_words(project: Path, name: str) -> list[str]:
    """The words of a script of Pipfile. Raises `Failure` naming what is missing or garbled."""
    path = project / "Pipfile"
    try:
        scripts = tomllib.loads(path.read_text(encoding="utf-8")).get("scripts", {})
        words = shlex.split(scripts[name])
    except FileNotFoundError as error:
        raise Failure(f"{path}: no such file", hint="make metadata lays the template out") from error
    except (tomllib.TOMLDecodeError, ValueError, AttributeError) as error:
        raise Failure(f"{path}: cannot be read: {error}") from error
    except KeyError as error:
        raise Failure(f"{path}: has no script {name!r} in [scripts]", hint="add it as the template has it") from error
    if not words:
        raise Failure(f"{path}: the script {name!r} is empty")
    return words


def _ruff(work: Work, result: Result) -> list[dict[str, Any]]:
    try:
        return [
            {
                "rule": item["code"] or "syntax",
                "severity": "error" if _is_wrong(item["code"] or "E9") else "warning",
                "file": item["filename"].removeprefix(f"{work.project}/"),
                "line": item["location"]["row"],
                "message": item["message"],
            }
            for item in json.loads(result.stdout)
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(f"ruff exited with {result.status} without a report: {result.tail(3)}") from error


def _is_wrong(code: str) -> bool:
    """Pyflakes and syntax are about what is wrong, the rest of the rules about style."""
    return code.startswith(("F", "E9", "invalid"))


def _pylint(result: Result) -> list[dict[str, Any]]:
    try:
        return [
            {
                "rule": f"{item['messageId']} {item['symbol']}",
                "severity": "error" if item["type"] in ("error", "fatal") else "warning",
                "file": item["path"],
                "line": item["line"],
                "message": item["message"],
            }
            for item in json.loads(result.stdout)["messages"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(f"pylint exited with {result.status} without a report: {result.tail(3)}") from error


def _syntax(result: Result) -> tuple[str]:
    lines = [line for line in result.output.splitlines() if line.strip()]
    place = next((match for line in lines for match in [_SYNTAX.match(line)] if match), None)
    error = next((line.strip() for line in lines if re.match(r"\s*(Sorry: )?\w*Error", line)), result.tail(1))
    where = f"{place['file']}:{place['line']}: " if place else ""
    return (f"{where}{error}",)
