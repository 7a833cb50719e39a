"""Texts that name a resource of somebody else: ARNs, ids, machine images, entries that the stack does not make."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

_ARN_ACCOUNT = re.compile(r"\barn:aws[a-z-]*:[a-z0-9-]*:[^:\s\"']*:(\d{12}):")
_ARN = re.compile(
    r"\barn:(?:aws[a-z-]*|<Partition>):(?P<service>[a-z0-9-]+):[^:\s\"']*:(?P<account>[^:\s\"']*):(?P<rest>[^\s\"',\])]+)"
)
# Parts of ARNs that AWS itself, or the bootstrap of cdk, provides in every account.
_PROVIDED = re.compile(
    r"^root$|^alias/aws/|^role/aws-service-role/|^role/service-role/|^parameter/aws/service/|^service-role/|"
    r"^policy/aws-service-role/|^(?:role/)?cdk-[a-z0-9]{5,12}-"
)
# The part of an ARN that names the resource, where more may stand behind it.
_HEAD = re.compile(r"^(?:(?:table|stream|deliverystream|repository)/[^/*]+|(?:function|stateMachine):[^:*]+)")
_OPEN = re.compile(r"\$\{|\*|\?|%s|\{\w*\}")
_IMAGE = re.compile(r"\bami-(?:[0-9a-f]{17}|[0-9a-f]{8})\b")
_ID = re.compile(
    r"\b(?:vpc|subnet|sg|rtb|igw|nat|eni|eipalloc|vol|snap|acl|vpce|pcx|tgw|fs|i|lt|dopt|vgw|cgw|vpn)-"
    r"(?:[0-9a-f]{17}|[0-9a-f]{8})\b"
)
# Ids made up by hand, or by a tool that had no cloud to ask: vpc-12345, subnet-xxxxxxxx.
_MADE_UP = re.compile(
    r"\b(?:vpc|subnet|sg|rtb|igw|eni|eipalloc|vpce|tgw)-(?=[0-9a-f]*[0-9x])(?:[0-9a-f]{5,17}|x{3,17})\b", re.I
)
_REGISTRY = re.compile(
    r"(?P<account>\d{12}|<AccountId>|<account>|\$\{[^}]*\}|\{\w*\})\.dkr\.ecr\.[^/\s\"']+/(?P<image>[^\s:@\"',]+)"
)
_RESOLVE = re.compile(r"\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}")


def named(text: str, suffix: str = "") -> Iterator[str]:
    """What `text` names that is not its stack's own.

    Terms that are put in at deployment stand in it as `${...}`, those of the account itself as `<AccountId>`,
    `<Region>`, `<Partition>`. What holds `suffix` is the stack's own.
    """
    for match in _ARN_ACCOUNT.finditer(text):
        if match[1] not in own()["accounts"]:
            yield f"{match[0]}: an ARN with a fixed account"
    for match in _ARN.finditer(text):
        rest, service = match["rest"], match["service"]
        head = _HEAD.match(rest)
        # The bucket is what is named; a wildcard behind it leaves it as fixed as it was.
        fixed = rest.partition("/")[0] if service == "s3" else head[0] if head else rest
        foreign_account = match["account"] in ("aws", *own()["accounts"]) or re.fullmatch(r"\d{12}", match["account"])
        ours = _OPEN.search(fixed) or _PROVIDED.match(rest) or (suffix and suffix in fixed) or "<StackName>" in fixed
        if (match["account"] or service == "s3") and not ours and not foreign_account and service != "apigateway":
            yield f"{match[0]}: an ARN with a fixed name"
    for match in _IMAGE.finditer(text):
        yield f"{match[0]}: a fixed machine image: it exists in one region, and not for long"
    for found in sorted({match[0] for pattern in (_ID, _MADE_UP) for match in pattern.finditer(text)}):
        yield f"{found}: the id of an existing resource"
    for match in _REGISTRY.finditer(text):
        if match["account"].isdigit() and match["account"] not in own()["registries"]:
            yield f"{match[0]}: an image in a fixed account's registry"
        elif not match["account"].isdigit() and not (
            _OPEN.search(match["image"]) or _PROVIDED.match(match["image"]) or (suffix and suffix in match["image"])
        ):
            yield f"{match[0]}: an image in a repository that the stack does not make"
    for match in _RESOLVE.finditer(text):
        public = match[2].startswith(tuple(own()["public_parameters"]))
        if not public and "${" not in match[2] and not (suffix and suffix in match[2]):
            yield f"{match[0]}: a {match[1]} entry that the stack does not make"


@cache
def own() -> dict[str, Any]:
    """owned.toml: the accounts, zones, parameters and facts of AWS itself."""
    return tomllib.loads((Path(__file__).parents[1] / "owned.toml").read_text(encoding="utf-8"))
