"""Mending a template by the rule ids that linter and scanner name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from kit.rehearsal.blueprints import body, by_type, service_of, shared
from kit.rehearsal.grants import narrow
from kit.rehearsal.stack import Stack, practice_for


@dataclass
class Mend:
    """One practice brought to one or more resources because rules asked for it."""

    service: str
    name: str
    practice: dict[str, Any]
    resources: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id of its entry among the failures."""
        return f"{self.service}-{self.name}".replace("_", "-")

    def record(self, *paths: str) -> dict[str, Any]:
        """The input of record_failure for it."""
        who = ", ".join(self.resources)
        return {
            "id": self.id,
            "severity": self.practice.get("severity", "Low"),
            "kind": self.practice.get("kind", "security"),
            "files": list(paths),
            "wrong": f"{who}: {self.practice.get('wrong', 'a rule of the linter was broken')} ({', '.join(self.rules)}).",
            "done": f"{who}: now {self.practice['done']}.",
            "evidence": self.rules[0],
        }


def mend(stack: Stack, findings: list[dict[str, Any]], text: str) -> tuple[list[Mend], list[str]]:
    """Mend what the findings name, in `stack`; returns what was mended and, as sentences, what was left on purpose."""
    mends: dict[tuple[str, str], Mend] = {}
    left: list[str] = []
    for finding in findings:
        rule = str(finding.get("rule", ""))
        resource = resource_of(finding, text, stack)
        if not resource:
            left.append(f"{rule}: {finding.get('message', '')}".strip(": "))
            continue
        found = practice_for(rule, stack.resources[resource])
        if found is None:
            left.append(f"{rule} on {resource}: {finding.get('message', 'no rule to mend it by')}")
            continue
        service, name, practice = found
        if practice.get("asked"):
            left.append(f"{rule} on {resource}: {practice['asked']}")
        elif practice.get("not_on") and re.search(practice["not_on"], resource):
            left.append(f"{rule} on {resource}: {practice.get('kept', 'does not apply')}")
        else:
            one = mends.setdefault((service, name), Mend(service, name, practice))
            if resource not in one.resources and _bring(stack, one, resource):
                one.resources.append(resource)
            if rule not in one.rules and one.resources:
                one.rules.append(rule)
    return [one for one in mends.values() if one.resources], left


def _bring(stack: Stack, one: Mend, resource: str) -> bool:
    if one.practice.get("narrow"):
        return narrow(stack, resource)
    before = repr(stack.template)
    stack.apply(one.practice, resource, one.service)
    return repr(stack.template) != before


def resource_of(finding: dict[str, Any], text: str, stack: Stack) -> str:
    """The logical id that a finding speaks of: named, or told from the line; empty when neither helps."""
    named = str(finding.get("resource") or "").rpartition(".")[2]
    if named in stack.resources:
        return named
    # Parts that another platform makes of one resource begin with its id: DataBucketVersioning.
    longer = [one for one in stack.resources if one and named.startswith(one)]
    if longer:
        return max(longer, key=len)
    line = finding.get("line")
    if not isinstance(line, int):
        return ""
    for earlier in reversed(text.splitlines()[:line]):
        match = re.match(r'(?:  |    )"?(\w+)"?:', earlier)
        if match and match[1] in stack.resources:
            return match[1]
    return ""


def repair(stack: Stack, message: str) -> list[Mend]:
    """Mend what a deployment's error message names, by knowledge/repairs.yml."""
    mends: list[Mend] = []
    for rule in shared("repairs"):
        match = re.search(rule["says"], message, re.I)
        if not match:
            continue
        for name, resource in list(stack.resources.items()):
            if resource["Type"] == rule["type"] and (name in message or not rule.get("named")):
                one = Mend(by_type().get(rule["type"], "stack"), rule["name"], rule, [name], [rule["name"]])
                if _bring(stack, one, name):
                    mends.append(one)
    return mends


def done_texts(stack: Stack, resource: str) -> list[tuple[str, dict[str, Any]]]:
    """The practices that a resource has: what each does in words, and the properties that do it."""
    kind = stack.resources[resource]["Type"]
    properties = stack.resources[resource].get("Properties", {})
    service = service_of(stack.resources[resource])
    found: list[tuple[str, dict[str, Any]]] = []
    for practice in body(service).get("practices", {}).values() if service else []:
        keys = [key.rstrip("+") for key in practice.get("set", {})]
        plain = {key: one for key, one in practice.get("set", {}).items() if isinstance(one, bool | int)}
        if any(properties.get(key) != one for key, one in plain.items()):
            continue
        of_type = practice.get("type") == kind or kind in (practice.get("type") or [])
        if keys and of_type and all(key in properties for key in keys):
            found.append((practice["done"], {key: properties[key] for key in keys}))
    return found
