"""A repair that weakens tests is found out."""

from __future__ import annotations

import pytest

from gates.clean_run import LIVE, UNITS
from kit.gates import kept

REAL = "expect(stack.count()).toBe(2);"


def before(bench, name=UNITS):
    bench.write(
        name,
        (bench.root / name).read_text()
        + f"\ntest('more', () => {{ {REAL} expect(stack.names()).toEqual(['a']); }});\n",
    )
    kept.remember(bench.run)


def test_nothing_was_repaired(bench):
    assert bench.ask("tests-kept").passed


def test_tests_that_grew_or_moved_are_no_loss(bench):
    before(bench)
    text = (bench.root / UNITS).read_text()
    at = text.index("\ntest('more'")
    bench.write(UNITS, text[:at])
    bench.write("test/other.unit.test.ts", text[at:])
    assert bench.ask("tests-kept").passed


@pytest.mark.parametrize(
    ("name", "old", "new", "what"),
    [
        (UNITS, REAL, "", "assertions before"),
        (LIVE, REAL, "", "assertions before"),
        (UNITS, REAL, f"// {REAL}", "assertions before"),
        (UNITS, REAL, f"if (false) {{ {REAL} }}", "assertions before"),
        (UNITS, REAL, "expect(true).toBe(true);", "assertions before"),
        (UNITS, "test('more'", "hidden('more'", "tests before"),
    ],
)
def test_a_weakened_test_is_named(bench, name, old, new, what):
    before(bench, name)
    bench.edit(name, old, new)
    result = bench.ask("tests-kept")
    assert not result.passed and name in result.reason and what in result.reason


def test_a_deleted_file_of_tests_is_named(bench):
    before(bench)
    (bench.run.worktree / UNITS).unlink()
    assert f"{UNITS}: " in bench.ask("tests-kept").reason


def test_a_test_that_is_gone_is_missed_with_its_assertions(bench):
    bench.write("test/other.unit.test.ts", f"test('more', () => {{ {REAL} }});\n")
    kept.remember(bench.run)
    (bench.run.worktree / "test/other.unit.test.ts").unlink()
    assert bench.ask("tests-kept").problems == (
        "test/other.unit.test.ts: 1 tests before a repair, 0 after it",
        "test/other.unit.test.ts: 1 assertions before a repair, 0 after it",
    )


def test_what_an_integration_test_lost_is_not_made_good_by_a_unit_test(bench):
    before(bench, LIVE)
    bench.edit(LIVE, REAL, "")
    bench.write("test/other.unit.test.ts", f"test('more', () => {{ {REAL} }});\n")
    assert bench.ask("tests-kept").problems == (f"{LIVE}: 3 assertions before a repair, 2 after it",)


def test_each_repair_of_the_round_is_remembered(bench):
    before(bench)
    kept.remember(bench.run)
    bench.edit(UNITS, REAL, "")
    kept.remember(bench.run)
    assert bench.ask("tests-kept").problems == (f"{UNITS}: 4 assertions before a repair, 3 after it",)


def test_a_repair_of_an_earlier_round_is_history(bench):
    before(bench)
    bench.edit(UNITS, REAL, "")
    assert not bench.ask("tests-kept").passed
    bench.run.journal.add("round", round=2)
    assert bench.ask("tests-kept").passed


def test_what_the_gate_compared_is_counted(bench):
    assert bench.ask("tests-kept").reason == "0 states from before repairs, 2 files of tests"
    before(bench)
    assert bench.ask("tests-kept").reason == "1 states from before repairs, 2 files of tests"


def test_a_tree_that_git_no_longer_has_fails_the_gate(bench):
    before(bench)
    path = bench.run.dir / kept.FILE
    path.write_text(path.read_text().replace('"tree": "', '"tree": "0000'))
    assert "no such tree" in bench.ask("tests-kept").reason


@pytest.mark.parametrize("weak", ["if False:\n        assert f() == 1", "assert True", "pass"])
def test_a_weakened_test_in_python_is_named(bench, weak):
    strong = "def test_a():\n    assert g()\n    assert f() == 1\n"
    bench.write("tests/test_a.py", strong)
    kept.remember(bench.run)
    bench.write("tests/test_a.py", strong.replace("assert f() == 1", weak))
    assert "tests/test_a.py: 2 assertions before a repair, 1 after it" in bench.ask("tests-kept").reason
