"""EventBridge and its scheduler."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles
from kit.ladder.clouds.moto_server.simple import simple


@handles("AWS::Events::Rule")
class Rule(Handler):
    """Ref is the rule's name, "bus|name" on a bus of one's own."""

    service = "events"

    def create(self) -> None:
        """Put the rule and its targets."""
        self.own_name = self.name("Name")
        self._put({})
        bus = self._bus()
        self.id = self.own_name if bus in ("", "default") else f"{bus}|{self.own_name}"

    def update(self, old: dict[str, Any]) -> None:
        """Put them anew."""
        self.same(old, "Name", "EventBusName")
        self._put(old)

    def delete(self) -> None:
        """Remove the targets, delete the rule."""
        ids = [target["Id"] for target in self.props.get("Targets") or []]
        if ids:
            self.quietly("remove_targets", Rule=self.own_name, EventBusName=self._bus() or None, Ids=ids)
        self.quietly("delete_rule", Name=self.own_name, EventBusName=self._bus() or None)

    def _put(self, old: dict[str, Any]) -> None:
        bus = self._bus() or None
        made = self.call("put_rule", **(self.props | {"Name": self.own_name, "EventBusName": bus}))
        self.attributes = {"Arn": made["RuleArn"]}
        targets = self.props.get("Targets") or []
        ids = [target["Id"] for target in targets]
        gone = [target["Id"] for target in old.get("Targets") or [] if target["Id"] not in ids]
        if gone:
            self.call("remove_targets", Rule=self.own_name, EventBusName=bus, Ids=gone)
        if targets:
            answer = self.call("put_targets", Rule=self.own_name, EventBusName=bus, Targets=targets)
            if answer.get("FailedEntryCount"):
                raise ValueError(f"targets refused: {answer['FailedEntries'][0].get('ErrorMessage')}")

    def _bus(self) -> str:
        return str(self.props.get("EventBusName") or "").rpartition("/")[2]


simple(
    "AWS::Events::EventBus",
    "events",
    "create_event_bus",
    name="Name",
    attributes={"Arn": "made.EventBusArn", "Name": "id"},
    delete="delete_event_bus",
    by={"Name": "id"},
)
simple(
    "AWS::Events::Archive",
    "events",
    "create_archive",
    name="ArchiveName",
    limit=48,
    given={"EventSourceArn": "props.SourceArn"},
    attributes={"Arn": "made.ArchiveArn", "ArchiveName": "id"},
    update="update_archive",
    fixed=("SourceArn",),
    delete="delete_archive",
    by={"ArchiveName": "id"},
)
simple(
    "AWS::Events::EventBusPolicy",
    "events",
    "put_permission",
    given={"Policy": "props.Statement && {Version: '2012-10-17', Statement: [props.Statement]} || null"},
    id="join('|', [props.EventBusName || 'default', props.StatementId])",
    delete="remove_permission",
    by={"EventBusName": "props.EventBusName", "StatementId": "props.StatementId"},
)
simple(
    "AWS::Events::Connection",
    "events",
    "create_connection",
    name="Name",
    attributes={"Arn": "made.ConnectionArn"},
    update="update_connection",
    delete="delete_connection",
    by={"Name": "id"},
)
simple(
    "AWS::Events::ApiDestination",
    "events",
    "create_api_destination",
    name="Name",
    attributes={"Arn": "made.ApiDestinationArn"},
    update="update_api_destination",
    delete="delete_api_destination",
    by={"Name": "id"},
)
simple(
    "AWS::Scheduler::Schedule",
    "scheduler",
    "create_schedule",
    name="Name",
    attributes={"Arn": "made.ScheduleArn"},
    update="update_schedule",
    fixed=("GroupName",),
    delete="delete_schedule",
    by={"Name": "id", "GroupName": "props.GroupName"},
)
simple(
    "AWS::Scheduler::ScheduleGroup",
    "scheduler",
    "create_schedule_group",
    name="Name",
    attributes={"Arn": "made.ScheduleGroupArn"},
    delete="delete_schedule_group",
    by={"Name": "id"},
)
