"""gate.py: what it prints and how it exits."""

import json

import pytest

import gate
from kit import files
from kit.gates.register import GATES


def ask(capsys, *words):
    status = gate.main([str(word) for word in words])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_list_names_every_gate_and_why(capsys):
    status, out, _ = ask(capsys, "--list")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == [one.name for one in GATES]
    assert all(one.why in out for one in GATES)


def test_list_as_json(capsys):
    _, out, _ = ask(capsys, "--list", "--json")
    assert {one["name"] for one in json.loads(out)} == {one.name for one in GATES}


def test_complete_exits_with_0(bench, capsys):
    status, out, err = ask(capsys, "--repo", bench.repo, "--task", "T7")
    assert (status, out) == (0, "complete\n")
    assert "[T7 eu-west-1]" in err


def test_a_decision_stands_until_the_tree_changes(bench, capsys):
    ask(capsys, "--repo", bench.repo, "--task", "T7")
    _, _, err = ask(capsys, "--repo", bench.repo, "--task", "T7")
    assert "gate: already done" in err
    _, _, err = ask(capsys, "--repo", bench.repo, "--task", "T7", "--again")
    assert "already done" not in err
    bench.write("setup.sh", "true\n")
    status, out, _ = ask(capsys, "--repo", bench.repo, "--task", "T7")
    assert (status, out) == (1, "reject\n")


def test_reject_exits_with_1_and_a_line_for_each_reason(bench, capsys):
    bench.review(training_quality=None)
    bench.edit("lib/PROMPT.md", "Orders", "\u2705 Orders")
    status, out, err = ask(capsys, "--repo", bench.repo, "--task", "T7")
    assert (status, out) == (1, "reject\n")
    assert "reject: no-emoji:" in err
    assert "training_quality" in err


def test_a_rejection_is_decided_again(bench, capsys):
    bench.review(training_quality=None)
    ask(capsys, "--repo", bench.repo, "--task", "T7")
    bench.review(training_quality=8)
    assert ask(capsys, "--repo", bench.repo, "--task", "T7")[:2] == (0, "complete\n")


def test_iterate_names_the_features(bench, capsys):
    bench.review(training_quality=5)
    status, out, err = ask(capsys, "--repo", bench.repo, "--task", "T7")
    assert (status, out) == (0, "iterate\n")
    assert err.count("the next round adds") == 2


def test_json_is_the_decision(bench, capsys):
    _, out, _ = ask(capsys, "--repo", bench.repo, "--task", "T7", "--json")
    value = json.loads(out)
    assert value["decision"] == "complete"
    assert value["score"]["used"] == 7
    known = bench.run.journal.read()[-1]
    assert (known["event"], known["step"], known["decision"]) == ("step_done", "gate", "complete")


def test_only_asks_one_gate_and_decides_nothing(bench, capsys):
    status, out, _ = ask(capsys, "--repo", bench.repo, "--task", "T7", "--only", "region")
    assert status == 0
    assert out.startswith("region: ")
    assert not (bench.run.dir / "decision.json").exists()


def test_only_names_each_problem(bench, capsys):
    bench.write("a.sh", "")
    bench.write("b.sh", "")
    status, out, err = ask(capsys, "--repo", bench.repo, "--task", "T7", "--only", "allowed-paths")
    assert (status, out) == (1, "")
    assert "a.sh: outside" in err and "b.sh: outside" in err


def test_only_as_json(bench, capsys):
    _, out, _ = ask(capsys, "--repo", bench.repo, "--task", "T7", "--only", "no-emoji", "--json")
    assert json.loads(out)["passed"] is True


def test_an_unknown_gate_is_usage(bench, capsys):
    status, _, err = ask(capsys, "--repo", bench.repo, "--task", "T7", "--only", "nothing")
    assert status == 2
    assert "the gates are metadata-schema" in err


@pytest.mark.parametrize(
    ("text", "status", "verdict"),
    [
        ("### 1. Tags\n**Issue**: No tags were set.\n**Fix**: Tags were added.\n", 0, "minimal"),
        ("### 1. Table\n**Issue**: Deployment failed with CREATE_FAILED.\n**Fix**: Keys added.\n", 0, "deployment"),
        ("Insert here the model's failures", 1, "undecidable"),
    ],
)
def test_explain(tmp_path, capsys, text, status, verdict):
    path = tmp_path / "MODEL_FAILURES.md"
    path.write_text(text)
    found, out, _ = ask(capsys, "--explain", path)
    assert (found, out.partition(":")[0]) == (status, verdict)
    _, out, _ = ask(capsys, "--explain", path, "--json")
    assert json.loads(out)["verdict"] == verdict


def test_explain_names_a_file_that_is_not_there(tmp_path, capsys):
    status, _, err = ask(capsys, "--explain", tmp_path / "none.md")
    assert status == 1
    assert "none.md: cannot be read" in err


def test_a_damaged_decision_is_made_again(bench, capsys):
    ask(capsys, "--repo", bench.repo, "--task", "T7")
    (bench.run.dir / "decision.json").write_text("[]")
    ask(capsys, "--repo", bench.repo, "--task", "T7")
    assert files.read_json(bench.run.dir / "decision.json")["decision"] == "complete"
