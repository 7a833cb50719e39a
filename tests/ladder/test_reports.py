"""Reports of tests and linters: whole and sensible, or a failure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kit.errors import Failure
from kit.ladder import cfn_references, coverage, linters
from kit.settings import TOOLKIT


def summary(project: Path, value: Any) -> Path:
    path = project / coverage.SUMMARY
    path.parent.mkdir(exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return project


def lines(total: Any, covered: Any, pct: Any) -> dict[str, Any]:
    return {"total": {"lines": {"total": total, "covered": covered, "skipped": 0, "pct": pct}}}


def test_a_whole_summary_is_read(tmp_path: Path) -> None:
    assert coverage.percent(summary(tmp_path, lines(3, 2, 66.66))) == 66.66


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "not valid JSON"),
        ("[]", "not a coverage summary"),
        (lines(0, 0, 100), "nothing was measured"),
        (lines(10, 5, 100), "5 of 10 lines is not 100 %"),
        (lines(10, 11, 110), "11 of 10"),
        (lines(10, 10, "100"), "wanted a number"),
        (lines(10, 10, True), "wanted a number"),
        (lines(10, 10, float("nan")), "wanted a number"),
        (lines(-1, 10, 100), "-1 is no count"),
        (lines("Unknown", 0, 0), "'Unknown' is no count"),
    ],
)
def test_a_summary_that_is_not_whole_is_a_failure(tmp_path: Path, value: Any, words: str) -> None:
    with pytest.raises(Failure, match=words):
        coverage.percent(summary(tmp_path, value))


def test_no_summary_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="no such file"):
        coverage.percent(tmp_path)


@pytest.mark.parametrize(
    "value",
    [{}, [], {"passed": 1}, {"passed": "1", "failed": 0, "skipped": 0, "suites_failed": 0, "tests": []}],
)
def test_results_that_are_not_whole_are_a_failure(tmp_path: Path, value: Any) -> None:
    path = tmp_path / coverage.results_file("unit")
    path.parent.mkdir()
    path.write_text(json.dumps(value))
    with pytest.raises(Failure, match="not a test report"):
        coverage.results(tmp_path, "unit")


def test_severities_are_a_table() -> None:
    table = linters.severities()
    assert table["CKV_AWS_60"] == "Critical"
    assert set(table.values()) <= set(linters.SEVERITIES)


def test_no_rule_has_two_severities() -> None:
    import tomllib

    text = (TOOLKIT / "scripts" / "kit" / "ladder" / "security.toml").read_text()
    rules = [rule for group in tomllib.loads(text).values() for rule in group]
    assert len(rules) == len(set(rules))


def test_the_two_templates_share_their_support_files() -> None:
    one, two = (TOOLKIT / "templates" / pair for pair in ("cfn-yaml", "cfn-json"))
    names = [
        "jest.config.js",
        "tsconfig.json",
        ".gitignore",
        *(f"jest/{path.name}" for path in (one / "jest").iterdir()),
    ]
    for name in names:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


@pytest.mark.parametrize(
    "path", sorted((TOOLKIT / "templates").glob("*/package-lock.json")), ids=lambda p: p.parent.name
)
def test_lock_files_name_no_source(path: Path) -> None:
    packages = json.loads(path.read_text())["packages"]
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    manifest = json.loads((path.parent / "package.json").read_text())
    named = {**manifest.get("dependencies", {}), **manifest.get("devDependencies", {})}
    assert {name: version for name, version in named.items() if not version[0].isdigit()} == {}


def test_a_long_chain_is_no_circle() -> None:
    chain = {f"R{n}": {"Type": "T", "DependsOn": f"R{n + 1}"} for n in range(3000)} | {"R3000": {"Type": "T"}}
    assert cfn_references.unresolved({"Resources": chain}) == []


def test_a_circle_is_named_from_end_to_end() -> None:
    ring = {name: {"Type": "T", "P": {"Ref": to}} for name, to in (("A", "B"), ("B", "C"), ("C", "A"))}
    ((rule, _, message),) = cfn_references.unresolved({"Resources": ring})
    assert rule == "cycle"
    assert message.count("->") == 3


def test_substitutions_know_their_own_names_and_literals() -> None:
    text = "${!Literal} ${Own} ${AWS::Region} ${A} ${A.Arn}"
    body = {"Resources": {"A": {"Type": "T"}, "B": {"Type": "T", "P": {"Fn::Sub": [text, {"Own": 1}]}}}}
    assert cfn_references.unresolved(body) == []


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            "Expected value   undefined\nReceived:\n  undefined\nMessage:\n  Template has 0 outputs named Url.\n",
            "  Template has 0 outputs named Url.",
        ),
        (
            "  ● Test suite failed to run\n    Jest encountered an unexpected token\n    a page of advice\n"
            "    Details:\n    SyntaxError: /x/lib/tap-stack.ts: Unexpected token (50:23)\n",
            "    SyntaxError: /x/lib/tap-stack.ts: Unexpected token (50:23)",
        ),
        ("Error: expected 1\n    at x (y.ts:1:1)", "Error: expected 1"),
    ],
)
def test_of_a_failed_test_the_words_that_say_something_are_kept(tmp_path: Path, message: str, told: str) -> None:
    test = {"file": "test/a.unit.test.ts", "name": "one", "status": "failed", "line": 3, "message": message}
    report = {"passed": 0, "failed": 1, "skipped": 0, "suites_failed": 0, "tests": [test]}
    (tmp_path / "coverage").mkdir()
    (tmp_path / "coverage" / "unit-results.json").write_text(json.dumps(report))
    _, [finding] = coverage.results(tmp_path, "unit")
    assert finding["message"] == told
