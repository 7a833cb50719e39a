"""IAM groups and memberships, KMS aliases, Cognito."""

from __future__ import annotations

import json
from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles
from kit.ladder.clouds.moto_server.simple import simple


class _Principal(Handler):
    """A group, role or user with policies of its own. Ref is its name."""

    service = "iam"
    word = ""
    extra: tuple[str, ...] = ()

    def create(self) -> None:
        """Create it, then attach what it has."""
        key = f"{self.word.capitalize()}Name"
        name = self.name(key)
        wanted = {part: self.props[part] for part in self.extra if part in self.props}
        made = self.call(f"create_{self.word}", **(wanted | {key: name}))[self.word.capitalize()]
        self.id = name
        self.attributes = {"Arn": made["Arn"], f"{self.word.capitalize()}Id": made.get(f"{self.word.capitalize()}Id")}
        self.attach({})

    def update(self, old: dict[str, Any]) -> None:
        """Policies, tags, trust and the like change in place."""
        self.same(old, f"{self.word.capitalize()}Name", "Path")
        self.change(old)
        self.attach(old)

    def delete(self) -> None:
        """Detach everything, then delete it."""
        self.detach(self.props, {})
        self.quietly(f"delete_{self.word}", **self.me)

    @property
    def me(self) -> dict[str, str]:
        """The argument that names it."""
        return {f"{self.word.capitalize()}Name": self.id}

    def change(self, old: dict[str, Any]) -> None:
        """Change what is not a policy."""

    def attach(self, old: dict[str, Any]) -> None:
        """Bring policies from `old` to what is asked."""
        self.detach(old, self.props)
        for arn in self.props.get("ManagedPolicyArns") or []:
            self.call(f"attach_{self.word}_policy", **self.me, PolicyArn=arn)
        for policy in self.props.get("Policies") or []:
            document = json.dumps(policy["PolicyDocument"])
            self.call(f"put_{self.word}_policy", **self.me, PolicyName=policy["PolicyName"], PolicyDocument=document)

    def detach(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Take away what `old` has and `new` has not."""
        for arn in old.get("ManagedPolicyArns") or []:
            if arn not in (new.get("ManagedPolicyArns") or []):
                self.quietly(f"detach_{self.word}_policy", **self.me, PolicyArn=arn)
        names = [policy["PolicyName"] for policy in new.get("Policies") or []]
        for policy in old.get("Policies") or []:
            if policy["PolicyName"] not in names:
                self.quietly(f"delete_{self.word}_policy", **self.me, PolicyName=policy["PolicyName"])


@handles("AWS::IAM::Group")
class Group(_Principal):
    """A group."""

    word = "group"
    extra = ("Path",)


@handles("AWS::IAM::Role")
class Role(_Principal):
    """A role."""

    word = "role"
    extra = (
        "AssumeRolePolicyDocument",
        "Path",
        "Description",
        "MaxSessionDuration",
        "PermissionsBoundary",
        "Tags",
    )

    def change(self, old: dict[str, Any]) -> None:
        """Trust, description, session, boundary and tags."""
        document = json.dumps(self.props["AssumeRolePolicyDocument"])
        self.call("update_assume_role_policy", **self.me, PolicyDocument=document)
        rest = {key: self.props.get(key) for key in ("Description", "MaxSessionDuration")}
        self.call("update_role", **self.me, **rest)
        if self.props.get("PermissionsBoundary"):
            self.call("put_role_permissions_boundary", **self.me, PermissionsBoundary=self.props["PermissionsBoundary"])
        elif old.get("PermissionsBoundary"):
            self.call("delete_role_permissions_boundary", **self.me)
        gone = {tag["Key"] for tag in old.get("Tags") or []} - {tag["Key"] for tag in self.props.get("Tags") or []}
        if gone:
            self.call("untag_role", **self.me, TagKeys=sorted(gone))
        if self.props.get("Tags"):
            self.call("tag_role", **self.me, Tags=self.props["Tags"])


@handles("AWS::IAM::UserToGroupAddition")
class UserToGroupAddition(Handler):
    """Ref is a name of its own."""

    service = "iam"

    def create(self) -> None:
        """Add each user."""
        for user in self.props["Users"]:
            self.call("add_user_to_group", GroupName=self.props["GroupName"], UserName=user)
        self.id = self.context.generated_name()

    def delete(self) -> None:
        """Remove each user."""
        for user in self.props["Users"]:
            self.quietly("remove_user_from_group", GroupName=self.props["GroupName"], UserName=user)


simple(
    "AWS::IAM::OIDCProvider",
    "iam",
    "create_open_id_connect_provider",
    given={"ThumbprintList": "props.ThumbprintList || `[]`"},
    id="made.OpenIDConnectProviderArn",
    attributes={"Arn": "id"},
    delete="delete_open_id_connect_provider",
    by={"OpenIDConnectProviderArn": "id"},
)
simple(
    "AWS::IAM::ServiceLinkedRole",
    "iam",
    "create_service_linked_role",
    id="made.Role.RoleName",
    attributes={"RoleName": "id"},
    delete="delete_role",
    by={"RoleName": "id"},
)
simple(
    "AWS::KMS::Alias",
    "kms",
    "create_alias",
    id="props.AliasName",
    update="update_alias",
    fixed=("AliasName",),
    delete="delete_alias",
    by={"AliasName": "id"},
)
simple(
    "AWS::Cognito::UserPool",
    "cognito-idp",
    "create_user_pool",
    name="UserPoolName",
    limit=128,
    given={"PoolName": "name", "UserPoolTags": "props.UserPoolTags"},
    id="made.UserPool.Id",
    attributes={
        "Arn": "made.UserPool.Arn",
        "UserPoolId": "id",
        "ProviderName": "join('', ['cognito-idp.', region, '.amazonaws.com/', id])",
        "ProviderURL": "join('', ['https://cognito-idp.', region, '.amazonaws.com/', id])",
    },
    delete="delete_user_pool",
    by={"UserPoolId": "id"},
)
simple(
    "AWS::Cognito::UserPoolClient",
    "cognito-idp",
    "create_user_pool_client",
    name="ClientName",
    limit=128,
    id="made.UserPoolClient.ClientId",
    attributes={"ClientId": "id", "ClientSecret": "made.UserPoolClient.ClientSecret"},
    update="update_user_pool_client",
    fixed=("UserPoolId", "GenerateSecret"),
    delete="delete_user_pool_client",
    by={"UserPoolId": "props.UserPoolId", "ClientId": "id"},
)
simple(
    "AWS::Cognito::UserPoolDomain",
    "cognito-idp",
    "create_user_pool_domain",
    id="props.Domain",
    delete="delete_user_pool_domain",
    by={"Domain": "id", "UserPoolId": "props.UserPoolId"},
)
simple(
    "AWS::Cognito::UserPoolGroup",
    "cognito-idp",
    "create_group",
    name="GroupName",
    delete="delete_group",
    by={"GroupName": "id", "UserPoolId": "props.UserPoolId"},
)
simple(
    "AWS::Cognito::IdentityPool",
    "cognito-identity",
    "create_identity_pool",
    name="IdentityPoolName",
    limit=128,
    id="made.IdentityPoolId",
    attributes={"Name": "name"},
    delete="delete_identity_pool",
    by={"IdentityPoolId": "id"},
)
