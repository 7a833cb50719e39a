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
