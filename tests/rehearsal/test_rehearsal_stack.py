"""The operations that composing and mending share."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bakery import build

from kit.rehearsal.blueprints import fill, kebab
from kit.rehearsal.composing import compose
from kit.rehearsal.grants import narrow
from kit.rehearsal.reading import read
from kit.rehearsal.stack import Stack, merge, practice_for


def actions(stack: Stack, role: str) -> set[str]:
    """All actions that a role allows."""
    [policy] = stack.resources[role]["Properties"]["Policies"]
    return {action for one in policy["PolicyDocument"]["Statement"] for action in one["Action"]}


def test_a_plain_role_is_wide_and_is_narrowed_to_the_stack() -> None:
    stack = build("lambda", "dynamodb")
    assert "dynamodb:*" in actions(stack, "ProcessorFunctionRole")
    assert narrow(stack, "ProcessorFunctionRole")
    allowed = actions(stack, "ProcessorFunctionRole")
    assert "dynamodb:*" not in allowed
    assert "dynamodb:PutItem" in allowed
    assert not narrow(stack, "ProcessorFunctionRole")


def test_least_privilege_is_kept_from_the_start_when_it_is_asked_for() -> None:
    stack = compose(read("A Lambda function that writes to a DynamoDB table, with least privilege."))
    assert "dynamodb:*" not in actions(stack, "ProcessorFunctionRole")


def test_a_function_may_not_write_to_the_bucket_that_starts_it() -> None:
    stack = compose(read("An S3 bucket triggers a Lambda function on upload."))
    narrow(stack, "ProcessorFunctionRole")
    assert "s3:GetObject" in actions(stack, "ProcessorFunctionRole")
    assert "s3:PutObject" not in actions(stack, "ProcessorFunctionRole")


def test_a_queue_that_feeds_a_function_is_read_and_not_written() -> None:
    stack = compose(read("An SQS queue triggers a Lambda function."))
    narrow(stack, "ProcessorFunctionRole")
    assert "sqs:ReceiveMessage" in actions(stack, "ProcessorFunctionRole")
    assert "sqs:SendMessage" not in actions(stack, "ProcessorFunctionRole")


def test_a_bucket_has_one_policy_for_all_that_is_said_of_it() -> None:
    stack = Stack()
    for sid in ("One", "Two", "Two"):
        document = {"Version": "2012-10-17", "Statement": [{"Sid": sid}]}
        properties = {"Bucket": {"Ref": "B"}, "PolicyDocument": document}
        stack.put(f"Policy{sid}", {"Type": "AWS::S3::BucketPolicy", "Properties": properties})
    assert list(stack.resources) == ["PolicyOne"]
    statements = stack.resources["PolicyOne"]["Properties"]["PolicyDocument"]["Statement"]
    assert [one["Sid"] for one in statements] == ["One", "Two"]


@pytest.mark.parametrize(
    ("into", "more", "result"),
    [
        ({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}),
        ({"a": [1]}, {"a+": [1, 2]}, {"a": [1, 2]}),
        ({}, {"a": {"b+": [1]}}, {"a": {"b": [1]}}),
        ({"a": {"Ref": "X"}}, {"a": {"Fn::Sub": "y"}}, {"a": {"Fn::Sub": "y"}}),
        ({"a": [1]}, {"a": [2]}, {"a": [2]}),
    ],
)
def test_merging(into: dict[str, Any], more: dict[str, Any], result: dict[str, Any]) -> None:
    merge(into, more)
    assert into == result


def test_unknown_optional_tokens_take_their_entry_along() -> None:
    fragment = {"A": [{"Ref": "<topic?>"}], "B": "<size>", "C": [{"<when>": "<sort?>", "X": "<sort>"}, 1]}
    assert fill(fragment, {"size": 3}) == {"B": 3, "C": [1]}
    assert fill(fragment, {"size": 3, "topic": "T", "sort": "s"}) == {"A": [{"Ref": "T"}], "B": 3, "C": [{"X": "s"}, 1]}


def test_local_names_are_renamed_in_references_and_not_in_keys() -> None:
    fragment = {
        "Bucket": {"Ref": "Bucket"},
        "Arn": {"Fn::GetAtt": ["Bucket", "Arn"]},
        "Sub": {"Fn::Sub": "${Bucket.Arn}/*"},
    }
    assert fill(fragment, {}, {"Bucket": "DataBucket"}) == {
        "Bucket": {"Ref": "DataBucket"},
        "Arn": {"Fn::GetAtt": ["DataBucket", "Arn"]},
        "Sub": {"Fn::Sub": "${DataBucket.Arn}/*"},
    }


def test_two_functions_of_one_task_have_roles_and_logs_of_their_own() -> None:
    text = "A Lambda function for quiz generation and a DynamoDB table. A Lambda function for answer scoring."
    stack = compose(read(text))
    kinds = [one["Type"] for one in stack.resources.values()]
    assert (
        kinds.count("AWS::Lambda::Function") == kinds.count("AWS::IAM::Role") == kinds.count("AWS::Logs::LogGroup") == 2
    )


def test_tags_reach_what_can_be_tagged_in_its_own_shape() -> None:
    stack = compose(read("A VPC, an Auto Scaling Group, a parameter in SSM. Tag all resources with Owner=DevOps."))
    setting = next(one for one in stack.resources.values() if one["Type"] == "AWS::SSM::Parameter")
    group = next(one for one in stack.resources.values() if one["Type"] == "AWS::AutoScaling::AutoScalingGroup")
    assert setting["Properties"]["Tags"] == {"Owner": "DevOps"}
    assert {"Key": "Owner", "Value": "DevOps", "PropagateAtLaunch": True} in group["Properties"]["Tags"]
    assert "Tags" not in json.dumps(stack.resources["PublicRoute"])


def test_names_in_kebab_case() -> None:
    assert [kebab(one) for one in ("OrderUploads", "VPCLogs", "Data")] == ["order-uploads", "vpc-logs", "data"]


def test_it_below_a_point_is_what_the_point_is_about() -> None:
    stack = compose(
        read("1. Lambda for the data:\n   - Put it in a VPC for better security\n2. VPC with private subnets")
    )
    assert "VpcConfig" in stack.resources["DataFunction"]["Properties"]


def test_two_kinds_of_load_balancer_stand_beside_each_other() -> None:
    stack = compose(read("An ALB for the site, with access logs. Brokers stand behind a network load balancer."))
    adopted = {one.service: one.main for one in stack.adopt()}
    assert (adopted["alb"], adopted["nlb"]) == ("LoadBalancer", "NetworkLoadBalancer")
    found = practice_for("CKV_AWS_91", stack.resources["NetworkLoadBalancer"])
    assert found is not None
    assert "TLS" in found[2]["asked"]
    logged = [name for name, one in stack.resources.items() if "LoadBalancerAttributes" in one["Properties"]]
    assert logged == ["LoadBalancer"]


@pytest.mark.parametrize(("said", "subnet"), [("internal", "PrivateSubnetOne"), ("public", "PublicSubnetOne")])
def test_a_network_load_balancer_stands_where_its_callers_are(said: str, subnet: str) -> None:
    stack = compose(read(f"An {said} network load balancer in a VPC."))
    assert {"Ref": subnet} in stack.resources["NetworkLoadBalancer"]["Properties"]["Subnets"]


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("ECS on Fargate behind a network load balancer.", "NetworkTargetGroup"),
        ("ECS on Fargate behind an ALB. An NLB for the brokers.", "TargetGroup"),
    ],
)
def test_containers_are_reached_through_one_load_balancer(text: str, group: str) -> None:
    [service] = [one for one in compose(read(text)).resources.values() if one["Type"] == "AWS::ECS::Service"]
    assert [one["TargetGroupArn"] for one in service["Properties"]["LoadBalancers"]] == [{"Ref": group}]
