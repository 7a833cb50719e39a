"""cdk-py: a finished project goes up the whole ladder, broken ones stop where they should."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from climb_support import broken, climb, opened

from kit.ladder.foreign import ForeignRun
from kit.ladder.stages import run_ladder

STACK = "lib/tap_stack.py"
UNIT = "tests/unit/test_tap_stack.py"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForeignRun]:
    with opened("cdk-py", tmp_path_factory.mktemp("cdk-py")) as made:
        yield made


def test_a_finished_project_goes_up_the_ladder(run: ForeignRun) -> None:
    climb(run)


def test_types_and_tests_that_are_wrong_are_named(run: ForeignRun) -> None:
    with (
        broken(run, UNIT, '"TopicName": "orders-test"', '"TopicName": "orders-prod"'),
        broken(run, STACK, "        bucket = s3", "        count: int = 'one'\n        bucket = s3"),
    ):
        build, unit = run_ladder(run, ["build", "unit"])
    assert build.reason.startswith(f"1 type errors; first {STACK}:19: Incompatible types"), build.reason
    assert unit.verdict == "failed" and "1 of 2 tests failed; first" in unit.reason


def test_a_syntax_error_is_named_with_its_line(run: ForeignRun) -> None:
    with broken(run, STACK, "        topic = sns", "        topic = = sns"):
        lint, build, synth = run_ladder(run, ["lint", "build", "synth"])
    assert build.reason.startswith(f"{STACK}:25: SyntaxError"), build.reason
    assert synth.verdict == "failed" and f"at {STACK}:25: SyntaxError" in synth.reason, synth.reason
    assert (lint.verdict, lint.findings[0]["file"], lint.findings[0]["line"]) == ("failed", STACK, 25)


def test_a_bucket_that_would_stay_is_not_deployed(run: ForeignRun) -> None:
    with broken(run, STACK, "RemovalPolicy.DESTROY", "RemovalPolicy.RETAIN"):
        deploy, destroy = run_ladder(run, ["deploy", "destroy"])
    assert deploy.verdict == "failed" and deploy.findings[0]["rule"] == "destroyable/deletion-policy"
    assert destroy.passed
