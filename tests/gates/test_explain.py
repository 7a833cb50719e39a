"""Reading MODEL_FAILURES files of others."""

import pytest
from samples import LINES, SAMPLES

from kit.errors import Failure
from kit.gates.explain import DEPLOYMENT, MINIMAL, UNDECIDABLE, explain, read
from kit.gates.failures_text import parse, sentences


@pytest.mark.parametrize("name", SAMPLES)
def test_the_sample_is_read_as_a_careful_reader_would(name):
    verdict, text = SAMPLES[name]
    found = explain(text)
    assert (found.verdict, found.reasons) == (verdict, found.reasons)
    assert found.reasons


@pytest.mark.parametrize(("verdict", "line"), LINES)
def test_a_single_flaw_is_weighed_by_what_it_tells(verdict, line):
    assert explain(f"# Failures\n\n### 1. Point\n**Issue**: {line}\n**Fix**: Mended.\n").verdict == verdict


def test_no_deployment_issue_is_called_minimal():
    wrong = [
        name for name, (verdict, text) in SAMPLES.items() if verdict == DEPLOYMENT and explain(text).verdict == MINIMAL
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("template-blocker", "impact-level template"),
        ("list-small-things", "issue/fix list"),
        ("log-linter-errors", "error log"),
        ("hypothetical-potential-failures", "hypothetical"),
        ("stub-todo", "stub"),
    ],
)
def test_styles(name, style):
    assert explain(SAMPLES[name][1]).style == style


def test_reasons_quote_the_file():
    found = explain(SAMPLES["template-blocker"][1])
    assert any("Stack creation failed with a circular dependency" in one for one in found.reasons)


@pytest.mark.parametrize("name", [name for name, (verdict, _) in SAMPLES.items() if verdict == MINIMAL])
@pytest.mark.parametrize(
    "line",
    [
        "### 9. The table\n**Issue**: Deployment failed with CREATE_FAILED on the table.\n**Fix**: Keys were added.\n",
        "### 9. The build\n**Issue**: The build failed with a syntax error in the handler.\n**Fix**: Mended.\n",
    ],
)
def test_a_blocker_added_to_a_minimal_file_is_never_minimal(name, line):
    assert explain(f"{SAMPLES[name][1]}\n{line}").verdict != MINIMAL


@pytest.mark.parametrize("name", [name for name, (verdict, _) in SAMPLES.items() if verdict == MINIMAL])
def test_severity_words_change_nothing(name):
    louder = SAMPLES[name][1].replace("# ", "# Critical: ")
    assert explain(louder).verdict != DEPLOYMENT


def test_windows_line_ends_and_a_mark_at_the_head(tmp_path):
    path = tmp_path / "MODEL_FAILURES.md"
    path.write_bytes(b"\xef\xbb\xbf" + SAMPLES["list-small-things"][1].replace("\n", "\r\n").encode())
    assert read(path).verdict == MINIMAL


def test_what_is_no_text_is_refused(tmp_path):
    path = tmp_path / "MODEL_FAILURES.md"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Failure, match="cannot be read"):
        read(path)


@pytest.mark.parametrize("text", ["```\n", "# \n", "### 1.\n", "**\n", "|\n|\n", "1.\n", "\x00", "#" * 5000])
def test_odd_text_is_undecidable(text):
    assert explain(text).verdict == UNDECIDABLE


def test_items_keep_what_was_wrong_apart_from_what_was_done():
    [first, second, third] = parse(SAMPLES["list-small-things"][1]).items
    assert first.title == "1. Missing outputs"
    assert first.wrong == ["The table's ARN was not among the outputs, so the integration tests could not find it."]
    assert first.done == ["Added the output TableArn."]
    assert second.done == ["All names use the environment suffix."]
    assert third.is_about_tests and not first.is_about_tests


def test_severities_and_sections_are_kept():
    [first, second] = parse(SAMPLES["template-low-and-medium-only"][1]).items
    assert (first.severity, second.severity) == ("medium", "low")
    assert first.section.endswith("Medium Failures")


def test_sections_that_look_back_hold_no_items():
    text = "# F\n\n### 1. A\n**Issue**: b\n**Fix**: c\n\n## Lessons learned\n\n### 1. Deployments fail\nAlways.\n"
    assert [item.title for item in parse(text).items] == ["1. A"]


def test_code_is_not_prose():
    text = "### 1. A\n**Issue**: The name was fixed.\n```yaml\n# CREATE_FAILED\n```\n**Fix**: Suffix added.\n"
    assert explain(text).verdict == MINIMAL


def test_errors_in_blocks_are_read():
    text = "### 1. A\n**Issue**: The name was fixed.\n**Error**:\n```\nCREATE_FAILED: name taken\n```\n**Fix**: Suffix added.\n"
    assert explain(text).verdict == DEPLOYMENT


def test_sentences_lose_their_marks_and_keep_their_words():
    assert list(sentences(["- **A** was `CREATE_FAILED`. It broke."])) == ["A was `CREATE_FAILED`.", "It broke."]
