"""CloudFormation's own types: nested stacks, custom resources, wait conditions."""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles

WAIT_SECONDS = 600.0
_answers: dict[str, dict[str, Any]] = {}
_answered = threading.Condition()


def take_answer(token: str, body: bytes) -> None:
    """A custom resource's function has answered (PUT to its ResponseURL)."""
    with _answered:
        _answers[token] = json.loads(body or b"{}")
        _answered.notify_all()


@handles("AWS::CloudFormation::CustomResource")
class CustomResource(Handler):
    """Custom::* too. Ref is the physical id that the function answers with; GetAtt reads its Data."""

    service = "lambda"

    def create(self) -> None:
        """Call the function with Create."""
        answer = self._ask("Create", None)
        self.id = str(answer.get("PhysicalResourceId") or self.context.generated_name())
        self.attributes = answer.get("Data") or {}

    def update(self, old: dict[str, Any]) -> None:
        """Call it with Update; another physical id means that the old one is deleted."""
        answer = self._ask("Update", old)
        before, self.id = self.id, str(answer.get("PhysicalResourceId") or self.id)
        self.attributes = answer.get("Data") or {}
        if before != self.id:
            self._ask("Delete", None, before, old)

    def delete(self) -> None:
        """Call it with Delete."""
        self._ask("Delete", None)

    def _ask(
        self, word: str, old: dict[str, Any] | None, physical_id: str = "", props: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        token = uuid.uuid4().hex
        target = str((props or self.props)["ServiceToken"])
        if ":lambda:" not in target:
            raise ValueError(f"a custom resource served by {target} is not emulated; by a Lambda function it is")
        event = {
            "RequestType": word,
            "ServiceToken": target,
            "ResponseURL": f"{os.environ['AWS_ENDPOINT_URL']}/task-coordinator/custom/{token}",
            "StackId": self.context.stack_id,
            "RequestId": str(uuid.uuid4()),
            "LogicalResourceId": self.context.logical_id,
            "ResourceType": self.context.kind,
            "ResourceProperties": _strings(props or self.props),
        }
        if word != "Create":
            event["PhysicalResourceId"] = physical_id or self.id
        if old is not None:
            event["OldResourceProperties"] = _strings(old)
        called = self.call("invoke", FunctionName=target, Payload=json.dumps(event).encode())
        failure = called["Payload"].read().decode() if called.get("FunctionError") else ""
        answer = self._await(token, failure)
        if answer.get("Status") != "SUCCESS":
            raise ValueError(f"Received response status [FAILED] from custom resource: {answer.get('Reason')}")
        return answer

    def _await(self, token: str, failure: str) -> dict[str, Any]:
        until = time.monotonic() + (1.0 if failure else WAIT_SECONDS)
        with _answered:
            while token not in _answers:
                left = until - time.monotonic()
                if left <= 0:
                    why = failure or f"no answer in {WAIT_SECONDS:.0f} s"
                    raise ValueError(f"the custom resource's function did not answer: {why}")
                _answered.wait(left)
            return _answers.pop(token)


@handles("AWS::CloudFormation::Stack")
class NestedStack(Handler):
    """Ref is the nested stack's id; GetAtt reads Outputs.Name."""

    service = "cloudformation"

    def create(self) -> None:
        """Create the nested stack and wait for it."""
        made = self.call("create_stack", **self._settings(self.context.generated_name(100)))
        self.id = made["StackId"]
        self._await(("CREATE_COMPLETE",))

    def update(self, old: dict[str, Any]) -> None:
        """Update it and wait for it."""
        from botocore.exceptions import ClientError

        try:
            self.call("update_stack", **self._settings(self.id))
        except ClientError as error:
            if "No updates" in str(error):
                return
            raise
        self._await(("UPDATE_COMPLETE",))

    def delete(self) -> None:
        """Delete it and wait for it."""
        self.call("delete_stack", StackName=self.id)
        self._await(("DELETE_COMPLETE",))

    def _settings(self, name: str) -> dict[str, Any]:
        given = {
            key: ",".join(value) if isinstance(value, list) else str(value) for key, value in self._given().items()
        }
        pairs = [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]
        return {
            "StackName": name,
            "TemplateURL": self.props["TemplateURL"],
            "Parameters": pairs,
            "Capabilities": ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        }

    def _given(self) -> dict[str, Any]:
        return dict(self.props.get("Parameters") or {})

    def _await(self, wanted: tuple[str, ...]) -> None:
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            found = self.call("describe_stacks", StackName=self.id)["Stacks"][0]
            if not found["StackStatus"].endswith("IN_PROGRESS"):
                break
            time.sleep(0.05)
        if found["StackStatus"] not in wanted:
            raise ValueError(f"nested stack {self.id} ended as {found['StackStatus']}: {self._why()}")
        self.attributes = {f"Outputs.{item['OutputKey']}": item["OutputValue"] for item in found.get("Outputs", [])}

    def _why(self) -> str:
        events = self.call("describe_stack_events", StackName=self.id)["StackEvents"]
        failed = [event for event in reversed(events) if event["ResourceStatus"].endswith("_FAILED")]
        return f"{failed[0]['LogicalResourceId']}: {failed[0].get('ResourceStatusReason')}" if failed else "no reason"


@handles("AWS::CloudFormation::WaitConditionHandle", "AWS::CloudFormation::WaitCondition", "AWS::CDK::Metadata")
class Nothing(Handler):
    """Steers a deployment; nothing of it is held. A wait condition is met at once: there is nobody to signal."""

    def create(self) -> None:
        """Take a name."""
        self.id = self.context.generated_name()
        self.attributes = {"Data": "{}"}

    def update(self, old: dict[str, Any]) -> None:
        """Nothing to change."""


def _strings(value: Any) -> Any:
    """Properties as a custom resource gets them: every scalar a string."""
    if isinstance(value, dict):
        return {key: _strings(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_strings(part) for part in value]
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else str(value)
