"""Analyzers, trace groups, firewalls, the sources and schemas of GraphQL APIs, clusters of documents."""

from __future__ import annotations

from kit.ladder.clouds.moto_server.simple import simple

simple(
    "AWS::AccessAnalyzer::Analyzer",
    "accessanalyzer",
    "create_analyzer",
    name="AnalyzerName",
    id="made.arn",
    attributes={"Arn": "id"},
    delete="delete_analyzer",
    by={"analyzerName": "name"},
)
simple(
    "AWS::XRay::Group",
    "xray",
    "create_group",
    name="GroupName",
    limit=32,
    id="made.Group.GroupARN",
    attributes={"GroupARN": "id"},
    update="update_group",
    delete="delete_group",
    by={"GroupARN": "id"},
)
simple(
    "AWS::NetworkFirewall::FirewallPolicy",
    "network-firewall",
    "create_firewall_policy",
    name="FirewallPolicyName",
    id="made.FirewallPolicyResponse.FirewallPolicyArn",
    attributes={
        "FirewallPolicyArn": "id",
        "FirewallPolicyId": "made.FirewallPolicyResponse.FirewallPolicyId",
    },
    delete="delete_firewall_policy",
    by={"FirewallPolicyArn": "id"},
)
simple(
    "AWS::NetworkFirewall::Firewall",
    "network-firewall",
    "create_firewall",
    name="FirewallName",
    id="made.Firewall.FirewallArn",
    attributes={"FirewallArn": "id", "FirewallId": "made.Firewall.FirewallId"},
    delete="delete_firewall",
    by={"FirewallArn": "id"},
)
simple(
    "AWS::AppSync::DataSource",
    "appsync",
    "create_data_source",
    name="Name",
    id="made.dataSource.dataSourceArn",
    attributes={"DataSourceArn": "id", "Name": "name"},
    update="update_data_source",
    fixed=("ApiId",),
    delete="delete_data_source",
    by={"apiId": "props.ApiId", "name": "name"},
)
simple(
    "AWS::AppSync::GraphQLSchema",
    "appsync",
    "start_schema_creation",
    id="join('', [props.ApiId, 'GraphQLSchema'])",
    update="=",
    fixed=("ApiId",),
)
simple(
    "AWS::DocDB::DBSubnetGroup",
    "docdb",
    "create_db_subnet_group",
    name="DBSubnetGroupName",
    lower=True,
    delete="delete_db_subnet_group",
    by={"DBSubnetGroupName": "name"},
)
simple(
    "AWS::DocDB::DBCluster",
    "docdb",
    "create_db_cluster",
    name="DBClusterIdentifier",
    lower=True,
    limit=63,
    given={"Engine": "'docdb'"},
    attributes={
        "Endpoint": "made.DBCluster.Endpoint",
        "ReadEndpoint": "made.DBCluster.ReaderEndpoint",
        "Port": "to_string(made.DBCluster.Port)",
        "ClusterResourceId": "made.DBCluster.DbClusterResourceId",
    },
    delete="delete_db_cluster",
    by={"DBClusterIdentifier": "name", "SkipFinalSnapshot": "`true`"},
)
simple(
    "AWS::DocDB::DBInstance",
    "docdb",
    "create_db_instance",
    name="DBInstanceIdentifier",
    lower=True,
    limit=63,
    given={"Engine": "'docdb'"},
    delete="delete_db_instance",
    by={"DBInstanceIdentifier": "name"},
)
