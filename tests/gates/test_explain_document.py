"""What a whole MODEL_FAILURES file amounts to, and which words of it are given as the reason."""

import pytest

from kit.gates.explain import DEPLOYMENT, MINIMAL, UNDECIDABLE, explain

ISSUE = "**Issue**: The bucket is not encrypted with a key of its own.\n**Fix**: A key.\n"


@pytest.mark.parametrize(
    ("above", "label", "told"),
    [
        ("## Critical Failures\n\n", "", "critical failures"),
        ("## Points\n\n", "**Impact Level**: High\n\n", "high"),
        ("## Critical Failures\n\n", "**Impact Level**: High\n\n", "high"),
    ],
)
def test_a_grave_hole_is_named_with_what_the_file_calls_it(above, label, told):
    found = explain(f"# Failures\n\n{above}### 1. Missing KMS encryption\n\n{label}{ISSUE}")
    assert found.verdict == DEPLOYMENT
    assert found.reasons[0] == f"1. Missing KMS encryption: security at {told}"


def test_a_harmless_comment_beside_the_code_before_blocks_nothing():
    code = "**Before**:\n\n```ts\n// not needed any longer, never read\nconst a = 1;\n```\n"
    text = f"# Failures\n\n### 1. Names\n**Issue**: Three names of queues have no suffix.\n**Fix**: Suffix.\n\n{code}"
    assert explain(text).verdict == MINIMAL


def test_of_a_log_its_message_is_quoted():
    log = "```\nCreating the stack\nTypeError: x is not a function\nbye\n```\n"
    found = explain(f"# Failures\n\n### 1. Synth\n**Issue**: It ended early.\n\n{log}")
    assert '1. Synth: "TypeError: x is not a function"' in found.reasons


@pytest.mark.parametrize(
    ("words", "fields", "verdict"),
    [(120, "stack", UNDECIDABLE), (120, "stack template", MINIMAL), (40, "stack", MINIMAL)],
)
def test_a_long_file_with_hardly_a_word_of_the_field_is_about_something_else(words, fields, verdict):
    points = "".join(f"- `name_{number}` was renamed to a better one\n" for number in range(words // 8))
    assert explain(f"# Failures\n\nThe {fields} was changed.\n\n{points}").verdict == verdict


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ("None. It was there.", "No suffix.", MINIMAL),
        ("None. No change was needed.", "None. No change was needed.", UNDECIDABLE),
        ("None. No change was needed.", "No suffix.", MINIMAL),
    ],
)
def test_a_list_of_what_needed_no_mending_is_no_list_of_failures(first, second, verdict):
    text = (
        f"# Failures\n\n### 1. Queue\n**Issue**: {first}\n**Fix**: x\n\n### 2. Topic\n**Issue**: {second}\n**Fix**: x\n"
    )
    assert explain(text).verdict == verdict


def test_praise_beside_small_flaws_hides_none_of_them():
    text = (
        "# Failures\n\nThe answer follows best practices. The retention of the log group was changed to 30 days, a small "
        "thing.\n"
    )
    assert explain(text).verdict == MINIMAL
    assert explain("# Failures\n\nThe answer follows best practices throughout and is excellent in all.\n").verdict == (
        UNDECIDABLE
    )


@pytest.mark.parametrize(("length", "cut"), [(140, False), (141, True)])
def test_a_quote_has_at_most_140_characters(length, cut):
    sentence = "The build failed " + "x" * (length - len("The build failed .")) + "."
    [reason] = explain(f"# Failures\n\n### 1. Point\n**Issue**: {sentence}\n**Fix**: Mended.\n").reasons
    assert len(reason) == len('1. Point: ""') + 140
    assert reason.endswith('..."') is cut


@pytest.mark.parametrize(("severities", "style"), [(1, "issue/fix list"), (2, "impact-level template")])
def test_a_third_with_a_severity_is_a_list_and_two_thirds_are_the_template(severities, style):
    levels = ["**Impact Level**: Low\n\n"] * severities + [""] * (3 - severities)
    points = "".join(
        f"### {number}. Queue {number}\n{level}It has no suffix.\n\n" for number, level in enumerate(levels)
    )
    assert explain(f"# Failures\n\n{points}").style == style


@pytest.mark.parametrize(
    ("labels", "log", "style"),
    [
        ("", "TypeError: x", "error log"),
        ("**Issue**: It ended.\n\n", "TypeError: x", "error log"),
        ("**Issue**: It ended.\n**Fix**: Mended.\n\n", "TypeError: x", "issue/fix list"),
    ],
)
def test_a_log_with_hardly_a_label_is_an_error_log(labels, log, style):
    assert explain(f"# Failures\n\n### 1. Synth of the stack\n{labels}```\n{log}\n```\n").style == style


def test_a_title_that_begins_like_a_severity_is_none_where_more_is_told():
    text = (
        "# Failures\n\n### High memory of the encryption function\n**Issue**: 3 GB where the largest use was 400 MB.\n"
    )
    assert explain(text).verdict == MINIMAL
    assert explain(
        "# Failures\n\n- Critical: the encryption of the bucket is missing\n- Tags of the queue\n"
    ).verdict == (DEPLOYMENT)


def test_praise_alone_names_no_flaw():
    points = "".join(
        f"- Excellent use of the KMS key of the {name}\n" for name in ("bucket", "queue", "topic", "table")
    )
    assert explain(f"# Failures\n\n{points}").verdict == UNDECIDABLE
    assert explain("The answer follows best practices and has set the retention of its logs to 30 days.\n").verdict == (
        UNDECIDABLE
    )


@pytest.mark.parametrize(("marked", "verdict"), [(True, MINIMAL), (False, UNDECIDABLE)])
def test_a_long_description_without_a_flaw_is_no_list_of_flaws(marked, verdict):
    rows = [f"the bucket of the stack {number} is `q{number}`" for number in range(9)]
    table = "| Problem | Fix |\n|---|---|\n" + "".join(
        f"| {row} | `jobs{number}` |\n" for number, row in enumerate(rows)
    )
    points = "".join(f"- {row}\n" for row in rows)
    assert explain(f"# Failures\n\n{table if marked else points}").verdict == verdict


def test_what_was_written_before_anything_was_run_decides_nothing():
    point = "### 1. Queue\n**Issue**: It has no suffix of the environment.\n**Fix**: Suffix.\n"
    assert explain(f"# Failures\n\nWritten ahead of QA.\n\n{point}").reasons == [
        'nobody has seen it happen: "ahead of QA"'
    ]
    assert explain(f"# Failures\n\nWritten after QA.\n\n{point}").verdict == MINIMAL


@pytest.mark.parametrize(("open_ones", "verdict"), [(1, MINIMAL), (2, MINIMAL), (3, UNDECIDABLE)])
def test_a_long_file_is_unfilled_when_more_than_half_of_it_is(open_ones, verdict):
    told = "The name of the bucket has no suffix, so that two stacks of one account share it and all of its objects."
    points = [f"### {number}. Queue {number}\n**Issue**: {told}\n**Fix**: Suffix.\n" for number in range(4 - open_ones)]
    points += [f"### {number}. Topic {number}\n**Issue**: TBD\n**Fix**: {told}\n" for number in range(open_ones)]
    assert explain("# Failures\n\n" + "\n".join(points)).verdict == verdict


def test_two_words_are_enough_to_tell_a_flaw():
    points = "- Tags added.\n- Suffix added.\n- Retention set.\n- Timeout raised.\n- Memory raised.\n- Alarm added.\n"
    assert explain(f"# Failures\n\n{points}").verdict == MINIMAL
