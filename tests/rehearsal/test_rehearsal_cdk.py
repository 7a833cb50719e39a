"""CDK programs: their order, their sections and arguments, and the QA part that works on them."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from bakery import ORDERS, Desk, build, handover, harden, talk

from kit.rehearsal.blueprints import heads, shared
from kit.rehearsal.cdk.plan import plan
from kit.rehearsal.cdk.program import Program, common_tags
from kit.rehearsal.cdk.synthesized import joined, synthesized
from kit.rehearsal.documents import blocks
from kit.rehearsal.emit_cdk import files
from kit.rehearsal.emit_cfn import load
from kit.rehearsal.mending import resource_of
from kit.rehearsal.model import reply
from kit.rehearsal.sighting import as_template
from kit.rehearsal.stack import Stack
from kit.rehearsal.targets import Target, target_of

GENERATOR, QA, REVIEWER = (
    f"You are {name}, " for name in ("iac-infra-generator", "iac-infra-qa-trainer", "iac-code-reviewer")
)
FREE = """\
Parameters:
  EnvironmentSuffix: {Type: String, Default: dev}
  ProjectName: {Type: String, Default: bakery}
  Email: {Type: String, Default: ''}
  Image: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /aws/image}
Conditions:
  HasEmail: !Not [!Equals [!Ref Email, '']]
  Both: !And [!Condition HasEmail, !Equals [!Ref ProjectName, bakery]]
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Delete
    DependsOn: Topic
    Properties:
      BucketName: !Sub '${ProjectName}-${AWS::Region}-${EnvironmentSuffix}'
      VersioningConfiguration: {Status: !If [Both, Enabled, Suspended]}
  Topic: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: !Ref 'AWS::NoValue'}}
  Mail:
    Type: AWS::SNS::Subscription
    Condition: HasEmail
    Properties: {Protocol: email, Endpoint: !Ref Email, TopicArn: !Ref Topic}
  Instance:
    Type: AWS::EC2::Instance
    Properties: {ImageId: !Ref Image, UserData: {Fn::Base64: "one\\ntwo\\nthree\\n"}}
Outputs:
  Bucket: {Description: The bucket, Value: !GetAtt Bucket.Arn}
  Names: {Value: !Join [',', [!Ref Bucket, !Ref Topic]]}
"""


def everything() -> Stack:
    stack = build(
        "lambda", "s3", "dynamodb", "sqs", "sns", "kms", "vpc", "alb", "ecs", "rds", "secrets", wishes=("tags",)
    )
    for service in ("s3", "lambda", "dynamodb"):
        harden(stack, service)
    return stack


def test_nothing_is_used_before_it_is_made_nor_by_an_earlier_section() -> None:
    stack = everything()
    made = plan(stack)
    rank = {section.name: number for number, section in enumerate(made.sections)}
    order = [name for section in made.sections for name in section.members]
    assert sorted(order) == sorted(stack.resources)
    for name, users in made.users.items():
        if name in made.section_of:
            assert all(rank[made.section_of[name]] <= rank[user] for user in users), name


def test_resources_that_need_each_other_are_told() -> None:
    circle = {"A": {"Type": "AWS::SNS::Topic", "DependsOn": "B"}, "B": {"Type": "AWS::SNS::Topic", "DependsOn": "A"}}
    with pytest.raises(ValueError, match="needs what needs it"):
        plan(Stack({"Resources": circle}))


@pytest.mark.parametrize("language", ["ts", "py"])
def test_a_long_program_is_a_class_a_section_and_a_short_one_is_a_file(language: str) -> None:
    short, long = files(build("sqs"), language), files(everything(), language)
    [main] = short
    assert main == Target("cdk", language).main
    ending = main.rpartition(".")[2]
    assert {f"lib/{name}.{ending}" for name in ("network", "data", "compute", "project")} < set(long)
    assert "lib/lambda/processor/index.py" in long
    assert max(len(text.splitlines()) for text in long.values()) < 600


def test_python_programs_are_python() -> None:
    for text in [*files(everything(), "py").values(), Target("cdk", "py").unit_tests(everything())]:
        ast.parse(text)


def test_functions_of_cloudformation_are_said_in_the_program() -> None:
    stack = Stack(load(FREE))
    text = files(stack, "ts")["lib/tap-stack.ts"]
    for piece in (
        "const { environmentSuffix, email = '' } = props;",
        "const image = ssm.StringParameter.valueForTypedStringParameterV2(",
        "const hasEmail = email !== '';",
        "const both = hasEmail && PROJECT === 'bakery';",
        "bucketName: `${PROJECT}-${cdk.Aws.REGION}-${environmentSuffix}`,",
        "versioningConfiguration: { status: both ? 'Enabled' : 'Suspended' },",
        "bucket.addResourceDependency(topic);",
        "bucket.applyRemovalPolicy(cdk.RemovalPolicy.DESTROY);",
        "    if (hasEmail) {\n      new sns.CfnSubscription(",
        "userData: cdk.Fn.base64(",
        "].join('\\n'),",
        "new cdk.CfnOutput(this, 'BucketOutput', { description: 'The bucket', value: bucket.attrArn })",
        ".overrideLogicalId('Bucket');",
        "value: `${bucket.ref},${topic.ref}`",
    ):
        assert piece in text, f"{piece}\n{text}"


def test_what_the_cdk_makes_is_known_without_it() -> None:
    stack = Stack(load(FREE))
    plain, given = synthesized(stack, "test"), synthesized(stack, "test", {"Email": "a@b.c"})
    assert "Mail" not in plain["Resources"]
    assert given["Resources"]["Mail"]["Properties"]["Endpoint"] == "a@b.c"
    assert plain["Resources"]["Bucket"] == {
        "Type": "AWS::S3::Bucket",
        "Properties": {
            "BucketName": {"Fn::Join": ["", ["bakery-", {"Ref": "AWS::Region"}, "-test"]]},
            "VersioningConfiguration": {"Status": "Suspended"},
        },
        "DependsOn": ["Topic"],
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
    }
    assert "Properties" not in plain["Resources"]["Topic"]
    assert plain["Outputs"]["Names"]["Value"] == {"Fn::Join": ["", [{"Ref": "Bucket"}, ",", {"Ref": "Topic"}]]}


def test_texts_and_references_are_joined_as_the_cdk_does() -> None:
    inner = {"Fn::Join": ["", ["b", {"Ref": "C"}]]}
    assert joined(["a", inner, "", 1]) == {"Fn::Join": ["", ["ab", {"Ref": "C"}, "1"]]}
    assert joined(["a", "b"]) == "ab"
    assert joined([{"Ref": "A"}]) == {"Ref": "A"}
    assert joined([]) == ""


def test_tags_that_most_resources_have_are_tags_of_the_stack() -> None:
    stack = everything()
    assert common_tags(stack) == {"Project": {"Ref": "ProjectName"}, "Environment": {"Ref": "EnvironmentSuffix"}}
    assert "Tags" not in Program(stack, "ts", False).properties("DataBucket")


def test_every_document_of_the_knowledge_keeps_its_keys() -> None:
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    for service in sorted(heads()):
        for name, one in harden(build(service, wishes=tuple(shared("wishes"))), service).resources.items():
            schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", one["Type"]).schema
            for key, value in one.get("Properties", {}).items():
                for place, found in _free(value, schema.get("properties", {}).get(key, {}), schema, key):
                    assert place in shared("cdk")["documents"] or not found or place.endswith("Tags"), (name, place)


def _free(value: Any, schema: dict[str, Any], root: dict[str, Any], key: str) -> list[tuple[str, Any]]:
    """The mappings in a value for which the schema names no properties, each with the property it stands under."""
    candidates = _all(schema, root)
    if isinstance(value, list):
        inner = next((one["items"] for one in candidates if "items" in one), {})
        return [found for one in value for found in _free(one, inner, root, key)]
    if not isinstance(value, dict) or (len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))):
        return []
    properties = {name: one for each in candidates for name, one in each.get("properties", {}).items()}
    if not properties:
        return [(key, value)]
    return [found for name, one in value.items() for found in _free(one, properties.get(name, {}), root, name)]


def _all(schema: dict[str, Any], root: dict[str, Any]) -> list[dict[str, Any]]:
    while "$ref" in schema:
        parts = schema["$ref"].split("/")[1:]
        schema = root
        for part in parts:
            schema = schema[part]
    more = [one for word in ("oneOf", "anyOf", "allOf") for one in schema.get(word, [])]
    return [schema, *(found for one in more for found in _all(one, root))]


def test_findings_lead_to_the_resource_whose_part_they_name() -> None:
    stack = build("s3")
    assert resource_of({"resource": "aws_s3_bucket_versioning.DataBucketVersioning"}, "", stack) == "DataBucket"
    assert resource_of({"resource": "AWS::S3::Bucket.DataBucket"}, "", stack) == "DataBucket"
    assert resource_of({"resource": "aws_s3_bucket.Other"}, "", stack) == ""


@pytest.mark.parametrize(("language", "pair"), [("ts", "AWS CDK in TypeScript"), ("py", "AWS CDK in Python")])
def test_a_program_goes_through_all_parts(desk: Desk, language: str, pair: str) -> None:
    rules = [{"rule": "CKV_AWS_21", "resource": "AWS::S3::Bucket.PriceListsBucket", "message": "no versions"}]
    desk.stages = lambda desk, stage: {"findings": rules if stage == "lint" and desk.ran.count("lint") == 1 else []}
    text = handover(ORDERS).replace("Platform: cfn\nLanguage: yaml", f"Platform: cdk\nLanguage: {language}")
    target = Target("cdk", language)
    talk(desk, GENERATOR, text)
    prompt = (desk.root / "lib/PROMPT.md").read_text(encoding="utf-8")
    assert f"with {pair}" in prompt
    [said] = reply({"messages": [{"role": "user", "content": prompt}]})["content"]
    answer = blocks(said["text"])
    for path, content in answer.items():
        (desk.root / path).parent.mkdir(parents=True, exist_ok=True)
        (desk.root / path).write_text(content, encoding="utf-8")
    opening = f"{text}\nThe prompt is `lib/PROMPT.md`. The main file is `{target.main}`.\n"
    talk(desk, QA, opening)
    assert desk.reports[-1]["status"] == "COMPLETED", desk.reports[-1]
    assert [one["id"] for one in desk.failures] == ["s3-versioning"]
    assert all((desk.root / path).is_file() for path in (target.unit, target.integration))
    mended = {path: (desk.root / path).read_text(encoding="utf-8") for path in answer}
    assert [path for path in answer if mended[path] != answer[path]] == desk.failures[0]["files"]
    told = "".join(f"- `{path}`\n" for path in answer)
    talk(desk, REVIEWER, f"{opening}\n{told}\n## Receipts for the final files\n\n## Entries of MODEL_FAILURES\nnone")
    assert desk.review["violations"] == ["asked for and not in the stack: Amazon Personalize"]


def test_qa_says_when_the_program_is_not_its_own_and_writes_its_own(desk: Desk) -> None:
    text = handover(ORDERS).replace("Platform: cfn\nLanguage: yaml", "Platform: cdk\nLanguage: ts")
    talk(desk, GENERATOR, text)
    (desk.root / "lib/tap-stack.ts").write_text("// by somebody else\n", encoding="utf-8")
    opening = f"{text}\nThe prompt is `lib/PROMPT.md`. The main file is `lib/tap-stack.ts`.\n"
    said = str(talk(desk, QA, opening))
    assert "lib/tap-stack.ts is not what I would write for the prompt" in said
    assert "class TapStack" in (desk.root / "lib/tap-stack.ts").read_text(encoding="utf-8")


def test_qa_without_a_prompt_ends_with_the_reason(desk: Desk) -> None:
    text = handover(ORDERS).replace("Platform: cfn\nLanguage: yaml", "Platform: cdk\nLanguage: ts")
    talk(desk, QA, f"{text}\nThe prompt is `lib/PROMPT.md`. The main file is `lib/tap-stack.ts`.\n")
    assert desk.reports[-1]["status"] == "FAILED"
    assert "lib/PROMPT.md cannot be read" in desk.reports[-1]["issues"]


@pytest.mark.parametrize("platform", ["cdk", "cdktf", "pulumi"])
@pytest.mark.parametrize("language", ["ts", "py"])
def test_a_program_shows_which_services_it_holds(platform: str, language: str) -> None:
    stack = build("s3", "sqs", "lambda")
    seen = as_template("\n".join(Target(platform, language).files(stack).values()), platform)
    for kind in ("AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::Lambda::Function"):
        assert kind in seen
    assert "AWS::RDS::DBInstance" not in seen


def test_pairs_are_told_by_their_main_file() -> None:
    assert target_of("lib/TapStack.json") == Target("cfn", "json")
    assert target_of("lib/tap_stack.py", "pulumi") == Target("pulumi", "py")
    assert target_of("lib/tap-stack.ts", "cdk").title == "AWS CDK in TypeScript"
