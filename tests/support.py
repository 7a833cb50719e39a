"""What tests share: running a command, and the line run on a demo repository as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from kit.run.rundir import Run
from kit.settings import TOOLKIT, Settings

MINUTES = 15


def sh(where: Path, *words: str) -> str:
    """Run a command that must succeed; its stdout."""
    return subprocess.run(words, cwd=where, check=True, capture_output=True, text=True).stdout.strip()


@dataclass(frozen=True)
class Line:
    """One call of the line: the repo it worked on, its list before, the task, what was printed."""

    repo: Path
    before: bytes
    task_id: str
    stdout: str
    stderr: str
    status: int

    @property
    def run(self) -> Run:
        """The run's handle."""
        return Run(self.repo, self.task_id, Settings.load(self.repo, environ={}))


def call(
    repo: Path, script: str, *words: str, environ: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a script of the toolkit on `repo` to its end."""
    environment = os.environ | {"REPO": str(repo), "NO_COLOR": "1"} | (environ or {})
    argv = [sys.executable, str(TOOLKIT / "scripts" / script), *words]
    return subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=MINUTES * 60)


def make_demo(folder: Path, home: Path) -> Path:
    """A fresh demo repository in `folder`."""
    code = (
        f"import sys; sys.path.insert(0, {str(TOOLKIT / 'scripts')!r})\n"
        "from pathlib import Path; from kit.tasks import demo\n"
        f"print(demo.ensure(Path({str(folder / 'demo')!r})))"
    )
    return Path(sh(folder, "env", f"HOME={home}", sys.executable, "-c", code).splitlines()[-1])
