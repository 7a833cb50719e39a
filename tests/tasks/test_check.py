"""The report on a whole list, and the script in front of it all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from lists import TEXT, Write, row

from kit.settings import TOOLKIT
from kit.tasks import check, demo

SCRIPT = TOOLKIT / "scripts" / "select_task.py"


def script(repo: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The script as a user starts it."""
    return subprocess.run(
        [sys.executable, str(SCRIPT), "--repo", str(repo), *words], capture_output=True, text=True, check=False
    )


def findings(write: Write, rows: list[list[str]] | bytes) -> list[tuple[int, bool, str]]:
    queue = write(rows)
    before = queue.path.read_bytes()
    _, found = check.check(queue.repo, queue.settings)
    assert queue.path.read_bytes() == before
    return [(finding.line, finding.blocks, finding.text) for finding in found]


def test_a_clean_list_has_no_findings(write: Write) -> None:
    assert findings(write, [row("a", subtask="CI/CD Pipeline"), row("b", "done", subtask="x")]) == []


@pytest.mark.parametrize(
    ("cells", "blocks", "text"),
    [
        (row("../x"), True, "task id '../x' cannot name a branch and a folder"),
        (row("a", problem="a,hard,Create"), True, "the cell problem holds the beginning of a row (a,hard,...)"),
        ([*row("a"), "x"], True, "13 cells where the header has 12"),
        (row("a")[:9], False, "9 cells where the header has 12: none for environment, constraints, trainr_notes"),
        (row("a", "region us-west-2, then text of any length"), True, "the status cell holds text"),
        (
            row("a", "finished"),
            False,
            "unknown status 'finished': neither in_progress nor done, so the row counts as open",
        ),
        (row("a", "done "), False, "stray spaces around status 'done '"),
        (row("a", difficulty=' "hard"'), False, "stray spaces and quotes around difficulty"),
        (row("a", difficulty="extreme"), True, "unknown difficulty 'extreme': only hard and medium are worked"),
        (row("a", platform="Terraform"), False, "conflict: the platform column says 'Terraform', the text says"),
        (row("a", language="json"), False, "conflict: the language column says 'json', the text says"),
        (row("a", subtask="Cooking"), True, "unknown subtask 'Cooking'"),
        (row("a", problem=f"{TEXT} Build it on AWS and Azure."), True, "multi-cloud: "),
        (row("a", problem=f"{TEXT} Use the existing VPC."), True, "it uses an existing VPC with nothing to find it by"),
        (row("a", problem=f"{TEXT}\0"), False, "a NUL character"),
    ],
)
def test_an_oddity_is_told_with_its_line(write: Write, cells: list[str], blocks: bool, text: str) -> None:
    found = findings(write, [row("first", subtask="CI/CD Pipeline"), cells])
    told = [(line, blocking) for line, blocking, said in found if said.startswith(text)]
    assert told == [(4, blocks)]


def test_bytes_that_are_not_utf_8_are_told(write: Write) -> None:
    found = findings(
        write, b"task_id,difficulty,status,trainr_notes,problem\n1,hard,,,Make a b\xffcket with CDK in TypeScript\n"
    )
    assert (2, False, "bytes that are not UTF-8") in found


def test_duplicates_name_all_their_lines(write: Write) -> None:
    found = findings(write, [row("a"), row("b"), row("a")])
    assert [(line, text) for line, blocks, text in found if blocks] == [
        (2, "the task id 'a' is on lines 2, 6"),
        (6, "the task id 'a' is on lines 2, 6"),
    ]


def test_a_list_without_a_status_column_cannot_be_worked_yet(write: Write, repo: Path) -> None:
    write(b"taskId,difficulty,problem_statement.problem\n1,hard,Create a CDK TypeScript stack\n")
    ended = script(repo, "--check")
    assert ended.returncode == 1
    assert ended.stdout.splitlines()[0] == (
        "line 1: cannot be worked: no column for status and trainr_notes: nothing can be claimed before "
        "`select_task.py --add-columns`"
    )
    assert "the file cannot be worked yet; 1 rows, 0 cannot be worked" in ended.stderr


def test_the_exit_says_whether_a_row_cannot_be_worked(write: Write, repo: Path) -> None:
    write([row("a", "finished", subtask="CI/CD Pipeline")])
    assert script(repo, "--check").returncode == 0
    write([row("a"), row("a/b")])
    ended = script(repo, "--check", "--json")
    assert ended.returncode == 1
    assert [finding["task_id"] for finding in json.loads(ended.stdout) if finding["blocks"]] == ["a/b"]


def test_the_script_claims_prints_the_id_and_then_has_nothing_to_do(write: Write, repo: Path) -> None:
    write([row("a", platform="CDK"), row("b", "done")])
    dry = script(repo, "--dry-run", "--json")
    assert json.loads(dry.stdout)["task_id"] == "a"
    ended = script(repo)
    assert (ended.returncode, ended.stdout) == (0, "a\n")
    assert "[a us-east-1] ▲ conflict: the platform column says 'CDK'" in ended.stderr
    assert "[a us-east-1] ✓ claimed task a (cfn-yaml, hard, tasks.csv line 2)" in ended.stderr
    again = script(repo)
    assert (again.returncode, again.stdout) == (1, "")
    assert "nothing eligible: 1 in progress, 1 done" in again.stderr


def test_the_script_lists_rows_with_line_status_and_title(write: Write, repo: Path) -> None:
    write([row("a", "done"), row("b")])
    lines = script(repo, "--list").stdout.splitlines()
    assert lines[1].split()[:4] == ["2", "a", "done", "hard"]
    assert lines[2].split()[:4] == ["4", "b", "-", "hard"]
    assert lines[2].endswith("Create a CloudFormation template in YAML with an S3 bucket")
    assert [found["task_id"] for found in json.loads(script(repo, "--list", "--json").stdout)] == ["a", "b"]


def test_the_script_adds_columns_and_retries(write: Write, repo: Path) -> None:
    write(b"taskId,difficulty,problem\n1,hard,Create a CDK TypeScript stack\n")
    refused = script(repo)
    assert refused.returncode == 1
    command = f"python scripts/select_task.py --repo {repo} --add-columns"
    assert command in refused.stderr
    assert script(repo, "--add-columns").stdout == "status trainr_notes\n"
    assert script(repo).stdout == "1\n"
    assert script(repo, "--retry", "1").returncode == 0
    assert script(repo, "--retry", "2").returncode == 1


def test_words_that_cannot_be_meant_are_usage(repo: Path) -> None:
    assert script(repo, "--task", "a", "--list").returncode == 2
    assert script(repo, "--list", "--check").returncode == 2


def test_the_script_imports_nothing_heavy(write: Write, repo: Path) -> None:
    write([row("a")])
    code = (
        f"import sys; sys.path.insert(0, {str(SCRIPT.parent)!r}); import select_task; "
        f"status = select_task.main(['--repo', {str(repo)!r}]); "
        "heavy = {'anthropic', 'boto3', 'pandas', 'jinja2', 'moto', 'cfnlint', 'jsonschema'} & set(sys.modules); "
        "print(status, sorted(heavy))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "a\n0 []\n"


def test_the_demo_is_made_once_and_is_all_workable(tmp_path: Path) -> None:
    made = demo.ensure(tmp_path / "demo")
    before = (made / "tasks.csv").stat().st_mtime_ns
    assert demo.ensure(tmp_path / "demo") == made
    assert (made / "tasks.csv").stat().st_mtime_ns == before
    assert script(made, "--check").returncode == 0
    claimed = [json.loads(script(made, "--json").stdout) for _ in range(3)]
    assert [f"{task['platform']}-{task['language']}" for task in claimed] == ["cfn-yaml", "cfn-json", "cdk-ts"]
    pushed = subprocess.run(
        ["git", "-C", str(demo.origin_of(made)), "rev-parse", "main"], capture_output=True, text=True, check=True
    )
    head = subprocess.run(["git", "-C", str(made), "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    assert pushed.stdout == head.stdout
    status = subprocess.run(
        ["git", "-C", str(made), "status", "--porcelain"], capture_output=True, text=True, check=True
    )
    assert status.stdout == " M tasks.csv\n"


def test_an_interrupted_making_of_the_demo_leaves_nothing_half_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "demo-origin.git").mkdir()
    monkeypatch.setattr(demo, "table", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        demo.ensure(tmp_path / "demo")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".cache", "demo-origin.git"]
    monkeypatch.undo()
    assert (demo.ensure(tmp_path / "demo") / "tasks.csv").exists()
