"""Reading a whole file through the editor, which shows it with numbers and cuts long ones."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

from kit.rehearsal.conversation import Call, Heard, Turn

EDITOR = "str_replace_based_edit_tool"


def view(path: str, said: str = "") -> Generator[Turn, Heard, tuple[str, str]]:
    """Look at a file until its end; returns its text, and the refusal when there is one (the text is then empty)."""
    text, start = "", 1
    while True:
        look: dict[str, Any] = {"command": "view", "path": path}
        if start > 1:
            look["view_range"] = [start, -1]
        heard = yield Turn(said, [Call(EDITOR, look)])
        said = ""
        shown = heard.results[0]
        if shown.error:
            return "", shown.text[:200]
        lines, cut = unnumbered(shown.text)
        text += "\n".join(lines)
        if not cut or not lines:
            return text, ""
        text += "\n"
        start += len(lines)


def unnumbered(shown: str) -> tuple[list[str], bool]:
    """The lines of a viewed file without their numbers, and whether the view was cut short."""
    rows = shown.split("\n")
    cut = rows[-1].startswith("... cut")
    # The line before the cut may itself be cut, even within its number.
    matches = [re.match(r" *(\d+)\t(.*)$", row, re.S) for row in (rows[:-2] if cut else rows)]
    return [match[2] for match in matches if match], cut
