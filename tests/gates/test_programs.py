"""The gates on stacks that are programs: what cdk, cdktf and pulumi synthesize is read as strictly as a template."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from clean_programs import CDK_OUT, CDKTF_OUT, PULUMI_OUT, SAMPLES, SUFFIX
from clean_run import LIVE, UNITS, Bench, build, copied

from kit.agents import ideal
from kit.gates import before_pr, decide
from kit.ladder import products
from kit.run.receipts import read_all

OUT = {"cdk": CDK_OUT, "cdktf": CDKTF_OUT, "pulumi": PULUMI_OUT}


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The clean run of each platform, made once."""
    folder = tmp_path_factory.mktemp("programs")
    return {name: build(folder / name, sample).repo for name, sample in SAMPLES.items()}


@pytest.fixture
def workshop(programs: dict[str, Path], tmp_path: Path):  # type: ignore[no-untyped-def]
    """A copy of a platform's clean run: workshop("cdk")."""
    return lambda name: copied(programs[name], tmp_path / name)


def synthesized(bench: Bench, path: str, change: dict[str, Any]) -> None:
    """Let synth have left `change` as well, and everything derived follow."""
    value = json.loads((bench.root / path).read_text())
    _merge(value, change)
    bench.write(path, json.dumps(value, indent=1))
    bench.seal()


def _merge(value: dict[str, Any], change: dict[str, Any]) -> None:
    for key, inner in change.items():
        if isinstance(inner, dict) and isinstance(value.get(key), dict):
            _merge(value[key], inner)
        else:
            value[key] = inner


@pytest.mark.parametrize("name", SAMPLES)
def test_the_clean_run_passes(workshop, name):
    bench = workshop(name)
    assert {one.name: one.reason for one in before_pr(bench.run) if not one.passed} == {}
    value = decide(bench.run)
    assert (value["decision"], value["minimal"]) == ("complete", True)
    assert value["gap"]["categories"] == {"security": 1, "style": 1}


def cdk(kind: str, body: dict[str, Any] | None = None, **beside: Any) -> dict[str, Any]:
    return {"Resources": {"Extra12345678": {"Type": kind, "Properties": body or {}} | beside}}


def tf(kind: str, **body: Any) -> dict[str, Any]:
    return {"resource": {kind: {"extra": body}}}


ARN = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::shared-data/*"]]}
POLICY = {"PolicyDocument": {"Statement": [{"Resource": ARN}]}}
DATABASE = {"identifier": f"db-{SUFFIX}", "engine": "postgres"}

CASES = [
    ("environment-suffix", "cdk", cdk("AWS::SNS::Topic", {"TopicName": "alerts"}), "TopicName"),
    ("environment-suffix", "cdk", {"Outputs": {"QueueUrl": {"Export": {"Name": "orders"}}}}, "Export"),
    ("environment-suffix", "tf", tf("aws_lambda_function", function_name="orders"), "function_name"),
    ("environment-suffix", "tf", tf("aws_sns_topic", name="alerts-${data.aws_caller_identity.me.account_id}"), "alerts-"),
    ("environment-suffix", "tf", tf("aws_s3_bucket", bucket="fixed"), "aws_s3_bucket.extra/bucket"),
    ("no-retain", "cdk", cdk("AWS::S3::Bucket", DeletionPolicy="Retain"), "Retain"),
    ("no-retain", "cdk", cdk("AWS::RDS::DBCluster"), "Snapshot"),
    ("no-retain", "tf", tf("aws_s3_bucket", force_destroy=False), "force_destroy: False"),
    ("no-retain", "tf", tf("aws_db_instance", **DATABASE), "skip_final_snapshot"),
    ("no-retain", "tf", tf("aws_rds_cluster", skip_final_snapshot=False, final_snapshot_identifier="x"), "skip_final_snapshot"),
    ("no-retain", "tf", tf("aws_cloudwatch_log_group", skip_destroy=True), "skip_destroy"),
    ("no-retain", "tf", tf("aws_elasticache_cluster", final_snapshot_identifier="x"), "final_snapshot_identifier"),
    ("no-deletion-protection", "cdk", cdk("AWS::RDS::DBInstance", {"DeletionProtection": True}, DeletionPolicy="Delete"), "DeletionProtection"),
    ("no-deletion-protection", "tf", tf("aws_dynamodb_table", deletion_protection_enabled=True), "deletion_protection_enabled"),
    ("no-deletion-protection", "tf", tf("aws_lb", enable_deletion_protection=True), "enable_deletion_protection"),
    ("no-deletion-protection", "tf", tf("aws_cognito_user_pool", deletion_protection="ACTIVE"), "ACTIVE"),
    ("no-deletion-protection", "tf", tf("aws_instance", disable_api_termination="${var.on}"), "disable_api_termination"),
    ("own-resources", "cdk", cdk("AWS::IAM::ManagedPolicy", POLICY), "s3:::shared-data"),
    ("own-resources", "cdk", cdk("AWS::EC2::Instance", {"ImageId": "ami-0abcdef1234567890"}), "machine image"),
    ("own-resources", "cdk", {"Parameters": {"P": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/team/x"}}}, "Parameters/P"),
    ("own-resources", "tf", {"data": {"aws_vpc": {"shared": {"id": "vpc-0a1b2c3d4e5f60718"}}}}, "data.aws_vpc.shared"),
    ("own-resources", "tf", {"data": {"aws_s3_bucket": {"shared": {"bucket": "team"}}}}, "data.aws_s3_bucket.shared"),
    ("own-resources", "tf", {"data": {"terraform_remote_state": {"net": {"backend": "s3"}}}}, "data.terraform_remote_state.net"),
    ("own-resources", "tf", {"data": {"aws_ssm_parameter": {"x": {"name": "/team/x"}}}}, "data.aws_ssm_parameter.x"),
    ("own-resources", "tf", tf("aws_instance", ami="ami-0abcdef1234567890"), "machine image"),
    ("own-resources", "tf", tf("aws_security_group", vpc_id="vpc-0a1b2c3d4e5f60718"), "vpc-0a1b2c3d4e5f60718"),
    ("own-resources", "tf", tf("aws_s3_bucket_policy", bucket="team-data"), "team-data"),
    ("own-resources", "tf", tf("aws_iam_role_policy_attachment", role="admin"), "admin"),
    ("own-resources", "tf", tf("aws_default_vpc"), "aws_default_vpc.extra"),
    ("own-resources", "tf", tf("aws_iam_policy", policy='{"Resource": "arn:aws:sqs:eu-west-1:444455556666:jobs"}'), "444455556666"),
    ("own-resources", "tf", tf("aws_iam_policy", policy='{"Resource": "arn:aws:s3:::team-${data.aws_caller_identity.me.account_id}/*"}'), "arn:aws:s3:::team-"),
    ("region", "cdk", cdk("AWS::SQS::Queue", {"Tags": [{"Key": "home", "Value": "us-west-2"}]}), "us-west-2"),
    ("region", "tf", {"provider": {"aws": [{"region": "us-west-2"}]}}, "us-west-2"),
    ("secrets", "cdk", cdk("AWS::RDS::DBInstance", {"MasterUserPassword": "Sommer2024"}, DeletionPolicy="Delete"), "MasterUserPassword"),
    ("secrets", "tf", tf("aws_db_instance", password="Sommer2024", skip_final_snapshot=True, **DATABASE), "aws_db_instance.extra/password"),
    ("secrets", "tf", tf("aws_secretsmanager_secret_version", secret_string="Sommer2024"), "secret_string"),
    ("secrets", "tf", {"variable": {"db_password": {"default": "Sommer2024"}}}, "variable/db_password"),
]  # fmt: skip
EACH = [
    (gate, platform, change, words)
    for gate, family, change, words in CASES
    for platform in (("cdktf", "pulumi") if family == "tf" else ("cdk",))
    # A Pulumi program asks for nothing when it is captured, and has no variables.
    if platform != "pulumi" or not {"data", "variable"} & set(change)
]


@pytest.mark.parametrize(
    ("gate", "platform", "change", "words"),
    [pytest.param(*one, id=f"{one[0]}: {one[1]}: {one[3]}") for one in EACH],
)
def test_what_synth_left_is_judged(workshop, gate, platform, change, words):
    bench = workshop(platform)
    synthesized(bench, OUT[platform], change)
    result = bench.ask(gate)
    assert not result.passed
    assert any(words in problem for problem in result.problems), result.problems


def test_what_may_not_be_destroyed_is_named_twice(workshop):
    bench = workshop("cdktf")
    synthesized(bench, CDKTF_OUT, tf("aws_sqs_queue", lifecycle={"prevent_destroy": True}))
    assert bench.failing() == {"no-retain", "no-deletion-protection"}


@pytest.mark.parametrize("platform", SAMPLES)
def test_a_service_that_was_asked_for_has_to_be_there(workshop, platform):
    bench = workshop(platform)
    bench.write("lib/PROMPT.md", "Orders go to SQS, S3 and DynamoDB, and an SNS topic tells of them.\n")
    assert bench.failing() == {"required-services"}
    more = cdk("AWS::SNS::Topic") if platform == "cdk" else tf("aws_sns_topic")
    synthesized(bench, OUT[platform], more)
    assert bench.failing() == set()


PASS = [
    ("own-resources", tf("aws_subnet", vpc_id="${aws_vpc.main.id}", availability_zone="${data.aws_availability_zones.zones.names[0]}")),
    ("own-resources", tf("aws_iam_role_policy_attachment", role=f"orders-{SUFFIX}", policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess")),
    ("own-resources", tf("aws_iam_policy", policy='{"Resource": "arn:aws:logs:eu-west-1:${data.aws_caller_identity.me.account_id}:log-group:/aws/lambda/*"}')),
    ("own-resources", tf("aws_s3_bucket_notification", bucket=f"invoices-{SUFFIX}")),
    ("own-resources", {"data": {"aws_subnets": {"own": {"filter": [{"name": "vpc-id", "values": ["${aws_vpc.main.id}"]}]}}}}),
    ("own-resources", {"data": {"aws_ami": {"al": {"owners": ["amazon"]}}, "aws_region": {"here": {}}}}),
    ("own-resources", {"data": {"aws_ssm_parameter": {"al": {"name": "/aws/service/ami-amazon-linux-latest/al2023"}}}}),
    ("own-resources", {"data": {"aws_cloudfront_cache_policy": {"c": {"name": "Managed-CachingOptimized"}}}}),
    ("environment-suffix", tf("aws_iam_role_policy", name="inline")),
    ("environment-suffix", tf("aws_sns_topic", name_prefix="alerts-")),
    ("environment-suffix", tf("random_password", name="x")),
    ("environment-suffix", tf("aws_sns_topic", name="alerts-${random_id.own.hex}")),
    ("no-retain", tf("aws_db_instance", skip_final_snapshot=True)),
    ("no-retain", tf("aws_db_instance", replicate_source_db="${aws_db_instance.main.identifier}")),
    ("no-retain", tf("aws_s3_bucket", lifecycle={"create_before_destroy": True})),
    ("no-deletion-protection", tf("aws_db_instance", deletion_protection=False, skip_final_snapshot=True)),
    ("no-deletion-protection", tf("aws_cognito_user_pool", deletion_protection="INACTIVE")),
    ("secrets", tf("aws_db_instance", password="${random_password.own.result}")),
]  # fmt: skip


@pytest.mark.parametrize(("gate", "change"), PASS, ids=[f"{one[0]} {number}" for number, one in enumerate(PASS)])
def test_what_a_configuration_may_hold(workshop, gate, change):
    bench = workshop("cdktf")
    synthesized(bench, CDKTF_OUT, change)
    result = bench.ask(gate)
    assert result.passed, result.problems


def test_what_the_capture_answered_is_the_own_account(workshop):
    bench = workshop("pulumi")
    own = tf("aws_iam_policy", policy='{"Resource": "arn:aws:iam::123456789012:root"}')
    synthesized(bench, PULUMI_OUT, own | {"output": {"Image": {"value": "ami-12c6146b"}}})
    assert bench.ask("own-resources").passed


CODE = [
    ("cdk", "own-resources", "lib/tap-stack.ts", "new s3.Bucket(", "s3.Bucket.fromBucketName(this, 'Shared', 'team-data');\n    new s3.Bucket(", "fromBucketName"),
    ("cdk", "own-resources", "lib/tap-stack.ts", "new s3.Bucket(", "ec2.Vpc.fromLookup(this, 'V', { isDefault: true });\n    new s3.Bucket(", "fromLookup"),
    ("cdk", "no-retain", "lib/tap-stack.ts", "RemovalPolicy.DESTROY,\n    });", "RemovalPolicy.RETAIN,\n    });", "RemovalPolicy.RETAIN"),
    ("cdk", "no-deletion-protection", "lib/tap-stack.ts", "super(scope, id, props)", "super(scope, id, { ...props, terminationProtection: true })", "terminationProtection"),
    ("cdk", "region", "lib/tap-stack.ts", "const suffix", "const home = 'us-west-2';\n    const suffix", "us-west-2"),
    ("cdk", "platform-language", "lib/tap-stack.ts", "import * as sqs", "import * as aws from '@pulumi/aws';\nimport * as sqs", "pulumi"),
    ("cdktf", "platform-language", "lib/tap_stack.py", "from cdktf import", "import aws_cdk\nfrom cdktf import", "is written for cdk"),
    ("cdktf", "own-resources", "lib/tap_stack.py", "        orders =", "        DataTerraformRemoteStateS3(self, 'net')\n        orders =", "belongs to another stack"),
    ("pulumi", "no-retain", "lib/tap-stack.ts", "}, { parent: this });\n    new", "}, { parent: this, retainOnDelete: true });\n    new", "retainOnDelete"),
    ("pulumi", "no-deletion-protection", "lib/tap-stack.ts", "}, { parent: this });\n    new", "}, { parent: this, protect: true });\n    new", "protect: true"),
    ("cdk", "no-retain", "lib/tap-stack.ts", "RemovalPolicy.DESTROY,\n    });", "RemovalPolicy[suffix === 'prod' ? 'RETAIN' : 'DESTROY'],\n    });", "RETAIN"),
    ("cdk", "no-retain", "lib/tap-stack.ts", "const suffix", "bucket.cfnOptions.deletionPolicy = cdk.CfnDeletionPolicy.RETAIN;\n    const suffix", "DeletionPolicy.RETAIN"),
    ("cdk", "no-deletion-protection", "lib/tap-stack.ts", "const suffix", "this.terminationProtection = true;\n    const suffix", "terminationProtection = true"),
    ("cdk", "no-deletion-protection", "lib/tap-stack.ts", "super(scope, id, props)", "super(scope, id, { ...props, terminationProtection: id === 'prod' })", "terminationProtection"),
    ("cdk", "environment-suffix", "lib/tap-stack.ts", "`orders-${suffix}`", f"'orders-{SUFFIX}'", "typed by hand"),
    ("cdktf", "environment-suffix", "lib/tap_stack.py", 'f"orders-{environment_suffix}"', f'"orders-{SUFFIX}"', "typed by hand"),
    ("cdk", "own-resources", "lib/tap-stack.ts", "    const suffix", "    const shared = 'team-data';\n    s3.Bucket.fromBucketName(this, 'B', shared);\n    const suffix", "team-data"),
    ("cdk", "own-resources", "lib/tap-stack.ts", "    const suffix", "    dynamodb.Table.fromTableAttributes(this, 'T', { tableName: 'team' });\n    const suffix", "fromTableAttributes"),
    ("cdk", "own-resources", "lib/tap-stack.ts", "    const suffix", "    ssm.StringParameter.valueFromLookup(this, '/team/vpc');\n    const suffix", "valueFromLookup"),
    ("pulumi", "no-retain", "lib/tap-stack.ts", "}, { parent: this });\n    new", "}, { parent: this, retainOnDelete: suffix === 'prod' });\n    new", "retainOnDelete"),
    ("pulumi", "no-deletion-protection", "lib/tap-stack.ts", "}, { parent: this });\n    new", "}, { parent: this, protect });\n    new", "protect"),
    ("pulumi", "own-resources", "lib/tap-stack.ts", "    const suffix", "    aws.s3.Bucket.get('shared', 'team-data');\n    const suffix", "belongs to another stack"),
    ("pulumi", "own-resources", "lib/tap-stack.ts", "    const suffix", "    new pulumi.StackReference('net');\n    const suffix", "StackReference"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("platform", "gate", "path", "old", "new", "words"), CODE, ids=[f"{one[1]}: {one[0]}: {one[5]}" for one in CODE]
)
def test_programs_are_judged_by_their_code_too(workshop, platform, gate, path, old, new, words):
    bench = workshop(platform)
    bench.edit(path, old, new)
    bench.seal()
    result = bench.ask(gate)
    assert any(words in problem for problem in result.problems), result.problems


@pytest.mark.parametrize("platform", SAMPLES)
def test_what_synth_did_not_leave_is_not_believed(workshop, platform):
    bench = workshop(platform)
    path = bench.root / OUT[platform]
    path.write_text(path.read_text() + "\n")
    assert {"environment-suffix", "no-retain", "own-resources", "region"} <= bench.failing()
    assert "make stage STAGE=synth" not in bench.ask("no-retain").reason
    path.unlink()
    assert not bench.ask("no-retain").passed


def test_a_stack_without_a_receipt_of_synth_is_not_believed(workshop):
    bench = workshop("cdk")
    for path in bench.run.receipts.glob("*-synth.json"):
        path.unlink()
    assert "no passed synth" in bench.ask("no-retain").reason


def test_a_receipt_without_a_hash_is_not_believed(workshop):
    bench = workshop("cdk")
    bench.receipt("synth", figures={})
    assert "is not what" in bench.ask("no-retain").reason


@pytest.mark.parametrize(
    ("platform", "name", "text", "words"),
    [
        ("cdk", "lib/stack.py", "import aws_cdk\n", "the task asks for ts"),
        ("cdk", "lib/handlers/more.py", "import aws_cdk\n", "the task asks for ts"),
        ("cdk", "lib/template.yml", "AWSTemplateFormatVersion: '2010-09-09'\n", "written by hand"),
        ("cdktf", "lib/deep/main.tf", "resource {}\n", "Terraform's own language"),
        ("cdktf", "lib/more.tf.json", '{"resource": {}}\n', "Terraform's own language"),
        ("cdk", "lib/impl.js", "const cdk = require('aws-cdk-lib');\n", "the task asks for ts"),
        ("cdk", "lib/base.yaml", "Resources:\n  T:\n    Type: AWS::SNS::Topic\n", "written by hand"),
        ("pulumi", "lib/Pulumi.yaml", "runtime: yaml\n", "written by hand"),
    ],
)
def test_another_language_is_refused(workshop, platform, name, text, words):
    bench = workshop(platform)
    bench.write(name, text)
    bench.seal()
    result = bench.ask("platform-language")
    assert any(words in problem for problem in result.problems), result.problems


def test_a_stack_that_does_not_use_its_platform_is_refused(workshop):
    bench = workshop("cdk")
    bench.write("lib/tap-stack.ts", "export const nothing = 1;\n")
    bench.seal()
    assert "no .ts file below lib/ uses cdk" in bench.ask("platform-language").reason


@pytest.mark.parametrize("name", ["lib/lambda/a.py", "lib/handlers/orders/index.py"])
def test_functions_may_be_written_in_another_language(workshop, name):
    bench = workshop("cdk")
    bench.write(name, "def handler(event, context):\n    return event\n")
    bench.seal()
    assert bench.ask("platform-language").passed


@pytest.mark.parametrize(
    ("call", "passed"),
    [
        ("s3.Bucket.fromBucketName(this, 'B', 'team-data')", False),
        ("s3.Bucket.fromBucketName(this, 'B', `team-${suffix}`)", True),
        ("s3.Bucket.fromBucketName(this, 'B', props.name)", True),
        ("secrets.Secret.fromSecretNameV2(this, 'S', 'prod/db')", False),
        ("kms.Alias.fromAliasName(this, 'A', 'alias/aws/s3')", True),
        ("iam.ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess')", True),
        ("iam.ManagedPolicy.fromManagedPolicyName(this, 'P', 'AmazonSSMManagedInstanceCore')", True),
        ("lambda.LayerVersion.fromLayerVersionArn(this, 'L', 'arn:aws:lambda:eu-west-1:580247275435:layer:X:1')", True),
        (
            "lambda.LayerVersion.fromLayerVersionArn(this, 'L', 'arn:aws:lambda:eu-west-1:718293640516:layer:X:1')",
            False,
        ),
        ("cloudfront.CachePolicy.fromCachePolicyId(this, 'C', '658327ea-f89d-4fab-a63d-7e88639e58f6')", True),
        ("// s3.Bucket.fromBucketName(this, 'B', 'team-data')", True),
    ],
)
def test_what_is_taken_from_elsewhere(workshop, call, passed):
    bench = workshop("cdk")
    bench.edit("lib/tap-stack.ts", "    new s3.Bucket(", f"    {call};\n    new s3.Bucket(")
    bench.seal()
    assert bench.ask("own-resources").passed is passed


def test_a_fallback_of_the_region_is_no_region(workshop):
    bench = workshop("cdk")
    bench.edit(LIVE, "new SQSClient({})", "new SQSClient({ region: process.env.AWS_REGION || 'us-east-1' })")
    bench.seal()
    assert bench.ask("region").passed
    bench.edit(LIVE, "process.env.AWS_REGION || ", "")
    assert not bench.ask("region").passed


PYTHON = "tests/unit/test_tap_stack.py"
PYTHON_LIVE = "tests/integration/test_tap_stack.py"


@pytest.mark.parametrize(
    ("gate", "name", "text", "words"),
    [
        ("test-quality", PYTHON, "def test_a():\n    pass\n", "without an assertion"),
        ("test-quality", PYTHON, "def test_a():\n    assert 1 == 1\n", "always so"),
        ("test-quality", PYTHON, "def test_a():\n    assert x == x\n", "always so"),
        ("test-quality", PYTHON, "def test_a():\n    template.find_resources('a')\n", "without an assertion"),
        ("test-quality", PYTHON, "import pytest\n@pytest.mark.skip\ndef test_a():\n    assert f()\n", "not every test"),
        ("test-quality", PYTHON, "def test_a(:\n", "not valid Python"),
        ("integration-tests", PYTHON_LIVE, "from moto import mock_aws\n", "mock"),
        ("integration-tests", PYTHON_LIVE, "import json\nassert json.load(open('cfn-outputs/flat-outputs.json'))\n", "no live call"),
        ("integration-tests", PYTHON_LIVE, "try:\n    boto3.client('sqs')\nexcept Exception:\n    pass\n", "empty catch"),
    ],
)  # fmt: skip
def test_python_tests_are_judged(workshop, gate, name, text, words):
    bench = workshop("cdktf")
    bench.write(name, text)
    bench.seal()
    result = bench.ask(gate)
    assert any(words in problem for problem in result.problems), result.problems


@pytest.mark.parametrize(
    ("name", "text", "gate"),
    [
        ("tests/conftest.py", "def pytest_runtest_makereport(item, call):\n    pass\n", "test-quality"),
        ("tests/conftest.py", "import boto3\nboto3.client = lambda *_: None\n", "integration-tests"),
        ("tests/integration/conftest.py", "from moto import mock_aws\n", "integration-tests"),
        ("tests/integration/__init__.py", "", ""),
        ("tests/conftest.py", "import pytest\n\n@pytest.fixture\ndef region():\n    return 1\n", ""),
    ],
)
def test_what_pytest_reads_before_the_tests_is_judged_too(workshop, name, text, gate):
    bench = workshop("cdktf")
    bench.write(name, text)
    bench.seal()
    assert bench.failing() == ({gate} if gate else set())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("boto3.client = lambda *_: Fake()", "boto3.client ="),
        ('mock.patch("boto3.client").start()', "patch("),
        ("import requests_mock", "requests_mock"),
        ("from unittest import mock", "unittest import mock"),
        ("OUTPUTS.get('QueueUrl', 'https://sqs.example')", "of the test's own"),
    ],
)
def test_what_stands_in_for_the_cloud_in_python(workshop, line, words):
    bench = workshop("cdktf")
    bench.write(PYTHON_LIVE, (bench.root / PYTHON_LIVE).read_text() + f"{line}\n")
    assert any(words in problem for problem in bench.ask("integration-tests").problems)


def test_what_a_python_integration_test_imports_is_judged(workshop):
    bench = workshop("cdktf")
    bench.write("tests/helpers.py", "from moto import mock_aws\n")
    bench.write(PYTHON_LIVE, "from tests.helpers import cloud\n" + (bench.root / PYTHON_LIVE).read_text())
    assert "tests/helpers.py" in bench.ask("integration-tests").reason


def test_looking_is_no_assertion(workshop):
    bench = workshop("cdk")
    bench.write(UNITS, "test('a', () => { template.findResources('AWS::SQS::Queue'); });\n")
    bench.seal()
    assert "without an assertion" in bench.ask("test-quality").reason


def test_the_report_of_coverage_py_is_read(workshop):
    bench = workshop("cdktf")
    low = {"totals": {"num_statements": 10, "covered_lines": 5}, "files": {"lib/a.py": {"missing_lines": [1]}}}
    bench.write("coverage/coverage.json", json.dumps(low))
    assert "coverage/coverage.json: unit coverage 50 %" in bench.ask("unit-coverage").reason
    (bench.root / "coverage" / "coverage.json").unlink()
    assert "no such file" in bench.ask("unit-coverage").reason


@pytest.mark.parametrize("platform", SAMPLES)
def test_the_gap_is_measured_on_what_was_synthesized(workshop, platform):
    bench = workshop(platform)
    told = decide(bench.run)["gap"]["changes"]
    where = "InvoicesF0222E8D" if platform == "cdk" else "aws_s3_bucket.invoices"
    assert {"how": "added", "where": where, "category": "security"}.items() <= told[0].items()
    assert [one["category"] for one in told[1:]] == ["style"]


def test_a_first_answer_that_was_not_kept_leaves_the_gap_unknown(workshop):
    bench = workshop("cdk")
    path = products.kept(bench.run, 1) / CDK_OUT
    path.write_text("{}")
    assert "the gap cannot be measured" in bench.ask("claims").reason
    assert decide(bench.run)["decision"] == "reject"


def test_a_first_answer_that_could_not_be_synthesized_is_compared_by_its_code(workshop):
    bench = workshop("cdk")
    tree = next(one.tree for _, one in read_all(bench.run) if one.baseline)
    bench.receipt("synth", baseline=True, verdict="failed", reason="no such class", tree=tree)
    value = decide(bench.run)
    assert [one["where"] for one in value["gap"]["changes"]] == ["lib/tap-stack.ts"]
    assert value["minimal"] is False


def test_the_program_that_begins_the_app_may_be_changed(workshop):
    bench = workshop("cdktf")
    bench.write("tap.py", (bench.root / "tap.py").read_text() + "# more\n")
    bench.seal()
    assert bench.ask("allowed-paths").passed
    bench.write("cdktf.json", "{}\n")
    assert "cdktf.json: is not the template's any more" in bench.ask("allowed-paths").reason


@pytest.mark.parametrize("platform", SAMPLES)
def test_the_ideal_response_as_the_scripts_render_it_passes(workshop, platform):
    bench = workshop(platform)
    names = ideal.write(bench.run)
    assert {"lib/tap-stack.ts", "lib/tap_stack.py"} & set(names)
    assert bench.ask("ideal-response-blocks").passed
