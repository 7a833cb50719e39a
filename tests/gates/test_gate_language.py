"""What may stand beside a program of the platform and language that the task asks for, and what may not."""

from __future__ import annotations

import json

import pytest
from clean_run import FINAL
from test_gates import TEMPLATE

from kit.gates.stacks import of_text

CDK = "import * as cdk from 'aws-cdk-lib';\nexport class TapStack extends cdk.Stack {}\n"


@pytest.fixture
def program(bench):
    """A task that asks for cdk in TypeScript, with its stack."""
    bench.task(platform="cdk", language="ts")
    (bench.root / TEMPLATE).unlink()
    bench.write("lib/tap-stack.ts", CDK)
    return bench


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lib/lambda/intake.py", "def handler(event, context):\n    return event\n"),
        ("lib/lambda/orders/intake.py", "import boto3\n"),
        ("lib/lambda/intake.js", "exports.handler = async () => 1;\n"),
        ("lib/config.yml", "orders: 3\n"),
        ("lib/config.json", '{"orders": 3}\n'),
        ("lib/sizes.js", "module.exports = { orders: 3 };\n"),
        ("lib/README.md", "const cdk = require('aws-cdk-lib') stands at the head of the program.\n"),
        ("lib/notes.txt", "AWSTemplateFormatVersion is left out.\n"),
        ("lib/roles.ts", "export const roles = ['intake'];\n"),
    ],
)
def test_what_makes_no_resource_may_be_of_any_kind(program, name, text):
    program.write(name, text)
    result = program.ask("platform-language")
    assert result.passed, result.problems


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("lib/roles.py", "ROLES = ['intake']\n", "lib/roles.py: the task asks for ts"),
        ("lib/nested/deep/stack.py", "from aws_cdk import Stack\n", "lib/nested/deep/stack.py: the task asks for ts"),
        ("lib/nested/stack.mjs", "import * as cdk from 'aws-cdk-lib';\n", "lib/nested/stack.mjs: the task asks for ts"),
        ("lib/nested/stack.ts", "import { App } from 'cdktf';\n", "is written for cdktf, the task asks for cdk"),
        ("lib/deep/base.json", '{"Resources": {"A": {"Type": "AWS::SNS::Topic"}}}\n', "a template written by hand"),
        ("lib/deep/main.tf", "resource {}\n", "lib/ holds Terraform's own language, the task asks for cdk"),
    ],
)
def test_what_makes_resources_is_written_as_the_task_asks(program, name, text, words):
    program.write(name, text)
    assert words in program.ask("platform-language").reason


def test_a_stack_in_another_language_is_no_stack(program):
    (program.root / "lib/tap-stack.ts").unlink()
    program.write("lib/tap_stack.py", "from aws_cdk import Stack\n")
    assert "no .ts file below lib/ uses cdk" in program.ask("platform-language").problems


def test_the_app_alone_is_no_stack(program):
    (program.root / "lib/tap-stack.ts").unlink()
    program.write("bin/tap.ts", CDK)
    assert "no .ts file below lib/ uses cdk" in program.ask("platform-language").problems


def test_a_stack_may_be_written_in_python(program):
    program.task(language="py")
    assert "no .py file below lib/ uses cdk" in program.ask("platform-language").problems
    (program.root / "lib/tap-stack.ts").unlink()
    program.write("lib/tap_stack.py", "from aws_cdk import Stack\n")
    assert program.ask("platform-language").reason == "1 py files of cdk"


def test_a_language_that_the_platform_does_not_have_is_named(program):
    program.task(language="go")
    assert program.ask("platform-language").reason == "language 'go': cdk has ts and py"


@pytest.mark.parametrize("kind", ["Azure::Storage::Account", "Google::Storage::Bucket"])
def test_a_resource_of_another_cloud_in_a_template_is_refused(bench, kind):
    bench.edit(TEMPLATE, "Outputs:\n", f"  Extra:\n    Type: {kind}\nOutputs:\n")
    assert bench.ask("platform-language").reason == f"{TEMPLATE}: {kind}: no resource type of AWS"


@pytest.mark.parametrize("kind", ["Custom::Migration", "Alexa::ASK::Skill", "AWS::SNS::Topic"])
def test_a_resource_type_that_cloudformation_knows_is_none_of_another_cloud(bench, kind):
    bench.edit(TEMPLATE, "Outputs:\n", f"  Extra:\n    Type: {kind}\nOutputs:\n")
    assert bench.ask("platform-language").passed


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("bin/tap.ts", "export {};\n", "a program"),
        ("bin/run.sh", "true\n", ""),
        ("lib/TapStack.yaml", "Resources: {A: {Type: T}}\n", "a second template"),
        ("lib/main.hcl", "x\n", "Terraform"),
        ("lib/lambda/a.ts", "export {};\n", ""),
        ("lib/lambda/a.py", "from pulumi_aws import s3\n", "pulumi"),
        ("lib/stack.py", "from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket\n", "cdktf"),
        ("lib/stack.ts", "import { App } from 'cdktf';\n", "cdktf"),
        ("lib/stack.ts", "import * as s3 from 'aws-cdk-lib/aws-s3';\n", "cdk"),
        ("lib/stack.ts", "// aws-cdk-lib would do as well\n", ""),
    ],
)
def test_what_stands_beside_a_template(bench, name, text, words):
    bench.write(name, text)
    result = bench.ask("platform-language")
    assert result.passed is (not words)
    assert not words or words in " ".join(result.problems)


def test_a_task_in_json_wants_json(bench):
    bench.task(language="json")
    assert "lib/TapStack.json: no such file" in bench.ask("platform-language").reason
    bench.write("lib/TapStack.json", FINAL)
    assert "holds YAML, the task asks for JSON" in " ".join(bench.ask("platform-language").problems)
    (bench.root / TEMPLATE).unlink()
    bench.write("lib/TapStack.json", json.dumps(of_text(TEMPLATE, FINAL).body))
    assert bench.ask("platform-language").passed
