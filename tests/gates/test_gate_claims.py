"""The gap that the claims are held against: between the first answer, with all it left as it was, and the final code."""

from __future__ import annotations

import pytest
from clean_run import FINAL, FIRST
from test_gates import TEMPLATE

from kit import files
from kit.run.git import git

UTIL = "lib/lambda/util.py"


def measured(bench) -> str:
    result = bench.ask("claims")
    assert result.passed, result.problems
    return result.reason.partition(", ")[2]


def second_round(bench):
    bench.run.journal.add("round", round=2)
    bench.respond({TEMPLATE: FIRST}, number=2)
    bench.write(TEMPLATE, FINAL)
    bench.entries({"round": 2})


def test_what_a_later_answer_leaves_as_it_was_is_no_difference(bench):
    bench.write(UTIL, "x = 1\n")
    second_round(bench)
    assert measured(bench) == "2 differences measured"


def test_what_came_after_a_later_answer_is_a_difference(bench):
    second_round(bench)
    bench.write(UTIL, "x = 1\n")
    assert measured(bench) == "3 differences measured"


@pytest.mark.parametrize(("text", "differences"), [("# one\nx = 1\n", 2), ("x = 2\n", 3)])
def test_a_file_of_the_base_is_compared_with_what_it_was(bench, text, differences):
    """The first answer names what it brings, not what it found there."""
    bench.write(UTIL, "x = 1\n")
    git(bench.root, "add", UTIL)
    git(bench.root, "commit", "--quiet", "--message", "util", "--", UTIL)
    bench.task(base_sha=git(bench.root, "rev-parse", "HEAD"))
    for path in bench.run.receipts.glob("*.json"):
        if files.read_json(path)["baseline"]:
            path.unlink()
    bench.respond({TEMPLATE: FIRST})
    bench.write(TEMPLATE, FINAL)
    bench.write(UTIL, text)
    assert measured(bench) == f"{differences} differences measured"


def test_claims_are_held_against_the_gap_although_no_baseline_was_kept(bench):
    for path in bench.run.receipts.glob("*.json"):
        path.unlink()
    assert measured(bench) == "2 differences measured"


def test_an_answer_that_needed_no_change_and_no_failure_agree(bench):
    bench.write(TEMPLATE, FIRST)
    bench.entries()
    assert measured(bench) == "0 differences measured"
