"""Two newer features for another round, new against what was asked and written."""

import json

import pytest
from botocore.loaders import Loader

from kit.errors import Failure
from kit.gates.features import _list, choose, is_known


def test_the_reviewers_come_first():
    assert choose(["Amazon Foo", "Amazon Bar", "Amazon Baz"], "orders", "code") == ["Amazon Foo", "Amazon Bar"]


def test_what_was_asked_or_written_is_not_new():
    chosen = choose(["AWS X-Ray", "Amazon SQS", "Amazon Foo"], "Send it to SQS", "Tracing by X-Ray")
    assert chosen[0] == "Amazon Foo"
    assert len(chosen) == 2


def test_the_list_fills_up_with_what_fits_newest_first():
    chosen = choose([], "A Lambda function and an S3 bucket", "")
    assert chosen == [
        "Lambda durable functions (multi-step executions with checkpoints)",
        "Amazon S3 Vectors (vector buckets and indexes)",
    ]


@pytest.mark.parametrize("proposed", [None, "one", 3, [1, None], ["", "  "]])
def test_garbled_proposals_are_passed_over(proposed):
    assert len(choose(proposed, "orders", "")) == 2


def test_the_same_one_twice_counts_once():
    chosen = choose(["Amazon Foo", "amazon foo", "Amazon Bar"], "", "")
    assert chosen == ["Amazon Foo", "Amazon Bar"]


def test_too_few_is_a_failure():
    known = "Application Signals AWS::Synthetics::Canary"
    with pytest.raises(Failure, match="only 1 are new"):
        choose(["Amazon Foo"], "orders", known)


@pytest.mark.parametrize(
    ("name", "text", "known"),
    [
        ("Amazon SQS", "a sqs queue", True),
        ("Amazon SQS", "sqsx", False),
        ("Synthetics canaries (of any kind)", "AWS::Synthetics::Canary", True),
        ("EventBridge Pipes", "AWS::Synthetics::Canary", False),
        ("DynamoDB warm throughput", "WarmThroughput: 1", True),
    ],
)
def test_known(name, text, known):
    assert is_known(name, text) is known


def test_every_feature_of_the_list_has_its_month_and_source_and_finds_itself():
    months = [row["since"] for row in _list()]
    assert months == sorted(months, reverse=True)
    for row in _list():
        assert row["source"]
        assert is_known(row["name"], row["name"])


# What shows in the API models that a feature is there: service, and a word of its model.
MODELS = {
    "Lambda durable": ("lambda", "DurableConfig"),
    "Amazon S3 Vectors": ("s3vectors", "CreateVectorBucket"),
    "SQS fair": ("sqs", "fair queue"),
    "Aurora DSQL": ("dsql", "CreateCluster"),
    "Amazon S3 Tables": ("s3tables", "CreateTableBucket"),
    "Amazon CloudFront VPC": ("cloudfront", "CreateVpcOrigin"),
    "DynamoDB point-in-time": ("dynamodb", "RecoveryPeriodInDays"),
    "DynamoDB global": ("dynamodb", "MultiRegionConsistency"),
    "Step Functions": ("stepfunctions", "JSONata"),
    "DynamoDB warm": ("dynamodb", "WarmThroughput"),
    "CloudWatch Synthetics": ("synthetics", "ResourcesToReplicateTags"),
    "S3 conditional": ("s3", "IfNoneMatch"),
    "GuardDuty": ("guardduty", "CreateMalwareProtectionPlan"),
    "CloudWatch Application": ("application-signals", "CreateServiceLevelObjective"),
}


@pytest.mark.parametrize("begin", MODELS)
def test_the_feature_is_in_the_api(begin):
    service, word = MODELS[begin]
    assert word in json.dumps(Loader().load_service_model(service, "service-2"))


def test_every_feature_is_looked_for_in_the_api():
    assert all(sum(row["name"].startswith(begin) for begin in MODELS) == 1 for row in _list())
