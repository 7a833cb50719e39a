"""Reading MODEL_FAILURES files of others."""

import pytest
from samples import LINES, SAMPLES

from kit.errors import Failure
from kit.gates import failures_claims as claims
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


def _claims(*sentences_):
    return [claims.claim(one) for one in sentences_]


def test_what_might_happen_is_only_possible_and_what_happened_blocks():
    assert _claims(
        "The deployment failed.",
        "The deployment might fail.",
        "The deployment would fail if the name were taken.",
        "I was told that the deployment failed.",
        "Did the deployment fail?",
        "Make sure that the deployment does not fail.",
    ) == [claims.BLOCKED, claims.POSSIBLE, claims.POSSIBLE, claims.POSSIBLE, claims.NOTHING, claims.NOTHING]


def test_a_second_copy_of_the_stack_is_no_failure_of_the_first():
    assert _claims("The deployment could fail when two environments share one account.") == [claims.NOTHING]


def test_a_denial_reaches_as_far_as_its_clause():
    assert _claims(
        "Nothing failed in the deployment.",
        "Build errors: 0.",
        "No alarm was missing, but the deployment failed.",
    ) == [claims.NOTHING, claims.NOTHING, claims.BLOCKED]


@pytest.mark.parametrize(
    "sentence",
    [
        "The unit tests failed in the build.",
        "The build printed deprecation warnings and lint errors.",
        "The pipeline's deploy stage fails without approval.",
        "A failed deployment is not rolled back.",
        "`cdk destroy` failed on the bucket.",
        "The handler throws ValidationError for such requests.",
        "There is no alarm on deployment failures.",
        "An alarm on build errors is missing.",
        "The error rate of the build role's alarm.",
        "The deployment failed as the account's quota was used up.",
        "A policy was added to prevent that the deployment fails.",
        "Although the prompt says that the deployment fails, nothing else was asked.",
    ],
)
def test_what_is_beside_the_stack_blocks_nothing(sentence):
    assert claims.claim(sentence) == claims.NOTHING


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("The unmodified answer deployed without a problem.", True),
        ("It went up on the first attempt.", True),
        ("Nothing kept the stack from coming up as given.", True),
        ("After the fix the stack went up on the first attempt.", False),
        ("The unmodified answer would have deployed.", False),
        ("The unmodified answer might be deployed.", False),
        ("The unmodified answer was not deployed, the stack failed.", False),
        ("The unmodified answer reads well.", False),
        ("The original code named us-east-2 but the infrastructure was deployed elsewhere.", False),
    ],
)
def test_which_sentences_say_that_the_answer_came_up(sentence, says):
    assert claims.says_deployed(sentence) is says


@pytest.mark.parametrize(
    ("sentence", "hole"),
    [
        ("The bucket is readable by everyone.", True),
        ("The bucket is not readable by everyone.", False),
        ("The load balancer lets everyone in on 443, the instances are behind it.", False),
        ("The password is a literal in the code.", True),
        ("The password policy is a literal in the code.", False),
        ("The role may do everything.", True),
        ("Credentials may leak in plain text.", False),
        ("Are the passwords hard-coded?", False),
        ("Rotation of the hard-coded password's secret.", False),
        ("AdministratorAccess was attached.", True),
        ("The role has no AdministratorAccess.", False),
    ],
)
def test_holes_are_facts_about_who_reaches_what(sentence, hole):
    assert claims.is_hole(sentence) is hole


def test_what_was_done_shows_where_a_secret_had_been():
    assert claims.is_hole("The database password.", "Generated in Secrets Manager.")
    assert not claims.is_hole("The database password.", "Longer now.")


def test_a_deployed_answer_outweighs_what_is_only_concluded_and_contradicts_what_was_seen():
    deployed = "The unmodified answer deployed at the first attempt.\n\n"
    concluded = "### 1. A\n**Issue**: A long suffix would be rejected by S3.\n**Fix**: b\n"
    seen = "### 1. A\n**Issue**: The stack was rolled back.\n**Fix**: b\n"
    assert [explain(one).verdict for one in (concluded, deployed + concluded, seen, deployed + seen)] == [
        DEPLOYMENT,
        MINIMAL,
        DEPLOYMENT,
        UNDECIDABLE,
    ]


def test_logs_count_by_the_tool_that_wrote_them():
    log = "# Log\n\n```\n{}\n```\nMended.\n"
    assert explain(log.format("CREATE_FAILED  Queue  name taken")).verdict == DEPLOYMENT
    assert claims.log_claim("tests/unit/test_a.py: TypeError: x", "") == claims.NOTHING
    assert claims.log_claim("WARNING: TypeError in a comment", "") == claims.NOTHING
    assert claims.log_claim("ResourceExists: CREATE_FAILED", "the emulator's fault") == claims.NOTHING


def test_rows_are_items_with_the_roles_of_their_columns():
    [item] = parse(
        "# F\n\n| # | Severity | Area | Problem | Fix |\n|---|---|---|---|---|\n| 1 | low | Tags | two missing | added |\n"
    ).items
    assert (item.title, item.severity, item.wrong, item.done) == ("Tags", "low", ["Tags two missing"], ["added"])


def test_a_table_without_roles_is_told_of_the_whole():
    document = parse("# F\n\n| Stage | Raw answer |\n|---|---|\n| deploy | pass |\n")
    assert (document.items, document.overall) == ([], ["Stage: deploy, Raw answer: pass"])


def test_labels_in_one_line_and_labels_that_repeat_open_what_they_name():
    [first, second] = parse("# F\n\n**Issue**: a b. **Fix**: c d.\n\n**Issue**: e f.\n**Fix**: g h.\n").items
    assert (first.wrong, first.done, second.wrong, second.done) == (["a b."], ["c d."], ["e f."], ["g h."])


def test_wrapped_lines_are_one_sentence():
    [item] = parse("# F\n\n### 1. A\n**Issue**: the deployment\nfailed at once.\n").items
    assert list(sentences(item.wrong)) == ["the deployment failed at once."]


def test_that_it_came_up_settles_possibilities_but_no_open_failure():
    possible = (
        "### 1. A\n**Issue**: The deployment might fail on a Friday.\n**Issue**: The tag was short.\n**Fix**: b\n"
    )
    astray = "### 1. A\n**Issue**: The converter crashed.\n**Fix**: b\n"
    up = "The rollout completed.\n\n"
    assert [explain(up + one).verdict for one in (possible, astray)] == [MINIMAL, UNDECIDABLE]
    assert [explain(one).verdict for one in (possible, astray)] == [UNDECIDABLE, UNDECIDABLE]
    assert explain(up + possible).reasons[0] == 'summary: "The rollout completed."'


def test_an_acquittal_holds_for_the_paragraphs_around_it():
    failed, acquitted, other = "The deployment failed.", "That has nothing to do with the answer.", "Tags were renamed."
    assert explain("\n\n".join([failed, acquitted, other])).verdict == MINIMAL
    assert explain("\n\n".join([acquitted, failed, other])).verdict == MINIMAL
    assert explain("\n\n".join([failed, other, acquitted])).verdict == DEPLOYMENT


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("No failures were found.", UNDECIDABLE),
        ("No other failures were found.", MINIMAL),
        ("No failures were found after the fix.", MINIMAL),
        ("No failures were found by the linter.", MINIMAL),
        ("No failures, only small things.", MINIMAL),
    ],
)
def test_perfection_contradicts_issues_when_it_is_claimed_for_all(claim, verdict):
    assert explain(f"# F\n\n{claim}\n\n### 1. A\n**Issue**: The tag was short.\n**Fix**: Longer.\n").verdict == verdict


@pytest.mark.parametrize(("needless", "verdict"), [(1, MINIMAL), (2, MINIMAL), (3, UNDECIDABLE)])
def test_more_than_half_without_need_is_no_list_of_failures(needless, verdict):
    points = ["**Issue**: The tag was there.\n**Fix**: No fix needed.\n"] * needless
    points += ["**Issue**: The tag was short.\n**Fix**: Longer.\n"] * 2
    assert explain("# F\n\n" + "\n".join(f"### {n}. A\n{one}" for n, one in enumerate(points, 1))).verdict == verdict


@pytest.mark.parametrize(("severities", "style"), [(1, "impact-level template"), (0, "issue/fix list")])
def test_half_of_the_items_with_a_severity_make_the_template(severities, style):
    points = ["**Severity**: Low\n**Issue**: The tag was short.\n"] * severities
    points += ["**Issue**: The tag was short.\n"] * (2 - severities)
    assert explain("# F\n\n" + "\n".join(f"### {n}. A\n{one}" for n, one in enumerate(points, 1))).style == style


@pytest.mark.parametrize(("words", "unfilled"), [(11, True), (12, False)])
def test_a_dozen_words_without_a_fact_are_no_longer_a_stub(words, unfilled):
    found = explain("# F\n\n" + " ".join(["might"] * (words - 1)))
    assert (found.style == "stub") is unfilled


@pytest.mark.parametrize(("length", "cut"), [(120, False), (121, True)])
def test_long_quotes_are_cut(length, cut):
    sentence = "The deployment failed " + "x" * (length - 3) + "."
    [reason] = explain(f"# F\n\n{sentence}\n\nTags were renamed, and so was the queue of the orders.\n").reasons
    assert reason.endswith('..."') is cut


def test_a_calm_tale_says_why_it_is_minimal():
    assert explain("Small things only: the tag of the queue was renamed, and its description rewritten.").reasons == [
        "it says that nothing had to be mended, or only small things"
    ]


def test_what_the_model_left_out_is_no_creation_that_failed():
    assert _claims(
        "The dashboard was not created.",
        "The name was too long, so the balancer was not created.",
        "The stack was not created.",
        "The stage is not deployed automatically.",
    ) == [claims.NOTHING, claims.BLOCKED, claims.BLOCKED, claims.NOTHING]


def test_a_heading_below_an_issue_says_what_stands_below_it_and_a_numbered_one_opens_the_next():
    text = "# F\n\n## Tags\n### Problem\nTwo are missing.\n### Solution\nAdded.\n### 2. Fix of the names\nToo long.\n"
    [first, second] = parse(text).items
    assert (first.title, first.wrong, first.done) == ("Tags", ["Two are missing."], ["Added."])
    assert (second.title, second.wrong) == ("2. Fix of the names", ["Too long."])


def test_sections_of_the_frame_hold_no_items():
    document = parse("# F\n\n## Summary\n\n- two tags were missing\n\n## Tags\nTwo are missing.\n")
    assert ([item.title for item in document.items], document.overall) == (["Tags"], ["two tags were missing"])
