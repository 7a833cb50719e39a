"""CloudWatch and its logs, X-Ray."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles
from kit.ladder.clouds.moto_server.simple import simple


@handles("AWS::Logs::LogGroup")
class LogGroup(Handler):
    """Ref is the group's name."""

    service = "logs"

    def create(self) -> None:
        """Create it, then its retention."""
        self.id = self.name("LogGroupName", limit=512)
        tags = {tag["Key"]: str(tag["Value"]) for tag in self.props.get("Tags") or []}
        self.call("create_log_group", logGroupName=self.id, kmsKeyId=self.props.get("KmsKeyId"), tags=tags or None)
        self.attributes = {"Arn": self.context.arn("logs", f"log-group:{self.id}:*")}
        self._retain({})

    def update(self, old: dict[str, Any]) -> None:
        """Retention and key change in place."""
        self.same(old, "LogGroupName")
        if self.props.get("KmsKeyId") != old.get("KmsKeyId") and self.props.get("KmsKeyId"):
            self.call("associate_kms_key", logGroupName=self.id, kmsKeyId=self.props["KmsKeyId"])
        self._retain(old)

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_log_group", logGroupName=self.id)

    def _retain(self, old: dict[str, Any]) -> None:
        days = self.props.get("RetentionInDays")
        if days is not None:
            self.call("put_retention_policy", logGroupName=self.id, retentionInDays=days)
        elif old.get("RetentionInDays") is not None:
            self.call("delete_retention_policy", logGroupName=self.id)


simple(
    "AWS::CloudWatch::Alarm",
    "cloudwatch",
    "put_metric_alarm",
    name="AlarmName",
    limit=255,
    attributes={"Arn": "join(':', ['arn:aws:cloudwatch', region, account, 'alarm', id])"},
    update="=",
    delete="delete_alarms",
    by={"AlarmNames": "[id]"},
)
simple(
    "AWS::CloudWatch::CompositeAlarm",
    "cloudwatch",
    "put_composite_alarm",
    name="AlarmName",
    limit=255,
    attributes={"Arn": "join(':', ['arn:aws:cloudwatch', region, account, 'alarm', id])"},
    update="=",
    delete="delete_alarms",
    by={"AlarmNames": "[id]"},
)
simple(
    "AWS::CloudWatch::Dashboard",
    "cloudwatch",
    "put_dashboard",
    name="DashboardName",
    limit=255,
    update="=",
    delete="delete_dashboards",
    by={"DashboardNames": "[id]"},
)
simple(
    "AWS::CloudWatch::InsightRule",
    "cloudwatch",
    "put_insight_rule",
    name="RuleName",
    attributes={"RuleName": "id", "Arn": "join(':', ['arn:aws:cloudwatch', region, account, 'insight-rule/', id])"},
    update="=",
    delete="delete_insight_rules",
    by={"RuleNames": "[id]"},
)
simple(
    "AWS::Logs::MetricFilter",
    "logs",
    "put_metric_filter",
    name="FilterName",
    limit=512,
    given={"metricTransformations": "props.MetricTransformations"},
    update="=",
    fixed=("LogGroupName",),
    delete="delete_metric_filter",
    by={"logGroupName": "props.LogGroupName", "filterName": "id"},
)
simple(
    "AWS::Logs::SubscriptionFilter",
    "logs",
    "put_subscription_filter",
    name="FilterName",
    limit=512,
    update="=",
    fixed=("LogGroupName",),
    delete="delete_subscription_filter",
    by={"logGroupName": "props.LogGroupName", "filterName": "id"},
)
simple(
    "AWS::Logs::LogStream",
    "logs",
    "create_log_stream",
    name="LogStreamName",
    limit=512,
    delete="delete_log_stream",
    by={"logGroupName": "props.LogGroupName", "logStreamName": "id"},
)
simple(
    "AWS::Logs::ResourcePolicy",
    "logs",
    "put_resource_policy",
    name="PolicyName",
    update="=",
    delete="delete_resource_policy",
    by={"policyName": "id"},
)
simple(
    "AWS::Logs::QueryDefinition",
    "logs",
    "put_query_definition",
    id="made.queryDefinitionId",
    attributes={"QueryDefinitionId": "id"},
    delete="delete_query_definition",
    by={"queryDefinitionId": "id"},
)
simple(
    "AWS::XRay::SamplingRule",
    "xray",
    "create_sampling_rule",
    id="made.SamplingRuleRecord.SamplingRule.RuleName",
    delete="delete_sampling_rule",
    by={"RuleName": "id"},
)
