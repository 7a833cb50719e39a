"""Which files a branch may bring, how large they may be, and what may become of the task list."""

from __future__ import annotations

import pytest
from clean_run import FINAL, ROW, ROWS, UNITS
from test_gates import TEMPLATE

from kit.gates import layout
from kit.run.git import git

HEAD = "task_id,difficulty,problem\n"
QUEUE = "tasks.csv: more than the row of task T7 differs from the base"


def base(bench, name, content):
    """Let the base have had a file of that content."""
    bench.write(name, content)
    git(bench.root, "add", name)
    git(bench.root, "commit", "--quiet", "--message", "base", "--", name)
    bench.task(base_sha=git(bench.root, "rev-parse", "HEAD"))


def paths(bench):
    result = bench.ask("allowed-paths")
    return () if result.passed else result.problems


@pytest.mark.parametrize(
    ("before", "after", "passed"),
    [
        (f"{HEAD}T8,hard,x\nT7,hard,y\n", f"{HEAD}T8,hard,x\n", True),
        (f"{HEAD}T8,hard,x\nT7,hard,y", f"{HEAD}T8,hard,x\n", True),
        (f"{HEAD}T7,hard,y\nT7,hard,y\n", f"{HEAD}T7,hard,y\n", True),
        (f"{HEAD}T7,hard,x\nT7,hard,y\n", f"{HEAD}T7,hard,x\n", True),
        (f"{HEAD}T7,hard,x\nT7,hard,y\n", HEAD, False),
        (f"{HEAD}T8,hard,T7\nT7,hard,y\n", f"{HEAD}T7,hard,y\n", False),
        (f"{HEAD}T7,hard,y\nT8,hard,x\n", f"{HEAD}T8,hard,X\n", False),
        (f"{HEAD}T7,hard,y\nT8,hard,x\n", f"{HEAD}T8,hard,x\n\n", True),
        (f"{HEAD}T7,hard,y\nT8,hard,x\n", f"{HEAD.upper()}T8,hard,x\n", False),
        ("\ufeff\nproblem,Difficulty,Task_ID\ny,hard, T7 \nx,hard\n", "\ufeff\nproblem,Difficulty,Task_ID\nx,hard\n", True),
    ],
)  # fmt: skip
def test_the_tasks_own_row_alone_may_be_gone(bench, before, after, passed):
    base(bench, "tasks.csv", before)
    bench.write("tasks.csv", after)
    assert paths(bench) == (() if passed else (QUEUE,))


def test_a_row_may_be_of_any_length_and_need_not_be_utf8(bench):
    rest = b"T8,hard," + b"x" * 200_000 + b"\r\nT9,hard,caf\xe9\r\n"
    base(bench, "tasks.csv", HEAD.encode() + b"T7,hard,y\r\n" + rest)
    bench.write("tasks.csv", HEAD.encode() + rest)
    assert paths(bench) == ()


@pytest.mark.parametrize("name", ["lib/.gitignore", "test/jest.config.js", "tests/unit/conftest/pytest.ini"])
def test_a_file_that_sets_rules_for_tools_is_refused_even_where_agents_may_write(bench, name):
    bench.write(name, "x\n")
    assert paths(bench) == (f"{name}: sets rules for tools; those of the template hold",)


def test_a_file_that_set_rules_for_tools_may_go(bench):
    base(bench, "lib/.gitignore", "x\n")
    (bench.root / "lib/.gitignore").unlink()
    assert paths(bench) == ()


@pytest.mark.parametrize("name", ["package.json", "jest/outputs.ts"])
def test_the_files_of_the_template_stay_as_they_are(bench, name):
    (bench.root / name).write_bytes((bench.root / name).read_bytes() + b"\n")
    assert paths(bench) == (f"{name}: is not the template's any more",)
    (bench.root / name).unlink()
    assert paths(bench) == (f"{name}: the template's file is missing",)


@pytest.mark.parametrize("name", [TEMPLATE, UNITS])
def test_code_and_tests_of_the_template_are_there_to_be_replaced(bench, name):
    (bench.root / name).unlink()
    assert paths(bench) == ()


def test_the_program_of_a_python_task_lies_beside_its_folders(bench):
    bench.write("tap.py", "x = 1\n")
    assert paths(bench) == ("tap.py: outside lib/, bin/, test/, tests/",)
    bench.task(platform="cdktf", language="py")
    assert not any(one.startswith("tap.py") for one in paths(bench))


def test_a_link_is_refused_wherever_it_lies(bench):
    for name in ("lib/link.ts", "link"):
        (bench.root / name).symlink_to("/etc/hosts")
    assert paths(bench) == ("lib/link.ts: is a link", "link: is a link")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (TEMPLATE, FINAL + "# x\n" * 125_000, "bytes, 500,000 allowed"),
        (TEMPLATE, FINAL + f"# {'x' * layout.MAX_LINE}\n", "a line of 20,002 bytes, 20,000 can be read"),
        ("lib/lambda/a.zip", b"\0" * (layout.MAX_BYTES + 1), "500,001 bytes, 500,000 allowed"),
        ("lib/lambda/a.zip", b"\0" * layout.MAX_BYTES, "binary"),
        ("lib/lambda/a.zip", b"x\n" * 1000 + b"\xff", "binary"),
    ],
)
def test_what_cannot_be_reviewed_is_refused(bench, name, content, words):
    bench.write(name, content)
    assert bench.ask("file-size").problems[0].endswith(words)
    assert len(bench.ask("file-size").problems) == 1


def test_a_file_of_the_template_may_be_as_large_as_the_template_has_it(bench):
    lock = "package-lock.json"
    assert (bench.root / lock).is_file()
    assert bench.ask("file-size").passed
    bench.write(lock, "x" * (layout.MAX_LINE + 1))
    assert bench.ask("file-size").reason.startswith(f"{lock}: a line of")


def test_a_task_list_that_changed_and_a_file_that_is_gone_are_not_measured(bench):
    seen = bench.ask("file-size").reason
    bench.write("tasks.csv", ROWS.format(row=ROW) + "x" * (layout.MAX_BYTES + 1))
    (bench.root / "README.md").unlink()
    assert bench.ask("file-size").reason == seen


@pytest.mark.parametrize("mark", ["PLACEHOLDER-TEST", "placeholder-template"])
@pytest.mark.parametrize("name", [TEMPLATE, UNITS])
def test_a_placeholder_is_named_with_its_file(bench, name, mark):
    bench.write(name, (bench.root / name).read_text() + f"# {mark}\n")
    assert bench.ask("no-placeholder").problems == (f"{name}: holds {mark.upper()}",)
