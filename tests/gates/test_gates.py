"""Every gate fails on a tree that breaks its rule, under its own name, while the others pass."""

from __future__ import annotations

import json

import pytest
from clean_run import FINAL, FIRST, INTEGRATION, ROWS, UNIT

from kit import files
from kit.agents import blocks
from kit.gates import kept
from kit.gates.register import GATES
from kit.run.git import code_tree, git

TEMPLATE = "lib/TapStack.yml"
UNITS, LIVE = "test/tap-stack.unit.test.ts", "test/tap-stack.int.test.ts"


def resource(text: str):
    """Add resources to the final template and let everything derived follow."""

    def change(bench):
        bench.edit(TEMPLATE, "Outputs:\n", text + "Outputs:\n")
        bench.seal()

    return change


def replace(name: str, old: str, new: str):
    def change(bench):
        bench.edit(name, old, new)
        bench.seal()

    return change


def write(name: str, content: str | bytes):
    def change(bench):
        bench.write(name, content)
        bench.seal()

    return change


def weakened(bench):
    more = "\ntest('more', () => { expect(template.names()).toEqual(['a']); expect(template.count()).toBe(2); });\n"
    bench.write(UNITS, UNIT + more)
    kept.remember(bench.run)
    bench.edit(UNITS, " expect(template.count()).toBe(2);", "")
    bench.seal()


def metadata(**changes):
    def change(bench):
        value = files.read_json(bench.root / "metadata.json") | changes
        files.write_json(bench.root / "metadata.json", {key: one for key, one in value.items() if one is not None})

    return change


def unordered(bench):
    value = files.read_json(bench.root / "metadata.json")
    files.write_json(bench.root / "metadata.json", dict(reversed(value.items())))


def stale(bench):
    bench.edit(TEMPLATE, "PAY_PER_REQUEST", "PROVISIONED")
    bench.render_ideal()


def failed(stage: str, **changes):
    return lambda bench: bench.receipt(stage, **({"verdict": "failed", "reason": "it broke"} | changes))


def never(stage: str):
    def change(bench):
        for path in bench.run.receipts.glob(f"*-{stage}.json"):
            path.unlink()

    return change


def another_log(bench):
    (bench.run.logs / "deploy.log").write_text("another\n")


def queue(content: str):
    return lambda bench: bench.write("tasks.csv", content)


def claimed(*entries):
    return lambda bench: bench.entries(*entries)


def equal_code(bench):
    bench.write(TEMPLATE, FIRST)
    bench.seal()


def report(value):
    return lambda bench: bench.write("coverage/coverage-summary.json", value)


def lines(total, covered, pct):
    return json.dumps({"total": {"lines": {"total": total, "covered": covered, "pct": pct}}})


def baseline_failed(bench):
    bench.entries()
    bench.receipt("deploy", baseline=True, verdict="failed", reason="CREATE_FAILED", tree=first_tree(bench))


def first_tree(bench):
    return next(one["tree"] for one in receipts_of(bench) if one["baseline"])


def receipts_of(bench):
    return [files.read_json(path) for path in sorted(bench.run.receipts.glob("*.json"))]


def another_first(bench):
    bench.write("lib/MODEL_RESPONSE.md", blocks.render({TEMPLATE: FIRST.replace("dev", "prod")}))


def unnamed_first(bench):
    tree = {TEMPLATE: FIRST, "lib/lambda/handler.py": "print('hi')\n"}
    for name, content in tree.items():
        bench.write(name, content)
    for stage in ("lint", "build", "synth", "deploy"):
        bench.receipt(stage, baseline=True)
    for path in sorted(bench.run.receipts.glob("*.json")):
        value = files.read_json(path)
        if value["baseline"] and value["tree"] != code_tree(bench.root):
            path.unlink()
    bench.write(TEMPLATE, FINAL)
    bench.seal()


def linked(bench):
    (bench.root / "lib" / "link.yml").symlink_to("/etc/hosts")
    bench.seal()


BUCKET = "  Extra:\n    Type: AWS::S3::Bucket\n"
TABLE = (
    "  Extra:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n"
    "      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]\n      KeySchema: [{AttributeName: id, KeyType: HASH}]\n"
)
KEY = "AKIA" + "Q7ZL3XH5V2M4N6P8"
TEST = "describe('x', () => {{\n{}\n}});\n"

CASES = [
    ("metadata-schema", "extra field", metadata(training_quality=9), "training_quality"),
    ("metadata-schema", "missing field", metadata(team=None), "team"),
    ("metadata-schema", "other order", unordered, "order"),
    ("metadata-schema", "unknown language", metadata(turn_type="multi"), "turn_type"),
    ("metadata-schema", "no JSON", lambda bench: bench.write("metadata.json", "{"), "not valid JSON"),
    ("metadata-schema", "field given twice", lambda bench: bench.edit("metadata.json", "{", '{\n  "team": "other",'), "team: given twice"),
    ("metadata-schema", "a list", lambda bench: bench.write("metadata.json", "[]"), "wanted an object"),
    ("metadata-schema", "byte order mark", lambda bench: bench.write("metadata.json", "\ufeff" + (bench.root / "metadata.json").read_text()), "not valid JSON"),
    ("metadata-schema", "impossible time", metadata(startedAt="2026-13-41T29:61:00+00:00"), "startedAt"),
    ("metadata-mapping", "another subtask", metadata(subtask="Application Deployment"), "subtask"),
    ("metadata-mapping", "another task", metadata(po_id="T8"), "po_id"),
    ("metadata-mapping", "another complexity", metadata(complexity="hard"), "complexity"),
    ("metadata-mapping", "another platform", metadata(platform="cdk"), "platform"),
    ("metadata-mapping", "a list", lambda bench: bench.write("metadata.json", "[]"), "wanted an object"),
    ("platform-language", "cdk beside", write("lib/stack.ts", "import * as cdk from 'aws-cdk-lib';\n"), "cdk"),
    ("platform-language", "pulumi beside", write("lib/main.py", "import pulumi\n"), "pulumi"),
    ("platform-language", "JSON in YAML", write(TEMPLATE, ""), "TapStack.yml"),
    ("platform-language", "another cloud", resource("  A:\n    Type: Azure::Storage::Account\n"), "Azure::Storage::Account"),
    ("platform-language", "terraform", write("lib/main.tf", "resource {}\n"), "Terraform"),
    ("platform-language", "second template", write("lib/TapStack.json", "{}\n"), "second template"),
    ("allowed-paths", "root file", write("setup.sh", "true\n"), "setup.sh"),
    ("allowed-paths", "changed harness", lambda bench: bench.edit("package.json", "jest", "echo"), "package.json"),
    ("allowed-paths", "deleted harness", lambda bench: (bench.root / "jest.config.js").unlink(), "jest.config.js"),
    ("allowed-paths", "workflow", lambda bench: bench.write(".github/workflows/ci.yml", "on: push\n"), ".github"),
    ("allowed-paths", "settings", lambda bench: bench.write(".claude/task-coordinator.toml", ""), ".claude"),
    ("allowed-paths", "link", linked, "is a link"),
    ("allowed-paths", "hidden files", write("lib/.gitignore", "secret.ts\n"), "sets rules for tools"),
    ("allowed-paths", "filters", write("test/.gitattributes", "*.ts filter=x\n"), "sets rules for tools"),
    ("allowed-paths", "settings of pytest", write("tests/unit/pytest.ini", "[pytest]\n"), "sets rules for tools"),
    ("allowed-paths", "settings of coverage", write("tests/setup.cfg", "[coverage:run]\n"), "sets rules for tools"),
    ("allowed-paths", "settings of jest", write("test/package.json", '{"jest": {"testMatch": []}}\n'), "sets rules for tools"),
    ("allowed-paths", "another row", queue(ROWS.format(row="").replace("T8,", "T8,done")), "more than the row of task T7"),
    ("allowed-paths", "all rows", queue(ROWS.partition("{row}")[0]), "more than the row of task T7"),
    ("allowed-paths", "no queue", lambda bench: (bench.root / "tasks.csv").unlink(), "was deleted"),
    ("model-response-blocks", "another answer", another_first, "differs from the first tree"),
    ("model-response-blocks", "file without a block", unnamed_first, "does not name it"),
    ("ideal-response-blocks", "stale block", lambda bench: bench.edit("lib/IDEAL_RESPONSE.md", "orders-", "order-"), "differs"),
    ("ideal-response-blocks", "missing block", lambda bench: bench.write("lib/IDEAL_RESPONSE.md", blocks.render({UNITS: UNIT})), "does not name it"),
    ("ideal-response-blocks", "block without a file", lambda bench: bench.write("lib/IDEAL_RESPONSE.md", blocks.render({TEMPLATE: FINAL, "lib/gone.py": "1\n"})), "no such file"),
    ("ideal-response-blocks", "nameless block", lambda bench: bench.write("lib/IDEAL_RESPONSE.md", (bench.root / "lib/IDEAL_RESPONSE.md").read_text() + "\n```yaml\nA: 1\n```\n"), "names no file"),
    ("ideal-response-blocks", "two versions", lambda bench: bench.write("lib/IDEAL_RESPONSE.md", blocks.render({TEMPLATE: FIRST}) + "\n" + blocks.render({TEMPLATE: FINAL})), "given twice"),
    ("ideal-response-blocks", "other line ends", lambda bench: bench.write(TEMPLATE, FINAL.replace("\n", "\r\n")), "differs from the file"),
    ("no-placeholder", "template", replace(TEMPLATE, "Parameters:\n", "Description: PLACEHOLDER-TEMPLATE\nParameters:\n"), "PLACEHOLDER-TEMPLATE"),
    ("no-placeholder", "unit test", write(UNITS, UNIT.replace("keeps", "PLACEHOLDER-TEST keeps")), "PLACEHOLDER-TEST"),
    ("no-placeholder", "small letters", write(UNITS, UNIT.replace("keeps", "placeholder-test keeps")), "PLACEHOLDER-TEST"),
    ("environment-suffix", "fixed bucket", replace(TEMPLATE, "'invoices-${EnvironmentSuffix}'", "invoices-fixed"), "BucketName"),
    ("environment-suffix", "another variable", replace(TEMPLATE, "'orders-${EnvironmentSuffix}'", "'orders-${AWS::Region}'"), "QueueName"),
    ("environment-suffix", "nested name", resource("  Db:\n    Type: AWS::Glue::Database\n    Properties:\n      CatalogId: !Ref AWS::AccountId\n      DatabaseInput: {Name: fixed}\n"), "DatabaseInput.Name"),
    ("environment-suffix", "export", replace(TEMPLATE, "    Value: !Ref Orders\n", "    Value: !Ref Orders\n    Export: {Name: orders}\n"), "Export"),
    ("no-retain", "deletion policy", resource(BUCKET + "    DeletionPolicy: Retain\n"), "Retain"),
    ("no-retain", "implied snapshot of a database", resource("  Db:\n    Type: AWS::RDS::DBInstance\n    Properties: {Engine: postgres}\n"), "means Snapshot"),
    ("no-retain", "implied snapshot of a cluster", resource("  Db:\n    Type: AWS::RDS::DBCluster\n    Properties: {Engine: aurora-mysql}\n    UpdateReplacePolicy: Delete\n"), "means Snapshot"),
    ("no-retain", "replace policy", resource(BUCKET + "    UpdateReplacePolicy: Snapshot\n"), "Snapshot"),
    ("no-deletion-protection", "table", resource(TABLE + "      DeletionProtectionEnabled: true\n"), "DeletionProtectionEnabled"),
    ("no-deletion-protection", "user pool", resource("  U:\n    Type: AWS::Cognito::UserPool\n    Properties: {DeletionProtection: ACTIVE}\n"), "ACTIVE"),
    ("no-deletion-protection", "load balancer", resource("  L:\n    Type: AWS::ElasticLoadBalancingV2::LoadBalancer\n    Properties: {LoadBalancerAttributes: [{Key: deletion_protection.enabled, Value: 'true'}]}\n"), "deletion_protection.enabled"),
    ("no-deletion-protection", "condition", resource(TABLE + "      DeletionProtectionEnabled: !If [Prod, true, false]\n"), "DeletionProtectionEnabled"),
    ("own-resources", "account ARN", resource("  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {}\n      ManagedPolicyArns: ['arn:aws:iam::123456789012:policy/Team']\n"), "arn:aws:iam::123456789012"),
    ("own-resources", "network id", resource("  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties: {GroupDescription: g, VpcId: vpc-0a1b2c3d4e5f60718}\n"), "vpc-0a1b2c3d4e5f60718"),
    ("own-resources", "machine image", resource("  I:\n    Type: AWS::EC2::Instance\n    Properties: {ImageId: ami-0c55b159cbfafe1f0}\n"), "ami-0c55b159cbfafe1f0"),
    ("own-resources", "machine image as a default", replace(TEMPLATE, "Resources:\n", "  Image: {Type: 'AWS::EC2::Image::Id', Default: ami-0c55b159}\nResources:\n"), "ami-0c55b159"),
    ("own-resources", "machine images by region", replace(TEMPLATE, "Resources:\n", "Mappings:\n  Images:\n    eu-west-1: {Id: ami-0c55b159cbfafe1f0}\nResources:\n"), "ami-0c55b159cbfafe1f0"),
    ("own-resources", "machine image in a program", write("lib/lambda/handler.py", "IMAGE = 'ami-0c55b159cbfafe1f0'\n"), "handler.py"),
    ("own-resources", "joined", resource("  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: !Join ['', ['arn:aws:s3:::', 'shared-data', '/*']]}]}\n"), "arn:aws:s3:::shared-data"),
    ("own-resources", "behind a wildcard", resource("  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::shared-data/*'}]}\n"), "arn:aws:s3:::shared-data"),
    ("own-resources", "import", resource(BUCKET.replace("Extra", "E2") + "    Properties:\n      BucketName: !Sub\n        - '${Base}-${EnvironmentSuffix}'\n        - {Base: !ImportValue shared}\n"), "ImportValue"),
    ("own-resources", "program", write("lib/lambda/handler.py", "TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alerts'\n"), "handler.py"),
    ("own-resources", "another bucket", resource("  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::shared-data'}]}\n"), "arn:aws:s3:::shared-data"),
    ("own-resources", "another table", resource("  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {Statement: [{Effect: Allow, Action: 'dynamodb:*', Resource: !Sub 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/shared'}]}\n"), "table/shared"),
    ("own-resources", "key pair", resource("  I:\n    Type: AWS::EC2::Instance\n    Properties: {KeyName: admin}\n"), "KeyName admin"),
    ("own-resources", "existing network", replace(TEMPLATE, "Resources:\n", "  Vpc: {Type: 'AWS::EC2::VPC::Id'}\nResources:\n"), "Parameters/Vpc"),
    ("own-resources", "existing parameter", replace(TEMPLATE, "Resources:\n", "  P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /team/x}\nResources:\n"), "Parameters/P"),
    ("own-resources", "resolved", resource(BUCKET + "    Properties: {Tags: [{Key: a, Value: '{{resolve:ssm:/team/x}}'}]}\n"), "resolve:ssm"),
    ("own-resources", "code elsewhere", resource("  F:\n    Type: AWS::Lambda::Function\n    Properties: {Code: {S3Bucket: builds, S3Key: a.zip}}\n"), "bucket builds"),
    ("own-resources", "nested stack", resource("  N:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: 'https://example.com/a.yml'}\n"), "TemplateURL"),
    ("own-resources", "zone", resource("  Z:\n    Type: AWS::Route53::RecordSet\n    Properties: {HostedZoneId: Z0123456789ABCDEFGHIJ, Name: a.example.com, Type: A}\n"), "existing zone"),
    ("region", "hard-coded", resource(BUCKET + "    Properties: {Tags: [{Key: home, Value: us-west-2}]}\n"), "us-west-2"),
    ("region", "in a test", replace(LIVE, "new SQSClient({})", "new SQSClient({ region: 'us-east-1' })"), "us-east-1"),
    ("region", "another file", lambda bench: bench.write("lib/AWS_REGION", "us-east-1\n"), "AWS_REGION"),
    ("region", "no file", lambda bench: (bench.root / "lib/AWS_REGION").unlink(), "AWS_REGION"),
    ("required-services", "left out", lambda bench: bench.write("lib/PROMPT.md", "Orders go to SQS, DynamoDB and an SNS topic.\n"), "SNS"),
    ("required-services", "never made", lambda bench: (bench.edit(TEMPLATE, "Resources:\n", "Conditions: {Never: !Equals [a, b]}\nResources:\n"), bench.edit(TEMPLATE, "    Type: AWS::SQS::Queue\n", "    Type: AWS::SQS::Queue\n    Condition: Never\n"), bench.seal()), "SQS"),
    ("unit-coverage", "low figure", lambda bench: (report(lines(10, 8, 80))(bench), bench.receipt("unit", figures={"coverage": 80})), "80 %"),
    ("unit-coverage", "report says less", report(lines(10, 8, 80)), "80 %"),
    ("unit-coverage", "nothing measured", report(lines(0, 0, 100)), "nothing was measured"),
    ("unit-coverage", "text", report(lines(10, 10, "Unknown")), "Unknown"),
    ("unit-coverage", "no report", lambda bench: (bench.root / "coverage/coverage-summary.json").unlink(), "no such file"),
    ("unit-coverage", "garbled", report("{}"), "not a coverage summary"),
    ("unit-coverage", "no figure", lambda bench: bench.receipt("unit", figures={}), "coverage = None"),
    ("unit-coverage", "left out", write("lib/lambda/index.js", "/* istanbul ignore file */\nexports.handler = async () => 1;\n"), "istanbul ignore file"),
    ("unit-coverage", "left out in Python", write("lib/lambda/index.py", "def handler(e, c):  # pragma: no cover\n    return e\n"), "pragma: no cover"),
    ("tests-kept", "an assertion is gone after a repair", weakened, "assertions before a repair"),
    ("test-quality", "skip", write(UNITS, UNIT.replace("test('can", "test.skip('can")), "skip"),
    ("test-quality", "only", write(UNITS, UNIT.replace("describe(", "describe.only(")), "only"),
    ("test-quality", "xit", write(UNITS, UNIT.replace("test('can", "xit('can")), "xit"),
    ("test-quality", "empty", write(UNITS, UNIT + TEST.format("test('y', () => {});")), "without an assertion"),
    ("test-quality", "constant", write(UNITS, UNIT + TEST.format("it('y', () => { expect(true).toBe(true); });")), "always so"),
    ("test-quality", "same", write(UNITS, UNIT + TEST.format("it('y', () => { expect(a.b).toEqual(a.b); });")), "always so"),
    ("test-quality", "assertion in a comment", write(UNITS, UNIT + TEST.format("it('y', () => { f(); // expect(f()).toBe(1)\n });")), "without an assertion"),
    ("test-quality", "todo", write(UNITS, UNIT + TEST.format("test.todo('later');")), "todo"),
    ("test-quality", "skipped at run time", lambda bench: bench.receipt("unit", figures={"coverage": 100, "skipped": 2}), "2 tests were skipped"),
    ("test-quality", "no test in a file", write("test/extra.test.ts", "export {};\n"), "holds no test"),
    ("integration-tests", "mock", write(LIVE, INTEGRATION.replace("const sqs", "jest.mock('@aws-sdk/client-sqs');\nconst sqs")), "mock"),
    ("integration-tests", "no call", write(LIVE, INTEGRATION.replace("sqs.send(", "Promise.resolve(")), "no live call"),
    ("integration-tests", "no outputs", write(LIVE, INTEGRATION.replace("import { outputs } from '../jest/outputs';", "const outputs = { QueueUrl: 'x' };")), "does not read"),
    ("integration-tests", "outputs unused", write(LIVE, INTEGRATION.replace("outputs.QueueUrl", "'orders'")), "uses none"),
    ("integration-tests", "swallowed", write(LIVE, INTEGRATION.replace("expect(found", "try { await sqs.send(x); } catch (e) {}\n    expect(found")), "empty catch"),
    ("integration-tests", "none", lambda bench: ((bench.root / LIVE).unlink(), bench.seal()), "no integration test"),
    ("outputs", "empty file", lambda bench: bench.write("cfn-outputs/flat-outputs.json", "{}"), "holds no output"),
    ("outputs", "empty value", lambda bench: bench.write("cfn-outputs/flat-outputs.json", '{"QueueUrl": ""}'), "empty"),
    ("outputs", "undefined", lambda bench: bench.write("cfn-outputs/flat-outputs.json", '{"QueueUrl": "undefined"}'), "empty"),
    ("outputs", "empty inside", lambda bench: bench.write("cfn-outputs/flat-outputs.json", '{"QueueUrl": {"Value": ""}}'), "empty"),
    ("outputs", "garbled", lambda bench: bench.write("cfn-outputs/flat-outputs.json", '{"QueueUrl": '), "not valid JSON"),
    ("outputs", "none counted", lambda bench: bench.receipt("outputs", figures={"outputs": 0}), "at least one"),
    ("outputs", "no file", lambda bench: (bench.root / "cfn-outputs/flat-outputs.json").unlink(), "no such file"),
    ("outputs", "more than counted", lambda bench: bench.write("cfn-outputs/flat-outputs.json", '{"a": "1", "b": "2"}'), "speaks of 1"),
    ("destroy", "left behind", lambda bench: bench.receipt("destroy", figures={"had": 3, "gone": 2}), "2 of 3"),
    ("destroy", "nothing there", lambda bench: bench.receipt("destroy", figures={"had": 0, "gone": 0}), "had nothing"),
    ("destroy", "no figures", lambda bench: bench.receipt("destroy", figures={}), "no count"),
    ("destroy", "deployed again", lambda bench: bench.receipt("deploy"), "older than the deployment"),
    ("receipts", "its log was changed", another_log, "deploy.log"),
    ("claims", "equal code", equal_code, "equal"),
    ("claims", "nothing claimed", claimed(), "no failure is claimed"),
    ("claims", "nothing claimed, baseline failed", baseline_failed, "CREATE_FAILED"),
    ("model-failures", "another text", lambda bench: bench.edit("lib/MODEL_FAILURES.md", "could not be restored", "was fine"), "F1"),
    ("model-failures", "one more", lambda bench: bench.write("lib/MODEL_FAILURES.md", (bench.root / "lib/MODEL_FAILURES.md").read_text() + "\n## 2. F2\n"), "tells 2"),
    ("model-failures", "softened", lambda bench: bench.edit("lib/MODEL_FAILURES.md", "Medium", "Low"), "was changed after"),
    ("model-failures", "prose added", lambda bench: bench.write("lib/MODEL_FAILURES.md", (bench.root / "lib/MODEL_FAILURES.md").read_text() + "\nOtherwise flawless.\n"), "was changed after"),
    ("model-failures", "no file", lambda bench: (bench.root / "lib/MODEL_FAILURES.md").unlink(), "no such file"),
    ("evidence", "no such receipt", claimed({"evidence": "077-lint.json"}), "077-lint.json"),
    ("evidence", "only words", claimed({"evidence": "I saw it"}), "neither a receipt nor a rule"),
    ("secrets", "access key", write("lib/lambda/handler.py", f"KEY = '{KEY}'\n"), "handler.py:1"),
    ("secrets", "password", write("lib/lambda/handler.py", "password = 'Tr0ub4dor-and-3-more'\n"), "Secret Keyword"),
    ("secrets", "private key", write("test/key.ts", "const k = `-----BEGIN RSA " + "PRIVATE KEY-----`;\n"), "Private Key"),
    ("secrets", "marked as allowed", write("lib/lambda/handler.py", f"KEY = '{KEY}'  # pragma: allowlist secret\n"), "handler.py:1"),
    ("secrets", "token", write("test/token.ts", "const t = '" + "ghp_" + "0123456789abcdefghijABCDEFGHIJ012345" + "';\n"), "token.ts:1"),
    ("secrets", "plain password", resource("  Db:\n    Type: AWS::RDS::DBInstance\n    Properties: {MasterUserPassword: Sommer2024}\n"), "MasterUserPassword"),
    ("secrets", "default of a parameter", replace(TEMPLATE, "Resources:\n", "  DbPassword: {Type: String, NoEcho: true, Default: Sommer2024}\nResources:\n"), "Parameters/DbPassword"),
    ("secrets", "bare account", resource(BUCKET + "    Properties: {Tags: [{Key: owner, Value: '718293640516'}]}\n"), "718293640516"),
    ("secrets", "account", write("test/account.ts", "const arn = 'arn:aws:iam::718293640516:root';\n"), "718293640516"),
    ("secrets", "key in pieces", write("lib/lambda/handler.js", f"const key = '{KEY[:8]}' +\n  '{KEY[8:]}';\n"), "a key in pieces"),
    ("secrets", "password that sounds like a name", write("lib/lambda/handler.py", "password = 'hunter22secret'\n"), "Secret Keyword"),
    ("secrets", "account in a list", write("test/account.ts", "const trusted = [718293640516, 718293640517];\n"), "718293640517"),
    ("secrets", "grouped account", write("lib/lambda/handler.py", "OWNER = 7182_9364_0516\n"), "718293640516"),
    ("secrets", "account as a principal", resource("  P:\n    Type: AWS::SNS::TopicPolicy\n    Properties:\n      Topics: []\n      PolicyDocument: {Statement: [{Principal: {AWS: 718293640516}}]}\n"), "718293640516"),
    ("file-size", "huge", write("lib/lambda/data.py", "x = 1\n" * 100_000), "600,000 bytes"),
    ("file-size", "binary", write("lib/lambda/code.zip", b"PK\0\0"), "binary"),
    ("file-size", "no text", lambda bench: bench.write("lib/lambda/data.py", b"x = '\xff\xfe'\n"), "binary"),
    ("no-emoji", "prompt", lambda bench: bench.edit("lib/PROMPT.md", "Orders", "\u2705 Orders"), "U+2705"),
    ("no-emoji", "written out", lambda bench: bench.edit("lib/PROMPT.md", "Orders", ":rocket: Orders"), ":rocket:"),
    ("no-emoji", "as a number", lambda bench: bench.edit("lib/PROMPT.md", "Orders", "&#x1F680; Orders"), "&#x1F680;"),
    ("no-emoji", "exclamation", lambda bench: bench.edit("lib/PROMPT.md", "Orders", "\u203c Orders"), "U+203C"),
    ("no-emoji", "ideal", lambda bench: bench.write("lib/IDEAL_RESPONSE.md", "# Done \U0001f680\n\n" + (bench.root / "lib/IDEAL_RESPONSE.md").read_text()), "U+1F680"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "words"), [pytest.param(a, c, d, id=f"{a}: {b}") for a, b, c, d in CASES])
def test_the_gate_of_that_name_fails(bench, name, change, words):
    change(bench)
    result = bench.ask(name)
    assert not result.passed
    assert words in " ".join(result.problems or (result.reason,))
    assert not result.reason.startswith("the gate could not be asked")


@pytest.mark.parametrize("name", sorted({case[0] for case in CASES}))
def test_no_other_gate_fails_with_it(bench, name):
    _, _, change, _ = next(case for case in CASES if case[0] == name)
    change(bench)
    assert bench.failing() == {name}


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (stale, {"receipts", "final-round", "unit-coverage", "outputs", "destroy"}),
        (failed("deploy"), {"receipts", "destroy"}),
        (failed("lint"), {"receipts", "final-round"}),
        (failed("integration"), {"receipts"}),
        (never("integration"), {"receipts"}),
        (never("destroy"), {"receipts", "destroy"}),
        (failed("lint", verdict="not run", reason="no linter"), set()),
    ],
    ids=[
        "edited after the ladder",
        "deploy failed",
        "lint failed",
        "integration failed",
        "never run",
        "never destroyed",
        "passed before",
    ],
)
def test_the_ladder_gates_fail_together(bench, change, names):
    change(bench)
    assert bench.failing() == names


def test_every_gate_has_a_case():
    together = {"receipts", "final-round"}
    assert {gate.name for gate in GATES} == {case[0] for case in CASES} | together


def test_the_row_may_be_dropped(bench):
    bench.write("tasks.csv", ROWS.format(row=""))
    assert bench.failing() == set()


def test_committed_files_are_judged_too(bench):
    bench.write("notes.txt", "mine\n")
    bench.seal()
    git(bench.root, "add", "--all")
    git(bench.root, "commit", "--quiet", "--message", "all")
    assert bench.failing() == {"allowed-paths"}


def test_all_committed_passes(bench):
    git(bench.root, "add", "--all")
    git(bench.root, "commit", "--quiet", "--message", "all")
    assert bench.failing() == set()


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("platform-language", "lib/TapStack.yml with 3 resource types"),
        ("allowed-paths", "20 changed paths"),
        ("model-response-blocks", "1 files of the first answer"),
        ("ideal-response-blocks", "1 files of the final code"),
        ("no-placeholder", "3 files of code and tests"),
        ("environment-suffix", "3 explicit names hold the suffix"),
        ("no-retain", "3 resources go with their stack"),
        ("region", "16 places name no region but eu-west-1"),
        ("required-services", "the prompt asks for S3, DynamoDB, SQS"),
        ("test-quality", "3 tests assert something"),
        ("claims", "1 failures claimed, 2 differences measured"),
        ("model-failures", "1 recorded failures are told"),
        ("evidence", "1 failure entries have their evidence"),
        ("secrets", "8 files hold no secret"),
        ("file-size", "20 files are text and small"),
    ],
)
def test_what_a_gate_saw(bench, name, seen):
    assert bench.ask(name).reason == seen
