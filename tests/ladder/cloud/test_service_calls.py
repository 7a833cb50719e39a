"""Calls that Terraform's provider makes and moto lacks or answers wrongly: made, read, changed and taken away."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cloud_support import Bench, wait_until


def refused(call: Any, **given: Any) -> str:
    with pytest.raises(ClientError) as told:
        call(**given)
    return str(told.value.response["Error"]["Code"])


def role(bench: Bench, name: str) -> str:
    document = json.dumps({"Version": "2012-10-17", "Statement": []})
    made = bench.cloud.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)
    return str(made["Role"]["Arn"])


def test_a_trail_is_started_stopped_and_deleted_by_its_arn(shared: Bench) -> None:
    shared.cloud.client("s3").create_bucket(Bucket="trail-calls")
    trails = shared.cloud.client("cloudtrail")
    arn = trails.create_trail(Name="calls", S3BucketName="trail-calls")["TrailARN"]
    trails.start_logging(Name=arn)
    assert trails.get_trail_status(Name=arn)["IsLogging"]
    trails.stop_logging(Name=arn)
    assert not trails.get_trail_status(Name=arn)["IsLogging"]
    trails.delete_trail(Name=arn)
    assert trails.describe_trails()["trailList"] == []
    assert refused(trails.delete_trail, Name=arn) == "TrailNotFoundException"


def test_a_backup_plan_has_selections_keeps_them_when_changed_and_goes_after_them(shared: Bench) -> None:
    backup = shared.cloud.client("backup")
    rules = [{"RuleName": "daily", "TargetBackupVaultName": "vault"}]
    plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "calls", "Rules": rules})["BackupPlanId"]
    wanted = {"SelectionName": "all", "IamRoleArn": "arn:aws:iam::123456789012:role/b", "Resources": ["*"]}
    made = backup.create_backup_selection(BackupPlanId=plan, BackupSelection=wanted)["SelectionId"]
    code = refused(backup.create_backup_selection, BackupPlanId=plan, BackupSelection=wanted)
    assert code == "AlreadyExistsException"
    backup.update_backup_plan(BackupPlanId=plan, BackupPlan={"BackupPlanName": "calls", "Rules": rules * 2})
    assert len(backup.get_backup_plan(BackupPlanId=plan)["BackupPlan"]["Rules"]) == 2
    assert backup.get_backup_selection(BackupPlanId=plan, SelectionId=made)["BackupSelection"] == wanted
    [listed] = backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
    assert (listed["SelectionId"], listed["SelectionName"]) == (made, "all")
    assert refused(backup.delete_backup_plan, BackupPlanId=plan) == "InvalidRequestException"
    backup.delete_backup_selection(BackupPlanId=plan, SelectionId=made)
    code = refused(backup.get_backup_selection, BackupPlanId=plan, SelectionId=made)
    assert code == "ResourceNotFoundException"
    backup.delete_backup_plan(BackupPlanId=plan)
    assert refused(backup.list_backup_selections, BackupPlanId=plan) == "ResourceNotFoundException"


def test_a_vault_tells_that_it_holds_no_recovery_points(shared: Bench) -> None:
    backup = shared.cloud.client("backup")
    backup.create_backup_vault(BackupVaultName="points")
    assert backup.list_recovery_points_by_backup_vault(BackupVaultName="points")["RecoveryPoints"] == []
    backup.delete_backup_vault(BackupVaultName="points")
    code = refused(backup.list_recovery_points_by_backup_vault, BackupVaultName="points")
    assert code == "ResourceNotFoundException"


def test_a_log_group_has_field_indexes(shared: Bench) -> None:
    logs = shared.cloud.client("logs")
    logs.create_log_group(logGroupName="/calls/indexed")
    group, document = {"logGroupIdentifier": "/calls/indexed"}, json.dumps({"Fields": ["requestId"]})
    logs.put_index_policy(**group, policyDocument=document)
    [found] = logs.describe_index_policies(logGroupIdentifiers=["/calls/indexed"])["indexPolicies"]
    assert (found["logGroupIdentifier"], found["policyDocument"]) == ("/calls/indexed", document)
    logs.delete_index_policy(**group)
    assert logs.describe_index_policies(logGroupIdentifiers=["/calls/indexed"])["indexPolicies"] == []
    code = refused(logs.put_index_policy, logGroupIdentifier="/calls/none", policyDocument=document)
    assert code == "ResourceNotFoundException"


def test_a_project_without_a_source_is_made_and_changed(shared: Bench) -> None:
    builds, arn = shared.cloud.client("codebuild"), role(shared, "builder")
    machine = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}
    project = {"name": "calls", "environment": machine, "serviceRole": arn, "artifacts": {"type": "NO_ARTIFACTS"}}
    source = {"type": "NO_SOURCE", "buildspec": "version: 0.2"}
    builds.create_project(**project, source=source)
    builds.update_project(name="calls", description="newer", timeoutInMinutes=20)
    [found] = builds.batch_get_projects(names=["calls"])["projects"]
    assert (found["source"], found["description"], found["timeoutInMinutes"]) == (source, "newer", 20)
    code = refused(builds.update_project, name="calls", source={"type": "GITHUB"})
    assert code == "InvalidInputException"
    builds.update_project(name=found["arn"], description="by its ARN")
    assert builds.batch_get_projects(names=["calls"])["projects"][0]["description"] == "by its ARN"
    builds.delete_project(name=found["arn"])
    assert builds.batch_get_projects(names=["calls"])["projects"] == []
    assert refused(builds.update_project, name="calls") == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("definition", "codes"),
    [
        ({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}, []),
        ({"StartAt": "A", "States": {"A": {"Type": "Nope", "End": True}}}, ["SCHEMA_VALIDATION_FAILED"]),
        ({"StartAt": "A", "States": {"A": {"Type": "Pass"}}}, ["SCHEMA_VALIDATION_FAILED"]),
        ({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}, ["MISSING_TRANSITION_TARGET"]),
        ({"StartAt": "B", "States": {"A": {"Type": "Pass", "End": True}}}, ["MISSING_TRANSITION_TARGET"]),
        ("{", ["INVALID_JSON_DESCRIPTION"]),
    ],
)
def test_a_definition_is_judged(shared: Bench, definition: Any, codes: list[str]) -> None:
    text = definition if isinstance(definition, str) else json.dumps(definition)
    told = shared.cloud.client("stepfunctions").validate_state_machine_definition(definition=text)
    assert [one["code"] for one in told["diagnostics"]] == codes
    assert told["result"] == ("FAIL" if codes else "OK")


def test_a_state_machine_runs_from_state_to_state(shared: Bench) -> None:
    queues, machines = shared.cloud.client("sqs"), shared.cloud.client("stepfunctions")
    url = queues.create_queue(QueueName="orders-calls")["QueueUrl"]
    send = {"QueueUrl": url, "MessageBody.$": "$.id"}
    states = {
        "HasId": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.id", "IsPresent": True, "Next": "Send"}],
            "Default": "Refuse",
        },
        "Send": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Parameters": send,
            "ResultPath": None,
            "End": True,
        },
        "Refuse": {"Type": "Fail", "Error": "NoId", "Cause": "an order without an id"},
    }
    made = machines.create_state_machine(
        name="orders-calls",
        definition=json.dumps({"StartAt": "HasId", "States": states}),
        roleArn=role(shared, "orders-calls"),
    )["stateMachineArn"]

    def ended(order: dict[str, str]) -> Any:
        started = machines.start_execution(stateMachineArn=made, input=json.dumps(order))["executionArn"]
        assert wait_until(lambda: machines.describe_execution(executionArn=started)["status"] != "RUNNING")
        return machines.describe_execution(executionArn=started)

    kept, refused_ = ended({"id": "a1"}), ended({})
    assert (kept["status"], json.loads(kept["output"])) == ("SUCCEEDED", {"id": "a1"})
    assert (refused_["status"], refused_["error"]) == ("FAILED", "NoId")
    [message] = queues.receive_message(QueueUrl=url)["Messages"]
    assert message["Body"] == "a1"
    machines.delete_state_machine(stateMachineArn=made)
    queues.delete_queue(QueueUrl=url)


def test_the_authorizers_of_an_api_are_listed(shared: Bench) -> None:
    gateway = shared.cloud.client("apigatewayv2")
    api = gateway.create_api(Name="calls", ProtocolType="HTTP")["ApiId"]
    assert gateway.get_authorizers(ApiId=api)["Items"] == []
    given = {"Name": "jwt", "AuthorizerType": "JWT", "IdentitySource": ["$request.header.Authorization"]}
    made = gateway.create_authorizer(ApiId=api, **given)["AuthorizerId"]
    [found] = gateway.get_authorizers(ApiId=api)["Items"]
    assert (found["AuthorizerId"], found["Name"]) == (made, "jwt")
    gateway.delete_api(ApiId=api)
    assert refused(gateway.get_authorizers, ApiId=api) == "NotFoundException"


def test_a_distribution_is_of_no_region(shared: Bench) -> None:
    client = shared.cloud.client("cloudfront")
    origin = {"Id": "o", "DomainName": "example.com", "CustomOriginConfig": _CUSTOM}
    behaviour = {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"}
    config = {"CallerReference": "calls", "Comment": "", "Enabled": True, "DefaultCacheBehavior": behaviour}
    made = client.create_distribution(DistributionConfig=config | {"Origins": {"Quantity": 1, "Items": [origin]}})
    found = made["Distribution"]
    assert found["ARN"] == f"arn:aws:cloudfront::123456789012:distribution/{found['Id']}"
    client.delete_distribution(Id=found["Id"], IfMatch=made["ETag"])


_CUSTOM = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}


def test_the_members_of_a_replication_group_are_clusters_that_go_with_it(shared: Bench) -> None:
    caches = shared.cloud.client("elasticache")
    caches.create_replication_group(
        ReplicationGroupId="calls",
        ReplicationGroupDescription="two",
        NumCacheClusters=2,
        Engine="redis",
        EngineVersion="7.1",
        SecurityGroupIds=["sg-1"],
    )
    [group] = caches.describe_replication_groups(ReplicationGroupId="calls")["ReplicationGroups"]
    assert group["MemberClusters"] == ["calls-001", "calls-002"]
    [member] = caches.describe_cache_clusters(CacheClusterId="calls-002", ShowCacheNodeInfo=True)["CacheClusters"]
    assert (member["ReplicationGroupId"], member["EngineVersion"]) == ("calls", "7.1.0")
    assert [one["SecurityGroupId"] for one in member["SecurityGroups"]] == ["sg-1"]
    assert [one["CacheNodeId"] for one in member["CacheNodes"]] == ["0001"]
    caches.delete_replication_group(ReplicationGroupId="calls")
    assert refused(caches.describe_cache_clusters, CacheClusterId="calls-001") == "CacheClusterNotFound"


def test_a_warehouse_tells_whether_it_can_be_used(shared: Bench) -> None:
    warehouses = shared.cloud.client("redshift")
    warehouses.create_cluster(
        ClusterIdentifier="calls", NodeType="ra3.large", MasterUsername="admin", MasterUserPassword="Secret-123"
    )

    def told() -> tuple[str, ...]:
        [one] = warehouses.describe_clusters(ClusterIdentifier="calls")["Clusters"]
        return one["ClusterAvailabilityStatus"], one["AvailabilityZoneRelocationStatus"], one["MultiAZ"]

    assert told() == ("Available", "disabled", "Disabled")
    warehouses.modify_cluster(ClusterIdentifier="calls", AvailabilityZoneRelocation=True)
    warehouses.pause_cluster(ClusterIdentifier="calls")
    assert told() == ("Unavailable", "enabled", "Disabled")
    warehouses.delete_cluster(ClusterIdentifier="calls", SkipFinalClusterSnapshot=True)
    assert refused(warehouses.describe_clusters, ClusterIdentifier="calls") == "ClusterNotFound"


def test_groups_of_traces_are_found_by_name_and_arn(shared: Bench) -> None:
    traces = shared.cloud.client("xray")
    tags = [{"Key": "team", "Value": "bakers"}]
    arn = traces.create_group(GroupName="calls", FilterExpression="fault = true", Tags=tags)["Group"]["GroupARN"]
    traces.update_group(GroupARN=arn, FilterExpression="error = true")
    assert traces.get_group(GroupName="calls")["Group"]["FilterExpression"] == "error = true"
    assert traces.list_tags_for_resource(ResourceARN=arn)["Tags"] == tags
    traces.untag_resource(ResourceARN=arn, TagKeys=["team"])
    assert traces.list_tags_for_resource(ResourceARN=arn)["Tags"] == []
    traces.delete_group(GroupARN=arn)
    assert traces.get_groups()["Groups"] == []
    assert refused(traces.get_group, GroupName="calls") == "InvalidRequestException"


def test_an_api_has_sources_and_resolvers_that_go_with_it(shared: Bench) -> None:
    graphs = shared.cloud.client("appsync")
    api = graphs.create_graphql_api(name="calls", authenticationType="API_KEY")["graphqlApi"]["apiId"]
    graphs.create_data_source(apiId=api, name="items", type="NONE", description="first")
    graphs.update_data_source(apiId=api, name="items", type="NONE", description="second")
    assert graphs.get_data_source(apiId=api, name="items")["dataSource"]["description"] == "second"
    given = {"apiId": api, "typeName": "Query", "fieldName": "item"}
    assert refused(graphs.create_resolver, **given, dataSourceName="none") == "NotFoundException"
    graphs.create_resolver(**given, dataSourceName="items")
    assert graphs.get_resolver(**given)["resolver"]["kind"] == "UNIT"
    [listed] = graphs.list_resolvers(apiId=api, typeName="Query")["resolvers"]
    assert listed["dataSourceName"] == "items"
    graphs.delete_resolver(**given)
    assert refused(graphs.get_resolver, **given) == "NotFoundException"
    graphs.delete_data_source(apiId=api, name="items")
    assert graphs.list_data_sources(apiId=api)["dataSources"] == []
    graphs.delete_graphql_api(apiId=api)


def test_a_firewall_has_a_policy_that_cannot_go_before_it(shared: Bench) -> None:
    walls, networks = shared.cloud.client("network-firewall"), shared.cloud.client("ec2")
    vpc = networks.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    subnet = networks.create_subnet(VpcId=vpc, CidrBlock="10.77.0.0/24", AvailabilityZone="us-east-1a")["Subnet"]
    rules = {
        "StatelessDefaultActions": ["aws:pass"],
        "StatelessFragmentDefaultActions": ["aws:drop"],
    }
    made = walls.create_firewall_policy(FirewallPolicyName="calls", FirewallPolicy=rules)
    arn = made["FirewallPolicyResponse"]["FirewallPolicyArn"]
    given = {
        "FirewallName": "calls",
        "VpcId": vpc,
        "SubnetMappings": [{"SubnetId": subnet["SubnetId"]}],
    }
    assert refused(walls.create_firewall, **given, FirewallPolicyArn=arn + "x") == "ResourceNotFoundException"
    walls.create_firewall(**given, FirewallPolicyArn=arn)
    told = walls.describe_firewall(FirewallName="calls")
    state = told["FirewallStatus"]["SyncStates"]["us-east-1a"]["Attachment"]
    assert (told["FirewallStatus"]["Status"], state["SubnetId"]) == ("READY", subnet["SubnetId"])
    assert refused(walls.delete_firewall_policy, FirewallPolicyArn=arn) == "InvalidOperationException"
    walls.delete_firewall(FirewallName="calls")
    assert refused(walls.describe_firewall, FirewallName="calls") == "ResourceNotFoundException"
    rules["StatelessDefaultActions"] = ["aws:drop"]
    changed = {"FirewallPolicyArn": arn, "FirewallPolicy": rules}
    assert refused(walls.update_firewall_policy, **changed, UpdateToken="0" * 8) == "InvalidTokenException"
    walls.update_firewall_policy(**changed, UpdateToken=made["UpdateToken"])
    assert walls.describe_firewall_policy(FirewallPolicyName="calls")["FirewallPolicy"] == rules
    walls.delete_firewall_policy(FirewallPolicyName="calls")
    assert refused(walls.describe_firewall_policy, FirewallPolicyArn=arn) == "ResourceNotFoundException"


def test_brokers_are_ready_have_addresses_and_go(shared: Bench) -> None:
    brokers = shared.cloud.client("kafka")
    nodes = {"InstanceType": "kafka.t3.small", "ClientSubnets": ["subnet-1", "subnet-2"]}
    arn = brokers.create_cluster(
        ClusterName="calls", KafkaVersion="3.6.0", NumberOfBrokerNodes=2, BrokerNodeGroupInfo=nodes
    )["ClusterArn"]
    told = brokers.describe_cluster(ClusterArn=arn)["ClusterInfo"]
    assert (told["State"], told["CurrentBrokerSoftwareInfo"]) == ("ACTIVE", {"KafkaVersion": "3.6.0"})
    addresses = brokers.get_bootstrap_brokers(ClusterArn=arn)
    assert addresses["BootstrapBrokerStringTls"].count(":9094") == 2
    assert "BootstrapBrokerString" not in addresses
    brokers.delete_cluster(ClusterArn=arn)
    assert refused(brokers.describe_cluster, ClusterArn=arn) == "NotFoundException"


def test_times_are_numbers_where_the_protocol_wants_numbers(shared: Bench) -> None:
    import requests
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    shared.cloud.client("codecommit").create_repository(repositoryName="calls")
    target = {"X-Amz-Target": "CodeCommit_20150413.GetRepository", "Content-Type": "application/x-amz-json-1.1"}
    asked = AWSRequest("POST", shared.cloud.endpoint, target, json.dumps({"repositoryName": "calls"}))
    SigV4Auth(Credentials("testing", "testing"), "codecommit", "us-east-1").add_auth(asked)
    told = requests.post(asked.url, data=asked.data, headers=dict(asked.headers), timeout=30).json()
    assert isinstance(told["repositoryMetadata"]["creationDate"], float)
    shared.cloud.client("codecommit").delete_repository(repositoryName="calls")


def test_rules_for_devices_and_copies_of_files_keep_their_tags(shared: Bench) -> None:
    things, copies = shared.cloud.client("iot"), shared.cloud.client("datasync")
    body = {"sql": "SELECT * FROM 'a'", "actions": []}
    things.create_topic_rule(ruleName="calls", topicRulePayload=body, tags="team=bakers")
    arn = things.get_topic_rule(ruleName="calls")["ruleArn"]
    things.tag_resource(resourceArn=arn, tags=[{"Key": "team", "Value": "millers"}])
    assert things.list_tags_for_resource(resourceArn=arn)["tags"] == [{"Key": "team", "Value": "millers"}]
    things.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert things.list_tags_for_resource(resourceArn=arn)["tags"] == []
    things.delete_topic_rule(ruleName="calls")
    access = {"BucketAccessRoleArn": "arn:aws:iam::123456789012:role/copy"}
    tags = [{"Key": "team", "Value": "bakers"}]
    place = copies.create_location_s3(S3BucketArn="arn:aws:s3:::calls", S3Config=access, Tags=tags)["LocationArn"]
    assert copies.list_tags_for_resource(ResourceArn=place)["Tags"] == tags
    copies.untag_resource(ResourceArn=place, Keys=["team"])
    assert copies.list_tags_for_resource(ResourceArn=place)["Tags"] == []
    copies.delete_location(LocationArn=place)


def test_a_work_group_without_tags_says_so_and_one_that_is_not_there_too(shared: Bench) -> None:
    queries = shared.cloud.client("athena")
    queries.create_work_group(Name="calls")
    arn = "arn:aws:athena:us-east-1:123456789012:workgroup/calls"
    assert queries.list_tags_for_resource(ResourceARN=arn)["Tags"] == []
    assert refused(queries.list_tags_for_resource, ResourceARN=arn + "x") == "InvalidRequestException"
    queries.delete_work_group(WorkGroup="calls")


def test_the_settings_of_the_hub_are_kept_until_it_is_disabled(shared: Bench) -> None:
    hub = shared.cloud.client("securityhub")
    code = refused(hub.update_security_hub_configuration, AutoEnableControls=False)
    assert code == "InvalidAccessException"
    hub.enable_security_hub()
    hub.update_security_hub_configuration(AutoEnableControls=False)
    assert not hub.describe_hub()["AutoEnableControls"]
    hub.disable_security_hub()
    hub.enable_security_hub()
    assert hub.describe_hub()["AutoEnableControls"]
    hub.disable_security_hub()


def test_those_whom_a_budget_tells_can_be_asked_for(shared: Bench) -> None:
    budgets, account = shared.cloud.client("budgets"), "123456789012"
    note = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}
    told = [{"SubscriptionType": "EMAIL", "Address": "a@example.com"}]
    limit = {"Amount": "10", "Unit": "USD"}
    budget = {"BudgetName": "calls", "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": limit}
    both = [{"Notification": note, "Subscribers": told}]
    budgets.create_budget(AccountId=account, Budget=budget, NotificationsWithSubscribers=both)
    asked = {"AccountId": account, "BudgetName": "calls"}
    assert budgets.describe_subscribers_for_notification(**asked, Notification=note)["Subscribers"] == told
    other = note | {"Threshold": 90.0}
    assert refused(budgets.describe_subscribers_for_notification, **asked, Notification=other) == "NotFoundException"
    budgets.delete_budget(**asked)


def test_series_are_asked_for_at_this_very_server(shared: Bench) -> None:
    [told] = shared.cloud.client("timestream-write").describe_endpoints()["Endpoints"]
    assert f"http://{told['Address']}" == shared.cloud.endpoint


def test_documents_are_a_cluster_s_engine(shared: Bench) -> None:
    documents = shared.cloud.client("docdb")
    documents.create_db_cluster(
        DBClusterIdentifier="calls", Engine="docdb", MasterUsername="admin1", MasterUserPassword="Secret-123"
    )
    documents.create_db_instance(
        DBInstanceIdentifier="calls-1", DBInstanceClass="db.t3.medium", Engine="docdb", DBClusterIdentifier="calls"
    )
    [found] = documents.describe_db_clusters(DBClusterIdentifier="calls")["DBClusters"]
    assert [one["DBInstanceIdentifier"] for one in found["DBClusterMembers"]] == ["calls-1"]
    documents.delete_db_instance(DBInstanceIdentifier="calls-1")
    documents.delete_db_cluster(DBClusterIdentifier="calls", SkipFinalSnapshot=True)
    assert refused(documents.describe_db_clusters, DBClusterIdentifier="calls") == "DBClusterNotFoundFault"


def test_repositories_keep_their_tags(shared: Bench) -> None:
    code = shared.cloud.client("codecommit")
    made = code.create_repository(repositoryName="tagged", tags={"team": "bakers"})
    arn = made["repositoryMetadata"]["Arn"]
    code.tag_resource(resourceArn=arn, tags={"stage": "dev"})
    code.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert code.list_tags_for_resource(resourceArn=arn)["tags"] == {"stage": "dev"}
    code.delete_repository(repositoryName="tagged")
    assert refused(code.list_tags_for_resource, resourceArn=arn) == "RepositoryDoesNotExistException"


def test_a_location_and_a_group_of_subnets_are_told_as_they_were_made(shared: Bench) -> None:
    copies, networks = shared.cloud.client("datasync"), shared.cloud.client("ec2")
    access = {"BucketAccessRoleArn": "arn:aws:iam::123456789012:role/copy"}
    place = copies.create_location_s3(S3BucketArn="arn:aws:s3:::moves", Subdirectory="/in/", S3Config=access)
    arn = place["LocationArn"]
    assert copies.describe_location_s3(LocationArn=arn)["LocationUri"] == "s3://moves/in/"
    copies.delete_location(LocationArn=arn)
    vpc = networks.create_vpc(CidrBlock="10.78.0.0/16")["Vpc"]["VpcId"]
    subnet = networks.create_subnet(VpcId=vpc, CidrBlock="10.78.0.0/24")["Subnet"]["SubnetId"]
    moves, name = shared.cloud.client("dms"), "calls"
    moves.create_replication_subnet_group(
        ReplicationSubnetGroupIdentifier=name, ReplicationSubnetGroupDescription="one", SubnetIds=[subnet]
    )
    [group] = moves.describe_replication_subnet_groups(
        Filters=[{"Name": "replication-subnet-group-id", "Values": [name]}]
    )["ReplicationSubnetGroups"]
    assert (group["VpcId"], [one["SubnetIdentifier"] for one in group["Subnets"]]) == (vpc, [subnet])
    moves.delete_replication_subnet_group(ReplicationSubnetGroupIdentifier=name)


def test_an_analyzer_is_made_tagged_found_and_deleted(shared: Bench) -> None:
    analyzers = shared.cloud.client("accessanalyzer")
    given = {"analyzerName": "calls", "type": "ACCOUNT"}
    arn = analyzers.create_analyzer(**given, tags={"team": "bakers"})["arn"]
    assert refused(analyzers.create_analyzer, **given) == "ConflictException"
    found = analyzers.get_analyzer(analyzerName="calls")["analyzer"]
    assert (found["arn"], found["status"], found["tags"]) == (arn, "ACTIVE", {"team": "bakers"})
    analyzers.tag_resource(resourceArn=arn, tags={"stage": "dev"})
    analyzers.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert analyzers.list_tags_for_resource(resourceArn=arn)["tags"] == {"stage": "dev"}
    assert refused(analyzers.list_findings, analyzerArn=arn) == "NotEmulated"
    analyzers.delete_analyzer(analyzerName="calls")
    assert analyzers.list_analyzers()["analyzers"] == []
    assert refused(analyzers.get_analyzer, analyzerName="calls") == "ResourceNotFoundException"


def test_a_transit_gateway_is_told_as_deleted_to_whom_asks_for_it(shared: Bench) -> None:
    ec2 = shared.cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.93.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.93.1.0/24")["Subnet"]["SubnetId"]
    gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    made = ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=gateway, VpcId=vpc, SubnetIds=[subnet])
    one = {"TransitGatewayAttachmentIds": [made["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]]}
    ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=one["TransitGatewayAttachmentIds"][0])
    [found] = ec2.describe_transit_gateway_vpc_attachments(**one)["TransitGatewayVpcAttachments"]
    assert found["State"] == "deleted"
    ec2.delete_transit_gateway(TransitGatewayId=gateway)
    [found] = ec2.describe_transit_gateways(TransitGatewayIds=[gateway])["TransitGateways"]
    assert found["State"] == "deleted"
    listed = ec2.describe_transit_gateways()["TransitGateways"]
    assert gateway not in [other["TransitGatewayId"] for other in listed]


def web_service(bench: Bench, cluster: str) -> Any:
    containers = bench.cloud.client("ecs")
    containers.create_cluster(clusterName=cluster)
    image = [{"name": "web", "image": "nginx:1.25", "memory": 64}]
    containers.register_task_definition(family="web", containerDefinitions=image)
    return containers


def test_a_container_service_tells_all_that_it_was_made_with_and_changed_to(shared: Bench) -> None:
    containers = web_service(shared, "told")
    rules = {"maximumPercent": 150, "deploymentCircuitBreaker": {"enable": True, "rollback": True}}
    asked: dict[str, Any] = {"enableExecuteCommand": True, "healthCheckGracePeriodSeconds": 60}
    asked |= {"deploymentConfiguration": rules, "enableECSManagedTags": True}
    placed = [{"type": "spread", "field": "attribute:ecs.availability-zone"}]
    asked |= {"placementStrategy": placed, "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}]}
    made = {"cluster": "told", "serviceName": "web", "taskDefinition": "web", "desiredCount": 1}
    containers.create_service(**made, **asked)

    def service() -> Any:
        return containers.describe_services(cluster="told", services=["web"])["services"][0]

    assert {name: service()[name] for name in asked} == asked
    assert service()["availabilityZoneRebalancing"] == "DISABLED"
    containers.update_service(cluster="told", service="web", healthCheckGracePeriodSeconds=90)
    assert service()["healthCheckGracePeriodSeconds"] == 90


def test_a_scalable_target_has_tags(shared: Bench) -> None:
    web_service(shared, "scaled").create_service(cluster="scaled", serviceName="web", taskDefinition="web")
    scaling = shared.cloud.client("application-autoscaling")
    target = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}
    target |= {"ResourceId": "service/scaled/web"}
    sizes = {"MinCapacity": 1, "MaxCapacity": 3}
    arn = scaling.register_scalable_target(**target, **sizes, Tags={"a": "1", "b": "2"})["ScalableTargetARN"]
    scaling.tag_resource(ResourceARN=arn, Tags={"c": "3"})
    scaling.untag_resource(ResourceARN=arn, TagKeys=["a"])
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"b": "2", "c": "3"}
    scaling.deregister_scalable_target(**target)
    assert refused(scaling.list_tags_for_resource, ResourceARN=arn) == "ResourceNotFoundException"


def test_a_stream_has_the_tags_that_it_was_made_with(shared: Bench) -> None:
    streams = shared.cloud.client("kinesis")
    streams.create_stream(StreamName="tagged", ShardCount=1, Tags={"a": "1"})
    assert streams.list_tags_for_stream(StreamName="tagged")["Tags"] == [{"Key": "a", "Value": "1"}]
    streams.delete_stream(StreamName="tagged")


def test_a_group_of_roll_outs_tells_its_style_and_changes_in_place(shared: Bench) -> None:
    rollouts, arn = shared.cloud.client("codedeploy"), role(shared, "roller")
    rollouts.create_application(applicationName="rolls")
    me = {"applicationName": "rolls", "deploymentGroupName": "group"}
    alarms = {"enabled": True, "alarms": [{"name": "errors"}]}
    rollouts.create_deployment_group(**me, serviceRoleArn=arn, alarmConfiguration=alarms)

    def group(name: str = "group") -> Any:
        return rollouts.get_deployment_group(**(me | {"deploymentGroupName": name}))["deploymentGroupInfo"]

    assert group()["alarmConfiguration"] == alarms
    assert group()["deploymentStyle"] == {
        "deploymentType": "IN_PLACE",
        "deploymentOption": "WITHOUT_TRAFFIC_CONTROL",
    }
    assert "loadBalancerInfo" not in group()
    back = {"enabled": True, "events": ["DEPLOYMENT_FAILURE"]}
    change = {"applicationName": "rolls", "currentDeploymentGroupName": "group"}
    rollouts.update_deployment_group(**change, newDeploymentGroupName="newer", autoRollbackConfiguration=back)
    assert group("newer")["autoRollbackConfiguration"] == back
    assert refused(group) == "DeploymentGroupDoesNotExistException"
