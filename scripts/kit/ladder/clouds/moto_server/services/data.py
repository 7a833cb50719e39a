"""Streams, catalogues, caches, search."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles
from kit.ladder.clouds.moto_server.simple import simple


@handles("AWS::Kinesis::Stream")
class Stream(Handler):
    """Ref is the stream's name. Mode, shards, retention, encryption and tags change in place."""

    service = "kinesis"

    def create(self) -> None:
        """Create it, then what only an existing stream can be given."""
        self.id = self.name("Name", limit=128)
        mode = self.props.get("StreamModeDetails")
        shards = self.props.get("ShardCount")
        self.call("create_stream", StreamName=self.id, ShardCount=shards, StreamModeDetails=mode)
        told = self.call("describe_stream_summary", StreamName=self.id)["StreamDescriptionSummary"]
        self.attributes = {"Arn": told["StreamARN"]}
        self._settings({})

    def update(self, old: dict[str, Any]) -> None:
        """A new name alone makes a new stream."""
        self.same(old, "Name")
        if old.get("StreamModeDetails") != self.props.get("StreamModeDetails"):
            mode = self.props.get("StreamModeDetails") or {"StreamMode": "PROVISIONED"}
            self.call("update_stream_mode", StreamARN=self.attributes["Arn"], StreamModeDetails=mode)
        wanted = self.props.get("ShardCount")
        if wanted is not None and str(wanted) != str(old.get("ShardCount")):
            how = "UNIFORM_SCALING"
            self.call("update_shard_count", StreamName=self.id, TargetShardCount=wanted, ScalingType=how)
        self._settings(old)

    def delete(self) -> None:
        """Delete it with its consumers."""
        self.quietly("delete_stream", StreamName=self.id, EnforceConsumerDeletion=True)

    def _settings(self, old: dict[str, Any]) -> None:
        before, hours = int(old.get("RetentionPeriodHours") or 24), int(self.props.get("RetentionPeriodHours") or 24)
        if before != hours:
            turn = "increase" if hours > before else "decrease"
            self.call(f"{turn}_stream_retention_period", StreamName=self.id, RetentionPeriodHours=hours)
        was, now = old.get("StreamEncryption"), self.props.get("StreamEncryption")
        if was and was != now:
            self.call("stop_stream_encryption", StreamName=self.id, **was)
        if now and was != now:
            self.call("start_stream_encryption", StreamName=self.id, **now)
        gone = {tag["Key"] for tag in old.get("Tags") or []} - {tag["Key"] for tag in self.props.get("Tags") or []}
        if gone:
            self.call("remove_tags_from_stream", StreamName=self.id, TagKeys=sorted(gone))
        if self.props.get("Tags"):
            self.call("add_tags_to_stream", StreamName=self.id, Tags=self.props["Tags"])


@handles("AWS::Athena::WorkGroup")
class WorkGroup(Handler):
    """Ref is the work group's name. All but the name change in place."""

    service = "athena"

    def create(self) -> None:
        """Create it, then disable it if so asked."""
        self.id = str(self.props["Name"])
        self.call("create_work_group", **(self.props | {"Configuration": self.props.get("WorkGroupConfiguration")}))
        if self.props.get("State") == "DISABLED":
            self.call("update_work_group", WorkGroup=self.id, State="DISABLED")

    def update(self, old: dict[str, Any]) -> None:
        """Update it."""
        self.same(old, "Name", "Tags")
        wanted = self.props.get("WorkGroupConfiguration") or {}
        self.call(
            "update_work_group",
            WorkGroup=self.id,
            Description=self.props.get("Description", ""),
            State=self.props.get("State", "ENABLED"),
            ConfigurationUpdates=wanted | {"ResultConfigurationUpdates": wanted.get("ResultConfiguration")},
        )

    def delete(self) -> None:
        """Delete it with what it holds."""
        self.quietly("delete_work_group", WorkGroup=self.id, RecursiveDeleteOption=True)


simple(
    "AWS::KinesisFirehose::DeliveryStream",
    "firehose",
    "create_delivery_stream",
    name="DeliveryStreamName",
    attributes={"Arn": "made.DeliveryStreamARN"},
    delete="delete_delivery_stream",
    by={"DeliveryStreamName": "id"},
)
simple(
    "AWS::Glue::Database",
    "glue",
    "create_database",
    id="props.DatabaseInput.Name",
    update="update_database",
    fixed=("CatalogId", "DatabaseName"),
    delete="delete_database",
    by={"Name": "id"},
)
simple(
    "AWS::Glue::Table",
    "glue",
    "create_table",
    id="props.TableInput.Name",
    delete="delete_table",
    by={"DatabaseName": "props.DatabaseName", "Name": "id"},
)
simple(
    "AWS::Glue::Crawler",
    "glue",
    "create_crawler",
    name="Name",
    given={"Schedule": "props.Schedule.ScheduleExpression"},
    delete="delete_crawler",
    by={"Name": "id"},
)
simple("AWS::Glue::Job", "glue", "create_job", name="Name", delete="delete_job", by={"JobName": "id"})
simple(
    "AWS::Athena::NamedQuery",
    "athena",
    "create_named_query",
    name="Name",
    id="made.NamedQueryId",
    attributes={"NamedQueryId": "id"},
    delete="delete_named_query",
    by={"NamedQueryId": "id"},
)
simple(
    "AWS::ElastiCache::SubnetGroup",
    "elasticache",
    "create_cache_subnet_group",
    name="CacheSubnetGroupName",
    lower=True,
    given={"CacheSubnetGroupDescription": "props.Description || 'cache subnets'"},
    delete="delete_cache_subnet_group",
    by={"CacheSubnetGroupName": "id"},
)
simple(
    "AWS::ElastiCache::CacheCluster",
    "elasticache",
    "create_cache_cluster",
    name="ClusterName",
    limit=40,
    lower=True,
    given={"CacheClusterId": "name", "SecurityGroupIds": "props.VpcSecurityGroupIds"},
    id="made.CacheCluster.CacheClusterId",
    attributes={
        "RedisEndpoint.Address": "join('', [id, '.cache.amazonaws.com'])",
        "RedisEndpoint.Port": "props.Port || `6379`",
        "ConfigurationEndpoint.Address": "join('', [id, '.cfg.cache.amazonaws.com'])",
        "ConfigurationEndpoint.Port": "props.Port || `11211`",
    },
    delete="delete_cache_cluster",
    by={"CacheClusterId": "id"},
)
simple(
    "AWS::ElastiCache::ReplicationGroup",
    "elasticache",
    "create_replication_group",
    name="ReplicationGroupId",
    limit=40,
    lower=True,
    attributes={
        "PrimaryEndPoint.Address": "join('', [id, '.primary.cache.amazonaws.com'])",
        "PrimaryEndPoint.Port": "props.Port || `6379`",
        "ReaderEndPoint.Address": "join('', [id, '.reader.cache.amazonaws.com'])",
        "ReaderEndPoint.Port": "props.Port || `6379`",
        "ConfigurationEndPoint.Address": "join('', [id, '.clustercfg.cache.amazonaws.com'])",
        "ConfigurationEndPoint.Port": "props.Port || `6379`",
    },
    delete="delete_replication_group",
    by={"ReplicationGroupId": "id"},
)
simple(
    "AWS::OpenSearchService::Domain",
    "opensearch",
    "create_domain",
    name="DomainName",
    limit=28,
    lower=True,
    given={"TagList": "props.Tags"},
    attributes={
        "Arn": "made.DomainStatus.ARN",
        "DomainArn": "made.DomainStatus.ARN",
        "DomainEndpoint": "made.DomainStatus.Endpoint || join('', [id, '.', region, '.es.amazonaws.com'])",
        "Id": "made.DomainStatus.DomainId",
    },
    delete="delete_domain",
    by={"DomainName": "id"},
)
