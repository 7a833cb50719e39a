"""What a receipt has to prove: outputs with values, logs of their own, and that all that was deployed was destroyed."""

from __future__ import annotations

import json

import pytest
from test_gates import TEMPLATE

from kit.run.receipts import digest


def destroyed(bench, had):
    return bench.receipt("destroy", figures={"had": had, "gone": had, "unverified": []})


def test_what_an_earlier_deployment_lost_is_not_set_against_a_later_one(bench):
    bench.receipt("deploy", figures={"listed": 9})
    destroyed(bench, 9)
    bench.receipt("deploy", figures={"listed": 9})
    name = destroyed(bench, 3).name
    assert bench.ask("destroy").reason == f"{name}: had = 3, but 9 resources were deployed"


def test_what_an_earlier_deployment_had_is_not_asked_of_a_later_one(bench):
    bench.receipt("deploy", figures={"listed": 9})
    destroyed(bench, 9)
    bench.receipt("deploy", figures={"listed": 3})
    destroyed(bench, 3)
    assert bench.ask("destroy").passed


@pytest.mark.parametrize(("listed", "passed"), [(8, True), (9, True), (10, False), (None, True), ("10", True)])
def test_no_less_was_destroyed_than_was_listed(bench, listed, passed):
    bench.receipt("deploy", figures={"listed": listed})
    destroyed(bench, 9)
    assert bench.ask("destroy").passed is passed


def test_a_count_that_is_missing_is_one_problem_and_too_little_another(bench):
    bench.receipt("deploy", figures={"listed": 1})
    name = bench.receipt("destroy", figures={"had": True, "gone": 1}).name
    assert bench.ask("destroy").problems == (
        f"{name}: had = True, but 1 resources were deployed",
        f"{name}: had = True, gone = 1: no count of what was proved gone",
    )


def test_a_destruction_before_the_deployment_is_named_with_it(bench):
    name = sorted(path.name for path in bench.run.receipts.glob("*-destroy.json"))[-1]
    later = bench.receipt("deploy").name
    assert bench.ask("destroy").problems == (f"{name}: is older than the deployment of {later}",)


@pytest.mark.parametrize("gate", ["receipts", "final-round", "unit-coverage"])
def test_the_tree_without_a_receipt_is_named_as_git_shortens_it(bench, gate):
    bench.edit(TEMPLATE, "PAY_PER_REQUEST", "PROVISIONED")
    for path in bench.run.receipts.glob("*-unit.json"):
        path.unlink()
    tree = bench.receipt("lint").read_text().partition('"tree": "')[2][:12]
    assert any(one == f"no receipt of unit for the tree {tree}" for one in bench.ask(gate).problems)


@pytest.mark.parametrize("gate", ["receipts", "final-round"])
def test_the_tree_that_passed_is_named_too(bench, gate):
    tree = bench.receipt("lint").read_text().partition('"tree": "')[2][:12]
    assert bench.ask(gate).reason.endswith(f"passed for the tree {tree}")


@pytest.mark.parametrize("status", [None, 0])
def test_a_stage_that_passed_exited_with_nothing_to_tell(bench, status):
    bench.receipt("build", status=status)
    assert bench.ask("receipts").passed


FLAT = "cfn-outputs/flat-outputs.json"


@pytest.mark.parametrize("value", [None, "", "  ", {}, []])
def test_an_output_without_a_value_is_named(bench, value):
    bench.write(FLAT, json.dumps({"QueueUrl": value}))
    assert "empty" in bench.ask("outputs").reason


@pytest.mark.parametrize("value", [0, False, "x", ["a"], {"a": 1}])
def test_an_output_may_be_of_any_kind(bench, value):
    bench.write(FLAT, json.dumps({"QueueUrl": value}))
    assert bench.ask("outputs").passed


@pytest.mark.parametrize("text", ["[]", '"x"', "{}", "[1]"])
def test_outputs_that_are_no_mapping_are_refused(bench, text):
    bench.write(FLAT, text)
    assert "holds no output" in bench.ask("outputs").reason


@pytest.mark.parametrize("count", [True, "1", 0, -1, None, 1.0])
def test_a_count_of_outputs_is_a_whole_number_above_zero(bench, count):
    bench.receipt("outputs", figures={"outputs": count})
    assert not bench.ask("outputs").passed


def test_outputs_need_their_receipt(bench):
    for path in bench.run.receipts.glob("*-outputs.json"):
        path.unlink()
    assert "no receipt of outputs" in bench.ask("outputs").reason


@pytest.mark.parametrize(
    ("figures", "passed"),
    [
        ({"had": 3, "gone": 3}, True),
        ({"had": 3, "gone": 4}, False),
        ({"had": 3, "gone": 2}, False),
        ({"had": 3, "gone": 1, "unverified": ["a", "b"]}, True),
        ({"had": 3, "gone": 1, "unverified": ["a"]}, False),
        ({"had": 3, "gone": 3, "unverified": None}, True),
        ({"had": 3, "gone": 0, "unverified": ["a", "b", "c"]}, False),
        ({"had": 3, "gone": 0, "unverified": "abc"}, False),
        ({"had": 3, "gone": 3, "unverified": 7}, False),
        ({"had": True, "gone": True}, False),
        ({"had": 1, "gone": -1, "unverified": ["a", "b"]}, False),
        ({"had": -1, "gone": 0}, False),
        ({"had": 3}, False),
        ({"gone": 3}, False),
        ({"had": "3", "gone": 3}, False),
    ],
)
def test_what_was_had_and_what_is_gone(bench, figures, passed):
    bench.receipt("destroy", figures=figures)
    assert bench.ask("destroy").passed is passed


def test_nothing_to_destroy_where_nothing_was_deployed(bench):
    for path in bench.run.receipts.glob("*-deploy.json"):
        path.unlink()
    assert "nothing was ever deployed" in bench.ask("destroy").reason
    bench.receipt("deploy", verdict="not run", reason="no cloud")
    assert "nothing was ever deployed" in bench.ask("destroy").reason


def test_a_deployment_that_was_not_run_makes_no_destroy_old(bench):
    bench.receipt("deploy", verdict="not run", reason="no cloud")
    assert bench.ask("destroy").passed


def test_a_failed_destroy_is_no_proof(bench):
    bench.receipt("destroy", verdict="failed", reason="stuck", figures={"had": 3, "gone": 3})
    assert "destroy failed: stuck" in bench.ask("destroy").reason


def test_a_log_is_missed_and_a_stage_without_one_is_not(bench):
    (bench.run.logs / "unit.log").unlink()
    assert "its log logs/unit.log is missing or was changed" in bench.ask("receipts").reason
    bench.receipt("unit", log="", log_sha256="")
    assert "names no log of what unit did" in bench.ask("receipts").reason
    bench.receipt("unit")
    bench.receipt("outputs", log="", log_sha256="")
    assert bench.ask("receipts").passed
    bench.receipt("outputs", log="", log_sha256="0" * 64)
    assert "names no log" in bench.ask("receipts").reason


def test_a_log_outside_the_run_proves_nothing(bench):
    bench.receipt("lint", log="../../README.md", log_sha256=digest(bench.repo / "README.md"))
    assert "is missing or was changed" in bench.ask("receipts").reason


@pytest.mark.parametrize(("stage", "passed"), [("unit", False), ("build", False), ("lint", True)])
def test_only_a_linter_may_exit_with_one(bench, stage, passed):
    figures = {"coverage": 100.0} if stage == "unit" else {}
    bench.receipt(stage, status=1, figures=figures)
    assert bench.ask("receipts").passed is passed


@pytest.mark.parametrize(("tries", "passed"), [([9], True), ([3], False), ([9, 3], True), ([4, 3], False)])
def test_all_that_was_deployed_was_destroyed(bench, tries, passed):
    bench.receipt("deploy", figures={"listed": 9})
    for had in tries:
        bench.receipt("destroy", figures={"had": had, "gone": had, "unverified": []})
    assert bench.ask("destroy").passed is passed


@pytest.mark.parametrize("stage", ["build", "synth", "lint", "unit"])
def test_the_final_round_is_these_four(bench, stage):
    for path in bench.run.receipts.glob(f"*-{stage}.json"):
        path.unlink()
    assert f"no receipt of {stage}" in bench.ask("final-round").reason


def test_the_final_round_asks_for_no_deployment(bench):
    bench.receipt("deploy", verdict="failed", reason="x")
    assert bench.ask("final-round").passed


@pytest.mark.parametrize(
    ("figures", "problem"),
    [
        ({"had": 0, "gone": 0}, "the stack had nothing: no deployment was destroyed"),
        ({"had": 3, "gone": 2}, "2 of 3 resources proved gone"),
        ({"had": 3, "gone": 0, "unverified": ["a", "b", "c"]}, "0 of 3 resources proved gone"),
        ({"had": 3, "gone": 3, "unverified": "abc"}, "unverified = 'abc': wanted a list of resources"),
    ],
)
def test_why_a_destruction_proves_nothing_is_told_once(bench, figures, problem):
    name = bench.receipt("destroy", figures=figures).name
    assert bench.ask("destroy").problems == (f"{name}: {problem}",)
