"""Stacks deployed, read and destroyed by change set against a real server."""

from __future__ import annotations

import os
import signal
import threading

import pytest
from cloud_support import STACKS, Bench, wait_until

from kit.ladder import cfn, cfn_stack

BUCKET = """
Parameters: {EnvironmentSuffix: {Type: String, Default: dev}, Level: {Type: String, Default: low, AllowedValues: [low, high]}}
Conditions: {High: !Equals [!Ref Level, high]}
Resources:
  Data: {Type: "AWS::S3::Bucket", Properties: {BucketName: !Sub "data-${EnvironmentSuffix}", VersioningConfiguration: {Status: Enabled}}}
  Extra: {Type: "AWS::SQS::Queue", Condition: High}
Outputs:
  BucketName: {Value: !Ref Data}
  ExtraUrl: {Value: !Ref Extra, Condition: High}
"""


# What the emulator's services cannot do at all; everything else in the stacks is really there.
GAPS = {
    "management": ["PeopleRoles (AWS::Cognito::IdentityPoolRoleAttachment)"],
}


@pytest.mark.parametrize("name", ["network", "serverless", "governance", "management", "workloads"])
def test_every_resource_of_a_real_stack_is_held_and_later_proved_gone(shared: Bench, name: str) -> None:
    known_gap = GAPS.get(name, [])
    for _ in range(2):
        outcome = shared.deploy(STACKS / f"{name}.yml", name, EnvironmentSuffix="s1")
        assert outcome.verdict == "passed", outcome.reason
        figures = outcome.figures
        assert figures["unverified"] == []
        assert figures["not_emulated"] == known_gap
        assert figures["held"] == figures["asked"] - len(known_gap) > 25
        values = shared.outputs(name)
        assert not [value for value in values.values() if "not-emulated" in value]
        ended = shared.destroy(name)
        assert ended.verdict == "passed", ended.reason
        assert ended.figures["had"] == ended.figures["gone"] > 25
        assert ended.figures["unverified"] == []


def test_conditions_updates_and_no_change(bench: Bench) -> None:
    first = bench.deploy(BUCKET, EnvironmentSuffix="c1")
    assert (first.figures["asked"], first.figures["held"]) == (1, 1)
    assert bench.outputs() == {"BucketName": "data-c1"}
    again = bench.deploy(BUCKET, EnvironmentSuffix="c1")
    assert again.verdict == "passed"
    assert "nothing to change" in bench.log.read_text()
    more = bench.deploy(BUCKET, EnvironmentSuffix="c1", Level="high")
    assert (more.verdict, more.figures["held"]) == ("passed", 2)
    assert set(bench.outputs()) == {"BucketName", "ExtraUrl"}
    less = bench.deploy(BUCKET, EnvironmentSuffix="c1")
    assert less.figures["listed"] == 1
    assert bench.cloud.client("sqs").list_queues().get("QueueUrls", []) == []


def test_a_type_nothing_stands_behind_is_named(bench: Bench) -> None:
    text = (
        "Resources: {Farm: {Type: 'AWS::Deadline::Farm', Properties: {DisplayName: x}}, Q: {Type: 'AWS::SQS::Queue'}}"
    )
    outcome = bench.deploy(text + "\nOutputs: {FarmArn: {Value: !GetAtt Farm.Arn}}\n")
    assert outcome.verdict == "passed"
    assert outcome.figures["not_emulated"] == ["Farm (AWS::Deadline::Farm)"]
    assert (outcome.figures["asked"], outcome.figures["listed"], outcome.figures["held"]) == (2, 1, 1)
    assert outcome.findings[0]["rule"] == "emulation/not-emulated"
    hollow = cfn.outputs(bench.run, bench.cloud, "TapStackx")
    assert hollow.figures["stand_ins"] == ["FarmArn"]
    assert hollow.findings[0]["resource"] == "FarmArn"


def test_what_the_stack_lists_and_the_service_lost_fails(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = cfn_stack.Stack.resources

    def with_a_loss(self: cfn_stack.Stack) -> list[dict[str, str]]:
        listed = plain(self)
        bench.cloud.client("s3").delete_bucket(Bucket="data-l1")
        return listed

    monkeypatch.setattr(cfn_stack.Stack, "resources", with_a_loss)
    outcome = bench.deploy(BUCKET, EnvironmentSuffix="l1")
    assert outcome.verdict == "failed"
    assert "the stack lists data-l1, the service does not hold it" in outcome.reason


def test_the_first_failing_resources_own_reason_and_the_roll_back(bench: Bench) -> None:
    bench.cloud.client("s3").create_bucket(Bucket="taken")
    text = """
Resources:
  Jobs: {Type: "AWS::SQS::Queue"}
  Table: {Type: "AWS::DynamoDB::Table", DependsOn: Jobs, Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: other, AttributeType: S}], BillingMode: PAY_PER_REQUEST}}
  Late: {Type: "AWS::SNS::Topic", DependsOn: Table}
"""
    outcome = bench.deploy(text)
    assert outcome.verdict == "failed"
    assert outcome.reason.startswith("Table: AWS::DynamoDB::Table: ")
    assert "AttributeDefinitions" in outcome.reason
    assert outcome.findings[0]["resource"] == "Table"
    assert bench.cloud.client("sqs").list_queues().get("QueueUrls", []) == []
    status = bench.cloud.client("cloudformation").describe_stacks(StackName="TapStackx")["Stacks"][0]["StackStatus"]
    assert status == "ROLLBACK_COMPLETE"


def test_a_stale_stack_is_deleted_first(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bad = "Resources: {Link: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: 'arn:aws:sns:us-east-1:123456789012:no', Protocol: sqs}}}"
    assert bench.deploy(bad).verdict == "failed"
    assert bench.deploy(BUCKET, EnvironmentSuffix="st").verdict == "passed"
    assert "ROLLBACK_COMPLETE from an earlier attempt: deleting it first" in capsys.readouterr().err


def test_a_failed_update_goes_back_to_what_was(bench: Bench) -> None:
    assert bench.deploy(BUCKET, EnvironmentSuffix="u1").verdict == "passed"
    worse = BUCKET.replace(
        "Outputs:",
        "  Bad: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: 'arn:aws:sns:us-east-1:1:no', Protocol: sqs}}\nOutputs:",
    ).replace("Enabled", "Suspended")
    outcome = bench.deploy(worse, EnvironmentSuffix="u1")
    assert outcome.verdict == "failed"
    assert outcome.reason.startswith("Bad: ")
    assert bench.cloud.client("s3").get_bucket_versioning(Bucket="data-u1")["Status"] == "Enabled"
    assert bench.deploy(BUCKET, EnvironmentSuffix="u1").verdict == "passed"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Resources:\n  A: {Type: 'AWS::SQS::Queue'\n", "not valid YAML"),
        ("Resources: {}\n", "has no Resources"),
        ("[1, 2]\n", "a template is a mapping"),
        ("Resources: {A: {Properties: {}}}\n", "A has no Type"),
        ("Resources:\n  A: {Type: x}\n  A: {Type: y}\n", "'A' stands twice"),
        ("Resources: {A: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: !Ref Nowhere}}}\n", "[Nowhere]"),
        (
            "Resources:\n  A: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: !Ref B}}\n"
            "  B: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: !Ref A}}\n",
            "Circular dependency between resources: [A, B]",
        ),
        ("Parameters: {P: {Type: String}}\nResources: {A: {Type: 'AWS::SQS::Queue'}}\n", "[P] must have values"),
        (
            "Transform: Other::Macro\nResources: {A: {Type: 'AWS::SQS::Queue'}}\n",
            "Transform Other::Macro is not emulated",
        ),
    ],
)
def test_a_template_that_cannot_be_meant_fails_with_its_reason(shared: Bench, text: str, words: str) -> None:
    outcome = shared.deploy(text, "unmeant")
    assert outcome.verdict == "failed"
    assert words in outcome.reason


def test_parameters_are_held_to_their_rules(shared: Bench) -> None:
    assert "AllowedValues" in shared.deploy(BUCKET, "rules", Level="middle").reason
    assert "[Nothing] do not exist" in shared.deploy(BUCKET, "rules", Nothing="x").reason


def test_no_template_is_a_failure(shared: Bench) -> None:
    outcome = shared.deploy(shared.run.worktree / "lib" / "none.yml")
    assert "no such template" in outcome.reason


@pytest.mark.parametrize(
    ("resource", "rule"),
    [
        ("{Type: 'AWS::S3::Bucket', DeletionPolicy: Retain}", "destroyable/deletion-policy"),
        ("{Type: 'AWS::RDS::DBInstance', DeletionPolicy: Snapshot}", "destroyable/deletion-policy"),
        ("{Type: 'AWS::S3::Bucket', UpdateReplacePolicy: Retain}", "destroyable/update-policy"),
        ("{Type: 'AWS::RDS::DBInstance', Properties: {DeletionProtection: true}}", "destroyable/protection"),
        ("{Type: 'AWS::DynamoDB::Table', Properties: {DeletionProtectionEnabled: 'true'}}", "destroyable/protection"),
        (
            "{Type: 'AWS::RDS::DBCluster', Properties: {DeletionProtection: !If [High, true, false]}}",
            "destroyable/protection",
        ),
        (
            "{Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: {LoadBalancerAttributes:"
            " [{Key: deletion_protection.enabled, Value: 'true'}]}}",
            "destroyable/protection",
        ),
        ("{Type: 'AWS::S3::Bucket', Properties: {ObjectLockEnabled: true}}", "destroyable/object-lock"),
    ],
)
def test_what_would_outlive_the_stack_is_refused(shared: Bench, resource: str, rule: str) -> None:
    outcome = shared.deploy(f"Resources: {{Kept: {resource}}}\n", "kept")
    assert outcome.verdict == "failed"
    assert outcome.reason.startswith("Kept: ")
    assert outcome.findings[0]["rule"] == rule
    assert (
        shared.cloud.client("cloudformation").list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"] == []
    )


def test_a_large_template_goes_through_a_bucket(bench: Bench) -> None:
    told = "x" * 60_000
    outcome = bench.deploy(f"Metadata: {{Note: {told}}}\n" + BUCKET, EnvironmentSuffix="big")
    assert outcome.verdict == "passed", outcome.reason
    names = [item["Name"] for item in bench.cloud.client("s3").list_buckets()["Buckets"]]
    assert names == ["data-big"]


def test_outputs_without_a_stack_fail_and_leave_no_file(bench: Bench) -> None:
    target = bench.run.worktree / cfn.OUTPUTS
    target.parent.mkdir()
    target.write_text("{}")
    outcome = cfn.outputs(bench.run, bench.cloud, "TapStackx")
    assert outcome.verdict == "failed"
    assert "does not exist" in outcome.reason
    assert not target.exists()


def test_a_stack_without_outputs_fails(bench: Bench) -> None:
    assert bench.deploy("Resources: {Q: {Type: 'AWS::SQS::Queue'}}\n").verdict == "passed"
    outcome = cfn.outputs(bench.run, bench.cloud, "TapStackx")
    assert (outcome.verdict, "has no outputs" in outcome.reason) == ("failed", True)


def test_destroy_empties_buckets_of_every_version(bench: Bench) -> None:
    bench.deploy(BUCKET, EnvironmentSuffix="full")
    s3 = bench.cloud.client("s3")
    for body in (b"1", b"2"):
        s3.put_object(Bucket="data-full", Key="k", Body=body)
    s3.delete_object(Bucket="data-full", Key="k")
    outcome = bench.destroy()
    assert outcome.verdict == "passed", outcome.reason
    assert "emptied bucket data-full: 3 versions" in bench.log.read_text()
    assert s3.list_buckets()["Buckets"] == []


def test_what_cannot_be_deleted_is_shown_with_its_remedy(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    roles = """
Resources:
  Free: {Type: "AWS::IAM::Role", Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}}
  Used: {Type: "AWS::IAM::Role", Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}}
Outputs: {Name: {Value: !Ref Used}}
"""
    bench.deploy(roles)
    name = bench.outputs()["Name"]
    bench.cloud.client("iam").attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    outcome = bench.destroy()
    assert outcome.verdict == "failed"
    assert "DELETE_FAILED: Used: AWS::IAM::Role: Cannot delete entity" in outcome.reason
    assert outcome.findings == [
        {
            "rule": "destroy/leftover",
            "severity": "error",
            "resource": "Used",
            "message": f"AWS::IAM::Role {name} is still there; remove it with: aws iam delete-role --role-name {name}",
        }
    ]
    assert "attempt 3 of 3" in capsys.readouterr().err
    assert (outcome.figures["had"], outcome.figures["gone"]) == (2, 1)


def test_destroying_nothing_passes_and_says_so(bench: Bench) -> None:
    outcome = bench.destroy()
    assert (outcome.verdict, outcome.figures["had"]) == ("passed", 0)


SLOW = """
Resources:
  Role: {Type: "AWS::IAM::Role", Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}}
  Fn:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.12, Handler: index.handler, Timeout: 60, Role: !GetAtt Role.Arn, Code: {ZipFile: "import time\\ndef handler(e, c):\\n    time.sleep(50)\\n"}}
  Slow: {Type: "Custom::Slow", Properties: {ServiceToken: !GetAtt Fn.Arn}}
"""


def test_a_server_killed_in_a_deploy_is_a_clear_failure(bench: Bench) -> None:
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(bench.deploy(SLOW)))
    thread.start()
    assert wait_until(lambda: bench.log.exists() and "CREATE_IN_PROGRESS Slow" in bench.log.read_text(), 60)
    os.kill(bench.cloud.pid, signal.SIGKILL)  # type: ignore[attr-defined]
    thread.join(30)
    assert not thread.is_alive()
    assert outcomes[0].verdict == "failed"
    assert "the emulated cloud (moto) has ended" in outcomes[0].reason


def test_a_stack_that_takes_too_long_is_a_clear_failure(bench: Bench) -> None:
    bench.run.settings._values["ladder.stage_minutes"] = 0.05
    outcome = bench.deploy(SLOW)
    assert outcome.verdict == "failed"
    assert "TapStackx is still CREATE_IN_PROGRESS after 0.05 minutes" in outcome.reason


def test_what_ended_with_its_emulator_counts_as_gone(bench: Bench) -> None:
    from kit.ladder.clouds import open_cloud

    bench.deploy(BUCKET, EnvironmentSuffix="lost")
    bench.cloud.stop()
    bench.cloud = open_cloud(bench.run)
    outcome = bench.destroy()
    assert outcome.verdict == "passed"
    assert outcome.figures["ended_with_emulator"] == 1


def test_stacks_import_what_others_export(bench: Bench) -> None:
    giver = (
        "Resources: {Q: {Type: 'AWS::SQS::Queue'}}\nOutputs: {Arn: {Value: !GetAtt Q.Arn, Export: {Name: jobs-arn}}}\n"
    )
    taker = "Resources: {P: {Type: 'AWS::SSM::Parameter', Properties: {Type: String, Name: /p, Value: !ImportValue jobs-arn}}}\n"
    assert "No export named jobs-arn found" in bench.deploy(taker, "taker").reason
    bench.deploy(giver, "giver")
    assert bench.deploy(taker, "taker").verdict == "passed"
    value = bench.cloud.client("ssm").get_parameter(Name="/p")["Parameter"]["Value"]
    assert value.startswith("arn:aws:sqs:us-east-1:123456789012:giver-Q-")
    refused = bench.destroy("giver")
    assert refused.reason == "destroying giver: Export jobs-arn cannot be deleted as it is in use by taker"
    assert bench.destroy("taker").verdict == "passed"
    assert bench.destroy("giver").verdict == "passed"


def test_a_nested_stack_and_a_custom_resource(bench: Bench) -> None:
    inner = "Parameters: {Name: {Type: String}}\nResources: {Q: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Ref Name}}}\n"
    inner += "Outputs: {Url: {Value: !Ref Q}}\n"
    s3 = bench.cloud.client("s3")
    s3.create_bucket(Bucket="nested")
    s3.put_object(Bucket="nested", Key="inner.yml", Body=inner.encode())
    outer = """
Resources:
  Inner: {Type: "AWS::CloudFormation::Stack", Properties: {TemplateURL: "https://nested.s3.amazonaws.com/inner.yml", Parameters: {Name: inner-jobs}}}
  Role: {Type: "AWS::IAM::Role", Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}}
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: index.handler
      Timeout: 20
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import cfnresponse
          def handler(event, context):
              data = {"Twice": event["ResourceProperties"]["Word"] * 2}
              cfnresponse.send(event, context, cfnresponse.SUCCESS, data, "twice-1")
  Twice: {Type: "Custom::Twice", Properties: {ServiceToken: !GetAtt Fn.Arn, Word: ab}}
Outputs:
  Url: {Value: !GetAtt Inner.Outputs.Url}
  Twice: {Value: !GetAtt Twice.Twice}
  Id: {Value: !Ref Twice}
"""
    outcome = bench.deploy(outer)
    assert outcome.verdict == "passed", outcome.reason
    values = bench.outputs()
    assert values["Url"].endswith("/inner-jobs")
    assert (values["Twice"], values["Id"]) == ("abab", "twice-1")
    assert bench.destroy().verdict == "passed"
    assert bench.cloud.client("sqs").list_queues().get("QueueUrls", []) == []


def test_a_custom_resource_whose_function_insists_on_tls(bench: Bench) -> None:
    # So do those of the CDK: they read of the address that is given only where to, and what to ask for.
    template = """
Resources:
  Role: {Type: "AWS::IAM::Role", Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}}
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Timeout: 20
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          const https = require("https");
          exports.handler = event => new Promise((done, fail) => {
            const { hostname, pathname } = new URL(event.ResponseURL);
            const body = JSON.stringify({ Status: "SUCCESS", PhysicalResourceId: "p", Data: { Kind: event.ResourceType } });
            const headers = { "content-type": "", "content-length": Buffer.byteLength(body) };
            const asked = https.request({ hostname, port: 443, path: pathname, method: "PUT", headers }, answer => {
              answer.resume();
              done();
            });
            asked.on("error", fail);
            asked.end(body);
          });
  Thing: {Type: "Custom::Thing", Properties: {ServiceToken: !GetAtt Fn.Arn}}
Outputs:
  Kind: {Value: !GetAtt Thing.Kind}
"""
    outcome = bench.deploy(template)
    assert outcome.verdict == "passed", outcome.reason
    assert bench.outputs()["Kind"] == "Custom::Thing"
    assert bench.destroy().verdict == "passed"
