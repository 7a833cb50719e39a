"""Calls that Terraform's provider makes and moto lacks or answers wrongly: made, read, changed and taken away."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cloud_support import Bench


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
    builds.delete_project(name="calls")
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
