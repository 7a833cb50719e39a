"""Every rung of the ladder was climbed by the very tree that is judged, and the receipts prove it."""

from __future__ import annotations

from typing import TypeGuard

from kit import files
from kit.errors import Failure
from kit.gates.model import Look
from kit.gates.subject import Subject
from kit.run.receipts import NOT_RUN, digest

STAGES = ("lint", "build", "synth", "unit", "deploy", "outputs", "integration", "destroy")
# Linters exit with 1 for a mere warning; what they found is in their report. These run no command, but ask the cloud.
_OWN_REPORT = ("lint",)
_WITHOUT_LOG = ("outputs", "synth")
_NOTHING = ("undefined", "null", "None", "NaN", "[object Object]")
FINAL = ("build", "synth", "lint", "unit")


def receipts(subject: Subject) -> Look:
    """The newest receipt of every stage is of this tree, passed, and its log is the one it speaks of."""
    problems = [problem for stage in STAGES for problem in _stage(subject, stage)]
    return Look(f"{len(STAGES)} stages passed for the tree {subject.short}", problems)


def final_round(subject: Subject) -> Look:
    """Build, synth, lint and unit are green for the tree that is submitted."""
    problems = [problem for stage in FINAL for problem in _stage(subject, stage)]
    return Look(f"{', '.join(FINAL)} passed for the tree {subject.short}", problems)


def outputs(subject: Subject) -> Look:
    """The stack gave outputs, each with a value, and the file that the tests read holds them."""
    name, receipt = subject.receipt("outputs")
    count = receipt.figures.get("outputs")
    problems = []
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        problems.append(f"{name}: figures/outputs = {count!r}: wanted at least one")
    values = files.read_json(subject.root / "cfn-outputs" / "flat-outputs.json", remedy="make stage STAGE=outputs")
    if not isinstance(values, dict) or not values:
        problems.append("cfn-outputs/flat-outputs.json: holds no output")
        return Look(f"{count} outputs", problems)
    problems += [
        f"cfn-outputs/flat-outputs.json: {key} = {value!r}: empty" for key, value in values.items() if _is_empty(value)
    ]
    if len(values) != count:
        problems.append(f"{name}: speaks of {count} outputs, cfn-outputs/flat-outputs.json holds {len(values)}")
    return Look(f"{len(values)} outputs", problems)


def destroyed(subject: Subject) -> Look:
    """The stack was deployed, and afterwards everything it had was proved gone."""
    name, receipt = subject.receipt("destroy")
    had, gone = receipt.figures.get("had"), receipt.figures.get("gone")
    problems = [] if receipt.passed else [f"{name}: destroy {receipt.verdict}: {receipt.reason}"]
    unverified = receipt.figures.get("unverified") or []
    if not isinstance(unverified, list):
        problems.append(f"{name}: unverified = {unverified!r}: wanted a list of resources")
        unverified = []
    if not _is_count(had) or not _is_count(gone):
        problems.append(f"{name}: had = {had!r}, gone = {gone!r}: no count of what was proved gone")
    elif not had:
        problems.append(f"{name}: the stack had nothing: no deployment was destroyed")
    elif gone + len(unverified) != had or not gone:
        problems.append(f"{name}: {gone} of {had} resources proved gone")
    return Look(f"{gone} of {had} resources proved gone", [*_against_deployment(subject, name), *problems])


def _against_deployment(subject: Subject, name: str) -> list[str]:
    """Problems of a destruction before which nothing was deployed, or after which more was, or of less than was."""
    places = [
        place for place, (_, one) in enumerate(subject.receipts) if one.stage == "deploy" and one.verdict != NOT_RUN
    ]
    if not places:
        return [f"{name}: nothing was ever deployed"]
    (path, deployed), *after = subject.receipts[places[-1] :]
    # In however many tries: what the first left was all that the next was asked of. No other stage counts what a stack had.
    asked = {path.name: one.figures.get("had") for path, one in after}
    if name not in asked:
        return [f"{name}: is older than the deployment of {path.name}"]
    listed = deployed.figures.get("listed")
    if _is_count(listed) and not any(_is_count(had) and had >= listed for had in asked.values()):
        return [f"{name}: had = {asked[name]}, but {listed} resources were deployed"]
    return []


def _stage(subject: Subject, stage: str) -> list[str]:
    try:
        name, receipt = subject.receipt(stage)
    except Failure as failure:
        return [str(failure)]
    if not receipt.passed:
        return [f"{name}: {stage} {receipt.verdict}: {receipt.reason or 'no reason kept'}"]
    if receipt.status not in (None, 0) and stage not in _OWN_REPORT:
        return [f"{name}: {stage} passed, but its command exited with {receipt.status}"]
    if not receipt.log:
        if stage in _WITHOUT_LOG and not receipt.log_sha256:
            return []
        return [f"{name}: names no log of what {stage} did"]
    log = (subject.run.dir / receipt.log).resolve()
    if not log.is_relative_to(subject.run.logs.resolve()) or digest(log) != receipt.log_sha256:
        return [f"{name}: its log {receipt.log} is missing or was changed"]
    return []


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_empty(value: object) -> bool:
    """True for nothing, for blank text and the words that programs write for nothing, and for what holds only such."""
    if isinstance(value, dict | list):
        inner = list(value.values() if isinstance(value, dict) else value)
        return not inner or all(_is_empty(one) for one in inner)
    return value is None or not str(value).strip() or str(value).strip() in _NOTHING
