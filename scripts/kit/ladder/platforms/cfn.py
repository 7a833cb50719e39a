"""CloudFormation written by hand, YAML or JSON, with tests in TypeScript."""

from __future__ import annotations

from pathlib import Path

from kit.errors import Failure
from kit.ladder import cfn, cfn_references, cfn_template, linters
from kit.ladder.outcome import Outcome
from kit.ladder.platforms import node
from kit.ladder.platforms.base import Platform, Work

# CloudFormation's own quotas: bytes of a template body in S3, resources, parameters, outputs.
MAX_BYTES, MAX_RESOURCES, MAX_PARAMETERS, MAX_OUTPUTS = 1_048_576, 500, 200, 200


class CloudFormation(Platform):
    """lib/TapStack.yml or lib/TapStack.json, deployed as it is."""

    @property
    def template(self) -> Path:
        """The template within the project."""
        return Path("lib") / ("TapStack.json" if self.language == "json" else "TapStack.yml")

    def test_files(self, project: Path, stage: str) -> list[Path]:
        """The test files of `unit` or `integration`."""
        return node.test_files(project, stage)

    def lint(self, work: Work) -> Outcome:
        """cfn-lint and the security scanner."""
        if not (work.project / self.template).is_file():
            return Outcome.failed(f"{self.template}: no such file")
        return linters.lint_templates(work, [self.template])

    def build(self, work: Work) -> Outcome:
        """The tests compile."""
        return node.build(work)

    def synth(self, work: Work) -> Outcome:
        """The template parses, keeps to the quotas, and every reference and condition in it resolves."""
        path = work.project / self.template
        try:
            value = cfn_template.load(path)
        except Failure as failure:
            return Outcome.failed(str(failure), findings=[_finding(self.template, "template", "", str(failure))])
        sizes = {
            "bytes": (path.stat().st_size, MAX_BYTES),
            "resources": (len(value["Resources"]), MAX_RESOURCES),
            "parameters": (len(value.get("Parameters") or {}), MAX_PARAMETERS),
            "outputs": (len(value.get("Outputs") or {}), MAX_OUTPUTS),
        }
        findings = [
            _finding(self.template, "quota", "", f"{count} {name}, at most {most} are allowed")
            for name, (count, most) in sizes.items()
            if count > most
        ]
        findings += [
            _finding(self.template, rule, place, message) for rule, place, message in cfn_references.unresolved(value)
        ]
        if "EnvironmentSuffix" not in (value.get("Parameters") or {}):
            message = "the template has no parameter EnvironmentSuffix"
            findings.append(_finding(self.template, "suffix", "Parameters", message))
        figures = {name: count for name, (count, _) in sizes.items()} | {"errors": len(findings)}
        if findings:
            first = findings[0]
            reason = f"{len(findings)} problems; first {first['resource'] or self.template}: {first['message']}"
            return Outcome.failed(reason, figures=figures, findings=findings)
        return Outcome.passed(figures=figures)

    def unit(self, work: Work) -> Outcome:
        """jest, with the share of the template that the tests assert on."""
        return node.jest(work, min_coverage=work.run.settings["ladder.min_coverage"])

    def deploy(self, work: Work) -> Outcome:
        """By change set."""
        parameters = {"EnvironmentSuffix": work.run.suffix}
        return cfn.deploy(work.run, work.need_cloud(), work.project / self.template, work.stack, parameters, work.log)

    def outputs(self, work: Work) -> Outcome:
        """The stack's outputs as a flat file."""
        return cfn.outputs(work.run, work.need_cloud(), work.stack)

    def integration(self, work: Work) -> Outcome:
        """jest against the deployed stack."""
        return node.jest(work, min_coverage=None)

    def destroy(self, work: Work) -> Outcome:
        """Delete the stack, with proof."""
        return cfn.destroy(work.run, work.need_cloud(), work.stack, work.log)


def _finding(file: Path, rule: str, resource: str, message: str) -> dict[str, str]:
    return {"rule": f"synth/{rule}", "severity": "error", "file": str(file), "resource": resource, "message": message}
