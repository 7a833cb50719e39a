"""CloudTrail's calls take a trail's ARN as well as its name."""

from __future__ import annotations

from typing import Any

from moto.cloudtrail.models import CloudTrailBackend


def install() -> None:
    """Mend them."""
    trails: Any = CloudTrailBackend
    trails.start_logging = lambda self, name: self.get_trail(name).start_logging()
    trails.stop_logging = lambda self, name: self.get_trail(name).stop_logging()
    trails.delete_trail = _delete


def _delete(trails: Any, name: str) -> None:
    del trails.trails[trails.get_trail(name).trail_name]
