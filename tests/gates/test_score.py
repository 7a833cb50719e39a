"""The score the facts support, and what becomes of the reviewer's."""

import math

import pytest

from kit.errors import Failure
from kit.gates.gap import Change, Gap
from kit.gates.score import band, facts_of, settle


def gap(*categories):
    return Gap([Change("changed", "A", "p", name) for name in categories], not categories)


@pytest.mark.parametrize(
    ("found", "troubles", "low", "high"),
    [
        (gap(), 0, 0, 2),
        (gap("style"), 0, 1, 4),
        (gap("naming", "naming"), 0, 1, 4),
        (gap("cost"), 0, 2, 7),
        (gap("cost", "network"), 0, 4, 8),
        (gap("cost", "network", "function"), 0, 4, 8),
        (gap("cost", "network", "security"), 0, 5, 8),
        (gap("style"), 1, 6, 9),
        (gap("security"), 1, 7, 9),
        (gap("security", "cost", "network"), 2, 7, 9),
    ],
)
def test_bands_of_medium(found, troubles, low, high):
    assert band(facts_of(found, troubles), "medium")[:2] == (low, high)


def test_hard_reaches_ten():
    assert band(facts_of(gap("security", "cost", "network"), 1), "hard")[:2] == (7, 10)


def test_an_unknown_complexity_has_no_band():
    with pytest.raises(Failure, match="expert"):
        band(facts_of(gap(), 0), "expert")


@pytest.mark.parametrize(("given", "used"), [(5, 5), (4, 4), (8, 8), (9, 8), (10, 8), (3.9, 4), (0, 4)])
def test_the_reviewers_score_counts_inside_the_band(given, used):
    found = settle(given, gap("cost", "network"), 0, "medium")
    assert (found.reviewer, found.low, found.high, found.used) == (given, 4, 8, used)
    assert bool(found.note) == (given != used)


def test_the_edge_is_said():
    assert (
        settle(9, gap("cost", "network"), 0, "medium").note == "the reviewer gave 9; facts support 4 to 8, so 8 counts"
    )


@pytest.mark.parametrize("given", [None, "7", math.nan, True, 11, -1])
def test_no_score_stays_none(given):
    found = settle(given, gap("cost"), 0, "medium")
    assert (found.reviewer, found.used) == (None, None)
    assert "training_quality" in found.note


def test_the_facts_are_told():
    found = settle(5, gap("cost", "network"), 0, "medium")
    assert "differences: 1 cost, 1 network" in found.facts
    assert settle(1, gap(), 0, "hard").facts[-2:] == ["differences: none", "complexity: hard"]
