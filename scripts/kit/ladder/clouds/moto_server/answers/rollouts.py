"""CodeDeploy's groups: told as they are, without empty parts that were never asked for, and changed in place."""

from __future__ import annotations

import json
from typing import Any

from botocore import xform_name
from moto.codedeploy.models import DeploymentGroup
from moto.codedeploy.responses import CodeDeployResponse
from moto.core.utils import get_service_model

_IN_PLACE = {"deploymentType": "IN_PLACE", "deploymentOption": "WITHOUT_TRAFFIC_CONTROL"}
_NAMES = ("applicationName", "currentDeploymentGroupName", "newDeploymentGroupName")


def install() -> None:
    """Mend them."""
    group: Any = DeploymentGroup
    told = group.to_dict
    group.to_dict = lambda self: _told(told, self)
    response: Any = CodeDeployResponse
    response.update_deployment_group = _update


def _told(told: Any, group: Any) -> dict[str, Any]:
    answer = told(group) | {"alarmConfiguration": group.alarm_configuration}
    if group.application.compute_platform != "ECS":
        answer["deploymentStyle"] = group.deployment_style or _IN_PLACE
    return {name: value for name, value in answer.items() if value not in ({}, None)}


def _update(response: Any) -> str:
    deploys = response.codedeploy_backend
    application, name, newer = (response._get_param(key) for key in _NAMES)
    group = deploys.get_deployment_group(application, name)
    shape = get_service_model("codedeploy").operation_model("UpdateDeploymentGroup").input_shape
    for member in shape.members:
        value = response._get_param(member)
        if member not in _NAMES and value is not None:
            setattr(group, xform_name(member), value)
    if newer:
        held = deploys.deployment_groups[application]
        held[newer] = held.pop(name)
        group.deployment_group_name = newer
    return json.dumps({"hooksNotCleanedUp": []})
