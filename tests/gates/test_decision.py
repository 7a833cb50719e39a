"""What decide writes: complete, iterate or reject, and never a pass by accident."""

import tomllib
from pathlib import Path

import pytest
from clean_run import FINAL, FIRST

from kit import files
from kit.errors import Usage
from kit.gates import before_pr, decide, features
from kit.gates.register import GATES, named
from kit.run.git import code_tree, git


def test_what_is_written_is_what_is_returned(bench):
    value = decide(bench.run)
    assert files.read_json(bench.run.dir / "decision.json") == value
    assert value["decision"] == "complete"
    assert value["reasons"] == ["issues minimal, complexity medium, score 7"]
    assert value["tree"] == code_tree(bench.root)
    assert value["round"] == 1
    assert value["next_features"] == []
    assert value["score"]["reviewer"] == 7
    assert (value["score"]["low"], value["score"]["high"]) == (4, 8)
    assert value["gap"]["categories"] == {"security": 1, "data-loss": 1}
    assert all(one["passed"] for one in value["gates"])


def test_a_low_score_asks_for_another_round_with_two_features(bench):
    bench.review(training_quality=5, new_features=["Amazon SQS", "S3 conditional writes", "SQS fair queues"])
    value = decide(bench.run)
    assert value["decision"] == "iterate"
    assert value["next_features"] == ["S3 conditional writes", "SQS fair queues"]


def test_a_feature_that_only_a_test_names_is_new_to_the_task(bench):
    bench.write("test/notes.md", "S3 conditional writes and SQS fair queues are not tested.\n")
    bench.seal()
    bench.review(training_quality=5, new_features=["S3 conditional writes", "SQS fair queues"])
    assert decide(bench.run)["next_features"] == ["S3 conditional writes", "SQS fair queues"]


def test_a_score_below_the_band_is_lifted_to_its_edge(bench):
    bench.review(training_quality=1)
    value = decide(bench.run)
    assert (value["score"]["used"], value["decision"]) == (4, "iterate")


def test_hard_completes(bench):
    bench.task(difficulty="hard")
    value = files.read_json(bench.root / "metadata.json")
    files.write_json(bench.root / "metadata.json", value | {"complexity": "hard"})
    bench.review(training_quality=5)
    assert decide(bench.run)["decision"] == "complete"


def test_the_last_round_completes(bench):
    bench.review(training_quality=5)
    bench.run.journal.add("round", round=3)
    bench.respond({"lib/TapStack.yml": FIRST}, number=3)
    bench.write("lib/TapStack.yml", FINAL)
    bench.entries({"round": 3})
    bench.seal()
    value = decide(bench.run)
    assert (value["decision"], value["round"]) == ("complete", 3)
    assert "another round was due" in value["reasons"][0]


def test_a_later_answer_need_not_repeat_what_it_leaves(bench):
    bench.write("lib/lambda/intake.py", "x = 1\n")
    bench.run.journal.add("round", round=2)
    bench.respond({"lib/TapStack.yml": FIRST}, number=2)
    bench.write("lib/TapStack.yml", FINAL)
    bench.entries({"round": 2})
    bench.seal()
    value = decide(bench.run)
    assert value["gap"]["categories"] == {"security": 1, "data-loss": 1}
    assert value["decision"] == "complete"


def test_no_newer_features_rejects(bench):
    bench.review(training_quality=5)
    listed = tomllib.loads(Path(features.__file__).with_name("features.toml").read_text("utf-8"))["feature"]
    known = ", ".join(one["name"].split(" (")[0] for one in listed)
    bench.edit("lib/PROMPT.md", "Do not use EC2.", f"Do not use {known}.")
    value = decide(bench.run)
    assert value["decision"] == "reject"
    assert "next round" in value["reasons"][0]


@pytest.mark.parametrize("score", [None, "8", float("nan"), True, 11, -1], ids=repr)
def test_no_score_rejects(bench, score):
    bench.review(training_quality=score)
    value = decide(bench.run)
    assert value["decision"] == "reject"
    assert value["score"]["used"] is None
    assert len(value["reasons"]) == 1
    assert value["reasons"][0].startswith("training_quality = " if score is not None else "training_quality is missing")


def test_a_missing_score_rejects(bench):
    review = files.read_json(bench.run.dir / "review.json")
    del review["training_quality"]
    files.write_json(bench.run.dir / "review.json", review)
    assert decide(bench.run)["decision"] == "reject"


@pytest.mark.parametrize("text", [None, "", "[]", "7", "{"])
def test_no_review_rejects(bench, text):
    path = bench.run.dir / "review.json"
    path.unlink() if text is None else path.write_text(text)
    value = decide(bench.run)
    assert value["decision"] == "reject"
    assert any("review.json" in one for one in value["reasons"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ready": False, "violations": ["no encryption"]}, "ready is false: no encryption"),
        ({"prerequisites_met": False}, "prerequisites_met is false: no violation named"),
        ({"ready": "yes"}, "ready = 'yes'"),
        ({"reasons": []}, "reasons"),
        ({"tree": "0" * 40}, "another tree"),
        ({"round": 2}, "is about round 2, this is round 1"),
    ],
)
def test_a_verdict_against_it_rejects(bench, changes, words):
    bench.review(**changes)
    value = decide(bench.run)
    assert value["decision"] == "reject"
    assert any(words in one for one in value["reasons"])


def test_a_review_of_this_tree_is_taken(bench):
    bench.review(tree=code_tree(bench.root))
    assert decide(bench.run)["decision"] == "complete"


def test_a_failed_gate_rejects_by_its_name(bench):
    bench.edit("lib/PROMPT.md", "Orders", "\u2705 Orders")
    value = decide(bench.run)
    assert value["decision"] == "reject"
    assert value["reasons"][0].startswith("no-emoji: lib/PROMPT.md:3: emoji U+2705")


def test_an_undecided_baseline_rejects(bench):
    for path in bench.run.receipts.glob("*-deploy.json"):
        if files.read_json(path)["baseline"]:
            path.unlink()
    value = decide(bench.run)
    assert (value["decision"], value["minimal"]) == ("reject", None)
    assert value["minimal_facts"] == ["no baseline receipt of deploy"]


def test_a_failed_baseline_completes(bench):
    tree = next(one["tree"] for one in map(files.read_json, sorted(bench.run.receipts.glob("*.json"))))
    bench.receipt("deploy", baseline=True, verdict="failed", reason="CREATE_FAILED", tree=tree)
    bench.seal()
    bench.review(training_quality=3)
    value = decide(bench.run)
    assert (value["decision"], value["minimal"]) == ("complete", False)
    assert (value["score"]["low"], value["score"]["used"]) == (7, 7)


def test_damaged_entries_reject(bench):
    (bench.run.dir / "failures.jsonl").write_text("{\n")
    value = decide(bench.run)
    assert value["decision"] == "reject"
    assert any(one.startswith("minimal: ") for one in value["reasons"])


def test_an_unreadable_template_rejects_and_does_not_raise(bench):
    bench.write("lib/TapStack.yml", "{ broken")
    value = decide(bench.run)
    assert value["decision"] == "reject"
    assert not any("could not be asked" in one for one in value["reasons"])


def test_no_base_commit_rejects(bench):
    bench.task(base_sha="0" * 40)
    assert decide(bench.run)["decision"] == "reject"


def test_the_bar_comes_from_the_base_commit(bench):
    """A branch that lowers its own bar is judged by the base's, and refused for the file besides."""
    bench.write(".claude/task-coordinator.toml", "[ladder]\nmin_coverage = 10.0\n")
    bench.write("coverage/coverage-summary.json", '{"total": {"lines": {"total": 10, "covered": 5, "pct": 50}}}')
    bench.seal()
    bench.receipt("unit", figures={"coverage": 50})
    assert bench.failing() == {"unit-coverage", "allowed-paths"}


def test_the_base_commit_may_set_its_own_bar(bench):
    (bench.repo / ".claude").mkdir()
    (bench.repo / ".claude" / "task-coordinator.toml").write_text("[ladder]\nmin_coverage = 10.0\n")
    git(bench.repo, "add", ".claude")
    git(bench.repo, "commit", "--quiet", "--message", "bar")
    git(bench.root, "rebase", "--quiet", "--autostash", "main")
    bench.task(base_sha=git(bench.repo, "rev-parse", "main"))
    bench.write("coverage/coverage-summary.json", '{"total": {"lines": {"total": 10, "covered": 5, "pct": 50}}}')
    bench.seal()
    bench.receipt("unit", figures={"coverage": 50})
    assert "unit-coverage" not in bench.failing()


def test_the_final_round_is_asked_before_the_pull_request_only(bench):
    assert "final-round" not in {one["name"] for one in decide(bench.run)["gates"]}
    assert "final-round" in {one.name for one in before_pr(bench.run)}


def test_names_and_reasons():
    assert len({gate.name for gate in GATES}) == len(GATES)
    assert all(len(gate.why) > 20 for gate in GATES)
    assert named("region").name == "region"
    with pytest.raises(Usage, match="nothing: no such gate"):
        named("nothing")
