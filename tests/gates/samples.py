"""MODEL_FAILURES files in the five styles of the field; the folder says what a careful reader would call each."""

from pathlib import Path

FOLDER = Path(__file__).parent / "samples"
SAMPLES: dict[str, tuple[str, str]] = {
    path.stem: (path.parent.name, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.rglob("*.md"))
}
# Single flaws, one a line, as an item with a fix would tell them.
LINES: list[tuple[str, str]] = [
    (path.stem, line)
    for path in sorted((FOLDER / "lines").glob("*.txt"))
    for line in path.read_text(encoding="utf-8").splitlines()
]
