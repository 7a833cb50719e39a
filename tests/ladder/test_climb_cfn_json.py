"""cfn-json: a finished project goes up the whole ladder."""

from __future__ import annotations

from pathlib import Path

from climb_support import broken, climb, opened

from kit.ladder.stages import run_stage


def test_a_finished_project_goes_up_the_ladder(tmp_path: Path) -> None:
    with opened("cfn-json", tmp_path) as run:
        climb(run)
        with broken(run, "lib/TapStack.json", '"Description": "Orders', '"Description" "Orders'):
            synth = run_stage(run, "synth")
    assert synth.reason.startswith("lib/TapStack.json:3: not valid JSON"), synth.reason
