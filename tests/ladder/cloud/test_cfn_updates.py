"""Types whose change, or whose end, is easily told wrongly: made, changed and taken away, and asked for each time."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cloud_support import Bench
from test_cfn_handlers import physical


def refused(call: Any, **given: Any) -> str:
    with pytest.raises(ClientError) as told:
        call(**given)
    return str(told.value.response["Error"]["Code"])


def deployed(bench: Bench, text: str, stack: str) -> dict[str, str]:
    outcome = bench.deploy(text, stack)
    assert outcome.verdict == "passed", outcome.reason
    return physical(bench, stack)


def destroyed(bench: Bench, stack: str) -> None:
    outcome = bench.destroy(stack)
    assert outcome.verdict == "passed", outcome.reason


def parameters(bench: Bench, name: str) -> dict[str, str]:
    pages = bench.cloud.client("rds").get_paginator("describe_db_parameters").paginate(DBParameterGroupName=name)
    rows = [row for page in pages for row in page["Parameters"]]
    return {row["ParameterName"]: row["ParameterValue"] for row in rows if "ParameterValue" in row}


def test_a_parameter_group_holds_its_parameters(shared: Bench) -> None:
    text = """
Resources:
  Group:
    Type: AWS::RDS::DBParameterGroup
    Properties:
      Family: postgres15
      Description: strict
      Parameters: {rds.force_ssl: 1, log_statement: all}
  Wide:
    Type: AWS::RDS::DBClusterParameterGroup
    Properties:
      Family: aurora-postgresql15
      Description: wide
      Parameters: {timezone: UTC}
"""
    first = deployed(shared, text, "params")
    held = parameters(shared, first["Group"])
    assert (held["rds.force_ssl"], held["log_statement"]) == ("1", "all")
    rows = shared.cloud.client("rds").describe_db_cluster_parameters(DBClusterParameterGroupName=first["Wide"])
    assert [row["ParameterValue"] for row in rows["Parameters"] if row["ParameterName"] == "timezone"] == ["UTC"]
    second = deployed(shared, text.replace("log_statement: all", "log_statement: ddl"), "params")
    assert second["Group"] == first["Group"]
    assert parameters(shared, first["Group"])["log_statement"] == "ddl"
    third = deployed(shared, text.replace(", log_statement: all", ""), "params")
    assert "log_statement" not in parameters(shared, third["Group"])
    destroyed(shared, "params")
    left = shared.cloud.client("rds").describe_db_parameter_groups()["DBParameterGroups"]
    assert third["Group"] not in [group["DBParameterGroupName"] for group in left]


def test_a_namespace_is_referred_to_by_its_id_and_goes_with_its_stack(shared: Bench) -> None:
    text = """
Resources:
  Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.9.0.0/16}}
  Space: {Type: AWS::ServiceDiscovery::PrivateDnsNamespace, Properties: {Name: inner.test, Vpc: !Ref Net}}
  Calls: {Type: AWS::ServiceDiscovery::HttpNamespace, Properties: {Name: calls}}
  Web:
    Type: AWS::ServiceDiscovery::Service
    Properties:
      Name: web
      NamespaceId: !Ref Space
      DnsConfig: {DnsRecords: [{Type: A, TTL: 60}]}
Outputs:
  Arn: {Value: !GetAtt Space.Arn}
  Zone: {Value: !GetAtt Space.HostedZoneId}
"""
    ids = deployed(shared, text, "spaces")
    spaces = shared.cloud.client("servicediscovery")
    found = spaces.get_namespace(Id=ids["Space"])["Namespace"]
    zone = found["Properties"]["DnsProperties"]["HostedZoneId"]
    assert shared.outputs("spaces") == {"Arn": found["Arn"], "Zone": zone}
    assert spaces.get_namespace(Id=ids["Calls"])["Namespace"]["Type"] == "HTTP"
    outcome = shared.destroy("spaces")
    assert (outcome.verdict, outcome.figures["gone"], outcome.figures["unverified"]) == ("passed", 4, [])
    assert refused(spaces.get_namespace, Id=ids["Space"]) == "NamespaceNotFound"
    assert refused(spaces.get_namespace, Id=ids["Calls"]) == "NamespaceNotFound"


def test_what_replaces_a_thing_of_the_same_name_is_not_deleted_with_the_old(shared: Bench) -> None:
    text = """
Resources:
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: s}}
  Policy:
    Type: AWS::SecretsManager::ResourcePolicy
    Properties:
      SecretId: !Ref Secret
      ResourcePolicy:
        Version: "2012-10-17"
        Statement:
          - {Sid: One, Effect: Allow, Principal: "*", Action: "secretsmanager:GetSecretValue", Resource: "*"}
"""
    ids = deployed(shared, text, "sealed")
    deployed(shared, text.replace("Sid: One", "Sid: Two"), "sealed")
    vault = shared.cloud.client("secretsmanager")
    assert '"Two"' in vault.get_resource_policy(SecretId=ids["Secret"])["ResourcePolicy"]
    destroyed(shared, "sealed")


def test_those_who_stay_in_a_group_stay_and_those_who_go_leave(shared: Bench) -> None:
    text = """
Resources:
  Staff: {Type: AWS::IAM::Group}
  Ann: {Type: AWS::IAM::User, Properties: {UserName: up-ann}}
  Bob: {Type: AWS::IAM::User, Properties: {UserName: up-bob}}
  Cid: {Type: AWS::IAM::User, Properties: {UserName: up-cid}}
  In: {Type: AWS::IAM::UserToGroupAddition, Properties: {GroupName: !Ref Staff, Users: [!Ref Ann, !Ref Bob]}}
"""
    ids = deployed(shared, text, "staff")
    deployed(shared, text.replace("[!Ref Ann, !Ref Bob]", "[!Ref Bob, !Ref Cid]"), "staff")
    users = shared.cloud.client("iam").get_group(GroupName=ids["Staff"])["Users"]
    assert {user["UserName"] for user in users} == {"up-bob", "up-cid"}
    destroyed(shared, "staff")


def test_another_acl_takes_the_place_of_the_one_before(shared: Bench) -> None:
    acl = """
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Allow: {}}
      VisibilityConfig: {CloudWatchMetricsEnabled: false, MetricName: m, SampledRequestsEnabled: false}
"""
    text = f"""
Resources:
  First: {acl}
  Second: {acl}
  Pool: {{Type: AWS::Cognito::UserPool}}
  Wall:
    Type: AWS::WAFv2::WebACLAssociation
    Properties: {{WebACLArn: !GetAtt First.Arn, ResourceArn: !GetAtt Pool.Arn}}
Outputs:
  Pool: {{Value: !GetAtt Pool.Arn}}
  Second: {{Value: !GetAtt Second.Arn}}
"""
    deployed(shared, text, "walls")
    told = shared.outputs("walls")
    walls = shared.cloud.client("wafv2")
    walls.associate_web_acl(WebACLArn=told["Second"], ResourceArn=told["Pool"])
    assert walls.get_web_acl_for_resource(ResourceArn=told["Pool"])["WebACL"]["ARN"] == told["Second"]
    deployed(shared, text.replace("WebACLArn: !GetAtt First", "WebACLArn: !GetAtt Second"), "walls")
    assert walls.get_web_acl_for_resource(ResourceArn=told["Pool"])["WebACL"]["ARN"] == told["Second"]
    destroyed(shared, "walls")
    assert "WebACL" not in walls.get_web_acl_for_resource(ResourceArn=told["Pool"])


def test_a_composite_alarm_follows_its_rule(shared: Bench) -> None:
    part = """
    Type: AWS::CloudWatch::Alarm
    Properties:
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 1
      Namespace: N
      MetricName: M
      Period: 60
      Statistic: Sum
      Threshold: 1
"""
    text = f"""
Resources:
  A: {part}
  B: {part}
  Both:
    Type: AWS::CloudWatch::CompositeAlarm
    Properties: {{AlarmDescription: both, AlarmRule: !Sub 'ALARM("${{A}}") AND NOT OK(${{B.Arn}})'}}
  Above:
    Type: AWS::CloudWatch::CompositeAlarm
    Properties: {{AlarmRule: !Sub 'ALARM(${{Both}}) OR FALSE'}}
Outputs:
  Both: {{Value: !GetAtt Both.Arn}}
"""
    ids = deployed(shared, text, "composite")
    watch = shared.cloud.client("cloudwatch")

    def states() -> list[str]:
        found = watch.describe_alarms(AlarmNames=[ids["Both"], ids["Above"]], AlarmTypes=["CompositeAlarm"])
        by_name = {one["AlarmName"]: one for one in found["CompositeAlarms"]}
        assert by_name[ids["Both"]]["AlarmArn"] == shared.outputs("composite")["Both"]
        return [by_name[ids[name]]["StateValue"] for name in ("Both", "Above")]

    assert states() == ["OK", "OK"]
    for name in ("A", "B"):
        watch.set_alarm_state(AlarmName=ids[name], StateValue="ALARM", StateReason="tried")
    assert states() == ["ALARM", "ALARM"]
    deployed(shared, text.replace("AND NOT", "AND"), "composite")
    assert states() == ["OK", "OK"]
    bad = watch.put_composite_alarm
    assert refused(bad, AlarmName="x", AlarmRule="ALARM(nobody)") == "ValidationError"
    assert refused(bad, AlarmName="x", AlarmRule=f"ALARM({ids['A']}) AND") == "ValidationError"
    destroyed(shared, "composite")
    assert not watch.describe_alarms(AlarmNames=[ids["Both"]], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]


def test_a_work_group_of_queries_is_disabled_changed_and_gone_with_its_queries(shared: Bench) -> None:
    text = """
Resources:
  Group:
    Type: AWS::Athena::WorkGroup
    Properties:
      Name: up-group
      State: DISABLED
      WorkGroupConfiguration: {BytesScannedCutoffPerQuery: 10000000, ResultConfiguration: {OutputLocation: s3://a/}}
  Query:
    Type: AWS::Athena::NamedQuery
    Properties: {Database: d, QueryString: select 1, WorkGroup: !Ref Group}
"""
    ids = deployed(shared, text, "queries")
    queries = shared.cloud.client("athena")
    assert queries.get_work_group(WorkGroup="up-group")["WorkGroup"]["State"] == "DISABLED"
    deployed(shared, text.replace("DISABLED", "ENABLED").replace("s3://a/", "s3://b/"), "queries")
    group = queries.get_work_group(WorkGroup="up-group")["WorkGroup"]
    where = group["Configuration"]["ResultConfiguration"]["OutputLocation"]
    assert (group["State"], where) == ("ENABLED", "s3://b/")
    destroyed(shared, "queries")
    assert refused(queries.delete_named_query, NamedQueryId=ids["Query"]) == "InvalidRequestException"


def test_an_alias_shares_its_calls_between_versions(shared: Bench) -> None:
    text = """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: index.handler
      Role: !GetAtt Role.Arn
      ReservedConcurrentExecutions: 3
      Tags: [{Key: team, Value: a}, {Key: gone, Value: b}]
      Code: {ZipFile: "def handler(event, context): return 1"}
  One: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Fn}}
  Live:
    Type: AWS::Lambda::Alias
    Properties:
      FunctionName: !Ref Fn
      Name: live
      FunctionVersion: $LATEST
      RoutingConfig: {AdditionalVersionWeights: [{FunctionVersion: !GetAtt One.Version, FunctionWeight: 0.25}]}
"""
    ids = deployed(shared, text, "aliased")
    functions = shared.cloud.client("lambda")
    alias = functions.get_alias(FunctionName=ids["Fn"], Name="live")
    assert alias["RoutingConfig"]["AdditionalVersionWeights"] == {"1": 0.25}
    newer = text.replace("      ReservedConcurrentExecutions: 3\n", "").replace(", {Key: gone, Value: b}", "")
    deployed(shared, newer.replace("0.25", "0.5"), "aliased")
    alias = functions.get_alias(FunctionName=ids["Fn"], Name="live")
    assert alias["RoutingConfig"]["AdditionalVersionWeights"] == {"1": 0.5}
    found = functions.get_function(FunctionName=ids["Fn"])
    assert "Concurrency" not in found
    assert {key: value for key, value in found["Tags"].items() if not key.startswith("aws:")} == {"team": "a"}
    destroyed(shared, "aliased")


def test_parts_of_networks_have_their_tags_and_settings(shared: Bench) -> None:
    text = """
Resources:
  Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.8.0.0/16}}
  Names:
    Type: AWS::EC2::DHCPOptions
    Properties: {DomainName: inner.test, NtpServers: [169.254.169.123], Tags: [{Key: n, Value: dhcp}]}
  Uses: {Type: AWS::EC2::VPCDHCPOptionsAssociation, Properties: {VpcId: !Ref Net, DhcpOptionsId: !Ref Names}}
  Away: {Type: AWS::EC2::CustomerGateway, Properties: {Type: ipsec.1, BgpAsn: 65000, IpAddress: 9.9.9.9,
    Tags: [{Key: n, Value: gateway}]}}
  Out: {Type: AWS::EC2::EgressOnlyInternetGateway, Properties: {VpcId: !Ref Net, Tags: [{Key: n, Value: out}]}}
  Hub: {Type: AWS::EC2::TransitGateway}
  Line: {Type: AWS::EC2::VPNConnection, Properties: {Type: ipsec.1, CustomerGatewayId: !Ref Away,
    TransitGatewayId: !Ref Hub, StaticRoutesOnly: true, Tags: [{Key: n, Value: line}]}}
  Rules: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Net, Tags: [{Key: n, Value: rules}]}}
  Key: {Type: AWS::EC2::KeyPair, Properties: {KeyName: up-key, Tags: [{Key: n, Value: key}]}}
"""
    ids = deployed(shared, text, "parts")
    network = shared.cloud.client("ec2")
    options = network.describe_dhcp_options(DhcpOptionsIds=[ids["Names"]])["DhcpOptions"][0]
    told = {row["Key"]: [value["Value"] for value in row["Values"]] for row in options["DhcpConfigurations"]}
    assert told == {"domain-name": ["inner.test"], "ntp-servers": ["169.254.169.123"]}
    gateway = network.describe_customer_gateways(CustomerGatewayIds=[ids["Away"]])["CustomerGateways"][0]
    key = network.describe_key_pairs(KeyNames=["up-key"])["KeyPairs"][0]
    out = network.describe_egress_only_internet_gateways(EgressOnlyInternetGatewayIds=[ids["Out"]])
    line = network.describe_vpn_connections(VpnConnectionIds=[ids["Line"]])["VpnConnections"][0]

    def rules() -> Any:
        return network.describe_network_acls(NetworkAclIds=[ids["Rules"]])["NetworkAcls"][0]

    def tag(one: Any) -> str | None:
        return next((tag["Value"] for tag in one["Tags"] if tag["Key"] == "n"), None)

    found = (options, gateway, key, out["EgressOnlyInternetGateways"][0], line, rules())
    assert [tag(one) for one in found] == ["dhcp", "gateway", "key", "out", "line", "rules"]
    assert deployed(shared, text.replace("Value: rules", "Value: ruled"), "parts") == ids
    assert tag(rules()) == "ruled"
    parameter = f"/ec2/keypair/{key['KeyPairId']}"
    assert shared.cloud.client("ssm").get_parameter(Name=parameter)["Parameter"]["Type"] == "SecureString"
    destroyed(shared, "parts")
    assert refused(shared.cloud.client("ssm").get_parameter, Name=parameter) == "ParameterNotFound"


def test_the_canned_rights_of_a_bucket_are_put(shared: Bench) -> None:
    text = """
Resources:
  Logs:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: LogDeliveryWrite
      OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}
"""
    ids = deployed(shared, text, "canned")
    grants = shared.cloud.client("s3").get_bucket_acl(Bucket=ids["Logs"])["Grants"]
    assert "http://acs.amazonaws.com/groups/s3/LogDelivery" in [grant["Grantee"].get("URI") for grant in grants]
    destroyed(shared, "canned")


def test_a_user_pool_changes_in_place(shared: Bench) -> None:
    text = """
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: up-pool, Policies: {PasswordPolicy: {MinimumLength: 10}}}
  App: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool, ClientName: app}}
  Search:
    Type: AWS::OpenSearchService::Domain
    Properties: {DomainName: up-search, Tags: [{Key: n, Value: v}]}
Outputs:
  Pool: {Value: !GetAtt Pool.Arn}
"""
    first = deployed(shared, text, "pools")
    told = shared.outputs("pools")
    second = deployed(shared, text.replace("MinimumLength: 10", "MinimumLength: 14"), "pools")
    assert (first["Pool"], first["App"]) == (second["Pool"], second["App"])
    assert shared.outputs("pools") == told
    pool = shared.cloud.client("cognito-idp").describe_user_pool(UserPoolId=first["Pool"])["UserPool"]
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] == 14
    search = shared.cloud.client("opensearch")
    arn = search.describe_domain(DomainName="up-search")["DomainStatus"]["ARN"]
    assert search.list_tags(ARN=arn)["TagList"] == [{"Key": "n", "Value": "v"}]
    destroyed(shared, "pools")
    code = refused(shared.cloud.client("cognito-idp").describe_user_pool, UserPoolId=first["Pool"])
    assert code == "ResourceNotFoundException"


TAGGED = """
Resources:
  Account: {Type: AWS::IAM::User, Properties: {TAGS}}
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Allow: {}}
      VisibilityConfig: {CloudWatchMetricsEnabled: false, MetricName: m, SampledRequestsEnabled: false}
      TAGS
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: up-api, TAGS}}
  Cluster: {Type: AWS::ECS::Cluster, Properties: {TAGS}}
  Data: {Type: AWS::S3::Bucket}
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, DBInstanceClass: db.t3.micro, AllocatedStorage: "20", MasterUsername: u,
      MasterUserPassword: up-password, TAGS}
  Edge:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: o, DomainName: a.test, CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
        DefaultCacheBehavior: {TargetOriginId: o, ViewerProtocolPolicy: https-only, ForwardedValues: {QueryString: false}}
      TAGS
  Front: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: up-front, ProtocolType: HTTP, Tags: MAP}}
  Group: {Type: AWS::Logs::LogGroup, Properties: {TAGS}}
  Images: {Type: AWS::ECR::Repository, Properties: {TAGS}}
  Key: {Type: AWS::KMS::Key, Properties: {TAGS}}
  Parameter: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: v, Tags: MAP}}
  Queue: {Type: AWS::SQS::Queue, Properties: {TAGS}}
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: s, TAGS}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      TAGS
  Topic: {Type: AWS::SNS::Topic, Properties: {TAGS}}
  Trail: {Type: AWS::CloudTrail::Trail, Properties: {S3BucketName: !Ref Data, IsLogging: true, TAGS}}
Outputs:
  Acl: {Value: !GetAtt Acl.Arn}
  Cluster: {Value: !GetAtt Cluster.Arn}
  Database: {Value: !GetAtt Database.DBInstanceArn}
  Edge: {Value: !Sub "arn:aws:cloudfront::${AWS::AccountId}:distribution/${Edge}"}
  Images: {Value: !GetAtt Images.Arn}
  Table: {Value: !GetAtt Table.Arn}
  Trail: {Value: !GetAtt Trail.Arn}
"""
READ: dict[str, tuple[str, Callable[[Any, str], Any]]] = {
    "Account": ("iam", lambda c, name: c.list_user_tags(UserName=name)["Tags"]),
    "Acl": ("wafv2", lambda c, arn: c.list_tags_for_resource(ResourceARN=arn)["TagInfoForResource"]["TagList"]),
    "Api": ("apigateway", lambda c, name: c.get_rest_api(restApiId=name)["tags"]),
    "Cluster": ("ecs", lambda c, arn: c.list_tags_for_resource(resourceArn=arn)["tags"]),
    "Database": ("rds", lambda c, arn: c.list_tags_for_resource(ResourceName=arn)["TagList"]),
    "Edge": ("cloudfront", lambda c, arn: c.list_tags_for_resource(Resource=arn)["Tags"]["Items"]),
    "Front": ("apigatewayv2", lambda c, name: c.get_api(ApiId=name)["Tags"]),
    "Group": ("logs", lambda c, name: c.list_tags_log_group(logGroupName=name)["tags"]),
    "Images": ("ecr", lambda c, arn: c.list_tags_for_resource(resourceArn=arn)["tags"]),
    "Key": ("kms", lambda c, name: c.list_resource_tags(KeyId=name)["Tags"]),
    "Parameter": (
        "ssm",
        lambda c, name: c.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"],
    ),
    "Queue": ("sqs", lambda c, url: c.list_queue_tags(QueueUrl=url)["Tags"]),
    "Secret": ("secretsmanager", lambda c, arn: c.describe_secret(SecretId=arn)["Tags"]),
    "Table": ("dynamodb", lambda c, arn: c.list_tags_of_resource(ResourceArn=arn)["Tags"]),
    "Topic": ("sns", lambda c, arn: c.list_tags_for_resource(ResourceArn=arn)["Tags"]),
    "Trail": ("cloudtrail", lambda c, arn: c.list_tags(ResourceIdList=[arn])["ResourceTagList"][0]["TagsList"]),
}


def tags_of(bench: Bench, name: str, where: str) -> dict[str, str]:
    service, read = READ[name]
    found = read(bench.cloud.client(service), where)
    rows = found.items() if isinstance(found, dict) else [tuple(row.values()) for row in found]
    return {key: value for key, value in rows if not key.startswith("aws:")}


def test_tags_change_with_their_stack(shared: Bench) -> None:
    def text(tags: dict[str, str]) -> str:
        rows = json.dumps([{"Key": key, "Value": value} for key, value in tags.items()])
        return TAGGED.replace("TAGS", f"Tags: {rows}").replace("MAP", json.dumps(tags))

    before, after = {"team": "a", "old": "x"}, {"team": "b", "new": "y"}
    ids = deployed(shared, text(before), "tags")
    places = ids | shared.outputs("tags")
    assert {name: tags_of(shared, name, places[name]) for name in READ} == dict.fromkeys(READ, before)
    assert deployed(shared, text(after), "tags") == ids
    assert {name: tags_of(shared, name, places[name]) for name in READ} == dict.fromkeys(READ, after)
    destroyed(shared, "tags")


def test_a_parameter_that_is_there_already_is_not_overwritten(shared: Bench) -> None:
    parameters = shared.cloud.client("ssm")
    parameters.put_parameter(Name="up-mine", Value="mine", Type="String")
    text = "Resources:\n  P: {Type: AWS::SSM::Parameter, Properties: {Name: up-mine, Type: String, Value: theirs}}\n"
    assert "already exists" in shared.deploy(text, "taken").reason
    assert parameters.get_parameter(Name="up-mine")["Parameter"]["Value"] == "mine"
    parameters.delete_parameter(Name="up-mine")


def test_a_secret_made_without_a_value_has_none(shared: Bench) -> None:
    ids = deployed(shared, "Resources:\n  Later: {Type: AWS::SecretsManager::Secret}\n", "later")
    vault = shared.cloud.client("secretsmanager")
    assert refused(vault.get_secret_value, SecretId=ids["Later"]) == "ResourceNotFoundException"
    destroyed(shared, "later")


def test_a_group_of_roll_outs_changes_in_place(shared: Bench) -> None:
    text = """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}
  App: {Type: AWS::CodeDeploy::Application}
  Group:
    Type: AWS::CodeDeploy::DeploymentGroup
    Properties:
      ApplicationName: !Ref App
      DeploymentGroupName: up-group
      ServiceRoleArn: !GetAtt Role.Arn
      AutoRollbackConfiguration: {Enabled: true, Events: [DEPLOYMENT_FAILURE]}
"""
    ids = deployed(shared, text, "rolled")
    assert deployed(shared, text.replace("DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST"), "rolled") == ids
    found = shared.cloud.client("codedeploy").get_deployment_group(
        applicationName=ids["App"], deploymentGroupName="up-group"
    )["deploymentGroupInfo"]
    assert found["autoRollbackConfiguration"]["events"] == ["DEPLOYMENT_STOP_ON_REQUEST"]
    destroyed(shared, "rolled")


def test_a_stage_of_an_http_api_changes_in_place(shared: Bench) -> None:
    text = """
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: up-http, ProtocolType: HTTP}}
  Live:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Api
      StageName: $default
      Description: first
      DefaultRouteSettings: {ThrottlingBurstLimit: 5}
"""
    ids = deployed(shared, text, "http")
    deployed(shared, text.replace("Limit: 5", "Limit: 9"), "http")
    stage = shared.cloud.client("apigatewayv2").get_stage(ApiId=ids["Api"], StageName="$default")
    assert (stage["DefaultRouteSettings"]["ThrottlingBurstLimit"], stage["Description"]) == (9, "first")
    destroyed(shared, "http")
