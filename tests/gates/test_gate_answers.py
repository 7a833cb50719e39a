"""Where the answers of a run are found, and which files are the final code: what the task itself brought."""

from __future__ import annotations

import pytest
from clean_run import FIRST
from test_gate_layout import base
from test_gates import TEMPLATE

from kit.agents import blocks
from kit.settings import TOOLKIT


@pytest.mark.parametrize("gate", ["model-response-blocks", "claims"])
def test_without_a_first_answer_nothing_can_be_compared(bench, gate):
    (bench.root / "lib/MODEL_RESPONSE.md").unlink()
    bench.write("lib/MODEL_RESPONSE2.md", blocks.render({TEMPLATE: FIRST}))
    assert bench.ask(gate).reason == "lib/MODEL_RESPONSE.md: no such file"


@pytest.mark.parametrize(
    ("gate", "name"),
    [("model-response-blocks", "lib/MODEL_RESPONSE.md"), ("ideal-response-blocks", "lib/IDEAL_RESPONSE.md")],
)
def test_an_answer_without_a_file_is_none(bench, gate, name):
    bench.write(name, "I would use CloudFormation.\n")
    assert bench.ask(gate).reason == f"{name}: names no file"


def test_a_first_tree_that_git_no_longer_has_is_named(bench):
    for path in bench.run.receipts.glob("*.json"):
        text = path.read_text()
        if '"baseline": true' in text:
            path.write_text(text.replace('"tree": "', '"tree": "0123456789abc'))
    reason = bench.ask("model-response-blocks").reason
    assert reason.startswith("tree 0123456789ab: git does not have it any more")


def test_the_final_answer_need_not_name_what_the_base_had(bench):
    base(bench, "lib/lambda/util.py", "x = 1\n")
    assert bench.ask("ideal-response-blocks").passed
    bench.write("lib/lambda/util.py", "x = 2\n")
    assert bench.ask("ideal-response-blocks").reason == "lib/lambda/util.py: lib/IDEAL_RESPONSE.md does not name it"


@pytest.mark.parametrize("change", ["", "// and more\n"])
def test_an_answer_need_not_name_what_the_template_laid_out(bench, change):
    bench.task(platform="cdk", language="ts")
    bench.write("bin/tap.ts", (TOOLKIT / "templates/cdk-ts/bin/tap.ts").read_text() + change)
    wanted = "bin/tap.ts: lib/IDEAL_RESPONSE.md does not name it" if change else "1 files of the final code"
    assert bench.ask("ideal-response-blocks").reason == wanted
