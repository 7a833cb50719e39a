"""Asks the service itself whether it holds a resource that a stack lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from kit.ladder.cfn_probe_table import PROBES, Probe
from kit.ladder.clouds.base import Cloud

# Forbidden, broken, not emulated: the question could not be answered.
_NO_ANSWER = (403, 500, 501)
_GONE = ("notfound", "nosuch", "doesnotexist", "notexist", "nonexistent", "unknownresource", "404", "notavailable")
_GONE_TEXT = (
    "not found",
    "does not exist",
    "not exist",
    "no such",
    "nonexist",
    "unable to find",
    "could not find",
    "is not owned",
    "is not subscribed",
)

# Attributes that stand for the resource itself.
_NAMES_ITSELF = ("Arn", "Id", "Name", "TopicArn", "FunctionArn", "GroupId", "KeyId", "ApiId", "RestApiId", "QueueUrl")


class Unverified(Exception):
    """Raised when there is no way to ask for a resource of this type."""


def holds(cloud: Cloud, kind: str, physical_id: str, facts: Mapping[str, str] | None = None) -> bool:
    """True when the service that owns `kind` holds `physical_id`.

    `facts` are properties of the resource that the probe may need beside its id (see `facts_of`). Raises
    `Unverified` for a type without a probe, or when the probe cannot be put for want of a part; errors other
    than "no such thing" are the caller's.
    """
    from botocore.exceptions import ParamValidationError

    probe = PROBES.get(kind)
    if probe is None:
        raise Unverified(kind)
    try:
        return _ask(cloud, probe, _Parts(cloud, physical_id, facts or {}))
    except (IndexError, KeyError, StopIteration, ParamValidationError) as error:
        raise Unverified(f"{kind}: {physical_id}") from error


def facts_of(
    template: Mapping[str, Any], parameters: Mapping[str, Any], ids: Mapping[str, str], name: str
) -> dict[str, str]:
    """The plain properties of resource `name`: strings, parameters, and references to other resources' ids.

    `ids` is logical id -> physical id; Fn::GetAtt of an ARN or an id counts as a reference to the resource,
    which APIs take as well. Of a list the first item counts.
    """
    known = {key: str((slot or {}).get("Default", "")) for key, slot in (template.get("Parameters") or {}).items()}
    known |= {key: str(value) for key, value in parameters.items()} | dict(ids)
    found = {}
    for key, value in (template["Resources"].get(name, {}).get("Properties") or {}).items():
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict) and set(value) == {"Fn::GetAtt"}:
            target = value["Fn::GetAtt"]
            owner, attribute = target.split(".", 1) if isinstance(target, str) else (target[0], target[1])
            value = {"Ref": owner} if attribute in _NAMES_ITSELF else None
        if isinstance(value, dict) and set(value) == {"Ref"}:
            value = known.get(value["Ref"])
        if isinstance(value, dict) and set(value) == {"Fn::Sub"} and isinstance(value["Fn::Sub"], str):
            value = re.sub(r"\$\{(\w+)(?:\.\w+)?\}", lambda part: known.get(part[1], part[0]), value["Fn::Sub"])
            value = None if "${" in value else value
        if isinstance(value, str | int | bool):
            found[key] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


def has_probe(kind: str) -> bool:
    """True when `holds` can answer for `kind`."""
    return kind in PROBES


def _ask(cloud: Cloud, probe: Probe, parts: _Parts) -> bool:
    from botocore.exceptions import ClientError

    client = cloud.client(probe.service, "us-east-1" if probe.service in ("cloudfront", "route53", "iam") else None)
    try:
        arguments = _fill(probe.arguments, parts)
        found = _fill(probe.found, parts)
        if client.can_paginate(probe.operation):
            pages = client.get_paginator(probe.operation).paginate(**arguments)
            return any(bool(_search(found, page)) if found else True for page in pages)
        answer = getattr(client, probe.operation)(**arguments)
    except ClientError as error:
        if means_gone(error.response):
            return False
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") in _NO_ANSWER:
            raise Unverified(f"{probe.service} {probe.operation}: {error}") from error
        raise
    return bool(_search(found, answer)) if found else True


def means_gone(response: Mapping[str, Any]) -> bool:
    """True when a service's error answer says that there is no such thing."""
    error = response.get("Error", {})
    code = str(error.get("Code", "")).lower().replace(".", "").replace("_", "")
    text = str(error.get("Message", "")).lower()
    return any(word in code for word in _GONE) or any(word in text for word in _GONE_TEXT)


def _search(expression: str, value: Any) -> Any:
    return _compiled(expression).search(value)


@cache
def _compiled(expression: str) -> Any:
    import jmespath

    return jmespath.compile(expression)


class _Parts(dict[str, str]):
    """The named parts of a physical id, each worked out when a probe asks for it."""

    def __init__(self, cloud: Cloud, physical_id: str, facts: Mapping[str, str]) -> None:
        super().__init__(id=physical_id)
        self.cloud = cloud
        self.facts = facts

    def __missing__(self, name: str) -> str:
        whole = self["id"]
        if name == "account":
            return str(self.cloud.client("sts").get_caller_identity()["Account"])
        if name == "last":
            return whole.replace(":", "/").rstrip("/").split("/")[-1]
        if name == "cluster":
            return whole.split("/")[1]
        if name == "namespace":
            return whole.split("resource/")[1].split("/")[0]
        if name == "rule":
            return whole.split("|")[-1]
        if name == "bus":
            return whole.split("|")[0] if "|" in whole else "default"
        if name in ("selection", "selection_plan"):
            return whole.split("_")[name == "selection_plan"]
        if name.isdigit():
            return whole.split("|")[int(name)]
        if name == "ResourceId" and name not in self.facts:
            return self._root_resource()
        return self.facts[name]

    def _root_resource(self) -> str:
        """The id of "/" in the REST API, which templates name by an attribute."""
        found = self.cloud.client("apigateway").get_resources(restApiId=self.facts["RestApiId"])["items"]
        return next(str(item["id"]) for item in found if item["path"] == "/")


def _fill(value: Any, parts: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _fill(part, parts) for key, part in value.items()}
    if isinstance(value, list):
        return [_fill(part, parts) for part in value]
    if isinstance(value, str) and "{" in value:
        return re.sub(r"\{(\w+)\}", lambda found: parts[found[1]], value)
    return value
