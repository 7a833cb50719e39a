"""Broken projects: each fails at the right stage, with a reason that can be acted on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ladder_support import edit

from kit.ladder.foreign import ForeignRun
from kit.ladder.stages import run_ladder, run_stage

YML = "lib/TapStack.yml"


def test_a_syntax_error_is_named_with_its_line(bare: ForeignRun) -> None:
    edit(bare, YML, "Resources:\n", "Resources: [\n")
    lint, synth = run_ladder(bare, ["lint", "synth"])
    assert lint.verdict == synth.verdict == "failed"
    assert synth.reason.startswith("lib/TapStack.yml:11: not valid YAML")
    assert any(one["rule"].startswith("E0") for one in lint.findings)


def test_an_unknown_property_fails_the_lint_with_rule_file_and_line(bare: ForeignRun) -> None:
    edit(bare, YML, "      QueueName:", "      Colour: blue\n      QueueName:")
    lint = run_stage(bare, "lint")
    assert lint.verdict == "failed"
    assert lint.figures["errors"] == 1
    assert lint.findings[0] | {"message": ""} == {
        "rule": "E3002",
        "severity": "error",
        "file": YML,
        "line": 19,
        "message": "",
        "resource": "Queue",
    }


def test_a_critical_security_finding_fails_the_lint(bare: ForeignRun) -> None:
    wide = (
        "  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n"
        "        Version: '2012-10-17'\n        Statement:\n"
        "          - {Effect: Allow, Principal: {AWS: '*'}, Action: 'sts:AssumeRole'}\nOutputs:\n"
    )
    edit(bare, YML, "Outputs:\n", wide)
    lint = run_stage(bare, "lint")
    assert lint.verdict == "failed"
    assert lint.figures["errors"] == 0
    assert lint.figures["security"]["Critical"] >= 1
    assert {"rule": "CKV_AWS_60", "severity": "Critical", "resource": "Role"}.items() <= lint.findings[0].items()


def test_less_than_critical_findings_are_told_and_pass(bare: ForeignRun) -> None:
    lint = run_stage(bare, "lint")
    assert lint.passed
    assert lint.figures["security"]["Critical"] == 0
    assert {one["severity"] for one in lint.findings} >= {"High", "Medium"}
    assert lint.argv[0][-1] == YML or lint.argv[1][-1] == YML


def test_the_template_cannot_switch_errors_off(bare: ForeignRun) -> None:
    edit(bare, YML, "      QueueName:", "      Colour: blue\n      QueueName:")
    edit(bare, YML, "Parameters:\n", "Metadata: {cfn-lint: {config: {ignore_checks: [E3002]}}}\nParameters:\n")
    assert run_stage(bare, "lint").figures["errors"] == 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Value: !Ref Queue", "Value: !Ref Gone", "Outputs.QueueUrl: Ref 'Gone' is neither"),
        ("Value: !Ref Queue", "Value: !GetAtt Gone.Arn", "Fn::GetAtt of 'Gone'"),
        ("'orders-${EnvironmentSuffix}'", "'orders-${Suffix}'", "Queue: Fn::Sub uses 'Suffix'"),
        ("!If [IsProd,", "!If [IsTest,", "condition 'IsTest'"),
        ("    Type: AWS::SQS::Queue\n", "    Type: AWS::SQS::Queue\n    DependsOn: Topic\n", "DependsOn names 'Topic'"),
        ("    Type: AWS::SQS::Queue\n", "    Type: AWS::SQS::Queue\n    Condition: Never\n", "Condition 'Never'"),
        ("QueueName: !Sub", "QueueName: !FindInMap [Names, a, b]\n      KmsMasterKeyId: !Sub", "map 'Names'"),
        ("EnvironmentSuffix", "Suffix", "no parameter EnvironmentSuffix"),
    ],
)
def test_what_does_not_resolve_fails_the_synth(bare: ForeignRun, old: str, new: str, words: str) -> None:
    edit(bare, YML, old, new)
    synth = run_stage(bare, "synth")
    assert synth.verdict == "failed"
    assert words in synth.reason


def test_resources_that_wait_for_each_other_fail_the_synth(bare: ForeignRun) -> None:
    edit(bare, YML, "    Type: AWS::SQS::Queue\n", "    Type: AWS::SQS::Queue\n    DependsOn: Bucket\n")
    edit(bare, YML, "      BucketName: !Sub", "      AccessControl: !GetAtt Queue.Arn\n      BucketName: !Sub")
    synth = run_stage(bare, "synth")
    assert synth.verdict == "failed"
    assert "wait for each other" in synth.reason and "Bucket -> Queue" in synth.reason + " -> Queue"
    assert synth.findings[0]["rule"] == "synth/cycle"


def test_a_type_error_fails_the_build_with_file_and_line(climber: ForeignRun) -> None:
    edit(climber, "test/tap-stack.unit.test.ts", "describe('orders'", "const n: number = 'one';\ndescribe('orders'")
    build = run_stage(climber, "build")
    assert build.verdict == "failed"
    assert build.findings[0]["rule"] == "TS2322"
    assert (build.findings[0]["file"], build.findings[0]["line"]) == ("test/tap-stack.unit.test.ts", 3)


def test_a_failing_test_is_named_with_what_it_expected(climber: ForeignRun) -> None:
    edit(climber, "test/tap-stack.unit.test.ts", "toBe('dev')", "toBe('prod')")
    unit = run_stage(climber, "unit")
    assert unit.verdict == "failed"
    assert "1 of 2 tests failed; first orders names its queue" in unit.reason
    assert unit.findings[0]["line"] == 11
    assert '"dev"' in unit.findings[0]["message"] and "node_modules" not in unit.findings[0]["message"]


def test_a_test_file_that_cannot_be_run_fails_the_unit_stage(climber: ForeignRun) -> None:
    edit(climber, "test/tap-stack.unit.test.ts", "'../jest/template'", "'../jest/tempalte'")
    unit = run_stage(climber, "unit")
    assert unit.verdict == "failed"
    assert "tempalte" in unit.findings[0]["message"]


def test_items_that_no_test_asserts_on_are_named(climber: ForeignRun) -> None:
    edit(climber, "test/tap-stack.unit.test.ts", "    expect(template.Outputs.QueueUrl.Value.Ref).toBe('Queue');\n", "")
    unit = run_stage(climber, "unit")
    assert unit.verdict == "failed"
    assert unit.reason == "coverage 83.33 % is below 90 %"
    assert [one["resource"] for one in unit.findings] == ["QueueUrl"]


@pytest.mark.parametrize(
    "body",
    [
        "template.Resources.Bucket.Properties.BucketName;",
        "expect(Object.keys(template.Resources)).toContain('Bucket');",
        "expect(JSON.stringify(template)).toContain('Bucket');",
        "expect(template.Resources.Bucket).toBeDefined();",
        "expect(template.Resources.Bucket.Type).toBe('AWS::S3::Bucket');",
    ],
    ids=["no expect", "names only", "as text", "mere presence", "type alone"],
)
def test_reads_that_say_nothing_do_not_count(climber: ForeignRun, body: str) -> None:
    test = f"import {{ template }} from '../jest/template';\ntest('one', () => {{\n  {body}\n}});\n"
    (climber.worktree / "test" / "tap-stack.unit.test.ts").write_text(test)
    unit = run_stage(climber, "unit")
    assert unit.verdict == "failed"
    assert unit.figures["coverage"] == 0.0


def test_what_a_failing_test_read_does_not_count(climber: ForeignRun) -> None:
    edit(climber, "test/tap-stack.unit.test.ts", "toBe('Queue');", "toBe('Queue');\n    expect(1).toBe(2);")
    assert run_stage(climber, "unit").verdict == "failed"
    report = (climber.worktree / "coverage" / "template-coverage.json").read_text()
    assert "QueueUrl" in report and "BucketName" in report


def test_a_test_cannot_change_the_template(climber: ForeignRun) -> None:
    change = "toBe('dev');\n    template.Parameters.EnvironmentSuffix.Default = 'x';"
    edit(climber, "test/tap-stack.unit.test.ts", "toBe('dev');", change)
    unit = run_stage(climber, "unit")
    assert "cannot be changed by a test (Parameters.EnvironmentSuffix.Default)" in unit.reason


def test_placeholders_are_not_run_in_the_baseline_and_fail_otherwise(climber: ForeignRun) -> None:
    for name in ("unit", "int"):
        path = climber.worktree / "test" / f"tap-stack.{name}.test.ts"
        path.write_text("test('PLACEHOLDER-TEST', () => {\n  throw new Error('PLACEHOLDER-TEST');\n});\n")
    baseline = run_stage(climber, "unit", baseline=True)
    assert (baseline.verdict, baseline.reason) == ("not run", "only placeholder tests are there")
    assert "PLACEHOLDER-TEST" in run_stage(climber, "unit").reason


def test_without_the_reporter_there_is_no_report_and_no_pass(climber: ForeignRun) -> None:
    edit(climber, "jest.config.js", ", '<rootDir>/jest/results.js'", "")
    unit = run_stage(climber, "unit")
    assert unit.verdict == "failed"
    assert "no usable report" in unit.reason and "unit-results.json: no such file" in unit.reason


def test_an_earlier_report_is_not_taken_for_the_new_one(climber: ForeignRun) -> None:
    assert run_stage(climber, "unit").passed
    edit(climber, "jest.config.js", ", '<rootDir>/jest/results.js'", "")
    assert run_stage(climber, "unit").verdict == "failed"


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "not valid JSON"), ("{}", "not a coverage summary"), ('{"total": {"lines": {"pct": 100}}}', "KeyError")],
)
def test_a_garbled_coverage_report_is_a_failure(climber: ForeignRun, text: str, words: str) -> None:
    line = "write('coverage-summary.json', { total });"
    edit(
        climber, "jest/coverage.js", line, f"fs.writeFileSync(path.join(coverage, 'coverage-summary.json'), '{text}');"
    )
    unit = run_stage(climber, "unit")
    assert unit.verdict == "failed"
    assert words in unit.reason


def test_no_dependencies_no_build(bare: ForeignRun) -> None:
    build = run_stage(bare, "build")
    assert (build.verdict, build.reason) == (
        "not run",
        "the project's dependencies are not installed: run install_deps.py",
    )


def test_a_missing_tool_is_named_before_anything_is_spent(
    bare: ForeignRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(shutil.which("git") or "")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    build = run_stage(bare, "build")
    assert build.verdict == "not run"
    assert build.reason == "node is not installed: https://nodejs.org (20 or newer)"
