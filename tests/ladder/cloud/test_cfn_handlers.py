"""Each type as boto3 sees it: created with its settings, changed in place, referenced, gone when taken out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from cloud_support import STACKS, Bench

Client = Callable[[str], Any]


def physical(bench: Bench, stack: str) -> dict[str, str]:
    listed = bench.cloud.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    return {
        item["LogicalResourceId"]: item["PhysicalResourceId"]
        for page in listed
        for item in page["StackResourceSummaries"]
    }


def alarm(client: Client, ids: dict[str, str]) -> Any:
    return client("cloudwatch").describe_alarms(AlarmNames=[ids["Errors"]])["MetricAlarms"][0]


def queue(client: Client, ids: dict[str, str], name: str = "Jobs") -> Any:
    return client("sqs").get_queue_attributes(QueueUrl=ids[name], AttributeNames=["All"])["Attributes"]


def invoked(client: Client, ids: dict[str, str]) -> Any:
    return json.load(client("lambda").invoke(FunctionName=ids["Fn"], Payload=b"{}")["Payload"])


def log_group(client: Client, ids: dict[str, str]) -> Any:
    return client("logs").describe_log_groups(logGroupNamePrefix=ids["FnLogs"])["logGroups"][0]


def stream(client: Client, ids: dict[str, str]) -> Any:
    return client("kinesis").describe_stream_summary(StreamName=ids["Stream"])["StreamDescriptionSummary"]


SERVERLESS: list[tuple[str, str, Callable[[Client, dict[str, str]], Any], Any, Any]] = [
    ("RetentionInDays: 30", "RetentionInDays: 60", lambda c, i: log_group(c, i)["retentionInDays"], 30, 60),
    ("RetentionPeriodHours: 48", "RetentionPeriodHours: 72", lambda c, i: stream(c, i)["RetentionPeriodHours"], 48, 72),
    (
        "KeyId: alias/aws/kinesis",
        "KeyId: alias/own",
        lambda c, i: stream(c, i)["KeyId"],
        "alias/aws/kinesis",
        "alias/own",
    ),
    ("ShardCount: 1", "ShardCount: 2", lambda c, i: stream(c, i)["OpenShardCount"], 1, 2),
    ("VisibilityTimeout: 60", "VisibilityTimeout: 90", lambda c, i: queue(c, i)["VisibilityTimeout"], "60", "90"),
    ('Threshold: "1"', 'Threshold: "5"', lambda c, i: alarm(c, i)["Threshold"], 1.0, 5.0),
    ("'hello'", "'hallo'", lambda c, i: invoked(c, i)["body"], "hello", "hallo"),
    (
        "MemorySize: 256",
        "MemorySize: 512",
        lambda c, i: c("lambda").get_function(FunctionName=i["Fn"])["Configuration"]["MemorySize"],
        256,
        512,
    ),
    (
        "{kind: [order]}",
        "{kind: [offer]}",
        lambda c, i: c("sns").get_subscription_attributes(SubscriptionArn=i["Fan"])["Attributes"]["FilterPolicy"],
        '{"kind": ["order"]}',
        '{"kind": ["offer"]}',
    ),
    (
        "DisplayName: alerts",
        "DisplayName: alarms",
        lambda c, i: c("sns").get_topic_attributes(TopicArn=i["Topic"])["Attributes"]["DisplayName"],
        "alerts",
        "alarms",
    ),
    (
        "Sid: TlsOnly",
        "Sid: Tls",
        lambda c, i: json.loads(c("s3").get_bucket_policy(Bucket=i["Data"])["Policy"])["Statement"][0]["Sid"],
        "TlsOnly",
        "Tls",
    ),
    (
        "NoncurrentDays: 30",
        "NoncurrentDays: 45",
        lambda c, i: c("s3").get_bucket_lifecycle_configuration(Bucket=i["Data"])["Rules"][0][
            "NoncurrentVersionExpiration"
        ]["NoncurrentDays"],
        30,
        45,
    ),
    (
        "FilterPattern: ERROR",
        "FilterPattern: FATAL",
        lambda c, i: c("logs").describe_metric_filters(logGroupName=i["FnLogs"])["metricFilters"][0]["filterPattern"],
        "ERROR",
        "FATAL",
    ),
    (
        "ThrottlingRateLimit: 100",
        "ThrottlingRateLimit: 200",
        lambda c, i: c("apigateway").get_stage(restApiId=i["Api"], stageName=i["Stage"])["methodSettings"]["*/*"][
            "throttlingRateLimit"
        ],
        100.0,
        200.0,
    ),
    (
        "rate(1 day)",
        "rate(2 days)",
        lambda c, i: c("scheduler").get_schedule(Name=i["Daily"])["ScheduleExpression"],
        "rate(1 day)",
        "rate(2 days)",
    ),
    (
        "rate(5 minutes)",
        "rate(9 minutes)",
        lambda c, i: c("events").describe_rule(Name=i["Rule"])["ScheduleExpression"],
        "rate(5 minutes)",
        "rate(9 minutes)",
    ),
    (
        '"widgets": []',
        '"widgets": [1]',
        lambda c, i: c("cloudwatch").get_dashboard(DashboardName=i["Board"])["DashboardBody"],
        '{"widgets": []}',
        '{"widgets": [1]}',
    ),
    (
        "AllowMethods: [GET]",
        "AllowMethods: [PUT]",
        lambda c, i: c("apigatewayv2").get_api(ApiId=i["Http"])["CorsConfiguration"]["AllowMethods"],
        ["GET"],
        ["PUT"],
    ),
    (
        "MaxCapacity: 50",
        "MaxCapacity: 60",
        lambda c, i: c("application-autoscaling").describe_scalable_targets(ServiceNamespace="dynamodb")[
            "ScalableTargets"
        ][0]["MaxCapacity"],
        50,
        60,
    ),
    (
        '"dynamodb:PutItem"',
        '"dynamodb:GetItem"',
        lambda c, i: c("iam").get_role_policy(RoleName=i["Role"], PolicyName="table")["PolicyDocument"]["Statement"][0][
            "Action"
        ],
        ["dynamodb:PutItem"],
        ["dynamodb:GetItem"],
    ),
    (
        "AttributeName: ttl",
        "AttributeName: end",
        lambda c, i: c("dynamodb").describe_time_to_live(TableName=i["Table"])["TimeToLiveDescription"][
            "AttributeName"
        ],
        "ttl",
        "end",
    ),
]


def test_serverless_types_are_created_changed_in_place_and_referenced(shared: Bench) -> None:
    text = (STACKS / "serverless.yml").read_text()
    assert shared.deploy(text, "web", EnvironmentSuffix="h1").verdict == "passed"
    ids = physical(shared, "web")
    client = shared.cloud.client
    for old, _, read, first, _ in SERVERLESS:
        assert read(client, ids) == first, old
    changed = text
    for old, new, *_ in SERVERLESS:
        assert old in changed
        changed = changed.replace(old, new, 1)
    outcome = shared.deploy(changed, "web", EnvironmentSuffix="h1")
    assert outcome.verdict == "passed", outcome.reason
    after = physical(shared, "web")
    replaced = {name for name in ids if after[name] != ids[name]}
    assert replaced <= {"Deployment"}
    for _, new, read, _, second in SERVERLESS:
        assert read(client, after) == second, new
    check_references(client, after)
    assert shared.destroy("web").verdict == "passed"


def check_references(client: Client, ids: dict[str, str]) -> None:
    """What one resource says of another is what the services say."""
    arn = client("lambda").get_function(FunctionName=ids["Fn"])["Configuration"]["FunctionArn"]
    policy = json.loads(client("lambda").get_policy(FunctionName=ids["Fn"])["Policy"])
    assert [one["Sid"] for one in policy["Statement"]] == [ids["ApiMay"]]
    assert client("events").list_targets_by_rule(Rule=ids["Rule"])["Targets"][0]["Arn"] == arn
    method = client("apigateway").get_method(restApiId=ids["Api"], resourceId=ids["Items"], httpMethod="GET")
    assert arn in method["methodIntegration"]["uri"]
    assert client("kms").list_aliases(KeyId=ids["Key"])["Aliases"][0]["AliasName"] == ids["KeyAlias"]
    topic = client("sns").list_subscriptions_by_topic(TopicArn=ids["Topic"])["Subscriptions"]
    assert {one["Protocol"] for one in topic} == {"email", "sqs"}
    parameter = client("ssm").get_parameter(Name=ids["Setting"])["Parameter"]["Value"]
    assert parameter == ids["Table"]
    attached = client("iam").list_attached_role_policies(RoleName=ids["Role"])["AttachedPolicies"]
    assert ids["Managed"] in [one["PolicyArn"] for one in attached]
    assert "aws:kms" in str(client("s3").get_bucket_encryption(Bucket=ids["Data"]))
    assert len(client("secretsmanager").get_secret_value(SecretId=ids["Secret"])["SecretString"]) == 20
    assert client("iam").get_group(GroupName=ids["Team"])["Users"][0]["UserName"] == ids["Person"]


def test_network_types_are_created_with_their_wiring(shared: Bench) -> None:
    text = (STACKS / "network.yml").read_text()
    assert shared.deploy(text, "net", EnvironmentSuffix="h2").verdict == "passed"
    ids, ec2 = physical(shared, "net"), shared.cloud.client("ec2")
    vpc = ec2.describe_vpc_attribute(VpcId=ids["Vpc"], Attribute="enableDnsHostnames")
    assert vpc["EnableDnsHostnames"]["Value"] is True
    routes = ec2.describe_route_tables(RouteTableIds=[ids["PrivateTable"]])["RouteTables"][0]["Routes"]
    assert ids["Nat"] in [route.get("NatGatewayId") for route in routes]
    group = ec2.describe_security_groups(GroupIds=[ids["AppGroup"]])["SecurityGroups"][0]
    assert group["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"] == ids["LbGroup"]
    rules = shared.cloud.client("elbv2").describe_rules(ListenerArn=ids["Listener"])["Rules"]
    assert ids["Target"] in [one["Actions"][0].get("TargetGroupArn") for one in rules if not one["IsDefault"]]
    secret = json.loads(
        shared.cloud.client("secretsmanager").get_secret_value(SecretId=ids["DbSecret"])["SecretString"]
    )
    database = shared.cloud.client("rds").describe_db_instances(DBInstanceIdentifier=ids["Db"])["DBInstances"][0]
    assert (secret["username"], secret["host"]) == ("admin", database["Endpoint"]["Address"])
    assert len(secret["password"]) == 24
    records = shared.cloud.client("route53").list_resource_record_sets(HostedZoneId=ids["Zone"])["ResourceRecordSets"]
    assert "elb.amazonaws.com" in str(records)
    tagged = ec2.describe_vpcs(VpcIds=[ids["Vpc"]])["Vpcs"][0]["Tags"]
    assert {"Key": "aws:cloudformation:stack-name", "Value": "net"} in tagged
    changed = text.replace("vpc-${EnvironmentSuffix}", "network-${EnvironmentSuffix}").replace(
        "Priority: 10", "Priority: 20"
    )
    changed = changed.replace(
        "FromPort: 80, ToPort: 80, SourceSecurityGroupId", "FromPort: 81, ToPort: 81, SourceSecurityGroupId"
    )
    outcome = shared.deploy(changed, "net", EnvironmentSuffix="h2")
    assert outcome.verdict == "passed", outcome.reason
    after = physical(shared, "net")
    assert {name for name in ids if ids[name] != after[name]} == {"ListenerRule", "AppIn"}
    group = ec2.describe_security_groups(GroupIds=[ids["AppGroup"]])["SecurityGroups"][0]
    assert [one["FromPort"] for one in group["IpPermissions"]] == [81]
    assert shared.destroy("net").verdict == "passed"
    assert ids["Vpc"] not in [one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"]]


@pytest.mark.parametrize(
    ("kind", "properties", "service", "operation"),
    [
        ("AWS::SNS::Subscription", "{TopicArn: !Ref Topic, Protocol: email, Endpoint: a@b.c}", "sns", "list_subscriptions"),
        ("AWS::CloudWatch::Alarm", "{MetricName: m, Namespace: n, Period: 60, Statistic: Sum, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold}", "cloudwatch", "describe_alarms"),
        ("AWS::SecretsManager::Secret", "{SecretString: s}", "secretsmanager", "list_secrets"),
        ("AWS::Scheduler::Schedule", "{ScheduleExpression: rate(1 day), FlexibleTimeWindow: {Mode: 'OFF'}, Target: {Arn: !Ref Topic, RoleArn: 'arn:aws:iam::123456789012:role/r'}}", "scheduler", "list_schedules"),
        ("AWS::IAM::Group", "{}", "iam", "list_groups"),
        ("AWS::EC2::NetworkAcl", "{VpcId: !Ref Vpc}", "ec2", "describe_network_acls"),
        ("AWS::Config::ConfigRule", "{Source: {Owner: AWS, SourceIdentifier: S3_BUCKET_VERSIONING_ENABLED}}", "config", "describe_config_rules"),
    ],
)  # fmt: skip
def test_taken_out_of_the_template_it_is_gone(
    shared: Bench, kind: str, properties: str, service: str, operation: str
) -> None:
    base = "Resources:\n  Topic: {Type: 'AWS::SNS::Topic'}\n  Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.9.0.0/16}}\n"
    client = shared.cloud.client(service)

    def count() -> int:
        answer = getattr(client, operation)()
        return sum(len(value) for key, value in answer.items() if isinstance(value, list) and key != "CompositeAlarms")

    assert shared.deploy(base, "one").verdict == "passed"
    before = count()
    outcome = shared.deploy(f"{base}  It: {{Type: '{kind}', Properties: {properties}}}\n", "one")
    assert outcome.verdict == "passed", outcome.reason
    assert outcome.figures["held"] == 3
    assert count() == before + 1
    assert shared.deploy(base, "one").verdict == "passed"
    assert count() == before
    assert shared.destroy("one").verdict == "passed"


def test_a_policy_against_plain_http_does_not_shut_the_bucket(shared: Bench) -> None:
    policy = """
  Rule: {Type: "AWS::S3::BucketPolicy", Properties: {Bucket: !Ref Data, PolicyDocument: {Version: "2012-10-17", Statement: [%s]}}}
"""
    deny = '{Effect: Deny, Principal: "*", Action: "s3:*", Resource: !Sub "${Data.Arn}/*"%s}'
    base = "Resources:\n  Data: {Type: 'AWS::S3::Bucket', Properties: {BucketName: tls-data}}"
    insecure = ', Condition: {Bool: {"aws:SecureTransport": "false"}}'
    assert shared.deploy(base + policy % (deny % insecure), "tls").verdict == "passed"
    s3 = shared.cloud.client("s3")
    s3.put_object(Bucket="tls-data", Key="k", Body=b"x")
    assert s3.get_object(Bucket="tls-data", Key="k")["Body"].read() == b"x"
    assert shared.deploy(base + policy % (deny % ""), "tls").verdict == "passed"
    with pytest.raises(s3.exceptions.ClientError, match="Forbidden"):
        s3.get_object(Bucket="tls-data", Key="k")
    assert shared.deploy(base + "\n", "tls").verdict == "passed"
    assert shared.destroy("tls").verdict == "passed"


def test_a_generated_name_that_is_cut_beside_a_hyphen_has_no_two(shared: Bench) -> None:
    group = {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {"TargetType": "lambda"}}
    template = json.dumps({"Resources": {"Targets": group}})
    stack = "a-name-of-18-chars"
    cloudformation = shared.cloud.client("cloudformation")
    cloudformation.create_stack(StackName=stack, TemplateBody=template)
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    arn = physical(shared, stack)["Targets"]
    [found] = shared.cloud.client("elbv2").describe_target_groups(TargetGroupArns=[arn])["TargetGroups"]
    assert found["TargetGroupName"].startswith(f"{stack}-") and "--" not in found["TargetGroupName"]
    cloudformation.delete_stack(StackName=stack)
