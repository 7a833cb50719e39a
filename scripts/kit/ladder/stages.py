"""The rungs of the ladder: what was proved is re-used, what is independent overlaps, what was run leaves a receipt."""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from kit import clock, say
from kit.errors import Failure
from kit.ladder import coverage, products, reuse
from kit.ladder.clouds import open_cloud
from kit.ladder.clouds.base import Cloud
from kit.ladder.environment import stage_environment
from kit.ladder.outcome import Outcome
from kit.ladder.platforms import platform
from kit.ladder.platforms.base import ALL, CHEAP, DEAR, Platform, Work
from kit.ladder.toolcheck import missing_tool
from kit.run import receipts
from kit.run.receipts import FAILED, NOT_RUN, Receipt
from kit.run.rundir import Run

__all__ = ["ALL", "CHEAP", "DEAR", "run_ladder", "run_stage"]


def run_stage(run: Run, stage: str, *, baseline: bool = False, again: bool = False) -> Receipt:
    """Run one stage on the run's worktree, or re-use what was proved for the same tree.

    Raises `Failure` for a stage that does not exist; whatever the stage finds is in the receipt.
    """
    return run_ladder(run, [stage], baseline=baseline, again=again)[0]


def run_ladder(run: Run, stages: Sequence[str] = ALL, *, baseline: bool = False, again: bool = False) -> list[Receipt]:
    """Run `stages`; their receipts in the ladder's order.

    The cheap ones overlap; when one of them fails, the dear ones among `stages` are not run, except that a
    deployed stack is always destroyed when destroy is among them. `baseline` runs every stage that could
    run, once. `again` does not re-use anything.
    """
    unknown = [stage for stage in stages if stage not in ALL]
    if unknown:
        raise Failure(f"no such stage: {', '.join(unknown)}", hint=f"the stages are {', '.join(ALL)}")
    return _Climb(run, [stage for stage in ALL if stage in stages], baseline, again).climb()


class _Climb:
    """One call of `run_ladder`."""

    def __init__(self, run: Run, stages: list[str], baseline: bool, again: bool) -> None:
        self.run, self.asked, self.baseline, self.again = run, stages, baseline, again
        self.platform: Platform = platform(run.task["platform"], run.task["language"])
        self.tree = reuse.tree_of(run)
        self.found: dict[str, Receipt] = {}
        self.running: dict[str, Future[Receipt]] = {}

    def climb(self) -> list[Receipt]:
        needed = {name for stage in self.asked for name in self.platform.needs.get(stage, ())}
        stages = [stage for stage in ALL if stage in self.asked or stage in needed]
        for stage in stages:
            # What was proved of an earlier deployment says nothing of one that is still to come.
            afresh = stage in DEAR[1:] and "deploy" in stages and "deploy" not in self.found
            known = None if afresh or (self.again and stage in self.asked) else self._proved(stage)
            if known is not None:
                self.found[stage] = known
                say.same(f"{stage}: {known.verdict} before, for the same files")
        due = [stage for stage in stages if stage not in self.found]
        if all(stage in self.found for stage in self.asked):
            due = []
        dear = [stage for stage in due if stage in DEAR]
        # The emulator needs a second or two to come up: meanwhile the cheap stages run.
        with ThreadPoolExecutor(1) as opener:
            opening = opener.submit(open_cloud, self.run) if dear else None
            self._cheap([stage for stage in due if stage in CHEAP])
            self._dear(dear, opening)
        return [self.found[stage] for stage in self.asked]

    def _proved(self, stage: str) -> Receipt | None:
        known = reuse.proved(self.run, stage, self.tree, baseline=self.baseline)
        if known is None or stage != "synth":
            return known
        # What synth left behind is no part of the tree: it has to be there still, as it was.
        same = known.figures.get("artifact", "") == self.platform.artifact(self.run.worktree)
        return known if same else None

    def _cheap(self, due: list[str]) -> None:
        if not due:
            return
        with ThreadPoolExecutor(len(due)) as pool:
            # First those that others wait for.
            waited_for = [name for names in self.platform.needs.values() for name in names]
            for stage in sorted(due, key=lambda name: name not in waited_for):
                self.running[stage] = pool.submit(self._measure, stage)
            made = {stage: future.result() for stage, future in self.running.items()}
        changed = reuse.tree_of(self.run) != self.tree
        for stage in due:
            self._keep(_stale(made[stage]) if changed else made[stage])

    def _verdict_of(self, stage: str) -> str:
        """The verdict of a stage of this climb, waited for when it is still running."""
        if stage in self.found:
            return self.found[stage].verdict
        return self.running[stage].result().verdict if stage in self.running else NOT_RUN

    def _dear(self, due: list[str], opening: Future[Cloud] | None) -> None:
        if opening is None:
            return
        stopped = self._stopper()
        touched = "deploy" in self.found
        try:
            for stage in due:
                if stopped and not (stage == "destroy" and (touched or due == ["destroy"])):
                    self._keep(self._receipt(stage, Outcome.not_run(stopped)))
                    continue
                # From its first moment on there may be something to destroy.
                touched = touched or stage == "deploy"
                receipt = self._keep(self._measure(stage, opening))
                if not receipt.passed and not (self.baseline and stage == "integration"):
                    stopped = stopped or f"{stage} {receipt.verdict}"
        except BaseException:
            if touched and "destroy" in due and "destroy" not in self.found:
                say.warn("interrupted: destroying what was deployed first")
                self._keep(self._measure("destroy", opening))
            raise

    def _stopper(self) -> str:
        blockers = ("synth",) if self.baseline else ("synth", "build", "lint", "unit")
        failed = next(
            (self.found[name] for name in blockers if name in self.found and not self.found[name].passed), None
        )
        return f"{failed.stage} {failed.verdict}" if failed else ""

    def _measure(self, stage: str, opening: Future[Cloud] | None = None) -> Receipt:
        refused = self._refusal(stage)
        if refused:
            return self._receipt(stage, Outcome.not_run(refused))
        attempt = reuse.attempts(self.run, stage) + 1
        log = self.run.logs / f"{stage}-{attempt:02d}.log"
        log.unlink(missing_ok=True)
        started, began = receipts.now(), time.monotonic()
        work: Work | None = None
        try:
            cloud = opening.result() if opening else None
            work = self._work(stage, log, cloud)
            # What a stage does in the cloud it does by asking it, in this process.
            with clock.outside() if stage in DEAR else contextlib.nullcontext():
                outcome: Outcome = getattr(self.platform, stage)(work)
            if cloud is not None:
                outcome.figures["session"] = cloud.session
                outcome.cloud, outcome.emulated = cloud.name, cloud.emulated
        except Failure as failure:
            outcome = Outcome.failed(f"{failure}" + (f" ({failure.hint})" if failure.hint else ""))
        except Exception as error:
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("a", encoding="utf-8") as out:
                traceback.print_exc(file=out)
            outcome = Outcome.failed(f"the toolkit's own bug: {type(error).__name__}: {error} (see {log})")
        if work is not None:
            outcome.argv, outcome.status = work.argv + outcome.argv, work.status
        return self._receipt(stage, outcome, log, started, time.monotonic() - began)

    def _work(self, stage: str, log: Path, cloud: Cloud | None) -> Work:
        settings = self.run.settings
        return Work(
            run=self.run,
            stage=stage,
            environment=stage_environment(self.run, cloud),
            log=log,
            seconds=settings["ladder.stage_minutes"] * 60,
            silence=settings["ladder.stage_silence_minutes"] * 60,
            cloud=cloud,
            verdict_of=self._verdict_of,
        )

    def _refusal(self, stage: str) -> str:
        """Why a stage cannot be run at all, before anything is spent on it; "" when it can."""
        missing = missing_tool(self.platform, stage)
        if missing:
            return missing
        if stage in self.platform.dependent and not self.platform.installed(self.run.worktree):
            return "the project's dependencies are not installed: run install_deps.py"
        if stage in ("unit", "integration"):
            tests = self.platform.test_files(self.run.worktree, stage)
            if self.baseline and coverage.only_placeholders(tests):
                return "only placeholder tests are there"
        if stage == "deploy":
            limit, used = self.run.settings["limits.max_deploys"], reuse.attempts(self.run, "deploy")
            if used >= limit:
                return f"{used} deploy attempts are used up (limits.max_deploys = {limit})"
        return ""

    def _receipt(
        self, stage: str, outcome: Outcome, log: Path | None = None, started: str = "", seconds: float = 0.0
    ) -> Receipt:
        return Receipt(
            stage=stage,
            verdict=outcome.verdict,
            tree=self.tree,
            attempt=reuse.attempts(self.run, stage) + (outcome.verdict != NOT_RUN),
            round=self.run.round,
            baseline=self.baseline,
            argv=outcome.argv,
            cwd=str(self.run.worktree),
            status=outcome.status,
            started=started or receipts.now(),
            seconds=round(seconds, 3),
            cloud=outcome.cloud,
            emulated=outcome.emulated,
            log=str(log) if log is not None and log.exists() else "",
            log_sha256=receipts.digest(log) if log is not None else "",
            reason=self._short(outcome.reason),
            figures=outcome.figures,
            findings=[one | {"message": self._short(str(one["message"]))} for one in outcome.findings],
            generation=self.run.journal.state.generation,
        )

    def _short(self, text: str) -> str:
        return text.replace(f"{self.run.worktree}/", "")

    def _keep(self, receipt: Receipt) -> Receipt:
        if receipt.baseline and receipt.stage == "synth" and receipt.passed:
            products.keep(self.run)
        receipts.write(self.run, receipt)
        self.found[receipt.stage] = receipt
        _tell(receipt)
        return receipt


def _tell(receipt: Receipt) -> None:
    seconds = f" ({receipt.seconds:.1f} s)" if receipt.seconds else ""
    if receipt.passed:
        say.done(f"{receipt.stage}: passed{seconds}")
    elif receipt.verdict == NOT_RUN:
        say.warn(f"{receipt.stage}: not run: {receipt.reason}")
    else:
        say.fail(f"{receipt.stage}: failed{seconds}: {receipt.reason}")


def _stale(receipt: Receipt) -> Receipt:
    from dataclasses import replace

    if receipt.verdict == NOT_RUN:
        return receipt
    return replace(receipt, verdict=FAILED, reason="the files changed while the stage was running; run it again")
