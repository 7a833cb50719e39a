"""Instances of EC2 can be watched closely after they were made; each database has an id of its own."""

from __future__ import annotations

import hashlib
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses.monitoring import Monitoring
from moto.rds import models as rds


def install() -> None:
    """Mend them."""
    watching: Any = Monitoring
    watching.monitor_instances = lambda self: _watch(self, "enabled")
    watching.unmonitor_instances = lambda self: _watch(self, "disabled")
    database: Any = rds.DBInstance
    make = database.__init__
    database.__init__ = lambda self, *args, **kwargs: _identified(make, self, args, kwargs)


def _watch(response: Any, state: str) -> ActionResult:
    told = []
    for name in response._get_param("InstanceIds", []):
        instance = response.ec2_backend.get_instance(name)
        instance.monitoring_state = state
        told.append({"InstanceId": name, "Monitoring": instance.monitoring})
    return ActionResult({"InstanceMonitorings": told})


def _identified(make: Any, database: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    make(database, *args, **kwargs)
    # Terraform looks a database up by this id, which moto gives to all of them.
    digest = hashlib.sha256(database.db_instance_identifier.encode()).hexdigest().upper()
    database.dbi_resource_id = f"db-{digest[:26]}"
