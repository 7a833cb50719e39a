"""The whole line on the first task of the demo: what it leaves, and what it does not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kit import files
from kit.agents import blocks
from kit.run import receipts
from kit.tasks.queue import Queue
from support import Line, sh

ALLOWED = re.compile(
    r"(lib|test|tests|bin|jest)/.+|metadata\.json|tasks\.csv|package(-lock)?\.json|tsconfig\.json|jest\.config\.js"
)


def test_it_ends_with_a_pull_request(finished: Line) -> None:
    assert finished.status == 0, finished.stderr[-3000:]
    assert finished.stdout.strip().endswith(f"IAC-synth-{finished.task_id}.md")


def test_the_stand_ins_are_said_in_one_line_each(finished: Line) -> None:
    for name in ("MODEL=rehearsal", "CLOUD=moto", "FORGE=local"):
        assert sum(1 for line in finished.stderr.splitlines() if name in line) == 1, name


def test_every_line_of_the_run_carries_task_and_region(finished: Line) -> None:
    lines = finished.stderr.splitlines()
    begin = next(number for number, line in enumerate(lines) if "claimed task" in line)
    marked = [line for line in lines[begin:] if line.strip()]
    assert all(line.startswith(f"[{finished.task_id} {finished.run.region}] ") for line in marked)


def test_only_its_own_cells_of_the_list_changed(finished: Line) -> None:
    after = (finished.repo / "tasks.csv").read_bytes()
    row = next(one for one in Queue(finished.repo, finished.run.settings).rows() if one.task_id == finished.task_id)
    assert row.state == "done"
    begin = f"\n{finished.task_id},".encode()
    undone = after.replace(begin + b"done,", begin + b",", 1).replace(row.of("trainr_notes").encode(), b"", 1)
    assert undone == finished.before


def test_the_note_names_the_pull_request(finished: Line) -> None:
    rows = Queue(finished.repo, finished.run.settings).rows()
    note = next(one for one in rows if one.task_id == finished.task_id).of("trainr_notes")
    assert finished.stdout.strip() in note
    assert "emulated cloud (moto)" in note


def test_branch_is_pushed_and_the_worktree_gone(finished: Line) -> None:
    branch = finished.run.branch
    assert (
        sh(finished.repo, "git", "rev-parse", branch)
        == sh(finished.repo, "git", "ls-remote", "origin", branch).split()[0]
    )
    assert not finished.run.worktree.exists()
    assert sh(finished.repo, "git", "worktree", "list").count("\n") == 0
    assert sh(finished.repo, "git", "status", "--porcelain", "--untracked-files=all").splitlines() == ["M tasks.csv"]


def test_the_diff_holds_only_what_it_should(finished: Line) -> None:
    names = sh(finished.repo, "git", "diff", "--name-only", f"origin/main...{finished.run.branch}").splitlines()
    assert [name for name in names if not ALLOWED.fullmatch(name)] == []
    for name in (
        "lib/PROMPT.md",
        "lib/MODEL_RESPONSE.md",
        "lib/IDEAL_RESPONSE.md",
        "lib/MODEL_FAILURES.md",
        "metadata.json",
    ):
        assert name in names


def test_the_branch_drops_the_row_and_nothing_else(finished: Line) -> None:
    rows = sh(
        finished.repo, "git", "diff", "--numstat", f"origin/main...{finished.run.branch}", "--", "tasks.csv"
    ).split()
    assert int(rows[0]) == 0
    assert int(rows[1]) >= 1
    content = sh(finished.repo, "git", "show", f"{finished.run.branch}:tasks.csv")
    assert not re.search(rf'^"?{re.escape(finished.task_id)}"?,', content, re.MULTILINE)


def test_ideal_response_and_files_are_the_same(finished: Line) -> None:
    branch = finished.run.branch
    found = blocks.extract(sh(finished.repo, "git", "show", f"{branch}:lib/IDEAL_RESPONSE.md") + "\n")
    assert "lib/TapStack.yml" in found
    for path, content in found.items():
        assert sh(finished.repo, "git", "show", f"{branch}:{path}") == content.strip(), path


def test_model_and_ideal_differ(finished: Line) -> None:
    branch = finished.run.branch
    first = blocks.extract(sh(finished.repo, "git", "show", f"{branch}:lib/MODEL_RESPONSE.md") + "\n")
    ideal = blocks.extract(sh(finished.repo, "git", "show", f"{branch}:lib/IDEAL_RESPONSE.md") + "\n")
    assert first["lib/TapStack.yml"] != ideal["lib/TapStack.yml"]


def test_every_receipt_the_body_names_is_there(finished: Line) -> None:
    body = Path(finished.stdout.strip()).read_text()
    named = set(re.findall(r"\b\d{3}-[a-z]+\.json\b", body))
    assert len(named) >= 8
    assert {name for name in named if not (finished.run.receipts / name).is_file()} == set()


def test_the_final_tree_has_a_passed_receipt_of_every_stage(finished: Line) -> None:
    decision = files.read_json(finished.run.dir / "decision.json")
    for stage in ("lint", "build", "synth", "unit", "deploy", "outputs", "integration", "destroy"):
        found = receipts.latest(finished.run, stage, decision["tree"], baseline=False)
        assert found is not None, stage
        assert found[1].passed, stage


def test_deploys_say_that_they_were_emulated_and_what_was_not(finished: Line) -> None:
    deploys = [one for _, one in receipts.read_all(finished.run) if one.stage == "deploy"]
    assert deploys
    assert all(one.emulated and one.cloud == "moto" for one in deploys)
    body = Path(finished.stdout.strip()).read_text()
    assert "moto" in body
    assert "rehearsal" in body


def test_nothing_of_the_run_is_left_running(finished: Line) -> None:
    marks = [str(finished.run.dir).encode()]
    left = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            line = (path / "cmdline").read_bytes() + (path / "environ").read_bytes()
        except OSError:
            continue
        if any(mark in line for mark in marks):
            left.append(path.name)
    assert left == []


def test_its_own_time_is_told_for_each_step(finished: Line) -> None:
    steps = [event for event in finished.run.journal.read() if event["event"] == "step_done"]
    assert {one["step"] for one in steps} >= {
        "select",
        "worktree",
        "metadata",
        "install",
        "generate",
        "qa",
        "review",
        "gate",
        "pr",
    }
    assert all(one["own"] <= one["seconds"] + 0.001 for one in steps)
    assert "the coordinator's own" in finished.stderr


def test_no_key_and_no_machine_path_in_what_is_submitted(finished: Line) -> None:
    content = sh(finished.repo, "git", "diff", f"origin/main...{finished.run.branch}")
    assert str(finished.repo) not in content
    body = Path(finished.stdout.strip()).read_text()
    assert str(finished.repo / ".runs") not in body


def test_metadata_speaks_of_the_task(finished: Line) -> None:
    value = json.loads(sh(finished.repo, "git", "show", f"{finished.run.branch}:metadata.json"))
    assert value["po_id"] == finished.task_id
    assert (value["platform"], value["language"]) == ("cfn", "yaml")


@pytest.fixture(autouse=True)
def _the_line_is_there(finished: Line) -> None:
    assert finished.task_id, finished.stderr[-3000:]
