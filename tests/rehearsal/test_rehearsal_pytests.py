"""The integration tests in Python, run for real: they pass over a deployed stack of everything, and fail without it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as Xml
from collections.abc import Iterator
from pathlib import Path

import pytest
from bakery import build, client, deploy, emulator

import kit
from kit.rehearsal.blueprints import body, heads, listed
from kit.rehearsal.composing import compose
from kit.rehearsal.emit_cfn import dump
from kit.rehearsal.reading import read
from kit.rehearsal.stack import Stack
from kit.rehearsal.testing import integration_case, integration_tests
from kit.rehearsal.testing_python import integration_tests_python
from kit.rehearsal.wirings import wirings

TEMPLATES = Path(kit.__file__).parents[2] / "templates"
WIRED = """\
- An S3 bucket for price lists that triggers a Lambda function on every upload
- An SQS queue for orders that triggers the Lambda function
- An SQS queue for audits
- A DynamoDB table with orderId as the partition key
- A VPC with public and private subnets and a NAT gateway
"""


def of_everything() -> Stack:
    """A stack with every service that has integration tests, those that others make unnecessary as well."""
    brief = read(WIRED)
    tested = {service for service in heads() if body(service).get("integration")}
    needed = {other for service in tested for other in listed(heads()[service].get("needs"))}
    for service in sorted(tested | needed):
        brief.services.setdefault(service, [heads()[service]["role"]])
    stack = compose(brief)
    for service in sorted(tested - {one.service for one in stack.instances if one.main in stack.resources}):
        stack.add(service)
    assert stack.apply(body("sqs")["practices"]["fifo"], "AuditsQueue", "sqs")
    return stack


class Project:
    """A project's integration tests beside the outputs of its stack."""

    def __init__(self, root: Path, text: str, outputs: dict[str, str]) -> None:
        self.root, self.text, self.outputs = root, text, outputs
        self.names = set(re.findall(r"(?m)^def (test_\w+)", text))
        for path, content in {
            "tests/integration/test_tap_stack.py": text,
            "cfn-outputs/flat-outputs.json": json.dumps(outputs),
            "pyproject.toml": (TEMPLATES / "cdk-py" / "pyproject.toml").read_text(encoding="utf-8"),
        }.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(content, encoding="utf-8")

    def run(self, cloud: str, some: str = "") -> tuple[set[str], set[str]]:
        """The names of the tests that pass and of those that fail against a cloud; `some` is a word of their names."""
        keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "HOME": str(self.root)}
        where = {"AWS_ENDPOINT_URL": cloud, "AWS_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1"}
        words = [sys.executable, "-m", "pytest", "-p", "no:xdist", "--junitxml=results.xml", "-k", some]
        path = {"PATH": os.environ["PATH"]}
        subprocess.run(
            [*words, "tests/integration"],
            cwd=self.root,
            env=path | keys | where,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        passed: set[str] = set()
        failed: set[str] = set()
        for case in Xml.parse(self.root / "results.xml").iter("testcase"):
            (failed if list(case) else passed).add(case.attrib["name"])
        return passed, failed


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, str]]:
    """The stack of everything, deployed, with its tests, and the address of the cloud that it stands in."""
    stack = of_everything()
    with emulator(tmp_path_factory.mktemp("cloud")) as address:
        outputs = deploy(dump(stack.template, "json"), address, "py")
        root = tmp_path_factory.mktemp("project")
        yield Project(root, integration_tests_python(stack), outputs), address


def test_the_stack_of_everything_calls_for_every_case() -> None:
    stack = of_everything()
    entries = {
        (service, number): spec
        for service in heads()
        for number, spec in enumerate(body(service).get("integration", []))
    }
    called = {
        (one.service, number)
        for one in stack.adopt()
        for number, spec in enumerate(body(one.service).get("integration", []))
        if integration_case(stack, one, spec, "python")
    }
    assert called == set(entries)
    for spec in entries.values():
        assert spec["python"], spec["title"]
        assert spec.get("body") or spec["looked_up"], spec["title"]


def test_every_case_passes_over_a_deployed_stack(standing: tuple[Project, str]) -> None:
    project, cloud = standing
    passed, failed = project.run(cloud)
    assert not failed
    assert passed == project.names


def test_a_case_fails_when_what_it_uses_is_broken(standing: tuple[Project, str]) -> None:
    project, cloud = standing
    keys, key = client(cloud, "kms"), project.outputs["StackKeyArn"].rpartition("/")[2]
    keys.disable_key(KeyId=key)
    try:
        passed, failed = project.run(cloud, "key or alerts")
    finally:
        keys.enable_key(KeyId=key)
    assert failed == {"test_encrypts_and_decrypts_under_the_key"}
    assert passed == {"test_publishes_to_the_alerts_topic_and_a_subscribed_queue_hears_it"}


def test_every_case_fails_where_there_is_nothing(standing: tuple[Project, str], tmp_path: Path) -> None:
    project, cloud = standing
    nowhere = {name: value[:-1] + ("1" if value.endswith("0") else "0") for name, value in project.outputs.items()}
    passed, failed = Project(tmp_path, project.text, nowhere).run(cloud)
    assert not passed
    assert failed == project.names


def test_the_text_is_clean_by_the_templates_configuration(standing: tuple[Project, str]) -> None:
    ruff = [sys.executable, "-m", "ruff"]
    for words in (["check"], ["format", "--diff"]):
        done = subprocess.run(
            [*ruff, *words, "--no-cache", "."], cwd=standing[0].root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_cases_with_one_title_have_names_of_their_own() -> None:
    stack = of_everything()
    [mapping] = [one for one in stack.resources.values() if one["Type"] == "AWS::Lambda::EventSourceMapping"]
    stack.resources["Again"] = mapping
    text = integration_tests_python(stack)
    assert "def test_lets_a_message_start_processorfunction_which_writes_a_row(" in text
    assert "def test_lets_a_message_start_processorfunction_which_writes_a_row_2(" in text


def test_a_queue_that_keeps_the_order_is_told_the_group_of_a_message() -> None:
    stack = of_everything()
    assert {one.kind for one in wirings(stack)} == {"AWS::S3::Bucket", "AWS::SQS::Queue"}
    assert "**fifo)[" not in integration_tests_python(stack)
    stack.resources["OrdersQueue"]["Properties"]["FifoQueue"] = True
    assert {one.kind for one in wirings(stack)} == {"AWS::S3::Bucket", "AWS::SQS::Queue.fifo"}
    assert "**fifo)[" in integration_tests_python(stack)
    assert "MessageBody: '{}', ...fifo" in integration_tests(stack)


def test_a_stack_without_cases_is_tested_by_its_outputs() -> None:
    stack = build("s3")
    stack.template["Outputs"] = {}
    text = integration_tests_python(stack)
    assert "def test_has_outputs(" in text
    assert "boto3" not in text


def test_what_cannot_be_asked_for_is_left_out_where_there_is_no_cloudformation() -> None:
    stack = build("kinesis", "dynamodb")
    assert "DescribeStackResourceCommand" in integration_tests(stack)
    elsewhere = integration_tests(stack, cloudformation=False)
    assert "DescribeStackResourceCommand" not in elsewhere
    assert "PutItemCommand" in elsewhere
