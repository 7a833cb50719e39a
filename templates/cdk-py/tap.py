"""The app: one stack, named after the environment's suffix."""

import os

import aws_cdk as cdk

from lib.tap_stack import TapStack

app = cdk.App()
environment_suffix = os.environ.get("ENVIRONMENT_SUFFIX") or app.node.try_get_context("environmentSuffix") or "dev"

TapStack(
    app,
    f"TapStack{environment_suffix}",
    environment_suffix=environment_suffix,
    env=cdk.Environment(region=os.environ.get("AWS_REGION", "us-east-1")),
)

app.synth()
