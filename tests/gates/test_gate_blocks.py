"""What an answer has to name and what it need not: what was there before it, what the template laid out."""

from __future__ import annotations

import json

import pytest
from clean_run import FINAL, FIRST
from test_gates import TEMPLATE

from kit.agents import blocks
from kit.settings import TOOLKIT


def test_a_later_answer_need_not_name_what_was_there_before_it(bench):
    bench.write("lib/lambda/intake.py", "x = 1\n")
    bench.run.journal.add("round", round=2)
    bench.respond({TEMPLATE: FIRST}, number=2)
    bench.write(TEMPLATE, FINAL)
    assert bench.ask("model-response-blocks").reason == "2 files of the first answer"


def test_every_round_has_its_own_tree(bench):
    bench.run.journal.add("round", round=2)
    bench.respond({TEMPLATE: FIRST.replace("Default: dev", "Default: test")}, number=2)
    assert bench.ask("model-response-blocks").passed
    bench.write("lib/MODEL_RESPONSE2.md", blocks.render({TEMPLATE: FIRST}))
    assert bench.ask("model-response-blocks").reason == (
        f"lib/MODEL_RESPONSE2.md: {TEMPLATE}: differs from the first tree"
    )


@pytest.mark.parametrize("change", ["", "// and more\n"])
def test_a_first_tree_may_hold_what_the_template_laid_out_and_no_more(bench, change):
    bench.task(platform="cdk", language="ts")
    for path in bench.run.receipts.glob("*.json"):
        path.unlink()
    bench.write("bin/tap.ts", (TOOLKIT / "templates/cdk-ts/bin/tap.ts").read_text() + change)
    bench.respond({TEMPLATE: FIRST})
    wanted = "bin/tap.ts: is in the first tree, but lib/MODEL_RESPONSE.md does not name it"
    assert bench.ask("model-response-blocks").reason == (wanted if change else "1 files of the first answer")


def test_line_ends_and_final_newlines_make_no_other_answer(bench):
    bench.write(TEMPLATE, FIRST.replace("\n", "\r\n") + "\r\n")
    for path in bench.run.receipts.glob("*.json"):
        path.unlink()
    bench.receipt("build", baseline=True)
    assert bench.ask("model-response-blocks").passed


def test_the_final_answer_names_every_file_of_the_final_code_and_no_other(bench):
    bench.write("lib/lambda/intake.py", "x = 1\n")
    page = "lib/IDEAL_RESPONSE.md"
    assert bench.ask("ideal-response-blocks").problems == (f"lib/lambda/intake.py: {page} does not name it",)
    bench.render_ideal()
    assert bench.ask("ideal-response-blocks").reason == "2 files of the final code"
    (bench.root / "lib/lambda/intake.py").unlink()
    assert bench.ask("ideal-response-blocks").problems == (f"{page}: lib/lambda/intake.py: no such file in the tree",)


def test_the_ideal_response_has_no_more_and_no_less(bench):
    bench.write("lib/IDEAL_RESPONSE.md", blocks.render({TEMPLATE: FINAL, "lib/lambda/a.py": "x = 1\n"}))
    assert "lib/lambda/a.py: no such file in the tree" in bench.ask("ideal-response-blocks").reason
    bench.write("lib/lambda/a.py", "x = 1\n")
    assert bench.ask("ideal-response-blocks").passed
    bench.write("lib/lambda/a.py", "x = 2\n")
    assert "differs from the file" in bench.ask("ideal-response-blocks").reason


def test_line_ends_make_no_other_answer(bench):
    text = blocks.render({TEMPLATE: FIRST})
    bench.write("lib/MODEL_RESPONSE.md", text.replace("Outputs:", "Outputs: "))
    assert "differs from the first tree" in bench.ask("model-response-blocks").reason


def test_an_answer_whose_file_the_first_tree_lacks(bench):
    bench.write("lib/MODEL_RESPONSE.md", blocks.render({TEMPLATE: FIRST, "lib/lambda/a.py": "x = 1\n"}))
    assert "lib/lambda/a.py: is not in the first tree" in bench.ask("model-response-blocks").reason


def test_a_first_answer_has_one_tree(bench):
    bench.receipt("lint", baseline=True)
    assert "2 trees in the baseline receipts of round 1" in bench.ask("model-response-blocks").reason
    for path in bench.run.receipts.glob("*.json"):
        if json.loads(path.read_text())["baseline"]:
            path.unlink()
    assert "0 trees in the baseline receipts of round 1" in bench.ask("model-response-blocks").reason
