"""pulumi-py: a finished project goes up the whole ladder, broken ones stop where they should."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from climb_support import broken, climb, opened

from kit.ladder.foreign import ForeignRun
from kit.ladder.stages import run_ladder, run_stage

STACK = "lib/tap_stack.py"
UNIT = "tests/unit/test_tap_stack.py"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForeignRun]:
    with opened("pulumi-py", tmp_path_factory.mktemp("pulumi-py")) as made:
        yield made


def test_a_finished_project_goes_up_the_ladder(run: ForeignRun) -> None:
    climb(run)
    made = json.loads((run.worktree / "pulumi.out" / "stack.tf.json").read_text())["resource"]
    assert "aws_iam_role_policy.policy" in made["aws_lambda_function"]["function"]["depends_on"]


def test_types_and_tests_that_are_wrong_are_named(run: ForeignRun) -> None:
    with (
        broken(run, UNIT, '== "orders-test"', '== "orders-prod"'),
        broken(run, STACK, "        orders = f", "        count: int = 'one'\n        orders = f"),
    ):
        build, unit = run_ladder(run, ["build", "unit"])
    assert build.reason.startswith(f"1 type errors; first {STACK}:28: Incompatible types"), build.reason
    assert unit.verdict == "failed" and "1 of 2 tests failed; first" in unit.reason


def test_a_configuration_value_that_is_not_set_is_named(run: ForeignRun) -> None:
    with broken(run, STACK, "        orders = f", "        pulumi.Config().require('size')\n        orders = f"):
        synth = run_stage(run, "synth")
    assert f"at {STACK}:28" in synth.reason
    assert "Missing required configuration variable 'TapStack:size'" in synth.reason, synth.reason


def test_what_only_the_engine_could_do_is_named(run: ForeignRun) -> None:
    more = (
        "pulumi.StackReference('org/network/prod')\n        s3.BucketV2.get('shared', 'bucket-1')\n        topic = sns"
    )
    with broken(run, STACK, "topic = sns", more):
        synth = run_stage(run, "synth")
    told = {one["resource"]: one["message"] for one in synth.findings}
    assert told["org/network/prod"].startswith("reads the outputs of another stack")
    assert told["shared"].startswith("reads aws:s3/bucketV2:BucketV2 bucket-1, which is not there")
