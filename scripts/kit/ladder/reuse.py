"""Which receipts still speak for the files as they are."""

from __future__ import annotations

from kit.ladder.clouds import find_cloud
from kit.ladder.platforms.base import CHEAP, DEAR
from kit.run import git, receipts
from kit.run.receipts import NOT_RUN, Receipt
from kit.run.rundir import Run


def tree_of(run: Run) -> str:
    """The hash of the files that a receipt speaks for; a run may bring its own way to take it."""
    own = getattr(run, "code_tree", None)
    return own() if own is not None else git.code_tree(run.worktree)


def attempts(run: Run, stage: str) -> int:
    """How many times `stage` was really run for this task."""
    return sum(1 for _, one in receipts.read_all(run) if one.stage == stage and one.verdict != NOT_RUN)


def proved(run: Run, stage: str, tree: str, *, baseline: bool = False) -> Receipt | None:
    """The receipt of `stage` that makes running it again pointless, or None.

    A cheap stage is proved by its newest receipt for `tree`, if it passed (in the baseline, whatever it
    says). Of the stages with a cloud either the whole group passed in order for `tree` up to the destroy,
    or what was deployed is still there: same cloud session, nothing deployed or destroyed since.
    """
    known = [one for _, one in receipts.read_all(run) if one.verdict != NOT_RUN]
    if baseline:
        return next((one for one in reversed(known) if one.stage == stage and one.tree == tree and one.baseline), None)
    if stage in CHEAP:
        newest = next((one for one in reversed(known) if one.stage == stage and one.tree == tree), None)
        return newest if newest is not None and newest.passed else None
    return _proved_in_cloud(run, stage, tree, [one for one in known if one.stage in DEAR])


def _proved_in_cloud(run: Run, stage: str, tree: str, known: list[Receipt]) -> Receipt | None:
    latest = {one.stage: number for number, one in enumerate(known)}
    group = [known[latest[name]] for name in DEAR if name in latest]
    whole = len(group) == len(DEAR) and [latest[name] for name in DEAR] == sorted(latest.values())
    if whole and all(one.passed and one.tree == tree for one in group):
        return known[latest[stage]]
    if stage not in latest:
        return None
    one = known[latest[stage]]
    if not one.passed or one.tree != tree:
        return None
    since = {later.stage for later in known[latest[stage] + 1 :]}
    if stage == "destroy":
        return one if "deploy" not in since else None
    if since & {"deploy", "destroy"}:
        return None
    if stage == "outputs" and not (run.worktree / "cfn-outputs" / "flat-outputs.json").is_file():
        return None
    cloud = find_cloud(run)
    return one if cloud is not None and cloud.alive and cloud.session == one.figures.get("session") else None
