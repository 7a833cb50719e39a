"""CDK programs before the real tools: types, linters, and unit tests that compare what is synthesized with the stack."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bakery import build, harden

from kit.ladder import install
from kit.ladder.foreign import ForeignRun
from kit.ladder.stages import run_ladder
from kit.rehearsal.stack import Stack
from kit.rehearsal.targets import Target
from kit.settings import TOOLKIT, Settings

SERVICES = (
    *("lambda", "s3", "dynamodb", "sqs", "sns", "kms", "apigateway", "cloudwatch", "eventbridge", "secrets", "cognito"),
    *("vpc", "alb", "ecs", "rds", "autoscaling", "cloudfront", "cloudtrail", "efs", "stepfunctions", "route53"),
)


def much() -> Stack:
    stack = build(*SERVICES, wishes=("tags", "least_privilege", "encryption_kms"))
    for service in ("s3", "lambda", "sns", "alb", "rds"):
        harden(stack, service)
    return stack


@pytest.mark.parametrize("language", ["ts", "py"])
def test_a_program_of_many_services_is_typed_tidy_and_synthesizes_its_stack(language: str, tmp_path: Path) -> None:
    target, stack = Target("cdk", language), much()
    project = tmp_path / "project"
    shutil.copytree(TOOLKIT / "templates" / f"cdk-{language}", project, ignore=shutil.ignore_patterns("node_modules"))
    for path, text in {**target.files(stack), target.unit: target.unit_tests(stack)}.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text, encoding="utf-8")
    install.install(project, tmp_path / "install.log")
    run = ForeignRun.open(project, f"cdk-{language}", Settings.load(environ={}), folder=tmp_path / "run")
    found = {one.stage: one for one in run_ladder(run, ["build", "synth", "lint", "unit"])}
    assert {name: (one.verdict, one.reason) for name, one in found.items()} == dict.fromkeys(found, ("passed", ""))
    own = [one for one in found["lint"].findings if not str(one.get("file", "")).startswith("cdk.out")]
    assert own == []
    assert found["unit"].figures["coverage"] >= 90.0
