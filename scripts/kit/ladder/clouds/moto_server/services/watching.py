"""CloudWatch alarms and dashboards, log filters."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles


@handles("AWS::CloudWatch::Alarm")
class Alarm(Handler):
    """Ref is the alarm's name."""

    service = "cloudwatch"

    def create(self) -> None:
        """Put the alarm."""
        self.id = self.name("AlarmName", limit=255)
        self.attributes = {"Arn": self.context.arn("cloudwatch", f"alarm:{self.id}")}
        self.call("put_metric_alarm", **(self.props | {"AlarmName": self.id}))

    def update(self, old: dict[str, Any]) -> None:
        """Put it anew."""
        self.same(old, "AlarmName")
        self.call("put_metric_alarm", **(self.props | {"AlarmName": self.id}))

    def delete(self) -> None:
        """Delete the alarm."""
        self.quietly("delete_alarms", AlarmNames=[self.id])


@handles("AWS::Logs::MetricFilter")
class MetricFilter(Handler):
    """Ref is the filter's name."""

    service = "logs"

    def create(self) -> None:
        """Put the filter."""
        self.id = self.name("FilterName", limit=512)
        self.call("put_metric_filter", **(self.props | {"filterName": self.id, "FilterName": None}))

    def update(self, old: dict[str, Any]) -> None:
        """Put it anew."""
        self.same(old, "FilterName", "LogGroupName")
        self.call("put_metric_filter", **(self.props | {"filterName": self.id, "FilterName": None}))

    def delete(self) -> None:
        """Delete the filter."""
        self.quietly("delete_metric_filter", logGroupName=self.props["LogGroupName"], filterName=self.id)
