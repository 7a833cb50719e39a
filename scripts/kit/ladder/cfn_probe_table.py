"""How to ask for each resource type: the service, its operation, the arguments, what in the answer is the proof.

In arguments `{id}` is the physical id, `{last}` its last part after / or :, `{0}` `{1}` its parts between |,
`{RestApiId}` and the like a property of the resource.
`found` is a JMESPath expression that yields something when the resource is there; "" means that an answer
without an error is proof. In `found` too, `{id}` and the like are filled in.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Probe(NamedTuple):
    """One question to one service."""

    service: str
    operation: str
    arguments: dict[str, Any]
    found: str = ""


def _ec2(operation: str, ids: str, found: str) -> Probe:
    return Probe("ec2", operation, {ids: ["{id}"]}, found)


_LIVE = "[?State!='deleted' && State!='deleting']"

PROBES: dict[str, Probe] = {
    # storage and data
    "AWS::S3::Bucket": Probe("s3", "head_bucket", {"Bucket": "{id}"}),
    "AWS::S3::BucketPolicy": Probe("s3", "get_bucket_policy", {"Bucket": "{id}"}),
    "AWS::DynamoDB::Table": Probe("dynamodb", "describe_table", {"TableName": "{id}"}),
    "AWS::DynamoDB::GlobalTable": Probe("dynamodb", "describe_table", {"TableName": "{id}"}),
    "AWS::RDS::DBInstance": Probe("rds", "describe_db_instances", {"DBInstanceIdentifier": "{id}"}, "DBInstances[0]"),
    "AWS::RDS::DBCluster": Probe("rds", "describe_db_clusters", {"DBClusterIdentifier": "{id}"}, "DBClusters[0]"),
    "AWS::RDS::DBSubnetGroup": Probe(
        "rds", "describe_db_subnet_groups", {"DBSubnetGroupName": "{id}"}, "DBSubnetGroups[0]"
    ),
    "AWS::RDS::DBParameterGroup": Probe(
        "rds", "describe_db_parameter_groups", {"DBParameterGroupName": "{id}"}, "DBParameterGroups[0]"
    ),
    "AWS::RDS::DBClusterParameterGroup": Probe(
        "rds",
        "describe_db_cluster_parameter_groups",
        {"DBClusterParameterGroupName": "{id}"},
        "DBClusterParameterGroups[0]",
    ),
    "AWS::RDS::OptionGroup": Probe("rds", "describe_option_groups", {"OptionGroupName": "{id}"}, "OptionGroupsList[0]"),
    "AWS::EFS::FileSystem": Probe("efs", "describe_file_systems", {"FileSystemId": "{id}"}, "FileSystems[0]"),
    "AWS::EFS::MountTarget": Probe("efs", "describe_mount_targets", {"MountTargetId": "{id}"}, "MountTargets[0]"),
    "AWS::EFS::AccessPoint": Probe("efs", "describe_access_points", {"AccessPointId": "{id}"}, "AccessPoints[0]"),
    "AWS::ElastiCache::CacheCluster": Probe(
        "elasticache", "describe_cache_clusters", {"CacheClusterId": "{id}"}, "CacheClusters[0]"
    ),
    "AWS::ElastiCache::ReplicationGroup": Probe(
        "elasticache",
        "describe_replication_groups",
        {"ReplicationGroupId": "{id}"},
        "ReplicationGroups[?Status!='deleting'] | [0]",
    ),
    "AWS::ElastiCache::SubnetGroup": Probe(
        "elasticache", "describe_cache_subnet_groups", {"CacheSubnetGroupName": "{id}"}, "CacheSubnetGroups[0]"
    ),
    "AWS::Redshift::Cluster": Probe("redshift", "describe_clusters", {"ClusterIdentifier": "{id}"}, "Clusters[0]"),
    "AWS::Kinesis::Stream": Probe("kinesis", "describe_stream_summary", {"StreamName": "{id}"}),
    "AWS::KinesisFirehose::DeliveryStream": Probe(
        "firehose", "describe_delivery_stream", {"DeliveryStreamName": "{id}"}
    ),
    "AWS::Backup::BackupVault": Probe("backup", "describe_backup_vault", {"BackupVaultName": "{id}"}),
    "AWS::Backup::BackupPlan": Probe("backup", "get_backup_plan", {"BackupPlanId": "{id}"}, "!DeletionDate"),
    "AWS::Glue::Database": Probe("glue", "get_database", {"Name": "{id}"}),
    "AWS::Glue::Crawler": Probe("glue", "get_crawler", {"Name": "{id}"}),
    "AWS::Glue::Job": Probe("glue", "get_job", {"JobName": "{id}"}),
    "AWS::Athena::WorkGroup": Probe("athena", "get_work_group", {"WorkGroup": "{id}"}, "WorkGroup"),
    # messages and events
    "AWS::SQS::Queue": Probe("sqs", "get_queue_attributes", {"QueueUrl": "{id}"}),
    "AWS::SNS::Topic": Probe("sns", "get_topic_attributes", {"TopicArn": "{id}"}),
    "AWS::SNS::Subscription": Probe("sns", "get_subscription_attributes", {"SubscriptionArn": "{id}"}),
    "AWS::Events::Rule": Probe("events", "describe_rule", {"Name": "{rule}", "EventBusName": "{bus}"}),
    "AWS::Events::EventBus": Probe("events", "describe_event_bus", {"Name": "{id}"}),
    "AWS::Events::Archive": Probe("events", "describe_archive", {"ArchiveName": "{id}"}),
    "AWS::Scheduler::Schedule": Probe("scheduler", "list_schedules", {}, "Schedules[?Name=='{id}'] | [0]"),
    "AWS::Scheduler::ScheduleGroup": Probe("scheduler", "get_schedule_group", {"Name": "{last}"}),
    "AWS::StepFunctions::StateMachine": Probe("stepfunctions", "describe_state_machine", {"stateMachineArn": "{id}"}),
    # compute
    "AWS::Lambda::Function": Probe("lambda", "get_function", {"FunctionName": "{id}"}),
    "AWS::Lambda::Alias": Probe("lambda", "get_function", {"FunctionName": "{id}"}),
    "AWS::Lambda::Version": Probe("lambda", "get_function", {"FunctionName": "{id}"}),
    "AWS::Lambda::LayerVersion": Probe("lambda", "get_layer_version_by_arn", {"Arn": "{id}"}),
    "AWS::Lambda::EventSourceMapping": Probe("lambda", "get_event_source_mapping", {"UUID": "{id}"}),
    "AWS::Lambda::Url": Probe("lambda", "get_function_url_config", {"FunctionName": "{id}"}),
    "AWS::EC2::Instance": Probe(
        "ec2",
        "describe_instances",
        {"InstanceIds": ["{id}"]},
        "Reservations[].Instances[?State.Name!='terminated'][] | [0]",
    ),
    "AWS::EC2::LaunchTemplate": _ec2("describe_launch_templates", "LaunchTemplateIds", "LaunchTemplates[0]"),
    "AWS::EC2::KeyPair": Probe("ec2", "describe_key_pairs", {"KeyNames": ["{id}"]}, "KeyPairs[0]"),
    "AWS::EC2::Volume": _ec2("describe_volumes", "VolumeIds", "Volumes[0]"),
    "AWS::AutoScaling::AutoScalingGroup": Probe(
        "autoscaling", "describe_auto_scaling_groups", {"AutoScalingGroupNames": ["{id}"]}, "AutoScalingGroups[0]"
    ),
    "AWS::AutoScaling::LaunchConfiguration": Probe(
        "autoscaling",
        "describe_launch_configurations",
        {"LaunchConfigurationNames": ["{id}"]},
        "LaunchConfigurations[0]",
    ),
    "AWS::AutoScaling::ScalingPolicy": Probe(
        "autoscaling", "describe_policies", {}, "ScalingPolicies[?PolicyARN=='{id}'] | [0]"
    ),
    "AWS::ECS::Cluster": Probe(
        "ecs", "describe_clusters", {"clusters": ["{id}"]}, "clusters[?status!='INACTIVE'] | [0]"
    ),
    "AWS::ECS::Service": Probe(
        "ecs",
        "describe_services",
        {"cluster": "{cluster}", "services": ["{id}"]},
        "services[?status!='INACTIVE'] | [0]",
    ),
    "AWS::ECS::TaskDefinition": Probe(
        "ecs", "describe_task_definition", {"taskDefinition": "{id}"}, "taskDefinition.status!='INACTIVE'"
    ),
    "AWS::ECR::Repository": Probe("ecr", "describe_repositories", {"repositoryNames": ["{id}"]}),
    "AWS::EKS::Cluster": Probe("eks", "describe_cluster", {"name": "{id}"}),
    "AWS::EKS::Nodegroup": Probe("eks", "describe_nodegroup", {"clusterName": "{0}", "nodegroupName": "{1}"}),
    "AWS::Batch::JobQueue": Probe("batch", "describe_job_queues", {"jobQueues": ["{id}"]}, "jobQueues[0]"),
    "AWS::ApplicationAutoScaling::ScalableTarget": Probe(
        "application-autoscaling",
        "describe_scalable_targets",
        {"ServiceNamespace": "{2}", "ResourceIds": ["{0}"], "ScalableDimension": "{1}"},
        "ScalableTargets[0]",
    ),
    "AWS::ApplicationAutoScaling::ScalingPolicy": Probe(
        "application-autoscaling",
        "describe_scaling_policies",
        {"ServiceNamespace": "{namespace}"},
        "ScalingPolicies[?PolicyARN=='{id}'] | [0]",
    ),
    # networks
    "AWS::EC2::VPC": _ec2("describe_vpcs", "VpcIds", "Vpcs[0]"),
    "AWS::EC2::Subnet": _ec2("describe_subnets", "SubnetIds", "Subnets[0]"),
    "AWS::EC2::RouteTable": _ec2("describe_route_tables", "RouteTableIds", "RouteTables[0]"),
    "AWS::EC2::InternetGateway": _ec2("describe_internet_gateways", "InternetGatewayIds", "InternetGateways[0]"),
    "AWS::EC2::NatGateway": _ec2("describe_nat_gateways", "NatGatewayIds", f"NatGateways{_LIVE} | [0]"),
    "AWS::EC2::SecurityGroup": _ec2("describe_security_groups", "GroupIds", "SecurityGroups[0]"),
    "AWS::EC2::NetworkAcl": _ec2("describe_network_acls", "NetworkAclIds", "NetworkAcls[0]"),
    "AWS::EC2::NetworkInterface": _ec2("describe_network_interfaces", "NetworkInterfaceIds", "NetworkInterfaces[0]"),
    "AWS::EC2::VPCEndpoint": _ec2("describe_vpc_endpoints", "VpcEndpointIds", f"VpcEndpoints{_LIVE} | [0]"),
    "AWS::EC2::FlowLog": _ec2("describe_flow_logs", "FlowLogIds", "FlowLogs[0]"),
    "AWS::EC2::VPCPeeringConnection": _ec2(
        "describe_vpc_peering_connections",
        "VpcPeeringConnectionIds",
        "VpcPeeringConnections[?Status.Code!='deleted'] | [0]",
    ),
    "AWS::EC2::TransitGateway": _ec2("describe_transit_gateways", "TransitGatewayIds", f"TransitGateways{_LIVE} | [0]"),
    "AWS::EC2::TransitGatewayAttachment": _ec2(
        "describe_transit_gateway_vpc_attachments",
        "TransitGatewayAttachmentIds",
        f"TransitGatewayVpcAttachments{_LIVE} | [0]",
    ),
    "AWS::EC2::DHCPOptions": _ec2("describe_dhcp_options", "DhcpOptionsIds", "DhcpOptions[0]"),
    "AWS::EC2::EIP": Probe("ec2", "describe_addresses", {"PublicIps": ["{0}"]}, "Addresses[0]"),
    "AWS::EC2::SubnetRouteTableAssociation": Probe(
        "ec2",
        "describe_route_tables",
        {"Filters": [{"Name": "association.route-table-association-id", "Values": ["{id}"]}]},
        "RouteTables[0]",
    ),
    "AWS::EC2::SecurityGroupIngress": Probe(
        "ec2", "describe_security_group_rules", {"SecurityGroupRuleIds": ["{id}"]}, "SecurityGroupRules[0]"
    ),
    "AWS::EC2::SecurityGroupEgress": Probe(
        "ec2", "describe_security_group_rules", {"SecurityGroupRuleIds": ["{id}"]}, "SecurityGroupRules[0]"
    ),
    "AWS::EC2::Route": Probe(
        "ec2",
        "describe_route_tables",
        {"RouteTableIds": ["{0}"]},
        "RouteTables[].Routes[?DestinationCidrBlock=='{1}' || DestinationIpv6CidrBlock=='{1}'"
        " || DestinationPrefixListId=='{1}'][] | [0]",
    ),
    "AWS::EC2::NetworkAclEntry": Probe(
        "ec2",
        "describe_network_acls",
        {"NetworkAclIds": ["{NetworkAclId}"]},
        "NetworkAcls[].Entries[?RuleNumber==`{RuleNumber}`][] | [0]",
    ),
    "AWS::EC2::SubnetNetworkAclAssociation": Probe(
        "ec2",
        "describe_network_acls",
        {"Filters": [{"Name": "association.association-id", "Values": ["{id}"]}]},
        "NetworkAcls[0]",
    ),
    "AWS::EC2::VPCGatewayAttachment": Probe(
        "ec2",
        "describe_internet_gateways",
        {"Filters": [{"Name": "attachment.vpc-id", "Values": ["{1}"]}]},
        "InternetGateways[0]",
    ),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": Probe(
        "elbv2", "describe_load_balancers", {"LoadBalancerArns": ["{id}"]}, "LoadBalancers[0]"
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": Probe(
        "elbv2", "describe_target_groups", {"TargetGroupArns": ["{id}"]}, "TargetGroups[0]"
    ),
    "AWS::ElasticLoadBalancingV2::Listener": Probe(
        "elbv2", "describe_listeners", {"ListenerArns": ["{id}"]}, "Listeners[0]"
    ),
    "AWS::ElasticLoadBalancingV2::ListenerRule": Probe("elbv2", "describe_rules", {"RuleArns": ["{id}"]}, "Rules[0]"),
    "AWS::Route53::HostedZone": Probe("route53", "get_hosted_zone", {"Id": "{id}"}),
    "AWS::Route53::RecordSet": Probe(
        "route53",
        "list_resource_record_sets",
        {"HostedZoneId": "{HostedZoneId}"},
        "ResourceRecordSets[?starts_with(Name, '{id}')] | [0]",
    ),
    "AWS::Route53::HealthCheck": Probe("route53", "get_health_check", {"HealthCheckId": "{id}"}),
    "AWS::ServiceDiscovery::HttpNamespace": Probe("servicediscovery", "get_namespace", {"Id": "{id}"}),
    "AWS::ServiceDiscovery::PrivateDnsNamespace": Probe("servicediscovery", "get_namespace", {"Id": "{id}"}),
    "AWS::ServiceDiscovery::PublicDnsNamespace": Probe("servicediscovery", "get_namespace", {"Id": "{id}"}),
    "AWS::ServiceDiscovery::Service": Probe("servicediscovery", "get_service", {"Id": "{id}"}),
    "AWS::CloudFront::Distribution": Probe("cloudfront", "get_distribution", {"Id": "{id}"}),
    "AWS::CloudFront::OriginAccessControl": Probe("cloudfront", "get_origin_access_control", {"Id": "{id}"}),
    "AWS::CertificateManager::Certificate": Probe("acm", "describe_certificate", {"CertificateArn": "{id}"}),
    "AWS::WAFv2::WebACL": Probe("wafv2", "get_web_acl", {"Name": "{0}", "Id": "{1}", "Scope": "{2}"}),
    "AWS::WAFv2::IPSet": Probe("wafv2", "get_ip_set", {"Name": "{0}", "Id": "{1}", "Scope": "{2}"}),
    # interfaces
    "AWS::ApiGateway::RestApi": Probe("apigateway", "get_rest_api", {"restApiId": "{id}"}),
    "AWS::ApiGateway::ApiKey": Probe("apigateway", "get_api_key", {"apiKey": "{id}"}),
    "AWS::ApiGateway::UsagePlan": Probe("apigateway", "get_usage_plan", {"usagePlanId": "{id}"}),
    "AWS::ApiGateway::DomainName": Probe("apigateway", "get_domain_name", {"domainName": "{id}"}),
    "AWS::ApiGatewayV2::Api": Probe("apigatewayv2", "get_api", {"ApiId": "{id}"}),
    "AWS::ApiGatewayV2::VpcLink": Probe("apigatewayv2", "get_vpc_link", {"VpcLinkId": "{id}"}),
    "AWS::AppSync::GraphQLApi": Probe("appsync", "get_graphql_api", {"apiId": "{last}"}),
    "AWS::Cognito::UserPool": Probe("cognito-idp", "describe_user_pool", {"UserPoolId": "{id}"}),
    "AWS::Cognito::IdentityPool": Probe("cognito-identity", "describe_identity_pool", {"IdentityPoolId": "{id}"}),
    "AWS::ApiGateway::Resource": Probe(
        "apigateway", "get_resource", {"restApiId": "{RestApiId}", "resourceId": "{id}"}
    ),
    "AWS::ApiGateway::Method": Probe(
        "apigateway",
        "get_method",
        {"restApiId": "{RestApiId}", "resourceId": "{ResourceId}", "httpMethod": "{HttpMethod}"},
    ),
    "AWS::ApiGateway::Deployment": Probe(
        "apigateway", "get_deployment", {"restApiId": "{RestApiId}", "deploymentId": "{id}"}
    ),
    "AWS::ApiGateway::Stage": Probe("apigateway", "get_stage", {"restApiId": "{RestApiId}", "stageName": "{id}"}),
    "AWS::ApiGateway::Authorizer": Probe(
        "apigateway", "get_authorizer", {"restApiId": "{RestApiId}", "authorizerId": "{id}"}
    ),
    "AWS::ApiGateway::RequestValidator": Probe(
        "apigateway", "get_request_validator", {"restApiId": "{RestApiId}", "requestValidatorId": "{id}"}
    ),
    "AWS::ApiGateway::UsagePlanKey": Probe(
        "apigateway", "get_usage_plan_key", {"usagePlanId": "{UsagePlanId}", "keyId": "{KeyId}"}
    ),
    "AWS::ApiGatewayV2::Stage": Probe("apigatewayv2", "get_stage", {"ApiId": "{ApiId}", "StageName": "{id}"}),
    "AWS::ApiGatewayV2::Route": Probe("apigatewayv2", "get_route", {"ApiId": "{ApiId}", "RouteId": "{id}"}),
    "AWS::ApiGatewayV2::Integration": Probe(
        "apigatewayv2", "get_integration", {"ApiId": "{ApiId}", "IntegrationId": "{id}"}
    ),
    "AWS::ApiGatewayV2::Authorizer": Probe(
        "apigatewayv2", "get_authorizer", {"ApiId": "{ApiId}", "AuthorizerId": "{id}"}
    ),
    "AWS::Cognito::UserPoolClient": Probe(
        "cognito-idp", "describe_user_pool_client", {"UserPoolId": "{UserPoolId}", "ClientId": "{id}"}
    ),
    "AWS::Cognito::UserPoolGroup": Probe(
        "cognito-idp", "get_group", {"UserPoolId": "{UserPoolId}", "GroupName": "{id}"}
    ),
    # identity and secrets
    "AWS::SecretsManager::SecretTargetAttachment": Probe(
        "secretsmanager", "describe_secret", {"SecretId": "{id}"}, "!DeletedDate"
    ),
    "AWS::Lambda::Permission": Probe(
        "lambda", "get_policy", {"FunctionName": "{FunctionName}"}, "contains(Policy, '\"{id}\"')"
    ),
    "AWS::Lambda::EventInvokeConfig": Probe(
        "lambda", "get_function_event_invoke_config", {"FunctionName": "{FunctionName}"}
    ),
    "AWS::SQS::QueuePolicy": Probe(
        "sqs", "get_queue_attributes", {"QueueUrl": "{Queues}", "AttributeNames": ["Policy"]}, "Attributes.Policy"
    ),
    "AWS::SNS::TopicPolicy": Probe("sns", "get_topic_attributes", {"TopicArn": "{Topics}"}, "Attributes.Policy"),
    "AWS::IAM::Policy": Probe("iam", "get_role_policy", {"RoleName": "{Roles}", "PolicyName": "{PolicyName}"}),
    "AWS::IAM::RolePolicy": Probe("iam", "get_role_policy", {"RoleName": "{RoleName}", "PolicyName": "{PolicyName}"}),
    "AWS::ApiGateway::Account": Probe("apigateway", "get_account", {}, "cloudwatchRoleArn"),
    "AWS::Logs::SubscriptionFilter": Probe(
        "logs",
        "describe_subscription_filters",
        {"logGroupName": "{LogGroupName}"},
        "subscriptionFilters[?filterName=='{id}'] | [0]",
    ),
    "AWS::Logs::LogStream": Probe(
        "logs", "describe_log_streams", {"logGroupName": "{LogGroupName}"}, "logStreams[?logStreamName=='{id}'] | [0]"
    ),
    "AWS::IAM::UserToGroupAddition": Probe("iam", "get_group", {"GroupName": "{GroupName}"}, "Users[0]"),
    "AWS::IAM::AccessKey": Probe(
        "iam", "list_access_keys", {"UserName": "{UserName}"}, "AccessKeyMetadata[?AccessKeyId=='{id}'] | [0]"
    ),
    "AWS::AutoScaling::ScheduledAction": Probe(
        "autoscaling",
        "describe_scheduled_actions",
        {"AutoScalingGroupName": "{AutoScalingGroupName}"},
        "ScheduledUpdateGroupActions[?ScheduledActionName=='{id}'] | [0]",
    ),
    "AWS::AutoScaling::LifecycleHook": Probe(
        "autoscaling",
        "describe_lifecycle_hooks",
        {"AutoScalingGroupName": "{AutoScalingGroupName}"},
        "LifecycleHooks[?LifecycleHookName=='{id}'] | [0]",
    ),
    "AWS::WAFv2::WebACLAssociation": Probe("wafv2", "get_web_acl_for_resource", {"ResourceArn": "{1}"}, "WebACL"),
    "AWS::WAFv2::RuleGroup": Probe("wafv2", "get_rule_group", {"Name": "{0}", "Id": "{1}", "Scope": "{2}"}),
    "AWS::WAFv2::LoggingConfiguration": Probe("wafv2", "get_logging_configuration", {"ResourceArn": "{id}"}),
    "AWS::Events::Connection": Probe("events", "describe_connection", {"Name": "{id}"}),
    "AWS::Events::ApiDestination": Probe("events", "describe_api_destination", {"Name": "{id}"}),
    "AWS::Logs::ResourcePolicy": Probe(
        "logs", "describe_resource_policies", {}, "resourcePolicies[?policyName=='{id}'] | [0]"
    ),
    "AWS::SecretsManager::RotationSchedule": Probe(
        "secretsmanager", "describe_secret", {"SecretId": "{id}"}, "RotationEnabled"
    ),
    "AWS::SecretsManager::ResourcePolicy": Probe(
        "secretsmanager", "get_resource_policy", {"SecretId": "{id}"}, "ResourcePolicy"
    ),
    "AWS::OpenSearchService::Domain": Probe(
        "opensearch", "describe_domain", {"DomainName": "{id}"}, "DomainStatus.DomainId"
    ),
    "AWS::SSM::MaintenanceWindowTarget": Probe(
        "ssm",
        "describe_maintenance_window_targets",
        {"WindowId": "{WindowId}"},
        "Targets[?WindowTargetId=='{id}'] | [0]",
    ),
    "AWS::SSM::PatchBaseline": Probe(
        "ssm",
        "describe_patch_baselines",
        {"Filters": [{"Key": "OWNER", "Values": ["Self"]}]},
        "BaselineIdentities[?BaselineId=='{id}'] | [0]",
    ),
    "AWS::Backup::BackupSelection": Probe(
        "backup", "get_backup_selection", {"BackupPlanId": "{selection_plan}", "SelectionId": "{selection}"}
    ),
    "AWS::Cognito::IdentityPoolRoleAttachment": Probe(
        "cognito-identity", "get_identity_pool_roles", {"IdentityPoolId": "{IdentityPoolId}"}, "Roles"
    ),
    "AWS::ResourceGroups::Group": Probe("resource-groups", "get_group", {"GroupName": "{id}"}),
    "AWS::SES::EmailIdentity": Probe("sesv2", "get_email_identity", {"EmailIdentity": "{id}"}),
    "AWS::Pipes::Pipe": Probe("pipes", "describe_pipe", {"Name": "{id}"}),
    "AWS::AppConfig::Application": Probe("appconfig", "get_application", {"ApplicationId": "{id}"}),
    "AWS::StepFunctions::Activity": Probe("stepfunctions", "describe_activity", {"activityArn": "{id}"}),
    "AWS::Glue::Table": Probe("glue", "get_table", {"DatabaseName": "{DatabaseName}", "Name": "{id}"}),
    "AWS::CodeDeploy::DeploymentGroup": Probe(
        "codedeploy",
        "get_deployment_group",
        {"applicationName": "{ApplicationName}", "deploymentGroupName": "{id}"},
    ),
    "AWS::IAM::Role": Probe("iam", "get_role", {"RoleName": "{id}"}),
    "AWS::IAM::User": Probe("iam", "get_user", {"UserName": "{id}"}),
    "AWS::IAM::Group": Probe("iam", "get_group", {"GroupName": "{id}"}),
    "AWS::IAM::ManagedPolicy": Probe("iam", "get_policy", {"PolicyArn": "{id}"}),
    "AWS::IAM::InstanceProfile": Probe("iam", "get_instance_profile", {"InstanceProfileName": "{id}"}),
    "AWS::IAM::OIDCProvider": Probe("iam", "get_open_id_connect_provider", {"OpenIDConnectProviderArn": "{id}"}),
    "AWS::KMS::Key": Probe("kms", "describe_key", {"KeyId": "{id}"}, "KeyMetadata.KeyState!='PendingDeletion'"),
    "AWS::KMS::Alias": Probe("kms", "list_aliases", {}, "Aliases[?AliasName=='{id}'] | [0]"),
    "AWS::SecretsManager::Secret": Probe("secretsmanager", "describe_secret", {"SecretId": "{id}"}, "!DeletedDate"),
    "AWS::SSM::Parameter": Probe("ssm", "get_parameter", {"Name": "{id}"}),
    "AWS::SSM::Document": Probe("ssm", "describe_document", {"Name": "{id}"}),
    "AWS::SSM::MaintenanceWindow": Probe("ssm", "get_maintenance_window", {"WindowId": "{id}"}),
    # watching
    "AWS::Logs::LogGroup": Probe(
        "logs", "describe_log_groups", {"logGroupNamePrefix": "{id}"}, "logGroups[?logGroupName=='{id}'] | [0]"
    ),
    "AWS::Logs::MetricFilter": Probe("logs", "describe_metric_filters", {}, "metricFilters[?filterName=='{id}'] | [0]"),
    "AWS::CloudWatch::Alarm": Probe("cloudwatch", "describe_alarms", {"AlarmNames": ["{id}"]}, "MetricAlarms[0]"),
    "AWS::CloudWatch::CompositeAlarm": Probe(
        "cloudwatch",
        "describe_alarms",
        {"AlarmNames": ["{last}"], "AlarmTypes": ["CompositeAlarm"]},
        "CompositeAlarms[0]",
    ),
    "AWS::CloudWatch::Dashboard": Probe("cloudwatch", "get_dashboard", {"DashboardName": "{id}"}),
    "AWS::CloudTrail::Trail": Probe("cloudtrail", "get_trail", {"Name": "{id}"}),
    "AWS::Config::ConfigRule": Probe(
        "config", "describe_config_rules", {"ConfigRuleNames": ["{id}"]}, "ConfigRules[0]"
    ),
    "AWS::Config::ConfigurationRecorder": Probe(
        "config",
        "describe_configuration_recorders",
        {"ConfigurationRecorderNames": ["{id}"]},
        "ConfigurationRecorders[0]",
    ),
    "AWS::Config::DeliveryChannel": Probe(
        "config", "describe_delivery_channels", {"DeliveryChannelNames": ["{id}"]}, "DeliveryChannels[0]"
    ),
    "AWS::GuardDuty::Detector": Probe("guardduty", "get_detector", {"DetectorId": "{id}"}),
    "AWS::XRay::Group": Probe("xray", "get_group", {"GroupARN": "{id}"}),
    "AWS::Budgets::Budget": Probe("budgets", "describe_budget", {"AccountId": "{account}", "BudgetName": "{id}"}),
    # delivery
    "AWS::CodeBuild::Project": Probe("codebuild", "batch_get_projects", {"names": ["{id}"]}, "projects[0]"),
    "AWS::CodePipeline::Pipeline": Probe("codepipeline", "get_pipeline", {"name": "{id}"}),
    "AWS::CodeCommit::Repository": Probe("codecommit", "get_repository", {"repositoryName": "{RepositoryName}"}),
    "AWS::CodeDeploy::Application": Probe("codedeploy", "get_application", {"applicationName": "{id}"}),
    "AWS::CloudFormation::Stack": Probe(
        "cloudformation", "describe_stacks", {"StackName": "{id}"}, "Stacks[?StackStatus!='DELETE_COMPLETE'] | [0]"
    ),
    # workloads
    "AWS::Batch::ComputeEnvironment": Probe(
        "batch", "describe_compute_environments", {"computeEnvironments": ["{id}"]}, "computeEnvironments[0]"
    ),
    "AWS::Batch::JobDefinition": Probe(
        "batch", "describe_job_definitions", {"jobDefinitions": ["{id}"]}, "jobDefinitions[?status=='ACTIVE'] | [0]"
    ),
    "AWS::Redshift::ClusterSubnetGroup": Probe(
        "redshift", "describe_cluster_subnet_groups", {"ClusterSubnetGroupName": "{id}"}, "ClusterSubnetGroups[0]"
    ),
    "AWS::Timestream::Database": Probe("timestream-write", "describe_database", {"DatabaseName": "{id}"}),
    "AWS::Timestream::Table": Probe("timestream-write", "describe_table", {"DatabaseName": "{0}", "TableName": "{1}"}),
    "AWS::MSK::Cluster": Probe("kafka", "list_clusters", {}, "ClusterInfoList[?ClusterArn=='{id}'] | [0]"),
    "AWS::DMS::ReplicationInstance": Probe(
        "dms",
        "describe_replication_instances",
        {"Filters": [{"Name": "replication-instance-arn", "Values": ["{id}"]}]},
        "ReplicationInstances[?ReplicationInstanceArn=='{id}'] | [0]",
    ),
    "AWS::DMS::ReplicationSubnetGroup": Probe(
        "dms",
        "describe_replication_subnet_groups",
        {"Filters": [{"Name": "replication-subnet-group-id", "Values": ["{id}"]}]},
        "ReplicationSubnetGroups[?ReplicationSubnetGroupIdentifier=='{id}'] | [0]",
    ),
    "AWS::IoT::TopicRule": Probe("iot", "get_topic_rule", {"ruleName": "{id}"}),
    "AWS::Transfer::Server": Probe("transfer", "list_servers", {}, "Servers[?ServerId=='{last}'] | [0]"),
    "AWS::DataSync::LocationS3": Probe("datasync", "list_locations", {}, "Locations[?LocationArn=='{id}'] | [0]"),
    "AWS::DataSync::Task": Probe("datasync", "list_tasks", {}, "Tasks[?TaskArn=='{id}'] | [0]"),
    "AWS::Macie::Session": Probe("macie2", "get_macie_session", {}, "status=='ENABLED' || status=='PAUSED'"),
    "AWS::InspectorV2::Filter": Probe("inspector2", "list_filters", {"arns": ["{id}"]}, "filters[0]"),
    "AWS::SecurityHub::Hub": Probe("securityhub", "describe_hub", {"HubArn": "{id}"}),
    "AWS::EC2::CustomerGateway": _ec2(
        "describe_customer_gateways", "CustomerGatewayIds", f"CustomerGateways{_LIVE} | [0]"
    ),
    "AWS::EC2::VPNGateway": _ec2("describe_vpn_gateways", "VpnGatewayIds", f"VpnGateways{_LIVE} | [0]"),
    "AWS::EC2::VPNConnection": _ec2("describe_vpn_connections", "VpnConnectionIds", f"VpnConnections{_LIVE} | [0]"),
}
