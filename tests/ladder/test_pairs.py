"""Each pair: its template is whole, and what is particular to its platform is read with care."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from kit.errors import Failure
from kit.ladder import coverage, install_python, pulumi_graph, python_reports, terraform, terraform_references
from kit.ladder.foreign import ForeignRun
from kit.ladder.platforms import assembly, platform
from kit.ladder.platforms.base import Work
from kit.ladder.platforms.programs import failed_program
from kit.ladder.platforms.python import script_words
from kit.settings import TOOLKIT

PAIRS = ["cfn-yaml", "cfn-json", "cdk-ts", "cdk-py", "cdktf-ts", "cdktf-py", "pulumi-ts", "pulumi-py"]
SCRIPTS = {"lint", "build", "synth", "test:unit", "test:integration", "deploy", "outputs", "destroy"}


@pytest.mark.parametrize("pair", PAIRS)
def test_the_template_of_a_pair_is_whole(pair: str) -> None:
    folder = TOOLKIT / "templates" / pair
    name, _, language = pair.partition("-")
    stages = platform(name, language)
    for stage in ("unit", "integration"):
        tests = stages.test_files(folder, stage)
        assert tests and coverage.only_placeholders(tests), stage
    if language == "py":
        assert all(script_words(folder, script) for script in SCRIPTS)
        lock = json.loads((folder / "Pipfile.lock").read_text())
        assert lock["_meta"]["sources"] == []
        assert "url" not in (folder / "Pipfile").read_text()
    else:
        assert set(json.loads((folder / "package.json").read_text())["scripts"]) >= SCRIPTS


@pytest.mark.parametrize("pair", [("cdk", "yaml"), ("cfn", "ts"), ("arm", "json")])
def test_a_pair_that_is_not_known_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(Failure, match="no such pair"):
        platform(*pair)


def junit(project: Path, body: str) -> Path:
    (project / "coverage").mkdir(exist_ok=True)
    (project / "coverage" / "unit-results.xml").write_text(body)
    return project


def test_a_junit_report_is_read(tmp_path: Path) -> None:
    text = "def test_b():\n&gt;       assert 1 == 2\nE       assert 1 == 2\n\ntests/unit/test_a.py:7: AssertionError"
    body = '<testsuites><testsuite tests="3"><testcase name="a"/><testcase name="c"><skipped/></testcase>'
    body += f'<testcase name="b"><failure message="m">{text}</failure></testcase></testsuite></testsuites>'
    counts, (finding,) = python_reports.results(junit(tmp_path, body), "unit")
    assert counts == {"passed": 1, "failed": 1, "skipped": 1}
    assert (finding["file"], finding["line"], finding["resource"]) == ("tests/unit/test_a.py", 7, "b")
    assert "assert 1 == 2" in finding["message"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<testsuites>",
        "<testsuites/>",
        '<testsuites><testsuite tests="x"/></testsuites>',
        '<testsuites><testsuite tests="2"><testcase name="a"/></testsuite></testsuites>',
        '<!DOCTYPE x [<!ENTITY a "b">]><testsuites><testsuite tests="0"/></testsuites>',
    ],
)
def test_a_junit_report_that_is_not_whole_is_a_failure(tmp_path: Path, body: str) -> None:
    with pytest.raises(Failure):
        python_reports.results(junit(tmp_path, body), "unit")


@pytest.mark.parametrize(
    "value",
    ["", "{}", '{"totals": {"num_statements": 0, "covered_lines": 0}, "files": {}}', '{"totals": 1, "files": {}}'],
)
def test_python_coverage_that_is_not_whole_is_a_failure(tmp_path: Path, value: str) -> None:
    (tmp_path / "coverage").mkdir()
    (tmp_path / python_reports.COVERAGE).write_text(value)
    with pytest.raises(Failure):
        python_reports.percent(tmp_path)


def test_lines_that_are_not_covered_are_named(tmp_path: Path) -> None:
    (tmp_path / "coverage").mkdir()
    files = {"lib/a.py": {"missing_lines": [3, 4]}, "lib/b.py": {"missing_lines": []}}
    value = {"totals": {"num_statements": 10, "covered_lines": 8}, "files": files}
    (tmp_path / python_reports.COVERAGE).write_text(json.dumps(value))
    share, (finding,) = python_reports.percent(tmp_path)
    assert (share, finding["file"], finding["line"]) == (80.0, "lib/a.py", 3)


@pytest.mark.parametrize(
    ("text", "words"), [(None, "no such file"), ("[", "cannot be read"), ("[scripts]\n", "has no script 'lint'")]
)
def test_a_pipfile_without_the_script_is_named(tmp_path: Path, text: str | None, words: str) -> None:
    if text is not None:
        (tmp_path / "Pipfile").write_text(text)
    with pytest.raises(Failure, match=words):
        script_words(tmp_path, "lint")


def test_scripts_of_a_virtual_environment_learn_their_new_place(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.write_text("#!/cache/.fill-ab12/.venv/bin/python\nprint()\n")
    (tmp_path / "made" / "bin").mkdir(parents=True)
    (tmp_path / "made" / "bin" / "tool").hardlink_to(shared)
    install_python.adapt(tmp_path / "made", Path("/a place/.venv"))
    assert (tmp_path / "made" / "bin" / "tool").read_text().startswith("#!/a place/.venv/bin/python\n")
    assert shared.read_text().startswith("#!/cache/")


def assemble(project: Path, artifacts: Any) -> Path:
    (project / "cdk.out").mkdir()
    (project / "cdk.out" / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    return project


def test_stacks_come_in_the_order_of_their_dependencies(tmp_path: Path) -> None:
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "x.template.json"}}
    found = assembly.stacks(assemble(tmp_path, {"B": stack | {"dependencies": ["A"]}, "A": stack}))
    assert [one.name for one in found] == ["A", "B"]


@pytest.mark.parametrize("artifacts", [{}, None, {"A": {"type": "aws:cloudformation:stack"}}])
def test_a_damaged_assembly_is_a_failure(tmp_path: Path, artifacts: Any) -> None:
    with pytest.raises(Failure):
        assembly.stacks(assemble(tmp_path, artifacts))


def test_the_digest_of_an_assembly_follows_its_templates(tmp_path: Path) -> None:
    assert assembly.digest(tmp_path) == ""
    template = assemble(tmp_path, {}) / "cdk.out" / "A.template.json"
    template.write_text("{}")
    before = assembly.digest(tmp_path)
    template.write_text('{"Resources": {}}')
    assert assembly.digest(tmp_path) != before


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, "has no resources"),
        ({"resource": {"aws_x": {"a": {"provisioner": {"local-exec": {}}}}}}, "has a provisioner"),
        ({"resource": {"aws_x": {"a": {}}}, "provider": {"null": [{}]}}, "provider null is refused"),
        (
            {"resource": {"aws_x": {"a": {}}}, "terraform": {"required_providers": {"e": {"source": "x/external"}}}},
            "provider external is refused",
        ),
    ],
)
def test_configurations_that_could_run_commands_are_refused(tmp_path: Path, value: Any, words: str) -> None:
    (tmp_path / "cdk.tf.json").write_text(json.dumps(value))
    with pytest.raises(Failure, match=words):
        terraform.load(tmp_path / "cdk.tf.json")


def test_protection_against_destroying_is_found() -> None:
    bodies = {"a": {"lifecycle": {"prevent_destroy": True}}, "b": {"deletion_protection": True}, "c": {}}
    found = terraform.undestroyable({"resource": {"aws_db_instance": bodies}})
    assert [one["resource"] for one in found] == ["aws_db_instance.a", "aws_db_instance.b"]


def test_a_traceback_is_cut_to_its_cause_and_place() -> None:
    told = 'Traceback (most recent call last):\n  File "/x/tap.py", line 3, in <module>\n'
    told += '  File "/x/lib/tap_stack.py", line 12, in __init__\nValueError: no such size\n'
    outcome = failed_program(told, "synth exited with 1")
    assert outcome.reason == "synth exited with 1 at lib/tap_stack.py:12: ValueError: no such size"


def test_resources_of_a_named_provider_lie_elsewhere_when_its_region_does(tmp_path: Path, bare: ForeignRun) -> None:
    folder, source = tmp_path, 'provider["registry.terraform.io/hashicorp/aws"]'
    providers = [
        {"region": "us-east-1"},
        {"alias": "tagged", "region": "us-east-1"},
        {"alias": "west", "region": "us-west-2"},
    ]
    (folder / "asked.json").write_text(json.dumps({"provider": {"aws": providers}}))
    kept = [
        {"mode": "managed", "type": "aws_x", "name": name, "provider": source + end, "instances": [{"attributes": {}}]}
        for name, end in (("plain", ""), ("tagged", ".tagged"), ("west", ".west"), ("unknown", ".unknown"))
    ]
    (folder / "terraform.tfstate").write_text(json.dumps({"resources": kept}))
    work = Work(bare, "destroy", {}, tmp_path / "log", 1.0, 1.0)
    found = {one["address"]: one["elsewhere"] for one in terraform.state_of(work, folder)}
    assert found == {"aws_x.plain": False, "aws_x.tagged": False, "aws_x.west": True, "aws_x.unknown": True}


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (
            "node:internal/modules/run_main:123\n    triggerUncaughtException(\n    ^\n\n"
            "«CannotFindAsset» Cannot find asset at lib/lambdas\n    ...new Function2 in aws-cdk-lib...\n"
            "    at new TapStack (/x/lib/tap-stack.ts:21:18)\n\nNode.js v20.20.2\n",
            "at lib/tap-stack.ts:21: «CannotFindAsset» Cannot find asset at lib/lambdas",
        ),
        (
            "    triggerUncaughtException(\n    ^\n\nError: Transform failed with 1 error:\n"
            '/x/lib/tap-stack.ts:20:18: ERROR: Unexpected "="\n    at failure (/x/node_modules/esbuild/main.js:17:15)\n',
            'at lib/tap-stack.ts:20: Error: Transform failed with 1 error: /x/lib/tap-stack.ts:20:18: ERROR: Unexpected "="',
        ),
        (
            'CfnSynthesisError: Supplied properties not correct for "CfnFunctionProps"\n  handler: 42 should be a string.\n'
            "    at assertSuccess (/x/node_modules/aws-cdk-lib/core/lib/runtime.js:1:3518)\n",
            ': CfnSynthesisError: Supplied properties not correct for "CfnFunctionProps" handler: 42 should be a string.',
        ),
    ],
)
def test_an_error_of_node_is_cut_to_its_words_and_place(told: str, reason: str) -> None:
    assert failed_program(told, "synth").reason.removeprefix("synth").lstrip() == reason


SCHEMA: dict[str, Any] = {
    "aws_sqs_queue": {"attributes": {"name": {}, "arn": {}, "visibility_timeout_seconds": {}}, "blocks": {}},
    "aws_sns_topic_subscription": {"attributes": {"topic_arn": {"type": "string"}, "endpoint": {}}, "blocks": {}},
    "aws_lambda_function": {
        "attributes": {"function_name": {"required": True}, "filename": {}, "policy": {"type": "string"}},
        "blocks": {"environment": {"attributes": {"variables": {}}, "blocks": {}}},
    },
    "aws_dynamodb_table": {
        "attributes": {"name": {"required": True}},
        "blocks": {"attribute": {"attributes": {"name": {}, "type": {}}, "blocks": {}}},
    },
}


def graph(*resources: dict[str, Any], **outputs: Any) -> dict[str, Any]:
    listed = [{"custom": True, "inputs": {}} | one for one in resources]
    return {"resources": listed, "outputs": outputs, "suffix": "s1", "region": "us-east-1"}


def test_a_graph_becomes_configuration(tmp_path: Path) -> None:
    (tmp_path / "lib" / "code").mkdir(parents=True)
    (tmp_path / "lib" / "code" / "index.js").write_text("x")
    made = pulumi_graph.Converter(tmp_path, SCHEMA, tmp_path / "assets")
    value = made.convert(
        graph(
            {"type": "tap:stack:TapStack", "name": "top", "custom": False},
            {"type": "aws:sqs/queue:Queue", "name": "my.queue", "inputs": {"visibilityTimeoutSeconds": 5}},
            {
                "type": "aws:sns/topicSubscription:TopicSubscription",
                "name": "wire",
                "inputs": {"topic": "t", "endpoint": "${aws:sqs/queue:Queue::my.queue::arn}"},
            },
            {
                "type": "aws:lambda/function:Function",
                "name": "f",
                "inputs": {
                    "code": {"@asset": "archive", "path": "lib/code"},
                    "environment": {"variables": {"camelCase": "${literal}"}},
                    "policy": {"Version": "1"},
                },
            },
            {"type": "aws:dynamodb/table:Table", "name": "t", "inputs": {"attributes": [{"name": "id", "type": "S"}]}},
            Url="${aws:lambda/function:Function::f::name}",
        )
    )
    assert made.problems == []
    assert value["resource"]["aws_sqs_queue"] == {"my_queue": {"visibility_timeout_seconds": 5}}
    assert value["resource"]["aws_sns_topic_subscription"]["wire"] == {
        "topic_arn": "t",
        "endpoint": "${aws_sqs_queue.my_queue.arn}",
    }
    assert value["resource"]["aws_lambda_function"]["f"] == {
        "filename": "assets/f-code.zip",
        "environment": [{"variables": {"camelCase": "$${literal}"}}],
        "policy": '{"Version": "1"}',
        "function_name": "f-s1",
    }
    assert value["resource"]["aws_dynamodb_table"]["t"] == {"attribute": [{"name": "id", "type": "S"}], "name": "t-s1"}
    assert value["output"]["Url"]["value"] == "${aws_lambda_function.f.function_name}"
    with zipfile.ZipFile(tmp_path / "assets" / "f-code.zip") as archive:
        assert archive.namelist() == ["index.js"]


def test_a_section_with_nothing_in_it_is_left_out(tmp_path: Path) -> None:
    value = pulumi_graph.Converter(tmp_path, SCHEMA, tmp_path).convert(
        graph({"type": "aws:sqs/queue:Queue", "name": "one"})
    )
    assert "output" not in value
    assert list(terraform.resources(value)) == [("aws_sqs_queue.one", value["resource"]["aws_sqs_queue"]["one"])]


def test_what_has_no_counterpart_is_named(tmp_path: Path) -> None:
    made = pulumi_graph.Converter(tmp_path, SCHEMA, tmp_path)
    made.convert(
        graph(
            {"type": "aws:mars/base:Base", "name": "one"},
            {"type": "random:index:Id", "name": "two"},
            {"type": "aws:sqs/queue:Queue", "name": "three", "inputs": {"colour": "blue"}},
        )
    )
    assert [one["resource"] for one in made.problems] == ["one", "two", "three"]
    assert "property colour" in made.problems[2]["message"]


def test_packages_that_are_not_carried_over_and_names_that_meet_are_named(tmp_path: Path) -> None:
    made = pulumi_graph.Converter(tmp_path, SCHEMA, tmp_path)
    made.convert(
        graph(
            {"type": "random:index/randomId:RandomId", "name": "one"},
            {"type": "awsx:ec2:Vpc", "name": "two", "custom": False, "remote": True},
            {"type": "aws:sqs/queue:Queue", "name": "same"},
            {"type": "aws:sqs/queue:Queue", "name": "same"},
        )
    )
    told = {one["resource"]: one["message"] for one in made.problems}
    assert told["one"].startswith("random:index/randomId:RandomId: of Pulumi's packages only aws is carried over")
    assert told["two"] == "awsx:ec2:Vpc is a component that only Pulumi's own engine can unfold"
    assert told["same"] == "two resources of type aws:sqs/queue:Queue are called same"


def test_what_the_engine_is_told_beside_the_inputs_is_carried_over(tmp_path: Path) -> None:
    urns = {name: f"urn:pulumi:s::p::t$aws:sqs/queue:Queue::{name}" for name in ("first", "second", "third")}
    made = pulumi_graph.Converter(tmp_path, SCHEMA, tmp_path)
    value = made.convert(
        graph(
            {
                "type": "pulumi:providers:aws",
                "name": "west",
                "inputs": {"region": "us-west-2", "defaultTags": '{"tags": {"a": "b"}}'},
            },
            {"type": "aws:sqs/queue:Queue", "name": "first", "urn": urns["first"]},
            {"type": "aws:sqs/queue:Queue", "name": "second", "urn": urns["second"]},
            {
                "type": "aws:sqs/queue:Queue",
                "name": "third",
                "inputs": {"name": "${aws:sqs/queue:Queue::first::arn}"},
                "dependencies": [urns["first"], urns["second"], "urn:of:a::component"],
                "provider": "urn:pulumi:s::p::pulumi:providers:aws::west::${pulumi:providers:aws::west::id}",
                "kept": True,
            },
        )
    )
    assert made.problems == []
    assert value["provider"]["aws"][1] == {
        "alias": "west",
        "region": "us-west-2",
        "default_tags": [{"tags": {"a": "b"}}],
    }
    assert value["resource"]["aws_sqs_queue"]["third"] == {
        "name": "${aws_sqs_queue.first.arn}",
        "depends_on": ["aws_sqs_queue.second"],
        "provider": "aws.west",
        "lifecycle": {"prevent_destroy": True},
    }


def test_a_provider_that_a_component_makes_is_carried_over(tmp_path: Path) -> None:
    provider = "urn:pulumi:s::p::tap:stack:TapStack$pulumi:providers:aws::west::${pulumi:providers:aws::west::id}"
    made = pulumi_graph.Converter(tmp_path, SCHEMA, tmp_path)
    value = made.convert(
        graph(
            {"type": "pulumi:providers:aws", "name": "west", "inputs": {"region": "us-west-2"}},
            {"type": "aws:sqs/queue:Queue", "name": "one", "provider": provider},
        )
    )
    assert value["resource"]["aws_sqs_queue"]["one"]["provider"] == "aws.west"


@pytest.mark.parametrize(
    ("one", "two", "told"),
    [
        ({}, {"name": "${aws_sns_topic.one.arn}"}, []),
        (
            {"name": "$${aws_sns_topic.gone.arn} data.aws_sns_topic.gone"},
            {"tags": "${data.aws_sns_topic.gone.arn}"},
            [],
        ),
        (
            {},
            {"depends_on": ["aws_sns_topic.gone"]},
            ["aws_sns_topic.two: refers to aws_sns_topic.gone, which is not there"],
        ),
        (
            {"tags": {"a": "x-${aws_sns_topic.two.arn}"}},
            {"depends_on": ["aws_sns_topic.one"]},
            [
                "aws_sns_topic.one: resources wait for each other: aws_sns_topic.one -> aws_sns_topic.two -> aws_sns_topic.one"
            ],
        ),
    ],
    ids=["fine", "no reference", "dead", "circle"],
)
def test_references_of_a_configuration_are_followed(one: Any, two: Any, told: list[str]) -> None:
    found = terraform_references.unresolved({"resource": {"aws_sns_topic": {"one": one, "two": two}}})
    assert [f"{each['resource']}: {each['message']}" for each in found] == told


@pytest.mark.parametrize("value", [{}, [], {"resources": [{}]}])
def test_a_damaged_graph_is_a_failure(tmp_path: Path, value: Any) -> None:
    with pytest.raises(Failure, match="not a resource graph"):
        pulumi_graph.Converter(tmp_path, SCHEMA, tmp_path).convert(value)


def test_assets_from_outside_the_project_are_refused(tmp_path: Path) -> None:
    inputs = {"code": {"@asset": "archive", "path": "/etc"}}
    one = {"type": "aws:lambda/function:Function", "name": "f", "inputs": inputs}
    with pytest.raises(Failure, match="not inside the project"):
        pulumi_graph.Converter(tmp_path, SCHEMA, tmp_path).convert(graph(one))
