"""AWS CDK: the app is synthesized by its own CLI, then deployed as the template and assets that came of it."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

from kit import files
from kit.errors import Failure
from kit.ladder import cfn, cfn_references, cfn_template, linters
from kit.ladder.outcome import Outcome
from kit.ladder.platforms import assembly
from kit.ladder.platforms.base import Platform, Work
from kit.ladder.platforms.languages import Language, language
from kit.ladder.platforms.programs import add, failed_program
from kit.run.receipts import PASSED

_OUTPUTS = Path("cfn-outputs") / "flat-outputs.json"


class CDK(Platform):
    """bin/tap.ts with lib/tap-stack.ts, or tap.py with lib/tap_stack.py."""

    needs: ClassVar = {"lint": ("synth",), "deploy": ("synth",)}
    dependent: ClassVar = ("lint", "build", "synth", "unit", "integration")

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.words: Language = language(name)
        self.tools = {**self.words.tools, "node": "https://nodejs.org (20 or newer)", "npm": "it comes with Node"}

    def tools_of(self, stage: str) -> tuple[str, ...]:
        """The names in `tools` that `stage` calls."""
        return () if stage in ("deploy", "outputs", "destroy") else tuple(self.tools)

    def installed(self, project: Path) -> bool:
        """True when the project's dependencies are in place."""
        return self.words.installed(project)

    def artifact(self, project: Path) -> str:
        """A hash of the assembly."""
        return assembly.digest(project)

    def test_files(self, project: Path, stage: str) -> list[Path]:
        """The test files of `unit` or `integration`."""
        return self.words.test_files(project, stage)

    def lint(self, work: Work) -> Outcome:
        """The language's linters beside the synth; then cfn-lint and the security scanner over its templates."""
        with ThreadPoolExecutor(1) as pool:
            code = pool.submit(self.words.lint, work)
            verdict = work.verdict_of("synth")
            templates: Outcome | None = None
            if verdict == PASSED:
                found = [one.template.relative_to(work.project) for one in assembly.stacks(work.project)]
                templates = linters.lint_templates(work, found)
            outcome = code.result()
        if templates is None:
            outcome.figures["templates"] = 0
            if outcome.verdict == PASSED:
                return Outcome.failed(f"synth {verdict}: there are no templates to lint", figures=outcome.figures)
            return outcome
        return linters.together(outcome, templates)

    def build(self, work: Work) -> Outcome:
        """Syntax and types."""
        return self.words.build(work)

    def synth(self, work: Work) -> Outcome:
        """`cdk synth`; then every reference in the templates resolves, and they keep to the quotas."""
        shutil.rmtree(work.project / assembly.FOLDER, ignore_errors=True)
        result = self.words.script(work, "synth")
        if not result.ok:
            return failed_program(result.output, f"synth exited with {result.status}")
        try:
            made = assembly.stacks(work.project)
            values = [(one, cfn_template.load(one.template)) for one in made]
        except Failure as failure:
            return Outcome.failed(str(failure))
        findings = [
            {
                "rule": f"synth/{rule}",
                "severity": "error",
                "file": str(one.template.relative_to(work.project)),
                "resource": place,
                "message": message,
            }
            for one, value in values
            for rule, place, message in cfn_references.unresolved(value)
        ]
        if work.stack not in [one.name for one in made]:
            names = ", ".join(one.name for one in made)
            message = f"no stack is called {work.stack}, there are {names}: its name ends with ENVIRONMENT_SUFFIX"
            findings.append({"rule": "synth/suffix", "severity": "error", "resource": "", "message": message})
        figures = {
            "stacks": len(made),
            "resources": sum(len(value["Resources"]) for _, value in values),
            "outputs": sum(len(value.get("Outputs") or {}) for _, value in values),
            "artifact": assembly.digest(work.project),
        }
        if findings:
            return Outcome.failed(str(findings[0]["message"]), figures=figures, findings=findings)
        return Outcome.passed(figures=figures)

    def unit(self, work: Work) -> Outcome:
        """Unit tests with line coverage."""
        # Each test process would take two seconds to set up the library's own check of templates, which synth has made.
        work.environment = {**work.environment, "CDK_VALIDATION": "false"}
        return self.words.tests(work, min_coverage=work.run.settings["ladder.min_coverage"])

    def deploy(self, work: Work) -> Outcome:
        """Every stack of the assembly by change set, after its assets have been put in their bucket."""
        cloud = work.need_cloud()
        total = Outcome.passed()
        for one in assembly.stacks(work.project):
            assets = assembly.publish(cloud, work.project, one)
            outcome = cfn.deploy(work.run, cloud, one.template, one.name, {}, work.log)
            outcome.figures["assets"] = assets
            total = add(total, outcome)
            if outcome.verdict != PASSED:
                break
        return total

    def outputs(self, work: Work) -> Outcome:
        """The outputs of all stacks as one flat file."""
        total = Outcome.passed()
        flat: dict[str, str] = {}
        for one in assembly.stacks(work.project):
            if not (cfn_template.load(one.template).get("Outputs") or {}):
                continue
            outcome = cfn.outputs(work.run, work.need_cloud(), one.name)
            total = add(total, outcome)
            if outcome.verdict != PASSED:
                return total
            flat |= files.read_json(work.project / _OUTPUTS)
        if not flat:
            return Outcome.failed("the stacks have no outputs")
        files.write_json(work.project / _OUTPUTS, flat)
        return total

    def integration(self, work: Work) -> Outcome:
        """Tests against what was deployed."""
        return self.words.tests(work, min_coverage=None)

    def destroy(self, work: Work) -> Outcome:
        """Delete the stacks in reverse order, with proof."""
        try:
            names = [one.name for one in reversed(assembly.stacks(work.project))]
        except Failure:
            names = [work.stack]
        total = Outcome.passed()
        for name in names:
            total = add(total, cfn.destroy(work.run, work.need_cloud(), name, work.log))
        return total
