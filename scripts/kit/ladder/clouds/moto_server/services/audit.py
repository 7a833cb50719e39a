"""CloudTrail, Config, GuardDuty, Security Hub, Budgets, Backup."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles
from kit.ladder.clouds.moto_server.simple import simple


@handles("AWS::CloudTrail::Trail")
class Trail(Handler):
    """Ref is the trail's name."""

    service = "cloudtrail"

    def create(self) -> None:
        """Create the trail, its selectors, and let it log."""
        name = self.name("TrailName", limit=128)
        made = self.call("create_trail", **self._settings(name))
        self.id = name
        self.attributes = {"Arn": made["TrailARN"], "SnsTopicArn": made.get("SnsTopicARN")}
        self._rest()

    def update(self, old: dict[str, Any]) -> None:
        """All but the name change in place."""
        self.same(old, "TrailName")
        self.call("update_trail", **self._settings(self.id))
        self._rest()

    def delete(self) -> None:
        """Delete the trail."""
        self.quietly("delete_trail", Name=self.id)

    def _settings(self, name: str) -> dict[str, Any]:
        return self.props | {
            "Name": name,
            "TagsList": self.props.get("Tags"),
            "KmsKeyId": self.props.get("KMSKeyId"),
        }

    def _rest(self) -> None:
        plain, advanced = self.props.get("EventSelectors"), self.props.get("AdvancedEventSelectors")
        if plain or advanced:
            self.call("put_event_selectors", TrailName=self.id, EventSelectors=plain, AdvancedEventSelectors=advanced)
        if self.props.get("InsightSelectors"):
            self.call("put_insight_selectors", TrailName=self.id, InsightSelectors=self.props["InsightSelectors"])
        on = str(self.props.get("IsLogging", True)).lower() == "true"
        self.call("start_logging" if on else "stop_logging", Name=self.id)


@handles("AWS::Config::ConfigurationRecorder")
class ConfigurationRecorder(Handler):
    """Ref is the recorder's name."""

    service = "config"

    def create(self) -> None:
        """Put the recorder."""
        self.id = str(self.props.get("Name") or "default")
        self._put()

    def update(self, old: dict[str, Any]) -> None:
        """Put it anew."""
        self.same(old, "Name")
        self._put()

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_configuration_recorder", ConfigurationRecorderName=self.id)

    def _put(self) -> None:
        recorder = {
            "name": self.id,
            "roleARN": self.props["RoleARN"],
            "recordingGroup": self.props.get("RecordingGroup"),
        }
        self.call("put_configuration_recorder", ConfigurationRecorder=recorder)


@handles("AWS::Config::DeliveryChannel")
class DeliveryChannel(Handler):
    """Ref is the channel's name."""

    service = "config"

    def create(self) -> None:
        """Put the channel."""
        self.id = str(self.props.get("Name") or "default")
        self._put()

    def update(self, old: dict[str, Any]) -> None:
        """Put it anew."""
        self.same(old, "Name")
        self._put()

    def delete(self) -> None:
        """Stop recording, then delete it."""
        for recorder in self.call("describe_configuration_recorders").get("ConfigurationRecorders", []):
            self.quietly("stop_configuration_recorder", ConfigurationRecorderName=recorder["name"])
        self.quietly("delete_delivery_channel", DeliveryChannelName=self.id)

    def _put(self) -> None:
        channel = self.props | {"name": self.id}
        self.call("put_delivery_channel", DeliveryChannel=channel)
        for recorder in self.call("describe_configuration_recorders").get("ConfigurationRecorders", []):
            self.call("start_configuration_recorder", ConfigurationRecorderName=recorder["name"])


@handles("AWS::Config::ConfigRule")
class ConfigRule(Handler):
    """Ref is the rule's name."""

    service = "config"

    def create(self) -> None:
        """Put the rule."""
        self.id = self.name("ConfigRuleName", limit=128)
        self._put()
        found = self.call("describe_config_rules", ConfigRuleNames=[self.id])["ConfigRules"][0]
        self.attributes = {"Arn": found["ConfigRuleArn"], "ConfigRuleId": found["ConfigRuleId"]}

    def update(self, old: dict[str, Any]) -> None:
        """Put it anew."""
        self.same(old, "ConfigRuleName")
        self._put()

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_config_rule", ConfigRuleName=self.id)

    def _put(self) -> None:
        self.call("put_config_rule", ConfigRule=self.props | {"ConfigRuleName": self.id})


@handles("AWS::Budgets::Budget")
class Budget(Handler):
    """Ref is the budget's name."""

    service = "budgets"

    def create(self) -> None:
        """Create the budget with its notifications."""
        asked = self.props["Budget"]
        self.id = str(asked.get("BudgetName") or self.context.generated_name(100))
        self.call(
            "create_budget",
            AccountId=self.context.account,
            Budget=asked | {"BudgetName": self.id},
            NotificationsWithSubscribers=self.props.get("NotificationsWithSubscribers"),
        )

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_budget", AccountId=self.context.account, BudgetName=self.id)


@handles("AWS::Backup::BackupSelection")
class BackupSelection(Handler):
    """Ref is "selection|plan"."""

    service = "backup"

    def create(self) -> None:
        """Create the selection."""
        made = self.call("create_backup_selection", **self.props)
        self.id = f"{made['SelectionId']}_{made['BackupPlanId']}"
        self.attributes = {"SelectionId": made["SelectionId"], "BackupPlanId": made["BackupPlanId"]}

    def delete(self) -> None:
        """Delete the selection."""
        self.quietly("delete_backup_selection", **self.attributes)


simple(
    "AWS::GuardDuty::Detector",
    "guardduty",
    "create_detector",
    id="made.DetectorId",
    attributes={"Id": "id"},
    update="update_detector",
    delete="delete_detector",
    by={"DetectorId": "id"},
)
simple(
    "AWS::SecurityHub::Hub",
    "securityhub",
    "enable_security_hub",
    id="join('', ['arn:aws:securityhub:', region, ':', account, ':hub/default'])",
    delete="disable_security_hub",
)
simple(
    "AWS::Backup::BackupVault",
    "backup",
    "create_backup_vault",
    name="BackupVaultName",
    given={"BackupVaultTags": "props.BackupVaultTags"},
    attributes={"BackupVaultArn": "made.BackupVaultArn", "BackupVaultName": "id"},
    delete="delete_backup_vault",
    by={"BackupVaultName": "id"},
)
simple(
    "AWS::Backup::BackupPlan",
    "backup",
    "create_backup_plan",
    given={
        "BackupPlan": "{BackupPlanName: props.BackupPlan.BackupPlanName, Rules: props.BackupPlan.BackupPlanRule[]."
        "{RuleName: RuleName, TargetBackupVaultName: TargetBackupVault, ScheduleExpression: ScheduleExpression,"
        " StartWindowMinutes: StartWindowMinutes, CompletionWindowMinutes: CompletionWindowMinutes,"
        " Lifecycle: Lifecycle}}"
    },
    id="made.BackupPlanId",
    attributes={"BackupPlanId": "id", "BackupPlanArn": "made.BackupPlanArn", "VersionId": "made.VersionId"},
    delete="delete_backup_plan",
    by={"BackupPlanId": "id"},
)
