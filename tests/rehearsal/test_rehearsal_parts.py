"""The four parts, played over a folder with the real linter, findings as the scanner gives them, and a real deployment."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from bakery import ORDERS, Desk, client, deploy, handover, lint, talk

from kit.rehearsal.documents import blocks
from kit.rehearsal.emit_cfn import dump, load
from kit.rehearsal.mending import mend, repair
from kit.rehearsal.model import reply
from kit.rehearsal.parts.reviewer import judge
from kit.rehearsal.parts.viewing import unnumbered
from kit.rehearsal.reading import read
from kit.rehearsal.stack import Stack

GENERATOR, QA, REVIEWER = "You are iac-infra-generator.", "You are iac-infra-qa-trainer.", "You are iac-code-reviewer."

# What the scanner says of each type of resource when the property is not there.
CHECKS = {
    "AWS::S3::Bucket": {"CKV_AWS_53": "PublicAccessBlockConfiguration", "CKV_AWS_18": "LoggingConfiguration", "CKV_AWS_21": "VersioningConfiguration"},
    "AWS::DynamoDB::Table": {"CKV_AWS_28": "PointInTimeRecoverySpecification", "CKV_AWS_119": "SSESpecification"},
    "AWS::SQS::Queue": {"CKV_AWS_27": "KmsMasterKeyId"},
    "AWS::SNS::Topic": {"CKV_AWS_26": "KmsMasterKeyId"},
    "AWS::KMS::Key": {"CKV_AWS_7": "EnableKeyRotation"},
    "AWS::Logs::LogGroup": {"CKV_AWS_66": "RetentionInDays", "CKV_AWS_158": "KmsKeyId"},
    "AWS::Lambda::Function": {"CKV_AWS_116": "DeadLetterConfig", "CKV_AWS_117": "VpcConfig", "CKV_AWS_173": "KmsKeyArn"},
}  # fmt: skip


def scan(desk: Desk, stage: str) -> dict[str, Any]:
    """Lint by the real linter, and findings by the scanner's rules."""
    if stage != "lint":
        return {}
    [path] = (desk.root / "lib").glob("TapStack.*")
    template = load(path.read_text(encoding="utf-8"))
    errors = lint(path.read_text(encoding="utf-8"))
    findings: list[dict[str, Any]] = [
        {"rule": error.split()[0], "severity": "error", "line": 1, "message": error} for error in errors
    ]
    for name, resource in template["Resources"].items():
        for rule, wanted in CHECKS.get(resource["Type"], {}).items():
            if wanted not in resource.get("Properties", {}):
                findings.append({"rule": rule, "severity": "Medium", "line": 1, "resource": name, "message": wanted})
        if resource["Type"] == "AWS::IAM::Role" and '"s3:*"' in json.dumps(resource):
            findings.append({"rule": "CKV_AWS_111", "severity": "High", "line": 1, "resource": name, "message": "wide"})
    return {"findings": findings, "verdict": "failed" if errors else "passed", "reason": "; ".join(errors)[:200]}


def answer(desk: Desk, language: str) -> dict[str, str]:
    """Let the generator write PROMPT.md, the model answer it, and lay out its files."""
    talk(desk, GENERATOR, handover(ORDERS, language))
    prompt = (desk.root / "lib/PROMPT.md").read_text(encoding="utf-8")
    [said] = reply({"messages": [{"role": "user", "content": prompt}]})["content"]
    files = blocks(said["text"])
    for path, content in files.items():
        (desk.root / path).write_text(content, encoding="utf-8")
    return files | {"said": said["text"]}


@pytest.mark.parametrize("language", ["yaml", "json"])
def test_a_task_goes_through_all_parts(tmp_path: Path, cloud: str, language: str) -> None:
    desk = Desk(tmp_path, scan)
    plain = answer(desk, language)
    path = f"lib/TapStack.{'json' if language == 'json' else 'yml'}"
    assert list(plain) == [path, "said"]
    assert "Amazon Personalize" in plain["said"].split("###")[0]
    talk(desk, QA, handover(ORDERS, language) + f"The main file is `{path}`.")
    assert desk.reports[-1]["status"] == "COMPLETED"
    final = (tmp_path / path).read_text(encoding="utf-8")
    assert lint(final) == []
    assert desk.ran[-6:] == ["build", "unit", "deploy", "outputs", "integration", "destroy"]
    left = {finding["rule"] for finding in scan(desk, "lint")["findings"]}
    assert left <= {"CKV_AWS_117", "CKV_AWS_18"}
    recorded = {entry["evidence"] for entry in desk.failures}
    assert {"CKV_AWS_53", "CKV_AWS_28", "CKV_AWS_27", "CKV_AWS_26", "CKV_AWS_7", "CKV_AWS_111"} <= recorded
    assert not recorded & left - {"CKV_AWS_18"}
    assert len({entry["id"] for entry in desk.failures}) == len(desk.failures)
    template = load(final)
    for entry in desk.failures:
        assert entry["files"] == [path]
        assert any(name in entry["wrong"] for name in load(plain[path])["Resources"]), entry
    unit = (tmp_path / "test/tap-stack.unit.test.ts").read_text(encoding="utf-8")
    assert all(f"describe('{name}'" in unit for name in template["Resources"])
    outputs = deploy(final, cloud, "syntht1")
    assert client(cloud, "dynamodb").list_tables()["TableNames"] == [outputs["RecordsTableName"]]
    assert outputs["RecordsTableName"].endswith("-syntht1")
    talk(
        desk,
        REVIEWER,
        handover(ORDERS, language) + "## Entries of MODEL_FAILURES (data)\n\n" + json.dumps(desk.failures),
    )
    assert 0 < desk.review["training_quality"] <= 10
    assert "asked for and not in the stack: Amazon Personalize" in desk.review["violations"]
    assert desk.review["compliance_percentage"] == 88
    assert desk.review["ready"] is True


def test_the_handlers_are_python_that_compiles(desk: Desk) -> None:
    template = load(answer(desk, "yaml")["lib/TapStack.yml"])
    code = template["Resources"]["ProcessorFunction"]["Properties"]["Code"]["ZipFile"]
    names = {node.name for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)}
    assert names == {"read", "handle", "handler"}
    assert "put_object" not in code, "a function must not write to the bucket whose uploads start it"


def test_the_second_round_keeps_the_stack_and_adds_two_features(desk: Desk) -> None:
    first = answer(desk, "yaml")
    message = handover(ORDERS).replace("round 1", "round 2") + "Write `lib/PROMPT2.md`: the next message."
    talk(desk, GENERATOR, message)
    second = (desk.root / "lib/PROMPT2.md").read_text(encoding="utf-8")
    turns = [
        {"role": "user", "content": (desk.root / "lib/PROMPT.md").read_text(encoding="utf-8")},
        {"role": "assistant", "content": first["said"]},
        {"role": "user", "content": second},
    ]
    said = reply({"messages": turns})["content"][0]["text"]
    before, after = load(first["lib/TapStack.yml"]), load(blocks(said)["lib/TapStack.yml"])
    assert list(after["Resources"]) == list(before["Resources"])
    changed = [name for name in after["Resources"] if after["Resources"][name] != before["Resources"][name]]
    assert len(changed) >= 2
    assert "New in this round: " in said


def test_features_named_in_the_hand_over_are_the_ones_asked_for(desk: Desk) -> None:
    talk(
        desk,
        GENERATOR,
        handover(ORDERS) + "Write `lib/PROMPT2.md`.\n- JSON logs of Lambda with levels (AWS Lambda, 2023-11-16)",
    )
    text = (desk.root / "lib/PROMPT2.md").read_text(encoding="utf-8")
    assert "LoggingConfig" in text
    assert text.count("announced") == 1


def test_features_that_rehearsal_cannot_build_are_asked_for_and_said_not_to_be_built(desk: Desk) -> None:
    first = answer(desk, "yaml")
    wanted = "## What is wanted\n\nWrite `lib/PROMPT2.md`.\n- SQS fair queues (message group ids)\n- Aurora DSQL\n"
    talk(desk, GENERATOR, handover(ORDERS) + wanted)
    second = (desk.root / "lib/PROMPT2.md").read_text(encoding="utf-8")
    assert "1. SQS fair queues (message group ids)" in second
    turns = [
        {"role": "user", "content": (desk.root / "lib/PROMPT.md").read_text(encoding="utf-8")},
        {"role": "assistant", "content": first["said"]},
        {"role": "user", "content": second},
    ]
    said = reply({"messages": turns})["content"][0]["text"]
    assert "Not built, because I do not know how: " in said
    assert "SQS fair queues (message group ids), Aurora DSQL." in said


def test_a_task_with_nothing_to_build_is_answered_honestly() -> None:
    [said] = reply({"messages": [{"role": "user", "content": "Please bake some bread."}]})["content"]
    assert "No AWS service that I can build is named" in said["text"]


def test_a_task_that_names_no_service_blocks_the_generator(desk: Desk) -> None:
    talk(desk, GENERATOR, handover("Please bake some bread."))
    assert desk.reports[-1]["status"] == "BLOCKED"
    assert "names no AWS service" in desk.reports[-1]["blocked_reason"]
    assert not (desk.root / "lib/PROMPT.md").exists()


def test_qa_fails_readably_when_the_file_is_no_template(desk: Desk) -> None:
    (desk.root / "lib").mkdir()
    (desk.root / "lib/TapStack.yml").write_text("a: [1", encoding="utf-8")
    talk(desk, QA, handover(ORDERS) + "The main file is `lib/TapStack.yml`.")
    assert desk.reports[-1]["status"] == "FAILED"
    assert desk.reports[-1]["issues"].startswith("lib/TapStack.yml is no template: not valid YAML")
    assert desk.ran == []


def test_qa_fails_readably_when_there_is_no_file(desk: Desk) -> None:
    talk(desk, QA, handover(ORDERS) + "The main file is `lib/TapStack.yml`.")
    assert "lib/TapStack.yml cannot be read" in desk.reports[-1]["issues"]


def test_a_lint_error_without_a_remedy_ends_in_failure_and_no_deployment(tmp_path: Path) -> None:
    def stages(desk: Desk, stage: str) -> dict[str, Any]:
        finding = {"rule": "E9999", "severity": "error", "line": 1, "message": "beyond repair"}
        return {"verdict": "failed", "reason": "E9999 beyond repair", "findings": [finding]}

    desk = Desk(tmp_path, stages)
    answer(desk, "yaml")
    talk(desk, QA, handover(ORDERS) + "The main file is `lib/TapStack.yml`.")
    assert desk.reports[-1]["status"] == "FAILED"
    assert "E9999 beyond repair" in desk.reports[-1]["issues"]
    assert desk.ran == ["lint"]


def test_a_failed_deployment_is_destroyed_and_told(tmp_path: Path) -> None:
    def stages(desk: Desk, stage: str) -> dict[str, Any]:
        return {"verdict": "failed", "reason": "no more addresses"} if stage == "deploy" else scan(desk, stage)

    desk = Desk(tmp_path, stages)
    answer(desk, "yaml")
    talk(desk, QA, handover(ORDERS) + "The main file is `lib/TapStack.yml`.")
    assert desk.ran[-2:] == ["deploy", "destroy"]
    assert desk.reports[-1]["issues"] == "deploy failed: no more addresses"


def test_the_same_failure_twice_is_told_and_not_tried_a_third_time(tmp_path: Path) -> None:
    desk = Desk(tmp_path, lambda desk, stage: {"verdict": "failed", "reason": "no quota"} if stage == "deploy" else {})
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/TapStack.yml").write_text(answer(desk, "yaml")["lib/TapStack.yml"], encoding="utf-8")
    desk.ran.clear()
    messages = talk(desk, QA, handover(ORDERS))
    told: list[str] = []
    for word in ("noted", "The coordinator has no closing report from you.", "deploy fails", "noted", "deploy fails"):
        turns = 0
        messages.append({"role": "user", "content": word})
        while turns < 20:
            said = reply({"system": QA, "messages": messages})["content"]
            messages.append({"role": "assistant", "content": said})
            calls = [one for one in said if one["type"] == "tool_use"]
            if not calls:
                told.append(said[0]["text"])
                break
            results = []
            for one in calls:
                text, error = desk.use(one["name"], one["input"])
                results.append({"type": "tool_result", "tool_use_id": one["id"], "content": text, "is_error": error})
            messages.append({"role": "user", "content": results})
            turns += 1
    assert desk.ran.count("deploy") == 2
    assert told[0] == told[1] == "I do not get further: deploy failed: no quota"
    assert told[2:] == [f"{told[0]} It came back after I had tried to mend it, and I know of no other way."] * 3


def test_after_a_request_to_repair_the_ladder_is_climbed_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path, scan)
    answer(desk, "yaml")
    talk(
        desk, QA, handover(ORDERS) + "The main file is `lib/TapStack.yml`.", "The scripts ran the ladder: unit failed."
    )
    assert [report["status"] for report in desk.reports].count("COMPLETED") == 3  # generator, QA, QA again
    assert desk.ran.count("destroy") == 2


def test_a_deprecated_runtime_is_mended_by_the_message_of_the_deployment() -> None:
    function = {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "python3.7"}}
    stack = Stack({"Resources": {"Old": function}})
    [one] = repair(stack, "Old: The runtime parameter of python3.7 is no longer supported for creating functions")
    assert one.resources == ["Old"]
    assert function["Properties"]["Runtime"] == "python3.13"


def test_a_finding_is_placed_by_its_line_when_it_names_no_resource() -> None:
    stack = Stack({"Resources": {"One": {"Type": "AWS::KMS::Key", "Properties": {}}, "Two": {"Type": "AWS::KMS::Key"}}})
    text = dump(stack.template, "yaml")
    line = text.splitlines().index("  Two:") + 2
    [one], left = mend(stack, [{"rule": "CKV_AWS_7", "line": line, "message": "no rotation"}], text)
    assert one.resources == ["Two"]
    assert left == []


def test_what_has_no_remedy_is_left_and_named() -> None:
    stack = Stack({"Resources": {"One": {"Type": "AWS::KMS::Key"}}})
    mends, left = mend(stack, [{"rule": "CKV_X_1", "resource": "One", "message": "odd"}, {"rule": "CKV_X_2"}], "")
    assert mends == []
    assert left == ["CKV_X_1 on One: odd", "CKV_X_2"]


def test_the_reviewer_counts_receipts_that_failed() -> None:
    message = (
        handover("Use S3.")
        + "## Receipts for the final files\n\n- unit: failed, 2 of 9\n\n## Entries of MODEL_FAILURES (data)\n"
    )
    verdict = judge(read("Use S3."), message, "AWS::S3::Bucket")
    assert verdict["ready"] is False
    assert verdict["violations"] == ["stage unit failed"]
    assert verdict["training_quality"] == 0.0


@pytest.mark.parametrize("end", ["     3\tthird li", "     3", "  "])
def test_a_view_that_is_cut_within_a_line_is_read_on_from_that_line(end: str) -> None:
    lines, cut = unnumbered(
        f"     1\tfirst\n     2\t\tsecond\n{end}\n... cut here; use view_range to read on (9 lines in all)"
    )
    assert (lines, cut) == (["first", "\tsecond"], True)
