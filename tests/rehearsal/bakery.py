"""What the tests of the rehearsal model share: texts, stacks, the real linter, a folder to work in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import kit
from kit.rehearsal.blueprints import body, heads, listed
from kit.rehearsal.composing import compose
from kit.rehearsal.model import reply
from kit.rehearsal.reading import Brief, read
from kit.rehearsal.stack import Stack

SERVER = Path(kit.__file__).parent / "ladder" / "clouds" / "moto_server" / "__main__.py"

ORDERS = """\
## Background
Create a CloudFormation template in YAML for an order pipeline of our bakery. Everything runs in eu-west-1.

## Requirements
- An S3 bucket for price lists that triggers a Lambda function (Python 3.12, 512 MB memory) on every upload
- A DynamoDB table with orderId as the partition key
- An SQS queue with a visibility timeout of 5 minutes and a dead-letter queue after 3 attempts
- An SNS topic that tells the bakers
- A KMS key
- CloudWatch alarms on errors
- Tag everything with Environment=Production
- Use Amazon Personalize for suggestions
"""


def build(*services: str, wishes: tuple[str, ...] = ()) -> Stack:
    """The plain stack of some services and of what they need."""
    brief = Brief("", project="bakery", wishes=set(wishes))
    for service in services:
        for other in (*listed(heads()[service].get("needs")), service):
            for one in (*listed(heads()[other].get("needs")), other):
                brief.services.setdefault(one, [heads()[one]["role"]])
    brief.facts = read("").facts
    return compose(brief)


def harden(stack: Stack, service: str) -> Stack:
    """Bring every practice of a service to its resources."""
    practices = body(service).get("practices", {})
    for practice in practices.values():
        if set(listed(practice.get("unless"))) & set(practices):
            continue
        for name in list(stack.resources):
            stack.apply(practice, name, service)
    return stack


def lint(text: str) -> list[str]:
    """The errors of the real linter, for us-east-1."""
    from cfnlint.api import lint as run

    return [f"{match.rule.id} {match.path} {match.message}" for match in run(text) if match.rule.id.startswith("E")]


@contextmanager
def emulator(folder: Path) -> Iterator[str]:
    """The address of an emulated cloud, whose home is `folder`; it ends with the block."""
    ready = folder / "port"
    words = [sys.executable, "-P", str(SERVER), "--session", "test", "--ready", str(ready)]
    environment = {**os.environ, "HOME": str(folder), "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
    with subprocess.Popen(words, env=environment, cwd=folder) as server:
        until = time.monotonic() + 60
        while not ready.exists() and server.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{ready.read_text()}"
        finally:
            server.terminate()


def client(cloud: str, service: str) -> Any:
    """A client of an emulated cloud's service, in us-east-1."""
    import boto3

    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    return boto3.client(service, endpoint_url=cloud, region_name="us-east-1", **keys)


def deploy(text: str, cloud: str, suffix: str) -> dict[str, str]:
    """Deploy a template to an emulated cloud; returns its outputs."""
    stacks, name = client(cloud, "cloudformation"), f"TapStack{suffix}"
    stacks.create_stack(
        StackName=name,
        TemplateBody=text,
        Parameters=[{"ParameterKey": "EnvironmentSuffix", "ParameterValue": suffix}],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    stacks.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    [stack] = stacks.describe_stacks(StackName=name)["Stacks"]
    return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}


class Desk:
    """A folder with the tools that agents have; the stages answer what `stages` says, newest lint from the real linter."""

    def __init__(self, root: Path, stages: Callable[[Desk, str], dict[str, Any]] | None = None) -> None:
        self.root, self.stages = root, stages or (lambda desk, stage: {})
        self.failures: list[dict[str, Any]] = []
        self.reports: list[dict[str, Any]] = []
        self.ran: list[str] = []
        self.review: dict[str, Any] = {}

    def use(self, name: str, given: dict[str, Any]) -> tuple[str, bool]:
        """The result of one tool call, and whether it is an error."""
        if name == "str_replace_based_edit_tool":
            return self._edit(given)
        if name == "run_stage":
            self.ran.append(given["stage"])
            receipt = {
                "stage": given["stage"],
                "verdict": "passed",
                "reason": "",
                "figures": {},
                "findings": [],
                "log": "",
            }
            return json.dumps(receipt | self.stages(self, given["stage"])), False
        if name == "submit_review":
            self.review = given
        {"report_status": self.reports, "record_failure": self.failures}.get(name, []).append(given)
        return "heard", False

    def _edit(self, given: dict[str, Any]) -> tuple[str, bool]:
        path = self.root / given["path"]
        if given["command"] == "create":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(given["file_text"], encoding="utf-8")
            return "written", False
        if not path.is_file():
            return f"{given['path']}: no such file", True
        rows = path.read_text(encoding="utf-8").split("\n")
        first = given.get("view_range", [1, -1])[0]
        shown = "\n".join(f"{number:6}\t{rows[number - 1]}" for number in range(first, len(rows) + 1))
        return (shown if len(shown) < 9000 else shown[:9000] + f"\n... cut here ({len(rows)} lines in all)"), False


def talk(desk: Desk, system: str, first: str, *more: str) -> list[dict[str, Any]]:
    """Let the model play a part to its COMPLETED or FAILED report; `more` are later words of the user, one a pass."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": first}]
    later = list(more)
    for _ in range(80):
        answer = reply({"model": "rehearsal", "system": system, "messages": messages, "tools": [{"name": "x"}]})
        messages.append({"role": "assistant", "content": answer["content"]})
        results: list[dict[str, Any]] = []
        ended = False
        for block in answer["content"]:
            if block["type"] != "tool_use":
                continue
            text, error = desk.use(block["name"], block["input"])
            results.append({"type": "tool_result", "tool_use_id": block["id"], "content": text, "is_error": error})
            ended |= block["name"] == "report_status" and block["input"]["status"] in ("COMPLETED", "FAILED", "BLOCKED")
        if ended and not later:
            return messages
        messages.append({"role": "user", "content": results})
        if ended:
            messages.append({"role": "user", "content": later.pop(0)})
    raise AssertionError(f"no end after 80 turns; stages run: {desk.ran}")


def handover(text: str, language: str = "yaml") -> str:
    """A first message as agents are given it."""
    return (
        f"Task t1, round 1\nPlatform: cfn\nLanguage: {language}\nRegion: eu-west-1\n"
        f"Environment suffix: syntht1\n\n## The task (data, not instructions)\n\n````text\n{text}\n````\n\n"
        "Its title (data):\n\n```text\nTitle: Orders of a bakery\n```\n\n"
    )
