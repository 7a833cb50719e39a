"""Athena: work groups that change, named queries that go."""

from __future__ import annotations

import json
from typing import Any

from moto.athena.responses import AthenaResponse

_NAMED = ("OutputLocation", "ExpectedBucketOwner", "EncryptionConfiguration", "AclConfiguration")


def install() -> None:
    """Add them."""
    response: Any = AthenaResponse
    response.update_work_group = _update
    response.delete_named_query = _delete


def _update(response: Any) -> Any:
    name = response._get_param("WorkGroup")
    group = response.athena_backend.work_groups.get(name)
    if group is None:
        return response.error(f"WorkGroup {name} is not found.", 400)
    group.state = response._get_param("State") or group.state
    told = response._get_param("Description")
    group.description = group.description if told is None else told
    changes = dict(response._get_param("ConfigurationUpdates") or {})
    results = changes.pop("ResultConfigurationUpdates", {})
    if changes.pop("RemoveBytesScannedCutoffPerQuery", False):
        group.configuration.pop("BytesScannedCutoffPerQuery", None)
    group.configuration.update(changes)
    if results:
        kept = group.configuration.get("ResultConfiguration") or {}
        kept = {key: value for key, value in kept.items() if not results.get(f"Remove{key}")}
        group.configuration["ResultConfiguration"] = kept | {key: results[key] for key in _NAMED if key in results}
    return "{}"


def _delete(response: Any) -> Any:
    name = response._get_param("NamedQueryId")
    if response.athena_backend.named_queries.pop(name, None) is None:
        return response.error(f"NamedQuery {name} was not found", 400)
    return json.dumps({})
