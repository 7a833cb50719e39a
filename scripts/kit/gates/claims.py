"""What is claimed about the first answer agrees with what was measured."""

from __future__ import annotations

import re

from kit.errors import Failure
from kit.gates import answers, gap
from kit.gates.minimal import baseline_of, compute, entries_of
from kit.gates.model import Look
from kit.gates.stacks import Stack, of_project
from kit.gates.subject import Subject
from kit.ladder import products
from kit.ladder.platforms import platform

_TOLD = re.compile(r"^## \d+\. ", re.M)
_RECEIPT = re.compile(r"(?:receipts/)?(\d{3}-[a-z]+\.json)")


def measured_gap(subject: Subject) -> gap.Gap:
    """The gap between the newest MODEL_RESPONSE and the final code."""
    number, newest = max(answers.responses(subject).items())
    first, final = answers.blocks(subject, newest), answers.final_code(subject)
    trees = {receipt.tree for _, receipt in baseline_of(subject.receipts, number)}
    if len(trees) == 1:
        # An answer need not repeat the files it leaves as they were when it was given.
        kept = answers.tree_files(subject, trees.pop(), answers.CODE)
        first = {name: kept[name] for name in final if name in kept} | first
    if subject.run.task["platform"] == "cfn":
        return gap.measure(first, final)
    return gap.measure(first, final, _first_stacks(subject, number), subject.stacks)


def _first_stacks(subject: Subject, number: int) -> list[Stack]:
    """What was synthesized of the first answer; nothing when it could not be."""
    synths = [pair for pair in baseline_of(subject.receipts, number) if pair[1].stage == "synth"]
    if not synths or not synths[-1][1].passed:
        return []
    name, receipt = synths[-1]
    task, folder = subject.run.task, products.kept(subject.run, number)
    if platform(task["platform"], task["language"]).artifact(folder) != receipt.figures.get("artifact"):
        raise Failure(f"{folder}: is not what {name} speaks of: the gap cannot be measured", hint="make baseline")
    return of_project(folder, task["platform"], subject.run.suffix)


def agree(subject: Subject) -> Look:
    """Failure entries, baseline receipts and the measured gap do not contradict each other."""
    number = subject.run.round
    entries = entries_of(subject.run, number)
    found = measured_gap(subject)
    minimal = compute([], baseline_of(subject.receipts, number))
    troubles = minimal.facts if minimal.value is False else []
    return Look(
        f"{len(entries)} failures claimed, {len(found.changes):,} differences measured",
        gap.contradictions(found, entries, troubles),
    )


def rendered(subject: Subject) -> Look:
    """MODEL_FAILURES.md is what the recorded entries are rendered to, to the letter."""
    from kit.agents import failures

    path = "lib/MODEL_FAILURES.md"
    text = subject.text(path)
    entries = entries_of(subject.run)
    problems = [
        f"{path}: does not tell failure {entry['id']} as it was recorded"
        for entry in entries
        if any(str(entry[key]).strip() not in text for key in ("id", "wrong", "done"))
    ]
    told = len(_TOLD.findall(text))
    if told != len(entries):
        problems.append(f"{path}: tells {told} failures, {len(entries)} were recorded")
    if not problems and text != failures.render(subject.run):
        problems.append(f"{path}: was changed after it was rendered from the entries")
    return Look(f"{told} recorded failures are told", problems)


def evidence(subject: Subject) -> Look:
    """Every failure entry leans on a receipt that exists or a rule that a receipt names."""
    entries = entries_of(subject.run)
    names = {path.name for path, _ in subject.receipts}
    rules = {
        str(finding["rule"]) for _, receipt in subject.receipts for finding in receipt.findings if finding.get("rule")
    }
    problems = []
    for entry in entries:
        said = str(entry["evidence"])
        receipts = _RECEIPT.findall(said)
        if receipts and not names.issuperset(receipts):
            gone = sorted(set(receipts) - names)
            problems.append(f"failure {entry['id']}: evidence {', '.join(gone)}: no such receipt")
        elif not receipts and not any(re.search(rf"(?<!\w){re.escape(rule)}(?!\w)", said) for rule in rules):
            problems.append(f"failure {entry['id']}: evidence {said!r}: neither a receipt nor a rule that one names")
    return Look(f"{len(entries)} failure entries have their evidence", problems)
