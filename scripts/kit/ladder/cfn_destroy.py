"""Emptying what cannot be deleted full, and the proof that nothing is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.ladder import cfn_probe
from kit.ladder.cfn_compare import WITHOUT_BODY
from kit.ladder.clouds.base import Cloud

# How a person removes a leftover by hand; {id} is its physical id.
REMEDIES = {
    "AWS::S3::Bucket": "aws s3 rb s3://{id} --force",
    "AWS::DynamoDB::Table": "aws dynamodb delete-table --table-name {id}",
    "AWS::RDS::DBInstance": "aws rds delete-db-instance --skip-final-snapshot --db-instance-identifier {id}",
    "AWS::RDS::DBCluster": "aws rds delete-db-cluster --skip-final-snapshot --db-cluster-identifier {id}",
    "AWS::Lambda::Function": "aws lambda delete-function --function-name {id}",
    "AWS::Logs::LogGroup": "aws logs delete-log-group --log-group-name {id}",
    "AWS::EC2::VPC": "aws ec2 delete-vpc --vpc-id {id}",
    "AWS::EC2::Instance": "aws ec2 terminate-instances --instance-ids {id}",
    "AWS::SecretsManager::Secret": "aws secretsmanager delete-secret --force-delete-without-recovery --secret-id {id}",
    "AWS::KMS::Key": "aws kms schedule-key-deletion --pending-window-in-days 7 --key-id {id}",
    "AWS::IAM::Role": "aws iam delete-role --role-name {id}",
}

# Settings of the whole account: CloudFormation leaves them as they are, and there is nothing to remove.
SETTINGS = ("AWS::ApiGateway::Account",)


@dataclass
class Leftovers:
    """`left` are findings, one for each resource the service still holds; `gone` counts those proved gone."""

    gone: int = 0
    left: list[dict[str, Any]] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)


def empty(cloud: Cloud, listed: Sequence[Mapping[str, str]]) -> list[str]:
    """Empty the buckets (every version) and image repositories among `listed`; a line for each.

    Buckets stop logging first: the log of the emptying would land in one that was just emptied.
    """
    there = [
        (item["ResourceType"], item["PhysicalResourceId"])
        for item in listed
        if item["ResourceType"] in ("AWS::S3::Bucket", "AWS::ECR::Repository")
        and cfn_probe.holds(cloud, item["ResourceType"], item["PhysicalResourceId"])
    ]
    buckets = [name for kind, name in there if kind == "AWS::S3::Bucket"]
    for bucket in buckets:
        cloud.client("s3").put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})
    lines = [_empty_bucket(cloud, bucket) for bucket in buckets]
    lines += [_empty_repository(cloud, name) for kind, name in there if kind == "AWS::ECR::Repository"]
    return [line for line in lines if line]


def leftovers(cloud: Cloud, had: Sequence[Mapping[str, Any]]) -> Leftovers:
    """Ask the services for every resource the stack had."""
    found = Leftovers()
    for item in had:
        kind, physical, name = item["ResourceType"], item["PhysicalResourceId"], item["LogicalResourceId"]
        if kind in SETTINGS or kind in WITHOUT_BODY:
            found.gone += 1
            continue
        try:
            there = cfn_probe.holds(cloud, kind, physical, item.get("Facts"))
        except cfn_probe.Unverified:
            found.unverified.append(f"{name} ({kind})")
            continue
        if not there:
            found.gone += 1
            continue
        remedy = REMEDIES.get(kind, "delete it in the console").format(id=physical)
        message = f"{kind} {physical} is still there; remove it with: {remedy}"
        found.left.append({"rule": "destroy/leftover", "severity": "error", "resource": name, "message": message})
    return found


def _empty_bucket(cloud: Cloud, bucket: str) -> str:
    s3 = cloud.client("s3")
    removed = 0
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = page.get("Versions", []) + page.get("DeleteMarkers", [])
        keys = [{"Key": item["Key"], "VersionId": item["VersionId"]} for item in found]
        if keys:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
            removed += len(keys)
    for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket):
        for upload in page.get("Uploads", []):
            s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
    return f"emptied bucket {bucket}: {removed} versions" if removed else ""


def _empty_repository(cloud: Cloud, repository: str) -> str:
    ecr = cloud.client("ecr")
    removed = 0
    for page in ecr.get_paginator("list_images").paginate(repositoryName=repository):
        if page["imageIds"]:
            ecr.batch_delete_image(repositoryName=repository, imageIds=page["imageIds"])
            removed += len(page["imageIds"])
    return f"emptied repository {repository}: {removed} images" if removed else ""
