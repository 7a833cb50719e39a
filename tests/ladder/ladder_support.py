"""What the ladder's tests do to a project."""

from __future__ import annotations

from kit.ladder.foreign import ForeignRun


def edit(run: ForeignRun, name: str, old: str, new: str) -> None:
    """Replace `old`, which has to be there, in a file of the project."""
    path = run.worktree / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
