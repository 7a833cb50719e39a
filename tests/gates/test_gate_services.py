"""Which services a prompt asks for, and what shows that they are there."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("Without SQS. Keep invoices in S3.", "S3"),
        ("No SQS; S3 keeps the invoices.", "S3"),
        ("Never use SQS\nS3 keeps the invoices.", "S3"),
        ("S3 without SQS", "S3"),
        ("Do not use SQS. SQS is cheap.", "SQS"),
        ("Orders are kept.", "no service by name"),
    ],
)
def test_a_word_that_takes_a_service_back_reaches_to_the_end_of_its_sentence(bench, prompt, asked):
    bench.write("lib/PROMPT.md", prompt)
    assert bench.ask("required-services").reason == f"the prompt asks for {asked}"


def test_a_later_prompt_asks_too(bench):
    bench.write("lib/PROMPT2.md", "An SNS topic tells of each order.\n")
    assert bench.ask("required-services").reason.startswith("SNS: the prompt asks for it, no resource of AWS::SNS::")


def test_only_prompts_ask(bench):
    bench.write("lib/notes.md", "SNS would do as well.\n")
    bench.write("lib/PROMPT_OLD.md", "An SNS topic tells of each order.\n")
    assert bench.ask("required-services").passed


def test_without_a_prompt_nothing_can_be_said(bench):
    (bench.root / "lib/PROMPT.md").unlink()
    assert bench.ask("required-services").reason == "lib/PROMPT.md: no such file"


@pytest.mark.parametrize(
    ("prompt", "properties", "passed"),
    [
        ("Encrypt with KMS.", "", False),
        ("Encrypt with KMS.", "    Properties: {KmsMasterKeyId: alias/aws/sqs}\n", True),
    ],
)
def test_a_sign_of_a_service_is_enough(bench, prompt, properties, passed):
    bench.write("lib/PROMPT.md", prompt)
    bench.edit("lib/TapStack.yml", "Outputs:\n", f"  More:\n    Type: AWS::SQS::Queue\n{properties}Outputs:\n")
    assert bench.ask("required-services").passed is passed
