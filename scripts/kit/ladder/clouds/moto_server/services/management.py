"""Systems Manager, resource groups, AppConfig, SES, Pipes: what is named less often."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles
from kit.ladder.clouds.moto_server.simple import simple


@handles("AWS::SSM::Parameter")
class Parameter(Handler):
    """Ref is the parameter's name."""

    service = "ssm"

    def create(self) -> None:
        """Put it; one that is there already is not overwritten."""
        name = self.name("Name", limit=512)
        self.call("put_parameter", **(self.props | {"Name": name}))
        self.id = name
        self.attributes = {"Type": self.props.get("Type"), "Value": self.props.get("Value")}

    def update(self, old: dict[str, Any]) -> None:
        """Put it anew; its tags are changed by a call of their own."""
        self.same(old, "Name")
        self.call("put_parameter", **(self.props | {"Name": self.id, "Overwrite": True, "Tags": None}))
        self.attributes = {"Type": self.props.get("Type"), "Value": self.props.get("Value")}

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_parameter", Name=self.id)


simple(
    "AWS::SSM::Document",
    "ssm",
    "create_document",
    name="Name",
    limit=128,
    given={
        "DocumentFormat": "props.DocumentFormat || 'JSON'",
        "DocumentType": "props.DocumentType || 'Command'",
    },
    delete="delete_document",
    by={"Name": "id"},
)
simple(
    "AWS::SSM::MaintenanceWindow",
    "ssm",
    "create_maintenance_window",
    id="made.WindowId",
    delete="delete_maintenance_window",
    by={"WindowId": "id"},
)
simple(
    "AWS::SSM::MaintenanceWindowTarget",
    "ssm",
    "register_target_with_maintenance_window",
    id="made.WindowTargetId",
    delete="deregister_target_from_maintenance_window",
    by={"WindowId": "props.WindowId", "WindowTargetId": "id"},
)
simple(
    "AWS::SSM::PatchBaseline",
    "ssm",
    "create_patch_baseline",
    id="made.BaselineId",
    delete="delete_patch_baseline",
    by={"BaselineId": "id"},
)
simple(
    "AWS::ResourceGroups::Group",
    "resource-groups",
    "create_group",
    id="props.Name",
    attributes={"Arn": "made.Group.GroupArn"},
    delete="delete_group",
    by={"GroupName": "id"},
)
simple(
    "AWS::AppConfig::Application",
    "appconfig",
    "create_application",
    id="made.Id",
    delete="delete_application",
    by={"ApplicationId": "id"},
)
simple(
    "AWS::SES::EmailIdentity",
    "sesv2",
    "create_email_identity",
    id="props.EmailIdentity",
    delete="delete_email_identity",
    by={"EmailIdentity": "id"},
)
simple(
    "AWS::Pipes::Pipe",
    "pipes",
    "create_pipe",
    name="Name",
    attributes={"Arn": "made.Arn"},
    delete="delete_pipe",
    by={"Name": "id"},
)
simple(
    "AWS::StepFunctions::Activity",
    "stepfunctions",
    "create_activity",
    id="made.activityArn",
    attributes={"Arn": "id", "Name": "props.Name"},
    delete="delete_activity",
    by={"activityArn": "id"},
)
simple(
    "AWS::Cognito::IdentityPoolRoleAttachment",
    "cognito-identity",
    "set_identity_pool_roles",
    id="props.IdentityPoolId",
    update="=",
    fixed=("IdentityPoolId",),
)
