"""PLACEHOLDER-TEMPLATE: replace this stack by the one of the task."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import ssm


@dataclass
class TapStackArgs:
    """`environment_suffix` ends every name, so that environments can live side by side."""

    environment_suffix: str


class TapStack(pulumi.ComponentResource):
    """The stack of the task."""

    def __init__(self, name: str, args: TapStackArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tap:stack:TapStack", name, None, opts)
        parameter = ssm.Parameter(
            "placeholder",
            name=f"/tap/{args.environment_suffix}/placeholder",
            type="String",
            value="placeholder",
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.parameter_name = parameter.name
        self.register_outputs({"ParameterName": parameter.name})
