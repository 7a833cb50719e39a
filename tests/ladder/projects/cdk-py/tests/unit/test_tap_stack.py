"""Unit tests of the stack."""

import aws_cdk as cdk
from aws_cdk.assertions import Template
from lib.tap_stack import TapStack


def test_the_topic_feeds_the_function() -> None:
    """Names end with the suffix, and the parts are tied together."""
    template = Template.from_stack(TapStack(cdk.App(), "TapStacktest", environment_suffix="test"))
    template.has_resource_properties("AWS::SNS::Topic", {"TopicName": "orders-test"})
    template.has_resource_properties("AWS::Lambda::Function", {"Handler": "handler.handler"})
    template.has_resource_properties("AWS::SNS::Subscription", {"Protocol": "lambda"})
