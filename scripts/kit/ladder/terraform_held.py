"""Asks the cloud, service by service, whether it holds what a Terraform state or configuration names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kit.ladder.cfn_destroy import Leftovers, leftovers
from kit.ladder.clouds.base import Cloud

# Terraform's type: the type whose probe asks for it, its physical id, properties that the probe wants beside it.
# `{name}` is an attribute of the resource; `{id}` is known even of one whose creation was cut off.
KINDS: dict[str, str] = {
    # storage and data
    "aws_s3_bucket": "AWS::S3::Bucket {bucket}",
    "aws_s3_bucket_policy": "AWS::S3::BucketPolicy {bucket}",
    "aws_dynamodb_table": "AWS::DynamoDB::Table {name}",
    "aws_db_instance": "AWS::RDS::DBInstance {identifier}",
    "aws_db_parameter_group": "AWS::RDS::DBParameterGroup {name}",
    "aws_db_subnet_group": "AWS::RDS::DBSubnetGroup {name}",
    "aws_rds_cluster": "AWS::RDS::DBCluster {cluster_identifier}",
    "aws_rds_cluster_instance": "AWS::RDS::DBInstance {identifier}",
    "aws_rds_cluster_parameter_group": "AWS::RDS::DBClusterParameterGroup {name}",
    "aws_efs_access_point": "AWS::EFS::AccessPoint {id}",
    "aws_efs_file_system": "AWS::EFS::FileSystem {id}",
    "aws_efs_mount_target": "AWS::EFS::MountTarget {id}",
    "aws_elasticache_cluster": "AWS::ElastiCache::CacheCluster {cluster_id}",
    "aws_elasticache_replication_group": "AWS::ElastiCache::ReplicationGroup {replication_group_id}",
    "aws_elasticache_subnet_group": "AWS::ElastiCache::SubnetGroup {name}",
    "aws_opensearch_domain": "AWS::OpenSearchService::Domain {domain_name}",
    "aws_redshift_cluster": "AWS::Redshift::Cluster {cluster_identifier}",
    "aws_backup_plan": "AWS::Backup::BackupPlan {id}",
    "aws_backup_vault": "AWS::Backup::BackupVault {name}",
    "aws_glue_catalog_database": "AWS::Glue::Database {name}",
    "aws_glue_catalog_table": "AWS::Glue::Table {name} DatabaseName={database_name}",
    "aws_glue_crawler": "AWS::Glue::Crawler {name}",
    "aws_glue_job": "AWS::Glue::Job {name}",
    "aws_athena_workgroup": "AWS::Athena::WorkGroup {name}",
    # messages and events
    "aws_sqs_queue": "AWS::SQS::Queue {id}",
    "aws_sns_topic": "AWS::SNS::Topic {id}",
    "aws_sns_topic_subscription": "AWS::SNS::Subscription {id}",
    "aws_kinesis_stream": "AWS::Kinesis::Stream {name}",
    "aws_kinesis_firehose_delivery_stream": "AWS::KinesisFirehose::DeliveryStream {name}",
    "aws_cloudwatch_event_bus": "AWS::Events::EventBus {name}",
    "aws_cloudwatch_event_rule": "AWS::Events::Rule {event_bus_name}|{name}",
    "aws_scheduler_schedule": "AWS::Scheduler::Schedule {name}",
    "aws_scheduler_schedule_group": "AWS::Scheduler::ScheduleGroup {name}",
    "aws_sfn_state_machine": "AWS::StepFunctions::StateMachine {id}",
    "aws_pipes_pipe": "AWS::Pipes::Pipe {name}",
    # compute
    "aws_lambda_alias": "AWS::Lambda::Alias {arn}",
    "aws_lambda_event_source_mapping": "AWS::Lambda::EventSourceMapping {id}",
    "aws_lambda_function": "AWS::Lambda::Function {function_name}",
    "aws_lambda_function_url": "AWS::Lambda::Url {function_name}",
    "aws_lambda_layer_version": "AWS::Lambda::LayerVersion {arn}",
    "aws_lambda_permission": "AWS::Lambda::Permission {statement_id} FunctionName={function_name}",
    "aws_instance": "AWS::EC2::Instance {id}",
    "aws_key_pair": "AWS::EC2::KeyPair {key_name}",
    "aws_launch_template": "AWS::EC2::LaunchTemplate {id}",
    "aws_ebs_volume": "AWS::EC2::Volume {id}",
    "aws_autoscaling_group": "AWS::AutoScaling::AutoScalingGroup {name}",
    "aws_autoscaling_policy": "AWS::AutoScaling::ScalingPolicy {arn}",
    "aws_appautoscaling_policy": "AWS::ApplicationAutoScaling::ScalingPolicy {arn}",
    "aws_appautoscaling_target": "AWS::ApplicationAutoScaling::ScalableTarget "
    "{resource_id}|{scalable_dimension}|{service_namespace}",
    "aws_ecr_repository": "AWS::ECR::Repository {name}",
    "aws_ecs_cluster": "AWS::ECS::Cluster {id}",
    "aws_ecs_service": "AWS::ECS::Service {id}",
    "aws_ecs_task_definition": "AWS::ECS::TaskDefinition {arn}",
    "aws_eks_cluster": "AWS::EKS::Cluster {name}",
    "aws_eks_node_group": "AWS::EKS::Nodegroup {cluster_name}|{node_group_name}",
    # networks
    "aws_ec2_transit_gateway": "AWS::EC2::TransitGateway {id}",
    "aws_ec2_transit_gateway_vpc_attachment": "AWS::EC2::TransitGatewayAttachment {id}",
    "aws_eip": "AWS::EC2::EIP {public_ip}",
    "aws_flow_log": "AWS::EC2::FlowLog {id}",
    "aws_internet_gateway": "AWS::EC2::InternetGateway {id}",
    "aws_nat_gateway": "AWS::EC2::NatGateway {id}",
    "aws_network_acl": "AWS::EC2::NetworkAcl {id}",
    "aws_network_interface": "AWS::EC2::NetworkInterface {id}",
    "aws_route_table": "AWS::EC2::RouteTable {id}",
    "aws_route_table_association": "AWS::EC2::SubnetRouteTableAssociation {id}",
    "aws_security_group": "AWS::EC2::SecurityGroup {id}",
    "aws_subnet": "AWS::EC2::Subnet {id}",
    "aws_vpc": "AWS::EC2::VPC {id}",
    "aws_vpc_dhcp_options": "AWS::EC2::DHCPOptions {id}",
    "aws_vpc_endpoint": "AWS::EC2::VPCEndpoint {id}",
    "aws_vpc_peering_connection": "AWS::EC2::VPCPeeringConnection {id}",
    "aws_vpc_security_group_egress_rule": "AWS::EC2::SecurityGroupEgress {security_group_rule_id}",
    "aws_vpc_security_group_ingress_rule": "AWS::EC2::SecurityGroupIngress {security_group_rule_id}",
    "aws_lb": "AWS::ElasticLoadBalancingV2::LoadBalancer {id}",
    "aws_lb_listener": "AWS::ElasticLoadBalancingV2::Listener {id}",
    "aws_lb_listener_rule": "AWS::ElasticLoadBalancingV2::ListenerRule {id}",
    "aws_lb_target_group": "AWS::ElasticLoadBalancingV2::TargetGroup {id}",
    "aws_route53_health_check": "AWS::Route53::HealthCheck {id}",
    "aws_route53_zone": "AWS::Route53::HostedZone {id}",
    "aws_cloudfront_distribution": "AWS::CloudFront::Distribution {id}",
    "aws_cloudfront_origin_access_control": "AWS::CloudFront::OriginAccessControl {id}",
    "aws_acm_certificate": "AWS::CertificateManager::Certificate {id}",
    "aws_wafv2_ip_set": "AWS::WAFv2::IPSet {name}|{id}|{scope}",
    "aws_wafv2_web_acl": "AWS::WAFv2::WebACL {name}|{id}|{scope}",
    # interfaces
    "aws_api_gateway_api_key": "AWS::ApiGateway::ApiKey {id}",
    "aws_api_gateway_authorizer": "AWS::ApiGateway::Authorizer {id} RestApiId={rest_api_id}",
    "aws_api_gateway_deployment": "AWS::ApiGateway::Deployment {id} RestApiId={rest_api_id}",
    "aws_api_gateway_resource": "AWS::ApiGateway::Resource {id} RestApiId={rest_api_id}",
    "aws_api_gateway_rest_api": "AWS::ApiGateway::RestApi {id}",
    "aws_api_gateway_stage": "AWS::ApiGateway::Stage {stage_name} RestApiId={rest_api_id}",
    "aws_api_gateway_usage_plan": "AWS::ApiGateway::UsagePlan {id}",
    "aws_apigatewayv2_api": "AWS::ApiGatewayV2::Api {id}",
    "aws_apigatewayv2_integration": "AWS::ApiGatewayV2::Integration {id} ApiId={api_id}",
    "aws_apigatewayv2_route": "AWS::ApiGatewayV2::Route {id} ApiId={api_id}",
    "aws_apigatewayv2_stage": "AWS::ApiGatewayV2::Stage {name} ApiId={api_id}",
    "aws_appsync_graphql_api": "AWS::AppSync::GraphQLApi {id}",
    "aws_cognito_identity_pool": "AWS::Cognito::IdentityPool {id}",
    "aws_cognito_user_pool": "AWS::Cognito::UserPool {id}",
    "aws_cognito_user_pool_client": "AWS::Cognito::UserPoolClient {id} UserPoolId={user_pool_id}",
    # identity and secrets
    "aws_iam_group": "AWS::IAM::Group {name}",
    "aws_iam_instance_profile": "AWS::IAM::InstanceProfile {name}",
    "aws_iam_openid_connect_provider": "AWS::IAM::OIDCProvider {id}",
    "aws_iam_policy": "AWS::IAM::ManagedPolicy {id}",
    "aws_iam_role": "AWS::IAM::Role {name}",
    "aws_iam_role_policy": "AWS::IAM::RolePolicy {name} RoleName={role} PolicyName={name}",
    "aws_iam_user": "AWS::IAM::User {name}",
    "aws_kms_alias": "AWS::KMS::Alias {name}",
    "aws_kms_key": "AWS::KMS::Key {id}",
    "aws_secretsmanager_secret": "AWS::SecretsManager::Secret {id}",
    "aws_ssm_document": "AWS::SSM::Document {name}",
    "aws_ssm_parameter": "AWS::SSM::Parameter {name}",
    # watching and delivery
    "aws_cloudwatch_composite_alarm": "AWS::CloudWatch::CompositeAlarm {alarm_name}",
    "aws_cloudwatch_dashboard": "AWS::CloudWatch::Dashboard {dashboard_name}",
    "aws_cloudwatch_log_group": "AWS::Logs::LogGroup {name}",
    "aws_cloudwatch_log_metric_filter": "AWS::Logs::MetricFilter {name}",
    "aws_cloudwatch_metric_alarm": "AWS::CloudWatch::Alarm {alarm_name}",
    "aws_cloudtrail": "AWS::CloudTrail::Trail {name}",
    "aws_config_config_rule": "AWS::Config::ConfigRule {name}",
    "aws_config_configuration_recorder": "AWS::Config::ConfigurationRecorder {name}",
    "aws_config_delivery_channel": "AWS::Config::DeliveryChannel {name}",
    "aws_guardduty_detector": "AWS::GuardDuty::Detector {id}",
    "aws_budgets_budget": "AWS::Budgets::Budget {name}",
    "aws_codebuild_project": "AWS::CodeBuild::Project {name}",
    "aws_codecommit_repository": "AWS::CodeCommit::Repository {repository_name}",
    "aws_codedeploy_app": "AWS::CodeDeploy::Application {name}",
    "aws_codepipeline": "AWS::CodePipeline::Pipeline {name}",
}
# What has no life of its own: it is gone when its owner is.
OWNERS: dict[str, str] = {
    "aws_api_gateway_": "AWS::ApiGateway::RestApi {rest_api_id}",
    "aws_apigatewayv2_": "AWS::ApiGatewayV2::Api {api_id}",
    "aws_autoscaling_": "AWS::AutoScaling::AutoScalingGroup {autoscaling_group_name}",
    "aws_cloudwatch_event_target": "AWS::Events::Rule {event_bus_name}|{rule}",
    "aws_dynamodb_": "AWS::DynamoDB::Table {table_name}",
    "aws_iam_role_policy_attachment": "AWS::IAM::Role {role}",
    "aws_lambda_": "AWS::Lambda::Function {function_name}",
    "aws_route53_record": "AWS::Route53::HostedZone {zone_id}",
    "aws_route": "AWS::EC2::RouteTable {route_table_id}",
    "aws_s3_bucket_": "AWS::S3::Bucket {bucket}",
    "aws_s3_object": "AWS::S3::Bucket {bucket}",
    "aws_secretsmanager_secret_": "AWS::SecretsManager::Secret {secret_id}",
    "aws_security_group_rule": "AWS::EC2::SecurityGroup {security_group_id}",
    "aws_sns_topic_policy": "AWS::SNS::Topic {arn}",
    "aws_sqs_queue_policy": "AWS::SQS::Queue {queue_url}",
}
_SLOT = re.compile(r"\{(\w+)\}")


class _Question(NamedTuple):
    """What `leftovers` is asked: a type, a physical id and facts; `owner` when it is about an owner."""

    kind: str
    physical: str
    facts: tuple[tuple[str, str], ...]
    owner: bool

    def put(self, cloud: Cloud, name: str) -> Leftovers:
        asked = {"ResourceType": self.kind, "PhysicalResourceId": self.physical, "LogicalResourceId": name}
        return leftovers(cloud, [asked | {"Facts": dict(self.facts)}])


def forgotten(cloud: Cloud, had: list[dict[str, Any]], asked: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(address, id) of what the cloud holds by a name of the configuration `asked` and the state `had` does not list.

    Such a thing is left by an `apply` that was cut off after it was made and before that was written down.
    """
    known = {one["address"] for one in had}
    return [
        (address, question.physical)
        for address, question in _of_configuration(asked)
        if address not in known and not question.facts and question.put(cloud, address).left
    ]


def still_there(cloud: Cloud, had: list[dict[str, Any]], asked: Mapping[str, Any]) -> Leftovers:
    """Ask the services for all that was in the state, and for what the configuration names in plain words.

    `had` are resources of a state ({address, type, attributes, elsewhere}); `asked` is the configuration that was
    applied. A type without a probe, and what lies in another region, is unverified; so is, in a real account, what
    is only named by the configuration: it may have been there before.
    """
    total = Leftovers()
    answers: dict[_Question, Leftovers] = {}
    for one in had:
        question = None if one["elsewhere"] else _question(one["type"], one["attributes"])
        if question is None:
            total.unverified.append(f"{one['address']} ({one['type']})")
            continue
        known = question in answers
        answer = answers[question] if known else answers.setdefault(question, question.put(cloud, one["address"]))
        total.gone += answer.gone
        if answer.unverified or (answer.left and question.owner):
            total.unverified.append(f"{one['address']} ({one['type']})")
        elif answer.left and not known:
            total.left += answer.left
    for address, question in _of_configuration(asked):
        if question not in answers and (left := question.put(cloud, address).left):
            if cloud.emulated:
                total.left += left
            else:
                total.unverified.append(f"{address} ({question.kind} {question.physical}, which is not in the state)")
    return total


def _of_configuration(asked: Mapping[str, Any]) -> Iterator[tuple[str, _Question]]:
    for kind, named in (asked.get("resource") or {}).items():
        for name, body in named.items():
            plain = {key: value for key, value in body.items() if isinstance(value, str) and "${" not in value}
            question = None if "provider" in body else _question(kind, plain)
            if question is not None and not question.owner:
                yield f"{kind}.{name}", question


def _question(kind: str, attributes: Mapping[str, Any]) -> _Question | None:
    """How to ask for a resource; None where there is no probe or an attribute is missing."""
    own = KINDS.get(kind, "")
    spec = own or next((owner for prefix, owner in OWNERS.items() if kind.startswith(prefix)), "")
    if not spec or any(attributes.get(name) in (None, "") for name in _SLOT.findall(spec)):
        return None
    named, physical, *facts = (_SLOT.sub(lambda slot: str(attributes[slot[1]]), word) for word in spec.split(" "))
    pairs = tuple((key, value) for key, _, value in (fact.partition("=") for fact in facts))
    return _Question(named, physical, pairs, not own)
