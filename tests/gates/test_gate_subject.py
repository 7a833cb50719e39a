"""What the gates look at: the base's commit, code and tests apart, text alone, and the receipt that counts."""

from __future__ import annotations

import pytest
from test_gates import TEMPLATE

from kit.run.git import git


def never(bench, stage):
    for path in bench.run.receipts.glob(f"*-{stage}.json"):
        path.unlink()


@pytest.mark.parametrize("sha", ["0" * 40, "no-such-branch", None])
def test_a_task_whose_base_is_no_commit_is_told_so(bench, sha):
    bench.task(base_sha=sha)
    reason = bench.ask("allowed-paths").reason
    assert reason.startswith(f"task.json: base_sha = {sha!r}: not a commit of ")
    assert reason == bench.ask("secrets").reason


@pytest.mark.parametrize("name", ["lib/orders.test.ts", "bin/test_orders.py"])
def test_a_test_lies_below_test(bench, name):
    for path in (bench.root / "test").iterdir():
        path.unlink()
    bench.write(name, "test('a', () => { expect(f()).toBe(1); });\n")
    assert "no file below test/ or tests/" in bench.ask("no-placeholder").reason
    assert bench.ask("test-quality").reason == "no test below test/ or tests/"


@pytest.mark.parametrize("name", ["lib/PROMPT2.md", "lib/MODEL_RESPONSE2.md", "lib/MODEL_FAILURES.md", "notes.md"])
def test_prose_is_no_code(bench, name):
    bench.write(name, "The template holds PLACEHOLDER-TEST.\n")
    assert bench.ask("no-placeholder").reason == "3 files of code and tests"


def test_a_committed_file_that_was_deleted_since_is_not_looked_for(bench):
    bench.write("lib/lambda/intake.py", "x = 1\n")
    git(bench.root, "add", "--all")
    git(bench.root, "commit", "--quiet", "--message", "all")
    assert bench.ask("no-placeholder").reason == "4 files of code and tests"
    (bench.root / "lib/lambda/intake.py").unlink()
    assert bench.ask("no-placeholder").reason == "3 files of code and tests"


def test_a_binary_is_read_by_no_gate_but_the_one_that_refuses_it(bench):
    bench.write("lib/lambda/table.json", b"\0 us-west-2 PLACEHOLDER-TEST")
    assert bench.ask("region").passed
    assert bench.ask("no-placeholder").passed
    assert bench.ask("file-size").reason == "lib/lambda/table.json: binary"


def test_a_file_that_is_no_text_is_named(bench):
    bench.write("lib/PROMPT.md", b"Orders \xff\n")
    assert bench.ask("no-emoji").reason.startswith("lib/PROMPT.md: cannot be read as text")


def test_a_written_template_needs_no_synth(bench):
    never(bench, "synth")
    assert bench.ask("no-retain").passed


def test_a_stage_that_could_not_be_run_again_keeps_its_receipt(bench):
    bench.receipt("lint", verdict="not run", reason="no linter")
    assert bench.ask("receipts").passed


def test_a_stage_that_was_never_run_says_why(bench):
    never(bench, "lint")
    bench.receipt("lint", verdict="not run", reason="no linter")
    assert bench.ask("receipts").reason.endswith("lint not run: no linter")


def test_the_newest_receipt_of_a_stage_counts(bench):
    bench.receipt("lint", verdict="failed", reason="E3002")
    assert bench.ask("receipts").reason.endswith("lint failed: E3002")
    bench.receipt("lint")
    assert bench.ask("receipts").passed


def test_a_receipt_of_another_stage_or_tree_is_none_of_this_one(bench):
    never(bench, "build")
    assert bench.ask("receipts").reason.startswith("no receipt of build for the tree ")
    bench.receipt("build", tree="0" * 40)
    assert bench.ask("receipts").reason.startswith("no receipt of build for the tree ")
    bench.edit(TEMPLATE, "PAY_PER_REQUEST", "PROVISIONED")
    assert bench.ask("receipts").reason.endswith("(and 7 more)")
