"""What becomes of a gate's look: a word with its reason, whatever the gate does."""

from __future__ import annotations

from typing import cast

import pytest

from kit.errors import Failure
from kit.gates.gap import Gap
from kit.gates.model import Gate, Look, judge, judge_all
from kit.gates.subject import Subject

# None of these gates looks at it.
SUBJECT = cast(Subject, None)


def refuses(subject):
    raise Failure("lib/PROMPT.md: no such file", hint="make generate")


def test_a_gate_that_cannot_look_fails_with_what_is_missing():
    result = judge(Gate("odd", "", refuses), SUBJECT)
    assert (result.passed, result.reason) == (False, "lib/PROMPT.md: no such file")
    assert result.problems == (result.reason,)


def test_a_gate_that_finds_nothing_wrong_says_what_it_saw():
    result = judge(Gate("odd", "", lambda subject: Look("3 files")), SUBJECT)
    assert (result.name, result.passed, result.reason, result.problems) == ("odd", True, "3 files", ())


def test_every_gate_is_asked_in_order():
    gates = [Gate("a", "", refuses), Gate("b", "", lambda subject: Look("3 files"))]
    assert [(one.name, one.passed) for one in judge_all(gates, SUBJECT)] == [("a", False), ("b", True)]


@pytest.mark.parametrize("answer", [None, True, Gap(), Look(""), Look("  ", [])], ids=repr)
def test_a_gate_that_saw_nothing_fails(answer):
    result = judge(Gate("odd", "", lambda subject: answer), SUBJECT)
    assert (result.passed, result.reason) == (False, "the gate looked at nothing")


def test_a_gate_that_raises_fails_with_its_reason():
    result = judge(Gate("odd", "", lambda subject: 1 / 0), SUBJECT)
    assert not result.passed
    assert "ZeroDivisionError" in result.reason


def test_problems_are_counted_once():
    result = judge(Gate("odd", "", lambda subject: Look("x", ["a", "b", "a"])), SUBJECT)
    assert (result.reason, result.problems) == ("a (and 1 more)", ("a", "b"))
    assert judge(Gate("odd", "", lambda subject: Look("x", ["a"])), SUBJECT).reason == "a"
    assert judge(Gate("odd", "", lambda subject: Look("x", list("abc"))), SUBJECT).reason == "a (and 2 more)"
