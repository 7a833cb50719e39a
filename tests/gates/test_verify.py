"""A second look: what differs from the receipts is said, and a clone stands for the branch."""

import dataclasses
import json

import pytest

import verify
from kit import files
from kit.errors import Failure
from kit.gates.comparison import altered, differences, gates, known
from kit.gates.register import GATES
from kit.run.checkout import Checkout
from kit.run.git import code_tree, git
from kit.run.receipts import Receipt
from kit.settings import Settings

RECEIPT = Receipt(stage="unit", verdict="passed", tree="a" * 40, attempt=1, figures={"coverage": 96.5, "seconds": 3})


def differing(**changes):
    return differences({"unit": RECEIPT}, [dataclasses.replace(RECEIPT, **changes)])


def test_the_same_is_no_difference():
    assert differing() == []
    assert differing(figures={"coverage": 96.504, "seconds": 9}) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tree": "b" * 40}, "the receipt speaks of the tree aaaaaaaaaaaa, the branch holds bbbbbbbbbbbb"),
        ({"verdict": "failed"}, "passed in the receipt, failed now"),
        ({"figures": {"coverage": 96.51}}, "coverage was 96.5, is 96.51 now"),
        ({"figures": {}}, "coverage was 96.5, is None now"),
    ],
)
def test_what_differs_is_said(changes, words):
    assert differing(**changes) == [f"unit: {words}"]


def test_a_stage_without_a_receipt_is_said():
    assert differences({}, [RECEIPT]) == ["unit: the run has no receipt of it"]


def test_known_are_the_newest_that_were_run(bench):
    bench.receipt("lint", verdict="failed", reason="x")
    bench.receipt("lint", verdict="not run", reason="y")
    bench.receipt("lint", baseline=True)
    assert known(bench.run)["lint"].reason == "x"
    assert set(known(bench.run)) == {"lint", "build", "synth", "unit", "deploy", "outputs", "integration", "destroy"}


def test_figures_of_several_parts_are_compared():
    was = dataclasses.replace(RECEIPT, figures={"security": {"High": 1}, "names": ["a", "b"]})
    same = dataclasses.replace(was, figures={"security": {"High": 1}, "names": ["b", "a"]})
    other = dataclasses.replace(was, figures={"security": {"High": 0}, "names": ["b", "a"]})
    assert differences({"unit": was}, [same]) == []
    assert len(differences({"unit": was}, [other])) == 1


def test_a_receipt_that_was_changed_is_told(bench):
    bench.run.journal.add("round", round=2)
    assert altered(bench.run) == []
    first, second, *_ = sorted(bench.run.receipts.glob("*.json"))
    first.write_text(first.read_text().replace('"passed"', '"failed"'))
    second.unlink()
    (bench.run.receipts / "999-lint.json").write_text("{}")
    assert altered(bench.run) == [
        f"{second.name}: the journal speaks of it, but it is gone",
        "999-lint.json: no journal speaks of it",
        f"{first.name}: was changed after it was written",
    ]


def test_a_receipt_from_before_the_journal_kept_hashes_is_believed(bench):
    path = next(bench.run.receipts.glob("*.json"))
    journal = bench.run.dir / "journal.jsonl"
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    for line in lines:
        line.pop("sha256", None)
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines))
    path.write_text(path.read_text() + "\n")
    assert altered(bench.run) == []


def committed(bench):
    git(bench.root, "add", "--all")
    git(bench.root, "commit", "--quiet", "--message", "all")
    return bench


def test_a_clone_holds_the_branch_and_the_runs_papers(bench, tmp_path):
    committed(bench)
    made = Checkout.of_run(bench.run, tmp_path / "verify")
    assert made.worktree != bench.root
    assert code_tree(made.worktree) == code_tree(bench.root)
    assert made.branch == git(made.worktree, "symbolic-ref", "--short", "HEAD")
    assert made.task["task_id"] == "T7"
    assert known(made).keys() == known(bench.run).keys()


def test_the_clone_is_judged_by_every_gate(bench, tmp_path):
    committed(bench)
    made = Checkout.of_run(bench.run, tmp_path / "verify")
    results, not_asked = gates(made, history=True)
    # What a ladder would leave in the clone is missing, since none was climbed here.
    assert {one.name for one in results if not one.passed} == {"unit-coverage", "outputs"}
    assert not_asked == []


def test_nothing_of_the_run_is_changed(bench, tmp_path):
    committed(bench)
    before = sorted(path.name for path in bench.run.dir.rglob("*"))
    made = Checkout.of_run(bench.run, tmp_path / "verify")
    gates(made, history=True)
    assert sorted(path.name for path in bench.run.dir.rglob("*")) == before
    assert git(bench.root, "status", "--porcelain") == ""


def test_what_is_not_committed_cannot_be_verified(bench, tmp_path):
    with pytest.raises(Failure, match="not everything is committed"):
        Checkout.of_run(bench.run, tmp_path / "verify")


def test_a_missing_branch_is_named(bench, tmp_path):
    committed(bench)
    bench.task(task_id="T9")
    other = dataclasses.replace(bench.run, task_id="T9")
    with pytest.raises(Failure, match="has no branch IAC-synth-T9"):
        Checkout.of_run(other, tmp_path / "verify")


def branch_alone(bench, tmp_path):
    committed(bench)
    git(tmp_path, "clone", "--quiet", "--branch", bench.run.branch, str(bench.repo), str(tmp_path / "alone"))
    return tmp_path / "alone"


def test_a_branch_alone_tells_its_task(bench, tmp_path):
    made = Checkout.of_project(branch_alone(bench, tmp_path), Settings.load(None, environ={}), tmp_path / "verify")
    wanted = bench.run.task
    for name in ("task_id", "platform", "language", "difficulty", "subtask", "subtask_mapped", "region", "base_sha"):
        assert made.task[name] == wanted[name]


def test_a_branch_alone_is_asked_what_needs_no_history(bench, tmp_path):
    made = Checkout.of_project(branch_alone(bench, tmp_path), Settings.load(None, environ={}), tmp_path / "verify")
    results, not_asked = gates(made, history=False)
    assert (
        set(not_asked)
        == {gate.name for gate in GATES if gate.history}
        == {"model-response-blocks", "claims", "model-failures", "evidence", "tests-kept"}
    )
    ladder = {"receipts", "final-round", "outputs", "destroy", "unit-coverage"}
    assert {one.name for one in results if not one.passed} == ladder


def test_a_folder_without_git_is_no_branch(tmp_path):
    with pytest.raises(Failure, match="not the top of a git checkout"):
        Checkout.of_project(tmp_path, Settings.load(None, environ={}), tmp_path / "verify")


def test_a_checkout_that_is_no_task_is_named(repo, tmp_path):
    with pytest.raises(Failure, match=r"metadata\.json"):
        Checkout.of_project(repo, Settings.load(None, environ={}), tmp_path / "verify")


def test_damaged_metadata_is_named(bench, tmp_path):
    alone = branch_alone(bench, tmp_path)
    files.write_json(alone / "metadata.json", {"po_id": "T7"})
    with pytest.raises(Failure, match="not the metadata of a task"):
        Checkout.of_project(alone, Settings.load(None, environ={}), tmp_path / "verify")


def test_a_project_that_is_not_there_exits_with_1(tmp_path, capsys):
    assert verify.main(["--project", str(tmp_path / "none")]) == 1
    assert "no such folder" in capsys.readouterr().err


def test_every_trouble_is_one_line():
    found = {
        "stages": [
            {"stage": "lint", "verdict": "failed", "reason": "E3002"},
            {"stage": "unit", "verdict": "passed", "reason": ""},
        ],
        "differences": ["unit: coverage was 100, is 90 now"],
        "gates": [
            {"name": "region", "passed": False, "reason": "us-west-2"},
            {"name": "secrets", "passed": True, "reason": ""},
        ],
    }
    assert verify.problems(found) == ["lint: failed: E3002", "unit: coverage was 100, is 90 now", "region: us-west-2"]
