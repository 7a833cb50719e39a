"""From a row to task.json: text, region, subtask, and what stops a task before it costs anything."""

from __future__ import annotations

import pytest
from lists import TEXT, Write, row

from kit.errors import StopAll
from kit.settings import Settings
from kit.tasks import brief, impossible, multicloud, regions, subtasks, text
from kit.tasks.brief import Unworkable
from kit.tasks.enforcement import Enforced


def composed(write: Write, cells: list[str], enforced: Enforced | None = None) -> dict[str, object]:
    queue = write([cells])
    (found,) = queue.rows()
    return brief.compose(brief.of_row(found, "tasks.csv"), enforced or Enforced(), queue.settings)


def test_task_json_has_what_the_other_steps_read(write: Write) -> None:
    task = composed(
        write,
        row(
            "t1",
            "pending",
            " Medium ",
            platform="cfn",
            language="yaml",
            subtask="ci/cd  pipeline",
            background="A shop.",
            environment="AWS, us-west-2 and us-east-1.",
            constraints="No wildcards.",
        ),
    )
    assert task["text"] == (
        f"## Background\n\nA shop.\n\n## Problem\n\n{TEXT}\n\n## Environment\n\nAWS, us-west-2 and us-east-1.\n\n"
        "## Constraints\n\nNo wildcards.\n"
    )
    kept = {name: task[name] for name in ("task_id", "source", "line", "difficulty", "subtask", "subtask_mapped")}
    assert kept == {
        "task_id": "t1",
        "source": "tasks.csv",
        "line": 2,
        "difficulty": "medium",
        "subtask": "CI/CD Pipeline",
        "subtask_mapped": "CI/CD Pipeline",
    }
    assert (task["platform"], task["language"], task["region"], task["region_named"]) == (
        "cfn",
        "yaml",
        "us-west-2",
        True,
    )
    assert task["title"] == "Create a CloudFormation template in YAML with an S3 bucket"
    assert task["witness"] == {
        "platform": "Create a CloudFormation template in YAML with an",
        "language": "Create a CloudFormation template in YAML with an",
        "region": "AWS, us-west-2 and us-east-1",
    }
    assert task["notes"] == ["the text names us-east-1 too; us-west-2 is where it is deployed"]
    assert task["fields"]["status"] == "pending"  # type: ignore[index]


def test_without_a_region_the_default_is_taken_and_not_called_named(write: Write) -> None:
    task = composed(write, row("t1"))
    assert (task["region"], task["region_named"]) == ("us-east-1", False)


def test_an_empty_subtask_is_a_default_that_is_told(write: Write) -> None:
    task = composed(write, row("t1"))
    assert task["subtask_mapped"] == "Provisioning of Infrastructure Environments"
    assert "the subtask cell is empty; 'Cloud Environment Setup' is taken (tasks.default_subtask)" in task["notes"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("written", "mapped"),
    [
        ("Cloud Environment Setup", "Provisioning of Infrastructure Environments"),
        ("Web Application Deployment", "Provisioning of Infrastructure Environments"),
        ("Multi-Environment Consistency", "Provisioning of Infrastructure Environments"),
        ("Environment Migration", "Provisioning of Infrastructure Environments"),
        ("Serverless Infrastructure (Functions as Code)", "Application Deployment"),
        ("CI/CD Pipeline", "CI/CD Pipeline"),
        ("Failure Recovery Automation", "Failure Recovery and High Availability"),
        ("Security Configuration as Code", "Security, Compliance and Governance"),
        ("IaC Diagnosis/Edits", "IaC Program Optimization"),
        ("IaC Optimization", "IaC Program Optimization"),
        ("Infrastructure Analysis/Monitoring", "IaC Program Optimization"),
        ("General Infrastructure Tooling QA", "Infrastructure QA and Management"),
    ],
)
def test_every_subtask_is_mapped(written: str, mapped: str) -> None:
    assert subtasks.find(written) == (written, mapped)
    assert subtasks.find(f"  {written.upper()} ") == (written, mapped)


def test_an_unknown_subtask_is_refused_with_the_known_ones(write: Write) -> None:
    with pytest.raises(
        Unworkable, match=r"task t1 \(tasks.csv line 2\) cannot be done: unknown subtask 'Cooking'"
    ) as caught:
        composed(write, row("t1", subtask="Cooking"))
    assert caught.value.hint.count(";") == len(subtasks.MAPPING) - 1


@pytest.mark.parametrize(
    ("said", "region"),
    [
        ("Deploy to us-west-2 (and later us-east-1).", "us-west-2"),
        ("AZs eu-central-1a and eu-central-1b.", "eu-central-1"),
        ("Deploy in 'AP-Southeast-2'.", "ap-southeast-2"),
        ("In us-gov-west-1 only.", "us-gov-west-1"),
        ("Migrate the application from us-west-1 to us-west-2 without downtime.", "us-west-2"),
        ("The stack is named my-us-east-1-stack.", None),
        ("Deploy it anywhere in the us.", None),
    ],
)
def test_the_region_that_is_named(said: str, region: str | None) -> None:
    found = regions.find(said)
    assert (found.region if found else None) == region
    if found:
        assert found.region in found.phrase.lower()


def test_the_region_column_is_read_when_the_text_is_silent(settings: Settings) -> None:
    source = brief.Source("t1", "tasks.csv", 2, "hard", TEXT, {"region": "eu-west-3"})
    task = brief.compose(source, Enforced(), settings)
    assert (task["region"], task["region_named"]) == ("eu-west-3", True)


def test_an_enforced_platform_overrides_and_says_so(write: Write) -> None:
    task = composed(write, row("t1", problem="Write Terraform code (HCL) for a VPC."), Enforced("cdktf", "py"))
    assert (task["platform"], task["language"]) == ("cdktf", "py")
    assert ".claude/platform_enforcement.md overrides the task" in " ".join(task["notes"])  # type: ignore[arg-type]


def test_an_enforced_platform_alone_takes_a_language_that_fits(write: Write) -> None:
    task = composed(write, row("t1"), Enforced("pulumi", ""))
    assert (task["platform"], task["language"]) == ("pulumi", "ts")


def test_an_enforced_language_that_does_not_fit_is_refused(write: Write) -> None:
    with pytest.raises(Unworkable, match=r"fixes py, which cfn is not worked in"):
        composed(write, row("t1"), Enforced("", "py"))


def test_a_json_document_as_the_problem_is_made_readable() -> None:
    cell = '{"task": "Build a bucket", "requirements": ["KMS", {"name": "logs", "days": 14}], "public": false}'
    assert text.readable(cell) == (
        "task: Build a bucket\nrequirements:\n- KMS\n  - name: logs\n  - days: 14\npublic: false"
    )
    assert text.readable("{not json}") == "{not json}"


def test_written_out_line_breaks_become_real_ones_and_paths_stay() -> None:
    assert text.readable("Do:\\n1. this\\n\\nExpected\\n- x") == "Do:\n1. this\n\nExpected\n- x"
    assert text.readable("C:\\new\\temp") == "C:\\new\\temp"


def test_prose_in_a_column_of_unknown_meaning_is_not_lost(write: Write) -> None:
    queue = write(
        b'task_id,difficulty,problem,acceptance,owner\n1,hard,Make it,"'
        + b"It holds a table and a queue. " * 3
        + b'",Kim\n'
    )
    assembled = text.assemble(queue.rows()[0])
    assert "## acceptance\n\nIt holds a table" in assembled
    assert "Kim" not in assembled


ASKED = [
    "Ensure multi-environment consistency across AWS, Azure, and GCP using AWS CDK with TypeScript.",
    "Deploy the same application to AWS and Google Cloud Platform.",
    "Create S3 buckets on AWS and Azure Blob Storage containers for the backup.",
    "You are setting up a multi-cloud infrastructure. The application runs on AWS, Azure, and GCP.",
    "Define the networks of both Azure and AWS with one Pulumi program.",
    "Provision an EKS cluster and a GKE cluster that share a mesh with Google Cloud.",
    "Use azurerm_storage_account beside the S3 bucket to keep copies.",
]
ONLY_NAMED = [
    "Integrate with CI products such as GitHub Actions, GitLab CI, Azure or GCP Cloud Build.",
    "The pipeline can be triggered by Jenkins, CircleCI, Azure DevOps or CodePipeline.",
    "Users sign in through Azure AD (SAML); create the IAM identity provider.",
    "Migrate the workload from Azure to AWS; create the VPC and the RDS instance.",
    "Move the data from GCP to S3 and build the tables on AWS.",
    "Do not use Azure or GCP services; create everything on AWS.",
    "Create an AWS VPC, similar to an Azure virtual network.",
    "Deploy the dashboard with an azure blue theme to S3.",
    "Avoid a multi-cloud set-up: deploy to AWS only, unlike our Azure estate.",
    "Create a multi-cloud ready module, but deploy to AWS.",
    "Deploy to us-east-1 and eu-west-1 on AWS.",
]


@pytest.mark.parametrize("said", ASKED)
def test_a_second_provider_that_is_asked_for_is_multi_cloud(said: str) -> None:
    assert multicloud.find(f"## Problem\n\nAn introduction. {said} Tag everything.")


@pytest.mark.parametrize("said", ONLY_NAMED)
def test_a_provider_that_is_only_named_is_not(said: str) -> None:
    assert multicloud.find(f"## Problem\n\nAn introduction. {said} Tag everything.") == ""


def test_multi_cloud_stops_everything_and_costs_the_attempt(write: Write) -> None:
    with pytest.raises(StopAll, match=r"task t1 \(tasks.csv line 2\) is multi-cloud, everything stops") as caught:
        composed(write, row("t1", problem=ASKED[0]))
    assert not caught.value.spare_attempt


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Migrate the application from us-east-1 to us-east-1 with no downtime.", "from us-east-1 to the same region"),
        ("Move our database out of and from eu-west-1a to the region eu-west-1.", "from eu-west-1 to the same region"),
        ("Deploy the instances into the existing VPC. Use two subnets.", "an existing VPC with nothing to find it by"),
        ("Use our pre-existing corporate VPC.", "an existing VPC with nothing to find it by"),
    ],
)
def test_what_cannot_be_done_is_told_before_it_costs_anything(write: Write, said: str, reason: str) -> None:
    with pytest.raises(Unworkable, match=reason) as caught:
        composed(write, row("t1", problem=f"{TEXT} {said}"))
    assert caught.value.lesson


@pytest.mark.parametrize(
    "said",
    [
        "Migrate the application from us-east-1 to us-west-2.",
        "Use the existing VPC with the id vpc-0a1b2c3d.",
        "Use the existing VPC, whose id is given as a parameter.",
        "Use an existing VPC (VpcId parameter) for the function.",
        "Do not use the existing VPC; create one.",
        "Add flow logs in the existing VPC peering connection.",
        "Use the existing VPC. It is tagged Name=core.",
    ],
)
def test_what_can_be_done_is_not_refused(said: str) -> None:
    assert impossible.find(said) is None
