"""Stacks as Terraform graphs: every service, plain and hardened, against the schema of the real provider."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bakery import build, harden

from kit import command
from kit.errors import Failure
from kit.ladder import terraform_providers, terraform_schema
from kit.rehearsal.blueprints import KNOWLEDGE, heads
from kit.rehearsal.emit_cfn import load
from kit.rehearsal.parts.response import respond
from kit.rehearsal.stack import Stack
from kit.rehearsal.terraform.graph import (
    Base64,
    Graph,
    Handler,
    Joined,
    Json,
    Known,
    Map,
    Node,
    Reference,
    Variable,
    ordered,
    within,
)
from kit.rehearsal.terraform.translate import table, translate

SERVICES = sorted(heads())
COMPUTED = (Reference, Known, Variable, Joined, Base64, Json, Handler)
LEFT_OUT = ("HasCertificate holds", "HasAlertEmail holds", "HasDomain holds", "Terraform has no such resource")


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The provider's schema; where neither registry nor mirror is to be had the tests are not run, but for CI."""
    try:
        return terraform_schema.resources()
    except Failure as failure:
        if os.environ.get("CI"):
            pytest.fail(str(failure))
        pytest.skip(f"the provider's schema cannot be had: {failure}")


def typed(value: Any, kind: Any, where: str) -> Iterator[str]:
    if isinstance(value, COMPUTED):
        if not isinstance(kind, str):
            yield f"{where}: one value for {kind}"
    elif isinstance(kind, list) and kind[0] in ("list", "set"):
        if not isinstance(value, list):
            yield f"{where}: {value!r} is no list"
        else:
            for one in value:
                yield from typed(one, kind[1], where)
    elif isinstance(kind, list):
        if not isinstance(value, dict):
            yield f"{where}: {value!r} is no {kind[0]}"
        elif kind[0] == "object":
            for name, one in value.items():
                yield from (
                    typed(one, kind[1][name], f"{where}.{name}") if name in kind[1] else [f"{where}.{name}: unknown"]
                )
    elif not isinstance(value, {"string": str, "number": int | float, "bool": bool}[kind]):
        yield f"{where}: {value!r} is no {kind}"


def faults(block: dict[str, Any], given: dict[str, Any], where: str) -> Iterator[str]:
    for name, attribute in block["attributes"].items():
        if attribute.get("required") and name not in given:
            yield f"{where}: {name} is missing"
    for name, inner in block["blocks"].items():
        if inner["required"] and name not in given:
            yield f"{where}: block {name} is missing"
    for name, value in given.items():
        place = f"{where}.{name}"
        if name in block["attributes"]:
            attribute = block["attributes"][name]
            yield from typed(value, attribute["type"], place)
            if not attribute.get("optional") and not attribute.get("required"):
                yield f"{place}: cannot be set"
        elif name not in block["blocks"]:
            yield f"{place}: unknown"
        elif block["blocks"][name]["single"] != isinstance(value, dict):
            yield f"{place}: {'a block' if block['blocks'][name]['single'] else 'blocks'} wanted, not {value!r}"
        else:
            for one in [value] if isinstance(value, dict) else value:
                yield from faults(block["blocks"][name], one, place)


def all_faults(graph: Graph, schema: dict[str, Any]) -> list[str]:
    found: list[str] = []
    by_id = {node.id: node for node in graph.nodes}
    for node in graph.nodes:
        if not node.data:
            found += faults(schema[node.type], node.arguments, node.id)
    values = [*(node.arguments for node in graph.nodes), *(value for _, value in graph.outputs.values())]
    for one in (one for value in values for one in within(value) if isinstance(one, Reference)):
        node = by_id[one.resource]
        if not node.data and one.attribute not in schema[node.type]["attributes"]:
            found.append(f"{node.type} has no {one.attribute}")
    return found


def hardened(*services: str) -> Stack:
    """The services with every practice of every service that has to do with their resources."""
    stack = build(*services)
    for service in SERVICES:
        harden(stack, service)
    return stack


@pytest.mark.parametrize("service", SERVICES)
def test_what_stands_in_the_graph_is_in_the_provider_s_schema(service: str, schema: dict[str, Any]) -> None:
    for stack in (build(service), hardened(service)):
        graph = translate(stack)
        assert all_faults(graph, schema) == []
        assert [note for note in graph.notes if not any(reason in note for reason in LEFT_OUT)] == []


def test_a_wrong_name_a_missing_argument_and_a_wrong_shape_are_seen(schema: dict[str, Any]) -> None:
    node = Node("Table", "aws_dynamodb_table", {"hashkey": "id", "ttl": [{}], "read_capacity": "5"})
    assert [fault.partition(": ")[2][:20] for fault in all_faults(Graph([node]), schema)] == [
        "name is missing",
        "unknown",
        "a block wanted, not ",
        "'5' is no number",
    ]


def test_every_resource_type_of_the_knowledge_has_a_translation() -> None:
    kinds: set[str] = set()

    def look(value: Any) -> None:
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            look(one)
        if isinstance(value, dict) and isinstance(value.get("Type"), str) and value["Type"].startswith("AWS::"):
            kinds.add(value["Type"])

    for path in [*(KNOWLEDGE / "services").glob("*.yml"), KNOWLEDGE / "relations.yml"]:
        for document in path.read_text(encoding="utf-8").split("\n---\n"):
            look(
                {key: value for key, value in load(document).items() if key != "parameters"}
                if path.stem != "relations"
                else load(document)
            )
    assert sorted(kinds - set(table()) - {"AWS::RDS::DBInstance'"}) == []


def configuration(graph: Graph) -> dict[str, Any]:
    """The graph as Terraform reads it."""
    types = {node.id: f"{'data.' * node.data}{node.type}" for node in graph.nodes}

    def text(value: Any) -> Any:
        if isinstance(value, Reference):
            return f"${{{types[value.resource]}.{value.resource}.{value.attribute}}}"
        if isinstance(value, Variable):
            return graph.variables[value.name][1]
        if isinstance(value, Known):
            return {"region": "us-east-1", "account_id": "123456789012", "partition": "aws"}.get(value.name, "known")
        if isinstance(value, Joined):
            return "".join(text(part) for part in value.parts)
        if isinstance(value, Json):
            return json.dumps(text(value.value))
        if isinstance(value, Base64):
            return "Iw=="
        if isinstance(value, Handler):
            return f"{value.folder}.zip"
        if isinstance(value, dict):
            return {key: text(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [text(one) for one in value]
        return value.replace("${", "$${") if isinstance(value, str) else value

    made: dict[str, Any] = {"resource": {}, "data": {}}
    for node in graph.nodes:
        extra: dict[str, Any] = {"depends_on": [f"{types[one]}.{one}" for one in node.depends_on]}
        extra["lifecycle"] = {"ignore_changes": node.ignore_changes}
        kept = extra if not node.data else {}
        made["data" if node.data else "resource"].setdefault(node.type, {})[node.id] = text(node.arguments) | kept
    return made


def test_terraform_finds_the_configuration_of_all_services_valid(tmp_path: Path, schema: dict[str, Any]) -> None:
    graph = translate(hardened(*SERVICES))
    assert len(graph.nodes) > 200
    required = {"aws": {"source": "hashicorp/aws", "version": terraform_schema.VERSION}}
    value = configuration(graph) | {"terraform": {"required_providers": required}}
    # Rules that attributes-as-blocks have to name all of their parts: bindings fill them in, text has to.
    for group in value["resource"].get("aws_security_group", {}).values():
        for rule in [*group.get("ingress", []), *group.get("egress", [])]:
            for name in schema["aws_security_group"]["attributes"]["ingress"]["type"][1][1]:
                rule.setdefault(name, None)
    (tmp_path / "main.tf.json").write_text(json.dumps(value))
    command.run(
        ["terraform", "init", "-input=false", "-no-color", *terraform_providers.mirror_words()],
        cwd=tmp_path,
        timeout=600.0,
    )
    told = command.run(["terraform", "validate", "-json"], cwd=tmp_path, timeout=600.0, check=False)
    assert [one["detail"] or one["summary"] for one in json.loads(told.stdout)["diagnostics"]] == []


def test_nothing_is_used_before_it_is_made() -> None:
    graph = translate(hardened("s3", "lambda", "sqs", "alb", "autoscaling", "rds", "secrets"))
    made: set[str] = set()
    for node in graph.nodes:
        uses = {one.resource for one in within(node.arguments) if isinstance(one, Reference)} | set(node.depends_on)
        assert uses <= made, node.id
        made.add(node.id)


def test_a_circle_is_refused_by_name() -> None:
    one = Node("One", "aws_vpc", {"cidr_block": Reference("Two", "id")})
    two = Node("Two", "aws_vpc", {}, depends_on=["One"])
    with pytest.raises(ValueError, match="One uses itself"):
        ordered([one, two])


def test_what_is_unknown_is_left_out_with_all_that_needs_it_and_told() -> None:
    stack = build("sqs")
    stack.resources["Odd"] = {"Type": "AWS::Odd::Thing", "Properties": {}}
    stack.resources["Setting"] = {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Name": "x", "Type": "String", "Value": {"Ref": "Odd"}},
    }
    stack.template["Outputs"]["Odd"] = {"Value": {"Ref": "Setting"}}
    graph = translate(stack)
    assert graph.notes == [
        "Odd is left out: AWS::Odd::Thing has no counterpart that is known here.",
        "Setting is left out with Odd.",
        "The output Odd is left out with Setting.",
    ]
    assert {node.id for node in graph.nodes}.isdisjoint({"Odd", "Setting"})


def test_parts_of_a_bucket_are_resources_and_notifications_wait_for_their_permission() -> None:
    stack = hardened("s3")
    stack.resources["DataBucket"]["Properties"]["NotificationConfiguration"] = {
        "EventBridgeConfiguration": {"EventBridgeEnabled": True}
    }
    stack.depend("DataBucket", "StackKey")
    graph = translate(stack)
    assert graph.node("DataBucket").arguments.keys() == {"bucket", "force_destroy"}
    assert graph.node("DataBucketVersioning").arguments["versioning_configuration"] == {"status": "Enabled"}
    assert graph.node("DataBucketNotification").arguments["eventbridge"] is True
    assert "StackKey" in graph.node("DataBucketNotification").depends_on
    assert "StackKey" not in graph.node("DataBucket").depends_on


def test_a_function_waits_for_the_policies_of_its_role_and_carries_its_code() -> None:
    graph = translate(build("lambda"))
    function = graph.node("ProcessorFunction")
    assert function.depends_on == ["ProcessorFunctionLogs", "ProcessorFunctionRolePolicy"]
    assert function.arguments["filename"] == Handler("processor")
    assert list(graph.files) == ["lib/lambda/processor/index.py"]


def test_keys_of_tags_and_variables_stay_as_they_are() -> None:
    stack = build("sqs")
    stack.resources["WorkQueue"]["Properties"]["Tags"] = [{"Key": "CostCenter", "Value": {"Ref": "ProjectName"}}]
    tags = translate(stack).node("WorkQueue").arguments["tags"]
    assert isinstance(tags, Map)
    assert tags == {"CostCenter": Known("project")}


def test_a_generated_password_is_made_once_and_handed_to_the_database() -> None:
    graph = translate(build("rds", "secrets"))
    assert graph.node("DatabaseInstance").arguments["password"] == Reference("AppSecretPassword", "random_password")
    assert graph.node("DatabaseInstance").ignore_changes == ["password"]
    assert graph.node("AppSecretValue").ignore_changes == ["secret_string"]
    assert graph.node("DatabaseInstance").arguments["username"] == "appadmin"


def test_conditions_are_decided_by_the_defaults() -> None:
    graph = translate(build("alb"))
    assert graph.node("HttpListener").arguments["default_action"][0]["type"] == "forward"
    assert "HttpsListener" not in {node.id for node in graph.nodes}


def test_a_delivery_channel_waits_for_the_recorder() -> None:
    graph = translate(build("config"))
    recorder = next(one.id for one in graph.nodes if one.type == "aws_config_configuration_recorder")
    channel = next(one for one in graph.nodes if one.type == "aws_config_delivery_channel")
    assert recorder in channel.depends_on


@pytest.mark.parametrize(("platform", "said"), [("Pulumi", True), ("CDK for Terraform", True), ("AWS CDK", False)])
def test_what_terraform_lacks_is_said_in_the_answer(platform: str, said: bool) -> None:
    answer = respond([f"Write with {platform} in Python: an RDS database whose password is in Secrets Manager.\n"])
    assert ("AppSecretAttachment is left out: Terraform has no such resource" in answer) == said
