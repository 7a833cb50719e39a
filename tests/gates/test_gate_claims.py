"""What is claimed is told as it was recorded, has its evidence, and agrees with the measured gap."""

from __future__ import annotations

import json

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


@pytest.mark.parametrize("finding", [{"message": "no rule"}, {"rule": ""}, {"rule": None}])
def test_a_finding_without_a_rule_is_evidence_of_nothing(bench, finding):
    bench.receipt("lint", findings=[finding])
    bench.entries({"evidence": "None of it"})
    assert bench.ask("evidence").reason == (
        "failure F1: evidence 'None of it': neither a receipt nor a rule that one names"
    )


@pytest.mark.parametrize(
    ("evidence", "problem"),
    [
        ("E3002", ""),
        ("by E3002, line 3", ""),
        ("001-lint.json", ""),
        ("receipts/001-lint.json, 002-build.json", ""),
        ("001-lint.json, 998-build.json and 999-lint.json", "998-build.json, 999-lint.json: no such receipt"),
        ("E3002 in 999-lint.json", "999-lint.json: no such receipt"),
        ("E30021", "'E30021': neither a receipt nor a rule that one names"),
    ],
)
def test_evidence_is_what_a_receipt_is_called_or_names(bench, evidence, problem):
    bench.receipt("lint", findings=[{"rule": "E3002"}])
    bench.entries({"evidence": evidence})
    problems = bench.ask("evidence").problems
    assert problems == ((f"failure F1: evidence {problem}",) if problem else ())


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("F1", "F9", "does not tell failure F1 as it was recorded"),
        ("could not be restored", "was restored", "does not tell failure F1 as it was recorded"),
        ("was turned on", "was on", "does not tell failure F1 as it was recorded"),
        ("Medium", "Low", "was changed after it was rendered from the entries"),
    ],
)
def test_a_page_that_tells_the_failures_otherwise_is_refused(bench, old, new, problem):
    bench.edit("lib/MODEL_FAILURES.md", old, new)
    assert bench.ask("model-failures").problems == (f"lib/MODEL_FAILURES.md: {problem}",)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_failures_that_a_page_tells_are_counted(bench, count):
    bench.entries(*({"id": f"F{number}"} for number in range(count)))
    assert bench.ask("model-failures").reason == f"{count} recorded failures are told"
    assert bench.ask("evidence").reason == f"{count} failure entries have their evidence"
    path = "lib/MODEL_FAILURES.md"
    bench.write(path, (bench.root / path).read_text() + "\n## 9. F9\n")
    assert bench.ask("model-failures").problems == (f"{path}: tells {count + 1} failures, {count} were recorded",)


@pytest.mark.parametrize(
    ("said", "passed"),
    [
        ("001-lint.json", True),
        ("receipts/001-lint.json and 002-build.json", True),
        ("001-lint.json and 999-lint.json", False),
        ("E3002", True),
        ("E3003", False),
        ("", False),
    ],
)
def test_evidence_is_a_receipt_or_a_rule(bench, said, passed):
    bench.receipt("lint", findings=[{"rule": "E3002"}])
    bench.entries({"evidence": said or "-"})
    assert bench.ask("evidence").passed is passed


def test_recorded_failures_are_told_each(bench):
    bench.entries({}, {"id": "F2", "wrong": "another thing", "done": "another mend"})
    assert bench.ask("model-failures").passed
    for words in ("another thing", "another mend"):
        bench.entries({}, {"id": "F2", "wrong": "another thing", "done": "another mend"})
        bench.edit("lib/MODEL_FAILURES.md", words, "something")
        assert "failure F2" in bench.ask("model-failures").reason


@pytest.mark.parametrize(
    ("said", "passed"),
    [
        ("W1 at line 3", True),
        ("W10 at line 3", False),
        ("None", False),
        ("by W1", True),
        ("(W1)", True),
        ("XW1", False),
    ],
)
def test_a_rule_is_named_as_a_whole_word(bench, said, passed):
    tree = next(one for one in bench.run.receipts.glob("*-lint.json"))
    tree = json.loads(tree.read_text())["tree"]
    bench.receipt("lint", baseline=True, tree=tree, findings=[{"rule": "W1"}, {"message": "no rule"}, {"rule": ""}])
    bench.entries({"evidence": said})
    assert bench.ask("evidence").passed is passed
