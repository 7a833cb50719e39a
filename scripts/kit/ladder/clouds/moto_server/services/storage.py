"""S3: buckets with all their settings, and their policies."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles
from kit.ladder.clouds.moto_server.services import storage_settings as settings

# Property -> (operation, the argument that carries it, how it is turned into that argument, how it is taken away).
_SETTINGS: dict[str, tuple[str, str, Callable[[Any], Any], str]] = {
    "BucketEncryption": (
        "put_bucket_encryption",
        "ServerSideEncryptionConfiguration",
        settings.encryption,
        "delete_bucket_encryption",
    ),
    "VersioningConfiguration": ("put_bucket_versioning", "VersioningConfiguration", lambda value: value, ""),
    "PublicAccessBlockConfiguration": (
        "put_public_access_block",
        "PublicAccessBlockConfiguration",
        lambda value: value,
        "delete_public_access_block",
    ),
    "OwnershipControls": (
        "put_bucket_ownership_controls",
        "OwnershipControls",
        lambda value: value,
        "delete_bucket_ownership_controls",
    ),
    "LifecycleConfiguration": (
        "put_bucket_lifecycle_configuration",
        "LifecycleConfiguration",
        settings.lifecycle,
        "delete_bucket_lifecycle",
    ),
    "CorsConfiguration": ("put_bucket_cors", "CORSConfiguration", settings.cors, "delete_bucket_cors"),
    "WebsiteConfiguration": ("put_bucket_website", "WebsiteConfiguration", settings.website, "delete_bucket_website"),
    "LoggingConfiguration": ("put_bucket_logging", "BucketLoggingStatus", settings.logging, ""),
    "AccelerateConfiguration": (
        "put_bucket_accelerate_configuration",
        "AccelerateConfiguration",
        lambda value: {"Status": value["AccelerationStatus"]},
        "",
    ),
    "AccessControl": ("put_bucket_acl", "ACL", settings.canned, ""),
    "ReplicationConfiguration": (
        "put_bucket_replication",
        "ReplicationConfiguration",
        settings.replication,
        "delete_bucket_replication",
    ),
    "NotificationConfiguration": (
        "put_bucket_notification_configuration",
        "NotificationConfiguration",
        settings.notifications,
        "",
    ),
    "Tags": ("put_bucket_tagging", "Tagging", lambda value: {"TagSet": value}, "delete_bucket_tagging"),
}


@handles("AWS::S3::Bucket")
class Bucket(Handler):
    """Ref is the bucket's name."""

    service = "s3"

    def create(self) -> None:
        """Create the bucket, then put each setting."""
        name = self.name("BucketName", limit=63, lower=True)
        where = {"LocationConstraint": self.context.region} if self.context.region != "us-east-1" else None
        self.call(
            "create_bucket",
            Bucket=name,
            CreateBucketConfiguration=where,
            ObjectLockEnabledForBucket=self.props.get("ObjectLockEnabled"),
        )
        self.id = name
        region, host = self.context.region, "amazonaws.com"
        self.attributes = {
            "Arn": f"arn:aws:s3:::{name}",
            "DomainName": f"{name}.s3.{host}",
            "RegionalDomainName": f"{name}.s3.{region}.{host}",
            "DualStackDomainName": f"{name}.s3.dualstack.{region}.{host}",
            "WebsiteURL": f"http://{name}.s3-website-{region}.{host}",
        }
        self._put({})

    def update(self, old: dict[str, Any]) -> None:
        """Settings change in place."""
        self.same(old, "BucketName", "ObjectLockEnabled")
        self._put(old)

    def delete(self) -> None:
        """Delete the bucket, which has to be empty."""
        self.quietly("delete_bucket", Bucket=self.id)

    def _put(self, old: dict[str, Any]) -> None:
        for name, (operation, argument, turn, away) in _SETTINGS.items():
            value = self.props.get(name)
            if value is not None and value != old.get(name):
                self.call(operation, **{"Bucket": self.id, argument: turn(value)})
            elif value is None and name in old:
                if away:
                    self.call(away, Bucket=self.id)
                elif name == "NotificationConfiguration":
                    self.call(operation, **{"Bucket": self.id, argument: {}})


@handles("AWS::S3::BucketPolicy")
class BucketPolicy(Handler):
    """Ref is the bucket's name."""

    service = "s3"

    def create(self) -> None:
        """Put the policy."""
        self.id = str(self.props["Bucket"])
        self._put()

    def update(self, old: dict[str, Any]) -> None:
        """Put it anew."""
        self.same(old, "Bucket")
        self._put()

    def delete(self) -> None:
        """Take it away."""
        self.quietly("delete_bucket_policy", Bucket=self.id)

    def _put(self) -> None:
        document = self.props["PolicyDocument"]
        text = document if isinstance(document, str) else json.dumps(document)
        self.call("put_bucket_policy", Bucket=self.id, Policy=text)
