"""`.claude/lessons_learnt.md`: flaws of tasks that can block later ones, each once."""

from __future__ import annotations

from pathlib import Path

from kit import files, lock

FILE = ".claude/lessons_learnt.md"
_HEAD = "# Lessons learnt\n\nFlaws of earlier tasks that can block later ones; later prompts are given this list.\n\n"


def add(repo: Path, lesson: str) -> bool:
    """Append one lesson as a line; false when it is there already."""
    line = "- " + " ".join(lesson.split())
    with lock.hold(repo / ".runs" / "lessons.lock", what="the list of lessons"):
        known = read(repo)
        if line in known.splitlines():
            return False
        files.replace(repo / FILE, (known.rstrip("\n") + "\n" if known.strip() else _HEAD) + line + "\n")
    return True


def read(repo: Path) -> str:
    """All lessons as they stand; "" when there are none."""
    path = repo / FILE
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
