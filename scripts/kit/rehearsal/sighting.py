"""What a program holds, told as its template would: resource types by their constructors, properties by their names."""

from __future__ import annotations

import re

from kit.rehearsal.blueprints import by_type, heads
from kit.rehearsal.cdk.program import module_of


def as_template(text: str, platform: str) -> str:
    """`text` with the CloudFormation types and names of properties added that it speaks of; templates stay as they are."""
    if platform in ("", "cfn"):
        return text
    kinds = {
        *by_type(),
        *(head["proof"] for head in heads().values() if str(head.get("proof", "")).startswith("AWS::")),
    }
    seen = sorted(kind for kind in kinds if re.search(_sign(platform, kind), text))
    names = sorted({_pascal(word) for word in re.findall(r"\b[a-z][A-Za-z0-9_]{3,60}\b", text)})
    return "\n".join([text, *seen, *names])


def _sign(platform: str, kind: str) -> str:
    """What stands in a program where a resource of the type is made, as a regular expression."""
    if platform == "cdk":
        return rf"\b{module_of(kind)}_?\.Cfn{kind.rpartition('::')[2]}\("
    from kit.rehearsal.terraform.translate import table

    spec = table().get(kind)
    name = str(spec.get("type", "")) if isinstance(spec, dict) else ""
    if not name.startswith("aws_"):
        return r"(?!)"
    if platform == "cdktf":
        return rf"\b{_pascal(name.removeprefix('aws_'))}\("
    from kit.rehearsal.pulumi.names import class_of

    module, _, made = class_of(name).rpartition(".")
    return rf"\b{module}_?\.{made}\("


def _pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
