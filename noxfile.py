"""The menu of single phases: `nox -l`. Each session hands over to a script that also runs alone.

Suggested usage: `.venv/bin/nox -s qa -- --task 277`
"""

from __future__ import annotations

import sys
from pathlib import Path

import nox

nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "test"]

HERE = Path(__file__).resolve().parent
OWN = HERE / ".venv" / "bin" / "python"
PYTHON = str(OWN if OWN.exists() else sys.executable)


def hand_over(session: nox.Session, script: str, *words: str) -> None:
    """Run a script with the session's own words; ^C leaves it the time to destroy what it deployed."""
    session.run(PYTHON, str(HERE / "scripts" / script), *words, *session.posargs, external=True, interrupt_timeout=None)


@nox.session(name="next-task", default=False)
def next_task(session: nox.Session) -> None:
    """The next task to its pull request."""
    hand_over(session, "next_task.py")


@nox.session(default=False)
def tasks(session: nox.Session) -> None:
    """Task after task, until none is eligible."""
    hand_over(session, "tasks.py")


@nox.session(default=False)
def status(session: nox.Session) -> None:
    """Where every run stands."""
    hand_over(session, "status.py")


@nox.session(default=False)
def select(session: nox.Session) -> None:
    """Claim a task: its row becomes in_progress."""
    hand_over(session, "select_task.py")


@nox.session(default=False)
def worktree(session: nox.Session) -> None:
    """Its worktree, on its branch, from a fresh base."""
    hand_over(session, "make_worktree.py")


@nox.session(default=False)
def metadata(session: nox.Session) -> None:
    """The template laid out and metadata.json."""
    hand_over(session, "gen_metadata.py")


@nox.session(default=False)
def install(session: nox.Session) -> None:
    """Its dependencies, by the lock file."""
    hand_over(session, "install_deps.py")


@nox.session(default=False)
def generate(session: nox.Session) -> None:
    """PROMPT.md, MODEL_RESPONSE.md and the code of its blocks."""
    hand_over(session, "run_agent.py", "generator")


@nox.session(default=False)
def baseline(session: nox.Session) -> None:
    """The untouched response up the ladder, once."""
    hand_over(session, "run_stage.py", "--baseline")


@nox.session(default=False)
def qa(session: nox.Session) -> None:
    """The QA agent: mend, test, deploy, destroy."""
    hand_over(session, "run_agent.py", "qa-trainer")


@nox.session(default=False)
def review(session: nox.Session) -> None:
    """The reviewer's structured verdict."""
    hand_over(session, "run_agent.py", "reviewer")


@nox.session(default=False)
def gate(session: nox.Session) -> None:
    """Complete, iterate or reject, with each reason."""
    hand_over(session, "gate.py")


@nox.session(default=False)
def final(session: nox.Session) -> None:
    """Build, synth, lint, unit and every gate, for the tree as it is."""
    hand_over(session, "final_round.py")


@nox.session(default=False)
def pr(session: nox.Session) -> None:
    """Commit, push, one pull request."""
    hand_over(session, "open_pr.py")


@nox.session(default=False)
def finish(session: nox.Session) -> None:
    """The worktree removed and the row done."""
    hand_over(session, "finish_task.py")


@nox.session(default=False)
def ladder(session: nox.Session) -> None:
    """Stages of the ladder on a task's worktree or any project: `-- lint unit --task 277`."""
    hand_over(session, "run_stage.py")


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """The numbers, each with a ratio beside a peer or a floor."""
    every = sorted(path.stem for path in (HERE / "scripts" / "bench").glob("[a-z]*.py"))
    names = [word for word in session.posargs if word in every]
    words = [word for word in session.posargs if word not in every]
    for name in names or every:
        session.run(PYTHON, str(HERE / "scripts" / "bench" / f"{name}.py"), *words, external=True)


@nox.session
def test(session: nox.Session) -> None:
    """All tests."""
    session.run(PYTHON, "-m", "pytest", "-n", "auto", "--dist", "loadfile", *session.posargs, external=True)


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff and mypy."""
    session.run(PYTHON, "-m", "ruff", "check", ".", external=True)
    session.run(PYTHON, "-m", "ruff", "format", "--check", ".", external=True)
    session.run(PYTHON, "-m", "mypy", external=True)
