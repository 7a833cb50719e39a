"""cdk-ts: a finished project goes up the whole ladder, broken ones stop where they should."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from climb_support import broken, climb, opened

from kit.ladder.foreign import ForeignRun
from kit.ladder.stages import run_ladder, run_stage

STACK = "lib/tap-stack.ts"
UNIT = "test/tap-stack.unit.test.ts"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForeignRun]:
    with opened("cdk-ts", tmp_path_factory.mktemp("cdk-ts")) as made:
        yield made


def test_a_finished_project_goes_up_the_ladder(run: ForeignRun) -> None:
    climb(run)


def test_types_and_tests_that_are_wrong_are_named(run: ForeignRun) -> None:
    with (
        broken(run, UNIT, "TopicName: 'orders-test'", "TopicName: 'orders-prod'"),
        broken(run, UNIT, "const template", "const count: number = 'one';\nconst template"),
    ):
        build, unit = run_ladder(run, ["build", "unit"])
    assert build.reason.startswith(f"1 type errors; first {UNIT}:5: Type 'string' is not assignable")
    assert unit.verdict == "failed" and unit.reason.startswith(
        "1 of 3 tests failed; first the names end with the suffix"
    )


def test_a_syntax_error_is_named_with_its_line(run: ForeignRun) -> None:
    with broken(run, STACK, "    const topic = new", "    const topic = = new"):
        lint, synth = run_ladder(run, ["lint", "synth"])
    assert synth.reason.startswith(f"synth exited with 1 at {STACK}:"), synth.reason
    assert lint.verdict == "failed" and lint.findings[0]["file"] == STACK


def test_resources_that_wait_for_each_other_fail_the_synth(run: ForeignRun) -> None:
    circle = "topic.node.addDependency(bucket);\n    bucket.node.addDependency(topic);\n    bucket.grantPut(keep);"
    with broken(run, STACK, "bucket.grantPut(keep);", circle):
        synth = run_stage(run, "synth")
    assert synth.verdict == "failed"
    assert "wait for each other" in synth.reason or "cycl" in synth.reason.lower(), synth.reason


def test_a_bucket_that_would_stay_is_not_deployed(run: ForeignRun) -> None:
    with broken(run, STACK, "RemovalPolicy.DESTROY", "RemovalPolicy.RETAIN"):
        deploy, destroy = run_ladder(run, ["deploy", "destroy"])
    assert deploy.verdict == "failed" and deploy.findings[0]["rule"] == "destroyable/deletion-policy"
    assert destroy.passed


def test_a_stack_without_outputs_fails_their_stage(run: ForeignRun) -> None:
    text = (run.worktree / STACK).read_text()
    lines = "".join(line for line in text.splitlines(keepends=True) if "CfnOutput" in line)
    with broken(run, STACK, lines, ""):
        found = {one.stage: one for one in run_ladder(run, ["deploy", "outputs", "integration", "destroy"])}
    assert found["outputs"].reason == "the stacks have no outputs"
    assert found["integration"].verdict == "not run"
    assert found["destroy"].passed
