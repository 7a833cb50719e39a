from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.agents import blocks
from kit.errors import Failure

SEGMENT = st.text(st.sampled_from("abcXYZ019_-.+@"), min_size=1, max_size=8).filter(
    lambda part: part not in (".", "..", ".git")
)
PATH = st.builds(
    lambda folder, parts, end: "/".join([folder, *parts]) + end,
    st.sampled_from(["lib", "bin", "test", "tests"]),
    st.lists(SEGMENT, min_size=1, max_size=3),
    st.sampled_from([".yml", ".json", ".ts", ".py", ".sh", ""]),
).filter(lambda path: not path.endswith(".md") and path != "lib/AWS_REGION")
CONTENT = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        st.sampled_from(
            ["```", "````yaml", "~~~", "### `lib/other.yml`", "\r", "\n", "\r\n", "", "`x`", "\x0c", "\u2028"]
        ),
    ),
    max_size=12,
).map("\n".join)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(PATH, CONTENT, max_size=5))
def test_render_and_extract_undo_each_other(files: dict[str, str]) -> None:
    assert blocks.extract(blocks.render(files)) == files


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        "a",
        "a\n",
        "a\r\nb\r\n",
        "a\r\nb",
        "```\nx\n```\n",
        "`" * 9,
        "zażółć 🌍\n",
        "\n\n\n",
        "  \n",
        "\r",
        "a\n\n",
    ],
)
def test_exact_content_survives(content: str) -> None:
    files = {"lib/TapStack.yml": content, "test/a.unit.test.ts": "x\n"}
    assert blocks.extract(blocks.render(files)) == files


@pytest.mark.parametrize(
    "path", ["../x.yml", "/etc/passwd", "lib/../../x", "lib/`x`.yml", "lib/a\nb", "", ".git/config"]
)
def test_a_path_that_cannot_be_read_back_is_not_rendered(path: str) -> None:
    with pytest.raises(Failure):
        blocks.render({path: "x"})


@pytest.mark.parametrize(
    "before",
    [
        "### `lib/TapStack.yml`\n",
        "## lib/TapStack.yml\n\n",
        "**lib/TapStack.yml**\n",
        "**File: `lib/TapStack.yml`**\n\n",
        "`lib/TapStack.yml`:\n",
        "lib/TapStack.yml\n",
        "### 1. Main template (`lib/TapStack.yml`)\n",
        "The template goes to `lib/TapStack.yml`:\n",
    ],
)
def test_a_path_is_taken_from_the_line_before(before: str) -> None:
    assert blocks.extract(f"Here it is.\n\n{before}```yaml\nA: 1\n```\n") == {"lib/TapStack.yml": "A: 1\n"}


@pytest.mark.parametrize("info", ["yaml:lib/TapStack.yml", "yaml title=lib/TapStack.yml", "yaml lib/TapStack.yml"])
def test_a_path_is_taken_from_the_info_string(info: str) -> None:
    assert blocks.extract(f"Some words that name nothing at all here\n\n```{info}\nA: 1\n```") == {
        "lib/TapStack.yml": "A: 1\n"
    }


@pytest.mark.parametrize(
    "comment", ["# lib/a.yml", "// lib/a.yml", "# file: lib/a.yml", "<!-- lib/a.yml -->", "/* lib/a.yml */"]
)
def test_a_path_is_taken_from_the_first_comment_and_the_comment_stays(comment: str) -> None:
    assert blocks.extract(f"```\n{comment}\nA: 1\n```\n") == {"lib/a.yml": f"{comment}\nA: 1\n"}


def test_the_only_block_without_a_path_is_the_main_file() -> None:
    found = blocks.read("Sure!\n\n```yaml\nA: 1\n```\nRun it:\n\n```bash\naws deploy\n```\n", main="lib/TapStack.yml")
    assert found.files == {"lib/TapStack.yml": "A: 1\n"}
    assert any("taken as lib/TapStack.yml" in note for note in found.notes)
    assert any("names no file" in reason for reason in found.refused)


def test_two_blocks_without_a_path_are_not_guessed() -> None:
    found = blocks.read("```yaml\nA: 1\n```\n\n```yaml\nB: 1\n```\n", main="lib/TapStack.yml")
    assert found.files == {}
    assert len(found.refused) == 2


@pytest.mark.parametrize(
    "path",
    [
        "../etc/x.yml",
        "/etc/x.yml",
        "package.json",
        "jest/template.ts",
        "lib/MODEL_FAILURES.md",
        "lib/AWS_REGION",
        ".git/hooks/x",
    ],
)
def test_a_path_outside_the_allowed_folders_is_refused_and_said(path: str) -> None:
    found = blocks.read(f"### `{path}`\n```json\n{{}}\n```\n\n### `lib/a.json`\n```json\n1\n```\n")
    assert found.files == {"lib/a.json": "1\n"}
    assert len(found.refused) == 1 and path in found.refused[0]


def test_tap_py_is_for_python_projects_only() -> None:
    text = "### `tap.py`\n```python\nx = 1\n```\n"
    assert blocks.read(text).files == {}
    assert blocks.read(text, python=True).files == {"tap.py": "x = 1\n"}


def test_a_block_that_was_cut_is_refused() -> None:
    found = blocks.read("### `lib/a.yml`\n```yaml\nA: 1\n", main="lib/a.yml")
    assert found.files == {} and "cut" in found.refused[0]


def test_the_later_of_two_blocks_for_a_path_counts_and_is_said() -> None:
    found = blocks.read("### `lib/a.yml`\n```\n1\n```\n### `lib/a.yml`\n```\n2\n```\n")
    assert found.files == {"lib/a.yml": "2\n"} and "twice" in found.notes[0]
