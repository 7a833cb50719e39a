"""From a text to a stack: what comes in late, what each of several functions may do, what takes the place of what."""

from __future__ import annotations

import json

import pytest

from kit.rehearsal.composing import compose
from kit.rehearsal.reading import read
from kit.rehearsal.stack import Stack


def stack(text: str) -> Stack:
    """The stack for a text."""
    return compose(read(text))


def types(made: Stack) -> set[str]:
    """The types of its resources."""
    return {one["Type"] for one in made.resources.values()}


@pytest.mark.parametrize(
    ("alone", "kind", "together"),
    [
        ("An S3 bucket, with least privilege IAM.", "AWS::IAM::Role", "A Lambda function with least privilege IAM."),
        ("An S3 bucket, watched by CloudWatch.", "AWS::CloudWatch::Dashboard", "A Lambda function with CloudWatch."),
        ("An SQS queue and AWS X-Ray.", "AWS::XRay::Group", "A Lambda function with AWS X-Ray."),
        ("An SQS queue and log groups.", "AWS::Logs::LogGroup", ""),
    ],
)
def test_what_is_named_stands_alone_only_when_it_came_with_nothing_else(alone: str, kind: str, together: str) -> None:
    assert kind in types(stack(alone))
    own = {
        "AWS::IAM::Role": "OperatorRole",
        "AWS::CloudWatch::Dashboard": "Dashboard",
        "AWS::XRay::Group": "TraceGroup",
    }
    assert own.get(kind, "none") not in "".join(stack(together).resources)


def test_each_of_several_functions_uses_what_is_said_of_it() -> None:
    made = stack(
        "- A Lambda function that validates orders and puts them on an SQS queue\n"
        "- A Lambda function that archives invoices in an S3 bucket\n"
        "- A DynamoDB table\n- Follow least privilege"
    )
    allowed = {name: json.dumps(one) for name, one in made.resources.items() if one["Type"] == "AWS::IAM::Role"}
    validate, archive = allowed["ValidateOrdersFunctionRole"], allowed["ArchiveInvoicesFunctionRole"]
    assert "s3:PutObject" in archive
    assert "s3:PutObject" not in validate
    assert "dynamodb:PutItem" in validate, "what is said of none of them is the first one's"
    assert "dynamodb:PutItem" not in archive


def test_aurora_takes_the_place_of_an_instance() -> None:
    made = stack("An RDS Aurora MySQL cluster, encrypted, with a secret in Secrets Manager.")
    cluster = made.resources["DatabaseCluster"]["Properties"]
    assert (cluster["Engine"], cluster["StorageEncrypted"]) == ("aurora-mysql", True)
    assert "secretsmanager" in json.dumps(cluster["MasterUserPassword"])
    assert "ManageMasterUserPassword" not in cluster
    assert "DatabaseInstance" not in made.resources


def test_a_custom_bus_is_listened_to_and_a_schedule_is_not_put_on_it() -> None:
    rule = stack("EventBridge rules on a custom event bus start a Lambda function.").resources["EventRule"][
        "Properties"
    ]
    assert rule["EventBusName"] == {"Ref": "EventBus"}
    timed = stack("EventBridge starts a Lambda function every 5 minutes; there is a custom event bus.")
    assert "EventBusName" not in timed.resources["EventRule"]["Properties"]


def test_a_table_scales_between_its_bounds_when_that_is_asked_for() -> None:
    made = stack("## DynamoDB\n- Auto-scaling for read/write capacity")
    assert made.resources["RecordsTable"]["Properties"]["BillingMode"] == "PROVISIONED"
    assert "AWS::ApplicationAutoScaling::ScalingPolicy" in types(made)


def test_a_bucket_for_logs_and_the_bucket_of_access_logs_have_names_of_their_own() -> None:
    stack = compose(read("Create an S3 bucket for logs, with access logging."))
    names = [
        str(one["Properties"]["BucketName"]) for one in stack.resources.values() if one["Type"] == "AWS::S3::Bucket"
    ]
    assert len(names) == len(set(names)) == 2
