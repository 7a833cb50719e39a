"""Which files a branch may bring, how large they may be, and what may become of the task list."""

from __future__ import annotations

import shutil

import pytest
from clean_run import FINAL, ROW, ROWS, UNIT, UNITS
from test_gates import TEMPLATE

from kit.gates import layout
from kit.run.git import git
from kit.settings import TOOLKIT

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


def own_template(bench, pair, *left_out):
    """Let the repository have a template of its own, the toolkit's without some files, and the branch hold it."""
    folder = bench.repo / "templates" / pair
    shutil.copytree(TOOLKIT / "templates" / pair, folder, ignore=shutil.ignore_patterns("node_modules", *left_out))
    shutil.copytree(folder, bench.root, dirs_exist_ok=True)
    return folder


def test_a_file_of_the_template_may_be_as_large_as_the_template_has_it(bench):
    large = "x" * (layout.MAX_BYTES + 1)
    (own_template(bench, "cfn-yaml") / "package-lock.json").write_text(large)
    bench.write("package-lock.json", large)
    assert bench.ask("file-size").passed
    bench.write("package-lock.json", large + "x")
    assert bench.ask("file-size").reason == "package-lock.json: 500,002 bytes, 500,000 allowed"


def test_a_template_of_ones_own_may_leave_the_program_to_the_task(bench):
    bench.task(platform="cdktf", language="py")
    own_template(bench, "cdktf-py", "tap.py")
    bench.write("tap.py", "x = 1\n")
    assert not any("tap.py" in one for one in paths(bench))


def test_the_files_that_were_measured_are_counted(bench):
    assert bench.ask("file-size").reason == "20 files are text and small"


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


def test_half_a_megabyte_passes_and_one_byte_more_does_not(bench):
    bench.write("lib/lambda/a.txt", "xxxx\n" * (layout.MAX_BYTES // 5))
    assert bench.ask("file-size").passed
    bench.write("lib/lambda/a.txt", "xxxx\n" * (layout.MAX_BYTES // 5) + "x")
    assert "500,001 bytes" in bench.ask("file-size").reason


def test_a_binary_written_as_one_line_of_text_is_told(bench):
    bench.write("lib/lambda/a.ts", "x" * layout.MAX_LINE)
    assert bench.ask("file-size").passed
    bench.write("lib/lambda/a.ts", "x" * (layout.MAX_LINE + 1))
    assert "a line of 20,001 bytes" in bench.ask("file-size").reason


@pytest.mark.parametrize("raw", [b"a\0b", b"\xff\xfe"])
def test_binary_is_refused_wherever_it_lies(bench, raw):
    bench.write("test/fixture.bin", raw)
    assert "test/fixture.bin: binary" in bench.ask("file-size").reason


def test_the_queue_may_be_as_large_as_it_is(bench):
    bench.write("tasks.csv", b"\0")
    assert bench.ask("file-size").passed


@pytest.mark.parametrize(
    ("content", "passed"),
    [
        (ROWS.format(row=""), True),
        (ROWS.format(row="").rstrip(), True),
        (ROWS.format(row=ROW), True),
        (ROWS.format(row=ROW).replace("T8", "T9"), False),
        (ROWS.format(row=ROW) + "T9,,cfn,hard,x,\r\n", False),
        (ROWS.format(row="") + "T9,,cfn,hard,x,\r\n", False),
        (ROWS.format(row="").replace("T8", "T7"), False),
        (ROWS.format(row="").replace("T8,", "T8,done"), False),
        (ROWS.format(row=ROW).partition("T8")[0], False),
        (ROWS.partition("{row}")[0], False),
        ("", False),
    ],
)
def test_what_may_happen_to_the_queue(bench, content, passed):
    bench.write("tasks.csv", content)
    result = bench.ask("allowed-paths")
    assert result.passed is passed
    assert passed or result.reason == "tasks.csv: more than the row of task T7 differs from the base"


@pytest.mark.parametrize("name", ["tap.py", "Makefile", "jest/more.ts", "cdk.json", "lib.md"])
def test_what_lies_outside_is_refused(bench, name):
    bench.write(name, "x\n")
    assert f"{name}: outside" in bench.ask("allowed-paths").reason


def test_the_placeholder_of_a_template_is_found_in_tests_and_code(bench):
    bench.write("test/tap-stack.unit.test.ts", UNIT + "// PLACEHOLDER-TEMPLATE\n")
    assert "holds PLACEHOLDER-TEMPLATE" in bench.ask("no-placeholder").reason
    (bench.root / UNITS).unlink()
    (bench.root / "test/tap-stack.int.test.ts").unlink()
    assert "no file below test/ or tests/" in bench.ask("no-placeholder").reason
