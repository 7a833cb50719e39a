"""What gates must let pass: rules that refuse everything would catch every bad tree too."""

import pytest
from clean_run import INTEGRATION, UNIT
from test_gates import BUCKET, LIVE, TEMPLATE, UNITS, replace, resource, write


def policy(*resources: str):
    listed = "".join(f"              - {one}\n" for one in resources)
    return resource(
        "  Access:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n"
        f"          - Effect: Allow\n            Action: '*'\n            Resource:\n{listed}"
    )


def prompt(text: str):
    return lambda bench: bench.write("lib/PROMPT.md", text)


CASES = [
    ("environment-suffix", resource(BUCKET), "no name at all"),
    ("environment-suffix", resource(BUCKET + "    Properties: {BucketName: !Sub '${AWS::StackName}-a'}\n"), "stack name"),
    ("environment-suffix", resource(BUCKET + "    Properties: {BucketName: !Join ['-', [a, !Ref EnvironmentSuffix]]}\n"), "join"),
    ("environment-suffix", resource(BUCKET + "    Properties: {BucketName: !Sub ['a-${S}', {S: !Ref EnvironmentSuffix}]}\n"), "sub with variables"),
    ("environment-suffix", resource(BUCKET + "    Properties: {BucketName: !If [A, !Sub 'a-${EnvironmentSuffix}', !Ref 'AWS::NoValue']}\n"), "condition"),
    ("environment-suffix", resource(BUCKET + "    Properties: {BucketName: !Ref 'AWS::NoValue'}\n"), "no value"),
    ("environment-suffix", resource("  P:\n    Type: AWS::IAM::Policy\n    Properties: {PolicyName: inline}\n"), "inline policy"),
    ("environment-suffix", resource("  R:\n    Type: AWS::Route53::RecordSet\n    Properties: {Name: a.example.com}\n"), "record"),
    ("environment-suffix", resource("  C:\n    Type: Custom::Thing\n    Properties: {Name: fixed}\n"), "custom resource"),
    ("no-retain", resource(BUCKET + "    DeletionPolicy: Delete\n    UpdateReplacePolicy: Delete\n"), "delete"),
    ("no-retain", resource("  Db:\n    Type: AWS::RDS::DBInstance\n    DeletionPolicy: Delete\n    Properties: {Engine: postgres}\n"), "a database that goes"),
    ("no-retain", resource("  Db:\n    Type: AWS::RDS::DBInstance\n    Properties: {DBClusterIdentifier: !Ref Orders}\n"), "a member of a cluster"),
    ("environment-suffix", resource("  L:\n    Type: AWS::Logs::LogGroup\n    Properties: {LogGroupName: !Sub '/aws/lambda/${Orders}'}\n"), "named after its own resource"),
    ("environment-suffix", resource("  L:\n    Type: AWS::Logs::LogGroup\n    Properties: {LogGroupName: !GetAtt Orders.QueueName}\n"), "an attribute of its own resource"),
    ("own-resources", replace(TEMPLATE, "Resources:\n", "  I: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64}\nResources:\n"), "the newest image"),
    ("no-retain", write("lib/lambda/a.py", "# RemovalPolicy.RETAIN\nx = 1\n"), "in a comment"),
    ("no-deletion-protection", resource("  D:\n    Type: AWS::RDS::DBInstance\n    Properties: {DeletionProtection: false}\n"), "off"),
    ("no-deletion-protection", resource("  D:\n    Type: AWS::RDS::DBInstance\n    Properties: {DeletionProtection: !If [A, false, !Ref 'AWS::NoValue']}\n"), "off in each branch"),
    ("no-deletion-protection", resource("  U:\n    Type: AWS::Cognito::UserPool\n    Properties: {DeletionProtection: INACTIVE}\n"), "inactive"),
    ("no-deletion-protection", resource("  L:\n    Type: AWS::ElasticLoadBalancingV2::LoadBalancer\n    Properties: {LoadBalancerAttributes: [{Key: deletion_protection.enabled, Value: 'false'}]}\n"), "load balancer"),
    ("own-resources", policy("!GetAtt Invoices.Arn", "!Sub '${Invoices.Arn}/*'"), "own"),
    ("own-resources", policy("'arn:aws:s3:::*'", "!Sub 'arn:aws:s3:::invoices-${EnvironmentSuffix}/*'"), "bucket by suffix"),
    ("own-resources", policy("!Sub 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/*'"), "log groups"),
    ("own-resources", policy("!Sub 'arn:aws:iam::${AWS::AccountId}:root'", "'arn:aws:iam::aws:policy/ReadOnlyAccess'"), "root and managed policy"),
    ("own-resources", policy("'arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:38'"), "layer of AWS"),
    ("own-resources", policy("'arn:aws:states:::lambda:invoke'", "'arn:aws:bedrock:eu-west-1::foundation-model/a'"), "integration"),
    ("own-resources", policy("!Sub 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/s3'"), "key of AWS"),
    ("own-resources", replace(TEMPLATE, "Resources:\n", "  P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /aws/service/ami/x}\nResources:\n"), "public parameter"),
    ("own-resources", resource(BUCKET + "    Properties: {Tags: [{Key: a, Value: '{{resolve:ssm:/aws/service/x}}'}]}\n"), "public value"),
    ("own-resources", resource("  Z:\n    Type: AWS::Route53::RecordSet\n    Properties: {HostedZoneId: Z2FDTNDATAQYW2, Name: !Ref EnvironmentSuffix}\n"), "zone of CloudFront"),
    ("own-resources", resource("  F:\n    Type: AWS::Lambda::Function\n    Properties: {Code: {ZipFile: 'x = 1'}}\n"), "inline code"),
    ("region", resource(BUCKET + "    Properties: {Tags: [{Key: home, Value: eu-west-1}]}\n"), "its own"),
    ("region", replace(TEMPLATE, "Resources:\n", "Mappings:\n  Images:\n    us-west-2: {Id: a}\nResources:\n"), "a mapping by region"),
    ("region", replace(LIVE, "new SQSClient({})", "new SQSClient({}) // us-west-2"), "a comment"),
    ("region", write("lib/lambda/a.py", "# us-west-2\nx = 'us-west-20'\n"), "no region"),
    ("required-services", prompt("Use SQS and DynamoDB. Do not use RDS. Use S3 instead of EFS.\n"), "taken back"),
    ("required-services", prompt("Use SQS. Without KMS. Optionally add SNS, for example. Services such as Athena come later.\n"), "optional"),
    ("required-services", prompt("An order is stored.\n"), "no name"),
    ("test-quality", write(UNITS, UNIT + "function check(x) { expect(x).toBe(1); }\ntest('a', () => { check(f()); });\n"), "helper"),
    ("test-quality", write(UNITS, UNIT + "const check = (x) => { expect(x).toBe(1); };\ntest('a', () => { check(f()); });\n"), "arrow helper"),
    ("test-quality", write(UNITS, UNIT + "test.each([[1], [2]])('a %i', (n) => { expect(f(n)).toBe(true); });\n"), "table"),
    ("test-quality", write(UNITS, UNIT + "test('a', () => { expect(/x/.test(f())).toBe(true); });\n"), "regular expression"),
    ("test-quality", write(UNITS, UNIT + "// test.skip('old', () => {});\n"), "a comment"),
    ("test-quality", write(UNITS, UNIT + "test('never uses test.skip(', () => { expect(f('it.only(')).toBe(1); });\n"), "a text"),
    ("test-quality", write(UNITS, UNIT + "test('a', () => { expect(true).toBe(f()); expect(g()).toBe(2); });\n"), "one real check"),
    ("integration-tests", write(LIVE, INTEGRATION.replace("outputs.QueueUrl", "QueueUrl").replace("const sqs", "const { QueueUrl } = outputs;\nconst sqs")), "destructured"),
    ("integration-tests", write(LIVE, INTEGRATION.replace("import { outputs } from '../jest/outputs';", "const outputs = JSON.parse(fs.readFileSync('cfn-outputs/flat-outputs.json', 'utf8'));")), "read by hand"),
    ("integration-tests", write(LIVE, INTEGRATION.replace("const sqs", "// jest.mock is not used\nconst sqs")), "a comment"),
    ("secrets", resource("  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MasterUserPassword: !Sub '{{resolve:secretsmanager:${S}:SecretString:password}}'\n"), "resolved"),
    ("secrets", replace(TEMPLATE, "Resources:\n", "  DbPassword: {Type: String, NoEcho: true}\nResources:\n"), "no default"),
    ("secrets", prompt("The password: use Secrets Manager for SQS, S3 and DynamoDB.\n"), "prose"),
    ("secrets", lambda bench: bench.edit("lib/MODEL_RESPONSE.md", "Resources:", "# password: 'Sommer2024-and-more'\nResources:"), "the model's own answer"),
    ("secrets", write("lib/lambda/a.py", "SecretId = 'orders-credentials'\n"), "the name of a secret"),
    ("secrets", write("lib/grants.yml", "Action:\n  - secretsmanager:GetSecretValue\n"), "an action on secrets"),
    ("secrets", write("test/account.ts", "const arn = 'arn:aws:iam::123456789012:root';\nconst at = '1700000000000';\n"), "documentation's account"),
    ("secrets", write("lib/lambda/a.py", "import os\npassword = os.environ['PASSWORD']\n"), "from the environment"),
    ("no-emoji", prompt("Orders \u2192 SQS, S3, DynamoDB \u2713 \u00a9 \u2022 na\u00efve\n"), "signs that are none"),
    ("platform-language", write("lib/lambda/a.py", "import boto3\n"), "a function in another language"),
    ("platform-language", resource("  C:\n    Type: Custom::Thing\n    Properties: {ServiceToken: a}\n"), "custom resource"),
    ("file-size", write("lib/lambda/a.py", "# \u00e4\n"), "no ASCII"),
    ("allowed-paths", write("tests/a.py", "x = 1\n"), "other test folder"),
    ("allowed-paths", write("bin/run.sh", "true\n"), "bin"),
    ("evidence", lambda bench: bench.entries({"evidence": "receipts/001-lint.json"}), "with its folder"),
    ("evidence", lambda bench: (bench.receipt("lint", findings=[{"rule": "CKV_AWS_18"}]), bench.entries({"evidence": "CKV_AWS_18"})), "a rule"),
    ("destroy", lambda bench: bench.receipt("destroy", figures={"had": 3, "gone": 2, "unverified": ["A (B)"]}), "one of a type without a probe"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change"), [pytest.param(a, b, id=f"{a}: {c}") for a, b, c in CASES])
def test_it_passes(bench, name, change):
    change(bench)
    result = bench.ask(name)
    assert result.passed, result.problems
