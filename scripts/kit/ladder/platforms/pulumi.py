"""Pulumi: the program runs without a cloud, its resource graph is written as a Terraform configuration and applied.

That is how an emulated cloud is served, and said so; a real account wants Pulumi's own engine.
"""

from __future__ import annotations

import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

from kit import files, say
from kit.errors import Failure
from kit.ladder import (
    linters,
    pulumi_graph,
    terraform,
    terraform_destroy,
    terraform_providers,
    terraform_references,
    terraform_schema,
)
from kit.ladder.outcome import Outcome
from kit.ladder.platforms.base import DEAR, Platform, Work
from kit.ladder.platforms.languages import Language, language
from kit.ladder.platforms.programs import failed_program
from kit.run.receipts import PASSED

OUT = Path("pulumi.out")
GRAPH, CONFIGURATION, ASSETS = OUT / "graph.json", OUT / "stack.tf.json", OUT / "assets"
HOW = "Pulumi's resource graph, applied by Terraform"


class Pulumi(Platform):
    """bin/tap.ts with lib/tap-stack.ts, or tap.py with lib/tap_stack.py, and Pulumi.yaml."""

    needs: ClassVar = {"lint": ("synth",), "deploy": ("synth",)}
    dependent: ClassVar = ("lint", "build", "synth", "unit", "integration")

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.words: Language = language(name)
        self.tools = {**self.words.tools, "terraform": terraform.INSTALL}

    def tools_of(self, stage: str) -> tuple[str, ...]:
        """The names in `tools` that `stage` calls."""
        if stage == "synth":
            return tuple(self.tools)
        if stage in DEAR and stage != "integration":
            return ("terraform",)
        return tuple(self.words.tools)

    def installed(self, project: Path) -> bool:
        """True when the project's dependencies are in place."""
        return self.words.installed(project)

    def artifact(self, project: Path) -> str:
        """A hash of the configuration and its assets."""
        paths = [project / CONFIGURATION, *sorted((project / ASSETS).glob("*"))]
        if not paths[0].is_file():
            return ""
        total = hashlib.sha256()
        for path in paths:
            total.update(path.name.encode() + b"\0" + path.read_bytes())
        return total.hexdigest()

    def test_files(self, project: Path, stage: str) -> list[Path]:
        """The test files of `unit` or `integration`."""
        return self.words.test_files(project, stage)

    def lint(self, work: Work) -> Outcome:
        """The language's linters beside the synth; then the security scanner over the configuration."""
        with ThreadPoolExecutor(1) as pool:
            code = pool.submit(self.words.lint, work)
            verdict = work.verdict_of("synth")
            scanned = linters.scan_only(work, [CONFIGURATION], "terraform_json") if verdict == PASSED else None
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
        """Run the program without a cloud, and turn every resource it asks for into configuration."""
        shutil.rmtree(work.project / OUT, ignore_errors=True)
        try:
            schema = terraform_schema.resources()
        except Failure as failure:
            return Outcome.not_run(f"Terraform's AWS provider cannot be had: {failure}; {terraform_providers.REMEDY}")
        result = self.words.script(work, "synth")
        if not result.ok:
            return failed_program(result.output, f"synth exited with {result.status}")
        try:
            converter = pulumi_graph.Converter(work.project, schema, work.project / ASSETS)
            value = converter.convert(files.read_json(work.project / GRAPH))
            files.write_json(work.project / CONFIGURATION, value)
            if not converter.problems:
                terraform.load(work.project / CONFIGURATION)
        except Failure as failure:
            return Outcome.failed(str(failure))
        figures = {
            "resources": sum(1 for _ in terraform.resources(value)),
            "outputs": len(value.get("output") or {}),
            "artifact": self.artifact(work.project),
            "how": HOW,
        }
        problems = converter.problems or terraform_references.unresolved(value)
        if problems:
            reason = f"{len(problems)} problems; first {problems[0]['resource']}: {problems[0]['message']}"
            return Outcome.failed(reason, figures=figures, findings=problems)
        return Outcome.passed(figures=figures)

    def unit(self, work: Work) -> Outcome:
        """Unit tests with line coverage."""
        return self.words.tests(work, min_coverage=work.run.settings["ladder.min_coverage"])

    def deploy(self, work: Work) -> Outcome:
        """`terraform apply` of the configuration, in an emulated cloud only."""
        if not work.need_cloud().emulated:
            return Outcome.not_run("a real account wants Pulumi's own engine: https://www.pulumi.com/docs/install/")
        say.warn(f"pulumi: {HOW}")
        value = terraform.load(work.project / CONFIGURATION)
        outcome = terraform.deploy(work, work.stack, value, work.project / ASSETS)
        outcome.figures["how"] = HOW
        return outcome

    def outputs(self, work: Work) -> Outcome:
        """The program's exports as a flat file."""
        return terraform.outputs(work, [work.stack])

    def integration(self, work: Work) -> Outcome:
        """Tests against what was deployed."""
        return self.words.tests(work, min_coverage=None)

    def destroy(self, work: Work) -> Outcome:
        """`terraform destroy`, with proof."""
        return terraform_destroy.destroy(work, [work.stack])
