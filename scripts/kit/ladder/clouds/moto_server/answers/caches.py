"""ElastiCache: the clusters that make up a replication group are there as clusters, with their settings."""

from __future__ import annotations

import inspect
from typing import Any

from moto.elasticache.models import CacheCluster, ElastiCacheBackend

_DEFAULTS = {"redis": "7.1.0", "valkey": "8.0.1"}


def install() -> None:
    """Mend them."""
    caches: Any = ElastiCacheBackend
    make, drop = caches.create_replication_group, caches.delete_replication_group
    caches.create_replication_group = lambda self, **given: _create(make, self, given)
    caches.delete_replication_group = lambda self, replication_group_id, retain_primary_cluster: _delete(
        drop, self, replication_group_id, retain_primary_cluster
    )


def _create(make: Any, caches: Any, given: dict[str, Any]) -> Any:
    if given.get("cluster_mode") != "enabled" and not given.get("replicas_per_node_group"):
        # moto makes one cluster, however many are asked for.
        given["replicas_per_node_group"] = int(given.get("num_cache_clusters") or 1) - 1
    group = make(caches, **given)
    for part in group.node_groups:
        for member in part["node_group_members"]:
            caches.cache_clusters[member["cache_cluster_id"]] = _cluster(caches, given, member)
    return group


def _cluster(caches: Any, given: dict[str, Any], member: dict[str, Any]) -> Any:
    names = inspect.signature(CacheCluster.__init__).parameters
    engine = given.get("engine") or "redis"
    version = str(given.get("engine_version") or _DEFAULTS.get(engine, _DEFAULTS["redis"]))
    settings: dict[str, Any] = {name: given.get(name) for name in names if name not in ("self", "tags")} | {
        "account_id": caches.account_id,
        "region_name": caches.region_name,
        "cache_cluster_id": member["cache_cluster_id"],
        "preferred_availability_zone": member["preferred_availability_zone"],
        "engine": engine,
        "engine_version": version
        if version.count(".") == 2
        else f"{version}.0"
        if "." in version
        else f"{version}.0.0",
        "tags": None,
    }
    made: Any = CacheCluster(**settings)
    made.replication_group_id, made.num_cache_nodes = given["replication_group_id"], 1
    groups = [{"security_group_id": one, "status": "active"} for one in given.get("security_group_ids") or []]
    made.security_groups = groups
    node = {"cache_node_id": "0001", "cache_node_status": "available", "parameter_group_status": "in-sync"}
    endpoint = member.get("read_endpoint") or {
        "address": f"{made.cache_cluster_id}.cache.amazonaws.com",
        "port": made.port,
    }
    made.cache_nodes = [
        node | {"endpoint": endpoint, "customer_availability_zone": member["preferred_availability_zone"]}
    ]
    if made.cache_parameter_group_name:
        made.cache_parameter_group = {
            "cache_parameter_group_name": made.cache_parameter_group_name,
            "parameter_apply_status": "in-sync",
        }
    return made


def _delete(drop: Any, caches: Any, name: str, retain: bool | None) -> Any:
    group = drop(caches, name, retain)
    kept = group.primary_cluster_id if retain else ""
    for one, cluster in list(caches.cache_clusters.items()):
        if getattr(cluster, "replication_group_id", None) == name and one != kept:
            del caches.cache_clusters[one]
    return group
