"""Unit tests of the stack."""

import json

from cdktf import Testing
from lib.tap_stack import TapStack


def test_the_topic_feeds_the_function() -> None:
    """Names end with the suffix, and the parts are tied together."""
    stack = TapStack(Testing.app(), "TapStacktest", environment_suffix="test", region="us-east-1")
    resource = json.loads(Testing.synth(stack))["resource"]
    assert resource["aws_sns_topic"]["Topic"]["name"] == "orders-test"
    assert resource["aws_sns_topic_subscription"]["Subscription"]["endpoint"] == "${aws_lambda_function.Function.arn}"
