"""What an answer has to name and what it need not: what was there before it, what the template laid out."""

from __future__ import annotations

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
