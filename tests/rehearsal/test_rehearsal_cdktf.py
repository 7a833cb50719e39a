"""Stacks as CDK for Terraform programs: how they are laid out, and one of many services, built, synthesized and tested."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import pytest
from bakery import build, harden

from kit.ladder import install
from kit.ladder.foreign import ForeignRun
from kit.ladder.stages import run_ladder
from kit.rehearsal.blueprints import heads
from kit.rehearsal.emit_cdktf import files
from kit.rehearsal.stack import Stack
from kit.rehearsal.testing_cdktf import unit_tests
from kit.settings import TOOLKIT, Settings

SERVICES = sorted(heads())
MANY = ("s3", "lambda", "sqs", "dynamodb", "alb", "autoscaling", "rds", "secrets", "ecs", "apigateway", "waf", "iot")
MAIN = {"ts": "lib/tap-stack.ts", "py": "lib/tap_stack.py"}
TESTS = {"ts": "test/tap-stack.unit.test.ts", "py": "tests/unit/test_tap_stack.py"}


def hardened(*services: str) -> Stack:
    stack = build(*services)
    for service in SERVICES:
        harden(stack, service)
    return stack


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_written_with_what_it_uses_and_no_more(service: str) -> None:
    for stack in (build(service), hardened(service)):
        for path, text in files(stack, "py").items():
            if not path.startswith("lib/lambda/"):
                imported, used = set(), set()
                for node in ast.walk(ast.parse(text)):
                    if isinstance(node, ast.ImportFrom | ast.Import):
                        imported |= {one.asname or one.name for one in node.names}
                    elif isinstance(node, ast.Name):
                        used.add(node.id)
                assert imported - used == set(), path
        for path, text in files(stack, "ts").items():
            if not path.startswith("lib/lambda/"):
                imported = set(re.findall(r"\w+", " ".join(re.findall(r"^import \{ (.*?) \}", text, re.M))))
                made = set(re.findall(r"^ +const (\w+) = new", text, re.M))
                for name in imported | made:
                    assert len(re.findall(rf"\b{name}\b", text)) > 1, f"{path}: {name}"


def test_the_same_stack_gives_the_same_program() -> None:
    for language in ("ts", "py"):
        assert files(hardened(*MANY), language) == files(hardened(*MANY), language)
        assert unit_tests(hardened(*MANY), language) == unit_tests(hardened(*MANY), language)


@pytest.mark.parametrize("language", ["ts", "py"])
def test_a_short_program_is_one_file_and_a_long_one_is_laid_out_by_subject(language: str) -> None:
    assert list(files(build("sqs"), language)) == [MAIN[language]]
    made = files(hardened(*MANY), language)
    code = {path: text for path, text in made.items() if not path.startswith("lib/lambda/")}
    assert len(code) > 4
    assert max(text.count("\n") for text in code.values()) < 700
    assert sum("PROJECT = " in text for text in code.values()) == 1


def test_names_that_only_the_provider_knows_are_asked_of_it_once() -> None:
    text = files(build("s3", "vpc"), "ts")[MAIN["ts"]]
    assert text.count("new DataAwsCallerIdentity(this, 'Account')") == 1
    assert "availabilityZone: Fn.element(zones.names, 0)," in text
    assert "bucket: `${PROJECT}-data-${account.accountId}-${environmentSuffix}`," in text


def test_what_is_left_out_is_said_above_the_class() -> None:
    for language, mark in (("ts", "// "), ("py", "# ")):
        text = files(build("alb"), language)[MAIN[language]]
        assert f"{mark}HttpsListener is left out: it is wanted only when HasCertificate holds" in text


def test_other_parameters_are_arguments_with_their_defaults() -> None:
    stack = build("route53")
    assert "domainName?: string;" in files(stack, "ts")[MAIN["ts"]]
    assert "const domainName = props.domainName ?? 'example.internal';" in files(stack, "ts")[MAIN["ts"]]
    assert 'domain_name: str = "example.internal"' in files(stack, "py")[MAIN["py"]]


def test_a_dollar_of_another_language_is_none_of_terraform_s() -> None:
    assert "$${topic()}" in "".join(files(build("iot"), "ts").values())


@pytest.mark.parametrize("language", ["ts", "py"])
def test_a_program_of_many_services_is_built_synthesized_and_tested(language: str, tmp_path: Path) -> None:
    pair = f"cdktf-{language}"
    project = tmp_path / "project"
    shutil.copytree(TOOLKIT / "templates" / pair, project, ignore=shutil.ignore_patterns("node_modules", "coverage"))
    stack = hardened(*MANY)
    for path, text in {**files(stack, language), TESTS[language]: unit_tests(stack, language)}.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text, encoding="utf-8")
    install.install(project, tmp_path / "install.log")
    run = ForeignRun.open(project, pair, Settings.load(environ={}), folder=tmp_path / "run")
    found = {one.stage: one for one in run_ladder(run, ["build", "synth", "unit"])}
    assert {stage: (one.verdict, one.reason) for stage, one in found.items()} == dict.fromkeys(found, ("passed", ""))
    assert found["unit"].figures["coverage"] == 100.0
    assert found["synth"].figures["resources"] > 80
