"""Streams, catalogues, caches, search."""

from __future__ import annotations

from kit.ladder.clouds.moto_server.simple import simple

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
    "AWS::Athena::WorkGroup",
    "athena",
    "create_work_group",
    given={"Configuration": "props.WorkGroupConfiguration"},
    id="props.Name",
    delete="delete_work_group",
    by={"WorkGroup": "id", "RecursiveDeleteOption": "`true`"},
)
simple(
    "AWS::Athena::NamedQuery",
    "athena",
    "create_named_query",
    name="Name",
    id="made.NamedQueryId",
    attributes={"NamedQueryId": "id"},
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
    given={"CacheClusterId": "props.ClusterName || join('-', ['cache', region])"},
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
    attributes={
        "Arn": "made.DomainStatus.ARN",
        "DomainArn": "made.DomainStatus.ARN",
        "DomainEndpoint": "made.DomainStatus.Endpoint || join('', [id, '.', region, '.es.amazonaws.com'])",
        "Id": "made.DomainStatus.DomainId",
    },
    delete="delete_domain",
    by={"DomainName": "id"},
)
