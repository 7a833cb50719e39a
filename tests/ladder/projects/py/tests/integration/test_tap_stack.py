"""Tests of what was deployed."""

import json
import time
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

OUTPUTS = json.loads(Path("cfn-outputs/flat-outputs.json").read_text(encoding="utf-8"))


def kept(key: str) -> str:
    """The object's text, as soon as it is there."""
    s3 = boto3.client("s3")
    for _ in range(100):
        try:
            return s3.get_object(Bucket=OUTPUTS["BucketName"], Key=key)["Body"].read().decode()
        except ClientError:
            time.sleep(0.2)
    return ""


def test_an_order_that_is_sent_to_the_topic_is_kept_in_the_bucket() -> None:
    """The whole way: topic, function, bucket."""
    order = json.dumps({"id": "a1", "amount": 3})
    boto3.client("sns").publish(TopicArn=OUTPUTS["TopicArn"], Message=order)
    assert kept("orders/a1.json") == order
