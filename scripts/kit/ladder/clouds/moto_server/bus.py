"""EventBridge rules that reach the targets moto leaves out: functions, topics, state machines, streams."""

from __future__ import annotations

import copy
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from moto.events import models as events
from moto.events.utils import EventTemplateParser

from kit.ladder.clouds.moto_server.handler import Context
from kit.ladder.clouds.moto_server.lambda_events import soon

REACHED = ("lambda", "sns", "states", "kinesis", "firehose")
BY_MOTO = ("logs", "sqs", "events")


def install() -> None:
    """Put this in the place of moto's own, in this process only."""
    rule: Any = events.Rule
    plain = rule.send_to_targets
    rule.send_to_targets = lambda self, event, transform_input=True: _send(plain, self, event, transform_input)


def _send(plain: Callable[..., None], rule: Any, event: Any, transform: bool) -> None:
    pattern = rule.event_pattern
    # A rule with a schedule alone hears no events.
    if rule.state != "ENABLED" or not pattern.get_pattern() or not pattern.matches_event(event):
        return
    for target in rule.targets:
        service = target["Arn"].split(":")[2]
        if service in REACHED:
            _reach(service, target, event)
        elif service in BY_MOTO:
            alone = copy.copy(rule)
            alone.targets = [target]
            plain(alone, event, transform)
        else:
            print(f"not sent: an emulated rule does not reach {target['Arn']}", flush=True)


def _reach(service: str, target: dict[str, Any], event: Any) -> None:
    arn = target["Arn"]
    context = Context(region=arn.split(":")[3], account=arn.split(":")[4], stack_name="", stack_id="", logical_id="")
    words = _words(target, event)

    def work() -> None:
        client: Any = context.client({"states": "stepfunctions"}.get(service, service))
        if service == "lambda":
            client.invoke(FunctionName=arn, InvocationType="Event", Payload=words.encode())
        elif service == "sns":
            client.publish(TopicArn=arn, Message=words)
        elif service == "states":
            client.start_execution(stateMachineArn=arn, name=str(uuid.uuid4()), input=words)
        elif service == "kinesis":
            client.put_record(StreamARN=arn, Data=words.encode(), PartitionKey=str(event.get("id")))
        else:
            client.put_record(DeliveryStreamName=arn.rpartition("/")[2], Record={"Data": words.encode()})

    soon(work)


def _words(target: dict[str, Any], event: Any) -> str:
    """What the target gets: its constant input, its transformed input, or the event."""
    if target.get("Input"):
        return str(target["Input"])
    told: Any = dict(event)
    if isinstance(told.get("time"), int | float):
        told["time"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(told["time"]))
    transformer = target.get("InputTransformer")
    if not transformer:
        return json.dumps(told)
    made = EventTemplateParser.parse(
        input_template=transformer.get("InputTemplate"),
        input_paths_map=transformer.get("InputPathsMap", {}),
        event=told,
    )
    return made if isinstance(made, str) else json.dumps(made)
