"""PLACEHOLDER-TEMPLATE: replace this stack by the one of the task."""

from cdktf import TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.ssm_parameter import SsmParameter
from constructs import Construct


class TapStack(TerraformStack):
    """The stack of the task. `environment_suffix` ends every name, so that environments can live side by side."""

    def __init__(self, scope: Construct, construct_id: str, *, environment_suffix: str, region: str) -> None:
        super().__init__(scope, construct_id)
        AwsProvider(self, "aws", region=region)
        parameter = SsmParameter(
            self,
            "Placeholder",
            name=f"/tap/{environment_suffix}/placeholder",
            type="String",
            value="placeholder",
        )
        TerraformOutput(self, "ParameterName", value=parameter.name, static_id=True)
