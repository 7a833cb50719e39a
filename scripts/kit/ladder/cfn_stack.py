"""One stack of one cloud: its change sets, its events, its end."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit import files, say
from kit.errors import Failure, StopAll
from kit.ladder.clouds.base import Cloud
from kit.redact import redact
from kit.run.receipts import now
from kit.run.rundir import Run

INLINE_BYTES = 51_200
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
# A stack in one of these can only be deleted.
STALE = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED", "REVIEW_IN_PROGRESS")
DELETE_TRIES = 3


class TimeUp(Failure):
    """Raised when a stack is still at work at the stage's time limit."""


def describe(cloud: Cloud, stack: str) -> dict[str, Any] | None:
    """The stack as the cloud describes it, or None when there is none."""
    from botocore.exceptions import ClientError

    try:
        found = cloud.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    live = [item for item in found if item["StackStatus"] != "DELETE_COMPLETE"]
    return live[0] if live else None


def cloud_error(cloud: Cloud, error: Exception, doing: str) -> str:
    """One sentence for an error met while talking to the cloud; bugs of our own and `StopAll` are raised again."""
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

    if isinstance(error, ClientError):
        return f"{doing}: {error.response.get('Error', {}).get('Message') or error}"
    if isinstance(error, BotoCoreError | HTTPClientError):
        if not cloud.alive:
            return f"{doing}: the emulated cloud ({cloud.name}) has ended; what it held is gone; run the stage again"
        return f"{doing}: {cloud.name} at {cloud.endpoint or 'AWS'} does not answer: {error}"
    if isinstance(error, Failure) and not isinstance(error, StopAll):
        return str(error)
    raise error


class Stack:
    """The stack `name` in `cloud`; what happens is written to `log` line by line."""

    def __init__(self, run: Run, cloud: Cloud, name: str, log: Path) -> None:
        self.run = run
        self.cloud = cloud
        self.name = name
        self.log = log
        self.seconds = float(run.settings["ladder.stage_minutes"]) * 60
        self.deadline = time.monotonic() + self.seconds
        # A deleted stack answers to its id only.
        self._id = ""
        self._bucket = ""
        self._before: set[str] = set()
        self._logged: set[str] = set()

    @property
    def api(self) -> Any:
        """CloudFormation's client."""
        return self.cloud.client("cloudformation")

    def note(self, text: str) -> None:
        """Add a line to the log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a", encoding="utf-8") as out:
            out.write(f"{now()} {redact(text)}\n")

    def clear_stale(self) -> None:
        """Delete a stack that an earlier attempt left in a state from which nothing can be deployed."""
        found = describe(self.cloud, self.name)
        if found is not None and found["StackStatus"] in STALE:
            say.work(f"{self.name} is in {found['StackStatus']} from an earlier attempt: deleting it first")
            reason = self.delete()
            if reason:
                raise Failure(f"the stale stack cannot be deleted: {reason}", hint="make stage STAGE=destroy")

    def apply(self, body: str, parameters: dict[str, str]) -> str:
        """Make and execute a change set; the stack's final status. Unchanged stacks keep theirs."""
        before = describe(self.cloud, self.name)
        kind = "CREATE" if before is None else "UPDATE"
        name = f"c{uuid.uuid4().hex[:12]}"
        self.note(f"change set {name}: {kind} {self.name}")
        self._id = str(before["StackId"]) if before is not None else ""
        if before is not None:
            self._mark_seen()
        inline = len(body.encode()) <= INLINE_BYTES
        where = {"TemplateBody": body} if inline else {"TemplateURL": self._upload(body)}
        try:
            self.api.create_change_set(
                StackName=self.name,
                ChangeSetName=name,
                ChangeSetType=kind,
                Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
                Capabilities=CAPABILITIES,
                Tags=[{"Key": "task-coordinator", "Value": self.run.suffix}],
                **where,
            )
            while True:
                made = self.api.describe_change_set(StackName=self.name, ChangeSetName=name)
                if made["Status"] in ("CREATE_COMPLETE", "FAILED"):
                    break
                self._pause(f"change set {name} is still {made['Status']}")
        finally:
            self._take_back()
        if made["Status"] == "FAILED":
            reason = str(made.get("StatusReason", "no reason given"))
            if before is not None and ("contain changes" in reason or "No updates" in reason):
                self.note("nothing to change")
                # After a roll-back too: what stands is what is asked.
                return str(before["StackStatus"]).replace("UPDATE_ROLLBACK_COMPLETE", "UPDATE_COMPLETE")
            raise Failure(f"change set refused: {reason}")
        for change in made.get("Changes", []):
            item = change["ResourceChange"]
            self.note(f"{item['Action']} {item['LogicalResourceId']} ({item['ResourceType']})")
        self.api.execute_change_set(StackName=self.name, ChangeSetName=name)
        return self._settle()

    def resources(self) -> list[dict[str, Any]]:
        """What the stack lists: LogicalResourceId, PhysicalResourceId, ResourceType, ResourceStatus."""
        pages = self.api.get_paginator("list_stack_resources").paginate(StackName=self.name)
        keys = ("LogicalResourceId", "PhysicalResourceId", "ResourceType", "ResourceStatus")
        return [
            {key: str(item.get(key, "")) for key in keys}
            for page in pages
            for item in page["StackResourceSummaries"]
            if item.get("ResourceStatus") != "DELETE_COMPLETE"
        ]

    def first_failure(self, status: str) -> tuple[str, list[dict[str, Any]]]:
        """One sentence with the first failing resource's own reason, and a finding for each that failed."""
        try:
            events = list(self._events())
        except Exception as error:
            return cloud_error(self.cloud, error, f"reading the events of {self.name}"), []
        findings: list[dict[str, Any]] = []
        for event in events:
            reason = str(event.get("ResourceStatusReason", ""))
            own = event["PhysicalResourceId"] != event["StackId"] or not findings
            if event["ResourceStatus"].endswith("_FAILED") and own and "cancelled" not in reason.lower():
                message = f"{event['ResourceType']}: {reason or event['ResourceStatus']}"
                findings.append(
                    {
                        "rule": "cloudformation",
                        "severity": "error",
                        "resource": event["LogicalResourceId"],
                        "message": message,
                    }
                )
        if findings:
            return f"{findings[0]['resource']}: {findings[0]['message']}", findings
        return f"stack {self.name} ended as {status or 'unknown'}, no resource gave a reason", []

    def delete(self) -> str:
        """Empty buckets and repositories, delete the stack, retry when that fails; "" or why it stays."""
        from kit.ladder.cfn_destroy import empty

        for attempt in range(1, DELETE_TRIES + 1):
            found = describe(self.cloud, self.name)
            if found is None:
                return ""
            self._id = str(found["StackId"])
            for line in empty(self.cloud, self.resources()):
                self.note(line)
            self._mark_seen()
            self.api.delete_stack(StackName=self.name)
            status = self._settle()
            if status == "DELETE_COMPLETE":
                self._id = ""
                return ""
            reason, _ = self.first_failure(status)
            self.note(f"attempt {attempt} of {DELETE_TRIES} ended as {status}: {reason}")
            say.warn(f"{self.name}: {status} (attempt {attempt} of {DELETE_TRIES}): {reason}")
        return f"{status}: {reason}"

    def remember(self, listed: list[dict[str, Any]]) -> None:
        """Keep what the stack holds, so that its end can be proved even when the stack is no longer there."""
        kept = self._kept()
        by_id = {(item["ResourceType"], item["PhysicalResourceId"]): item for item in kept + listed}
        value = {"cloud": self.cloud.name, "session": self.cloud.session, "resources": list(by_id.values())}
        files.write_json(self._record, value)

    def known_resources(self) -> list[dict[str, Any]]:
        """What the stack lists now and what earlier deploys to the same session of the cloud had."""
        listed = self.resources() if describe(self.cloud, self.name) is not None else []
        by_id = {(item["ResourceType"], item["PhysicalResourceId"]): item for item in listed + self._kept()}
        return list(by_id.values())

    def forget(self) -> None:
        """Drop what was remembered: all of it is proved gone."""
        self._record.unlink(missing_ok=True)

    @property
    def _record(self) -> Path:
        return self.run.dir / f"stack-{self.name}.json"

    def lost(self) -> int:
        """How many resources an emulator held that has ended since, and they with it."""
        value = self._recorded()
        return 0 if self._is_of_this_session(value) else len(value.get("resources", []))

    def _kept(self) -> list[dict[str, Any]]:
        value = self._recorded()
        return list(value.get("resources", [])) if self._is_of_this_session(value) else []

    def _recorded(self) -> dict[str, Any]:
        value = files.read_json(self._record) if self._record.exists() else {}
        return value if isinstance(value, dict) else {}

    def _is_of_this_session(self, value: dict[str, Any]) -> bool:
        return value.get("cloud") == self.cloud.name and value.get("session") == self.cloud.session

    def _settle(self) -> str:
        """Wait until the stack rests, noting its events; its status."""
        while True:
            found = self.api.describe_stacks(StackName=self._id or self.name)["Stacks"][0]
            self._id = str(found["StackId"])
            for event in self._events():
                self._log_event(event)
            if not found["StackStatus"].endswith("_IN_PROGRESS"):
                return str(found["StackStatus"])
            self._pause(f"{self.name} is still {found['StackStatus']}")

    def _pause(self, text: str) -> None:
        if time.monotonic() > self.deadline:
            minutes = self.run.settings["ladder.stage_minutes"]
            raise TimeUp(
                f"{text} after {minutes:g} minutes", hint="raise stage_minutes, or look at the events in the log"
            )
        time.sleep(self.cloud.poll_seconds)

    def _events(self) -> Iterator[dict[str, Any]]:
        """This operation's events, oldest first."""
        pages = self.api.get_paginator("describe_stack_events").paginate(StackName=self._id or self.name)
        found = [event for page in pages for event in page["StackEvents"]]
        yield from (event for event in reversed(found) if event["EventId"] not in self._before)

    def _mark_seen(self) -> None:
        self._before |= {event["EventId"] for event in self._events()}

    def _log_event(self, event: dict[str, Any]) -> None:
        reason = event.get("ResourceStatusReason", "")
        line = f"{event['ResourceStatus']} {event['LogicalResourceId']} ({event['ResourceType']}) {reason}".rstrip()
        if event["EventId"] not in self._logged:
            self._logged.add(event["EventId"])
            self.note(line)

    def _upload(self, body: str) -> str:
        """Put the template into a bucket of its own; the address CloudFormation reads it from."""
        s3 = self.cloud.client("s3")
        region = self.cloud.region
        where: dict[str, Any] = {}
        if region != "us-east-1":
            where = {"CreateBucketConfiguration": {"LocationConstraint": region}}
        self._bucket = f"{self.name.lower()}-template-{uuid.uuid4().hex[:8]}"
        s3.create_bucket(Bucket=self._bucket, **where)
        s3.put_object(Bucket=self._bucket, Key="template", Body=body.encode())
        return f"https://s3.{region}.amazonaws.com/{self._bucket}/template"

    def _take_back(self) -> None:
        """Delete the bucket of `_upload`; the change set has read it."""
        if self._bucket:
            s3 = self.cloud.client("s3")
            s3.delete_object(Bucket=self._bucket, Key="template")
            s3.delete_bucket(Bucket=self._bucket)
            self._bucket = ""
