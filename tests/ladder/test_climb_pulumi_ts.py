"""pulumi-ts: a finished project goes up the whole ladder, broken ones stop where they should."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from climb_support import broken, climb, opened

from kit.ladder.foreign import ForeignRun
from kit.ladder.stages import run_ladder, run_stage

STACK = "lib/tap-stack.ts"
UNIT = "test/tap-stack.unit.test.ts"
BUCKET = "{ bucket: `${name}-store` }, { parent: this });"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForeignRun]:
    with opened("pulumi-ts", tmp_path_factory.mktemp("pulumi-ts")) as made:
        yield made


def test_a_finished_project_goes_up_the_ladder(run: ForeignRun) -> None:
    climb(run)
    made = json.loads((run.worktree / "pulumi.out" / "stack.tf.json").read_text())["resource"]
    assert "aws_iam_role_policy.policy" in made["aws_lambda_function"]["function"]["depends_on"]
    # What the body refers to is not said twice.
    assert made["aws_sns_topic_subscription"]["subscription"]["depends_on"] == ["aws_lambda_permission.permission"]


def test_types_and_tests_that_are_wrong_are_named(run: ForeignRun) -> None:
    with (
        broken(run, UNIT, "toBe('orders-test')", "toBe('orders-prod')"),
        broken(run, UNIT, "const made", "const count: number = 'one';\nconst made"),
    ):
        build, unit = run_ladder(run, ["build", "unit"])
    assert build.reason.startswith(f"1 type errors; first {UNIT}:3: Type 'string' is not assignable")
    assert unit.verdict == "failed" and unit.reason.startswith(
        "1 of 2 tests failed; first the topic feeds the function"
    )


def test_a_syntax_error_is_named_with_its_line(run: ForeignRun) -> None:
    with broken(run, STACK, "    const topic = new", "    const topic = = new"):
        synth = run_stage(run, "synth")
    assert synth.reason.startswith(f"synth exited with 1 at {STACK}:"), synth.reason


def test_a_configuration_value_that_is_not_set_is_named(run: ForeignRun) -> None:
    with broken(run, STACK, "    const topic = new", "    new pulumi.Config().require('size');\n    const topic = new"):
        synth = run_stage(run, "synth")
    assert "Missing required configuration variable 'TapStack:size'" in synth.reason, synth.reason


def test_what_only_the_engine_could_do_is_named(run: ForeignRun) -> None:
    more = (
        "new pulumi.StackReference('org/network/prod');\n"
        "    aws.ec2.Vpc.get('shared', 'vpc-1');\n"
        "    const west = new aws.Provider('west', { region: 'us-west-2', profile: 'mine' });\n"
        "    new aws.sns.Topic('far', { name: 'far' }, { provider: west, protect: true });\n"
        "    const topic = new"
    )
    with broken(run, STACK, "const topic = new", more):
        synth = run_stage(run, "synth")
        made = json.loads((run.worktree / "pulumi.out" / "stack.tf.json").read_text())
    told = {one["resource"]: one["message"] for one in synth.findings}
    assert (
        told["org/network/prod"]
        == "reads the outputs of another stack, which is not there: only this program's resources are"
    )
    assert told["shared"].startswith("reads aws:ec2/vpc:Vpc vpc-1, which is not there")
    assert told["west"].startswith("profile of a provider is not carried over")
    assert made["provider"]["aws"] == [{"region": "us-east-1"}, {"alias": "west", "region": "us-west-2"}]
    assert made["resource"]["aws_sns_topic"]["far"] == {
        "name": "far",
        "provider": "aws.west",
        "lifecycle": {"prevent_destroy": True},
    }


def test_a_bucket_that_would_stay_is_not_deployed(run: ForeignRun) -> None:
    with broken(run, STACK, BUCKET, BUCKET.replace("parent: this", "parent: this, protect: true")):
        deploy, destroy = run_ladder(run, ["deploy", "destroy"])
    assert deploy.reason == "aws_s3_bucket.bucket: lifecycle.prevent_destroy is on: the stack could not be destroyed"
    assert destroy.passed
