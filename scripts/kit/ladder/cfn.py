"""CloudFormation stacks: deployed by change set, compared with what the cloud holds, destroyed and proved gone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from kit import files, say
from kit.errors import Failure
from kit.ladder import cfn_template
from kit.ladder.cfn_compare import add_facts, compare
from kit.ladder.cfn_stack import Stack, TimeUp, cloud_error
from kit.ladder.clouds.base import Cloud
from kit.ladder.outcome import Outcome
from kit.run.rundir import Run

OUTPUTS = Path("cfn-outputs") / "flat-outputs.json"


def deploy(run: Run, cloud: Cloud, template: Path, stack: str, parameters: dict[str, str], log: Path) -> Outcome:
    """Create or update `stack` from `template` by change set and compare what was asked with what is there.

    Figures: asked, listed, held, emulated session; `not_emulated` and `unverified` name "LogicalId (Type)".
    A resource that the service API does not hold fails the stage; one that the emulator only nodded at is named.
    """
    end = _Ending(cloud)
    try:
        value = cfn_template.load(template)
    except Failure as failure:
        return end.failed(str(failure), [{"rule": "template", "file": str(template), "message": str(failure)}])
    kept = cfn_template.undestroyable(value, parameters)
    if kept:
        first = kept[0]
        return end.failed(
            f"{first['resource']}: {first['message']}", [found | {"file": template.name} for found in kept]
        )
    work = Stack(run, cloud, stack, log)
    try:
        with cloud.turn(work.seconds):
            work.clear_stale()
            status = work.apply(template.read_text(encoding="utf-8"), parameters)
        listed = work.resources()
        add_facts(value, parameters, listed)
        work.remember(listed)
        if not status.endswith(("CREATE_COMPLETE", "UPDATE_COMPLETE")):
            reason, findings = work.first_failure(status)
            return end.failed(reason, findings)
        found = compare(cloud, value, parameters, listed)
    except TimeUp as failure:
        return end.failed(str(failure), work.first_failure("")[1])
    except Exception as error:
        return end.failed(cloud_error(cloud, error, f"deploying {stack}"))
    figures = found.figures | {"session": cloud.session, "stack": stack}
    work.note(f"asked {found.figures['asked']}, listed {found.figures['listed']}, held {found.figures['held']}")
    if found.missing:
        reason = f"{found.missing[0]['resource']}: {found.missing[0]['message']}"
        return end.failed(reason, found.missing + found.told, figures)
    return Outcome.passed(figures=figures, findings=found.told, cloud=cloud.name, emulated=cloud.emulated)


def outputs(run: Run, cloud: Cloud, stack: str) -> Outcome:
    """Write the stack's outputs to cfn-outputs/flat-outputs.json of the worktree, {OutputKey: value}.

    No stack, no outputs, an output the template asks for and the stack lacks, or a value that only stands in
    for something not emulated: failed, and the file is not left behind.
    """
    end = _Ending(cloud)
    target = run.worktree / OUTPUTS
    target.unlink(missing_ok=True)
    try:
        found = _describe(cloud, stack)
        if found is None:
            return end.failed(f"stack {stack} does not exist in {cloud.name}: deploy it first")
        pairs = {item["OutputKey"]: str(item.get("OutputValue", "")) for item in found.get("Outputs", [])}
        body = cloud.client("cloudformation").get_template(StackName=stack)["TemplateBody"]
    except Exception as error:
        return end.failed(cloud_error(cloud, error, f"reading the outputs of {stack}"))
    value = body if isinstance(body, dict) else cfn_template.parse(str(body), stack)
    given = {item["ParameterKey"]: item.get("ParameterValue", "") for item in found.get("Parameters", [])}
    holds = cfn_template.conditions(value, given)
    asked = [
        name
        for name, output in (value.get("Outputs") or {}).items()
        if holds.get((output or {}).get("Condition", ""), True)
    ]
    if not pairs:
        return end.failed(f"stack {stack} has no outputs: the template asks for {', '.join(asked) or 'none'}")
    lacking = [name for name in asked if not pairs.get(name)]
    if lacking:
        return end.failed(f"stack {stack} lacks the outputs {', '.join(lacking)}", figures={"outputs": len(pairs)})
    files.write_json(target, pairs)
    hollow = [name for name, text in pairs.items() if "not-emulated" in text]
    findings = [
        {"rule": "emulation/output", "severity": "warning", "resource": name, "message": f"output {name} is a stand-in"}
        for name in hollow
    ]
    figures = {"outputs": len(pairs), "names": sorted(pairs), "stand_ins": hollow}
    return Outcome.passed(figures=figures, findings=findings, cloud=cloud.name, emulated=cloud.emulated)


def destroy(run: Run, cloud: Cloud, stack: str, log: Path) -> Outcome:
    """Empty the stack's buckets, delete it, and prove that the stack and every resource it had are gone.

    Leftovers fail the stage; each is a finding with the command that removes it. The figure `had` counts the
    resources, `gone` those proved gone, `unverified` names those of a type without a probe.
    """
    from kit.ladder.cfn_destroy import leftovers

    end = _Ending(cloud)
    work = Stack(run, cloud, stack, log)
    try:
        had = work.known_resources()
        if _describe(cloud, stack) is None and not had:
            lost = work.lost()
            work.note(f"{stack}: no such stack; {lost} resources ended with the emulator that held them")
            work.forget()
            ended = {"had": 0, "gone": 0, "ended_with_emulator": lost}
            return Outcome.passed(figures=ended, cloud=cloud.name, emulated=cloud.emulated)
        with cloud.turn(work.seconds):
            reason = work.delete()
        found = leftovers(cloud, had)
    except TimeUp as failure:
        return end.failed(str(failure), work.first_failure("")[1])
    except Exception as error:
        return end.failed(cloud_error(cloud, error, f"destroying {stack}"))
    figures: dict[str, Any] = {"had": len(had), "gone": found.gone, "unverified": found.unverified, "stack": stack}
    work.note(f"had {len(had)}, proved gone {found.gone}, left {len(found.left)}")
    if reason or found.left:
        text = reason or f"{len(found.left)} left behind, first {found.left[0]['resource']}: {found.left[0]['message']}"
        for left in found.left:
            say.warn(f"left behind: {left['message']}")
        return end.failed(text, found.left, figures)
    work.forget()
    return Outcome.passed(figures=figures, cloud=cloud.name, emulated=cloud.emulated)


def _describe(cloud: Cloud, stack: str) -> dict[str, Any] | None:
    from kit.ladder.cfn_stack import describe

    return describe(cloud, stack)


class _Ending:
    """Failed outcomes of one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.began = time.monotonic()

    def failed(
        self, reason: str, findings: list[dict[str, Any]] | None = None, figures: dict[str, Any] | None = None
    ) -> Outcome:
        return Outcome.failed(
            reason,
            findings=findings or [],
            figures=(figures or {}) | {"session": self.cloud.session},
            cloud=self.cloud.name,
            emulated=self.cloud.emulated,
        )
