"""The QA trainer: runs the stages, mends by what they find, writes the tests, and records what was wrong."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

from kit.rehearsal.conversation import Call, Heard, Part, Result, Turn
from kit.rehearsal.documents import data_block, main_named, pair_of, status_block, title_of
from kit.rehearsal.emit_cfn import load
from kit.rehearsal.mending import Mend, mend, repair
from kit.rehearsal.parts.viewing import EDITOR, view
from kit.rehearsal.reading import read
from kit.rehearsal.stack import Stack
from kit.rehearsal.status import report
from kit.rehearsal.targets import stack_of, target_of

PHASE = "PHASE 2"
STEPS = 8
_ROUNDS = 6
Step = Generator[Turn, Heard, Any]


def qa(first: str) -> Part:
    """Play the part from the hand-over `first`, through every repair that is asked for."""
    trainer = _Trainer(first)
    met: list[str] = []
    while True:
        problem = yield from trainer.work()
        met.append(problem)
        heard = Heard([])
        # The same failure twice: no third try would end otherwise. A nudge asks for a report, which was given.
        while problem and (met.count(problem) > 1 or not heard.text or "no closing report" in heard.text):
            again = " It came back after I had tried to mend it, and I know of no other way." * (met.count(problem) > 1)
            heard = yield Turn(f"I do not get further: {problem}{again}")


class _Trainer:
    """One QA phase: the file it mends, and what it knows of it."""

    def __init__(self, first: str) -> None:
        self.brief = read(data_block(first))
        self.path = main_named(first, self.brief.language)
        self.target = target_of(self.path, pair_of(first)[0])
        self.round = max((int(number) for number in re.findall(r"lib/PROMPT(\d+)\.md", first)), default=1)
        self.title = title_of(first, f"the {self.brief.project} stack")
        self.recorded: set[str] = set()
        self.left: list[str] = []
        self.stack = Stack()
        self.given: set[str] = set()
        self.files: dict[str, str] = {}

    @property
    def text(self) -> str:
        """The text whose lines findings speak of; those of programs name the resource."""
        return "" if self.target.program else self.files[self.path]

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
        return problem

    def _open(self) -> Step:
        problem = yield from self._open_program() if self.target.program else self._open_template()
        return problem

    def _open_program(self) -> Step:
        """Compose the stack that the prompts ask for, and see that its program is what is there."""
        if self.files:
            return ""
        prompts: list[str] = []
        for number in range(1, self.round + 1):
            path = f"lib/PROMPT{number if number > 1 else ''}.md"
            text, refusal = yield from view(path)
            if refusal:
                return f"{path} cannot be read: {refusal}"
            prompts.append(text)
        self.stack, _ = stack_of(prompts)
        self.given = set(self.stack.resources)
        if not self.stack.resources:
            return "nothing that rehearsal can build is named in the prompt"
        wanted = self.target.files(self.stack)
        for path, text in wanted.items():
            self.files[path], _ = yield from view(path)
            if self.files[path] != text:
                yield from self._write(f"{path} is not what I would write for the prompt; I go on from my own.", [], 0)
                break
        self.files = wanted
        return ""

    def _open_template(self) -> Step:
        text, refusal = yield from view(self.path)
        if refusal:
            return f"{self.path} cannot be read: {refusal}"
        try:
            template = load(text)
            if not isinstance(template, dict) or not isinstance(template.get("Resources"), dict):
                raise ValueError("it has no Resources")
        except ValueError as error:
            return f"{self.path} is no template: {error}"
        self.files, self.stack = {self.path: text}, Stack(template, self.brief.facts)
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
        before, self.files = self.files, self.target.files(self.stack)
        changed = [path for path, text in self.files.items() if before.get(path) != text] or [self.path]
        # What came in by mending is no fault of the code that was given.
        for one in mends:
            one.resources = [name for name in one.resources if name in self.given]
        new = [one for one in mends if one.resources and one.id not in self.recorded]
        self.recorded |= {one.id for one in new}
        calls = [Call(EDITOR, {"command": "create", "path": path, "file_text": self.files[path]}) for path in changed]
        calls += [Call("record_failure", one.record(*self._places(one, before))) for one in new]
        calls.append(self._report("IN_PROGRESS", "mended what was found", done, "run the stage again"))
        yield Turn(said, calls)

    def _places(self, mend: Mend, files: dict[str, str]) -> list[str]:
        """The files in which the mended resources stood."""
        if not self.target.program:
            return [self.path]
        made = re.compile("|".join(rf"""["']{name}["']""" for name in mend.resources))
        return [path for path, text in files.items() if made.search(text)] or [self.path]

    def _write_tests(self) -> Step:
        manifest = ""
        if self.target.language != "py":
            heard = yield Turn("", [Call(EDITOR, {"command": "view", "path": self.target.manifest})])
            manifest = "" if heard.results[0].error else heard.results[0].text
        files = {
            self.target.unit: self.target.unit_tests(self.stack),
            self.target.integration: self.target.integration_tests(self.stack, manifest),
        }
        calls = [Call(EDITOR, {"command": "create", "path": path, "file_text": text}) for path, text in files.items()]
        calls.append(self._report("IN_PROGRESS", "wrote unit and integration tests", 3, "climb the ladder"))
        what = "stack" if self.target.program else "template"
        yield Turn(f"Unit tests look at every part of the {what}, integration tests use what was deployed.", calls)

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
            figures = ", ".join(
                f"{key} {one}" for key, one in (receipt.get("figures") or {}).items() if key != "session"
            )[:200]
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
