"""ECS services tell all that they were made with, not only the part that moto's model names."""

from __future__ import annotations

from typing import Any

from botocore import xform_name
from moto.core.utils import get_service_model
from moto.ecs.responses import EC2ContainerServiceResponse


def install() -> None:
    """Mend it."""
    response: Any = EC2ContainerServiceResponse
    make = response.create_service
    response.create_service = lambda self: _create(make, self)


def _create(make: Any, response: Any) -> Any:
    answer = make(response)
    service = answer.result["service"]
    model = get_service_model("ecs")
    told = model.shape_for("Service").members
    # Not asked for, the service's zones are left as they are.
    asked = {"availabilityZoneRebalancing": "DISABLED"} | response._get_params()
    for name in model.operation_model("CreateService").input_shape.members:
        key = xform_name(name)
        if name in told and name in asked and not hasattr(service, key):
            setattr(service, key, asked[name])
    return answer
