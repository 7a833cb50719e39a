"""Tags where moto keeps none or tells none: rules of IoT, copies of DataSync, repositories, work groups of Athena."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from moto.athena.models import AthenaBackend
from moto.codecommit.responses import CodeCommitResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.datasync.responses import DataSyncResponse
from moto.iot.responses import IoTResponse

Tags = list[dict[str, str]]


def install() -> None:
    """Add them."""
    things: Any = IoTResponse
    things.list_tags_for_resource = lambda self: ActionResult(
        {"tags": _held(self.iot_backend).get(self._get_param("resourceArn"), [])}
    )
    things.tag_resource = lambda self: _tag_thing(self, self._get_param("resourceArn"), self._get_param("tags"))
    things.untag_resource = lambda self: _untag_thing(self)
    make_rule, drop_rule = things.create_topic_rule, things.delete_topic_rule
    things.create_topic_rule = lambda self: _make_rule(make_rule, self)
    things.delete_topic_rule = lambda self: _drop_rule(drop_rule, self)

    copies: Any = DataSyncResponse
    copies.list_tags_for_resource = lambda self: json.dumps(
        {"Tags": _held(self.datasync_backend).get(self._get_param("ResourceArn"), [])}
    )
    copies.tag_resource = lambda self: _tag_copy(self, self._get_param("ResourceArn"), self._get_param("Tags"))
    copies.untag_resource = lambda self: _untag_copy(self)
    for name in ("create_location_s3", "create_location_smb", "create_task"):
        setattr(copies, name, _tagging(getattr(copies, name)))
    for name, key in (("delete_location", "LocationArn"), ("delete_task", "TaskArn")):
        setattr(copies, name, _untagging(getattr(copies, name), key))

    code: Any = CodeCommitResponse
    make_code, drop_code = code.create_repository, code.delete_repository
    code.create_repository = lambda self: _make_code(make_code, self)
    code.delete_repository = lambda self: _drop_code(drop_code, self)
    code.list_tags_for_resource = lambda self: json.dumps(
        {"tags": {one["Key"]: one["Value"] for one in _held(self.codecommit_backend).get(_code(self), [])}}
    )
    code.tag_resource = lambda self: _tag_code(self, self._get_param("tags"), [])
    code.untag_resource = lambda self: _tag_code(self, {}, self._get_param("tagKeys"))

    queries: Any = AthenaBackend
    listed = queries.list_tags_for_resource
    # A work group without tags is there all the same.
    queries.list_tags_for_resource = lambda self, arn: (
        listed(self, arn) or ({"Tags": []} if _known(self, arn) else None)
    )


def _held(backend: Any) -> dict[str, Tags]:
    found: dict[str, Tags] = backend.__dict__.setdefault("tags_by_arn", {})
    return found


def _put(backend: Any, arn: str, tags: Tags | None) -> None:
    held = {one["Key"]: one.get("Value", "") for one in [*_held(backend).get(arn, []), *(tags or [])]}
    _held(backend)[arn] = [{"Key": key, "Value": value} for key, value in held.items()]


def _take(backend: Any, arn: str, keys: list[str]) -> None:
    _held(backend)[arn] = [one for one in _held(backend).get(arn, []) if one["Key"] not in keys]


def _tag_thing(response: Any, arn: str, tags: Tags) -> EmptyResult:
    _put(response.iot_backend, arn, tags)
    return EmptyResult()


def _untag_thing(response: Any) -> EmptyResult:
    _take(response.iot_backend, response._get_param("resourceArn"), response._get_param("tagKeys"))
    return EmptyResult()


def _make_rule(make: Any, response: Any) -> Any:
    answer = make(response)
    asked = dict(parse_qsl(response.headers.get("x-amz-tagging") or ""))
    rule = response.iot_backend.rules[response._get_param("ruleName")]
    _put(response.iot_backend, rule.arn, [{"Key": key, "Value": value} for key, value in asked.items()])
    return answer


def _drop_rule(drop: Any, response: Any) -> Any:
    rule = response.iot_backend.rules.get(response._get_param("ruleName"))
    answer = drop(response)
    _held(response.iot_backend).pop(rule.arn if rule else "", None)
    return answer


def _tag_copy(response: Any, arn: str, tags: Tags) -> str:
    _put(response.datasync_backend, arn, tags)
    return "{}"


def _untag_copy(response: Any) -> str:
    _take(response.datasync_backend, response._get_param("ResourceArn"), response._get_param("Keys"))
    return "{}"


def _tagging(make: Any) -> Any:
    def create(self: Any) -> Any:
        answer = make(self)
        (arn,) = json.loads(answer).values()
        _put(self.datasync_backend, arn, self._get_param("Tags"))
        return answer

    return create


def _untagging(drop: Any, key: str) -> Any:
    def delete(self: Any) -> Any:
        answer = drop(self)
        _held(self.datasync_backend).pop(self._get_param(key), None)
        return answer

    return delete


def _code(response: Any, name: str = "") -> str:
    """The ARN of the repository that the request names. Raises the service's error when it is not there."""
    name = name or str(response._get_param("resourceArn")).rpartition(":")[2]
    return str(response.codecommit_backend.get_repository(name)["Arn"])


def _tag_code(response: Any, more: dict[str, str], gone: list[str]) -> str:
    arn = _code(response)
    _take(response.codecommit_backend, arn, gone)
    _put(response.codecommit_backend, arn, [{"Key": key, "Value": value} for key, value in more.items()])
    return "{}"


def _make_code(make: Any, response: Any) -> Any:
    answer = make(response)
    arn = _code(response, response._get_param("repositoryName"))
    tags = response._get_param("tags") or {}
    _put(response.codecommit_backend, arn, [{"Key": key, "Value": value} for key, value in tags.items()])
    return answer


def _drop_code(drop: Any, response: Any) -> Any:
    name = response._get_param("repositoryName")
    held = response.codecommit_backend.repositories.get(name)
    if held is not None:
        _held(response.codecommit_backend).pop(held.repository_metadata["Arn"], None)
    return drop(response)


def _known(backend: Any, arn: str) -> bool:
    kinds = (backend.work_groups, backend.data_catalogs, backend.capacity_reservations)
    return any(arn == one.arn for held in kinds for one in held.values())
