"""What a template asked for against what the stack lists and what the services hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.ladder import cfn_probe, cfn_template
from kit.ladder.clouds.base import Cloud

# Types that only steer the deployment: nothing of them is ever held anywhere.
WITHOUT_BODY = ("AWS::CloudFormation::WaitConditionHandle", "AWS::CloudFormation::WaitCondition", "AWS::CDK::Metadata")


@dataclass
class Comparison:
    """`missing` are findings that fail the stage, `told` those that are only named; figures as in the receipt."""

    figures: dict[str, Any] = field(default_factory=dict)
    missing: list[dict[str, Any]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)


def add_facts(template: Mapping[str, Any], parameters: Mapping[str, Any], listed: Sequence[dict[str, Any]]) -> None:
    """Give each listed resource the "Facts" that its probe needs, from the template."""
    ids = {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in listed}
    for item in listed:
        item["Facts"] = cfn_probe.facts_of(template, parameters, ids, item["LogicalResourceId"])


def compare(
    cloud: Cloud, template: Mapping[str, Any], parameters: Mapping[str, Any], listed: Sequence[Mapping[str, Any]]
) -> Comparison:
    """Compare what the template asks for with what the stack lists, and ask the services for each of those.

    Figures: `asked`, `listed`, `held` (the service confirmed it), `not_emulated` and `unverified` (names with
    types). On a real cloud a resource that the stack does not list is missing; an emulator has nodded at it.
    """
    found = Comparison()
    asked = cfn_template.asked_resources(template, parameters)
    by_name = {item["LogicalResourceId"]: item for item in listed}
    held: list[str] = []
    nodded: list[str] = []
    unverified: list[str] = []
    for name, kind in asked.items():
        label = f"{name} ({kind})"
        item = by_name.get(name)
        if kind in WITHOUT_BODY:
            continue
        if item is None:
            nodded.append(label)
            target = found.told if cloud.emulated else found.missing
            words = "not emulated: accepted, but nothing stands behind it" if cloud.emulated else "not in the stack"
            target.append(_finding("emulation/not-emulated", name, f"{kind}: {words}", cloud.emulated))
            continue
        try:
            there = cfn_probe.holds(cloud, kind, item["PhysicalResourceId"], item.get("Facts"))
        except cfn_probe.Unverified:
            unverified.append(label)
            found.told.append(
                _finding("emulation/unverified", name, f"{kind}: listed by the stack; no probe asks the service", True)
            )
            continue
        if there:
            held.append(name)
        else:
            words = f"{kind}: the stack lists {item['PhysicalResourceId']}, the service does not hold it"
            found.missing.append(_finding("cloud/not-held", name, words, False))
    found.figures = {
        "asked": sum(kind not in WITHOUT_BODY for kind in asked.values()),
        "listed": sum(item["ResourceType"] not in WITHOUT_BODY for item in listed),
        "held": len(held),
        "not_emulated": nodded,
        "unverified": unverified,
    }
    return found


def _finding(rule: str, name: str, message: str, told: bool) -> dict[str, Any]:
    return {"rule": rule, "severity": "warning" if told else "error", "resource": name, "message": message}
