"""The readers of stacks, term by term: what a name resolves to, what a text leans on, what stays and what refuses."""

from __future__ import annotations

from typing import Any

import pytest

from kit.errors import Failure
from kit.gates.stacks import CloudFormation, Terraform, leaning, naming, of_project, of_text

SUFFIX = "syntht7"


def cfn(resources: dict[str, Any] | None = None, suffix: str = "", **more: Any) -> CloudFormation:
    return CloudFormation("t", {"Resources": resources or {"A": {"Type": "AWS::SQS::Queue"}}} | more, suffix)


def one(kind: str, suffix: str = "", beside: dict[str, Any] | None = None, **properties: Any) -> CloudFormation:
    return cfn({"A": {"Type": kind, "Properties": properties} | (beside or {})}, suffix)


def tf(kind: str = "aws_sqs_queue", captured: bool = False, **body: Any) -> Terraform:
    return Terraform("t", {"resource": {kind: {"a": body}}}, SUFFIX, captured=captured)


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ("orders", False),
        ({"Ref": "EnvironmentSuffix"}, True),
        ({"Ref": "Other"}, False),
        ({"Ref": "A"}, True),
        ({"Ref": "AWS::StackName"}, True),
        ({"Ref": "AWS::AccountId"}, False),
        ({"Fn::GetAtt": ["A", "Arn"]}, True),
        ({"Fn::GetAtt": "A.Arn"}, True),
        ({"Fn::GetAtt": ["B", "Arn"]}, False),
        ({"Fn::Sub": "a-${EnvironmentSuffix}"}, True),
        ({"Fn::Sub": "a-${!EnvironmentSuffix}"}, False),
        ({"Fn::Sub": "a-${A.Name}"}, True),
        ({"Fn::Sub": "a-${AWS::Region}"}, False),
        ({"Fn::Sub": ["${x}", {"x": {"Ref": "EnvironmentSuffix"}}]}, True),
        ({"Fn::Sub": ["${x}", {"x": "fixed"}]}, False),
        ({"Fn::Join": ["-", ["a", {"Ref": "EnvironmentSuffix"}]]}, True),
        ({"Fn::Join": ["-", ["a", "b"]]}, False),
        ({"Fn::Join": ["-", {"Ref": "List"}]}, False),
        ({"Fn::If": ["C", {"Ref": "EnvironmentSuffix"}, "fixed"]}, False),
        ({"Fn::If": ["C", {"Ref": "EnvironmentSuffix"}, {"Ref": "AWS::NoValue"}]}, True),
        ({"Fn::Select": [0, {"Fn::Split": ["-", {"Ref": "EnvironmentSuffix"}]}]}, True),
        ({"Fn::Select": [0, ["a", "b"]]}, False),
        ({"Fn::FindInMap": ["a", "b", "c"]}, False),
        ({"Ref": "EnvironmentSuffix", "More": 1}, False),
        (7, False),
    ],
)
def test_what_a_name_resolves_to(value, holds):
    assert cfn().holds_suffix(value) is holds


def test_a_synthesized_name_holds_the_suffix_as_it_was_written():
    assert cfn(suffix=SUFFIX).holds_suffix(f"orders-{SUFFIX}")
    assert not cfn(suffix=SUFFIX).holds_suffix("orders")
    assert cfn(suffix=SUFFIX).holds_suffix({"Ref": "referencetoTapStackQueueRef"})
    assert not cfn().holds_suffix({"Ref": "referencetoTapStackQueueRef"})


def test_the_parameter_is_wanted_of_a_written_template_only():
    assert cfn().suffix_problem() == "Parameters/EnvironmentSuffix: missing"
    assert cfn(Parameters={"EnvironmentSuffix": {}}).suffix_problem() == ""
    assert cfn(suffix=SUFFIX).suffix_problem() == ""
    assert tf().suffix_problem() == ""


def shown(stack):
    return [(name.where, name.shown, name.holds) for name in stack.names()]


def test_names_are_told_with_their_place():
    assert shown(one("AWS::SQS::Queue", QueueName="orders")) == [("A/QueueName", "orders", False)]
    assert shown(one("AWS::SQS::Queue", QueueName={"Ref": "AWS::NoValue"})) == []
    nothing = {"Fn::If": ["C", {"Ref": "AWS::NoValue"}, {"Ref": "AWS::NoValue"}]}
    assert shown(one("AWS::SQS::Queue", QueueName=nothing)) == []
    assert shown(one("AWS::Budgets::Budget", Budget={"BudgetName": "b"})) == [("A/Budget.BudgetName", "b", False)]
    exported = cfn(Outputs={"O": {"Value": "x", "Export": {"Name": "n"}}, "P": {"Value": "y"}, "Q": 1})
    assert shown(exported) == [("Outputs/O/Export/Name", "n", False)]
    assert shown(one("AWS::SQS::Queue", QueueName="x" * 99))[0][1] == "x" * 77 + "..."
    assert shown(one("AWS::SQS::Queue", QueueName="x" * 80))[0][1] == "x" * 80


def test_the_name_that_cdk_makes_up_for_an_api_is_none():
    api = {"ApiF70053CD": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "Api"}}}
    assert shown(cfn(api, SUFFIX)) == []
    assert shown(cfn(api)) == [("ApiF70053CD/Name", "Api", False)]
    topic = {"Api12345678": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "Api"}}}
    assert shown(cfn(topic, SUFFIX)) == [("Api12345678/TopicName", "Api", False)]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("aws_lambda_function", {"lambda_function_name", "function_name", "name"}),
        ("aws_s3_bucket", {"bucket", "s3_bucket_name", "bucket_name", "name"}),
        ("aws_dms_replication_subnet_group", {"replication_subnet_group_id", "name"}),
        ("aws_rds_cluster", {"cluster_identifier"}),
    ],
)
def test_which_attributes_name_a_resource(kind, names):
    assert names <= set(naming.terraform(kind))


@pytest.mark.parametrize("kind", ["aws_iam_role_policy", "random_id"])
def test_what_no_attribute_names(kind):
    assert naming.terraform(kind) == []


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("AWS::SQS::Queue", {"QueueName", "Name"}),
        ("AWS::RDS::DBInstance", {"DBInstanceIdentifier", "DBInstanceName", "Name"}),
        ("AWS::Neptune::DBInstance", {"DBInstanceIdentifier"}),
        ("AWS::RDS::GlobalCluster", {"GlobalClusterIdentifier"}),
        ("AWS::DMS::ReplicationTask", {"ReplicationTaskIdentifier"}),
        ("AWS::IoT::TopicRule", {"RuleName"}),
        ("AWS::RDS::EventSubscription", {"SubscriptionName"}),
        ("AWS::CloudFront::KeyGroup", {"KeyGroupConfig.Name"}),
        ("AWS::SES::Template", {"Template.TemplateName"}),
    ],
)
def test_which_properties_name_a_resource(kind, names):
    assert names <= set(naming.cloudformation(kind))


@pytest.mark.parametrize("kind", ["AWS::IAM::Policy", "AWS::Logs::MetricFilter", "Custom::Thing"])
def test_what_no_property_names(kind):
    assert naming.cloudformation(kind) == []


def test_every_name_that_identifies_a_resource_is_known():
    """By the schemas of CloudFormation's own registry, for the services that tasks ask for."""
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER as SCHEMAS

    services = (
        "RDS",
        "DMS",
        "IoT",
        "Neptune",
        "DocDB",
        "ElastiCache",
        "Redshift",
        "EC2",
        "Lambda",
        "SageMaker",
        "Config",
    )
    kinds = [kind for kind in SCHEMAS.get_resource_types("us-east-1") if kind.split("::")[1] in services]
    unknown = set()
    for kind in kinds:
        schema = SCHEMAS.get_resource_schema("us-east-1", kind).schema
        named = [path.removeprefix("/properties/") for path in schema.get("primaryIdentifier", [])]
        read_only = {path.removeprefix("/properties/") for path in schema.get("readOnlyProperties", [])}
        known = naming.cloudformation(kind)
        if len(named) == 1 and named[0] not in read_only and known and named[0] not in known:
            unknown.add((kind, named[0]))
    # Identified by what they belong to, or inside something that has a name.
    assert unknown <= {
        ("AWS::Config::RemediationConfiguration", "ConfigRuleName"),
        ("AWS::EC2::GatewayRouteTableAssociation", "GatewayId"),
        ("AWS::EC2::SqlHaStandbyDetectedInstance", "InstanceId"),
        ("AWS::EC2::VPCEndpointServicePermissions", "ServiceId"),
        ("AWS::IoT::AccountAuditConfiguration", "AccountId"),
        ("AWS::IoT::Logging", "AccountId"),
        ("AWS::Lambda::ResourcePolicy", "ResourceArn"),
        ("AWS::SageMaker::Device", "Device/DeviceName"),
    }


@pytest.mark.parametrize(
    ("stack", "words"),
    [
        (one("AWS::S3::Bucket", beside={"DeletionPolicy": "Retain"}), ["A: DeletionPolicy: Retain"]),
        (one("AWS::S3::Bucket", beside={"UpdateReplacePolicy": "Snapshot"}), ["A: UpdateReplacePolicy: Snapshot"]),
        (one("AWS::S3::Bucket", beside={"DeletionPolicy": "Delete"}), []),
        (one("AWS::S3::Bucket", beside={"DeletionPolicy": {"Fn::If": ["C", "Retain", "Delete"]}}), ["Retain"]),
        (one("AWS::EC2::Instance", Devices=[{"Ebs": {"DeleteOnTermination": False}}]), ["DeleteOnTermination"]),
        (one("AWS::EC2::Instance", Devices=[{"Ebs": {"DeleteOnTermination": True}}]), []),
        (one("AWS::EC2::Volume", DeleteAutomatedBackups={"Fn::If": ["C", False, True]}), ["DeleteAutomatedBackups"]),
        (tf("aws_instance", root_block_device=[{"delete_on_termination": False}]), ["delete_on_termination"]),
        (tf("aws_x", delete_automated_backups="false"), ["delete_automated_backups"]),
        (one("AWS::RDS::DBInstance"), ["no DeletionPolicy"]),
        (one("AWS::RDS::DBInstance", DBClusterIdentifier="x"), []),
        (one("AWS::RDS::DBCluster"), ["no DeletionPolicy"]),
        (one("AWS::RDS::DBCluster", DBClusterIdentifier="x"), ["no DeletionPolicy"]),
        (one("AWS::RDS::DBCluster", beside={"DeletionPolicy": "Delete"}), []),
        (tf("aws_s3_bucket", force_destroy=False), ["force_destroy: False"]),
        (tf("aws_s3_bucket", force_destroy="false"), ["force_destroy: false"]),
        (tf("aws_s3_bucket", force_destroy=True), []),
        (tf("aws_s3_bucket"), []),
        (tf("aws_ecr_repository", force_delete=False), ["force_delete"]),
        (tf("aws_cloudfront_distribution", retain_on_delete=True), ["retain_on_delete"]),
        (tf("aws_cloudfront_distribution", retain_on_delete=False), []),
        (tf("aws_db_instance"), ["skip_final_snapshot"]),
        (tf("aws_db_instance", skip_final_snapshot="true"), []),
        (tf("aws_rds_cluster", replicate_source_db="x"), ["skip_final_snapshot"]),
        (tf("aws_elasticache_cluster", final_snapshot_identifier="x"), ["final_snapshot_identifier"]),
        (tf("aws_db_snapshot", final_snapshot_identifier="x"), []),
        (tf(lifecycle=[{"prevent_destroy": True}]), ["prevent_destroy"]),
        (tf(lifecycle={"prevent_destroy": "true"}), ["prevent_destroy"]),
        (tf(lifecycle={"prevent_destroy": False}), []),
    ],
)
def test_what_outlives_its_stack(stack, words):
    found = list(stack.outliving())
    assert len(found) == len(words)
    assert all(word in told for word, told in zip(words, found, strict=True))


@pytest.mark.parametrize(
    ("stack", "count"),
    [
        (one("AWS::DynamoDB::Table", DeletionProtectionEnabled=True), 1),
        (one("AWS::DynamoDB::Table", DeletionProtectionEnabled="true"), 1),
        (one("AWS::DynamoDB::Table", DeletionProtectionEnabled=False), 0),
        (one("AWS::DynamoDB::Table", DeletionProtectionEnabled={"Ref": "On"}), 1),
        (one("AWS::EC2::Instance", DisableApiTermination=True), 1),
        (one("AWS::S3::Bucket", ObjectLockEnabled=True), 1),
        (one("AWS::EMR::Cluster", Instances={"TerminationProtected": True}), 1),
        (one("AWS::EMR::Cluster", Instances={"TerminationProtected": False}), 0),
        (one("AWS::Backup::BackupVault", LockConfiguration={"MinRetentionDays": 7}), 1),
        (tf("aws_backup_vault_lock_configuration", backup_vault_name="x"), 1),
        (one("AWS::X::Y", Attributes=[{"Key": "deletion_protection.enabled", "Value": "true"}]), 1),
        (one("AWS::X::Y", Attributes=[{"Key": "deletion_protection.enabled", "Value": "false"}]), 0),
        (one("AWS::X::Y", Attributes=[{"Key": "other", "Value": "true"}]), 0),
        (tf(deletion_protection=True), 1),
        (tf(deletion_protection=False), 0),
        (tf(inner=[{"enable_deletion_protection": True}]), 1),
        (tf(object_lock_enabled=[]), 0),
        (tf(lifecycle={"prevent_destroy": True}), 1),
        (tf(**{"//": {"deletion_protection": True}}), 0),
    ],
)
def test_what_refuses_to_go(stack, count):
    assert len(list(stack.refusing())) == count


def test_protection_by_a_parameter_is_read_from_its_default():
    table = {"A": {"Type": "AWS::DynamoDB::Table", "Properties": {"DeletionProtectionEnabled": {"Ref": "On"}}}}
    assert list(cfn(table, Parameters={"On": {"Default": "false"}}).refusing()) == []
    assert list(cfn(table, Parameters={"On": {"Default": "true"}}).refusing())
    assert list(cfn(table, Parameters={"On": {}}).refusing()) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("arn:aws:iam::718293640516:role/x", "fixed account"),
        ("arn:aws:s3:::team", "fixed name"),
        ("arn:aws:s3:::team/*", "fixed name"),
        ("arn:<Partition>:s3:::team", "fixed name"),
        ("arn:aws:sqs:<Region>:<AccountId>:jobs", "fixed name"),
        ("arn:aws:dynamodb:<Region>:<AccountId>:table/team/index/*", "fixed name"),
        ("arn:aws:lambda:<Region>:<AccountId>:function:team:*", "fixed name"),
        ("vpc-0a1b2c3d4e5f60718", "existing resource"),
        ("sg-0a1b2c3d", "existing resource"),
        ("vpc-12345", "existing resource"),
        ("subnet-xxxxxxxx", "existing resource"),
        ("999988887777.dkr.ecr.eu-west-1.amazonaws.com/team/app:latest", "fixed account's registry"),
        ("<AccountId>.dkr.ecr.<Region>.amazonaws.com/team/app:latest", "repository that the stack does not make"),
        ("ami-0a1b2c3d", "machine image"),
        ("{{resolve:ssm:/team/x}}", "a ssm entry that the stack does not make"),
        ("{{resolve:secretsmanager:team}}", "does not make"),
    ],
)
def test_what_is_somebody_elses(text, words):
    found = list(leaning.named(text, SUFFIX))
    assert len(found) == 1 and words in found[0], found


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("FROM 999988887777.dkr.ecr.eu-west-1.amazonaws.com/app:1", "999988887777.dkr.ecr.eu-west-1.amazonaws.com/app"),
        ("FROM <AccountId>.dkr.ecr.<Region>.amazonaws.com/app:1", "<AccountId>.dkr.ecr.<Region>.amazonaws.com/app"),
        ("db-{{resolve:ssm:/team/x}}", "{{resolve:ssm:/team/x}}"),
        ("to arn:aws:s3:::team/*", "arn:aws:s3:::team/*"),
    ],
)
def test_what_is_somebody_elses_is_told_by_its_whole_name(text, named):
    assert [one.partition(": ")[0] for one in leaning.named(text, SUFFIX)] == [named]


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:lambda:eu-west-1:580247275435:layer:X:1",
        "arn:aws:s3:::*",
        "arn:aws:s3:::${Bucket}/*",
        f"arn:aws:s3:::team-{SUFFIX}/*",
        "arn:aws:s3:::<StackName>-x",
        "arn:aws:s3:::cdk-hnb659fds-assets-<AccountId>-eu-west-1/*",
        "arn:aws:iam::<AccountId>:root",
        "arn:aws:iam::<AccountId>:role/cdk-hnb659fds-deploy-role-x",
        "arn:aws:logs:<Region>:<AccountId>:log-group:/aws/lambda/*",
        "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/x",
        "arn:aws:states:::lambda:invoke",
        "vpc-main",
        "subnet-a1",
        "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.0",
        "<AccountId>.dkr.ecr.<Region>.amazonaws.com/${Repository}:latest",
        f"<AccountId>.dkr.ecr.<Region>.amazonaws.com/app-{SUFFIX}:latest",
        "ami-latest",
        "{{resolve:ssm:/aws/service/x}}",
        "{{resolve:ssm:/team/${Name}}}",
        f"{{{{resolve:ssm:/team/{SUFFIX}}}}}",
        "plain words",
    ],
)
def test_what_is_nobodys_or_the_stacks_own(text):
    assert list(leaning.named(text, SUFFIX)) == []


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("a${AWS::Region}", ["a<Region>"]),
        ({"Fn::Sub": "a-${AWS::AccountId}-${B}"}, ["a-<AccountId>-${B}"]),
        ({"Fn::Sub": ["${x}/y", {"x": "arn"}]}, ["arn/y"]),
        ({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3", {"Ref": "B"}]]}, ["arn:<Partition>:s3${B}"]),
        ({"Fn::Join": [",", {"Ref": "List"}]}, ["${}"]),
        ({"Fn::Join": ["", ["a", {"Fn::If": ["C", "x", "y"]}]]}, ["a${}", "C", "x", "y"]),
        ({"Fn::Sub": "a"}, ["a"]),
        ({"Fn::Join": ["-", ["a", 7, None]]}, ["a-${}-${}"]),
        ({"Fn::Join": ["-", ["a", {"Ref": "B", "More": "c"}]]}, ["a-${}", "B", "c"]),
        ({"Fn::GetAtt": ["A", "Arn"]}, []),
        ({"Ref": "A"}, []),
        ({"Ref": "A", "B": "c"}, ["A", "c"]),
        ({}, []),
        (["a", {"b": "c"}], ["a", "c"]),
    ],
)
def test_texts_are_put_together(value, texts):
    stack = cfn({"A": {"Type": "T", "Properties": {"X": value}}})
    assert [text for place, text in stack.texts() if place != "Resources/A/Type"] == texts


def test_what_only_describes_is_no_text():
    body = {"Description": "d", "Metadata": {"a": "b"}, "Mappings": {"M": {"k": {"v": "w"}}}}
    assert {text for _, text in cfn(**body).texts()} == {"w", "AWS::SQS::Queue"}
    resource = {"A": {"Type": "T", "Metadata": {"aws:asset:path": "p"}}}
    assert [text for _, text in cfn(resource, SUFFIX).texts()] == ["T"]
    assert [text for _, text in cfn(resource).texts()] == ["T", "p"]


def test_the_bootstrap_of_cdk_is_no_section():
    rest = {"Parameters": {"BootstrapVersion": {}, "Own": {}}, "Rules": {"R": {}}}
    assert cfn(suffix=SUFFIX, **rest).sections() == {"Parameters": {"Own": {}}}
    assert cfn(suffix=SUFFIX, Parameters={"BootstrapVersion": {}}).sections() == {}
    assert cfn(**rest).sections() == rest


def test_the_properties_that_are_compared():
    beside = {"Metadata": {"a": 1}, "DeletionPolicy": "Delete"}
    written = one("AWS::S3::Bucket", beside=beside, X=1)
    assert written.properties(written.resources["A"]) == {"Type": "AWS::S3::Bucket", "X": 1} | beside
    made = one("AWS::S3::Bucket", SUFFIX, beside, X=1)
    assert "Metadata" not in made.properties(made.resources["A"])
    stack = tf(policy='{"a": 1}', odd="{x", block=[{"b": [{"c": 1}]}], many=[{"d": 1}, {"d": 2}], **{"//": 1})
    assert stack.properties(stack.resources["aws_sqs_queue.a"]) == {
        "policy": {"a": 1},
        "odd": "{x",
        "block": {"b": {"c": 1}},
        "many": [{"d": 1}, {"d": 2}],
    }


def test_the_sections_of_a_configuration():
    body = {
        "resource": {},
        "terraform": {"backend": {}},
        "//": {},
        "provider": {"aws": [{"region": "x", "//": 1}]},
        "output": {"O": {"value": 1, "sensitive": True}},
    }
    assert Terraform("t", body, SUFFIX).sections() == {"provider": {"aws": [{"region": "x"}]}, "output": {"O": 1}}


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("bucket", "team", True),
        ("bucket", f"own-{SUFFIX}", False),
        ("bucket", "${aws_s3_bucket.b.id}", False),
        ("bucket", "", False),
        ("bucket", "default", False),
        ("roles", ["team"], True),
        ("roles", ["${aws_iam_role.r.name}"], False),
        ("zone_id", "Z2FDTNDATAQYW2", False),
        ("topic", "arn:aws:sns:eu-west-1:${data.aws_caller_identity.me.account_id}:x-*", False),
        ("colour", "team", False),
    ],
)
def test_fixed_words_where_a_resource_belongs(key, value, found):
    assert bool(list(tf("aws_thing", **{key: value}).foreign())) is found


def test_the_explicit_name_of_an_own_resource_is_own():
    body = {
        "resource": {"aws_s3_bucket": {"b": {"bucket": "fixed"}}, "aws_s3_bucket_policy": {"p": {"bucket": "fixed"}}}
    }
    assert list(Terraform("t", body, SUFFIX).foreign()) == []


def test_other_providers_lean_on_nothing():
    assert list(tf("random_id", bucket="team").foreign()) == []


def test_only_a_capture_answers_for_the_account():
    text = "arn:aws:iam::123456789012:role/x"
    assert "fixed account" in next(iter(tf(policy=text).foreign()))
    assert "fixed name" in next(iter(tf(policy=text, captured=True).foreign()))
    assert list(tf(policy=text.replace("role/x", "root"), captured=True).foreign()) == []


@pytest.mark.parametrize(
    ("stack", "places"),
    [
        (one("AWS::RDS::DBInstance", MasterUserPassword="x"), ["Resources/A/MasterUserPassword"]),
        (one("AWS::RDS::DBInstance", MasterUserPassword={"Ref": "P"}), []),
        (cfn(Parameters={"DbPassword": {"Default": "x"}}), ["Parameters/DbPassword/Default"]),
        (cfn(Parameters={"Other": {"Default": "x", "NoEcho": True}}), ["Parameters/Other/Default"]),
        (cfn(Parameters={"Other": {"Default": "x"}}), []),
        (cfn(Parameters={"DbPassword": {"NoEcho": True}}), []),
        (tf(password="x"), ["aws_sqs_queue.a/password"]),
        (tf(master_password="x"), ["aws_sqs_queue.a/master_password"]),
        (tf(inner=[{"auth_token": "x"}]), ["aws_sqs_queue.a/inner/0/auth_token"]),
        (tf(password_length="x"), []),
        (tf(password=7), []),
    ],
)
def test_where_secrets_may_stand(stack, places):
    assert [place for place, _ in stack.secrets()] == places


def test_secrets_in_variables():
    def places(**variable: Any) -> list[str]:
        body = {"resource": {}, "variable": {"v" if "name" not in variable else variable.pop("name"): variable}}
        return [place for place, _ in Terraform("t", body, SUFFIX).secrets()]

    assert places(default="x", sensitive=True) == ["variable/v/default"]
    assert places(default="x") == []
    assert places(sensitive=True) == []
    assert places(name="api_key", default="x") == ["variable/api_key/default"]


def test_a_project_without_a_stack_is_refused(tmp_path):
    for platform, words in (
        ("cfn", "lib/TapStack.yml"),
        ("cdk", "cdk.out"),
        ("cdktf", "cdktf.out"),
        ("pulumi", "pulumi.out"),
    ):
        with pytest.raises(Failure, match=words):
            of_project(tmp_path, platform, SUFFIX)


@pytest.mark.parametrize("text", ["[]", "{}", '{"resource": {}}', '{"resource": []}', "{"])
def test_a_configuration_without_resources_is_refused(tmp_path, text):
    (tmp_path / "pulumi.out").mkdir()
    (tmp_path / "pulumi.out" / "stack.tf.json").write_text(text)
    with pytest.raises(Failure):
        of_project(tmp_path, "pulumi", SUFFIX)


def test_a_written_template_is_read_from_its_text():
    stack = of_text("t.yml", "Resources:\n  A:\n    Type: AWS::SQS::Queue\n")
    assert [(address, one.kind) for address, one in stack.resources.items()] == [("A", "AWS::SQS::Queue")]
    assert (stack.path, stack.suffix, stack.format) == ("t.yml", "", "types")


@pytest.mark.parametrize(
    ("stack", "words"),
    [
        (one("AWS::Lambda::Function", Code={"S3Bucket": "builds"}), "bucket builds"),
        (one("AWS::Serverless::Function", CodeUri={"Bucket": "builds"}), "bucket builds"),
        (one("AWS::Lambda::LayerVersion", Content={"S3Bucket": "builds"}), "bucket builds"),
        (one("AWS::Lambda::Function", Code={"S3Bucket": {"Ref": "A"}}), ""),
        (one("AWS::Lambda::Function", Code={"ZipFile": "x"}), ""),
        (one("AWS::Lambda::Function", Code="x"), ""),
        (one("AWS::CloudFormation::Stack", TemplateURL="https://x/y"), "TemplateURL"),
        (one("AWS::CloudFormation::Stack", TemplateURL={"Ref": "A"}), ""),
        (one("AWS::EC2::Instance", KeyName="admin"), "KeyName admin"),
        (one("AWS::EC2::KeyPair", KeyName="admin"), ""),
        (one("AWS::EC2::LaunchTemplate", LaunchTemplateData={"KeyName": "admin"}), "KeyName admin"),
        (one("AWS::EC2::Instance", KeyName={"Ref": "A"}), ""),
        (one("AWS::Route53::RecordSet", HostedZoneId="Z0123456789ABC"), "existing zone"),
        (one("AWS::Route53::RecordSet", HostedZoneId="Z2FDTNDATAQYW2"), ""),
        (one("AWS::Route53::RecordSet", HostedZoneId="zone"), ""),
        (cfn(Parameters={"V": {"Type": "AWS::EC2::VPC::Id"}}), "existing resource"),
        (cfn(Parameters={"V": {"Type": "List<AWS::EC2::Subnet::Id>"}}), "existing resource"),
        (cfn(Parameters={"V": {"Type": "AWS::EC2::Image::Id"}}), ""),
        (cfn(Parameters={"V": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/x"}}), "existing parameter"),
        (cfn(Parameters={"V": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/aws/service/x"}}), ""),
        (cfn(Parameters={"V": {"Type": "String", "Default": "/x"}}), ""),
        (one("T", X={"Fn::ImportValue": "x"}), "Fn::ImportValue"),
        (one("AWS::S3::BucketPolicy", Bucket="team-data"), "Bucket: team-data"),
        (one("AWS::S3::BucketPolicy", Bucket={"Ref": "A"}), ""),
        (one("AWS::S3::BucketPolicy", SUFFIX, Bucket=f"data-{SUFFIX}"), ""),
        (one("AWS::IAM::InstanceProfile", Roles=["OrgAdmin"]), "Roles: OrgAdmin"),
        (one("AWS::IAM::InstanceProfile", Roles=[{"Ref": "A"}]), ""),
        (one("AWS::Route53::RecordSet", HostedZoneName="shop.example.com."), "HostedZoneName"),
        (one("AWS::Events::Rule", EventBusName="company"), "EventBusName: company"),
        (one("AWS::Events::Rule", EventBusName="default"), ""),
        (one("AWS::Events::EventBus", Name="company"), ""),
        (one("AWS::Lambda::Function", FunctionName="worker"), ""),
        (one("AWS::Lambda::Permission", FunctionName="worker"), "FunctionName: worker"),
        (one("AWS::Lambda::Permission", FunctionName=""), ""),
        (one("AWS::X::Y", SecretId="{{resolve:ssm:/aws/service/x}}"), ""),
        (one("Custom::Thing", Bucket="team-data"), ""),
        (
            cfn(
                {
                    "F": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "f"}},
                    "P": {"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": "f"}},
                }
            ),
            "",
        ),
    ],
)
def test_what_a_template_leans_on(stack, words):
    found = list(stack.foreign())
    assert len(found) == bool(words)
    assert not words or words in found[0]


@pytest.mark.parametrize(
    ("platform", "path", "text", "stack"),
    [
        ("cfn", "lib/TapStack.yml", "Resources: {A: {Type: T}}\n", ("types", "")),
        ("cfn", "lib/TapStack.json", '{"Resources": {"A": {"Type": "T"}}}', ("types", "")),
        ("cdk", "cdk.out/A.template.json", '{"Resources": {"A": {"Type": "T"}}}', ("types", SUFFIX)),
        ("cdk", "cdk.out/assembly-B/C.template.json", '{"Resources": {"A": {"Type": "T"}}}', ("types", SUFFIX)),
        ("cdktf", "cdktf.out/stacks/A/cdk.tf.json", '{"resource": {"t": {"A": {}}}}', ("terraform", SUFFIX)),
        ("pulumi", "pulumi.out/stack.tf.json", '{"resource": {"t": {"A": {}}}}', ("terraform", SUFFIX)),
    ],
)
def test_each_platform_has_its_stacks(tmp_path, platform, path, text, stack):
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(text)
    [found] = of_project(tmp_path, platform, SUFFIX)
    assert (found.path, (found.format, found.suffix)) == (path, stack)
    assert getattr(found, "captured", platform == "pulumi") is (platform == "pulumi")


def test_templates_among_the_assets_are_no_stacks(tmp_path):
    path = tmp_path / "cdk.out" / "asset.abc" / "A.template.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"Resources": {"A": {"Type": "T"}}}')
    with pytest.raises(Failure):
        of_project(tmp_path, "cdk", SUFFIX)


@pytest.mark.parametrize(
    ("stack", "made"),
    [
        (one("AWS::SQS::Queue"), 1),
        (cfn({"A": {"Type": "AWS::SQS::Queue", "Condition": "C"}}, Conditions={"C": {"Fn::Equals": ["a", "b"]}}), 0),
        (cfn({"A": {"Type": "AWS::SQS::Queue", "Condition": "C"}}, Conditions={"C": {"Fn::Equals": ["a", "a"]}}), 1),
        (tf("aws_sqs_queue"), 1),
        (tf("aws_sqs_queue", count=0), 0),
        (tf("aws_sqs_queue", count=1), 1),
        (tf("aws_sqs_queue", for_each={}), 0),
        (tf("aws_sqs_queue", for_each={"a": "b"}), 1),
    ],
)
def test_what_a_deployment_makes(stack, made):
    assert len(stack.made()) == made


OWN, HERS = "${aws_vpc.main.id}", "${data.aws_vpc.hers.id}"


@pytest.mark.parametrize(
    ("kind", "body", "may"),
    [
        ("aws_region", {}, True),
        ("aws_vpc", {"id": "x"}, False),
        ("aws_subnets", {"filter": [{"name": "vpc-id", "values": [OWN]}]}, True),
        ("aws_subnets", {"filter": [{"name": "vpc-id", "values": [HERS]}]}, False),
        ("aws_ssm_parameter", {"name": "/aws/service/x"}, True),
        ("aws_ssm_parameter", {"name": "/team/x"}, False),
        ("aws_ssm_parameter", {"name": "${aws_ssm_parameter.own.name}"}, True),
        ("aws_ssm_parameter", {"name": "alias/aws/x"}, False),
        ("aws_kms_alias", {"name": "alias/aws/s3"}, True),
        ("aws_kms_alias", {"name": "alias/team"}, False),
        ("aws_iam_policy", {"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, True),
        ("aws_vpc_endpoint_service", {"service_name": "com.amazonaws.eu-west-1.s3"}, True),
        ("terraform_remote_state", {"backend": OWN}, False),
    ],
)
def test_what_a_configuration_may_ask_for(kind, body, may):
    stack = Terraform("t", {"resource": {"aws_vpc": {"main": {}}}, "data": {kind: {"d": body}}}, SUFFIX)
    asked = [told for told in stack.foreign() if told.startswith(f"data.{kind}.d: asks for")]
    assert bool(asked) is not may


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        ("aws_default_vpc", True),
        ("aws_default_subnet", True),
        ("aws_default_security_group", False),
        ("aws_vpc", False),
    ],
)
def test_what_every_account_has_may_not_be_taken_over(kind, taken):
    assert bool(list(tf(kind).foreign())) is taken


def test_a_replica_leaves_no_snapshot_of_its_own():
    assert list(tf("aws_db_instance", replicate_source_db="x").outliving()) == []


def test_long_names_are_cut_where_they_are_shown():
    [name, *_] = tf("aws_sqs_queue", name="q" * 90).names()
    assert name.shown == "q" * 80
    assert list(tf("aws_sqs_queue", name="").names()) == []
    assert list(tf("aws_sqs_queue", name=7).names()) == []


def test_a_configuration_is_no_capture_unless_it_says_so():
    body = {"resource": {"aws_iam_policy": {"a": {"policy": "arn:aws:iam::123456789012:root"}}}}
    assert list(Terraform("t", body, SUFFIX).foreign())


def test_what_is_no_resource_is_passed_over():
    assert list(Terraform("t", {"resource": {"aws_x": {"a": {}, "//": "note"}}}, SUFFIX).resources) == ["aws_x.a"]


def test_lists_are_looked_through_for_fixed_words():
    found = list(tf("aws_thing", roles=[7, f"own-{SUFFIX}", "team"]).foreign())
    assert [one for one in found if "which the stack does not make" in one] == [
        "aws_thing.a/roles: team: which the stack does not make"
    ]
    assert list(tf("aws_lambda_function", function_name="x").foreign()) == []
