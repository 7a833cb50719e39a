"""Every test has a home of its own, no settings from outside, and real git to work with."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from kit import say
from kit.run.rundir import Run
from kit.settings import Settings
from support import sh

SWITCHES = (
    "REPO",
    "MODEL",
    "CLOUD",
    "FORGE",
    "SANDBOX",
    "ANTHROPIC_API_KEY",
    "AWS_PROFILE",
    "AWS_ENDPOINT_URL",
    "GH_HOST",
)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(tool): runs a system tool; in CI a missing one is a failure")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        tool = mark.args[0]
        if shutil.which(tool) is None:
            if os.environ.get("CI"):
                pytest.fail(f"{tool} is not installed, and CI tests what needs it")
            pytest.skip(f"not run: {tool} is not installed")


@pytest.fixture(autouse=True)
def own_world(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A private HOME with a git identity; no switch, key or colour from outside; no task named."""
    home = tmp_path_factory.mktemp("home")
    config = home / ".gitconfig"
    config.write_text("[user]\n\tname = Tester\n\temail = tester@localhost\n[init]\n\tdefaultBranch = main\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("NO_COLOR", "1")
    for name in SWITCHES:
        monkeypatch.delenv(name, raising=False)
    say.about("", "")
    return home


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository with one commit on main and a bare origin beside it."""
    made = tmp_path / "repo"
    made.mkdir()
    sh(made, "git", "init", "-q", "-b", "main")
    (made / "README.md").write_text("# tasks\n")
    sh(made, "git", "add", ".")
    sh(made, "git", "commit", "-qm", "begin")
    sh(tmp_path, "git", "init", "-q", "--bare", "-b", "main", "origin.git")
    sh(made, "git", "remote", "add", "origin", str(tmp_path / "origin.git"))
    sh(made, "git", "push", "-q", "-u", "origin", "main")
    return made


@pytest.fixture
def run(repo: Path) -> Run:
    """A run of task T1, cfn-yaml in us-east-1, that has just been selected."""
    from kit import files

    made = Run(repo, "T1", Settings.load(repo, environ={}))
    files.write_json(
        made.dir / "task.json",
        {
            "task_id": "T1",
            "source": "tasks.csv",
            "line": 2,
            "difficulty": "medium",
            "subtask": "Cloud Environment Setup",
            "subtask_mapped": "Provisioning of Infrastructure Environments",
            "title": "A bucket for reports",
            "text": "Create a CloudFormation YAML template with an S3 bucket for reports.",
            "fields": {},
            "platform": "cfn",
            "language": "yaml",
            "region": "us-east-1",
            "region_named": False,
            "witness": {"platform": "CloudFormation YAML", "language": "YAML", "region": "default"},
            "notes": [],
            "attempt": 1,
        },
    )
    made.journal.begin()
    return made
