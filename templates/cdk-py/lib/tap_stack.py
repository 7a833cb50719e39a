"""PLACEHOLDER-TEMPLATE: replace this stack by the one of the task."""

from typing import Any

import aws_cdk as cdk
from constructs import Construct


class TapStack(cdk.Stack):
    """The stack of the task. `environment_suffix` ends every name, so that environments can live side by side."""

    def __init__(self, scope: Construct, construct_id: str, *, environment_suffix: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        # Costs nothing and does nothing; a stack must have a resource to be valid.
        cdk.CfnWaitConditionHandle(self, "PlaceholderHandle")
        cdk.CfnOutput(self, "EnvironmentSuffix", value=environment_suffix)
