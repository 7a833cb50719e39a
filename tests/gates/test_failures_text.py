"""How a MODEL_FAILURES file is split into items: what was wrong, what was done, what was shown, what stands around."""

import pytest

from kit.gates.explain import DEPLOYMENT, MINIMAL, explain
from kit.gates.failures_text import DONE, WRONG, kind_of, parse, sentences


def test_a_rule_ends_an_item():
    document = parse("### 1. Names\n**Issue**: No suffix.\n\n---\n\nThe rest was fine.\n")
    assert document.items[0].wrong == ["No suffix."]
    assert document.overall == ["The rest was fine."]


@pytest.mark.parametrize(("label", "verdict"), [("Before", DEPLOYMENT), ("After", MINIMAL)])
def test_a_comment_speaks_of_the_answer_only_beside_the_code_before(label, verdict):
    code = f"**{label}**:\n\n```ts\n// ERROR: does not compile, the property does not exist\na();\n```\n"
    assert (
        explain(
            f"# Failures\n\n### 1. Names\n**Issue**: Three names of queues have no suffix, so that two copies share them.\n\n{code}"
        ).verdict
        == verdict
    )


def test_empty_paragraphs_have_no_sentences():
    assert list(sentences(["", "  ", "One. Two."])) == ["One.", "Two."]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Issue with the first answer", WRONG),
        ("Issue with the very first answer", ""),
        ("**Root cause**:", WRONG),
        ("What was done", DONE),
        ("Before fixes", WRONG),
        ("After fixes", DONE),
        ("Learning value", "aside"),
        ("Severity level", "severity"),
        ("Architecture", ""),
    ],
)
def test_a_label_says_what_stands_behind_it(label, kind):
    assert kind_of(label) == kind


def test_what_is_indented_after_a_blank_line_is_a_log():
    [item] = parse("### 1. Import\nThe first run:\n\n    ImportError: x\n\n    at line 3\n\nMended.\n").items
    assert item.logs == ["    ImportError: x\n\n    at line 3\n"]
    assert item.wrong == ["The first run:", "Mended."]


def test_what_is_indented_below_a_line_goes_on_with_it():
    [item] = parse("### 1. Import\nThe import was\n    of a module that is none.\n").items
    assert item.logs == []
    assert item.wrong == ["The import was\n    of a module that is none."]


def test_a_log_at_the_very_beginning_and_end_is_kept():
    [part] = parse("    Error: x").frame
    assert part.logs == ["    Error: x"]


def test_a_quoted_line_is_shown_and_not_told():
    [item] = parse("### 1. Import\nIt said:\n\n> Error: x\n").items
    assert (item.wrong, item.logs) == (["It said:"], ["Error: x"])


def test_a_log_outside_items_belongs_to_the_paragraph_before_it():
    document = parse("# Failures\n\nOne.\n\nTwo.\n\n```\nError: x\n```\n")
    assert [part.logs for part in document.frame] == [[], ["Error: x"]]


def test_a_short_heading_of_the_same_level_goes_on_with_its_item():
    text = "## The table\n\nIt has no key.\n\n## The fix\n\nA key.\n\n## The fix of the other one\n\nMore.\n"
    items = parse(text).items
    assert [(one.title, one.wrong, one.done) for one in items] == [
        ("The table", ["It has no key."], ["A key."]),
        ("The fix of the other one", ["More."], []),
    ]


def test_a_deeper_heading_with_a_known_name_goes_on_with_its_item():
    [item] = parse("## 1. The table\n\n### Problem\n\nNo key.\n\n### Fix\n\nA key.\n").items
    assert (item.wrong, item.done) == (["No key."], ["A key."])


def test_below_a_heading_that_only_gathers_a_known_name_opens_an_item():
    items = parse("## Critical issues\n\n### Deployment problem\n\nIt rolled back.\n").items
    assert [one.title for one in items] == ["Deployment problem"]


def test_points_are_items_and_what_is_indented_below_them_belongs_to_them():
    text = "# Failures\n\n- No suffix\n  - in two names\n- No tags\n\nThat is all.\n"
    document = parse(text)
    assert [(one.title, one.wrong) for one in document.items] == [("No suffix", ["in two names"]), ("No tags", [])]
    assert document.overall == ["That is all."]


def test_points_of_an_item_that_tells_something_already_are_its_text():
    [item] = parse("### 1. Names\n**Issue**: Two are bare:\n- the queue\n- the topic\n").items
    assert item.wrong == ["Two are bare:", "the queue", "the topic"]


def test_points_of_a_summary_are_no_items():
    document = parse("# Failures\n\n## Summary\n\n- It came up\n- Small things were changed\n")
    assert document.items == []
    assert document.overall == ["It came up", "Small things were changed"]


def test_the_title_of_the_file_makes_no_summary_of_its_points():
    assert [one.title for one in parse("# Analysis\n\n- No suffix\n- No tags\n").items] == ["No suffix", "No tags"]


def test_a_table_of_findings_is_a_list_of_items():
    text = "| # | Where | Problem | Fix |\n|---|---|---|---|\n| 1 | The queue | no suffix | suffix |\n| | | | |\n"
    [item] = parse(text).items
    assert (item.title, item.wrong, item.done) == ("The queue", ["The queue no suffix"], ["suffix"])


def test_a_row_that_is_too_short_is_read_as_far_as_it_goes():
    [item] = parse("| Problem | Fix |\n|---|---|\n| no suffix |\n").items
    assert (item.title, item.done) == ("no suffix", [])


@pytest.mark.parametrize(
    ("head", "items"),
    [("| Stage | Before | After |", 1), ("| Stage | After | Note |", 0), ("| Stage | Before | Note |", 0)],
)
def test_looking_back_only_a_comparison_is_a_list_of_items(head, items):
    text = f"# Failures\n\n## Metrics\n\n{head}\n|---|---|---|\n| synth | failed | ok |\n"
    assert len(parse(text).items) == items


def test_labels_are_counted():
    assert parse("### 1. A\n**Issue**: x\n**Fix**: y\n\n### 2. B\n**Issue**: z\n").labelled == 3


def test_a_further_issue_below_one_heading_opens_an_item():
    items = parse(
        "### The queue\n**Issue**: No suffix.\n**Fix**: Suffix.\n\n**Issue**: No tags.\n**Fix**: Tags.\n"
    ).items
    assert [(one.wrong, one.done) for one in items] == [(["No suffix."], ["Suffix."]), (["No tags."], ["Tags."])]


def test_an_error_goes_on_with_the_issue_before_it():
    [item] = parse("### The queue\n**Issue**: No suffix.\n**Error**: `it exists`\n**Fix**: Suffix.\n").items
    assert (item.wrong, item.logs, item.done) == (["No suffix."], ["`it exists`"], ["Suffix."])


def test_an_error_after_the_fix_is_another_issue():
    items = parse("### The queue\n**Issue**: No suffix.\n**Fix**: Suffix.\n**Error**: `no policy`\n").items
    assert [one.logs for one in items] == [[], ["`no policy`"]]


def test_a_severity_with_more_behind_it_tells_both():
    [item] = parse("### 1. Names\n**Impact Level**: High. The names collide.\n").items
    assert (item.severity, item.wrong) == ("high", ["The names collide"])
