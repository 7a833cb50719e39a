"""CloudFront, certificates, WAF, service discovery."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles
from kit.ladder.clouds.moto_server.simple import simple

# CloudFront's API wants every list with its length; CloudFormation writes plain lists.
_LISTS = {
    "Aliases",
    "Origins",
    "CacheBehaviors",
    "CustomErrorResponses",
    "AllowedMethods",
    "CachedMethods",
    "TrustedSigners",
    "TrustedKeyGroups",
    "LambdaFunctionAssociations",
    "FunctionAssociations",
    "Headers",
    "WhitelistedNames",
    "QueryStringCacheKeys",
    "OriginCustomHeaders",
    "OriginSslProtocols",
    "OriginSSLProtocols",
    "OriginGroups",
    "StatusCodes",
    "Locations",
}


@handles("AWS::CloudFront::Distribution")
class Distribution(Handler):
    """Ref is the distribution's id."""

    service = "cloudfront"

    def create(self) -> None:
        """Create the distribution."""
        tags = {"Items": self.props.get("Tags") or []}
        asked = {"DistributionConfig": self._config(), "Tags": tags}
        made = self.call("create_distribution_with_tags", DistributionConfigWithTags=asked)["Distribution"]
        self.id, self.arn = made["Id"], made["ARN"]
        self.attributes = {"Id": self.id, "DomainName": made["DomainName"]}

    def update(self, old: dict[str, Any]) -> None:
        """Put the whole configuration."""
        tag = self.call("get_distribution", Id=self.id)["ETag"]
        self.call("update_distribution", Id=self.id, IfMatch=tag, DistributionConfig=self._config())
        tags = self.props.get("Tags") or []
        gone = {row["Key"] for row in old.get("Tags") or []} - {row["Key"] for row in tags}
        if gone:
            self.call("untag_resource", Resource=self.arn, TagKeys={"Items": sorted(gone)})
        if tags:
            self.call("tag_resource", Resource=self.arn, Tags={"Items": tags})

    def delete(self) -> None:
        """Disable it, then delete it."""
        from botocore.exceptions import ClientError

        try:
            found = self.call("get_distribution", Id=self.id)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchDistribution":
                return
            raise
        config = found["Distribution"]["DistributionConfig"] | {"Enabled": False}
        tag = self.call("update_distribution", Id=self.id, IfMatch=found["ETag"], DistributionConfig=config)["ETag"]
        self.quietly("delete_distribution", Id=self.id, IfMatch=tag)

    def _config(self) -> dict[str, Any]:
        config = _counted(self.props["DistributionConfig"])
        config.setdefault("CallerReference", self.context.generated_name())
        config.setdefault("Comment", "")
        for origin in config.get("Origins", {}).get("Items", []):
            origin.setdefault("OriginPath", "")
            origin.setdefault("CustomHeaders", {"Quantity": 0, "Items": []})
            custom = origin.get("CustomOriginConfig")
            if custom is not None:
                custom["HTTPPort"] = custom.get("HTTPPort", 80)
                custom["HTTPSPort"] = custom.get("HTTPSPort", 443)
            if "S3OriginConfig" in origin:
                origin["S3OriginConfig"].setdefault("OriginAccessIdentity", "")
        for behaviour in [config.get("DefaultCacheBehavior", {}), *config.get("CacheBehaviors", {}).get("Items", [])]:
            if "ForwardedValues" in behaviour:
                behaviour["ForwardedValues"].setdefault("Cookies", {"Forward": "none"})
        restrictions = config.get("Restrictions", {}).get("GeoRestriction")
        if restrictions is not None:
            places = restrictions.pop("Locations", {"Quantity": 0, "Items": []})
            restrictions |= places
        return config


def _counted(value: Any, name: str = "") -> Any:
    if isinstance(value, list):
        items = [_counted(part) for part in value]
        return {"Quantity": len(items), "Items": items} if name in _LISTS else items
    if not isinstance(value, dict):
        return value
    made = {key: _counted(part, key) for key, part in value.items()}
    cached = made.pop("CachedMethods", None)
    if cached is not None and "AllowedMethods" not in made:
        made["AllowedMethods"] = dict(cached)
    if cached is not None:
        made["AllowedMethods"]["CachedMethods"] = cached
    return made


class _Scoped(Handler):
    """A WAF thing with a lock token; Ref is "name|id|scope"."""

    service = "wafv2"
    word = ""
    answer = "Summary"

    def create(self) -> None:
        """Create it."""
        name = self.name("Name", limit=128)
        region = "us-east-1" if self.props["Scope"] == "CLOUDFRONT" else self.context.region
        made = self.call(f"create_{self.word}", **(self.props | {"Name": name}))[self.answer]
        self.parts = {"Name": name, "Id": made["Id"], "Scope": self.props["Scope"]}
        self.id = f"{name}|{made['Id']}|{self.props['Scope']}"
        self.attributes = {"Arn": made["ARN"], "Id": made["Id"], "Region": region}

    def update(self, old: dict[str, Any]) -> None:
        """Put everything anew."""
        self.same(old, "Name", "Scope")
        self.call(f"update_{self.word}", **(self.props | self.parts | {"LockToken": self._token()}))

    def delete(self) -> None:
        """Delete it."""
        from botocore.exceptions import ClientError

        try:
            token = self._token()
        except ClientError as error:
            if "NonexistentItem" in error.response["Error"]["Code"]:
                return
            raise
        self.quietly(f"delete_{self.word}", **self.parts, LockToken=token)

    def _token(self) -> str:
        return str(self.call(f"get_{self.word}", **self.parts)["LockToken"])


@handles("AWS::WAFv2::WebACL")
class WebACL(_Scoped):
    """A web ACL."""

    word = "web_acl"


@handles("AWS::WAFv2::IPSet")
class IPSet(_Scoped):
    """A set of addresses."""

    word = "ip_set"


@handles("AWS::WAFv2::RuleGroup")
class RuleGroup(_Scoped):
    """A group of rules."""

    word = "rule_group"


@handles("AWS::WAFv2::WebACLAssociation")
class WebACLAssociation(Handler):
    """Ref is "acl|resource"."""

    service = "wafv2"

    def create(self) -> None:
        """Associate."""
        self.call("associate_web_acl", **self.props)
        self.id = f"{self.props['WebACLArn']}|{self.props['ResourceArn']}"

    def delete(self) -> None:
        """Dissociate, unless the resource has another ACL by now."""
        found = self.call("get_web_acl_for_resource", ResourceArn=self.props["ResourceArn"]).get("WebACL") or {}
        if found.get("ARN") == self.props["WebACLArn"]:
            self.quietly("disassociate_web_acl", ResourceArn=self.props["ResourceArn"])


class _Namespace(Handler):
    """A namespace of Cloud Map. Ref is its id."""

    service = "servicediscovery"
    word = ""

    def create(self) -> None:
        """Create it, and ask the operation for its id."""
        operation = self.call(f"create_{self.word}_namespace", **self.props)["OperationId"]
        self.id = self.call("get_operation", OperationId=operation)["Operation"]["Targets"]["NAMESPACE"]
        found = self.call("get_namespace", Id=self.id)["Namespace"]
        zone = ((found.get("Properties") or {}).get("DnsProperties") or {}).get("HostedZoneId")
        self.attributes = {"Id": self.id, "Arn": found["Arn"], "HostedZoneId": zone}

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_namespace", Id=self.id)


@handles("AWS::ServiceDiscovery::HttpNamespace")
class HttpNamespace(_Namespace):
    """Found by calls alone."""

    word = "http"


@handles("AWS::ServiceDiscovery::PrivateDnsNamespace")
class PrivateDnsNamespace(_Namespace):
    """Found by names within a network."""

    word = "private_dns"


@handles("AWS::ServiceDiscovery::PublicDnsNamespace")
class PublicDnsNamespace(_Namespace):
    """Found by names everywhere."""

    word = "public_dns"


simple(
    "AWS::WAFv2::LoggingConfiguration",
    "wafv2",
    "put_logging_configuration",
    given={
        "LoggingConfiguration": "{ResourceArn: props.ResourceArn, LogDestinationConfigs: props.LogDestinationConfigs,"
        " RedactedFields: props.RedactedFields, LoggingFilter: props.LoggingFilter}"
    },
    id="props.ResourceArn",
    update="=",
    fixed=("ResourceArn",),
    delete="delete_logging_configuration",
    by={"ResourceArn": "id"},
)
simple(
    "AWS::CertificateManager::Certificate",
    "acm",
    "request_certificate",
    id="made.CertificateArn",
    delete="delete_certificate",
    by={"CertificateArn": "id"},
)
simple(
    "AWS::CloudFront::OriginAccessControl",
    "cloudfront",
    "create_origin_access_control",
    id="made.OriginAccessControl.Id",
    attributes={"Id": "id"},
    delete="delete_origin_access_control",
    by={"Id": "id"},
)
simple(
    "AWS::CloudFront::CloudFrontOriginAccessIdentity",
    "cloudfront",
    "create_cloud_front_origin_access_identity",
    given={
        "CloudFrontOriginAccessIdentityConfig": "{CallerReference: props.CloudFrontOriginAccessIdentityConfig.Comment,"
        " Comment: props.CloudFrontOriginAccessIdentityConfig.Comment}"
    },
    id="made.CloudFrontOriginAccessIdentity.Id",
    attributes={"Id": "id", "S3CanonicalUserId": "made.CloudFrontOriginAccessIdentity.S3CanonicalUserId"},
    delete="delete_cloud_front_origin_access_identity",
    by={"Id": "id"},
)
simple(
    "AWS::ServiceDiscovery::Service",
    "servicediscovery",
    "create_service",
    name="Name",
    id="made.Service.Id",
    attributes={"Id": "id", "Arn": "made.Service.Arn", "Name": "name"},
    delete="delete_service",
    by={"Id": "id"},
)
