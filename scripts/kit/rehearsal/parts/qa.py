"""The QA trainer: runs the stages, mends by what they find, writes the tests, and records what was wrong."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from kit.rehearsal.conversation import Call, Heard, Part, Result, Turn
from kit.rehearsal.documents import data_block, main_named, status_block, title_of
from kit.rehearsal.emit_cfn import dump, load
from kit.rehearsal.mending import Mend, mend, repair
from kit.rehearsal.parts.viewing import EDITOR, view
from kit.rehearsal.reading import read
from kit.rehearsal.stack import Stack
from kit.rehearsal.status import report
from kit.rehearsal.testing import integration_tests, unit_tests

PHASE = "PHASE 2"
UNIT, INTEGRATION = "test/tap-stack.unit.test.ts", "test/tap-stack.int.test.ts"
STEPS = 8
_ROUNDS = 6
Step = Generator[Turn, Heard, Any]


def qa(first: str) -> Part:
    """Play the part from the hand-over `first`, through every repair that is asked for."""
    trainer = _Trainer(first)
    while True:
        yield from trainer.work()


class _Trainer:
    """One QA phase: the file it mends, and what it knows of it."""

    def __init__(self, first: str) -> None:
        self.brief = read(data_block(first))
        self.path = main_named(first, self.brief.language)
        self.title = title_of(first, f"the {self.brief.project} stack")
        self.recorded: set[str] = set()
        self.left: list[str] = []
        self.stack = Stack()
        self.given: set[str] = set()
        self.text = ""

    @property
    def language(self) -> str:
        return "json" if self.path.endswith(".json") else "yaml"

    def work(self) -> Step:
        """One pass: mend, test, climb the ladder, report. Ends after the final report."""
        yield Turn("I begin with the code and its lint.", [self._report("STARTED", "reading the code", 0, "lint")])
        problem = yield from self._open()
        if not problem:
            problem = yield from self._mend_by_lint()
        if not problem:
            problem = yield from self._mend_by("build", "synth")
        if not problem:
            yield from self._write_tests()
            problem = yield from self._climb()
        yield from self._close(problem)

    def _open(self) -> Step:
        text, refusal = yield from view(self.path)
        if refusal:
            return f"{self.path} cannot be read: {refusal}"
        try:
            template = load(text)
            if not isinstance(template, dict) or not isinstance(template.get("Resources"), dict):
                raise ValueError("it has no Resources")
        except ValueError as error:
            return f"{self.path} is no template: {error}"
        self.text, self.stack = text, Stack(template, self.brief.facts)
        self.given = self.given or set(self.stack.resources)
        return ""

    def _mend_by_lint(self) -> Step:
        for number in range(_ROUNDS):
            heard = yield Turn("", [Call("run_stage", {"stage": "lint"})])
            receipt = _receipt(heard.results[0])
            mends, self.left = mend(self.stack, receipt.get("findings", []), self.text)
            if not mends:
                verdict = str(receipt.get("verdict"))
                return (
                    ""
                    if verdict == "passed"
                    else f"lint {verdict}: {receipt.get('reason', heard.results[0].text[:300])}"
                )
            said = f"lint found {len(receipt['findings'])} things; I mend {len(mends)} kinds of them."
            yield from self._write(said, mends, 1 if number else 0)
        return ""

    def _mend_by(self, *stages: str) -> Step:
        for stage in stages:
            heard = yield Turn("", [Call("run_stage", {"stage": stage})])
            receipt = _receipt(heard.results[0])
            if receipt.get("verdict") == "failed" and stage == "synth":
                mends = repair(self.stack, str(receipt))
                if mends:
                    yield from self._write(f"{stage} failed: {receipt.get('reason')}", mends, 2)
        return ""

    def _write(self, said: str, mends: list[Mend], done: int) -> Step:
        self.text = dump(self.stack.template, self.language)
        # What came in by mending is no fault of the code that was given.
        for one in mends:
            one.resources = [name for name in one.resources if name in self.given]
        new = [one for one in mends if one.resources and one.id not in self.recorded]
        self.recorded |= {one.id for one in new}
        calls = [Call(EDITOR, {"command": "create", "path": self.path, "file_text": self.text})]
        calls += [Call("record_failure", one.record(self.path)) for one in new]
        calls.append(self._report("IN_PROGRESS", "mended what was found", done, "run the stage again"))
        yield Turn(said, calls)

    def _write_tests(self) -> Step:
        heard = yield Turn("", [Call(EDITOR, {"command": "view", "path": "package.json"})])
        package = "" if heard.results[0].error else heard.results[0].text
        files = {UNIT: unit_tests(self.stack), INTEGRATION: integration_tests(self.stack, package)}
        calls = [Call(EDITOR, {"command": "create", "path": path, "file_text": text}) for path, text in files.items()]
        calls.append(self._report("IN_PROGRESS", "wrote unit and integration tests", 3, "climb the ladder"))
        yield Turn("Unit tests look at every part of the template, integration tests use what was deployed.", calls)

    def _climb(self) -> Step:
        for done, stage in enumerate(("build", "unit", "deploy", "outputs", "integration"), 3):
            heard = yield Turn("", [Call("run_stage", {"stage": stage})])
            receipt = _receipt(heard.results[0])
            if receipt.get("verdict") == "failed" and stage == "deploy":
                mends = repair(self.stack, str(receipt))
                if mends:
                    yield Turn("", [Call("run_stage", {"stage": "destroy"})])
                    yield from self._write(f"The deployment failed: {receipt.get('reason')}", mends, done)
                    yield from self._write_tests()
                    heard = yield Turn("", [Call("run_stage", {"stage": "deploy"})])
                    receipt = _receipt(heard.results[0])
            if receipt.get("verdict") != "passed":
                reason = str(receipt.get("reason") or heard.results[0].text)[:400]
                if stage in ("deploy", "outputs", "integration"):
                    yield Turn("", [Call("run_stage", {"stage": "destroy"})])
                return f"{stage} {receipt.get('verdict', 'gave no receipt')}: {reason}"
            figures = ", ".join(f"{key} {value}" for key, value in (receipt.get("figures") or {}).items())[:200]
            yield Turn(
                "", [self._report("IN_PROGRESS", f"{stage} passed ({figures or 'no figures'})", done, "the next stage")]
            )
        heard = yield Turn("", [Call("run_stage", {"stage": "destroy"})])
        receipt = _receipt(heard.results[0])
        return (
            ""
            if receipt.get("verdict") == "passed"
            else f"destroy: {receipt.get('reason', heard.results[0].text[:300])}"
        )

    def _close(self, problem: str) -> Step:
        status = "FAILED" if problem else "COMPLETED"
        step = "the ladder is not climbed" if problem else "the ladder is climbed"
        done = STEPS - 1 if problem else STEPS
        left = "; ".join(dict.fromkeys(self.left))
        issues = problem or (f"left on purpose: {left}" if left else "NONE")
        coming = "look at the reason" if problem else "review"
        text = [f"{len(self.recorded)} kinds of faults were mended and recorded."]
        if self.left:
            text += ["", "Left on purpose:", *[f"- {one}" for one in dict.fromkeys(self.left)]]
        if self.brief.unbuilt:
            text += [
                "",
                "Asked for and not built, because rehearsal does not know how: " + ", ".join(self.brief.unbuilt) + ".",
            ]
        text += ["", status_block(PHASE, status, step, self.title, done, STEPS, coming, issues)]
        yield Turn("\n".join(text), [self._report(status, step, done, coming, issues)])

    def _report(self, status: str, step: str, done: int, coming: str, issues: str = "NONE") -> Call:
        return report(PHASE, status, step, self.title, done, STEPS, coming, issues)


def _receipt(result: Result) -> dict[str, Any]:
    value = result.json
    return value if isinstance(value, dict) else {"verdict": "error", "reason": result.text[:400], "findings": []}
