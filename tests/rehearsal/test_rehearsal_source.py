"""Values as source text: literals that are read back as they were, broken where they are long, and safe names."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from kit.rehearsal.source import WIDTH, Call, Choice, Code, Text, camel, py, snake, ts, variable, whole

VALUES: list[Any] = [
    {"it's": ['both "kinds"', "of 'quotes'"], "a-b": True, "n": 1.5, "nothing": [], "none": {}},
    {"deep": {"deeper": [{"deepest": list(range(60))}], "text": "x" * 130}},
    "line one\nline 'two'\n\\ three ${four} {five}\n",
    'a "b" `c` ${d}\t\u00e9',
]


@pytest.mark.parametrize("value", VALUES)
def test_python_reads_back_what_was_written(value: Any) -> None:
    assert eval(py(value, 4, 8)) == value


def test_node_reads_back_what_was_written() -> None:
    written = ",".join(ts(value, 4, 8) for value in VALUES)
    words = ["node", "-e", f"process.stdout.write(JSON.stringify([{written}]))"]
    assert json.loads(subprocess.run(words, capture_output=True, check=True, text=True).stdout) == VALUES


def test_code_and_text_stand_in_literals_as_they_are() -> None:
    value = {"arn": Code("bucket.attrArn"), "name": Text(["a-`", Code("project"), "-${b}"])}
    assert ts(value) == "{ arn: bucket.attrArn, name: `a-\\`${project}-\\${b}` }"
    assert py(value) == '{"arn": bucket.attrArn, "name": f"a-`{project}-${{b}}"}'


def test_code_in_a_formatted_string_does_not_end_it() -> None:
    value = Text(["say ", Code('names["a"]'), ' "it"'])
    names = {"a": "b"}
    assert eval(py(Text(["say ", Code('names["a"]')])), {"names": names}) == "say b"
    assert py(value) == 'f"say {names[\'a\']} \\"it\\""'


def test_a_name_that_is_its_own_value_is_said_once_in_typescript() -> None:
    assert ts({"vpc": Code("vpc")}) == "{ vpc }"


def test_long_values_are_broken_and_short_ones_are_not() -> None:
    call = Call("new s3.CfnBucket", [Code("this"), "DataBucket"], {"bucketName": "x" * 50, "tags": ["y" * 40]})
    assert ts(call) == (
        f"new s3.CfnBucket(this, 'DataBucket', {{\n  bucketName: '{'x' * 50}',\n  tags: ['{'y' * 40}'],\n}})"
    )
    assert py(Call("f", [Code("self"), "a"], {"b": 1})) == 'f(self, "a", b=1)'
    many = py(Call("f", [Code("self")], {"b": ["z" * 60, "z" * 60]}))
    assert many.splitlines()[:3] == ["f(", "    self,", "    b=["]
    assert max(len(line) for line in many.splitlines()) <= WIDTH


def test_a_choice_is_a_conditional_expression() -> None:
    choice = Choice("wanted", {"a": 1}, Code("none"))
    assert ts(choice) == "wanted ? { a: 1 } : none"
    assert py(choice) == '{"a": 1} if wanted else none'
    long = Choice("wanted", {"a": ["b" * 90]}, {"c": 1})
    assert ts([long]).splitlines()[1:3] == ["  wanted", "    ? {"]
    assert eval(py([long]), {"wanted": False}) == [{"c": 1}]


@pytest.mark.parametrize(
    ("name", "camels", "snakes"),
    [
        ("BucketName", "bucketName", "bucket_name"),
        ("DBInstanceIdentifier", "dbInstanceIdentifier", "db_instance_identifier"),
        ("SSEAlgorithm", "sseAlgorithm", "sse_algorithm"),
        ("KMSMasterKeyID", "kmsMasterKeyId", "kms_master_key_id"),
        ("TargetGroupARNs", "targetGroupArns", "target_group_arns"),
        ("S3BucketName", "s3BucketName", "s3_bucket_name"),
        ("attr.Endpoint.Address", "attrEndpointAddress", "attr_endpoint_address"),
        ("ipv6_cidr_block", "ipv6CidrBlock", "ipv6_cidr_block"),
        ("VPCs", "vpcs", "vpcs"),
    ],
)
def test_names_follow_the_rules_of_the_bindings(name: str, camels: str, snakes: str) -> None:
    assert (camel(name), snake(name)) == (camels, snakes)


def test_variables_are_no_keywords_and_not_taken() -> None:
    assert variable("Function", "ts") == "functionResource"
    assert variable("Lambda", "py") == "lambda_resource"
    assert variable("Vpc", "ts", {"vpc"}) == "vpcResource"
    assert variable("DataBucket", "py") == "data_bucket"


def test_a_text_of_one_part_is_that_part() -> None:
    assert whole(Text(["a", "b"])) == "ab"
    assert whole(Text(["", Code("x")])) == Code("x")
    assert whole(Text([])) == ""
