"""The rule: only minimal, medium and below 7 asks for another round; whatever is no fact rejects."""

import math

import pytest

from kit.gates.rule import decide, score_of


def ask(**changes):
    return decide(**({"minimal": True, "complexity": "medium", "score": 6.9, "number": 1, "max_rounds": 3} | changes))


def test_minimal_medium_below_seven_iterates():
    made = ask()
    assert made.decision == "iterate"
    assert "round 2" in made.reasons[0]


@pytest.mark.parametrize(
    "changes",
    [{"minimal": False}, {"complexity": "hard"}, {"score": 7}, {"score": 10}, {"score": 7.0}],
    ids=str,
)
def test_anything_else_completes(changes):
    assert ask(**changes).decision == "complete"


def test_zero_is_a_score():
    assert ask(score=0).decision == "iterate"


def test_hard_never_iterates():
    assert {ask(complexity="hard", score=score).decision for score in (0, 3, 6.9)} == {"complete"}


@pytest.mark.parametrize(("number", "decision"), [(2, "iterate"), (3, "complete"), (4, "complete")])
def test_the_last_round_completes_and_says_so(number, decision):
    made = ask(number=number)
    assert made.decision == decision
    assert ("another round was due" in made.reasons[0]) == (decision == "complete")


@pytest.mark.parametrize(
    "score", [None, "7", "", math.nan, math.inf, -math.inf, True, False, 11, -1, -0.01, 10.01, [7], {"score": 7}], ids=repr
)  # fmt: skip
def test_what_is_no_score_rejects(score):
    made = ask(score=score)
    assert made.decision == "reject"
    assert "training_quality" in made.reasons[0]


def test_a_missing_score_is_called_missing():
    assert ask(score=None).reasons == ["training_quality is missing"]


def test_undecided_rejects():
    made = ask(minimal=None)
    assert (made.decision, len(made.reasons)) == ("reject", 1)


@pytest.mark.parametrize("complexity", ["", None, "expert", "Medium", 3])
def test_an_unknown_complexity_rejects(complexity):
    assert ask(complexity=complexity).decision == "reject"


def test_a_refusal_rejects_whatever_else_is_so():
    made = ask(score=9, refusals=["region: us-west-2", "secrets: a key"])
    assert made.decision == "reject"
    assert made.reasons == ["region: us-west-2", "secrets: a key"]


def test_every_reason_is_told():
    assert len(ask(minimal=None, score=None, complexity="x", refusals=["a"]).reasons) == 4


@pytest.mark.parametrize("value", [0, 10, 3.5])
def test_scores(value):
    assert score_of(value) == (float(value), "")
