"""Every rung of the ladder was climbed by the very tree that is judged, and the receipts prove it."""

from __future__ import annotations

from kit import files
from kit.errors import Failure
from kit.gates.model import Look
from kit.gates.subject import Subject
from kit.run.receipts import NOT_RUN, Receipt, digest

STAGES = ("lint", "build", "synth", "unit", "deploy", "outputs", "integration", "destroy")
# Linters exit with 1 for a mere warning; what they found is in their report. These run no command, but ask the cloud.
_OWN_REPORT = ("lint",)
_WITHOUT_LOG = ("outputs", "synth")
_NOTHING = ("undefined", "null", "None", "NaN", "[object Object]")
FINAL = ("build", "synth", "lint", "unit")


def receipts(subject: Subject) -> Look:
    """The newest receipt of every stage is of this tree, passed, and its log is the one it speaks of."""
    problems = [problem for stage in STAGES for problem in _stage(subject, stage)]
    return Look(f"{len(STAGES)} stages passed for the tree {subject.tree[:12]}", problems)


def final_round(subject: Subject) -> Look:
    """Build, synth, lint and unit are green for the tree that is submitted."""
    problems = [problem for stage in FINAL for problem in _stage(subject, stage)]
    return Look(f"{', '.join(FINAL)} passed for the tree {subject.tree[:12]}", problems)


def outputs(subject: Subject) -> Look:
    """The stack gave outputs, each with a value, and the file that the tests read holds them."""
    name, receipt = _receipt(subject, "outputs")
    count = receipt.figures.get("outputs")
    problems = []
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        problems.append(f"{name}: figures/outputs = {count!r}: wanted at least one")
    path = subject.root / "cfn-outputs" / "flat-outputs.json"
    if not path.is_file():
        problems.append("cfn-outputs/flat-outputs.json: no such file")
        return Look(f"{count} outputs", problems)
    values = files.read_json(path, remedy="make stage STAGE=outputs")
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
    name, receipt = _receipt(subject, "destroy")
    deploys = [path.name for path, one in subject.receipts if one.stage == "deploy" and one.verdict != NOT_RUN]
    had, gone = receipt.figures.get("had"), receipt.figures.get("gone")
    problems = [] if receipt.passed else [f"{name}: destroy {receipt.verdict}: {receipt.reason}"]
    if not deploys:
        problems.append(f"{name}: nothing was ever deployed")
    order = [path.name for path, _ in subject.receipts]
    if deploys and order.index(name) < order.index(deploys[-1]):
        problems.append(f"{name}: is older than the deployment of {deploys[-1]}")
    unverified = receipt.figures.get("unverified") or []
    if not isinstance(unverified, list):
        problems.append(f"{name}: unverified = {unverified!r}: wanted a list of resources")
        unverified = []
    if had is None or gone is None or not _is_count(had) or not _is_count(gone):
        problems.append(f"{name}: had = {had!r}, gone = {gone!r}: no count of what was proved gone")
    elif not had:
        problems.append(f"{name}: the stack had nothing: no deployment was destroyed")
    elif gone + len(unverified) != had or not gone:
        problems.append(f"{name}: {gone} of {had} resources proved gone")
    problems += _more_deployed(subject, name, had)
    return Look(f"{gone} of {had} resources proved gone", problems)


def _more_deployed(subject: Subject, name: str, had: object) -> list[str]:
    """Problems of a stack that was listed with more resources than its destruction, in however many tries, was asked of."""
    deploys = [one for _, one in subject.receipts if one.stage == "deploy" and one.verdict != NOT_RUN]
    listed = deploys[-1].figures.get("listed") if deploys else None
    if not deploys or not _is_count(listed):
        return []
    after = subject.receipts[[one for _, one in subject.receipts].index(deploys[-1]) :]
    asked = [one.figures.get("had") for _, one in after if one.stage == "destroy"]
    most = max([int(one) for one in [*asked, had] if isinstance(one, int) and _is_count(one)], default=0)
    return [f"{name}: had = {had}, but {listed} resources were deployed"] if most < int(str(listed)) else []


def _stage(subject: Subject, stage: str) -> list[str]:
    known = subject.newest(stage)
    if known is None:
        return [f"no receipt of {stage} for the tree {subject.tree[:12]}"]
    path, receipt = known
    if not receipt.passed:
        return [f"{path.name}: {stage} {receipt.verdict}: {receipt.reason or 'no reason kept'}"]
    if receipt.status not in (None, 0) and stage not in _OWN_REPORT:
        return [f"{path.name}: {stage} passed, but its command exited with {receipt.status}"]
    if not receipt.log:
        if stage in _WITHOUT_LOG and not receipt.log_sha256:
            return []
        return [f"{path.name}: names no log of what {stage} did"]
    log = (subject.run.dir / receipt.log).resolve()
    if not log.is_relative_to(subject.run.logs.resolve()) or digest(log) != receipt.log_sha256:
        return [f"{path.name}: its log {receipt.log} is missing or was changed"]
    return []


def _receipt(subject: Subject, stage: str) -> tuple[str, Receipt]:
    known = subject.newest(stage)
    if known is None:
        raise Failure(f"no receipt of {stage} for the tree {subject.tree[:12]}", hint=f"make stage STAGE={stage}")
    return known[0].name, known[1]


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_empty(value: object) -> bool:
    """True for nothing, for blank text and the words that programs write for nothing, and for what holds only such."""
    if isinstance(value, dict | list):
        inner = list(value.values() if isinstance(value, dict) else value)
        return not inner or all(_is_empty(one) for one in inner)
    return value is None or not str(value).strip() or str(value).strip() in _NOTHING
