"""What synth leaves behind: which files are the stacks, and keeping those of the first answer for comparison."""

from __future__ import annotations

import shutil
from pathlib import Path

from kit.run.rundir import Run

WHERE = {
    "cfn": "lib/TapStack.yml or lib/TapStack.json",
    "cdk": "cdk.out/*.template.json",
    "cdktf": "cdktf.out/stacks/*/cdk.tf.json",
    "pulumi": "pulumi.out/stack.tf.json",
}
_STACKS = {
    "cfn": ("lib/TapStack.yml", "lib/TapStack.yaml", "lib/TapStack.json"),
    "cdk": ("cdk.out/*.template.json", "cdk.out/assembly-*/*.template.json"),
    "cdktf": ("cdktf.out/stacks/*/cdk.tf.json",),
    "pulumi": ("pulumi.out/stack.tf.json",),
}
# What the hash of the artifact is taken of, beside the stacks.
_BESIDE = {"cdk": ("cdk.out/*.assets.json", "cdk.out/manifest.json"), "pulumi": ("pulumi.out/assets/*",)}


def stacks(root: Path, platform: str) -> list[Path]:
    """The templates or configurations of a project, by path; [] when there are none."""
    return _matching(root, _STACKS.get(platform, ()))


def kept(run: Run, number: int) -> Path:
    """Where what synth made of the first answer of round `number` is kept, laid out as in the project."""
    return run.dir / "synth" / f"round-{number}"


def keep(run: Run) -> None:
    """Keep what synth just made of this round's first answer; a template that is written by hand needs no keeping."""
    platform = run.task["platform"]
    if platform == "cfn":
        return
    folder = kept(run, run.round)
    shutil.rmtree(folder, ignore_errors=True)
    for path in _matching(run.worktree, (*_STACKS.get(platform, ()), *_BESIDE.get(platform, ()))):
        target = folder / path.relative_to(run.worktree)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)


def _matching(root: Path, patterns: tuple[str, ...]) -> list[Path]:
    return sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()})
