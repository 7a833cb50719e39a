"""Clean runs of the pairs whose stack is a program, with what their synthesizers leave behind."""

from __future__ import annotations

import json
from typing import Any

from clean_run import COVERAGE, INTEGRATION, LIVE, TASK, UNITS, Sample

SUFFIX = "syntht7"

CDK_TS = """import * as cdk from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface TapStackProps extends cdk.StackProps {
  environmentSuffix: string;
}

export class TapStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props: TapStackProps) {
    super(scope, id, props);
    const suffix = props.environmentSuffix;
    new s3.Bucket(this, 'Invoices', {
      bucketName: `invoices-${suffix}`,
      removalPolicy: cdk.RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
    new dynamodb.Table(this, 'Ledger', {
      tableName: `ledger-${suffix}`,
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      removalPolicy: cdk.RemovalPolicy.DESTROY,
    });
    const orders = new sqs.Queue(this, 'Orders', { queueName: `orders-${suffix}` });
    new cdk.CfnOutput(this, 'QueueUrl', { value: orders.queueUrl });
  }
}
"""
CDK_UNIT = """import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { TapStack } from '../lib/tap-stack';

describe('TapStack', () => {
  const template = Template.fromStack(new TapStack(new cdk.App(), 'TapStacktest', { environmentSuffix: 'test' }));

  test('keeps invoices private', () => {
    template.hasResourceProperties('AWS::S3::Bucket', { BucketName: 'invoices-test' });
  });

  test('has one queue', () => {
    template.resourceCountIs('AWS::SQS::Queue', 1);
  });
});
"""
PY_UNIT = """from aws_cdk import App
from aws_cdk.assertions import Template

from lib.tap_stack import TapStack


def test_invoices_are_private():
    template = Template.from_stack(TapStack(App(), "TapStacktest", environment_suffix="test"))
    template.has_resource_properties("AWS::S3::Bucket", {"BucketName": "invoices-test"})
"""
PY_LIVE = """import json
from pathlib import Path

import boto3

OUTPUTS = json.loads(Path("cfn-outputs/flat-outputs.json").read_text(encoding="utf-8"))


def test_the_queue_answers():
    found = boto3.client("sqs").get_queue_attributes(QueueUrl=OUTPUTS["QueueUrl"], AttributeNames=["All"])
    assert "orders-" in found["Attributes"]["QueueArn"]
"""
CDKTF_PY = """from cdktf import TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.dynamodb_table import DynamodbTable
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from constructs import Construct


class TapStack(TerraformStack):
    def __init__(self, scope: Construct, construct_id: str, *, environment_suffix: str, region: str) -> None:
        super().__init__(scope, construct_id)
        AwsProvider(self, "aws", region=region)
        S3Bucket(self, "Invoices", bucket=f"invoices-{environment_suffix}", force_destroy=True)
        DynamodbTable(
            self,
            "Ledger",
            name=f"ledger-{environment_suffix}",
            billing_mode="PAY_PER_REQUEST",
            hash_key="id",
            attribute=[{"name": "id", "type": "S"}],
        )
        orders = SqsQueue(self, "Orders", name=f"orders-{environment_suffix}")
        TerraformOutput(self, "QueueUrl", value=orders.url, static_id=True)
"""
PULUMI_TS = """import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

export interface TapStackArgs {
  environmentSuffix: string;
}

export class TapStack extends pulumi.ComponentResource {
  public readonly queueUrl: pulumi.Output<string>;

  constructor(name: string, args: TapStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:stack:TapStack', name, {}, opts);
    const suffix = args.environmentSuffix;
    new aws.s3.BucketV2('invoices', { bucket: `invoices-${suffix}`, forceDestroy: true }, { parent: this });
    new aws.dynamodb.Table(
      'ledger',
      { name: `ledger-${suffix}`, hashKey: 'id', attributes: [{ name: 'id', type: 'S' }], billingMode: 'PAY_PER_REQUEST' },
      { parent: this }
    );
    const orders = new aws.sqs.Queue('orders', { name: `orders-${suffix}` }, { parent: this });
    this.queueUrl = orders.url;
    this.registerOutputs({ QueueUrl: orders.url });
  }
}
"""
PULUMI_BIN = """import { TapStack } from '../lib/tap-stack';

const environmentSuffix = process.env.ENVIRONMENT_SUFFIX || 'dev';
const stack = new TapStack('tap-stack', { environmentSuffix });

export const QueueUrl = stack.queueUrl;
"""
PULUMI_UNIT = """import * as pulumi from '@pulumi/pulumi';

pulumi.runtime.setMocks({
  newResource: args => ({ id: `${args.name}-id`, state: args.inputs }),
  call: args => args.inputs,
});

test('the queue has an address', done => {
  import('../lib/tap-stack').then(({ TapStack }) => {
    new TapStack('t', { environmentSuffix: 'test' }).queueUrl.apply(url => {
      expect(url).toBeDefined();
      done();
    });
  });
});
"""

# What cdk puts beside a bucket that it empties, and into every template.
_HELPERS: dict[str, Any] = {
    "InvoicesAutoDeleteObjectsCustomResourceE39812C5": {
        "Type": "Custom::S3AutoDeleteObjects",
        "Properties": {"ServiceToken": {"Fn::GetAtt": ["Provider9D90184F", "Arn"]}},
        "UpdateReplacePolicy": "Delete",
        "DeletionPolicy": "Delete",
    },
    "ProviderRole3B1BD092": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "ManagedPolicyArns": [
                {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}
            ]
        },
    },
    "Provider9D90184F": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {
                "S3Bucket": {"Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}-eu-west-1"},
                "S3Key": "faa95a81ae7d7373f3e1f242268f904eb748d8d0fdd306e8a6fe515a1905a7d6.zip",
            },
            "Role": {"Fn::GetAtt": ["ProviderRole3B1BD092", "Arn"]},
        },
    },
    "ApiF70053CD": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "Api"}},
    "SeedPolicy88902FDF": {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": "SeedPolicy88902FDF",
            "PolicyDocument": {
                "Statement": [
                    {
                        "Action": "s3:GetObject*",
                        "Effect": "Allow",
                        "Resource": {
                            "Fn::Join": [
                                "",
                                [
                                    "arn:",
                                    {"Ref": "AWS::Partition"},
                                    ":s3:::cdk-hnb659fds-assets-",
                                    {"Ref": "AWS::AccountId"},
                                    "-eu-west-1/*",
                                ],
                            ]
                        },
                    }
                ]
            },
        },
    },
    "CDKMetadata": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "v2:deflate64:H4sIAAAA"}},
}


def assembly(**buckets: Any) -> dict[str, str]:
    """What cdk synth leaves for CDK_TS; `buckets` are more properties of the bucket."""
    destroy = {"UpdateReplacePolicy": "Delete", "DeletionPolicy": "Delete"}
    resources = {
        "InvoicesF0222E8D": {
            "Type": "AWS::S3::Bucket",
            "Properties": {"BucketName": f"invoices-{SUFFIX}"} | buckets,
            **destroy,
        },
        "LedgerB7379752": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": f"ledger-{SUFFIX}",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            },
            **destroy,
        },
        "OrdersA9B65338": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": f"orders-{SUFFIX}"}, **destroy},
        "HandlerLogs6FD01908": {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {"LogGroupName": {"Fn::Join": ["", ["/aws/lambda/", {"Ref": "Provider9D90184F"}]]}},
            **destroy,
        },
        **_HELPERS,
    }
    body = {
        "Resources": resources,
        "Outputs": {"QueueUrl": {"Value": {"Ref": "OrdersA9B65338"}}},
        "Parameters": {
            "BootstrapVersion": {
                "Type": "AWS::SSM::Parameter::Value<String>",
                "Default": "/cdk-bootstrap/hnb659fds/version",
            }
        },
        "Rules": {"CheckBootstrapVersion": {"Assertions": []}},
    }
    stack = f"TapStack{SUFFIX}"
    properties = {"templateFile": f"{stack}.template.json"}
    manifest = {"artifacts": {stack: {"type": "aws:cloudformation:stack", "properties": properties}}}
    return {
        f"cdk.out/{stack}.template.json": json.dumps(body, indent=1),
        "cdk.out/manifest.json": json.dumps(manifest, indent=1),
    }


def configuration(**buckets: Any) -> dict[str, Any]:
    """The configuration that the cdktf and pulumi programs become; `buckets` are more attributes of the bucket."""
    return {
        "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}},
        "provider": {"aws": [{"region": "eu-west-1"}]},
        "data": {
            "aws_caller_identity": {"me": {"//": {"metadata": {"path": "TapStack/me"}}}},
            "aws_availability_zones": {"zones": {"state": "available"}},
            "aws_iam_policy_document": {
                "read": {"statement": [{"actions": ["s3:GetObject"], "resources": ["${aws_s3_bucket.invoices.arn}/*"]}]}
            },
        },
        "resource": {
            "aws_s3_bucket": {"invoices": {"bucket": f"invoices-{SUFFIX}", "force_destroy": True} | buckets},
            "aws_s3_bucket_versioning": {"invoices": {"bucket": "${aws_s3_bucket.invoices.id}"}},
            "aws_dynamodb_table": {
                "ledger": {"name": f"ledger-{SUFFIX}", "attribute": [{"name": "id", "type": "S"}], "hash_key": "id"}
            },
            "aws_sqs_queue": {"orders": {"name": f"orders-{SUFFIX}", "//": {"metadata": {"path": "TapStack/orders"}}}},
            "aws_cloudwatch_log_group": {"logs": {"name": "/orders/${aws_sqs_queue.orders.name}"}},
        },
        "output": {"QueueUrl": {"value": "${aws_sqs_queue.orders.url}"}},
    }


def written(path: str, value: dict[str, Any]) -> dict[str, str]:
    """A configuration as the file it stands in."""
    return {path: json.dumps(value, indent=1)}


CDKTF_OUT = f"cdktf.out/stacks/TapStack{SUFFIX}/cdk.tf.json"
PULUMI_OUT = "pulumi.out/stack.tf.json"
CDK_OUT = f"cdk.out/TapStack{SUFFIX}.template.json"
_PYTHON_COVERAGE = {
    "coverage/coverage.json": json.dumps(
        {"totals": {"num_statements": 5, "covered_lines": 5}, "files": {"lib/tap_stack.py": {"missing_lines": []}}}
    )
}
_TYPESCRIPT_COVERAGE = {"coverage/coverage-summary.json": json.dumps(COVERAGE)}


def _task(platform: str, language: str) -> dict[str, Any]:
    return TASK | {"platform": platform, "language": language}


def _mended(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


SAMPLES = {
    "cdk": Sample(
        task=_task("cdk", "ts"),
        first={"lib/tap-stack.ts": CDK_TS},
        final={
            "lib/tap-stack.ts": _mended(
                CDK_TS, "      autoDelete", "      encryption: s3.BucketEncryption.KMS_MANAGED,\n      autoDelete"
            )
        },
        tests={UNITS: CDK_UNIT, LIVE: INTEGRATION},
        before=assembly(),
        after=assembly(BucketEncryption={"ServerSideEncryptionConfiguration": []}),
        coverage=_TYPESCRIPT_COVERAGE,
    ),
    "cdktf": Sample(
        task=_task("cdktf", "py"),
        first={"lib/tap_stack.py": CDKTF_PY},
        final={"lib/tap_stack.py": _mended(CDKTF_PY, "force_destroy=True", 'force_destroy=True, bucket_prefix=""')},
        tests={
            "tests/unit/test_tap_stack.py": PY_UNIT.replace("aws_cdk", "cdktf"),
            "tests/integration/test_tap_stack.py": PY_LIVE,
        },
        before=written(CDKTF_OUT, configuration()),
        after=written(CDKTF_OUT, configuration(server_side_encryption_configuration=[{"rule": []}])),
        coverage=_PYTHON_COVERAGE,
    ),
    "pulumi": Sample(
        task=_task("pulumi", "ts"),
        first={"lib/tap-stack.ts": PULUMI_TS, "bin/tap.ts": PULUMI_BIN},
        final={"lib/tap-stack.ts": _mended(PULUMI_TS, "forceDestroy: true", "forceDestroy: true, tags: { a: 'b' }")},
        tests={UNITS: PULUMI_UNIT, LIVE: INTEGRATION},
        before=written(PULUMI_OUT, configuration()),
        after=written(PULUMI_OUT, configuration(server_side_encryption_configuration=[{"rule": []}])),
        coverage=_TYPESCRIPT_COVERAGE,
    ),
}
