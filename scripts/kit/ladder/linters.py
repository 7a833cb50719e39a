"""Linters as stages read them: their own machine output, turned into findings."""

from __future__ import annotations

import json
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from kit.command import Result
from kit.errors import Failure
from kit.ladder import scanner
from kit.ladder.outcome import Outcome
from kit.ladder.platforms.base import Work
from kit.run.receipts import PASSED

Finding = dict[str, Any]
_LEVELS = {"Error": "error", "Warning": "warning", "Informational": "info"}


def lint_templates(work: Work, templates: list[Path]) -> Outcome:
    """cfn-lint and the security scanner, side by side, over `templates` (paths within the project).

    Fails on cfn-lint errors and on Critical security findings; everything else is told. Figures: errors,
    warnings, security (by severity), suppressed (checks that the template itself switched off).
    """
    with ThreadPoolExecutor(2) as pool:
        scan = pool.submit(checkov, work, templates)
        lint = pool.submit(cfn_lint, work, templates)
        found = lint.result()
        errors = [one for one in found if one["severity"] == "error"]
        try:
            security, suppressed = scan.result()
        except Failure:
            # What the linter cannot read either is told by the linter, which says where.
            if not errors:
                raise
            security, suppressed = [], 0
    critical = [one for one in security if one["severity"] == "Critical"]
    figures = {
        "errors": len(errors),
        "warnings": len(found) - len(errors),
        "security": {name: sum(one["severity"] == name for one in security) for name in SEVERITIES},
        "suppressed": suppressed,
    }
    findings = sorted(found, key=lambda one: one["severity"] != "error") + security
    if errors or critical:
        first = (errors + critical)[0]
        place = f"{first['file']}:{first['line']}"
        reason = f"{len(errors)} lint errors, {len(critical)} critical security findings; first {first['rule']} {place}"
        return Outcome.failed(f"{reason}: {first['message']}", figures=figures, findings=findings)
    return Outcome.passed(figures=figures, findings=findings)


def cfn_lint(work: Work, templates: list[Path]) -> list[Finding]:
    """What cfn-lint finds; errors cannot be switched off by the template's own metadata."""
    tool = str(Path(sys.executable).with_name("cfn-lint"))
    words = [tool, "--format", "json", "--mandatory-checks", "E", "--regions", work.run.region]
    result = work.command([*words, "--", *map(str, templates)])
    value = _json(result, "cfn-lint")
    try:
        return [_cfn_finding(item) for item in value]
    except (KeyError, TypeError) as error:
        raise Failure(f"cfn-lint: unknown form of finding: {error!r}", hint=f"see {work.log}") from error


def scan_only(work: Work, templates: list[Path], framework: str) -> Outcome:
    """The security scanner alone, over files of another `framework`; fails on Critical findings."""
    security, suppressed = checkov(work, templates, framework)
    critical = [one for one in security if one["severity"] == "Critical"]
    figures = {
        "errors": 0,
        "warnings": 0,
        "security": {name: sum(one["severity"] == name for one in security) for name in SEVERITIES},
        "suppressed": suppressed,
    }
    if critical:
        reason = f"{len(critical)} critical security findings; first {critical[0]['rule']}: {critical[0]['message']}"
        return Outcome.failed(reason, figures=figures, findings=security)
    return Outcome.passed(figures=figures, findings=security)


def checkov(work: Work, templates: list[Path], framework: str = "cloudformation") -> tuple[list[Finding], int]:
    """What the security scanner finds, and how many checks the templates switched off; it asks no network."""
    words: list[str] = [str(scanner.ensure())]
    for template in templates:
        words += ["--file", str(template)]
    words += ["--skip-download", "--framework", framework, "--output", "json", "--compact", "--quiet"]
    log = work.log.with_name(work.log.stem + "-security.log")
    result = work.command(words, extra={"LOG_LEVEL": "WARNING"}, log=log)
    value = _json(result, "checkov")
    try:
        if "results" not in value:
            # Its way of saying that nothing in the files was of any interest to it.
            return [], int(value.get("skipped", 0))
        if value["summary"]["parsing_errors"]:
            raise Failure(f"checkov: cannot read {value['summary']['parsing_errors']} of the templates")
        found = [_scan_finding(item, templates) for item in value["results"]["failed_checks"]]
        suppressed = int(value["summary"]["skipped"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Failure(f"checkov: unknown form of report: {error!r}", hint=f"see {log}") from error
    order = list(SEVERITIES)
    return sorted(found, key=lambda one: (order.index(one["severity"]), one["rule"], str(one["resource"]))), suppressed


def together(code: Outcome, templates: Outcome) -> Outcome:
    """What the language's linters and the templates' linters say, as one outcome."""
    figures = templates.figures | {
        name: code.figures.get(name, 0) + templates.figures.get(name, 0) for name in ("errors", "warnings")
    }
    reasons = "; ".join(one.reason for one in (code, templates) if one.reason)
    worse = code if code.verdict != PASSED else templates
    return Outcome(worse.verdict, reasons, figures=figures, findings=code.findings + templates.findings)


SEVERITIES = ("Critical", "High", "Medium", "Low")


@cache
def severities() -> dict[str, str]:
    """Rule of the scanner -> Critical, High or Low; a rule that is not in the table is Medium."""
    table = tomllib.loads((Path(__file__).parent / "security.toml").read_text(encoding="utf-8"))
    return {rule: severity for severity, rules in table.items() for rule in rules}


def _json(result: Result, tool: str) -> Any:
    if result.limit:
        raise Failure(f"{tool} exceeded its {result.limit} limit", hint=f"see {result.log}")
    try:
        return json.loads(result.stdout)
    except json.JSONDecodeError as error:
        last = result.tail(1) or "it printed nothing"
        raise Failure(
            f"{tool} exited with {result.status} without a report: {last}", hint=f"see {result.log}"
        ) from error


def _cfn_finding(item: Any) -> Finding:
    path = [str(part) for part in item["Location"]["Path"] or []]
    finding = {
        "rule": item["Rule"]["Id"],
        "severity": _LEVELS[item["Level"]],
        "file": item["Filename"],
        "line": item["Location"]["Start"]["LineNumber"],
        "message": item["Message"],
    }
    if path[:1] == ["Resources"] and len(path) > 1:
        finding["resource"] = path[1]
    return finding


def _scan_finding(item: Any, templates: list[Path]) -> Finding:
    name, resource = str(item["file_path"]).lstrip("/"), str(item["resource"])
    file = next((str(path) for path in templates if name.endswith(path.name)), name)
    return {
        "rule": item["check_id"],
        "severity": severities().get(item["check_id"], "Medium"),
        "file": file,
        "line": item["file_line_range"][0],
        # AWS::S3::Bucket.Reports, but aws_s3_bucket.reports as it is.
        "resource": resource.rpartition(".")[2] if "::" in resource else resource,
        "message": item["check_name"],
    }
