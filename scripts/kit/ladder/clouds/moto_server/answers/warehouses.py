"""Redshift: a cluster tells whether it can be used, and how it stands in its zones."""

from __future__ import annotations

from typing import Any

from moto.redshift.models import Cluster
from moto.redshift.responses import RedshiftResponse


def install() -> None:
    """Mend them."""
    cluster: Any = Cluster
    cluster.cluster_availability_status = property(_available)
    cluster.availability_zone_relocation_status = "disabled"
    cluster.multi_az = "Disabled"
    response: Any = RedshiftResponse
    make, change = response.create_cluster, response.modify_cluster
    response.create_cluster = lambda self: _zones(self, make(self))
    response.modify_cluster = lambda self: _zones(self, change(self))


def _available(cluster: Any) -> str:
    return {"available": "Available", "paused": "Unavailable"}.get(cluster.status, "Modifying")


def _zones(response: Any, answer: Any) -> Any:
    """Keep what is asked of the zones, which moto does not."""
    cluster = answer.result["Cluster"]
    relocation, several = (response._get_param(key) for key in ("AvailabilityZoneRelocation", "MultiAZ"))
    if relocation is not None:
        cluster.availability_zone_relocation_status = "enabled" if str(relocation).lower() == "true" else "disabled"
    if several is not None:
        cluster.multi_az = "Enabled" if str(several).lower() == "true" else "Disabled"
    return answer
