"""CloudWatch Logs: the field indexes of log groups."""

from __future__ import annotations

import json
from typing import Any

from moto.core.utils import unix_time_millis
from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse


def install() -> None:
    """Add them."""
    response: Any = LogsResponse
    response.put_index_policy = _put
    response.describe_index_policies = _describe
    response.delete_index_policy = _delete


def _group(response: Any, identifier: str) -> Any:
    """The log group of a name or an ARN. Raises the service's error when there is none."""
    name = identifier.partition(":log-group:")[2].removesuffix(":*") if identifier.startswith("arn:") else identifier
    found = response.logs_backend.groups.get(name)
    if found is None:
        raise ResourceNotFoundException(msg="The specified log group does not exist.")
    return found


def _put(response: Any) -> str:
    group = _group(response, response._get_param("logGroupIdentifier"))
    group.index_policy = {
        "logGroupIdentifier": group.name,
        "policyDocument": response._get_param("policyDocument"),
        "lastUpdateTime": int(unix_time_millis()),
        "source": "LOG_GROUP",
    }
    return json.dumps({"indexPolicy": group.index_policy})


def _describe(response: Any) -> str:
    groups = [_group(response, one) for one in response._get_param("logGroupIdentifiers")]
    return json.dumps({"indexPolicies": [one.index_policy for one in groups if getattr(one, "index_policy", None)]})


def _delete(response: Any) -> str:
    _group(response, response._get_param("logGroupIdentifier")).index_policy = None
    return "{}"
