"""cdktf-ts: a finished project goes up the whole ladder, broken ones stop where they should."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from climb_support import broken, climb, opened

from kit.ladder.foreign import ForeignRun
from kit.ladder.stages import run_ladder, run_stage

STACK = "lib/tap-stack.ts"
UNIT = "test/tap-stack.unit.test.ts"
BUCKET = "new S3Bucket(this, 'Bucket', { bucket: `${name}-store` })"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForeignRun]:
    with opened("cdktf-ts", tmp_path_factory.mktemp("cdktf-ts")) as made:
        yield made


def test_a_finished_project_goes_up_the_ladder(run: ForeignRun) -> None:
    climb(run)


def test_types_and_tests_that_are_wrong_are_named(run: ForeignRun) -> None:
    with (
        broken(run, UNIT, "toBe('orders-test')", "toBe('orders-prod')"),
        broken(run, UNIT, "const stack", "const count: number = 'one';\nconst stack"),
    ):
        build, unit = run_ladder(run, ["build", "unit"])
    assert build.reason.startswith(f"1 type errors; first {UNIT}:4: Type 'string' is not assignable")
    assert unit.verdict == "failed" and unit.reason.startswith(
        "1 of 3 tests failed; first the names end with the suffix"
    )


def test_a_syntax_error_is_named_with_its_line(run: ForeignRun) -> None:
    with broken(run, STACK, "    const topic = new", "    const topic = = new"):
        synth = run_stage(run, "synth")
    assert synth.reason.startswith(f"synth exited with 1 at {STACK}:"), synth.reason


def test_resources_that_wait_for_each_other_fail_the_synth(run: ForeignRun) -> None:
    circle = BUCKET.replace(" })", ", tags: { topic: '${aws_sns_topic.Topic.arn}' } })")
    with (
        broken(run, STACK, BUCKET, circle),
        broken(run, STACK, "'Topic', { name }", "'Topic', { name, dependsOn: [bucket] }"),
    ):
        synth = run_stage(run, "synth")
    assert synth.verdict == "failed"
    assert "resources wait for each other: aws_s3_bucket.Bucket -> aws_sns_topic.Topic -> aws_s3_bucket" in synth.reason


def test_a_reference_that_leads_nowhere_fails_the_synth(run: ForeignRun) -> None:
    with broken(run, STACK, BUCKET, BUCKET.replace(" })", ", tags: { topic: '${aws_sns_topic.Gone.arn}' } })")):
        synth = run_stage(run, "synth")
    assert synth.reason == "aws_s3_bucket.Bucket: refers to aws_sns_topic.Gone, which is not there"


def test_a_bucket_that_would_stay_is_not_deployed(run: ForeignRun) -> None:
    with broken(run, STACK, BUCKET, BUCKET.replace(" })", ", lifecycle: { preventDestroy: true } })")):
        deploy, destroy = run_ladder(run, ["deploy", "destroy"])
    assert deploy.reason == "aws_s3_bucket.Bucket: lifecycle.prevent_destroy is on: the stack could not be destroyed"
    assert destroy.passed
