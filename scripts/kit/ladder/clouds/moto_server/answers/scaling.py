"""Application Auto Scaling: tags of targets, which moto forgets."""

from __future__ import annotations

import json
from typing import Any

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.exceptions import JsonRESTError


def install() -> None:
    """Add them."""
    response: Any = ApplicationAutoScalingResponse
    register = response.register_scalable_target
    response.register_scalable_target = lambda self: _register(register, self)
    response.list_tags_for_resource = lambda self: json.dumps({"Tags": _tags(self)})
    response.tag_resource = lambda self: _change(self, self._get_param("Tags"), [])
    response.untag_resource = lambda self: _change(self, {}, self._get_param("TagKeys"))


def _register(register: Any, response: Any) -> str:
    answer = str(register(response))
    tags = response._get_param("Tags")
    if tags:
        _held(response, json.loads(answer)["ScalableTargetARN"]).update(tags)
    return answer


def _tags(response: Any) -> dict[str, str]:
    """The tags of the target that the request names by its ARN."""
    return _held(response, response._get_param("ResourceARN"))


def _held(response: Any, arn: str) -> dict[str, str]:
    for targets in response.applicationautoscaling_backend.targets.values():
        for target in targets.values():
            if target.arn == arn:
                tags: dict[str, str] = target.__dict__.setdefault("tags", {})
                return tags
    raise JsonRESTError("ResourceNotFoundException", f"The resource does not exist: {arn}")


def _change(response: Any, more: dict[str, str], gone: list[str]) -> str:
    tags = _tags(response)
    tags.update(more)
    for key in gone:
        tags.pop(key, None)
    return "{}"
