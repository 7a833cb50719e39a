"""Minimal issues: computed from entries and baseline receipts."""

import pytest
from clean_run import ENTRY

from kit.errors import Failure
from kit.gates.minimal import baseline_of, compute, entries_of
from kit.run.receipts import Receipt, read_all

STAGES = ("lint", "build", "synth", "deploy")


def receipt(stage, verdict="passed", **changes):
    return (f"001-{stage}.json", Receipt(stage=stage, verdict=verdict, tree="a", attempt=1, baseline=True, **changes))


CLEAN = [receipt(stage) for stage in STAGES]


def entry(kind, severity):
    return ENTRY | {"kind": kind, "severity": severity}


def test_a_clean_baseline_is_minimal():
    assert compute([], CLEAN).value is True


@pytest.mark.parametrize("kind", ["deploy", "build", "security"])
@pytest.mark.parametrize("severity", ["Critical", "High"])
def test_a_big_entry_is_not(kind, severity):
    found = compute([entry(kind, severity)], CLEAN)
    assert found.value is False
    assert found.facts == [f"F1: {kind} at {severity}"]


@pytest.mark.parametrize(
    ("kind", "severity"),
    [("deploy", "Medium"), ("security", "Low"), ("requirement", "Critical"), ("cost", "High"), ("style", "Critical")],
)
def test_others_are(kind, severity):
    assert compute([entry(kind, severity)], CLEAN).value is True


@pytest.mark.parametrize("stage", STAGES)
def test_a_failed_stage_is_not(stage):
    broken = [one if one[1].stage != stage else receipt(stage, "failed", reason="it broke") for one in CLEAN]
    found = compute([], broken)
    assert found.value is False
    assert found.facts == [f"001-{stage}.json: baseline {stage} failed: it broke"]


@pytest.mark.parametrize("severity", ["error", "Error", "fatal", "Critical"])
def test_a_lint_error_is_not(severity):
    found = compute([], [receipt("lint", findings=[{"severity": severity}, {"severity": "warning"}]), *CLEAN[1:]])
    assert found.value is False
    assert "found 1 errors" in found.facts[0]


def test_lint_warnings_are():
    assert compute([], [receipt("lint", findings=[{"severity": "warning"}, {}]), *CLEAN[1:]]).value is True


def test_error_findings_of_other_stages_do_not_count_as_the_linters():
    assert compute([], [*CLEAN[:3], receipt("deploy", findings=[{"severity": "error"}])]).value is True


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_that_was_not_measured_is_undecided(stage):
    found = compute([], [one for one in CLEAN if one[1].stage != stage])
    assert (found.value, found.facts) == (None, [f"no baseline receipt of {stage}"])
    found = compute(
        [], [receipt(one[1].stage, "not run", reason="why") if one[1].stage == stage else one for one in CLEAN]
    )
    assert (found.value, found.facts) == (None, [f"001-{stage}.json: baseline {stage} was not run: why"])


def test_a_failure_decides_although_another_stage_was_not_run():
    assert compute([], [receipt("synth", "failed"), receipt("deploy", "not run")]).value is False


def test_the_newest_receipt_of_a_stage_counts():
    assert compute([], [receipt("deploy", "failed"), *CLEAN]).value is True


def test_only_the_rounds_baseline_counts(bench):
    bench.receipt("lint", baseline=True, round=2, verdict="failed")
    assert [one.verdict for _, one in baseline_of(read_all(bench.run), 1)] == ["passed"] * 4
    assert [name for name, _ in baseline_of(read_all(bench.run), 2)] == ["013-lint.json"]


def test_entries_are_those_of_the_round(bench):
    bench.entries({"id": "A"}, {"id": "B", "round": 2})
    assert [one["id"] for one in entries_of(bench.run, 1)] == ["A"]
    assert [one["id"] for one in entries_of(bench.run)] == ["A", "B"]


def test_no_file_means_no_entry(bench):
    (bench.run.dir / "failures.jsonl").unlink()
    assert entries_of(bench.run) == []


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "A"}', '{"severity": "Huge", "kind": "deploy"}'])
def test_a_damaged_entry_is_named(bench, line):
    (bench.run.dir / "failures.jsonl").write_text(line + "\n")
    with pytest.raises(Failure, match=r"failures\.jsonl: line 1"):
        entries_of(bench.run)
