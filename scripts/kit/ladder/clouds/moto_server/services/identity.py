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
        self.made = made
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


@handles("AWS::IAM::User")
class User(_Principal):
    """A user."""

    word = "user"
    extra = ("Path", "PermissionsBoundary", "Tags")

    def create(self) -> None:
        """Create it, give it a password, put it into its groups."""
        super().create()
        if self.props.get("LoginProfile"):
            self.call("create_login_profile", **self.me, **self.props["LoginProfile"])
        for group in self.props.get("Groups") or []:
            self.call("add_user_to_group", **self.me, GroupName=group)

    def change(self, old: dict[str, Any]) -> None:
        """Groups."""
        now, before = self.props.get("Groups") or [], old.get("Groups") or []
        for group in before:
            if group not in now:
                self.quietly("remove_user_from_group", **self.me, GroupName=group)
        for group in now:
            self.call("add_user_to_group", **self.me, GroupName=group)

    def delete(self) -> None:
        """Take everything from it, then delete it."""
        for group in self.props.get("Groups") or []:
            self.quietly("remove_user_from_group", **self.me, GroupName=group)
        if self.props.get("LoginProfile"):
            self.quietly("delete_login_profile", **self.me)
        super().delete()


@handles("AWS::IAM::ManagedPolicy")
class ManagedPolicy(Handler):
    """Ref is the policy's ARN."""

    service = "iam"

    def create(self) -> None:
        """Create it and attach it."""
        name = self.name("ManagedPolicyName", limit=128)
        made = self.call(
            "create_policy",
            PolicyName=name,
            Path=self.props.get("Path"),
            Description=self.props.get("Description"),
            PolicyDocument=self.props["PolicyDocument"],
        )["Policy"]
        self.id = made["Arn"]
        self.attributes = {"PolicyArn": self.id, "PolicyId": made.get("PolicyId")}
        self._attach({}, self.props)

    def update(self, old: dict[str, Any]) -> None:
        """A new version of the document; attachments in place."""
        self.same(old, "ManagedPolicyName", "Path", "Description")
        if old["PolicyDocument"] != self.props["PolicyDocument"]:
            for version in self.call("list_policy_versions", PolicyArn=self.id)["Versions"]:
                if not version["IsDefaultVersion"]:
                    self.quietly("delete_policy_version", PolicyArn=self.id, VersionId=version["VersionId"])
            document = self.props["PolicyDocument"]
            self.call("create_policy_version", PolicyArn=self.id, PolicyDocument=document, SetAsDefault=True)
        self._attach(old, self.props)

    def delete(self) -> None:
        """Detach it, delete its versions, delete it."""
        self._attach(self.props, {})
        found = self.call("list_entities_for_policy", PolicyArn=self.id)
        for word, key in (("role", "PolicyRoles"), ("user", "PolicyUsers"), ("group", "PolicyGroups")):
            for entity in found.get(key, []):
                name = entity[f"{word.capitalize()}Name"]
                where = {f"{word.capitalize()}Name": name}
                self.quietly(f"detach_{word}_policy", **where, PolicyArn=self.id)
        for version in self.call("list_policy_versions", PolicyArn=self.id)["Versions"]:
            if not version["IsDefaultVersion"]:
                self.quietly("delete_policy_version", PolicyArn=self.id, VersionId=version["VersionId"])
        self.quietly("delete_policy", PolicyArn=self.id)

    def _attach(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        for word in ("Role", "User", "Group"):
            before, now = old.get(f"{word}s") or [], new.get(f"{word}s") or []
            for name in before:
                if name not in now:
                    self.quietly(f"detach_{word.lower()}_policy", **{f"{word}Name": name}, PolicyArn=self.id)
            for name in now:
                self.call(f"attach_{word.lower()}_policy", **{f"{word}Name": name}, PolicyArn=self.id)


@handles("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy")
class InlinePolicy(Handler):
    """Ref is a name of its own; the policy is put on every role, user and group it names."""

    service = "iam"

    def create(self) -> None:
        """Put it."""
        self._put(self.props)
        self.id = self.context.generated_name(128)
        self.attributes = {"Id": self.id}

    def update(self, old: dict[str, Any]) -> None:
        """Put it anew; take it from those no longer named."""
        self.same(old, "PolicyName")
        self._clear(old, self._owners(self.props))
        self._put(self.props)

    def delete(self) -> None:
        """Take it from all."""
        self._clear(self.props, [])

    def _put(self, props: dict[str, Any]) -> None:
        owners = self._owners(props)
        if not owners:
            raise ValueError("at least one of Groups, Roles, Users must be non-empty")
        for word, name in owners:
            where = {f"{word}Name": name, "PolicyName": props["PolicyName"]}
            self.call(f"put_{word.lower()}_policy", **where, PolicyDocument=props["PolicyDocument"])

    def _clear(self, props: dict[str, Any], kept: list[tuple[str, str]]) -> None:
        for word, name in self._owners(props):
            if (word, name) not in kept:
                where = {f"{word}Name": name, "PolicyName": props["PolicyName"]}
                self.quietly(f"delete_{word.lower()}_policy", **where)

    def _owners(self, props: dict[str, Any]) -> list[tuple[str, str]]:
        found = [(word, name) for word in ("Role", "User", "Group") for name in props.get(f"{word}s") or []]
        found += [(word, props[f"{word}Name"]) for word in ("Role", "User", "Group") if props.get(f"{word}Name")]
        return found


@handles("AWS::IAM::InstanceProfile")
class InstanceProfile(Handler):
    """Ref is the profile's name."""

    service = "iam"

    def create(self) -> None:
        """Create it with its role."""
        self.id = self.name("InstanceProfileName", limit=128)
        me = {"InstanceProfileName": self.id}
        made = self.call("create_instance_profile", **me, Path=self.props.get("Path"))["InstanceProfile"]
        self.attributes = {"Arn": made["Arn"]}
        for role in self.props.get("Roles") or []:
            self.call("add_role_to_instance_profile", **me, RoleName=role)

    def update(self, old: dict[str, Any]) -> None:
        """The role changes in place."""
        self.same(old, "InstanceProfileName", "Path")
        me = {"InstanceProfileName": self.id}
        for role in old.get("Roles") or []:
            self.quietly("remove_role_from_instance_profile", **me, RoleName=role)
        for role in self.props.get("Roles") or []:
            self.call("add_role_to_instance_profile", **me, RoleName=role)

    def delete(self) -> None:
        """Take the role out, delete it."""
        for role in self.props.get("Roles") or []:
            self.quietly("remove_role_from_instance_profile", InstanceProfileName=self.id, RoleName=role)
        self.quietly("delete_instance_profile", InstanceProfileName=self.id)


@handles("AWS::KMS::Key")
class Key(Handler):
    """Ref is the key's id."""

    service = "kms"

    def create(self) -> None:
        """Create it, then its rotation."""
        asked = self.props | {"Policy": self.props.get("KeyPolicy")}
        made = self.call("create_key", **self._tags(asked))["KeyMetadata"]
        self.id = made["KeyId"]
        self.attributes = {"Arn": made["Arn"], "KeyId": self.id}
        self._settings({})

    def update(self, old: dict[str, Any]) -> None:
        """Policy, description, rotation and state change in place."""
        self.same(old, "KeySpec", "KeyUsage", "MultiRegion")
        if old.get("KeyPolicy") != self.props.get("KeyPolicy"):
            self.call("put_key_policy", KeyId=self.id, PolicyName="default", Policy=self.props["KeyPolicy"])
        if old.get("Description") != self.props.get("Description"):
            self.call("update_key_description", KeyId=self.id, Description=self.props.get("Description", ""))
        self._settings(old)

    def delete(self) -> None:
        """Schedule its deletion, which is as gone as a key can be."""
        self.quietly(
            "schedule_key_deletion", KeyId=self.id, PendingWindowInDays=self.props.get("PendingWindowInDays", 7)
        )

    def _settings(self, old: dict[str, Any]) -> None:
        for key, on, off in (
            ("EnableKeyRotation", "enable_key_rotation", "disable_key_rotation"),
            ("Enabled", "enable_key", "disable_key"),
        ):
            if key in self.props and self.props[key] != old.get(key):
                self.call(on if str(self.props[key]).lower() == "true" else off, KeyId=self.id)

    def _tags(self, asked: dict[str, Any]) -> dict[str, Any]:
        tags = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in self.props.get("Tags") or []]
        return asked | {"Tags": tags}


@handles("AWS::IAM::UserToGroupAddition")
class UserToGroupAddition(Handler):
    """Ref is a name of its own."""

    service = "iam"

    def create(self) -> None:
        """Add each user."""
        for user in self.props["Users"]:
            self.call("add_user_to_group", GroupName=self.props["GroupName"], UserName=user)
        self.id = self.context.generated_name()

    def update(self, old: dict[str, Any]) -> None:
        """Remove those no longer named, add the rest."""
        self.same(old, "GroupName")
        for user in set(old["Users"]) - set(self.props["Users"]):
            self.quietly("remove_user_from_group", GroupName=self.props["GroupName"], UserName=user)
        for user in self.props["Users"]:
            self.call("add_user_to_group", GroupName=self.props["GroupName"], UserName=user)

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
    update="update_user_pool",
    fixed=("UsernameAttributes", "AliasAttributes", "UsernameConfiguration", "Schema"),
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
    attributes={"Name": "name", "ClientId": "id", "ClientSecret": "made.UserPoolClient.ClientSecret"},
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
