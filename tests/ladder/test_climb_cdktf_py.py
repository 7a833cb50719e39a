"""cdktf-py: a finished project goes up the whole ladder."""

from __future__ import annotations

from pathlib import Path

from climb_support import broken, climb, opened

from kit.ladder.stages import run_ladder


def test_a_finished_project_goes_up_the_ladder(tmp_path: Path) -> None:
    with opened("cdktf-py", tmp_path) as run:
        climb(run)
        with broken(run, "lib/tap_stack.py", 'f"{name}-store"', 'f"{nam}-store"'):
            lint, synth = run_ladder(run, ["lint", "synth"])
    assert (lint.verdict, lint.findings[0]["rule"], lint.findings[0]["line"]) == ("failed", "F821", 29)
    assert "at lib/tap_stack.py:29: NameError: name 'nam' is not defined" in synth.reason
