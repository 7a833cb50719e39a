"""Stacks as Pulumi programs: the names of pulumi-aws, how programs are laid out, what their tests expect."""

from __future__ import annotations

import ast
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from bakery import build, harden

from kit.errors import Failure
from kit.ladder import pulumi_graph, terraform_schema
from kit.rehearsal.blueprints import heads, shared
from kit.rehearsal.emit_pulumi import files
from kit.rehearsal.pulumi.names import Word, arguments, camel, class_of, token_of
from kit.rehearsal.pulumi.program import parts, used_by
from kit.rehearsal.stack import Stack
from kit.rehearsal.terraform.graph import Base64, Graph, Handler, Joined, Json, Known, Map, Reference, Variable, within
from kit.rehearsal.terraform.translate import translate
from kit.rehearsal.testing_pulumi import unit_tests

SERVICES = sorted(heads())
WEB = ("vpc", "alb", "ecs", "rds", "secrets", "cloudfront", "s3", "kms", "waf", "cloudwatch", "sns")


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The provider's schema; where neither registry nor mirror is to be had the tests are not run, but for CI."""
    try:
        return terraform_schema.resources()
    except Failure as failure:
        if os.environ.get("CI"):
            pytest.fail(str(failure))
        pytest.skip(f"the provider's schema cannot be had: {failure}")


def hardened(*services: str) -> Stack:
    stack = build(*services)
    for service in SERVICES:
        harden(stack, service)
    return stack


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("aws_sqs_queue", "sqs.Queue"),
        ("aws_nat_gateway", "ec2.NatGateway"),
        ("aws_vpc", "ec2.Vpc"),
        ("aws_route_table_association", "ec2.RouteTableAssociation"),
        ("aws_route53_zone", "route53.Zone"),
        ("aws_db_subnet_group", "rds.SubnetGroup"),
        ("aws_rds_cluster", "rds.Cluster"),
        ("aws_api_gateway_rest_api", "apigateway.RestApi"),
        ("aws_s3_bucket", "s3.BucketV2"),
        ("aws_lb", "lb.LoadBalancer"),
        ("aws_lb_target_group", "lb.TargetGroup"),
        ("aws_config_config_rule", "cfg.Rule"),
    ],
)
def test_types_are_classes_by_rule_and_by_exception(kind: str, told: str) -> None:
    assert class_of(kind) == told


def test_tokens_are_what_the_engine_is_told() -> None:
    assert token_of("aws_lambda_function") == "aws:lambda/function:Function"
    assert token_of("aws_s3_bucket_versioning") == "aws:s3/bucketVersioningV2:BucketVersioningV2"


def test_arguments_get_their_names_and_shapes() -> None:
    rule = {"id": "a", "expiration": [{"days": 3}], "transition": [{"storage_class": "GLACIER"}]}
    made = arguments("aws_s3_bucket_lifecycle_configuration", {"bucket": "b", "rule": [rule]})
    wanted = {"id": "a", "expiration": {"days": 3}, "transitions": [{"storage_class": "GLACIER"}]}
    assert made == {"bucket": "b", "rules": [wanted]}
    assert arguments("aws_lambda_function", {"function_name": "f"}) == {"name": "f"}
    assert arguments("aws_iot_topic_rule", {"s3": [], "kinesis": []}) == {"s3": [], "kineses": []}
    assert arguments("aws_route53_record", {"weighted_routing_policy": {"weight": 1}}) == {
        "weighted_routing_policies": [{"weight": 1}]
    }
    assert arguments("aws_elasticache_replication_group", {"at_rest_encryption_enabled": "true"}) == {
        "at_rest_encryption_enabled": True
    }


def test_the_user_s_own_keys_stay_as_they_are() -> None:
    (key,) = arguments("aws_sqs_queue", {"tags": Map({"cost_center": "x"})})["tags"]
    assert key == "cost_center" and isinstance(key, Word)


@pytest.mark.parametrize("service", SERVICES)
def test_every_resource_finds_its_way_back_to_terraform(service: str, schema: dict[str, Any], tmp_path: Path) -> None:
    """What a program asks for is, after the ladder's own conversion, what the graph says."""
    graph = translate(hardened(service))
    converter = pulumi_graph.Converter(tmp_path, schema, tmp_path / "assets")
    asked = [one for one in graph.nodes if not one.data]
    for node in asked:
        inputs = {camel(name): value for name, value in arguments(node.type, node.arguments).items()}
        made = converter.convert(_captured(token_of(node.type), node.id, _camel(inputs)))
        (body,) = made["resource"].get(node.type, {"": {}}).values()
        lost = set(node.arguments) - set(body) - {"filename"}
        assert (node.id, lost) == (node.id, set())
    assert converter.problems == []


def _captured(token: str, name: str, inputs: Any) -> dict[str, Any]:
    resource = {"type": token, "name": name, "custom": True, "inputs": inputs}
    return {"resources": [resource], "outputs": {}, "suffix": "dev", "region": "us-east-1"}


def _camel(value: Any) -> Any:
    """Inputs as they are captured; what is put together stands as a word, code and documents as nothing."""
    if isinstance(value, Reference | Known | Variable | Joined | Base64 | Json):
        return "put-together"
    if isinstance(value, Handler):
        return None
    if isinstance(value, dict):
        return {key if isinstance(key, Word) else camel(key): _camel(inner) for key, inner in value.items()}
    return [_camel(one) for one in value] if isinstance(value, list) else value


def test_a_short_program_is_one_file() -> None:
    assert [path for path in files(build("sqs"), "ts") if path.startswith("lib/")] == ["lib/tap-stack.ts"]
    assert [path for path in files(build("sqs"), "py") if path.startswith("lib/")] == ["lib/tap_stack.py"]


def test_a_long_program_is_laid_out_by_subject() -> None:
    made = files(hardened(*WEB), "ts")
    assert {"lib/tap-stack.ts", "lib/network.ts", "lib/storage.ts", "lib/compute.ts", "bin/tap.ts"} <= set(made)
    assert max(text.count("\n") for path, text in made.items() if path == "lib/tap-stack.ts") < 100
    assert "const network = new Network('network', { environmentSuffix" in made["lib/tap-stack.ts"]


def test_a_subject_uses_none_that_comes_after_it() -> None:
    graph = translate(hardened(*WEB))
    seen: set[str] = set()
    for part in parts(graph):
        for node in part.nodes:
            assert used_by(node) <= seen
            seen.add(node.id)
    assert seen == {one.id for one in graph.nodes}


def test_what_is_known_at_once_is_plain_text_and_what_is_not_is_an_output() -> None:
    text = files(build("s3", "sqs"), "ts")["lib/tap-stack.ts"]
    assert "name: `${PROJECT}-work-queue-${environmentSuffix}`" in text or "-${environmentSuffix}`," in text
    assert "bucket: pulumi.interpolate`${PROJECT}-data-${account.accountId}-${environmentSuffix}`" in text
    text = files(build("s3", "sqs"), "py")["lib/tap_stack.py"]
    assert 'bucket=pulumi.Output.concat(f"{PROJECT}-data-", account.account_id, f"-{suffix}")' in text


def test_the_code_of_a_function_is_a_folder() -> None:
    made = files(build("lambda"), "ts")
    assert "lib/lambda/processor/index.py" in made
    text = "".join(made.values())
    assert "new pulumi.asset.FileArchive(path.join(__dirname, 'lambda', 'processor'))" in text


def test_python_is_python_and_its_names_are_imported() -> None:
    for path, text in files(hardened(*WEB, "lambda"), "py").items():
        if path.endswith(".py"):
            tree = ast.parse(text)
            used = {one.id for one in ast.walk(tree) if isinstance(one, ast.Name)}
            named = [one for one in ast.walk(tree) if isinstance(one, ast.Import | ast.ImportFrom)]
            imported = {alias.asname or alias.name for one in named for alias in one.names}
            assert imported <= used | {"urllib.parse"}, path


def test_what_a_program_waits_for_is_said_once() -> None:
    graph = translate(hardened("lambda", "s3"))
    text = "".join(text for path, text in files(hardened("lambda", "s3"), "ts").items() if path.startswith("lib/"))
    (function,) = [one for one in graph.nodes if one.type == "aws_lambda_function"]
    block = text[text.index("'ProcessorFunction',") :]
    waited = re.search(r"dependsOn: \[([^\]]*)\]", block)
    assert waited and "processorFunctionLogs" in waited[1] and "processorFunctionRole," not in waited[1]
    assert function.depends_on


def test_the_tests_expect_what_the_graph_says() -> None:
    stack = hardened("lambda", "s3", "secrets")
    for language in ("ts", "py"):
        text = unit_tests(stack, language)
        assert "data-123456789012-test" in text
        assert "<DataBucket.arn>/*" in text
        assert "lib/lambda/processor" in text.replace("\\/", "/")
        assert "random_password.randomPassword" in text


def test_every_test_of_a_program_looks_at_something() -> None:
    tree = ast.parse(unit_tests(hardened(*WEB), "py"))
    tests = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")]
    assert len(tests) > 60
    assert all(any(isinstance(part, ast.Assert) for part in ast.walk(one)) for one in tests)


def test_two_runs_write_the_same() -> None:
    assert files(hardened(*WEB), "ts") == files(hardened(*WEB), "ts")
    assert files(hardened(*WEB), "py") == files(hardened(*WEB), "py")


def test_lookups_are_known_for_every_data_source() -> None:
    for service in SERVICES:
        graph: Graph = translate(build(service))
        for node in graph.nodes:
            if node.data:
                assert node.type in shared("pulumi")["lookups"]
        assert json.dumps([str(one) for node in graph.nodes for one in within(node.arguments)])


def test_a_generated_password_is_drawn_by_terraform_and_stays(schema: dict[str, Any], tmp_path: Path) -> None:
    """No password stands in the configuration that is applied."""
    asked = "${aws:secretsmanager/getRandomPassword:getRandomPassword::password24::randomPassword}"
    converter = pulumi_graph.Converter(tmp_path, schema, tmp_path / "assets")
    made = converter.convert(_captured("aws:rds/instance:Instance", "Database", {"password": asked}))
    drawn = made["data"]["aws_secretsmanager_random_password"]["password24"]
    assert drawn["password_length"] == 24
    body = made["resource"]["aws_db_instance"]["Database"]
    assert body["password"] == "${data.aws_secretsmanager_random_password.password24.random_password}"
    assert body["lifecycle"] == {"ignore_changes": ["password"]}
