"""The edges of the coverage gate: the bar itself, what a receipt may say, and where code was left out."""

from __future__ import annotations

import json

import pytest

REPORT = "coverage/coverage-summary.json"


def covered(bench, measured: int, said: float):
    """Let the report have measured so many lines of 1,000, and the receipt say so many percent."""
    lines = {"total": 1000, "covered": measured, "pct": measured / 10}
    bench.write(REPORT, json.dumps({"total": {"lines": lines}}))
    bench.receipt("unit", figures={"coverage": said})
    return bench.ask("unit-coverage")


def test_the_bar_itself_is_enough_and_less_is_not(bench):
    bar = bench.run.settings["ladder.min_coverage"]
    assert covered(bench, int(bar * 10), bar).passed
    assert f"{bar - 0.1:g} %, {bar:g} % wanted" in covered(bench, int(bar * 10) - 1, bar - 0.1).reason


@pytest.mark.parametrize("said", [99.0, 98.0, 100])
def test_a_receipt_that_says_another_figure_than_the_report_is_refused(bench, said):
    assert f"says {said:g} %, {REPORT} says 98.5 %" in covered(bench, 985, said).reason


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("lib/lambda/a.js", "/* istanbul ignore file */\n", 1),
        ("lib/lambda/a.js", "\n// c8 ignore next\nf();\n", 2),
        ("lib/lambda/a.py", "\n\nx = 1  # pragma: no cover\n", 3),
        ("lib/lambda/a.py", "\n\n\n\n\n\n\n\n\nif x:  # pragma: no branch\n    f()\n", 10),
    ],
)
def test_the_line_where_code_is_left_out_is_named(bench, name, text, line):
    bench.write(name, text)
    bench.seal()
    assert bench.ask("unit-coverage").reason.startswith(f"{name}:{line}: ")
