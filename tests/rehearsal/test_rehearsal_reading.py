"""What is read from a task's text, and what is honestly not."""

from __future__ import annotations

import pytest
from bakery import ORDERS, handover

from kit.rehearsal.documents import data_block, title_of
from kit.rehearsal.parts.generator import prompt
from kit.rehearsal.reading import read, split


def test_services_are_read_in_the_order_of_their_mention() -> None:
    assert list(read(ORDERS).services) == ["s3", "lambda", "dynamodb", "sqs", "sns", "kms", "cloudwatch"]


@pytest.mark.parametrize(
    ("text", "service", "fact", "value"),
    [
        ("A Lambda function in Python 3.11.", "lambda", "runtime", "python3.11"),
        ("A Lambda function using Node.js 22.x.", "lambda", "runtime", "nodejs22.x"),
        ("The Lambda function has a 5-minute timeout.", "lambda", "timeout", 300),
        ("The Lambda function has 1024 MB.", "lambda", "memory", 1024),
        ("A queue (SQS) with a visibility timeout of 90 seconds.", "sqs", "visibility", 90),
        ("A DynamoDB table with customerId as the partition key.", "dynamodb", "key", "customerId"),
        ("A DynamoDB table with order ID as the primary key.", "dynamodb", "key", "orderId"),
        ("A VPC with the CIDR block 10.7.0.0/16.", "vpc", "cidr", "10.7.0.0/16"),
        ("An RDS MySQL database with backups kept 14 days.", "rds", "engine", "mysql"),
        ("Lambda logs are kept for two weeks; log retention is 14 days.", "logs", "retention", 14),
        ("CloudWatch logs are kept for 20 days.", "logs", "retention", 30),
        ("An Auto Scaling Group with min 3 and max 9 instances.", "autoscaling", "max", 9),
        ("EventBridge runs the function every 6 hours.", "eventbridge", "schedule", "rate(6 hours)"),
        ("A Kinesis stream with 4 shards.", "kinesis", "shards", 4),
    ],
)
def test_numbers_and_names(text: str, service: str, fact: str, value: object) -> None:
    assert read(text).facts[service][fact] == value


def test_what_is_not_wanted_is_not_built() -> None:
    services = read(
        "A serverless API with Lambda and DynamoDB, with no EC2 instances and without an RDS database."
    ).services
    assert set(services) == {"lambda", "dynamodb"}


def test_a_dead_letter_queue_alone_is_no_queue_of_its_own() -> None:
    assert "sqs" not in read("A Lambda function with a dead-letter queue.").services


def test_points_below_a_heading_point_belong_to_it() -> None:
    brief = read("1. S3 buckets:\n   - Make sure versioning is on\n2. SNS for alerts:\n   - Turn on encryption")
    assert ("s3", "versioning") in brief.practices
    assert ("sns", "encryption_kms") in brief.practices


def test_points_below_a_short_heading_speak_of_what_it_names() -> None:
    brief = read("# A shop with Lambda\n\n#### DynamoDB\n- Partition key (cartId)\n\n#### Network\n- Keep it small")
    assert brief.said["dynamodb"] == ["DynamoDB", "Partition key (cartId)"]
    assert brief.said["lambda"] == ["A shop with Lambda"]


@pytest.mark.parametrize(
    ("text", "project"),
    [
        ("Build an event-driven order system with SQS.", "order"),
        ("A backend for a mobile fitness app.", "fitness"),
        ("Resources are prefixed with 'serverlessApp-'.", "serverlessapp"),
        ("Follow the naming convention 'mycompany-'.", "mycompany"),
        ("Using AWS CDK, create a VPC.", "tap"),
    ],
)
def test_a_project_is_named_by_what_it_is_for(text: str, project: str) -> None:
    assert read(text).project == project


def test_functions_are_named_by_what_they_do() -> None:
    text = "A Lambda function that formats alarms for chat; a second Lambda function that stores orders in DynamoDB."
    assert read(text).services["lambda"] == ["FormatAlarms", "Orders"]
    assert read("Use three Lambda functions.").services["lambda"] == ["ProcessorOne", "ProcessorTwo", "ProcessorThree"]


def test_instances_are_named_by_their_purpose() -> None:
    brief = read(
        "A Lambda function for quiz generation. Another Lambda function for answer scoring. An S3 bucket for exports."
    )
    assert brief.services["lambda"] == ["QuizGeneration", "AnswerScoring"]
    assert brief.services["s3"] == ["Exports"]


def test_region_language_and_project() -> None:
    brief = read("A JSON CloudFormation template for a law firm in eu-central-1 with S3.")
    assert (brief.region, brief.language, brief.project) == ("eu-central-1", "json", "law")


def test_tags_with_and_without_values() -> None:
    tags = read("Tag all resources with 'Environment' = 'Production' and Owner.").tags
    assert tags["Environment"] == "Production"
    assert set(tags) == {"Environment", "Owner"}


def test_services_that_are_not_built_are_named() -> None:
    assert read(ORDERS).unbuilt == ["Amazon Personalize"]


def test_demands_in_which_nothing_was_found_are_told() -> None:
    told = read("Use S3. The quantum annealer must be provisioned by the operator in the third basement.").unread
    assert told == ["The quantum annealer must be provisioned by the operator in the third basement"]


def test_points_counted_within_a_line_are_apart() -> None:
    assert split("Use: 1. ECS Cluster for video tasks 2. RDS PostgreSQL for metadata 3. EFS for files") == [
        "Use:",
        "ECS Cluster for video tasks",
        "RDS PostgreSQL for metadata",
        "EFS for files",
    ]
    assert split("Write it in version 2. Then stop") == ["Write it in version 2", "Then stop"]


def test_escaped_newlines_and_numbers_in_a_row_are_points() -> None:
    assert split(r"Do this: 1) Use S3 now. 2) Use SNS then.\nUse SQS 3.1 last") == [
        "Do this:",
        "Use S3 now",
        "Use SNS then",
        "Use SQS 3.1 last",
    ]


def test_an_empty_text_asks_for_nothing() -> None:
    brief = read("")
    assert brief.services == {}
    assert brief.unread == []


def test_the_task_is_taken_from_below_its_heading_however_long_other_blocks_are() -> None:
    message = handover("Use S3.") + "## Receipts\n\n```text\n" + "deploy failed\n" * 99 + "```\n"
    assert data_block(message).strip() == "Use S3."
    assert title_of(message, "none") == "Orders of a bakery"


def test_a_message_without_a_fence_is_the_task_itself() -> None:
    assert data_block("Use S3.") == "Use S3."


@pytest.mark.parametrize(
    ("text", "service", "fact", "value"),
    [
        ("One Lambda function per route, timeout 10 s.", "lambda", "timeout", 10),
        ("A Lambda function with a timeout of 3 days.", "lambda", "timeout", 30),
        ("A Lambda function: timeout 40 minutes, later a timeout of 60 seconds.", "lambda", "timeout", 60),
        ("DynamoDB table: partition key boxId; an index with parcelId as its hash key.", "dynamodb", "key", "boxId"),
        ("A DynamoDB table with partition key boxId, also boxId as sort key.", "dynamodb", "sort", ""),
        ("An Auto Scaling group, min 6, max 4.", "autoscaling", "max", 7),
        ("S3 bucket whose objects are deleted after 20 days, archived in 30 days.", "s3", "archive", ""),
        ("A Lambda function on Node.js 22; synthesized by Python 3.12.", "lambda", "runtime", "nodejs22.x"),
    ],
)
def test_what_aws_does_not_accept_is_passed_over_and_what_comes_first_counts(
    text: str, service: str, fact: str, value: object
) -> None:
    assert read(text).facts[service][fact] == value


def test_code_in_a_task_is_kept_and_names_its_services() -> None:
    code = "```yaml\nResources:\n  Jobs:\n    Type: AWS::SQS::Queue\n  Rows:\n    Type: AWS::DynamoDB::Table\n```"
    brief = read(f"This template does not work, and has to be mended.\n\n{code}\n\nKeep the names.")
    assert list(brief.services) == ["sqs", "dynamodb"]
    assert brief.unread[-1] == "a block of code, 5 lines long (of which only the services were read)"
    assert code in prompt(brief, "cfn", "yaml", "Mending")


def test_load_balancers_are_told_apart() -> None:
    assert "alb" not in read("An internal network load balancer on TCP 9096 in a VPC.").services
    assert read("An NLB listens on port 9096.").facts["nlb"]["port"] == 9096
    assert {"alb", "nlb"} <= set(read("An ALB for the site. Kafka is behind a network load balancer.").services)


def test_a_kind_beside_one_of_the_kind_is_not_built_twice() -> None:
    brief = read("Aurora PostgreSQL 15, one writer and one reader. The RDS credentials are in Secrets Manager.")
    assert "aurora" in brief.services
    assert "rds" not in brief.services


def test_what_is_ordered_without_a_verb_is_said_not_to_be_understood() -> None:
    text = "An S3 bucket for reports.\n\nOne quantum annealer of 5,000 qubits in the basement."
    assert "One quantum annealer of 5,000 qubits in the basement" in read(text).unread


def test_a_jump_host_is_a_machine() -> None:
    assert "ec2" in read("One t3.small jump host, reachable by Session Manager only.").services
