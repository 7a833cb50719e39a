"""The rows of the demo's tasks.csv."""

from __future__ import annotations

COLUMNS = (
    "task_id",
    "status",
    "platform",
    "language",
    "difficulty",
    "subtask",
    "subject_labels",
    "problem",
    "background",
    "environment",
    "constraints",
    "trainr_notes",
)

_ORDERS_PROBLEM = """\
Create a CloudFormation template in YAML for the intake of orders. Everything has to live in one stack, so that
a copy of it can be deployed beside another one under a different EnvironmentSuffix.

The stack must include:

1. An S3 bucket for incoming order files, versioned, encrypted with a customer managed KMS key and closed to the public.
2. A Lambda function, "order-intake", that is triggered by every new object below the prefix incoming/, reads it and
   writes one item per order to DynamoDB.
3. A DynamoDB table "orders" with the partition key orderId, on-demand billing, point-in-time recovery and encryption
   with the same KMS key.
4. An SQS queue with a dead-letter queue for orders that could not be read; after three receives a message moves to
   the dead-letter queue.
5. An SNS topic on which the operations team is told about failures.
6. IAM roles that follow the principle of least privilege, one for each function.
7. A CloudWatch alarm on the errors of the function and one on the depth of the dead-letter queue, both of which
   publish to the SNS topic.

Expected output: one CloudFormation template, TapStack.yml, with the names of bucket, table, queues, topic and
function as outputs."""

_ORDERS_BACKGROUND = """\
A wholesaler gets about 4,000 order files a day from its branches, as small JSON documents. Until now a person
copied them, by hand, from a mail box ("the tray") into a spreadsheet. Orders were lost, and nobody noticed before
the customer called."""

_ORDERS_ENVIRONMENT = """\
AWS in the us-east-1 region. The function runs Python 3.12 and needs no VPC. Data flows from the S3 bucket through
the Lambda function to DynamoDB; what fails goes to SQS, and SNS tells the operations team."""

_ORDERS_CONSTRAINTS = """\
- All data at rest is encrypted with KMS, all data in transit with TLS.
- No wildcard in the resources of an IAM policy where an ARN can be given.
- Logs are kept for 14 days.
- Every name carries the EnvironmentSuffix, and everything can be deleted: no Retain, no deletion protection."""

_TELEMETRY_PROBLEM = """\
Write a CloudFormation template in JSON that collects the telemetry of delivery vans and keeps it for analysis.

What is needed:

- an SQS queue for readings, and a dead-letter queue for what cannot be processed;
- a Lambda function that takes readings from the queue in batches of ten, validates them and stores the latest one of
  each van in DynamoDB and the raw batch in S3;
- a DynamoDB table "vans" with the partition key vanId and the sort key readAt, and a time to live on old readings;
- an S3 bucket for raw batches, encrypted by KMS, whose objects move to Infrequent Access after 30 days;
- an SNS topic for warnings, to which the function publishes when a van's cargo is warmer than 8 degrees;
- a KMS key with rotation, used by the table, the bucket, the queue and the topic;
- IAM permissions for exactly these accesses and no others;
- CloudWatch: a log group with 30 days of retention, an alarm on the age of the oldest message and one on throttles.

Expected output: a valid CloudFormation JSON template, TapStack.json, that passes the linter and deploys as it is."""

_TELEMETRY_BACKGROUND = """\
A dairy delivers with 120 vans. Each sends its position and the temperature of its cargo once a minute. An earlier
attempt with a server in the office failed whenever the office's line did; "never again", says the dairy."""

_TELEMETRY_ENVIRONMENT = """\
One AWS account, region eu-west-1. Vans write to SQS through an existing gateway that is not part of this task; the
function (Node.js 20) reads from the queue and writes to DynamoDB and S3."""

_TELEMETRY_CONSTRAINTS = """\
- Least privilege: no action with a star, no resource with a star unless the service knows no other.
- At most ten concurrent executions of the function.
- Nothing is public; the bucket refuses requests without TLS.
- The stack can be deleted and deployed again under the same suffix."""

_REPORTS_PROBLEM = """\
Using AWS CDK with TypeScript, define a stack that makes a report of each night's bookings. A Lambda function that
runs Python 3.12 is started by an EventBridge rule at 02:00 UTC, reads the bookings of the last day from a DynamoDB
table, writes a CSV file to an S3 bucket and publishes a message with its key to an SNS topic.

Expected output: a CDK TypeScript application that passes `cdk synth`; the CloudFormation it makes carries outputs for
bucket, table and topic."""

_BUDGET_PROBLEM = """\
Create a CloudFormation template in YAML with one S3 bucket that keeps log files for a week. Nothing else is needed."""

_ARCHIVE_PROBLEM = """\
Create a Pulumi program in Python that archives invoices: an S3 bucket with a lifecycle rule, a DynamoDB table as its
index, and a Lambda function that answers queries by customer and month."""

_SEARCH_PROBLEM = """\
Create infrastructure code using CDKTF with Python for a product search: an S3 bucket for catalogues, an SQS queue,
and a Lambda function that writes what it reads to a DynamoDB table. No other tool than CDKTF may be used, so neither
plain Terraform nor the AWS CDK."""


def rows() -> list[tuple[str, ...]]:
    """The rows, one tuple of cells each, in the order of `COLUMNS`."""
    labels = '["Serverless", "Event-driven processing"]'
    serverless = "Serverless Infrastructure (Functions as Code)"
    return [
        (
            "demo-1000",
            "done",
            "Pulumi",
            "Python",
            "medium",
            "Cloud Environment Setup",
            '["Storage"]',
            _ARCHIVE_PROBLEM,
            "Invoices have to be kept for seven years.",
            "AWS, us-west-2.",
            "Encryption at rest; no public access.",
            "finished before this list was handed over",
        ),
        (
            "demo-1001",
            "",
            "CloudFormation",
            "yaml",
            "hard",
            serverless,
            labels,
            _ORDERS_PROBLEM,
            _ORDERS_BACKGROUND,
            _ORDERS_ENVIRONMENT,
            _ORDERS_CONSTRAINTS,
            "",
        ),
        (
            "demo-1002",
            "pending",
            "CloudFormation",
            "json",
            "Medium ",
            "Cloud Environment Setup",
            '["Monitoring", "Storage"]',
            _TELEMETRY_PROBLEM,
            _TELEMETRY_BACKGROUND,
            _TELEMETRY_ENVIRONMENT,
            _TELEMETRY_CONSTRAINTS,
            "",
        ),
        (
            "demo-1003",
            "",
            "CloudFormation",
            "yaml",
            "easy",
            "Cloud Environment Setup",
            '["Storage"]',
            _BUDGET_PROBLEM,
            "A team wants to keep its logs.",
            "AWS, us-east-1.",
            "Nothing is public.",
            "",
        ),
        (
            "demo-1004",
            "",
            "CDK",
            "TypeScript",
            "hard",
            "Web Application Deployment",
            '["Reporting"]',
            _REPORTS_PROBLEM,
            "A booking office reads yesterday's numbers first thing in the morning.",
            "AWS, us-east-1. All resources are tagged Project=reports.",
            "Least privilege; encryption at rest; logs are kept for 30 days.",
            "",
        ),
        (
            "demo-1005",
            "",
            "CDKTF",
            "Python",
            "medium",
            "IaC Optimization",
            '["Search"]',
            _SEARCH_PROBLEM,
            "A shop with 20,000 products.",
            "AWS, us-east-1.",
            "Encryption at rest; at most three retries; nothing is public.",
            "",
        ),
    ]
