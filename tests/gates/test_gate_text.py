"""Only what is shown as an emoji is one."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("```\n:rocket:\n```", True),
        (":rocket:", False),
        ("a:rocket:b", True),
        (":rtype:", True),
        ("```\n```\n:x: no", False),
    ],
)
def test_only_what_is_shown_as_an_emoji_counts(bench, text, passed):
    bench.write("lib/PROMPT.md", (bench.root / "lib/PROMPT.md").read_text() + f"\n{text}\n")
    assert bench.ask("no-emoji").passed is passed
