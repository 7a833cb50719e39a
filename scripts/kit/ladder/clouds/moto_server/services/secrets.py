"""Secrets Manager."""

from __future__ import annotations

import json
import secrets
import string
from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles

_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


@handles("AWS::SecretsManager::Secret")
class Secret(Handler):
    """Ref is the secret's ARN."""

    service = "secretsmanager"

    def create(self) -> None:
        """Create it with the given value, or with a generated one."""
        text = self.props.get("SecretString")
        if text is None and "GenerateSecretString" in self.props:
            text = generate(self.props["GenerateSecretString"])
        made = self.call(
            "create_secret",
            Name=self.name("Name", limit=512),
            SecretString=text,
            **{key: self.props.get(key) for key in ("Description", "KmsKeyId", "Tags")},
            AddReplicaRegions=self.props.get("ReplicaRegions"),
        )
        self.id = made["ARN"]
        self.attributes = {"Id": self.id}

    def update(self, old: dict[str, Any]) -> None:
        """Value, description and key change in place; a new way to generate makes a new value."""
        self.same(old, "Name")
        text = self.props.get("SecretString")
        rule = self.props.get("GenerateSecretString")
        if text is None and rule is not None and rule != old.get("GenerateSecretString"):
            text = generate(rule)
        changed = {key: self.props.get(key) for key in ("Description", "KmsKeyId")}
        self.call("update_secret", SecretId=self.id, SecretString=text, **changed)

    def delete(self) -> None:
        """Delete it at once."""
        self.quietly("delete_secret", SecretId=self.id, ForceDeleteWithoutRecovery=True)


@handles("AWS::SecretsManager::SecretTargetAttachment")
class SecretTargetAttachment(Handler):
    """Ref is the secret's ARN. The secret's value learns of the database."""

    service = "secretsmanager"

    def create(self) -> None:
        """Add engine, host, port and identifier to the secret."""
        self.id = str(self.props["SecretId"])
        self.attributes = {"Id": self.id}
        self._attach()

    def update(self, old: dict[str, Any]) -> None:
        """Attach it to another target."""
        self.same(old, "SecretId")
        self._attach()

    def _attach(self) -> None:
        target = str(self.props["TargetId"])
        value = json.loads(self.call("get_secret_value", SecretId=self.id).get("SecretString") or "{}")
        if self.props["TargetType"] == "AWS::RDS::DBCluster":
            found = self.call("describe_db_clusters", "rds", DBClusterIdentifier=target)["DBClusters"][0]
            value |= {"dbClusterIdentifier": target, "host": found.get("Endpoint"), "port": found.get("Port")}
        else:
            found = self.call("describe_db_instances", "rds", DBInstanceIdentifier=target)["DBInstances"][0]
            place = found.get("Endpoint") or {}
            value |= {"dbInstanceIdentifier": target, "host": place.get("Address"), "port": place.get("Port")}
        value |= {"engine": found.get("Engine")}
        self.call("put_secret_value", SecretId=self.id, SecretString=json.dumps(value))


@handles("AWS::SecretsManager::RotationSchedule")
class RotationSchedule(Handler):
    """Ref is the secret's ARN. The schedule is kept; nothing is rotated by it."""

    service = "secretsmanager"

    def create(self) -> None:
        """Keep the rules, without rotating at once."""
        self.id = str(self.props["SecretId"])
        self._put()

    def update(self, old: dict[str, Any]) -> None:
        """Put the rules anew."""
        self.same(old, "SecretId")
        self._put()

    def delete(self) -> None:
        """Stop rotating."""
        self.quietly("cancel_rotate_secret", SecretId=self.id)

    def _put(self) -> None:
        rules = self.props.get("RotationRules") or {"AutomaticallyAfterDays": 30}
        self.call(
            "rotate_secret",
            SecretId=self.id,
            RotationLambdaARN=self.props.get("RotationLambdaARN"),
            RotationRules=rules,
            RotateImmediately=False,
        )


@handles("AWS::SecretsManager::ResourcePolicy")
class ResourcePolicy(Handler):
    """Ref is the secret's ARN."""

    service = "secretsmanager"

    def create(self) -> None:
        """Put the policy."""
        self.id = str(self.props["SecretId"])
        self.call("put_resource_policy", SecretId=self.id, ResourcePolicy=self.props["ResourcePolicy"])

    def delete(self) -> None:
        """Delete the policy."""
        self.quietly("delete_resource_policy", SecretId=self.id)


def generate(rule: dict[str, Any]) -> str:
    """A value after the rule of GenerateSecretString: the password alone, or put into the template's JSON."""
    groups = [
        ("ExcludeLowercase", string.ascii_lowercase),
        ("ExcludeUppercase", string.ascii_uppercase),
        ("ExcludeNumbers", string.digits),
        ("ExcludePunctuation", _PUNCTUATION),
    ]
    left_out = str(rule.get("ExcludeCharacters", ""))
    sets = [
        "".join(sign for sign in signs if sign not in left_out) for word, signs in groups if not _is(rule.get(word))
    ]
    sets = [signs for signs in sets if signs]
    if _is(rule.get("IncludeSpace")):
        sets.append(" ")
    if not sets:
        raise ValueError("GenerateSecretString leaves no characters to choose from")
    length = int(rule.get("PasswordLength", 32))
    every = "".join(sets)
    first = [secrets.choice(signs) for signs in sets] if _is(rule.get("RequireEachIncludedType", True)) else []
    signs = (first + [secrets.choice(every) for _ in range(length)])[:length]
    secrets.SystemRandom().shuffle(signs)
    password = "".join(signs)
    if "SecretStringTemplate" not in rule:
        return password
    value = json.loads(rule["SecretStringTemplate"])
    value[rule["GenerateStringKey"]] = password
    return json.dumps(value)


def _is(value: Any) -> bool:
    return str(value).lower() == "true"
