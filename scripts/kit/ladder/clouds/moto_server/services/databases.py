"""DynamoDB and RDS."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, Replace, handles
from kit.ladder.clouds.moto_server.simple import simple

_KEYS = ("KeySchema", "AttributeDefinitions", "LocalSecondaryIndexes")


@handles("AWS::DynamoDB::Table")
class Table(Handler):
    """Ref is the table's name."""

    service = "dynamodb"

    def create(self) -> None:
        """Create the table, then recovery and expiry."""
        made = self.call("create_table", **self._settings(self.name("TableName", limit=255)))["TableDescription"]
        self.id = made["TableName"]
        self.attributes = {"Arn": made["TableArn"], "StreamArn": made.get("LatestStreamArn")}
        self._rest({})

    def update(self, old: dict[str, Any]) -> None:
        """Keys stay; mode, indexes, stream, expiry and recovery change in place."""
        self.same(old, "TableName", *_KEYS)
        asked = self._settings(self.id)
        changed: dict[str, Any] = {"TableName": self.id}
        for key in ("BillingMode", "ProvisionedThroughput", "SSESpecification"):
            if old.get(key) != self.props.get(key):
                changed[key] = asked.get(key)
        if old.get("StreamSpecification") != self.props.get("StreamSpecification"):
            changed["StreamSpecification"] = asked.get("StreamSpecification") or {"StreamEnabled": False}
        changed["GlobalSecondaryIndexUpdates"] = self._index_changes(old) or None
        if any(value is not None for key, value in changed.items() if key != "TableName"):
            changed["AttributeDefinitions"] = self.props["AttributeDefinitions"]
            self.call("update_table", **changed)
        self._rest(old)
        found = self.call("describe_table", TableName=self.id)["Table"]
        self.attributes["StreamArn"] = found.get("LatestStreamArn")

    def delete(self) -> None:
        """Delete the table."""
        self.quietly("delete_table", TableName=self.id)

    def _settings(self, name: str) -> dict[str, Any]:
        asked = self.props | {"TableName": name}
        stream = self.props.get("StreamSpecification")
        if stream:
            asked["StreamSpecification"] = stream | {"StreamEnabled": True}
        lock = self.props.get("SSESpecification")
        if lock:
            asked["SSESpecification"] = {key: part for key, part in lock.items() if key != "SSEEnabled"} | {
                "Enabled": lock.get("SSEEnabled", True)
            }
        if str(self.props.get("BillingMode", "PROVISIONED")) == "PAY_PER_REQUEST":
            asked.pop("ProvisionedThroughput", None)
        return asked

    def _index_changes(self, old: dict[str, Any]) -> list[dict[str, Any]]:
        before = {row["IndexName"]: row for row in old.get("GlobalSecondaryIndexes") or []}
        after = {row["IndexName"]: row for row in self.props.get("GlobalSecondaryIndexes") or []}
        changes: list[dict[str, Any]] = [{"Delete": {"IndexName": name}} for name in before if name not in after]
        return changes + [{"Create": row} for name, row in after.items() if name not in before]

    def _rest(self, old: dict[str, Any]) -> None:
        recovery = self.props.get("PointInTimeRecoverySpecification")
        if recovery is not None and recovery != old.get("PointInTimeRecoverySpecification"):
            self.call("update_continuous_backups", TableName=self.id, PointInTimeRecoverySpecification=recovery)
        expiry = self.props.get("TimeToLiveSpecification")
        if expiry is not None and expiry != old.get("TimeToLiveSpecification"):
            self.call("update_time_to_live", TableName=self.id, TimeToLiveSpecification=expiry)


@handles("AWS::DynamoDB::GlobalTable")
class GlobalTable(Table):
    """A table; of its replicas only the one in the stack's own region is held."""

    def _settings(self, name: str) -> dict[str, Any]:
        settings = super()._settings(name)
        own: dict[str, Any] = next(
            (row for row in self.props.get("Replicas") or [] if row.get("Region") == self.context.region), {}
        )
        settings["Tags"] = own.get("Tags")
        if settings.get("BillingMode") != "PAY_PER_REQUEST":
            reads = (own.get("ReadProvisionedThroughputSettings") or {}).get("ReadCapacityUnits", 5)
            settings["ProvisionedThroughput"] = {"ReadCapacityUnits": reads, "WriteCapacityUnits": 5}
        self.props = self.props | {
            "PointInTimeRecoverySpecification": own.get("PointInTimeRecoverySpecification"),
        }
        return settings


class _Database(Handler):
    """An RDS instance or cluster. Ref is its identifier."""

    service = "rds"
    word = ""
    key = ""
    answer = ""

    def create(self) -> None:
        """Create it."""
        name = self.name(self.key, limit=63, lower=True).lower()
        made = self.call(f"create_db_{self.word}", **(self._settings() | {self.key: name}))[self.answer]
        self.id = name
        self.describe(made)

    def update(self, old: dict[str, Any]) -> None:
        """Modify what can be modified."""
        self.same(old, self.key, "Engine", "MasterUsername", "DBSubnetGroupName", "StorageEncrypted", "KmsKeyId")
        changed = {key: value for key, value in self._settings().items() if old.get(key) != value}
        wanted = changed | {self.key: self.id, "ApplyImmediately": True}
        made = self.call(f"modify_db_{self.word}", **wanted)[self.answer]
        self.describe(made)

    def delete(self) -> None:
        """Delete it without a last snapshot."""
        self.quietly(f"delete_db_{self.word}", **{self.key: self.id, "SkipFinalSnapshot": True})

    def describe(self, made: dict[str, Any]) -> None:
        """Set the attributes."""

    def _settings(self) -> dict[str, Any]:
        return self.props | {
            "VpcSecurityGroupIds": self.props.get("VPCSecurityGroups") or self.props.get("VpcSecurityGroupIds")
        }


@handles("AWS::RDS::DBInstance")
class DBInstance(_Database):
    """An instance."""

    word = "instance"
    key = "DBInstanceIdentifier"
    answer = "DBInstance"

    def describe(self, made: dict[str, Any]) -> None:
        """Endpoint, ARN, the managed secret."""
        place = made.get("Endpoint") or {}
        address = place.get("Address") or f"{self.id}.emulated.{self.context.region}.rds.amazonaws.com"
        secret = (made.get("MasterUserSecret") or {}).get("SecretArn")
        self.attributes = {
            "Endpoint.Address": address,
            "Endpoint.Port": str(place.get("Port") or self.props.get("Port") or 3306),
            "Endpoint.HostedZoneId": "Z2R2ITUGPM61AM",
            "DBInstanceArn": made.get("DBInstanceArn"),
            "DbiResourceId": made.get("DbiResourceId"),
            "MasterUserSecret.SecretArn": secret,
        }


@handles("AWS::RDS::DBCluster")
class DBCluster(_Database):
    """A cluster."""

    word = "cluster"
    key = "DBClusterIdentifier"
    answer = "DBCluster"

    def describe(self, made: dict[str, Any]) -> None:
        """Endpoints, ARN, the managed secret."""
        self.attributes = {
            "Endpoint.Address": made.get("Endpoint"),
            "Endpoint.Port": str(made.get("Port") or 3306),
            "ReadEndpoint.Address": made.get("ReaderEndpoint"),
            "DBClusterArn": made.get("DBClusterArn"),
            "DBClusterResourceId": made.get("DbClusterResourceId"),
            "MasterUserSecret.SecretArn": (made.get("MasterUserSecret") or {}).get("SecretArn"),
        }

    def _settings(self) -> dict[str, Any]:
        return self.props | {"VpcSecurityGroupIds": self.props.get("VpcSecurityGroupIds")}


class _ParameterGroup(Handler):
    """A group of parameters. Ref is its name; parameters change in place, one that is left out needs a new group."""

    service = "rds"
    word = ""
    key = ""

    def create(self) -> None:
        """Create it, then set its parameters."""
        name = self.name(self.key, limit=255, lower=True).lower()
        family = {"DBParameterGroupFamily": self.props["Family"]}
        made = self.call(f"create_db_{self.word}", **(self.props | family | {self.key: name}))
        self.id = name
        self.attributes = {
            self.key: name,
            "DBParameterGroupArn": made.get("DBParameterGroup", {}).get("DBParameterGroupArn"),
        }
        self._set(self.props.get("Parameters") or {})

    def update(self, old: dict[str, Any]) -> None:
        """Set what changed."""
        self.same(old, self.key, "Family", "Description", "Tags")
        before, now = old.get("Parameters") or {}, self.props.get("Parameters") or {}
        if set(before) - set(now):
            raise Replace
        self._set({name: value for name, value in now.items() if before.get(name) != value})

    def delete(self) -> None:
        """Delete it."""
        self.quietly(f"delete_db_{self.word}", **{self.key: self.id})

    def _set(self, values: dict[str, Any]) -> None:
        rows = [
            {"ParameterName": name, "ParameterValue": value, "ApplyMethod": "pending-reboot"}
            for name, value in values.items()
        ]
        # The service takes twenty at a time.
        for start in range(0, len(rows), 20):
            self.call(f"modify_db_{self.word}", **{self.key: self.id, "Parameters": rows[start : start + 20]})


@handles("AWS::RDS::DBParameterGroup")
class DBParameterGroup(_ParameterGroup):
    """Of instances."""

    word = "parameter_group"
    key = "DBParameterGroupName"


@handles("AWS::RDS::DBClusterParameterGroup")
class DBClusterParameterGroup(_ParameterGroup):
    """Of clusters."""

    word = "cluster_parameter_group"
    key = "DBClusterParameterGroupName"


@handles("AWS::RDS::OptionGroup")
class OptionGroup(Handler):
    """Ref is its name."""

    service = "rds"

    def create(self) -> None:
        """Create it, then include its options."""
        self.id = self.name("OptionGroupName", limit=255, lower=True).lower()
        self.call("create_option_group", **(self.props | {"OptionGroupName": self.id}))
        self._include([])

    def update(self, old: dict[str, Any]) -> None:
        """Options change in place."""
        fixed = ("OptionGroupName", "EngineName", "MajorEngineVersion", "OptionGroupDescription", "Tags")
        self.same(old, *fixed)
        self._include([row["OptionName"] for row in old.get("OptionConfigurations") or []])

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_option_group", OptionGroupName=self.id)

    def _include(self, before: list[str]) -> None:
        rows = self.props.get("OptionConfigurations") or []
        gone = [name for name in before if name not in {row["OptionName"] for row in rows}]
        if rows or gone:
            self.call(
                "modify_option_group",
                OptionGroupName=self.id,
                OptionsToInclude=rows or None,
                OptionsToRemove=gone or None,
            )


simple(
    "AWS::RDS::DBSubnetGroup",
    "rds",
    "create_db_subnet_group",
    name="DBSubnetGroupName",
    lower=True,
    update="modify_db_subnet_group",
    delete="delete_db_subnet_group",
    by={"DBSubnetGroupName": "id"},
)
simple(
    "AWS::RDS::EventSubscription",
    "rds",
    "create_event_subscription",
    name="SubscriptionName",
    delete="delete_event_subscription",
    by={"SubscriptionName": "id"},
)
