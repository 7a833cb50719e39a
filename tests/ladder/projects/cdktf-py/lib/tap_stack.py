"""Orders: a topic, a function, a bucket."""

import json
from pathlib import Path

from cdktf import AssetType, TerraformAsset, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


class TapStack(TerraformStack):
    """Orders from the topic are kept in the bucket."""

    def __init__(self, scope: Construct, construct_id: str, *, environment_suffix: str, region: str) -> None:
        super().__init__(scope, construct_id)
        AwsProvider(self, "aws", region=region)
        name = f"orders-{environment_suffix}"
        bucket = S3Bucket(self, "Bucket", bucket=f"{name}-store")
        topic = SnsTopic(self, "Topic", name=name)
        code = TerraformAsset(self, "Code", path=str(Path(__file__).parent / "function"), type=AssetType.ARCHIVE)
        role = IamRole(self, "Role", name=name, assume_role_policy=json.dumps(TRUST))
        keep = LambdaFunction(
            self,
            "Function",
            function_name=name,
            role=role.arn,
            runtime="python3.12",
            handler="handler.handler",
            timeout=30,
            filename=code.path,
            source_code_hash=code.asset_hash,
            environment={"variables": {"BUCKET": bucket.bucket}},
        )
        LambdaPermission(
            self,
            "Permission",
            action="lambda:InvokeFunction",
            function_name=keep.function_name,
            principal="sns.amazonaws.com",
            source_arn=topic.arn,
        )
        SnsTopicSubscription(self, "Subscription", topic_arn=topic.arn, protocol="lambda", endpoint=keep.arn)
        TerraformOutput(self, "BucketName", value=bucket.bucket, static_id=True)
        TerraformOutput(self, "TopicArn", value=topic.arn, static_id=True)
