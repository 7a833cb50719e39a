"""Keeps every order that the topic brings as an object of the bucket."""

import json
import os
from typing import Any

import boto3


def handler(event: dict[str, Any], _context: Any) -> dict[str, int]:
    """Put each record's message into the bucket, under the order's id."""
    s3 = boto3.client("s3")
    for record in event["Records"]:
        order = record["Sns"]["Message"]
        s3.put_object(Bucket=os.environ["BUCKET"], Key=f"orders/{json.loads(order)['id']}.json", Body=order.encode())
    return {"kept": len(event["Records"])}
