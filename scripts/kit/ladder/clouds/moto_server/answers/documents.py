"""DocumentDB: its engine is one that clusters and their instances may have, with versions and a port of its own."""

from __future__ import annotations

from typing import Any

from moto.rds import utils
from moto.rds.models import DBCluster, DBInstance

ENGINE = "docdb"
VERSION = "5.0.0"
PORT = 27017


def install() -> None:
    """Add it."""
    clusters: Any = utils.ClusterEngine
    instances: Any = utils.DbInstanceEngine
    of_clusters, of_instances = clusters.list_cluster_engines, instances.valid_db_instance_engine
    clusters.list_cluster_engines = staticmethod(lambda: sorted([*of_clusters(), ENGINE]))
    instances.valid_db_instance_engine = staticmethod(lambda: sorted([*of_instances(), ENGINE]))
    defaults: Any
    for defaults in (DBCluster, DBInstance):
        defaults.default_port = staticmethod(_or(PORT, defaults.default_port))
        defaults.default_allocated_storage = staticmethod(_or(0, defaults.default_allocated_storage))
    DBCluster.default_engine_version = staticmethod(_or(VERSION, DBCluster.default_engine_version))  # type: ignore[method-assign]
    DBInstance.default_engine_versions[ENGINE] = VERSION
    cluster: Any = DBCluster
    begin = cluster.__init__

    def init(self: Any, *args: Any, **given: Any) -> None:
        begin(self, *args, **given)
        if self.engine == ENGINE and self.parameter_group.startswith("default.aurora"):
            self.parameter_group = f"default.docdb{self.engine_version.rpartition('.')[0]}"

    cluster.__init__ = init


def _or(own: Any, plain: Any) -> Any:
    return lambda engine, **more: own if engine == ENGINE else plain(engine, **more)
