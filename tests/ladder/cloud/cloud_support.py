"""What the cloud's tests share."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from kit import files
from kit.ladder import cfn
from kit.ladder.clouds import Cloud
from kit.ladder.outcome import Outcome
from kit.run.rundir import Run
from kit.settings import Settings

STACKS = Path(__file__).parent / "stacks"


def make_run(folder: Path, task_id: str = "T-1") -> Run:
    """A run of a task in us-east-1 with an empty worktree."""
    run = Run(folder, task_id, Settings.load(environ={}))
    files.write_json(run.dir / "task.json", {"task_id": task_id, "region": "us-east-1", "platform": "cfn"})
    run.worktree.mkdir(parents=True)
    return run


def wait_until(condition: Callable[[], object], seconds: float = 20.0) -> bool:
    """True once `condition` holds, False when it does not in `seconds`."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


class Bench:
    """A run with its cloud, and the three things done with stacks."""

    def __init__(self, run: Run, cloud: Cloud) -> None:
        self.run = run
        self.cloud = cloud
        self.log = run.logs / "stack.log"

    def template(self, text: str, name: str = "TapStack.yml") -> Path:
        """A template in the worktree's lib."""
        path = self.run.worktree / "lib" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def deploy(self, text: str | Path, stack: str = "TapStackx", **parameters: str) -> Outcome:
        """Deploy a template's text or file."""
        path = text if isinstance(text, Path) else self.template(text)
        return cfn.deploy(self.run, self.cloud, path, stack, parameters, self.log)

    def outputs(self, stack: str = "TapStackx") -> dict[str, str]:
        """The outputs as the tests of a project read them."""
        outcome = cfn.outputs(self.run, self.cloud, stack)
        assert outcome.verdict == "passed", outcome.reason
        return dict(files.read_json(self.run.worktree / cfn.OUTPUTS))

    def destroy(self, stack: str = "TapStackx") -> Outcome:
        """Destroy the stack."""
        return cfn.destroy(self.run, self.cloud, stack, self.log)
