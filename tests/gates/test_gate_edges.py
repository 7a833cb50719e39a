"""The edges of single gates: the last value that passes, the first that does not, and what is left out of sight."""

from __future__ import annotations

import json

import pytest
from clean_run import FINAL, FIRST, ROW, ROWS, UNIT, UNITS
from test_gates import BUCKET, TEMPLATE, resource

from kit.agents import blocks
from kit.gates import layout
from kit.gates.stacks import of_text
from kit.run.receipts import digest

FLAT = "cfn-outputs/flat-outputs.json"


@pytest.mark.parametrize("value", [None, "", "  ", {}, []])
def test_an_output_without_a_value_is_named(bench, value):
    bench.write(FLAT, json.dumps({"QueueUrl": value}))
    assert "empty" in bench.ask("outputs").reason


@pytest.mark.parametrize("value", [0, False, "x", ["a"], {"a": 1}])
def test_an_output_may_be_of_any_kind(bench, value):
    bench.write(FLAT, json.dumps({"QueueUrl": value}))
    assert bench.ask("outputs").passed


@pytest.mark.parametrize("text", ["[]", '"x"', "{}", "[1]"])
def test_outputs_that_are_no_mapping_are_refused(bench, text):
    bench.write(FLAT, text)
    assert "holds no output" in bench.ask("outputs").reason


@pytest.mark.parametrize("count", [True, "1", 0, -1, None, 1.0])
def test_a_count_of_outputs_is_a_whole_number_above_zero(bench, count):
    bench.receipt("outputs", figures={"outputs": count})
    assert not bench.ask("outputs").passed


def test_outputs_need_their_receipt(bench):
    for path in bench.run.receipts.glob("*-outputs.json"):
        path.unlink()
    assert "no receipt of outputs" in bench.ask("outputs").reason


@pytest.mark.parametrize(
    ("figures", "passed"),
    [
        ({"had": 3, "gone": 3}, True),
        ({"had": 3, "gone": 4}, False),
        ({"had": 3, "gone": 2}, False),
        ({"had": 3, "gone": 1, "unverified": ["a", "b"]}, True),
        ({"had": 3, "gone": 1, "unverified": ["a"]}, False),
        ({"had": 3, "gone": 3, "unverified": None}, True),
        ({"had": 3, "gone": 0, "unverified": ["a", "b", "c"]}, False),
        ({"had": 3, "gone": 0, "unverified": "abc"}, False),
        ({"had": 3, "gone": 3, "unverified": 7}, False),
        ({"had": True, "gone": True}, False),
        ({"had": 1, "gone": -1, "unverified": ["a", "b"]}, False),
        ({"had": -1, "gone": 0}, False),
        ({"had": 3}, False),
        ({"gone": 3}, False),
        ({"had": "3", "gone": 3}, False),
    ],
)
def test_what_was_had_and_what_is_gone(bench, figures, passed):
    bench.receipt("destroy", figures=figures)
    assert bench.ask("destroy").passed is passed


def test_nothing_to_destroy_where_nothing_was_deployed(bench):
    for path in bench.run.receipts.glob("*-deploy.json"):
        path.unlink()
    assert "nothing was ever deployed" in bench.ask("destroy").reason
    bench.receipt("deploy", verdict="not run", reason="no cloud")
    assert "nothing was ever deployed" in bench.ask("destroy").reason


def test_a_deployment_that_was_not_run_makes_no_destroy_old(bench):
    bench.receipt("deploy", verdict="not run", reason="no cloud")
    assert bench.ask("destroy").passed


def test_a_failed_destroy_is_no_proof(bench):
    bench.receipt("destroy", verdict="failed", reason="stuck", figures={"had": 3, "gone": 3})
    assert "destroy failed: stuck" in bench.ask("destroy").reason


def test_a_log_is_missed_and_a_stage_without_one_is_not(bench):
    (bench.run.logs / "unit.log").unlink()
    assert "its log logs/unit.log is missing or was changed" in bench.ask("receipts").reason
    bench.receipt("unit", log="", log_sha256="")
    assert "names no log of what unit did" in bench.ask("receipts").reason
    bench.receipt("unit")
    bench.receipt("outputs", log="", log_sha256="")
    assert bench.ask("receipts").passed
    bench.receipt("outputs", log="", log_sha256="0" * 64)
    assert "names no log" in bench.ask("receipts").reason


def test_a_log_outside_the_run_proves_nothing(bench):
    bench.receipt("lint", log="../../README.md", log_sha256=digest(bench.repo / "README.md"))
    assert "is missing or was changed" in bench.ask("receipts").reason


@pytest.mark.parametrize(("stage", "passed"), [("unit", False), ("build", False), ("lint", True)])
def test_only_a_linter_may_exit_with_one(bench, stage, passed):
    figures = {"coverage": 100.0} if stage == "unit" else {}
    bench.receipt(stage, status=1, figures=figures)
    assert bench.ask("receipts").passed is passed


@pytest.mark.parametrize(("tries", "passed"), [([9], True), ([3], False), ([9, 3], True), ([4, 3], False)])
def test_all_that_was_deployed_was_destroyed(bench, tries, passed):
    bench.receipt("deploy", figures={"listed": 9})
    for had in tries:
        bench.receipt("destroy", figures={"had": had, "gone": had, "unverified": []})
    assert bench.ask("destroy").passed is passed


@pytest.mark.parametrize("stage", ["build", "synth", "lint", "unit"])
def test_the_final_round_is_these_four(bench, stage):
    for path in bench.run.receipts.glob(f"*-{stage}.json"):
        path.unlink()
    assert f"no receipt of {stage}" in bench.ask("final-round").reason


def test_the_final_round_asks_for_no_deployment(bench):
    bench.receipt("deploy", verdict="failed", reason="x")
    assert bench.ask("final-round").passed


def test_half_a_megabyte_passes_and_one_byte_more_does_not(bench):
    bench.write("lib/lambda/a.txt", "xxxx\n" * (layout.MAX_BYTES // 5))
    assert bench.ask("file-size").passed
    bench.write("lib/lambda/a.txt", "xxxx\n" * (layout.MAX_BYTES // 5) + "x")
    assert "500,001 bytes" in bench.ask("file-size").reason


def test_a_binary_written_as_one_line_of_text_is_told(bench):
    bench.write("lib/lambda/a.ts", "x" * layout.MAX_LINE)
    assert bench.ask("file-size").passed
    bench.write("lib/lambda/a.ts", "x" * (layout.MAX_LINE + 1))
    assert "a line of 20,001 bytes" in bench.ask("file-size").reason


@pytest.mark.parametrize("raw", [b"a\0b", b"\xff\xfe"])
def test_binary_is_refused_wherever_it_lies(bench, raw):
    bench.write("test/fixture.bin", raw)
    assert "test/fixture.bin: binary" in bench.ask("file-size").reason


def test_the_queue_may_be_as_large_as_it_is(bench):
    bench.write("tasks.csv", b"\0")
    assert bench.ask("file-size").passed


@pytest.mark.parametrize(
    ("content", "passed"),
    [
        (ROWS.format(row=""), True),
        (ROWS.format(row="").rstrip(), True),
        (ROWS.format(row=ROW), True),
        (ROWS.format(row=ROW).replace("T8", "T9"), False),
        (ROWS.format(row=ROW) + "T9,,cfn,hard,x,\r\n", False),
        (ROWS.format(row="") + "T9,,cfn,hard,x,\r\n", False),
        (ROWS.format(row="").replace("T8", "T7"), False),
        (ROWS.format(row="").replace("T8,", "T8,done"), False),
        (ROWS.format(row=ROW).partition("T8")[0], False),
        (ROWS.partition("{row}")[0], False),
        ("", False),
    ],
)
def test_what_may_happen_to_the_queue(bench, content, passed):
    bench.write("tasks.csv", content)
    result = bench.ask("allowed-paths")
    assert result.passed is passed
    assert passed or result.reason == "tasks.csv: more than the row of task T7 differs from the base"


@pytest.mark.parametrize("name", ["tap.py", "Makefile", "jest/more.ts", "cdk.json", "lib.md"])
def test_what_lies_outside_is_refused(bench, name):
    bench.write(name, "x\n")
    assert f"{name}: outside" in bench.ask("allowed-paths").reason


def test_the_placeholder_of_a_template_is_found_in_tests_and_code(bench):
    bench.write("test/tap-stack.unit.test.ts", UNIT + "// PLACEHOLDER-TEMPLATE\n")
    assert "holds PLACEHOLDER-TEMPLATE" in bench.ask("no-placeholder").reason
    (bench.root / UNITS).unlink()
    (bench.root / "test/tap-stack.int.test.ts").unlink()
    assert "no file below test/ or tests/" in bench.ask("no-placeholder").reason


@pytest.mark.parametrize(
    ("named", "region", "file", "passed"),
    [
        (True, "eu-west-1", "eu-west-1\n", True),
        (True, "eu-west-1", None, False),
        (False, "eu-west-1", None, True),
        (False, "eu-west-1", "eu-west-1", True),
        (False, "eu-west-1", "us-east-1", False),
    ],
)
def test_the_file_of_the_region(bench, named, region, file, passed):
    bench.task(region_named=named, region=region)
    path = bench.root / "lib" / "AWS_REGION"
    path.unlink()
    if file is not None:
        path.write_text(file)
    assert bench.ask("region").passed is passed


@pytest.mark.parametrize(
    ("name", "text", "passed"),
    [
        ("lib/run.sh", "aws --region us-west-2\n", False),
        ("lib/run.sh", "# us-west-2\n", True),
        ("lib/a.mjs", "// us-west-2\n", True),
        ("lib/a.js", "f('us-west-2')\n", False),
        ("lib/a.txt", "us-west-2\n", True),
        ("lib/a.json", '{"region": "us-west-2"}', False),
        ("lib/a.json", '{"region": "eu-west-1"}', True),
        ("lib/a.yml", "# us-west-2\n", True),
        ("lib/nested.yml", "Mappings: {A: {us-west-2: {B: c}}}\nResources: {T: {Type: 'AWS::SNS::Topic'}}\n", True),
        ("lib/a.ts", "const west = aws.Region.USWest2;\n", False),
        ("lib/a.ts", "const west = aws.Region.US_WEST_2;\n", False),
        ("lib/a.ts", "const home = aws.Region.EUWest1;\n", True),
        ("lib/a.ts", "const zone = 'usw2-az1';\n", False),
        ("lib/a.ts", "const zone = 'apne1-az4';\n", False),
        ("lib/a.ts", "const zone = 'euw1-az2';\n", True),
        ("lib/a.ts", "const at = 'https://x.s3-us-west-2.amazonaws.com';\n", False),
        ("tests/a.py", "x = 'ap-southeast-2'\n", False),
        ("lib/lambda/a.py", "os.environ.get('AWS_REGION', 'us-east-1')\n", True),
        ("lib/lambda/a.py", "os.environ.get('AWS_REGION', 'us-west-2')\n", False),
        ("lib/lambda/a.py", "os.environ.get('HOME_REGION', 'us-east-1')\n", False),
        ("lib/lambda/a.js", "process.env['AWS_REGION'] ?? 'us-east-1'\n", True),
        ("lib/lambda/a.js", 'process.env.AWS_DEFAULT_REGION || "us-east-1"\n', True),
    ],
)
def test_which_regions_count(bench, name, text, passed):
    bench.write(name, text)
    assert bench.ask("region").passed is passed


def test_a_region_that_the_task_names_too_is_allowed(bench):
    resource(BUCKET + "    Properties: {Tags: [{Key: a, Value: us-west-2}]}\n")(bench)
    assert not bench.ask("region").passed
    bench.task(text="Runs in eu-west-1, copies go to us-west-2.")
    assert bench.ask("region").passed


def test_the_ideal_response_has_no_more_and_no_less(bench):
    bench.write("lib/IDEAL_RESPONSE.md", blocks.render({TEMPLATE: FINAL, "lib/lambda/a.py": "x = 1\n"}))
    assert "lib/lambda/a.py: no such file in the tree" in bench.ask("ideal-response-blocks").reason
    bench.write("lib/lambda/a.py", "x = 1\n")
    assert bench.ask("ideal-response-blocks").passed
    bench.write("lib/lambda/a.py", "x = 2\n")
    assert "differs from the file" in bench.ask("ideal-response-blocks").reason


def test_line_ends_make_no_other_answer(bench):
    text = blocks.render({TEMPLATE: FIRST})
    bench.write("lib/MODEL_RESPONSE.md", text.replace("Outputs:", "Outputs: "))
    assert "differs from the first tree" in bench.ask("model-response-blocks").reason


def test_an_answer_whose_file_the_first_tree_lacks(bench):
    bench.write("lib/MODEL_RESPONSE.md", blocks.render({TEMPLATE: FIRST, "lib/lambda/a.py": "x = 1\n"}))
    assert "lib/lambda/a.py: is not in the first tree" in bench.ask("model-response-blocks").reason


def test_a_first_answer_has_one_tree(bench):
    bench.receipt("lint", baseline=True)
    assert "2 trees in the baseline receipts of round 1" in bench.ask("model-response-blocks").reason
    for path in bench.run.receipts.glob("*.json"):
        if json.loads(path.read_text())["baseline"]:
            path.unlink()
    assert "0 trees in the baseline receipts of round 1" in bench.ask("model-response-blocks").reason


@pytest.mark.parametrize(
    ("said", "passed"),
    [
        ("001-lint.json", True),
        ("receipts/001-lint.json and 002-build.json", True),
        ("001-lint.json and 999-lint.json", False),
        ("E3002", True),
        ("E3003", False),
        ("", False),
    ],
)
def test_evidence_is_a_receipt_or_a_rule(bench, said, passed):
    bench.receipt("lint", findings=[{"rule": "E3002"}])
    bench.entries({"evidence": said or "-"})
    assert bench.ask("evidence").passed is passed


def test_recorded_failures_are_told_each(bench):
    bench.entries({}, {"id": "F2", "wrong": "another thing", "done": "another mend"})
    assert bench.ask("model-failures").passed
    for words in ("another thing", "another mend"):
        bench.entries({}, {"id": "F2", "wrong": "another thing", "done": "another mend"})
        bench.edit("lib/MODEL_FAILURES.md", words, "something")
        assert "failure F2" in bench.ask("model-failures").reason


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("bin/tap.ts", "export {};\n", "a program"),
        ("bin/run.sh", "true\n", ""),
        ("lib/TapStack.yaml", "Resources: {A: {Type: T}}\n", "a second template"),
        ("lib/main.hcl", "x\n", "Terraform"),
        ("lib/lambda/a.ts", "export {};\n", ""),
        ("lib/lambda/a.py", "from pulumi_aws import s3\n", "pulumi"),
        ("lib/stack.py", "from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket\n", "cdktf"),
        ("lib/stack.ts", "import { App } from 'cdktf';\n", "cdktf"),
        ("lib/stack.ts", "import * as s3 from 'aws-cdk-lib/aws-s3';\n", "cdk"),
        ("lib/stack.ts", "// aws-cdk-lib would do as well\n", ""),
    ],
)
def test_what_stands_beside_a_template(bench, name, text, words):
    bench.write(name, text)
    result = bench.ask("platform-language")
    assert result.passed is (not words)
    assert not words or words in " ".join(result.problems)


def test_a_task_in_json_wants_json(bench):
    bench.task(language="json")
    assert "lib/TapStack.json: no such file" in bench.ask("platform-language").reason
    bench.write("lib/TapStack.json", FINAL)
    assert "holds YAML, the task asks for JSON" in " ".join(bench.ask("platform-language").problems)
    (bench.root / TEMPLATE).unlink()
    bench.write("lib/TapStack.json", json.dumps(of_text(TEMPLATE, FINAL).body))
    assert bench.ask("platform-language").passed


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


def test_the_parameter_of_the_suffix_is_asked_for(bench):
    bench.edit(TEMPLATE, "Parameters:\n  EnvironmentSuffix:", "Parameters:\n  Environment:")
    bench.seal()
    assert "lib/TapStack.yml: Parameters/EnvironmentSuffix: missing" in bench.ask("environment-suffix").problems


@pytest.mark.parametrize(
    ("said", "passed"),
    [
        ("W1 at line 3", True),
        ("W10 at line 3", False),
        ("None", False),
        ("by W1", True),
        ("(W1)", True),
        ("XW1", False),
    ],
)
def test_a_rule_is_named_as_a_whole_word(bench, said, passed):
    tree = next(one for one in bench.run.receipts.glob("*-lint.json"))
    tree = json.loads(tree.read_text())["tree"]
    bench.receipt("lint", baseline=True, tree=tree, findings=[{"rule": "W1"}, {"message": "no rule"}, {"rule": ""}])
    bench.entries({"evidence": said})
    assert bench.ask("evidence").passed is passed


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("202411281405", True),
        ("1699999999999", True),
        ("id-718293640516", True),
        ("718293640516", False),
        ("[718293640516]", False),
        ("a718293640516", True),
        ("123456789012", True),
    ],
)
def test_which_twelve_digits_are_an_account(bench, text, passed):
    bench.write("lib/lambda/a.txt", f"x {text} y\n")
    assert bench.ask("secrets").passed is passed


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("```\n:rocket:\n```", True),
        (":rocket:", False),
        ("a:rocket:b", True),
        (":rtype:", True),
        ("```\n```\n:x: no", False),
    ],
)
def test_only_what_is_shown_as_an_emoji_counts(bench, text, passed):
    bench.write("lib/PROMPT.md", (bench.root / "lib/PROMPT.md").read_text() + f"\n{text}\n")
    assert bench.ask("no-emoji").passed is passed
