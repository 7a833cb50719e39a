"""What one sentence, or one log, of a MODEL_FAILURES file claims about the answer."""

import pytest

from kit.gates.explain import DEPLOYMENT, MINIMAL, UNDECIDABLE, explain
from kit.gates.failures_claims import BLOCKED, NOTHING, claim, is_hole, log_claim


@pytest.mark.parametrize(
    ("sentence", "claimed"),
    [
        ("Rejected images remained in the first bucket.", NOTHING),
        ("Stopped instances keep paying for their volumes.", NOTHING),
        ("Cost: stopped instances keep paying for their volumes.", NOTHING),
        ("A failing run was only seen in the console.", NOTHING),
        ("Failed deployment of the first template.", BLOCKED),
        ("Unresolved reference to `DbSubnets` in the template.", BLOCKED),
        ("The model did not know that the vault takes tags of another form.", NOTHING),
        ("The property does not exist.", BLOCKED),
        ("Two of the changes were needed to get the synth to pass.", BLOCKED),
        ("No change was needed to get the synth to pass.", NOTHING),
        ("The fix was another family, after which the change set executed.", BLOCKED),
        ("Batch answered 400.", BLOCKED),
        ("A batch that is too large is split, which the account limits.", NOTHING),
        ("The filter matches `ERROR now` only in capitals.", NOTHING),
        ("The build printed `error: no such file` and ended.", BLOCKED),
    ],
)
def test_a_sentence_claims(sentence, claimed):
    assert claim(sentence) == claimed


@pytest.mark.parametrize(
    ("log", "claimed"),
    [
        ("Creating the stack\nDone in three seconds", NOTHING),
        ("The value of this must be a number", BLOCKED),
        ("it must be so", NOTHING),
        ("The test did not find what was expected of it", NOTHING),
        ("The test ended in a ValidationException", BLOCKED),
        ("[WARNING] the property must be given by its new name", NOTHING),
        ("AssertionError: expected 2 functions but found 3", NOTHING),
    ],
)
def test_a_log_claims(log, claimed):
    assert log_claim(log) == claimed


@pytest.mark.parametrize(
    ("distance", "hole"), [(10, True), (100, True), (200, False)], ids=["near", "in the same breath", "far"]
)
def test_who_can_reach_what_must_stand_near_each_other(distance, hole):
    between = "x" * distance
    assert is_hole(f"Open to anyone {between} the database.") is hole


def test_a_message_of_the_function_that_stands_with_the_mending_is_no_failure():
    text = "# Failures\n\n### 1. Errors\n**Issue**: The function raised a bare one, which tells the caller little.\n"
    mended = f"{text}**Fix**: It raises `SourceError: no price` with the status of the source.\n"
    assert explain(mended).verdict == MINIMAL
    told = f"{text}**Fix**: Before that `cdk synth` stopped with `SourceError: no price`.\n"
    assert explain(told).verdict == DEPLOYMENT


@pytest.mark.parametrize(("filled", "empty", "verdict"), [(3, 4, UNDECIDABLE), (4, 4, MINIMAL), (0, 3, MINIMAL)])
def test_a_form_that_is_mostly_empty_is_unfilled(filled, empty, verdict):
    issue = "The queue has no suffix, so that its name is the same in each environment of the team."
    points = [f"**Issue**: {issue}\n"] * filled + ["**Issue**:\n"] * empty
    text = (
        "# Failures\n\n### 1. Names of queues\n" + ("" if filled else f"{issue}\n") + "\n".join(points) + "\n### End\n"
    )
    assert explain(text).verdict == verdict


def test_a_long_quote_is_cut():
    sentence = "The build failed " + "very " * 40 + "badly."
    [reason] = explain(f"# Failures\n\n### 1. Point\n**Issue**: {sentence}\n**Fix**: Mended.\n").reasons
    assert reason == f'1. Point: "{sentence[:137]}..."'
