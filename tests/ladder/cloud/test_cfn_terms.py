"""Templates as values: intrinsic functions, conditions, order, dynamic references."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.errors import Failure
from kit.ladder import cfn_template
from kit.ladder.clouds.moto_server import plan
from kit.ladder.clouds.moto_server.resolve import Scope, TemplateError, references, text

TEMPLATE = cfn_template.parse(
    """
Parameters: {Stage: {Type: String, Default: prod}}
Mappings: {Sizes: {prod: {count: 3}, dev: {count: 1}}}
Conditions:
  Prod: !Equals [!Ref Stage, prod]
  NotProd: !Not [!Condition Prod]
  Both: !And [!Condition Prod, !Not [!Condition NotProd]]
  Any: !Or [!Condition NotProd, !Equals [a, b]]
Resources: {A: {Type: x}}
""",
    "here",
)


def scope() -> Scope:
    return Scope(
        TEMPLATE,
        {"Stage": "prod", "List": ["a", "b"], "AWS::Region": "eu-west-1"},
        "eu-west-1",
        ref=lambda name: f"id-of-{name}",
        attribute=lambda name, attribute: f"{name}.{attribute}",
        exports={"out": "value"},
        dynamic=lambda kind, name: f"<{kind} {name}>",
    )


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ({"Ref": "Stage"}, "prod"),
        ({"Ref": "A"}, "id-of-A"),
        ({"Fn::GetAtt": ["A", "Arn"]}, "A.Arn"),
        ({"Fn::GetAtt": "A.Nested.Name"}, "A.Nested.Name"),
        ({"Fn::Sub": "${Stage}-${A}-${A.Arn}-${!Literal}"}, "prod-id-of-A-A.Arn-${Literal}"),
        ({"Fn::Sub": ["${x}/${Stage}", {"x": {"Ref": "A"}}]}, "id-of-A/prod"),
        ({"Fn::Join": ["-", ["a", {"Ref": "List"}, 1, True]]}, "a-a,b-1-true"),
        ({"Fn::Split": [",", "a,b"]}, ["a", "b"]),
        ({"Fn::Select": [1, {"Fn::Split": [",", "a,b"]}]}, "b"),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "count"]}, 3),
        ({"Fn::FindInMap": ["Sizes", "test", "count", {"DefaultValue": 9}]}, 9),
        ({"Fn::If": ["Prod", {"a": 1}, {"Ref": "AWS::NoValue"}]}, {"a": 1}),
        ({"k": {"Fn::If": ["NotProd", 1, {"Ref": "AWS::NoValue"}]}, "l": 2}, {"l": 2}),
        ([1, {"Fn::If": ["NotProd", 1, {"Ref": "AWS::NoValue"}]}], [1]),
        ({"Fn::GetAZs": ""}, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
        ({"Fn::GetAZs": "us-east-1"}, ["us-east-1a", "us-east-1b", "us-east-1c"]),
        ({"Fn::GetAZs": "ap-northeast-1"}, ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"]),
        ({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}, ["10.0.0.0/24", "10.0.1.0/24"]),
        ({"Fn::Base64": "hi"}, "aGk="),
        ({"Fn::ImportValue": {"Fn::Sub": "out"}}, "value"),
        ({"Fn::ToJsonString": {"a": {"Ref": "Stage"}}}, '{"a": "prod"}'),
        ({"Fn::Length": [1, 2]}, 2),
        ("{{resolve:ssm:/a/b}}-{{resolve:secretsmanager:s:SecretString:k}}", "<ssm /a/b>-<secretsmanager s:SecretString:k>"),
    ],
)  # fmt: skip
def test_terms_get_their_values(term: Any, value: Any) -> None:
    assert scope().value(term) == value


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ({"Fn::FindInMap": ["Sizes", "test", "count"]}, "Unable to get mapping for Sizes::test::count"),
        ({"Fn::Select": [5, ["a"]]}, "nonexistent value at index 5"),
        ({"Fn::ImportValue": "other"}, "No export named other"),
        ({"Fn::If": ["Nothing", 1, 2]}, "unresolved condition dependency Nothing"),
        ({"Fn::Cidr": ["10.0.0.0/24", 4, 8]}, "has no 4 blocks"),
    ],
)
def test_terms_without_a_value_are_errors(term: Any, words: str) -> None:
    with pytest.raises(TemplateError, match=words):
        scope().value(term)


def test_conditions_hold_or_not() -> None:
    found = {name: scope().condition(name) for name in TEMPLATE["Conditions"]}
    assert found == {"Prod": True, "NotProd": False, "Both": True, "Any": False}
    assert cfn_template.conditions(TEMPLATE, {}) == found
    other = cfn_template.conditions(TEMPLATE, {"Stage": "dev"})
    assert other == {"Prod": False, "NotProd": True, "Both": False, "Any": True}


def test_references_are_found_wherever_they_stand() -> None:
    term = {"a": [{"Ref": "R"}, {"Fn::Sub": ["${S}-${own}-${T.Arn}-${!U}", {"own": {"Fn::GetAtt": ["V", "x"]}}]}]}
    assert set(references(term)) == {"R", "S", "T", "V"}


def test_resources_come_after_what_they_need() -> None:
    resources = {
        "Last": {"Type": "x", "DependsOn": ["First"], "Properties": {"a": {"Ref": "Middle"}}},
        "Middle": {"Type": "x", "Properties": {"a": {"Fn::GetAtt": ["First", "Arn"]}}},
        "First": {"Type": "x", "Properties": {"a": {"Ref": "AWS::Region"}}},
    }
    assert plan.order(resources, {}) == ["First", "Middle", "Last"]
    with pytest.raises(TemplateError, match=r"Circular dependency between resources: \[First, Middle\]"):
        plan.order(resources | {"First": {"Type": "x", "DependsOn": "Middle"}}, {})


@pytest.mark.parametrize(
    ("slot", "value", "words"),
    [
        ({"Type": "Number"}, "many", "must be a number"),
        ({"Type": "Number", "MaxValue": 5}, "6", "outside of MinValue and MaxValue"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "A1", "must match pattern"),
        ({"Type": "String", "AllowedPattern": "[a-z]+", "ConstraintDescription": "is odd"}, "A1", "is odd"),
        ({"Type": "String", "MinLength": 3}, "ab", "has 2 characters"),
        ({"Type": "CommaDelimitedList", "AllowedValues": ["a"]}, "a,b", "must be one of AllowedValues"),
    ],
)
def test_parameters_that_break_their_rules_are_errors(slot: dict[str, Any], value: str, words: str) -> None:
    with pytest.raises(TemplateError, match=words):
        plan.parameters({"Parameters": {"P": slot}}, {"P": value})


def test_lists_and_booleans_are_written_as_cloudformation_does() -> None:
    assert plan.parameters({"Parameters": {"P": {"Type": "List<Number>"}}}, {"P": "1, 2"}) == {"P": ["1", "2"]}
    assert text([True, 1, "x"]) == "true,1,x"


def test_short_forms_and_dates_are_read_as_written(tmp_path: Path) -> None:
    path = tmp_path / "t.yml"
    path.write_text(
        "AWSTemplateFormatVersion: 2010-09-09\nResources:\n  A:\n    Type: x\n    Properties:\n"
        "      B: !GetAtt C.D.E\n      F: !Sub '${G}'\n      H: !Base64 {'Fn::Sub': x}\n      I: !Select [0, !GetAZs '']\n"
    )
    value = cfn_template.load(path)
    assert value["AWSTemplateFormatVersion"] == "2010-09-09"
    assert value["Resources"]["A"]["Properties"] == {
        "B": {"Fn::GetAtt": ["C", "D.E"]},
        "F": {"Fn::Sub": "${G}"},
        "H": {"Fn::Base64": {"Fn::Sub": "x"}},
        "I": {"Fn::Select": [0, {"Fn::GetAZs": ""}]},
    }


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{"Resources": {"A": {"Type": "x"}, "A": {"Type": "y"}}}', "'A' stands twice"),
        ('{"Resources": {"A": ', ":1: not valid JSON"),
        ("Resources:\n  A:\n   - b\n  c", ":[45]: not valid YAML"),
        ("Resources: [a]", "has no Resources"),
    ],
)
def test_damaged_templates_name_the_place(tmp_path: Path, body: str, words: str) -> None:
    path = tmp_path / "t.json"
    path.write_text(body)
    with pytest.raises(Failure, match=words) as caught:
        cfn_template.load(path)
    assert str(path) in str(caught.value)


def test_protection_that_is_plainly_off_is_no_finding() -> None:
    value = cfn_template.parse(
        """
Parameters: {Keep: {Type: String, Default: "false"}}
Resources:
  A: {Type: "AWS::RDS::DBInstance", DeletionPolicy: Delete, UpdateReplacePolicy: Delete, Properties: {DeletionProtection: false}}
  B: {Type: "AWS::RDS::DBCluster", Properties: {DeletionProtection: !Ref Keep}}
  C: {Type: "AWS::Cognito::UserPool", Properties: {DeletionProtection: INACTIVE}}
""",
        "here",
    )
    assert [found["resource"] for found in cfn_template.undestroyable(value)] == []
    assert [found["resource"] for found in cfn_template.undestroyable(value, {"Keep": "true"})] == ["B"]
