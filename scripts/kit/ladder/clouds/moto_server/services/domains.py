"""Route 53."""

from __future__ import annotations

import uuid
from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles


@handles("AWS::Route53::HostedZone")
class HostedZone(Handler):
    """Ref is the zone's id."""

    service = "route53"

    def create(self) -> None:
        """Create it."""
        config = self.props.get("HostedZoneConfig") or {}
        vpcs = self.props.get("VPCs") or []
        made = self.call(
            "create_hosted_zone",
            Name=self.props["Name"],
            CallerReference=str(uuid.uuid4()),
            HostedZoneConfig=config | {"PrivateZone": bool(vpcs)},
            VPC=vpcs[0] if vpcs else None,
        )
        self.id = made["HostedZone"]["Id"].rsplit("/", 1)[-1]
        for vpc in vpcs[1:]:
            self.call("associate_vpc_with_hosted_zone", HostedZoneId=self.id, VPC=vpc)
        servers = (made.get("DelegationSet") or {}).get("NameServers", [])
        self.attributes = {"Id": self.id, "NameServers": servers}
        if self.props.get("HostedZoneTags"):
            tags = self.props["HostedZoneTags"]
            self.call("change_tags_for_resource", ResourceType="hostedzone", ResourceId=self.id, AddTags=tags)

    def delete(self) -> None:
        """Delete it; records of others in it forbid that."""
        self.quietly("delete_hosted_zone", Id=self.id)


@handles("AWS::Route53::HealthCheck")
class HealthCheck(Handler):
    """Ref is the check's id."""

    service = "route53"

    def create(self) -> None:
        """Create it."""
        made = self.call(
            "create_health_check",
            CallerReference=str(uuid.uuid4()),
            HealthCheckConfig=self.props["HealthCheckConfig"],
        )
        self.id = made["HealthCheck"]["Id"]
        self.attributes = {"HealthCheckId": self.id}

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_health_check", HealthCheckId=self.id)


@handles("AWS::Route53::RecordSet")
class RecordSet(Handler):
    """Ref is the record's name."""

    service = "route53"

    def create(self) -> None:
        """Put the record."""
        self._change("UPSERT", [self.props])
        self.id = str(self.props["Name"]).rstrip(".")

    def update(self, old: dict[str, Any]) -> None:
        """Put it anew."""
        self.same(old, "Name", "Type", "SetIdentifier", "HostedZoneId", "HostedZoneName")
        self._change("UPSERT", [self.props])

    def delete(self) -> None:
        """Delete the record."""
        self._change("DELETE", [self.props])

    def _change(self, word: str, records: list[dict[str, Any]]) -> None:
        changes = [{"Action": word, "ResourceRecordSet": _record(record)} for record in records]
        batch = {"Changes": changes}
        if word == "DELETE":
            self.quietly("change_resource_record_sets", HostedZoneId=self._zone(), ChangeBatch=batch)
        else:
            self.call("change_resource_record_sets", HostedZoneId=self._zone(), ChangeBatch=batch)

    def _zone(self) -> str:
        if self.props.get("HostedZoneId"):
            return str(self.props["HostedZoneId"])
        name = str(self.props["HostedZoneName"])
        for zone in self.call("list_hosted_zones")["HostedZones"]:
            if zone["Name"].rstrip(".") == name.rstrip("."):
                return str(zone["Id"]).rsplit("/", 1)[-1]
        raise ValueError(f"no hosted zone named {name}")


@handles("AWS::Route53::RecordSetGroup")
class RecordSetGroup(RecordSet):
    """Ref is a name of its own."""

    def create(self) -> None:
        """Put the records."""
        self._change("UPSERT", self.props["RecordSets"])
        self.id = self.context.generated_name()

    def update(self, old: dict[str, Any]) -> None:
        """Put them anew; delete those no longer named."""
        self.same(old, "HostedZoneId", "HostedZoneName")
        names = [(record["Name"], record["Type"]) for record in self.props["RecordSets"]]
        gone = [record for record in old["RecordSets"] if (record["Name"], record["Type"]) not in names]
        if gone:
            self._change("DELETE", gone)
        self._change("UPSERT", self.props["RecordSets"])

    def delete(self) -> None:
        """Delete the records."""
        self._change("DELETE", self.props["RecordSets"])


def _record(record: dict[str, Any]) -> dict[str, Any]:
    made = {key: part for key, part in record.items() if key not in ("HostedZoneId", "HostedZoneName", "Comment")}
    values = made.get("ResourceRecords")
    if values:
        made["ResourceRecords"] = [{"Value": value} for value in values]
    if "AliasTarget" in made:
        made["AliasTarget"] = {"EvaluateTargetHealth": False} | made["AliasTarget"]
    return made
