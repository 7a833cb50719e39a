"""The pull request's page: what it says, what it admits not to know, and that nobody's words break it."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest

from kit import files
from kit.forge import body
from kit.forge.markdown import code, fenced, inline
from kit.run import receipts
from kit.run.receipts import Receipt

ENTRY = {
    "id": "F1",
    "severity": "High",
    "kind": "security",
    "files": ["lib/TapStack.yml"],
    "wrong": "The bucket was open to everyone.",
    "done": "Public access was blocked.",
    "evidence": "001-lint.json",
    "round": 1,
}
DECISION = {
    "decision": "complete",
    "reasons": ["issues more than minimal, complexity medium, score 8"],
    "minimal": False,
    "minimal_facts": ["001-lint.json: baseline lint found 2 errors"],
    "score": {"reviewer": 10, "low": 6, "high": 8, "used": 8, "facts": ["a blocker"], "note": "the reviewer gave 10; facts support 6 to 8, so 8 counts"},
    "gap": {"same": False, "categories": {"security": 2, "naming": 1}, "changes": [{}, {}, {}]},
    "gates": [{"name": "no-retain", "passed": True, "reason": "3 resources go with their stack"}],
    "tree": "a" * 40,
    "round": 1,
    "next_features": [],
}  # fmt: skip
REVIEW = {"training_quality": 10, "reasons": ["teaches bucket hygiene"], "violations": []}
CALL = {"agent": "generator", "model": "rehearsal", "input": 1200, "cache_write": 10, "cache_read": 90, "output": 300}


def receipt(run, stage, **changes):
    made = Receipt(stage=stage, verdict="passed", tree="b" * 40, attempt=1, seconds=1.25, log_sha256="c" * 64)
    return receipts.write(run, dataclasses.replace(made, **changes))


@pytest.fixture
def whole(run):
    """A run with everything a page can be made of."""
    files.write_json(run.dir / "decision.json", DECISION)
    files.write_json(run.dir / "review.json", REVIEW)
    (run.dir / "failures.jsonl").write_text(json.dumps(ENTRY) + "\n")
    ledger = [
        CALL | {"task": "T1", "at": "2999-01-01T00:00:00+00:00", "usd": 0.25},
        CALL | {"task": "T2", "at": "2026-01-01", "usd": 9},
    ]
    (run.repo / ".runs" / "spend.jsonl").write_text("".join(json.dumps(one) + "\n" for one in ledger))
    receipt(run, "lint", baseline=True, verdict="failed", reason="2 lint errors; first E3002")
    receipt(run, "deploy", baseline=True, verdict="not run", reason="synth failed")
    receipt(run, "lint", figures={"errors": 0, "security": {"Critical": 0, "High": 3}, "suppressed": 1})
    receipt(run, "unit", figures={"passed": 4, "coverage": 96.5})
    cloud = {"cloud": "moto", "emulated": True}
    receipt(run, "deploy", verdict="failed", reason="it broke", **cloud)
    receipt(run, "deploy", figures={"asked": 3, "held": 2, "not_emulated": ["Alarm (AWS::CloudWatch::Alarm)"]}, **cloud)
    return run


def test_it_tells_the_task(whole):
    page = body.render(whole)
    assert "**A bucket for reports** · task `T1` · cfn yaml · medium" in page
    assert "Create a CloudFormation YAML template with an S3 bucket for reports." in page


def test_it_tells_failures_with_their_evidence(whole):
    page = body.render(whole)
    assert (
        "| High | security | The bucket was open to everyone. | Public access was blocked. | `001-lint.json` |" in page
    )
    assert "1 High" in page
    assert "3 measured differences" in page and "2 security, 1 naming" in page


def test_the_stage_table_sets_first_answer_against_final(whole):
    page = body.render(whole)
    assert "| lint | failed: 2 lint errors; first E3002 | **passed** | 1 | 1.2 |" in page
    deploy = next(line for line in page.splitlines() if line.startswith("| deploy |"))
    assert "not run: synth failed" in deploy
    assert "| **passed** | 2 |" in deploy
    assert "asked 3, held 2" in deploy
    assert "emulated (moto)" in deploy
    assert "coverage 96.5 %" in page
    assert "| destroy | not recorded | not recorded | 0 |" in page


def test_it_names_what_was_not_emulated(whole):
    page = body.render(whole)
    assert (
        "**Not emulated** (accepted by the emulator, nothing stands behind it): `Alarm (AWS::CloudWatch::Alarm)`"
        in page
    )
    assert "1 resource is accepted by the emulator" in page


def test_it_names_what_is_held_otherwise_and_how_it_was_deployed(whole):
    receipt(
        whole, "deploy", cloud="moto", emulated=True, figures={"drifted": ["aws_sqs_queue.Jobs"], "how": "by Terraform"}
    )
    page = body.render(whole)
    assert (
        "**Not held as asked for** (the emulator keeps another value than it was given): `aws_sqs_queue.Jobs`" in page
    )
    assert "1 resource is not held by the emulator as asked for" in page
    assert "| CLOUD | moto (emulated) | by Terraform; nothing was deployed to AWS |" in page


def test_it_tells_the_score_with_its_facts(whole):
    page = body.render(whole)
    assert "**training_quality 8** (reviewer 10; the facts support 6 to 8)" in page
    assert "so 8 counts" in page
    assert "minimal issues: no" in page


def test_only_the_tasks_own_calls_are_counted(whole):
    page = body.render(whole)
    assert "| generator | 1 | 1,300 | 300 | $0.2500 |" in page
    assert "| **all** | 1 | 1,300 | 300 | **$0.2500** |" in page


def test_it_names_the_stand_ins(whole):
    page = body.render(whole, forge="local")
    assert "| MODEL | rehearsal | a deterministic stand-in wrote this, no model |" in page
    assert "| CLOUD | moto (emulated) | nothing was deployed to AWS |" in page
    assert "| FORGE | local | this page is a file" in page
    assert "| SANDBOX | not recorded |" in page


def test_the_sandbox_is_the_one_that_was_used(whole):
    whole.journal.add("sandbox", agent="generator", mode="bwrap")
    assert "| SANDBOX | bwrap |  |" in body.render(whole)
    whole.journal.add("sandbox", agent="qa-trainer", mode="none")
    assert "| SANDBOX | bwrap, none | commands of agents ran unprotected |" in body.render(whole)


def test_the_cost_is_that_of_this_attempt(whole):
    assert "With the earlier ones" not in body.render(whole)
    earlier = CALL | {"task": "T1", "at": "2026-01-01", "usd": 0.5}
    with (whole.repo / ".runs" / "spend.jsonl").open("a") as ledger:
        ledger.write(json.dumps(earlier) + "\n")
    page = body.render(whole)
    assert "| **all** | 1 | 1,300 | 300 | **$0.2500** |" in page
    assert "With the earlier ones the task took 2 calls and $0.7500." in page


def test_a_real_cloud_is_called_real(whole):
    receipt(whole, "deploy", cloud="aws", emulated=False)
    page = body.render(whole)
    assert "aws (real)" in page
    assert "nothing was deployed to AWS" not in page


def test_what_a_reviewer_should_see(whole):
    page = body.render(whole)
    assert "the security scanner still names 3 High" in page
    assert "1 checks are switched off in the template itself" in page


def test_a_failed_gate_is_shown(whole):
    gates = [{"name": "region", "passed": False, "reason": "us-west-2: hard-coded region"}]
    files.write_json(whole.dir / "decision.json", DECISION | {"gates": gates})
    assert "gate region failed: us-west-2: hard-coded region" in body.render(whole)


def test_an_empty_run_admits_what_it_lacks(run):
    page = body.render(run)
    assert "No failure was recorded." in page
    assert "was not measured" in page
    assert (
        "**training_quality not recorded** (reviewer not recorded; the facts support not recorded to not recorded)"
        in page
    )
    assert "No call to a model is on record." in page
    assert "| MODEL | not recorded |" in page
    assert "there is no decision of the gate" in page


def test_damaged_entries_are_told(whole):
    (whole.dir / "failures.jsonl").write_text("{\n")
    assert "The failure entries cannot be read" in body.render(whole)


def test_many_failures_are_cut_and_counted(whole):
    lines = "".join(json.dumps(ENTRY | {"id": f"F{number}"}) + "\n" for number in range(40))
    (whole.dir / "failures.jsonl").write_text(lines)
    page = body.render(whole)
    assert page.count("| High | security |") == body.MOST_FAILURES
    assert "15 more are in" in page


HOSTILE = (
    "</details>| a | b |\n# Title\n```\n@octocat fixes #1 <script>x</script> ![i](http://evil.test/x.png) **b**\n~~~~\n"
)


def test_hostile_text_stays_text(whole):
    task = files.read_json(whole.dir / "task.json")
    files.write_json(whole.dir / "task.json", task | {"title": HOSTILE, "text": HOSTILE, "notes": [HOSTILE]})
    hostile = ENTRY | {"wrong": HOSTILE, "done": HOSTILE, "evidence": "`|`" + HOSTILE}
    (whole.dir / "failures.jsonl").write_text(json.dumps(hostile) + "\n")
    from kit.run.rundir import Run

    page = body.render(Run(whole.repo, "T1", whole.settings))
    outside = without_fences(page)
    assert "<script>" not in outside_code(outside)
    assert "@octocat" not in outside_code(outside)
    assert "#1" not in outside_code(outside)
    assert not re.search(r"(?<!\\)!\[", outside_code(outside))
    assert "http://" not in outside_code(outside)
    plain = outside_code(outside)
    assert plain.count("</details>") == plain.count("<details>") == 2
    assert {line.count(" | ") for line in outside.splitlines() if line.startswith("| High")} == {4}


def test_a_page_stays_within_what_a_forge_takes(whole):
    task = files.read_json(whole.dir / "task.json")
    files.write_json(whole.dir / "task.json", task | {"notes": ["word " * 200] * 400})
    from kit.run.rundir import Run

    page = body.render(Run(whole.repo, "T1", whole.settings))
    assert len(page) < 65_000
    assert "The page was cut here" in page


def test_no_secret_reaches_the_page(whole):
    key = "AKIA" + "ABCDEFGHIJKLMNOP"
    (whole.dir / "failures.jsonl").write_text(json.dumps(ENTRY | {"wrong": f"It had {key}"}) + "\n")
    page = body.render(whole)
    assert key not in page
    assert "redacted access key id" in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a`b", "``a`b``"), ("`a`", "`` `a` ``"), ("a|b", "`a\u2502b`"), ("a\nb", "`a b`"), ("", "")],
)
def test_code_spans_cannot_be_left(text, shown):
    assert code(text) == shown


def test_fences_are_longer_than_what_they_hold():
    assert fenced("a\n````\nb").startswith("`````text\n")
    assert fenced("a\n````\nb").endswith("\n`````")
    assert "[2 more characters]" in fenced("abcd", 2)


def test_inline_text_is_one_cut_line():
    assert inline("a  b\nc d", 6) == "a b..."
    assert "\n" not in inline("a\nb")
    assert inline("x\u202ey") == "xy"
    assert [inline(one) for one in ("- a", "1. a", "12) a", "a - b")] == ["\\- a", "1\\. a", "12\\) a", "a - b"]


def without_fences(page: str) -> str:
    lines, fence = [], ""
    for line in page.splitlines():
        mark = re.match(r"(`{3,})", line)
        if fence:
            fence = "" if line.strip() == fence else fence
        elif mark:
            fence = mark[1]
        else:
            lines.append(line)
    assert not fence
    return "\n".join(lines)


def outside_code(page: str) -> str:
    return re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", page)
