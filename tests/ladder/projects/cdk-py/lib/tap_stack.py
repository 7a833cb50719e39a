"""Orders: a topic, a function, a bucket."""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct


class TapStack(cdk.Stack):
    """Orders from the topic are kept in the bucket."""

    def __init__(self, scope: Construct, construct_id: str, *, environment_suffix: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=f"orders-{environment_suffix}-{cdk.Aws.ACCOUNT_ID}",
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        topic = sns.Topic(self, "Topic", topic_name=f"orders-{environment_suffix}")
        keep = lambda_.Function(
            self,
            "Function",
            function_name=f"orders-{environment_suffix}",
            runtime=lambda_.Runtime.PYTHON_3_12,
            handler="handler.handler",
            code=lambda_.Code.from_asset(str(Path(__file__).parent / "function")),
            timeout=cdk.Duration.seconds(30),
            environment={"BUCKET": bucket.bucket_name},
        )
        topic.add_subscription(subscriptions.LambdaSubscription(keep))
        bucket.grant_put(keep)
        cdk.CfnOutput(self, "BucketName", value=bucket.bucket_name)
        cdk.CfnOutput(self, "TopicArn", value=topic.topic_arn)
