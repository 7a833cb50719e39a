"""The project in the worktree: template and metadata."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import gen_metadata
import make_worktree
from kit import files
from kit.errors import Failure
from kit.run import project
from kit.run.rundir import Run
from support import sh


@pytest.fixture
def placed(run: Run) -> Run:
    make_worktree.make(run)
    return run


def test_metadata_has_the_nine_fields_in_order(placed: Run) -> None:
    gen_metadata.generate(placed)
    value = files.read_json(placed.worktree / "metadata.json")
    assert tuple(value) == project.FIELDS
    assert value["po_id"] == "T1"
    assert (value["platform"], value["language"], value["complexity"]) == ("cfn", "yaml", "medium")
    assert (value["turn_type"], value["team"]) == ("single", "synth")
    assert value["subtask"] == "Provisioning of Infrastructure Environments"
    assert value["subject_labels"] == ["Cloud Environment Setup"]


def test_the_template_is_laid_out_whole(placed: Run) -> None:
    gen_metadata.generate(placed)
    assert (placed.worktree / "lib" / "TapStack.yml").is_file()
    assert (placed.worktree / "package-lock.json").is_file()
    laid = files.read_json(placed.dir / "template_files.json")
    assert "lib/TapStack.yml" in laid
    assert not any("node_modules" in name for name in laid)


@pytest.mark.parametrize("named", [True, False])
def test_a_region_file_only_for_a_named_region(placed: Run, named: bool) -> None:
    placed.task.update(region="eu-west-3", region_named=named)
    gen_metadata.generate(placed)
    path = placed.worktree / "lib" / "AWS_REGION"
    assert path.exists() is named
    assert not named or path.read_text() == "eu-west-3\n"


def test_again_changes_nothing(placed: Run) -> None:
    gen_metadata.generate(placed)
    (placed.worktree / "lib" / "TapStack.yml").write_text("Resources: {}\n")
    gen_metadata.generate(placed)
    assert (placed.worktree / "lib" / "TapStack.yml").read_text() == "Resources: {}\n"


def test_the_project_of_an_earlier_task_is_cleared(placed: Run) -> None:
    tree = placed.worktree
    (tree / "lib").mkdir()
    (tree / "lib" / "OLD.py").write_text("old")
    (tree / "metadata.json").write_text('{"po_id": "T0"}')
    sh(tree, "git", "add", ".")
    gen_metadata.generate(placed)
    assert not (tree / "lib" / "OLD.py").exists()
    assert (tree / "README.md").exists()


def test_a_link_in_the_way_is_not_written_through(placed: Run, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("precious")
    (placed.worktree / "package.json").symlink_to(target)
    with pytest.raises(Failure, match="is a link"):
        gen_metadata.generate(placed)
    assert target.read_text() == "precious"


def test_a_template_of_the_repository_wins(placed: Run) -> None:
    own = placed.repo / "templates" / "cfn-yaml" / "lib"
    own.mkdir(parents=True)
    (own / "TapStack.yml").write_text("own\n")
    gen_metadata.generate(placed)
    assert (placed.worktree / "lib" / "TapStack.yml").read_text() == "own\n"


def test_a_pair_without_a_template_names_those_there_are(placed: Run) -> None:
    placed.task.update(platform="cdk", language="json")
    with pytest.raises(Failure, match=r"no template for cdk-json; there are .*cfn-yaml"):
        gen_metadata.generate(placed)


def good() -> dict[str, object]:
    return {
        "platform": "cfn",
        "language": "yaml",
        "complexity": "hard",
        "turn_type": "single",
        "po_id": "1",
        "team": "synth",
        "startedAt": "2026-01-02T03:04:05+05:30",
        "subtask": "CI/CD Pipeline",
        "subject_labels": ["CI/CD Pipeline"],
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"platform": "terraform"}, "platform: 'terraform' is not one of"),
        ({"complexity": "easy"}, "complexity"),
        ({"startedAt": "2026-01-02T03:04:05.123Z"}, "startedAt"),
        ({"subject_labels": []}, "subject_labels"),
        ({"po_id": 7}, "po_id: 7 is not of type 'string'"),
        ({"training_quality": 9}, "Additional properties"),
        ({"subtask": "CI/CD pipeline"}, "subtask"),
    ],
)
def test_bad_metadata_is_refused(change: dict[str, object], message: str) -> None:
    project.check_metadata(good(), [])
    with pytest.raises(Failure, match=message):
        project.check_metadata(good() | change, [])


def test_missing_reordered_and_no_object_are_refused() -> None:
    value = good()
    del value["team"]
    with pytest.raises(Failure, match="'team' is a required property"):
        project.check_metadata(value, [])
    with pytest.raises(Failure, match="fields in the order"):
        project.check_metadata(dict(reversed(good().items())), [])
    with pytest.raises(Failure, match="wanted an object, found list"):
        project.check_metadata([], [])


def test_a_field_the_settings_allow_is_no_defect() -> None:
    project.check_metadata(good() | {"training_quality": 8}, ["training_quality"])


def test_quotes_in_a_task_do_not_break_the_json(placed: Run) -> None:
    placed.task.update(subtask='Cloud "Environment"\nSetup')
    project.write_metadata(placed)
    value = json.loads((placed.worktree / "metadata.json").read_text())
    assert value["subject_labels"] == ['Cloud "Environment"\nSetup']
