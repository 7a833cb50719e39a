"""The reviewer: judges by the facts in the hand-over, the recorded failures and receipts."""

from __future__ import annotations

import re
from typing import Any

from kit.rehearsal.blueprints import heads
from kit.rehearsal.conversation import Call, Part, Turn
from kit.rehearsal.documents import data_block, main_named, pair_of, parts_of, status_block, title_of
from kit.rehearsal.features import choose, foreign
from kit.rehearsal.parts.viewing import view
from kit.rehearsal.reading import Brief, read
from kit.rehearsal.sighting import as_template
from kit.rehearsal.status import report

PHASE = "PHASE 3"
_WEIGHT = {"Critical": 2.5, "High": 1.2, "Medium": 0.5, "Low": 0.2}


def reviewer(first: str) -> Part:
    """Play the part from the hand-over `first` to the submitted verdict and the closing report."""
    brief = read(data_block(first))
    task = title_of(first, f"the {brief.project} stack")
    path = main_named(first, brief.language)
    began = report(PHASE, "STARTED", "reading files and receipts", task, 0, 2, "judge")
    yield Turn("I look at the final file and compare it with what was asked.", [began])
    seen, _ = yield from view(path)
    platform = pair_of(first)[0]
    if seen and platform not in ("", "cfn"):
        for other in parts_of(first, path):
            more, _ = yield from view(other)
            seen += more
        seen = as_template(seen, platform)
    further = re.search(r"The prompt is `(lib/PROMPT\d+\.md)`", first)
    if further:
        asked, _ = yield from view(further[1])
        brief.unbuilt += foreign(asked)
    verdict = judge(brief, first, seen)
    heard = yield Turn(verdict["summary"], [Call("submit_review", verdict)])
    if heard.results[0].error:
        issue = f"the verdict was refused: {heard.results[0].text[:300]}"
        yield Turn(issue, [report(PHASE, "BLOCKED", "submitting the verdict", task, 1, 2, "see the refusal", issue)])
    issues = "; ".join(verdict["violations"]) or "NONE"
    step = f"compliance {verdict['compliance_percentage']} %, training quality {verdict['training_quality']}"
    while True:
        block = status_block(PHASE, "COMPLETED", step, task, 2, 2, "gate", issues)
        yield Turn(block, [report(PHASE, "COMPLETED", step, task, 2, 2, "gate", issues)])


def judge(brief: Brief, first: str, seen: str) -> dict[str, Any]:
    """The input of submit_review."""
    failures = _failures(first)
    failed = re.findall(
        r"\b(lint|build|synth|unit|deploy|outputs|integration|destroy)\b[^\n]{0,20}\bfailed\b",
        first.split("## Receipts for the final files")[-1].split("## Entries")[0],
    )
    built = {service for service in brief.services if _has(service, seen)}
    missing = [heads()[one]["title"] for one in brief.services if one not in built] + brief.unbuilt
    asked = len(brief.services) + len(brief.unbuilt)
    compliance = round(100 * len(built) / asked) if asked else 0
    counts = {severity: failures.count(severity) for severity in _WEIGHT}
    quality = min(9.5, round(0.5 + sum(_WEIGHT[one] for one in failures), 1)) if failures else 0.0
    told = ", ".join(f"{count} {severity}" for severity, count in counts.items() if count) or "none"
    what = "template" if pair_of(first)[0] in ("", "cfn") else "program"
    reasons = [
        f"recorded and mended: {told}",
        f"{len(built)} of {asked} services that the task names are in the final {what}",
        "every stage of the ladder passed" if not failed else f"not passed: {', '.join(sorted(set(failed)))}",
    ]
    violations = [f"asked for and not in the stack: {one}" for one in missing] + [
        f"stage {one} failed" for one in sorted(set(failed))
    ]
    return {
        "training_quality": quality,
        "reasons": reasons,
        "summary": f"{len(failures)} faults of the first answer were mended ({told}); {compliance} % of the named services are built.",
        "prerequisites_met": bool(seen),
        "compliance_percentage": compliance,
        "violations": violations,
        "ready": bool(seen) and not failed,
        "new_features": [f"{one['name']} ({one['service']}, {one['date']})" for one in choose(seen)],
    }


def _failures(first: str) -> list[str]:
    """The severities of the recorded failures, from JSON entries or from prose that names them."""
    part = first.split("Entries of MODEL_FAILURES")[-1]
    found = re.findall(r'"severity": ?"(Critical|High|Medium|Low)"', part)
    return found or re.findall(r"\b(Critical|High|Medium|Low)\b", part)


def _has(service: str, seen: str) -> bool:
    head = heads()[service]
    return any(re.search(sign, seen) for sign in (head.get("type"), head.get("proof")) if sign)
