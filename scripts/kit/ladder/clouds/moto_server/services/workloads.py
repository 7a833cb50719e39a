"""Batch jobs, warehouses, time series, brokers, migrations, rules for devices, transfers of files."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles
from kit.ladder.clouds.moto_server.simple import simple

simple(
    "AWS::Batch::ComputeEnvironment",
    "batch",
    "create_compute_environment",
    name="ComputeEnvironmentName",
    id="made.computeEnvironmentArn",
    attributes={"ComputeEnvironmentArn": "id"},
    delete="delete_compute_environment",
    by={"computeEnvironment": "id"},
)
simple(
    "AWS::Batch::JobQueue",
    "batch",
    "create_job_queue",
    name="JobQueueName",
    id="made.jobQueueArn",
    attributes={"JobQueueArn": "id"},
    delete="delete_job_queue",
    by={"jobQueue": "id"},
)
simple(
    "AWS::Batch::JobDefinition",
    "batch",
    "register_job_definition",
    name="JobDefinitionName",
    id="made.jobDefinitionArn",
    delete="deregister_job_definition",
    by={"jobDefinition": "id"},
)
simple(
    "AWS::Redshift::Cluster",
    "redshift",
    "create_cluster",
    name="ClusterIdentifier",
    lower=True,
    given={"MasterUserPassword": "props.MasterUserPassword || 'Managed-by-the-service-1'"},
    without=("ManageMasterPassword",),
    attributes={"Endpoint.Address": "made.Cluster.Endpoint.Address", "Endpoint.Port": "made.Cluster.Endpoint.Port"},
    delete="delete_cluster",
    by={"ClusterIdentifier": "id", "SkipFinalClusterSnapshot": "`true`"},
)
simple(
    "AWS::Redshift::ClusterSubnetGroup",
    "redshift",
    "create_cluster_subnet_group",
    name="ClusterSubnetGroupName",
    lower=True,
    attributes={"ClusterSubnetGroupName": "id"},
    delete="delete_cluster_subnet_group",
    by={"ClusterSubnetGroupName": "id"},
)
simple(
    "AWS::Timestream::Database",
    "timestream-write",
    "create_database",
    name="DatabaseName",
    attributes={"Arn": "made.Database.Arn"},
    delete="delete_database",
    by={"DatabaseName": "id"},
)
simple(
    "AWS::Timestream::Table",
    "timestream-write",
    "create_table",
    name="TableName",
    id="join('|', [props.DatabaseName, name])",
    attributes={"Arn": "made.Table.Arn", "Name": "name"},
    delete="delete_table",
    by={"DatabaseName": "props.DatabaseName", "TableName": "name"},
)
simple(
    "AWS::MSK::Cluster",
    "kafka",
    "create_cluster",
    name="ClusterName",
    id="made.ClusterArn",
    attributes={"Arn": "id"},
    delete="delete_cluster",
    by={"ClusterArn": "id"},
)
simple(
    "AWS::DMS::ReplicationSubnetGroup",
    "dms",
    "create_replication_subnet_group",
    name="ReplicationSubnetGroupIdentifier",
    lower=True,
    delete="delete_replication_subnet_group",
    by={"ReplicationSubnetGroupIdentifier": "id"},
)
simple(
    "AWS::DMS::ReplicationInstance",
    "dms",
    "create_replication_instance",
    name="ReplicationInstanceIdentifier",
    lower=True,
    id="made.ReplicationInstance.ReplicationInstanceArn",
    delete="delete_replication_instance",
    by={"ReplicationInstanceArn": "id"},
)
simple(
    "AWS::Transfer::Server",
    "transfer",
    "create_server",
    id="join('', ['arn:aws:transfer:', region, ':', account, ':server/', made.ServerId])",
    attributes={"ServerId": "made.ServerId", "Arn": "id"},
    delete="delete_server",
    by={"ServerId": "made.ServerId"},
)
simple(
    "AWS::DataSync::LocationS3",
    "datasync",
    "create_location_s3",
    id="made.LocationArn",
    attributes={"LocationArn": "id"},
    delete="delete_location",
    by={"LocationArn": "id"},
)
simple(
    "AWS::DataSync::Task",
    "datasync",
    "create_task",
    id="made.TaskArn",
    attributes={"TaskArn": "id"},
    delete="delete_task",
    by={"TaskArn": "id"},
)
simple(
    "AWS::Macie::Session",
    "macie2",
    "enable_macie",
    id="account",
    attributes={"AwsAccountId": "account"},
    delete="disable_macie",
)
simple(
    "AWS::InspectorV2::Filter",
    "inspector2",
    "create_filter",
    name="Name",
    given={"action": "props.FilterAction"},
    id="made.arn",
    attributes={"Arn": "id"},
    delete="delete_filter",
    by={"arn": "id"},
)
simple(
    "AWS::EC2::VPNConnection",
    "ec2",
    "create_vpn_connection",
    given={
        "Options": "{StaticRoutesOnly: props.StaticRoutesOnly}",
        "TagSpecifications": "props.Tags && [{ResourceType: 'vpn-connection', Tags: props.Tags}] || null",
    },
    without=("Tags", "StaticRoutesOnly"),
    id="made.VpnConnection.VpnConnectionId",
    attributes={"VpnConnectionId": "id"},
    delete="delete_vpn_connection",
    by={"VpnConnectionId": "id"},
)


@handles("AWS::IoT::TopicRule")
class TopicRule(Handler):
    """A rule for what devices tell; its made-up name has no hyphens, which IoT refuses."""

    service = "iot"

    def create(self) -> None:
        self.id = str(self.props.get("RuleName") or self.context.generated_name(128).replace("-", "_"))
        self.call("create_topic_rule", ruleName=self.id, topicRulePayload=self.props["TopicRulePayload"])

    def delete(self) -> None:
        self.quietly("delete_topic_rule", ruleName=self.id)

    def attribute(self, name: str) -> Any:
        return self.context.arn("iot", f"rule/{self.id}") if name == "Arn" else None
