"""What a stack leaves behind, and what it leans on that is not its own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from kit.gates import template
from kit.gates.model import Look
from kit.gates.scan import without_comments
from kit.gates.subject import Subject

_PROTECTION = re.compile(
    r"^(deletion|delete|termination)_?protection(_?enabled)?$|^DisableApiTermination$|^ObjectLockEnabled$", re.I
)
_OFF = (False, "false", "False", "INACTIVE", "DISABLED", "", None)
_ARN_ACCOUNT = re.compile(r"\barn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:(\d{12}):")
_ARN = re.compile(
    r"\barn:(?:aws[a-z-]*|<Partition>):(?P<service>[a-z0-9-]+):[^:\s\"']*:(?P<account>[^:\s\"']*):(?P<rest>[^\s\"',\])]+)"
)
# Parts of ARNs that AWS itself provides in every account.
_PROVIDED = re.compile(
    r"^root$|^alias/aws/|^role/aws-service-role/|^role/service-role/|^parameter/aws/service/|^service-role/|^policy/aws-service-role/"
)
_ID = re.compile(
    r"\b(?:vpc|subnet|sg|rtb|igw|nat|eni|eipalloc|vol|snap|acl|vpce|pcx|tgw|fs|i)-(?:[0-9a-f]{17}|[0-9a-f]{8})\b"
)
_RESOLVE = re.compile(r"\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}")
_ZONE = re.compile(r"^Z[0-9A-Z]{9,31}$")
_LOOKUP = re.compile(
    r"\b(?:from_?lookup|fromLookup)\s*\(|\bImportValue\b|\bimport_value\b|\b(?:pulumi\.)?StackReference\s*\(", re.I
)
_FOREIGN_PARAMETER = re.compile(
    r"^(?:List<)?AWS::(?:EC2::(?:VPC|Subnet|SecurityGroup|KeyPair|Instance|Volume)|Route53::HostedZone)::"
)


def retained(subject: Subject) -> Look:
    """No resource outlives its stack: no Retain, no Snapshot, no RemovalPolicy that keeps."""
    problems = []
    for name, resource in subject.resources.items():
        for key in ("DeletionPolicy", "UpdateReplacePolicy"):
            for value in _leaves(resource.get(key, "Delete")):
                if value != "Delete":
                    problems.append(f"{name}: {key}: {value}: the stack would leave it behind")
    programs = re.compile(
        r"\bRemovalPolicy\.(RETAIN\w*|SNAPSHOT)\b|\bretainOnDelete\s*:\s*true|\bretain_on_delete\s*=\s*True"
    )
    for path, text in _programs(subject).items():
        problems += [f"{path}: {match[0]}: the stack would leave it behind" for match in programs.finditer(text)]
    return Look(f"{len(subject.resources):,} resources go with their stack", problems)


def protected(subject: Subject) -> Look:
    """Nothing refuses its own deletion; what only a cloud could tell counts as refusing."""
    problems = []
    parameters = [(body.get("Parameters") or {}) for body in subject.templates.values()]
    defaults = {name: one.get("Default") for group in parameters for name, one in group.items()}
    for name, resource in subject.resources.items():
        for place, value in template.walk(template.properties(resource)):
            if place and isinstance(place[-1], str) and _PROTECTION.match(place[-1]):
                problems += [f"{name}: {template.show(place)}: {on}" for on in _set_on(value, defaults)]
            if isinstance(value, dict) and value.get("Key") == "deletion_protection.enabled":
                problems += [f"{name}: {value['Key']}: {on}" for on in _set_on(value.get("Value"), defaults)]
    return Look(f"{len(subject.resources):,} resources can be deleted", problems)


def foreign(subject: Subject) -> Look:
    """Nothing names a resource of another stack or account: ARNs, ids, imports, existing parameters and buckets."""
    problems = []
    for path, body in subject.templates.items():
        for place, value in template.walk(body):
            at = f"{path}: {template.show(place)}"
            if isinstance(value, dict) and "Fn::ImportValue" in value:
                problems.append(f"{at}: Fn::ImportValue: belongs to another stack")
            if isinstance(value, str) and place[:1] not in (("Description",), ("Metadata",)):
                problems += [f"{at}: {found}" for found in _foreign_text(value)]
        problems += [f"{path}: {found}" for found in _foreign_places(body)]
    for path, text in _programs(subject).items():
        found = [*_foreign_text(text), *(f"{match[0]}: belongs to another stack" for match in _LOOKUP.finditer(text))]
        problems += [f"{path}: {one}" for one in found]
    return Look(f"{len(subject.resources):,} resources lean on nothing foreign", problems)


def _foreign_text(text: str) -> Iterator[str]:
    for match in _ARN_ACCOUNT.finditer(text):
        if match[1] not in _own()["accounts"]:
            yield f"{match[0]}: an ARN with a fixed account"
    for match in _ARN.finditer(re.sub(r"\$\{AWS::(\w+)\}", r"<\1>", text)):
        rest = match["rest"]
        named = match["account"] or match["service"] == "s3"
        fixed = not re.search(r"\$\{|\*|\?|%s|\{\w*\}", rest) and not _PROVIDED.match(rest)
        ours = match["account"] not in ("aws", *_own()["accounts"]) and not re.fullmatch(r"\d{12}", match["account"])
        if named and fixed and ours and match["service"] != "apigateway":
            yield f"{match[0]}: an ARN with a fixed name"
    for match in _ID.finditer(text):
        yield f"{match[0]}: the id of an existing resource"
    for match in _RESOLVE.finditer(text):
        public = match[2].startswith(tuple(_own()["public_parameters"]))
        if not public and "${" not in match[2]:
            yield f"{match[0]}: a {match[1]} entry that the stack does not make"


def _foreign_places(body: dict[str, Any]) -> Iterator[str]:
    parameters = body.get("Parameters")
    for name, parameter in (parameters if isinstance(parameters, dict) else {}).items():
        kind = str(parameter.get("Type", "")) if isinstance(parameter, dict) else ""
        default = str(parameter.get("Default", "")) if isinstance(parameter, dict) else ""
        if _FOREIGN_PARAMETER.match(kind):
            yield f"Parameters/{name}: {kind}: asks for an existing resource"
        if kind.startswith("AWS::SSM::Parameter::") and not default.startswith(tuple(_own()["public_parameters"])):
            yield f"Parameters/{name}: {kind}: asks for an existing parameter"
    resources = body.get("Resources")
    for name, resource in (resources if isinstance(resources, dict) else {}).items():
        own = template.properties(resource)
        code = own.get("Code") or own.get("CodeUri") or own.get("Content")
        bucket = code.get("S3Bucket", code.get("Bucket")) if isinstance(code, dict) else None
        if isinstance(bucket, str):
            yield f"Resources/{name}: code in the bucket {bucket}, which the stack does not make"
        if isinstance(own.get("TemplateURL"), str):
            yield f"Resources/{name}: TemplateURL {own['TemplateURL']}: lies outside the stack"
        launch = own.get("LaunchTemplateData")
        for holder in (own, launch if isinstance(launch, dict) else {}):
            if resource.get("Type") != "AWS::EC2::KeyPair" and isinstance(holder.get("KeyName"), str):
                yield f"Resources/{name}: KeyName {holder['KeyName']}: an existing key pair"
        zone = own.get("HostedZoneId")
        if isinstance(zone, str) and _ZONE.match(zone) and zone not in _own()["zones"]:
            yield f"Resources/{name}: HostedZoneId {zone}: an existing zone"


def _programs(subject: Subject) -> dict[str, str]:
    texts = subject.texts([name for name in subject.code if name.endswith((".ts", ".js", ".mjs", ".py"))])
    return {
        name: re.sub(r"(?m)(^|\s)#.*$", r"\1", text) if name.endswith(".py") else without_comments(text)
        for name, text in texts.items()
    }


def _set_on(value: Any, defaults: dict[str, Any]) -> list[Any]:
    found = []
    for leaf in _leaves(value):
        known = isinstance(leaf, dict) and len(leaf) == 1 and leaf.get("Ref") in defaults
        worth = defaults[leaf["Ref"]] if known else leaf
        if isinstance(worth, dict | list) or worth not in _OFF:
            found.append(leaf)
    return found


def _leaves(value: Any) -> list[Any]:
    """What a value can become: both branches of Fn::If, else itself."""
    branches = value.get("Fn::If") if isinstance(value, dict) else None
    if isinstance(branches, list) and len(branches) == 3:
        return [leaf for branch in branches[1:] if branch != {"Ref": "AWS::NoValue"} for leaf in _leaves(branch)]
    return [value]


def own_accounts() -> list[str]:
    """The accounts of AWS itself."""
    return _own()["accounts"]


@cache
def _own() -> dict[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("owned.toml").read_text(encoding="utf-8"))
