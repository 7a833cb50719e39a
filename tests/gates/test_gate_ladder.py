"""What was deployed was destroyed: the last deployment counts, and so does every try to destroy it."""

from __future__ import annotations

import pytest
from test_gates import TEMPLATE


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
