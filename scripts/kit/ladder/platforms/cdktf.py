"""CDK for Terraform: the program writes a configuration, Terraform applies it. Deprecated since December 2025."""

from __future__ import annotations

import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

from kit import say
from kit.errors import Failure
from kit.ladder import linters, terraform, terraform_destroy, terraform_references
from kit.ladder.outcome import Outcome
from kit.ladder.platforms.base import DEAR, Platform, Work
from kit.ladder.platforms.languages import Language, language
from kit.ladder.platforms.programs import add, failed_program
from kit.run.receipts import PASSED

OUT = Path("cdktf.out")


class CDKTF(Platform):
    """bin/tap.ts with lib/tap-stack.ts, or tap.py with lib/tap_stack.py; synthesized to cdktf.out."""

    needs: ClassVar = {"lint": ("synth",), "deploy": ("synth",)}
    dependent: ClassVar = ("lint", "build", "synth", "unit", "integration")

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.words: Language = language(name)
        node = {"node": "https://nodejs.org (20 or newer)", "npm": "it comes with Node"}
        self.tools = {**node, "terraform": terraform.INSTALL}

    def tools_of(self, stage: str) -> tuple[str, ...]:
        """The names in `tools` that `stage` calls."""
        if stage in DEAR and stage != "integration":
            return ("terraform",)
        return ("node", "npm")

    def installed(self, project: Path) -> bool:
        """True when the project's dependencies are in place."""
        return self.words.installed(project)

    def artifact(self, project: Path) -> str:
        """A hash of the configurations."""
        total = hashlib.sha256()
        paths = sorted((project / OUT / "stacks").glob("*/cdk.tf.json"))
        for path in paths:
            total.update(path.parent.name.encode() + b"\0" + path.read_bytes())
        return total.hexdigest() if paths else ""

    def test_files(self, project: Path, stage: str) -> list[Path]:
        """The test files of `unit` or `integration`."""
        return self.words.test_files(project, stage)

    def lint(self, work: Work) -> Outcome:
        """The language's linters beside the synth; then the security scanner over its configurations."""
        with ThreadPoolExecutor(1) as pool:
            code = pool.submit(self.words.lint, work)
            verdict = work.verdict_of("synth")
            scanned: Outcome | None = None
            if verdict == PASSED:
                found = [path.relative_to(work.project) for path in terraform.configurations(work.project).values()]
                scanned = linters.scan_only(work, found, "terraform_json")
            outcome = code.result()
        if scanned is not None:
            return linters.together(outcome, scanned)
        if outcome.verdict == PASSED:
            return Outcome.failed(f"synth {verdict}: there is nothing to scan", figures=outcome.figures)
        return outcome

    def build(self, work: Work) -> Outcome:
        """Syntax and types."""
        return self.words.build(work)

    def synth(self, work: Work) -> Outcome:
        """Run the program; its configurations have resources, and nothing in them runs commands here."""
        say.warn("cdktf is deprecated since December 2025; it is supported here as it was")
        shutil.rmtree(work.project / OUT, ignore_errors=True)
        result = self.words.script(work, "synth")
        if not result.ok:
            return failed_program(result.output, f"synth exited with {result.status}")
        try:
            made = {name: terraform.load(path) for name, path in terraform.configurations(work.project).items()}
        except Failure as failure:
            return Outcome.failed(str(failure))
        figures = {
            "stacks": len(made),
            "resources": sum(1 for value in made.values() for _ in terraform.resources(value)),
            "outputs": sum(len(value.get("output") or {}) for value in made.values()),
            "artifact": self.artifact(work.project),
        }
        if work.stack not in made:
            names = ", ".join(made)
            return Outcome.failed(
                f"no stack is called {work.stack}, there are {names}: its name ends with ENVIRONMENT_SUFFIX",
                figures=figures,
            )
        findings = [finding for value in made.values() for finding in terraform_references.unresolved(value)]
        if findings:
            reason = f"{findings[0]['resource']}: {findings[0]['message']}"
            return Outcome.failed(reason, figures=figures, findings=findings)
        return Outcome.passed(figures=figures)

    def unit(self, work: Work) -> Outcome:
        """Unit tests with line coverage."""
        return self.words.tests(work, min_coverage=work.run.settings["ladder.min_coverage"])

    def deploy(self, work: Work) -> Outcome:
        """`terraform apply` of every stack."""
        total = Outcome.passed()
        for name, path in terraform.configurations(work.project).items():
            total = add(total, terraform.deploy(work, name, terraform.load(path), path.parent / "assets"))
            if total.verdict != PASSED:
                break
        return total

    def outputs(self, work: Work) -> Outcome:
        """The outputs of all stacks as one flat file."""
        return terraform.outputs(work, list(terraform.configurations(work.project)))

    def integration(self, work: Work) -> Outcome:
        """Tests against what was deployed."""
        return self.words.tests(work, min_coverage=None)

    def destroy(self, work: Work) -> Outcome:
        """`terraform destroy` of every stack that was ever applied, with proof."""
        folder = work.run.dir / "terraform"
        names = (
            sorted((path.name for path in folder.iterdir() if path.is_dir()), reverse=True) if folder.is_dir() else []
        )
        return terraform_destroy.destroy(work, names)
