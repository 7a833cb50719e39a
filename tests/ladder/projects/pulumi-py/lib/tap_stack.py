"""Orders: a topic, a function, a bucket."""

import json
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi_aws import iam, lambda_, s3, sns

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@dataclass
class TapStackArgs:
    """`environment_suffix` ends every name."""

    environment_suffix: str


class TapStack(pulumi.ComponentResource):
    """Orders from the topic are kept in the bucket."""

    def __init__(self, name: str, args: TapStackArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tap:stack:TapStack", name, None, opts)
        orders = f"orders-{args.environment_suffix}"
        own = pulumi.ResourceOptions(parent=self)
        bucket = s3.BucketV2("bucket", bucket=f"{orders}-store", opts=own)
        topic = sns.Topic("topic", name=orders, opts=own)
        role = iam.Role("role", name=orders, assume_role_policy=json.dumps(TRUST), opts=own)
        policy = iam.RolePolicy(
            "policy",
            role=role.id,
            policy=bucket.arn.apply(
                lambda arn: json.dumps(
                    {
                        "Version": "2012-10-17",
                        "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"{arn}/orders/*"}],
                    }
                )
            ),
            opts=own,
        )
        keep = lambda_.Function(
            "function",
            name=orders,
            role=role.arn,
            runtime="python3.12",
            handler="handler.handler",
            timeout=30,
            code=pulumi.FileArchive(str(Path(__file__).parent / "function")),
            environment={"variables": {"BUCKET": bucket.bucket}},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        lambda_.Permission(
            "permission",
            action="lambda:InvokeFunction",
            function=keep.name,
            principal="sns.amazonaws.com",
            source_arn=topic.arn,
            opts=own,
        )
        sns.TopicSubscription("subscription", topic=topic.arn, protocol="lambda", endpoint=keep.arn, opts=own)
        self.bucket_name = bucket.bucket
        self.topic_arn = topic.arn
        self.register_outputs({"BucketName": self.bucket_name, "TopicArn": self.topic_arn})
