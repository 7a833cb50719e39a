"""The mutation test of the gates asks the tests that can tell, and no others."""

from __future__ import annotations

import sys

import pytest

from kit.settings import TOOLKIT


@pytest.fixture
def bench_script(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOLKIT / "scripts" / "bench"))
    import mutate_gates

    yield mutate_gates
    sys.modules.pop("mutate_gates")


def noted(seconds, *lines, passed=True):
    return {"passed": passed, "seconds": seconds, "lines": [["rule", line] for line in lines]}


def asked(script, tests, line):
    return script.Reach.of(tests).tests(script.Mutant("rule", line, "", ""))


def test_who_reaches_the_line_is_asked_first_and_the_quickest_before(bench_script):
    tests = {"slow": noted(3.0, 7), "quick": noted(1.0, 7), "beside": noted(0.5, 8)}
    assert asked(bench_script, tests, 7) == ["quick", "slow", "beside"]


def test_who_reaches_what_hardly_any_other_does_is_asked_before_the_quickest(bench_script):
    tests = {"quick": noted(1.0, 7), "telling": noted(3.0, 7, 9), "quicker": noted(0.5, 7)}
    assert asked(bench_script, tests, 7) == ["telling", "quicker", "quick"]


def test_the_modules_own_file_of_tests_is_asked_before_all_others(bench_script):
    own, other = "tests/gates/test_gate_rule.py::test_a", "tests/gates/test_overrule.py::test_b"
    tests = {other: noted(0.5, 7, 9), own: noted(1.0, 7), "quick": noted(0.1, 7)}
    assert asked(bench_script, tests, 7) == [own, other, "quick"]


def test_the_folders_own_file_of_tests_is_the_modules_too(bench_script):
    seconds = {"tests/gates/test_stacks.py::test_a": 1.0, "tests/gates/test_gates.py::test_b": 0.5}
    reach = bench_script.Reach.of(
        {test: {"passed": True, "seconds": one, "lines": [["stacks/leaning", 7]]} for test, one in seconds.items()}
    )
    assert reach.tests(bench_script.Mutant("stacks/leaning", 7, "", "")) == list(seconds)


def test_who_fails_without_a_mutant_is_not_asked(bench_script, capsys):
    assert asked(bench_script, {"broken": noted(1.0, 7, passed=False), "sound": noted(2.0, 7)}, 7) == ["sound"]
    assert "broken" in capsys.readouterr().err


def test_who_reaches_another_module_is_not_asked(bench_script):
    assert bench_script.Reach.of({"one": noted(1.0, 7)}).tests(bench_script.Mutant("gap", 7, "", "")) == []


def test_as_many_are_asked_as_fit_into_the_time_and_one_in_any_case(bench_script):
    most = bench_script.MOST
    assert asked(bench_script, {"a": noted(most / 2, 7), "b": noted(most / 2, 7), "c": noted(most, 7)}, 7) == ["a", "b"]
    assert asked(bench_script, {"long": noted(most + 1, 7)}, 7) == ["long"]


def test_a_mutant_that_no_test_reaches_survives(bench_script):
    reach = bench_script.Reach.of({"one": noted(1.0, 7)})
    assert not bench_script._try(bench_script.Mutant("gap", 7, "", ""), reach, None)
