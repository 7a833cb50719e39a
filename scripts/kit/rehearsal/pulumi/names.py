"""What Terraform's types and arguments are called in pulumi-aws: rules, and the exceptions of knowledge/pulumi.yml.

pulumi-aws is made from the Terraform provider: a class is the type's last words, an argument its name in camelCase (in
Python as it is), in the plural when it takes a list.
"""

from __future__ import annotations

import re
from typing import Any

from kit.rehearsal.blueprints import shared
from kit.rehearsal.terraform.graph import Map


def class_of(kind: str) -> str:
    """`aws_sqs_queue` as `sqs.Queue`, module and class as TypeScript has them."""
    knowledge = shared("pulumi")
    if kind in knowledge["types"]:
        return str(knowledge["types"][kind])
    rest = kind.removeprefix("aws_")
    for words in knowledge["ec2"]:
        if rest == words or rest.startswith(words + "_"):
            return f"ec2.{_pascal(rest)}"
    for words, module in knowledge["modules"].items():
        if rest.startswith(words + "_"):
            return f"{module}.{_pascal(rest.removeprefix(words + '_'))}"
    module, _, name = rest.partition("_")
    return f"{module}.{_pascal(name)}"


def token_of(kind: str) -> str:
    """`aws_sqs_queue` as `aws:sqs/queue:Queue`, which is what the engine is told."""
    module, name = class_of(kind).split(".")
    return f"aws:{module}/{name[:1].lower()}{name[1:]}:{name}"


def attribute(kind: str, name: str) -> str:
    """An attribute of a resource, as Python has it: `function_name` of a function as `name`."""
    known = shared("pulumi")["names"]
    return str(known.get(kind, {}).get(name) or known["all"].get(name, name))


def camel(name: str) -> str:
    """`visibility_timeout_seconds` as `visibilityTimeoutSeconds`."""
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def arguments(kind: str, given: dict[str, Any], path: str = "") -> dict[str, Any]:
    """The arguments of a resource with the names and shapes of pulumi-aws; names as Python has them.

    Keys inside a mapping of the user's own words are `Word`s, which are written as they are.
    """
    made: dict[str, Any] = {}
    for name, value in given.items():
        where = f"{path}{name}"
        if _listed("one", kind, where) and isinstance(value, list):
            value, plural = value[0], False
        elif _listed("many", kind, where) and not isinstance(value, list):
            value, plural = [value], True
        else:
            plural = isinstance(value, list)
        if _listed("boolean", kind, where) and isinstance(value, str):
            value = value == "true"
        known = shared("pulumi")["names"].get(kind, {}).get(where)
        made[known or (_plural(name) if plural else name if path else attribute(kind, name))] = _inside(
            kind, value, where
        )
    return made


class Word(str):
    """A key that is no name of the provider's."""


def _inside(kind: str, value: Any, where: str) -> Any:
    if isinstance(value, dict):
        if isinstance(value, Map):
            return {Word(key): inner for key, inner in value.items()}
        return arguments(kind, value, f"{where}.")
    if isinstance(value, list):
        return [_inside(kind, one, where) for one in value]
    return value


def _listed(what: str, kind: str, where: str) -> bool:
    return where in shared("pulumi")[what].get(kind, [])


def _plural(name: str) -> str:
    if name.endswith("s"):
        return name
    if re.search(r"[^aeiou]y$", name):
        return name[:-1] + "ies"
    return name + ("es" if re.search(r"(?:x|z|ch|sh)$", name) else "s")


def _pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
