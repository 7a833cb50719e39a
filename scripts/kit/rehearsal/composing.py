"""From a brief to a stack: blueprints, the relations between them, the code of functions, and what the text asks for."""

from __future__ import annotations

import re
from typing import Any

from kit.rehearsal.blueprints import body, fill, heads, kebab, listed, shared
from kit.rehearsal.grants import grants
from kit.rehearsal.handlers import write
from kit.rehearsal.reading import Brief
from kit.rehearsal.stack import PARAMETERS, Instance, Stack, merge


def compose(brief: Brief) -> Stack:
    """The plain stack for a brief: what the text asks for, and nothing that it does not."""
    stack = Stack(facts=brief.facts)
    stack.template["Description"] = _title(brief)
    stack.template["Parameters"] = {
        "EnvironmentSuffix": dict(PARAMETERS["EnvironmentSuffix"]),
        "ProjectName": {**PARAMETERS["ProjectName"], "Default": brief.project},
    }
    for service in _in_order(list(brief.services)):
        for role in brief.services[service]:
            if "late" in heads()[service]:
                stack.instances.append(stack.instance(service, role))
                continue
            purpose = f"{role} of {brief.project}"
            stack.add(
                service, role, {"purpose": purpose, "code": "", **{f"wish.{wish}": wish for wish in brief.wishes}}
            )
    handed = _relate(stack, brief)
    _let_functions_use(stack, brief, handed)
    _practise(stack, brief)
    for service in _in_order(list(brief.services)):
        # What came in with the others, such as a role or a log group, need not stand alone.
        if "late" in heads()[service] and not re.search(heads()[service]["late"], str(stack.template["Resources"])):
            stack.add(service, brief.services[service][0])
    _practise(stack, brief)
    _tag(stack, brief)
    return stack


def _practise(stack: Stack, brief: Brief) -> None:
    for service, name in sorted(brief.practices):
        practice = body(service)["practices"][name]
        if any((service, other) in brief.practices for other in listed(practice.get("unless"))):
            continue
        for resource in list(stack.resources):
            stack.apply(practice, resource, service)


def _in_order(services: list[str]) -> list[str]:
    # What others refer to while they are filled in comes first.
    rank = {service: head.get("rank", 5) for service, head in heads().items()}
    return sorted(services, key=lambda one: rank[one])


def _title(brief: Brief) -> str:
    titles = [heads()[one]["title"] for one in brief.services]
    return f"{brief.project.capitalize()}: {', '.join(titles[:8])}"[:200]


def _both(brief: Brief, relation: dict[str, Any]) -> bool:
    if relation.get("default"):
        return True
    ends = [brief.said.get(relation[end], []) for end in ("from", "to")]
    together = [one.lower() for one in ends[0] if one in ends[1]]
    return any(re.search(say, one) for say in listed(relation.get("says")) for one in together)


def _relate(stack: Stack, brief: Brief) -> dict[str, list[str]]:
    """Add the relations; returns for each function the shapes of event that it is handed, and consumed resources."""
    handed: dict[str, list[str]] = {}
    chosen: set[str] = set()
    for relation in shared("relations"):
        sources = [one for one in stack.instances if one.service == relation["from"]]
        targets = [one for one in stack.instances if one.service == relation["to"]]
        if not sources or not targets or chosen & set(listed(relation.get("unless"))):
            continue
        if relation["wish"] not in brief.wishes if "wish" in relation else not _both(brief, relation):
            continue
        chosen.add(relation["name"])
        for target in targets if relation.get("every") else [_best(targets, brief, relation)]:
            _connect(stack, relation, sources[0], target)
            if "source" in relation:
                handed.setdefault(target.main, []).append(relation["source"])
            if relation.get("consumes"):
                handed.setdefault(sources[0].main, []).append("consumed")
            if relation.get("origin"):
                handed.setdefault(sources[0].main, []).append("origin")
    return handed


def _best(targets: list[Instance], brief: Brief, relation: dict[str, Any]) -> Instance:
    """The instance whose role stands in a sentence that speaks of both ends; else the first."""
    both = [one for one in brief.said.get(relation["from"], []) if one in brief.said.get(relation["to"], [])]
    for target in targets:
        first = kebab(target.role).split("-")[0]
        if any(first in one.lower() for one in both):
            return target
    return targets[0]


def _connect(stack: Stack, relation: dict[str, Any], source: Instance, target: Instance) -> None:
    tokens = {**stack.known(target.service), "from": source.main, "to": target.main}
    for end, one in (("from", source), ("to", target)):
        tokens |= {f"{end}.{name.removeprefix('name.')}": value for name, value in one.tokens.items()}
        tokens |= {f"{end}:{local}": name for local, name in one.ids.items()}
    for name, part in relation.get("resources", {}).items():
        made = fill(part, tokens)
        if made is not None:
            stack.put(fill(name, tokens), made)
    for name, output in relation.get("outputs", {}).items():
        stack.template["Outputs"][fill(name, tokens)] = fill(output, tokens)
    for name, change in relation.get("set", {}).items():
        merge(stack.resources[fill(name, tokens)].setdefault("Properties", {}), fill(change, tokens))
    for name, gone in relation.get("unset", {}).items():
        for key in gone:
            stack.resources[fill(name, tokens)]["Properties"].pop(key, None)
    for name, on in relation.get("after", {}).items():
        for one in listed(on):
            stack.depend(fill(name, tokens), fill(one, tokens))
    stack.grant(target.main, fill(relation.get("role", []), tokens) or [])


def _let_functions_use(stack: Stack, brief: Brief, handed: dict[str, list[str]]) -> None:
    narrow = "least_privilege" in brief.wishes
    origins = {name for name, shapes in handed.items() if "origin" in shapes}
    functions = [one for one in stack.instances if one.service == "lambda"]
    shares = _shares(functions, stack, brief)
    for function in functions:
        used: list[tuple[Instance, str]] = []
        variables: dict[str, Any] = {}
        for other in shares[function.main]:
            blueprint = body(other.service)
            if "consumed" in handed.get(other.main, []):
                continue
            variable = ""
            for suffix, value in blueprint.get("variable", {}).items():
                variable = f"{kebab(other.role)}-{suffix}".replace("-", "_").upper()
                variables[variable] = fill(value, other.tokens, other.ids)
            used.append((other, variable))
            stack.grant(function.main, grants(other, narrow, other.main in origins))
        if any(other.service == "cloudwatch" for other, _ in used):
            variables["METRICS_NAMESPACE"] = {"Ref": "ProjectName"}
        properties = stack.resources[function.main]["Properties"]
        if variables:
            properties["Environment"] = {"Variables": variables}
        properties["Code"] = {"ZipFile": write(properties["Runtime"], handed.get(function.main, []), used, origins)}


def _shares(functions: list[Instance], stack: Stack, brief: Brief) -> dict[str, list[Instance]]:
    """What each function uses: what stands in a sentence with its role; the first also what stands with none."""
    usable = [one for one in stack.instances if "grants" in body(one.service)]
    shares: dict[str, list[Instance]] = {}
    for function in functions:
        words = kebab(function.role).split("-")
        own = [one.lower() for one in brief.sentences if any(word in one.lower() for word in words)]
        said = [one for one in usable if any(sentence.lower() in own for sentence in brief.said.get(one.service, []))]
        shares[function.main] = [one for one in usable if one in said or one.service == "cloudwatch"]
    taken = [one for share in shares.values() for one in share]
    for function in functions[:1]:
        mine = shares[function.main]
        shares[function.main] = [one for one in usable if one in mine or one not in taken]
    return shares


def _tag(stack: Stack, brief: Brief) -> None:
    shape = shared("tags")
    values: dict[str, Any] = {"<suffix>": {"Ref": "EnvironmentSuffix"}, "<project>": {"Ref": "ProjectName"}}
    tags = {key: values.get(value, value) for key, value in brief.tags.items()}
    if "tags" in brief.wishes and not tags:
        tags = {"Project": {"Ref": "ProjectName"}, "Environment": {"Ref": "EnvironmentSuffix"}}
    for resource in stack.resources.values():
        kind = shape.get(resource["Type"])
        if not tags or kind is None:
            continue
        properties = resource.setdefault("Properties", {})
        if kind == "map":
            properties["Tags"] = {**properties.get("Tags", {}), **tags}
        else:
            extra = {"PropagateAtLaunch": True} if kind == "launch" else {}
            there = {one["Key"] for one in properties.get("Tags", [])}
            new = [{"Key": key, "Value": value, **extra} for key, value in tags.items() if key not in there]
            properties["Tags"] = properties.get("Tags", []) + new
