"""A template being built or mended, and the few operations that both share."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Any

from kit.rehearsal.blueprints import body, fill, heads, is_main, kebab, listed, service_of, words

PARAMETERS = {
    "EnvironmentSuffix": {
        "Type": "String",
        "Default": "dev",
        "Description": "Ends every name, so that stacks can stand side by side",
        "AllowedPattern": "^[a-z0-9-]+$",
    },
    "ProjectName": {"Type": "String", "Description": "Begins every name"},
}


@dataclass
class Instance:
    """One use of a blueprint: its role, and the logical id of each of its parts."""

    service: str
    role: str
    ids: dict[str, str]
    tokens: dict[str, Any]

    @property
    def main(self) -> str:
        """The logical id of the part that others refer to."""
        for local, part in body(self.service).get("resources", {}).items():
            if is_main(self.service, part):
                return self.ids[local]
        return next(iter(self.ids.values()), "")


class Stack:
    """A template in long form with the facts that fill its blueprints."""

    def __init__(self, template: dict[str, Any] | None = None, facts: dict[str, dict[str, Any]] | None = None) -> None:
        self.template: dict[str, Any] = template or {"AWSTemplateFormatVersion": "2010-09-09"}
        for section in ("Parameters", "Conditions", "Resources", "Outputs"):
            self.template.setdefault(section, {})
        self.facts = facts or {}
        self.instances: list[Instance] = []

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        """The resources by logical id."""
        found: dict[str, dict[str, Any]] = self.template["Resources"]
        return found

    def main(self, service: str) -> str:
        """The logical id of the first resource of a service's main type, empty when there is none."""
        return next((name for name, one in self.resources.items() if is_main(service, one)), "")

    def tokens(self, service: str = "") -> dict[str, Any]:
        """What tokens stand for: the facts of one service, and the main resource of every other."""
        known = {name: spec["default"] for name, spec in heads().get(service, {}).get("facts", {}).items()}
        mains = {other: self.main(other) for other in heads()}
        return {**{name: one for name, one in mains.items() if one}, **known, **self.facts.get(service, {})}

    def put(self, name: str, resource: dict[str, Any]) -> None:
        """Add a resource; what a second policy of one bucket says is added to the first, as a bucket has but one."""
        if resource["Type"] == "AWS::S3::BucketPolicy":
            for other in self.resources.values():
                same = (
                    other["Type"] == resource["Type"]
                    and other["Properties"]["Bucket"] == resource["Properties"]["Bucket"]
                )
                if same:
                    statements = other["Properties"]["PolicyDocument"]["Statement"]
                    more = resource["Properties"]["PolicyDocument"]["Statement"]
                    statements += [one for one in more if one not in statements]
                    return
        self.resources[name] = resource

    def known(self, service: str) -> dict[str, Any]:
        """The tokens of a service with what follows from its facts."""
        tokens = _forms(self.tokens(service))
        for fact, cases in body(service).get("choices", {}).items():
            tokens |= {name: fill(value, tokens) for name, value in cases.get(str(tokens.get(fact, "")), {}).items()}
        return tokens

    def instance(self, service: str, role: str, extra: dict[str, Any] | None = None) -> Instance:
        """The ids and tokens that a service's blueprint has under a role."""
        blueprint = body(service)
        ids = {local: local if local.startswith(role) else role + local for local in blueprint["resources"]}
        tokens = self.known(service)
        tokens |= {"kebab": kebab(role), "words": words(role), "role": role, **(extra or {})}
        for name, value in blueprint.get("names", {}).items():
            tokens[f"name.{name}"] = fill(value, tokens)
        return Instance(service, role, ids, tokens)

    def adopt(self) -> list[Instance]:
        """The instances that can be told from the template: resources of a main type whose ids end as the blueprint's."""
        found: list[Instance] = []
        for service, head in heads().items():
            locals_ = [local for local, part in body(service)["resources"].items() if is_main(service, part)]
            for name, resource in self.resources.items():
                if locals_ and is_main(service, resource) and name.endswith(locals_[0]):
                    role = name.removesuffix(locals_[0]) or head["role"]
                    found.append(self.instance(service, role))
        return found

    def add(self, service: str, role: str = "", extra: dict[str, Any] | None = None) -> Instance:
        """Add the blueprint of a service under a role (its usual one when empty)."""
        blueprint, head = body(service), heads()[service]
        role = role or head["role"]
        instance = self.instance(service, role, extra)
        ids, tokens = instance.ids, instance.tokens
        self._sections(blueprint, tokens, ids)
        for local, part in blueprint["resources"].items():
            made = fill(part, tokens, ids)
            if made is not None:
                self.put(ids[local], made)
        for local, output in blueprint["outputs"].items():
            made = fill(output, tokens, ids)
            if made is not None:
                self.template["Outputs"][role + local] = made
        self.instances.append(instance)
        return instance

    def _sections(self, spec: dict[str, Any], tokens: dict[str, Any], ids: dict[str, str] | None = None) -> None:
        for section, key in (("Parameters", "parameters"), ("Mappings", "mappings"), ("Conditions", "conditions")):
            if spec.get(key):
                self.template.setdefault(section, {}).update(fill(spec[key], tokens, ids))
        if spec.get("section_outputs"):
            self.template["Outputs"].update(fill(spec["section_outputs"], tokens, ids))

    def apply(self, practice: dict[str, Any], name: str, service: str) -> bool:
        """Bring a practice to the resource `name`. False when it does not concern that resource."""
        resource = self.resources.get(name)
        if resource is None or resource["Type"] not in listed(practice.get("type")):
            return False
        if practice.get("not_on") and re.search(practice["not_on"], name):
            return False
        if resource["Type"] == heads().get(service, {}).get("type") and not is_main(service, resource):
            return False
        for other in listed(practice.get("brings")):
            if not self.main(other):
                self.add(other)
        tokens = {**self.known(service), "id": name, "kebab": kebab(name), "words": words(name)}
        self._sections(practice, tokens)
        for key, part in practice.get("with", {}).items():
            made, made_id = fill(part, tokens), fill(key, tokens)
            if made is not None and made_id not in self.resources:
                self.put(made_id, made)
        for key, output in practice.get("outputs", {}).items():
            self.template["Outputs"].setdefault(fill(key, tokens), fill(output, tokens))
        properties = resource.setdefault("Properties", {})
        merge(properties, fill(practice.get("set", {}), tokens) or {})
        for gone in listed(practice.get("unset")):
            properties.pop(gone, None)
        merge(resource, fill(practice.get("attributes", {}), tokens) or {})
        for on in listed(practice.get("after")):
            self.depend(name, fill(on, tokens))
        if practice.get("key"):
            self._allow_on_key(fill(practice["key"], tokens))
        if practice.get("describe"):
            _describe(properties)
        for key, families in practice.get("newer", {}).items():
            for family, newest in families.items():
                if str(properties.get(key, "")).startswith(family):
                    properties[key] = newest
        self.grant(name, fill(practice.get("role", []), tokens) or [])
        return True

    def grant(self, name: str, statements: list[dict[str, Any]]) -> None:
        """Add statements to the first policy of the role that `name` runs under; a Sid that is there stays as it is."""
        properties = self.resources[name].get("Properties", {})
        role = properties.get("Role") or properties.get("RoleArn")
        role_id = role.get("Fn::GetAtt", [""])[0] if isinstance(role, dict) else ""
        if not statements or role_id not in self.resources:
            return
        properties = self.resources[role_id].setdefault("Properties", {})
        empty = {"PolicyName": "access", "PolicyDocument": {"Version": "2012-10-17", "Statement": []}}
        policies = properties.setdefault("Policies", [])
        if not policies:
            policies.append(empty)
        present = policies[0]["PolicyDocument"]["Statement"]
        known = {one.get("Sid") for one in present}
        present += [one for one in statements if one.get("Sid") not in known or one.get("Sid") is None]

    def _allow_on_key(self, statement: dict[str, Any]) -> None:
        present = self.resources[self.main("kms")]["Properties"]["KeyPolicy"]["Statement"]
        if all(one.get("Sid") != statement["Sid"] for one in present):
            present.append(statement)

    def depend(self, name: str, on: str) -> None:
        """Let `name` be made after `on`."""
        wanted = listed(self.resources[name].get("DependsOn"))
        if on not in wanted:
            wanted.append(on)
        rest = self.resources[name]
        rest["DependsOn"] = wanted[0] if len(wanted) == 1 else wanted


def _forms(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts, numbers also as text, and the subnets of an address block as cidr.0, cidr.1 and so on."""
    more: dict[str, Any] = {f"text.{name}": str(value) for name, value in facts.items() if isinstance(value, int)}
    if "cidr" in facts:
        block = ipaddress.ip_network(facts["cidr"], strict=False)
        subnets = block.subnets(new_prefix=max(24, block.prefixlen + 4))
        more |= {f"cidr.{number}": str(subnet) for number, subnet in zip(range(16), subnets, strict=False)}
    return {**facts, **more}


def _describe(properties: dict[str, Any]) -> None:
    for rule in properties.get("SecurityGroupIngress", []) + properties.get("SecurityGroupEgress", []):
        source = (
            "the VPC"
            if isinstance(rule.get("CidrIp"), dict)
            else "its security group"
            if "SourceSecurityGroupId" in rule
            else "anywhere"
        )
        rule.setdefault("Description", f"Port {rule.get('FromPort', 'any')} from {source}")


def merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    """Merge `more` into `into`: mappings deeply, all else replaced; a key that ends in + adds to the list there."""
    for key, value in more.items():
        if key.endswith("+"):
            there = into.setdefault(key[:-1], [])
            there += [one for one in value if one not in there]
        elif isinstance(value, dict) and not _function(value):
            there = into.get(key)
            if not isinstance(there, dict) or _function(there):
                there = into[key] = {}
            merge(there, value)
        else:
            into[key] = value


def _function(value: dict[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))


def practice_for(rule: str, resource: dict[str, Any]) -> tuple[str, str, dict[str, Any]] | None:
    """The practice that a rule id calls for on a resource: its service, its name and its text."""
    service = service_of(resource)
    for name, practice in body(service).get("practices", {}).items() if service else ():
        if rule in listed(practice.get("rules")) and resource["Type"] in listed(practice.get("type")):
            return str(service), name, practice
    return None
