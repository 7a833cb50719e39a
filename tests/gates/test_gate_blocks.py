"""What an answer need not name: a later one the files that were there before it."""

from __future__ import annotations

from clean_run import FINAL, FIRST
from test_gates import TEMPLATE

from kit.agents import blocks


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
