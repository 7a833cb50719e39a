"""What is proved is re-used, what is not is run; a stack that was deployed is destroyed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from ladder_support import edit

import run_stage as script
from kit.errors import Failure
from kit.ladder import reuse
from kit.ladder.clouds import find_cloud
from kit.ladder.foreign import ForeignRun
from kit.ladder.stages import ALL, run_ladder, run_stage
from kit.run import receipts
from kit.settings import TOOLKIT, Settings


def verdicts(run: ForeignRun, *stages: str, **how: bool) -> dict[str, str]:
    return {one.stage: one.verdict for one in run_ladder(run, stages or ALL, **how)}


def test_a_finished_project_goes_up_the_ladder_and_is_not_run_twice(climber: ForeignRun) -> None:
    first = run_ladder(climber)
    assert [one.stage for one in first] == list(ALL)
    assert {one.verdict for one in first} == {"passed"}
    by_stage = {one.stage: one for one in first}
    assert by_stage["unit"].figures["coverage"] == 100.0
    assert by_stage["deploy"].emulated and by_stage["deploy"].cloud == "moto"
    assert by_stage["integration"].figures["passed"] == 1
    assert [path.name for path, _ in receipts.read_all(climber)] == [
        f"{number:03d}-{stage}.json" for number, stage in enumerate(ALL, 1)
    ]
    for one in first:
        if one.log:
            assert receipts.digest(Path(one.log)) == one.log_sha256
    began = time.monotonic()
    again = run_ladder(climber)
    assert time.monotonic() - began < 2.0
    assert again == first
    # A stack that is gone is not taken for one that is there.
    edit(climber, "test/tap-stack.int.test.ts", "hello", "goodbye")
    assert reuse.proved(climber, "outputs", reuse.tree_of(climber)) is None


def test_what_is_deployed_is_used_while_its_session_lives(climber: ForeignRun) -> None:
    assert verdicts(climber, "deploy", "outputs") == {"deploy": "passed", "outputs": "passed"}
    before = len(receipts.read_all(climber))
    assert verdicts(climber, "deploy", "outputs") == {"deploy": "passed", "outputs": "passed"}
    assert len(receipts.read_all(climber)) == before
    (climber.worktree / "cfn-outputs" / "flat-outputs.json").unlink()
    assert reuse.proved(climber, "outputs", reuse.tree_of(climber)) is None
    assert reuse.proved(climber, "deploy", reuse.tree_of(climber)) is not None
    cloud = find_cloud(climber)
    assert cloud is not None
    cloud.stop()
    assert reuse.proved(climber, "deploy", reuse.tree_of(climber)) is None


def test_a_changed_file_asks_for_new_receipts(bare: ForeignRun) -> None:
    assert run_stage(bare, "synth").passed
    edit(bare, "lib/TapStack.yml", "Description: Orders", "Description: Returns")
    assert run_stage(bare, "synth").attempt == 2
    assert run_stage(bare, "synth").attempt == 2
    assert run_stage(bare, "synth", again=True).attempt == 3


def test_a_failed_receipt_is_not_re_used(bare: ForeignRun) -> None:
    edit(bare, "lib/TapStack.yml", "!Ref Queue", "!Ref Gone")
    assert [run_stage(bare, "synth").attempt, run_stage(bare, "synth").attempt] == [1, 2]


def test_a_failed_cheap_stage_stops_the_dear_ones(bare: ForeignRun) -> None:
    edit(bare, "lib/TapStack.yml", "!Ref Queue", "!Ref Gone")
    found = run_ladder(bare, ["synth", "deploy", "outputs", "destroy"])
    assert [one.verdict for one in found] == ["failed", "not run", "not run", "not run"]
    assert found[1].reason == "synth failed"


def test_the_baseline_runs_what_could_run_and_only_once(climber: ForeignRun) -> None:
    edit(climber, "lib/TapStack.yml", "      QueueName:", "      Colour: blue\n      QueueName:")
    for name in ("unit", "int"):
        path = climber.worktree / "test" / f"tap-stack.{name}.test.ts"
        path.write_text("test('PLACEHOLDER-TEST', () => {\n  throw new Error('PLACEHOLDER-TEST');\n});\n")
    found = {one.stage: one for one in run_ladder(climber, ALL, baseline=True)}
    assert found["lint"].verdict == "failed"
    assert found["build"].verdict == "passed"
    assert found["unit"].verdict == found["integration"].verdict == "not run"
    assert found["deploy"].verdict != "not run"
    assert all(one.baseline for one in found.values())
    ran = [one for _, one in receipts.read_all(climber) if one.verdict != "not run"]
    run_ladder(climber, ALL, baseline=True)
    assert [one for _, one in receipts.read_all(climber) if one.verdict != "not run"] == ran


def test_a_stack_whose_tests_fail_is_destroyed(climber: ForeignRun) -> None:
    edit(climber, "test/tap-stack.int.test.ts", "toBe('hello')", "toBe('bye')")
    found = verdicts(climber, "deploy", "outputs", "integration", "destroy")
    assert found == {"deploy": "passed", "outputs": "passed", "integration": "failed", "destroy": "passed"}


def test_outputs_that_are_missing_fail_their_stage(climber: ForeignRun) -> None:
    text = (climber.worktree / "lib" / "TapStack.yml").read_text()
    (climber.worktree / "lib" / "TapStack.yml").write_text(text[: text.index("Outputs:")])
    found = {one.stage: one for one in run_ladder(climber, ["deploy", "outputs", "integration", "destroy"])}
    assert found["outputs"].verdict == "failed"
    assert "no outputs" in found["outputs"].reason
    assert (found["integration"].verdict, found["integration"].reason) == ("not run", "outputs failed")
    assert found["destroy"].passed


def test_deploys_are_counted_against_the_limit(bare: ForeignRun) -> None:
    few = replace(bare, settings=Settings.load(environ={"MAX_DEPLOYS": "1"}))
    assert run_stage(few, "deploy").passed
    refused = run_stage(few, "deploy", again=True)
    assert refused.verdict == "not run"
    assert refused.reason == "1 deploy attempts are used up (limits.max_deploys = 1)"
    assert run_stage(few, "destroy").passed


def test_the_time_limit_of_a_stage_ends_it(climber: ForeignRun) -> None:
    hasty = replace(climber, settings=Settings.load(environ={}, flags={"ladder.stage_minutes": 0.001}))
    unit = run_stage(hasty, "unit")
    assert unit.verdict == "failed"
    assert unit.reason == "the tests exceeded their wall time limit"


def test_files_that_change_meanwhile_spoil_the_receipt(climber: ForeignRun) -> None:
    change = "import * as fs from 'fs';\nfs.writeFileSync('lib/new.txt', 'x');\n"
    path = climber.worktree / "test" / "tap-stack.unit.test.ts"
    path.write_text(change + path.read_text())
    unit = run_stage(climber, "unit")
    assert unit.verdict == "failed"
    assert "changed while the stage was running" in unit.reason


def test_an_unknown_stage_is_refused(bare: ForeignRun) -> None:
    with pytest.raises(Failure, match="no such stage: polish"):
        run_stage(bare, "polish")


def test_no_credential_reaches_the_tests(climber: ForeignRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("GITHUB_TOKEN", "t0ken")
    look = (
        "test('env', () => {\n  expect(Object.keys(process.env).filter(n => /TOKEN|PROFILE|KEY/.test(n))).toEqual([]);\n"
        "  expect(process.env.ENVIRONMENT_SUFFIX).toBe('synthproject');\n"
        "  expect(process.env.AWS_REGION).toBe('us-east-1');\n});\n"
    )
    (climber.worktree / "test" / "env.unit.test.ts").write_text(look)
    assert run_stage(climber, "unit").passed


def test_the_script_runs_stages_on_any_project(
    bare: ForeignRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "synth",
        "--project",
        str(bare.worktree),
        "--platform",
        "cfn-yaml",
        "--runs",
        str(tmp_path / "r"),
        "--json",
    ]
    assert script.main(words) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["stage"], one["verdict"], one["figures"]["resources"]) == ("synth", "passed", 2)
    assert not (bare.worktree / ".git").exists() and not (bare.worktree / ".runs").exists()
    edit(bare, "lib/TapStack.yml", "!Ref Queue", "!Ref Gone")
    assert script.main(words) == 1


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--project", "."], 2, "--project needs --platform"),
        (["--project", ".", "--platform", "cfn"], 2, "wanted platform and language"),
        (["--project", ".", "--platform", "arm-yaml"], 1, "arm-yaml: no such pair"),
        (["--project", "./nowhere", "--platform", "cfn-yaml"], 1, "no such folder"),
    ],
)
def test_words_that_cannot_be_meant(
    words: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main(["synth", *words]) == status
    assert said in capsys.readouterr().err


def test_an_interrupt_destroys_what_was_deployed(climber: ForeignRun, tmp_path: Path) -> None:
    waiting = tmp_path / "project" / "cfn-outputs" / "waiting"
    slow = f"import * as fs from 'fs';\ntest('slow', async () => {{ fs.writeFileSync('{waiting}', '');"
    slow += " await new Promise(done => setTimeout(done, 50000)); });\n"
    (climber.worktree / "test" / "tap-stack.int.test.ts").write_text(slow)
    words = ["deploy", "outputs", "integration", "destroy", "--project", str(climber.worktree)]
    words += ["--platform", "cfn-yaml", "--runs", str(climber.dir)]
    process = subprocess.Popen(
        [sys.executable, str(TOOLKIT / "scripts" / "run_stage.py"), *words], stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 300
    while not waiting.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGINT)
    said = process.communicate(timeout=300)[1]
    assert process.returncode == 130, said
    assert "destroying what was deployed first" in said
    last = receipts.read_all(climber)[-1][1]
    assert (last.stage, last.verdict, last.figures["gone"]) == ("destroy", "passed", 2)
