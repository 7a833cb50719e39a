"""Platform and language are read from the text; other names in it do not mislead."""

from __future__ import annotations

import pytest

from kit.errors import Failure
from kit.tasks import platforms

SAID = [
    ("Using AWS CDK with TypeScript, define a Lambda function that runs Python 3.8 and a table.", "cdk", "ts"),
    ("Create a CDK TypeScript program for a VPC. The handler is written in Python 3.12.", "cdk", "ts"),
    ("Design a TypeScript CDK stack. Output the CloudFormation template in JSON for review.", "cdk", "ts"),
    ("Build it with the AWS Cloud Development Kit (CDK) in Python. Lambdas use Node.js 20.", "cdk", "py"),
    ("Use AWS CDK (Python) to provision what our Terraform modules provision today.", "cdk", "py"),
    ("Write a CDK app in Python; the CloudFormation stacks it makes are named tap-*. No Pulumi.", "cdk", "py"),
    ("Create infrastructure code using CDKTF with Python, instead of AWS CDK with TypeScript.", "cdktf", "py"),
    (
        "Using CDK for Terraform (CDKTF) and TypeScript, create a stack. State lives in S3. Run terraform apply.",
        "cdktf",
        "ts",
    ),
    ("Use cdktf in TypeScript. It must not use AWS CDK or CloudFormation.", "cdktf", "ts"),
    ("Terraform CDK with Python is used; plain Terraform (HCL) is not.", "cdktf", "py"),
    ("Create a CloudFormation template in YAML. Policies are JSON documents, logs are JSON too.", "cfn", "yaml"),
    ("Provide a CloudFormation JSON template. The config map is kept in YAML files in S3.", "cfn", "json"),
    ("Write a CloudFormation template (JSON format) for a Lambda function in Python 3.11.", "cfn", "json"),
    ("CloudFormation is to be used; write everything in YAML. The function is TypeScript on Node.js.", "cfn", "yaml"),
    ("Replace our CDK TypeScript app by a CloudFormation template in YAML.", "cfn", "yaml"),
    ("Migrate from Terraform: create a Pulumi program in Python for the same VPC.", "pulumi", "py"),
    ("Use Pulumi with TypeScript; a Lambda function runs Python 3.9. CloudFormation must not be used.", "pulumi", "ts"),
    ("Pulumi's Python SDK is required. The API returns JSON.", "pulumi", "py"),
    ("Develop the infrastructure with Terraform's CDK for TypeScript.", "cdktf", "ts"),
    ("Build a stack with cdk (python); add CloudFormation outputs and a template validation in JSON.", "cdk", "py"),
    ("Write the template in JSON and use AWS CloudFormation; the code of the Lambda is Python.", "cfn", "json"),
    ("We are moving off of CloudFormation: write the new stack as a Pulumi TypeScript project.", "pulumi", "ts"),
    ("Create one CloudFormation template, TapStack.json, for an API written in TypeScript.", "cfn", "json"),
    ("CodePipeline deploys CloudFormation templates; use CDK with TypeScript to define it.", "cdk", "ts"),
    ("Platform: CloudFormation\nLanguage: YAML\n\nLater we may go to CDK with TypeScript.", "cfn", "yaml"),
    ("- **Platform**: Pulumi\n- **Language**: Python\n\nThe Lambda is written in TypeScript.", "pulumi", "py"),
]


@pytest.mark.parametrize(("text", "platform", "language"), SAID)
def test_what_the_text_says(text: str, platform: str, language: str) -> None:
    found = platforms.detect(text)
    assert (found.platform, found.language) == (platform, language)
    assert found.notes == []
    for phrase in found.witness.values():
        words = phrase.split()
        assert words
        assert " ".join(words) in " ".join(text.split())


@pytest.mark.parametrize(("text", "platform", "language"), SAID)
def test_a_column_that_says_something_else_is_a_conflict_and_the_text_decides(
    text: str, platform: str, language: str
) -> None:
    other = "Pulumi" if platform != "pulumi" else "CDK"
    found = platforms.detect(text, other, "")
    assert (found.platform, found.language) == (platform, language)
    assert [note for note in found.notes if note.startswith("conflict: the platform column says")]


def test_platform_terraform_beside_a_cdk_program_is_told() -> None:
    found = platforms.detect("Create a CDK TypeScript program that sets up a VPC.", "Terraform", "hcl")
    assert (found.platform, found.language) == ("cdk", "ts")
    assert found.notes == [
        "conflict: the platform column says 'Terraform', the text says 'Create a CDK TypeScript program that sets up'"
    ]


def test_the_columns_decide_where_the_text_is_silent() -> None:
    found = platforms.detect("Set up a VPC with two subnets and a bastion.", "CDKTF", "python")
    assert (found.platform, found.language, found.notes) == ("cdktf", "py", [])
    assert found.witness == {"platform": "column platform: CDKTF", "language": "column language: python"}


def test_a_mention_in_passing_does_not_beat_the_column() -> None:
    found = platforms.detect("Set up a VPC. Teams know CloudFormation stacks well.", "Pulumi", "ts")
    assert (found.platform, found.language) == ("pulumi", "ts")
    assert "in passing only" in found.notes[0]


def test_never_named_is_an_assumption_that_is_told() -> None:
    found = platforms.detect("Set up an S3 bucket and a queue.")
    assert (found.platform, found.language) == ("cfn", "yaml")
    assert [note.partition(";")[0] for note in found.notes] == ["no platform is named", "no language is named"]
    assert found.witness == {"platform": "", "language": ""}


def test_a_language_alone_points_to_cdk() -> None:
    found = platforms.detect("Deliver a TypeScript program that sets up an S3 bucket and a queue.")
    assert (found.platform, found.language) == ("cdk", "ts")
    wants = "'Deliver a TypeScript program that sets up an'"
    assert found.notes == [f"no platform is named; AWS CDK is assumed, since the text wants {wants}"]


def test_a_named_platform_without_a_language_gets_the_usual_one_and_says_so() -> None:
    found = platforms.detect("Create a Pulumi program. Its Lambda function is written in Python 3.11.")
    assert (found.platform, found.language) == ("pulumi", "ts")
    assert found.notes == ["no language is named; TypeScript is assumed, the usual one for pulumi"]


@pytest.mark.parametrize("text", ["Write Terraform code (HCL) for a VPC.", "Using Terraform, create a bucket."])
def test_plain_terraform_is_refused_with_what_can_be_done(text: str) -> None:
    with pytest.raises(Failure, match=r"plain Terraform .*no template exists") as caught:
        platforms.detect(text)
    assert ".claude/platform_enforcement.md" in caught.value.hint


@pytest.mark.parametrize("language", ["Java", "C#", "Golang"])
def test_a_language_without_a_template_is_refused(language: str) -> None:
    with pytest.raises(Failure, match=r"AWS CDK in a language that no template exists for"):
        platforms.detect(f"Using AWS CDK with {language}, create a VPC.")


@pytest.mark.parametrize("part", ["x", "x.", "/a", "1", "a-"])
def test_a_line_of_any_length_is_read(part: str) -> None:
    """Hours, when a pattern begins anew at each of its characters."""
    text = f"Create a CDK TypeScript program. {part * (400_000 // len(part))} main.ts"
    assert {mention.name for mention in platforms._languages(text)} == {"ts"}
