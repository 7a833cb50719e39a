"""The app: one stack, named after the environment's suffix."""

import os

import support.lazy_provider  # noqa: F401  # pylint: disable=unused-import
from cdktf import App

from lib.tap_stack import TapStack

app = App()
environment_suffix = os.environ.get("ENVIRONMENT_SUFFIX", "dev")

TapStack(
    app,
    f"TapStack{environment_suffix}",
    environment_suffix=environment_suffix,
    region=os.environ.get("AWS_REGION", "us-east-1"),
)

app.synth()
