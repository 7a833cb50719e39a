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


@pytest.mark.parametrize("name", ["lib/PROMPT.md", "lib/IDEAL_RESPONSE.md"])
def test_a_page_that_is_missing_is_named(bench, name):
    (bench.root / name).unlink()
    bench.write("lib/PROMPT2.md", "More.\n")
    assert bench.ask("no-emoji").reason == f"{name}: no such file"


@pytest.mark.parametrize(
    ("name", "passed"),
    [("lib/PROMPT2.md", False), ("lib/MODEL_RESPONSE.md", True), ("lib/README.md", True), ("test/notes.md", True)],
)
def test_only_what_models_are_trained_to_write_is_judged(bench, name, passed):
    bench.write(name, "Done :rocket:\n")
    assert bench.ask("no-emoji").passed is passed
