"""Where moto's services answer as AWS would not."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote_plus

from moto.cloudfront import models as cloudfront
from moto.codedeploy.responses import CodeDeployResponse
from moto.codepipeline import models as codepipeline
from moto.core.responses import EmptyResult
from moto.elasticache.models import ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse
from moto.iam.models import iam_backends
from moto.logs import metric_filters
from moto.s3 import models as s3
from moto.s3 import notifications
from moto.sqs import models as sqs
from moto.wafv2 import models as wafv2


def install() -> None:
    """Mend them, in this process only."""
    bucket: Any = s3.FakeBucket
    plain = bucket.get_permission
    bucket.get_permission = lambda self, action, resource: _permission(plain, self, action, resource)
    # The service delivers logs by a policy that may come after the bucket that asks for them.
    bucket._log_permissions_enabled_policy = staticmethod(lambda *args, **kwargs: True)
    queue: Any = sqs.Queue
    put = queue._set_attributes
    queue._set_attributes = lambda self, attributes, now=None: put(self, _with_policy(self, attributes), now)
    filters: Any = metric_filters.MetricFilters
    add = filters.add_filter
    filters.add_filter = lambda self, name, pattern, group, turned: _replace_filter(
        add, self, name, pattern, group, turned
    )
    # Keys in notifications are encoded but for their slashes.
    notes: Any = notifications
    notes.quote_plus = lambda name: quote_plus(name, safe="/")
    distribution: Any = cloudfront.Distribution
    # Of no region: arn:aws:cloudfront::123456789012:distribution/E1.
    distribution.arn = property(
        lambda self: self.__dict__["arn"],
        lambda self, arn: self.__dict__.update(arn=arn.replace(":cloudfront:", ":cloudfront::", 1)),
    )
    pipelines: Any = codepipeline.CodePipelineBackend
    pipelines.iam_backend = property(_Roles)
    groups: Any = ElastiCacheBackend
    drop_group, drop_cache = groups.delete_replication_group, groups.delete_cache_cluster
    groups.delete_replication_group = lambda self, replication_group_id, retain_primary_cluster: _gone(
        self.replication_groups, replication_group_id, drop_group(self, replication_group_id, retain_primary_cluster)
    )
    groups.delete_cache_cluster = lambda self, cache_cluster_id: _gone(
        self.cache_clusters, cache_cluster_id, drop_cache(self, cache_cluster_id)
    )
    caches: Any = ElastiCacheResponse
    caches.delete_cache_subnet_group = _drop_cache_subnets
    walls: Any = wafv2.WAFV2Backend
    wall = walls.associate_web_acl
    walls.associate_web_acl = lambda self, web_acl_arn, resource_arn: _only_wall(wall, self, web_acl_arn, resource_arn)
    rollouts: Any = CodeDeployResponse
    rollouts.delete_application = lambda self: _drop_rollout(self, self.codedeploy_backend.applications)
    rollouts.delete_deployment_group = lambda self: _drop_rollout(
        self,
        self.codedeploy_backend.deployment_groups.get(self._get_param("applicationName"), {}),
        "deploymentGroupName",
    )


def _permission(plain: Any, bucket: Any, action: str, resource: str) -> Any:
    """Judge by the statements for everyone and without conditions.

    moto reads a statement whose condition it cannot tell (aws:SecureTransport=false above all) as a denial.
    """
    if bucket.policy is None:
        return plain(bucket, action, resource)
    policy = json.loads(bucket.policy.decode())
    statements = policy.get("Statement", [])
    plain_ones = [one for one in (statements if isinstance(statements, list) else [statements]) if _for_all(one)]
    kept, bucket.policy = bucket.policy, json.dumps(policy | {"Statement": plain_ones}).encode()
    try:
        return plain(bucket, action, resource)
    finally:
        bucket.policy = kept


def _with_policy(queue: Any, attributes: dict[str, Any]) -> dict[str, Any]:
    """Setting other attributes leaves a queue's policy as it is."""
    kept = queue.__dict__.get("_policy_json") or {}
    return attributes if "Policy" in attributes or not kept.get("Statement") else attributes | {"Policy": queue.policy}


def _replace_filter(add: Any, filters: Any, name: str, pattern: str, group: str, turned: Any) -> None:
    """A metric filter of the same name takes the place of the one before."""
    filters.metric_filters = [
        one for one in filters.metric_filters if (one["filterName"], one["logGroupName"]) != (name, group)
    ]
    add(filters, name, pattern, group, turned)


def _gone(held: dict[str, Any], name: str, answer: Any) -> Any:
    """What is deleted is gone, not `deleting` for good, and may be made again."""
    held.pop(name, None)
    return answer


def _only_wall(associate: Any, walls: Any, acl: str, resource: str) -> None:
    """A resource has one web ACL: another takes the place of the one before."""
    associate(walls, acl, resource)
    for arn, one in walls.wacls.items():
        one.associated_resources = [name for name in one.associated_resources if name != resource]
        if arn == acl:
            one.associated_resources.append(resource)


def _drop_rollout(response: Any, held: dict[str, Any], name: str = "applicationName") -> str:
    """Applications of CodeDeploy and their groups can be deleted."""
    held.pop(response._get_param(name), None)
    return json.dumps({})


def _drop_cache_subnets(response: Any) -> EmptyResult:
    """A cache's subnet group can be deleted."""
    response.elasticache_backend.cache_subnet_groups.pop(response._get_param("CacheSubnetGroupName"), None)
    return EmptyResult()


def _for_all(statement: dict[str, Any]) -> bool:
    return not statement.get("Condition") and statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})


class _Roles:
    """IAM as CodePipeline asks it: each trusted service in a statement of its own, however the role lists them."""

    def __init__(self, pipelines: Any) -> None:
        self.iam = iam_backends[pipelines.account_id][pipelines.partition]

    def get_role_by_arn(self, arn: str) -> Any:
        """The role with its trust written out."""
        document = json.loads(self.iam.get_role_by_arn(arn).assume_role_policy_document)
        statements = document.get("Statement", [])
        services: list[str] = []
        for statement in statements if isinstance(statements, list) else [statements]:
            principal = statement.get("Principal")
            named = principal.get("Service", []) if isinstance(principal, dict) else []
            services += [named] if isinstance(named, str) else named
        trust = {"Statement": [{"Principal": {"Service": service}} for service in services]}
        return SimpleNamespace(assume_role_policy_document=json.dumps(trust))
