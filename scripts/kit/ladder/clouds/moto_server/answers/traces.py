"""X-Ray: groups of traces, with their tags."""

from __future__ import annotations

import json
from typing import Any

from moto.moto_api._internal import mock_random
from moto.xray import urls
from moto.xray.responses import XRayResponse

_CALLS = ("CreateGroup", "GetGroup", "UpdateGroup", "DeleteGroup", "Groups")
_TAGS = ("ListTagsForResource", "TagResource", "UntagResource")


def install() -> None:
    """Add them."""
    response: Any = XRayResponse
    paths: Any = urls.url_paths
    for name in (*_CALLS, *_TAGS):
        paths[f"{{0}}/{name}$"] = response.dispatch
    response.create_group = _create
    response.get_group = lambda self: _told(_find(self))
    response.update_group = _update
    response.delete_group = _delete
    response.groups = lambda self: json.dumps({"Groups": [_shown(one) for one in _held(self).values()]})
    response.list_tags_for_resource = lambda self: json.dumps({"Tags": _by_arn(self)["Tags"]})
    response.tag_resource = lambda self: _tag(self, [], self._get_param("Tags"))
    response.untag_resource = lambda self: _tag(self, self._get_param("TagKeys"), [])


def _held(response: Any) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = response.xray_backend.__dict__.setdefault("groups_by_name", {})
    return found


def _create(response: Any) -> Any:
    name = response._get_param("GroupName")
    if name in _held(response):
        return response._error("InvalidRequestException", f"Group {name} already exists")
    arn = f"arn:aws:xray:{response.region}:{response.current_account}:group/{name}/{mock_random.get_random_hex(32)}"
    made = {"GroupName": name, "GroupARN": arn, "Tags": response._get_param("Tags", [])}
    _held(response)[name] = made | _settings(response)
    return _told(_held(response)[name])


def _settings(response: Any) -> dict[str, Any]:
    keys = ("FilterExpression", "InsightsConfiguration")
    return {key: response._get_param(key) for key in keys if response._get_param(key) is not None}


def _find(response: Any) -> dict[str, Any] | None:
    asked = (response._get_param("GroupName"), response._get_param("GroupARN"))
    return next(
        (one for one in _held(response).values() if one["GroupName"] in asked or one["GroupARN"] in asked), None
    )


def _shown(group: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in group.items() if key != "Tags"}


def _told(group: dict[str, Any] | None) -> Any:
    if group is None:
        return json.dumps({"__type": "InvalidRequestException", "Message": "Group not found"}), {
            "status": 400,
            "x-amzn-ErrorType": "InvalidRequestException",
        }
    return json.dumps({"Group": _shown(group)})


def _update(response: Any) -> Any:
    group = _find(response)
    if group is not None:
        group |= _settings(response)
    return _told(group)


def _delete(response: Any) -> Any:
    group = _find(response)
    if group is None:
        return _told(group)
    del _held(response)[group["GroupName"]]
    return "{}"


def _by_arn(response: Any) -> dict[str, Any]:
    arn = response._get_param("ResourceARN")
    return next((one for one in _held(response).values() if one["GroupARN"] == arn), {"Tags": []})


def _tag(response: Any, gone: list[str], more: list[dict[str, str]]) -> str:
    group = _by_arn(response)
    keys = {*gone, *(one["Key"] for one in more)}
    group["Tags"] = [one for one in group["Tags"] if one["Key"] not in keys] + more
    return "{}"
