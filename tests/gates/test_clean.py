"""The clean run passes everything, so that what a fixture breaks is what fails."""

from kit.gates import before_pr, decide


def test_every_gate_passes(bench):
    failed = {one.name: one.reason for one in before_pr(bench.run) if not one.passed}
    assert failed == {}


def test_every_gate_says_what_it_saw(bench):
    assert all(one.reason for one in before_pr(bench.run))


def test_the_round_is_complete(bench):
    value = decide(bench.run)
    assert (value["decision"], value["minimal"]) == ("complete", True)
    assert value["score"]["used"] == 7
