"""The program: one component and its outputs."""

import os

import pulumi
from lib.tap_stack import TapStack, TapStackArgs

environment_suffix = os.environ.get("ENVIRONMENT_SUFFIX", "dev")
stack = TapStack("tap-stack", TapStackArgs(environment_suffix=environment_suffix))

pulumi.export("BucketName", stack.bucket_name)
pulumi.export("TopicArn", stack.topic_arn)
