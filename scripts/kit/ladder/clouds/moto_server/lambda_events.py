"""Lets functions really run in moto, and lets what happens elsewhere call them as AWS would: soon, not at once."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import urlparse

from moto.awslambda import models as functions
from moto.s3 import notifications
from moto.sns import models as topics
from moto.sqs import models as queues
from moto.sqs.exceptions import ReceiptHandleIsInvalid

from kit.ladder.clouds.moto_server import lambda_run

RETRY_SECONDS = 0.5
MAX_TRIES = 3
_adding = threading.local()


def install() -> None:
    """Put these in the place of moto's own, in this process only."""
    function: Any = functions.LambdaFunction
    function._invoke_lambda = invoke_here
    function.invoke = invoke
    backend: Any = functions.LambdaBackend
    backend.send_dynamodb_items = _later(backend.send_dynamodb_items, True)
    backend.send_log_event = _later(backend.send_log_event, None)
    notifications._invoke_awslambda = _later(notifications._invoke_awslambda, None)
    queue: Any = queues.Queue
    plain = queue.add_message
    queue.lambda_event_source_mappings = property(_mappings, lambda self, value: None)
    queue.add_message = lambda self, message: _add_message(plain, self, message)
    subscription: Any = topics.Subscription
    publish = subscription.publish
    subscription.publish = lambda self, *args, **kwargs: _publish(publish, self, *args, **kwargs)


def invoke_here(self: Any, event: Any = None) -> tuple[str, bool, str]:
    """LambdaFunction._invoke_lambda without Docker: payload, failed, log."""
    self.logs_backend.ensure_log_group(self.logs_group_name)
    answer = lambda_run.run(self, {} if event is None else event)
    self.save_logs(answer.log)
    return answer.payload, answer.failed, answer.log


def invoke(self: Any, body: Any, request_headers: Any, response_headers: Any) -> str | bytes:
    """LambdaFunction.invoke: at once, or in a thread for the invocation type Event."""
    event = json.loads(body) if body else {}
    kind = request_headers.get("x-amz-invocation-type", "RequestResponse")
    if kind == "DryRun":
        return b""
    if kind == "Event":
        soon(lambda: _with_retries(self, event))
        return b""
    payload, failed, log = self._invoke_lambda(event=event)
    if failed:
        response_headers["x-amz-function-error"] = "Unhandled"
    response_headers["x-amz-log-result"] = base64.b64encode(log.encode()[-4096:]).decode()
    return payload.encode()


def soon(work: Callable[[], Any]) -> None:
    """Do `work` in a thread; what it raises goes to the server's log."""

    def guarded() -> None:
        try:
            work()
        except Exception:
            traceback.print_exc()

    threading.Thread(target=guarded, daemon=True).start()


def deliver(queue: Any) -> None:
    """Hand the queue's messages to the functions that read from it, until it is empty or they keep failing."""
    for mapping in list(queue.__dict__.get("_mappings", {}).values()):
        failures = 0
        while mapping.enabled and failures < MAX_TRIES:
            backend: Any = queues.sqs_backends[queue.account_id][queue.region]
            messages = backend.receive_message(queue.name, min(int(mapping.batch_size), 10), 0, None)
            if not messages:
                break
            kept = _hand_over(mapping.function_arn, queue, messages)
            for message in messages:
                # A message that has meanwhile moved to the dead-letter queue no longer answers to its handle.
                with contextlib.suppress(ReceiptHandleIsInvalid):
                    if message.id in kept:
                        backend.change_message_visibility(queue.name, message.receipt_handle, visibility_timeout=0)
                    else:
                        backend.delete_message(queue.name, message.receipt_handle)
            if kept:
                failures += 1
                time.sleep(RETRY_SECONDS)


def _hand_over(arn: str, queue: Any, messages: list[Any]) -> set[str]:
    """Invoke the function with a batch; the ids of the messages that stay in the queue."""
    event = {"Records": [_queue_record(queue, message) for message in messages]}
    headers: dict[str, str] = {}
    answer = functions.lambda_backends[queue.account_id][arn.split(":")[3]].invoke(
        arn, None, json.dumps(event), {}, headers
    )
    every = {message.id for message in messages}
    if "x-amz-function-error" in headers:
        return every
    try:
        failures = json.loads(answer or b"null")["batchItemFailures"]
        return {item["itemIdentifier"] for item in failures} & every
    except (TypeError, KeyError, ValueError):
        return set()


def _queue_record(queue: Any, message: Any) -> dict[str, Any]:
    attributes = {
        "ApproximateReceiveCount": str(message.approximate_receive_count),
        "SentTimestamp": str(int(message.sent_timestamp)),
        "SenderId": "AIDAEMULATED",
        "ApproximateFirstReceiveTimestamp": str(int(message.approximate_first_receive_timestamp or 0)),
    }
    if queue.name.endswith(".fifo"):
        attributes |= {"MessageGroupId": message.group_id, "MessageDeduplicationId": message.deduplication_id}
    own = {
        name: {"stringValue": value.get("string_value"), "dataType": value.get("data_type")}
        for name, value in (message.message_attributes or {}).items()
    }
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": attributes,
        "messageAttributes": own,
        "md5OfBody": hashlib.md5(message.body.encode(), usedforsecurity=False).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.queue_arn,
        "awsRegion": queue.region,
    }


def _mappings(queue: Any) -> dict[str, Any]:
    """The queue's mappings; none while moto adds a message, since ours are served afterwards."""
    kept: dict[str, Any] = queue.__dict__.setdefault("_mappings", {})
    return {} if getattr(_adding, "now", False) else kept


def _add_message(plain: Callable[[Any, Any], None], queue: Any, message: Any) -> None:
    _adding.now = True
    try:
        plain(queue, message)
    finally:
        _adding.now = False
    if queue.__dict__.get("_mappings"):
        soon(lambda: deliver(queue))


def _publish(plain: Callable[..., None], subscription: Any, message: Any, message_id: str, **details: Any) -> None:
    """Subscription.publish; a function gets the record that SNS would send."""
    if subscription.protocol in ("http", "https") and not _is_loopback(subscription.endpoint):
        print(f"not sent: an emulated topic does not reach {subscription.endpoint}", flush=True)
        return
    if subscription.protocol != "lambda":
        plain(subscription, message, message_id, **details)
        return
    matcher = subscription._filter_policy_matcher
    if matcher is not None and not matcher.matches(details.get("message_attributes"), message):
        return
    attributes = {
        name: {"Type": value.get("type"), "Value": value.get("value")}
        for name, value in (details.get("message_attributes") or {}).items()
    }
    record = {
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription.arn,
        "EventSource": "aws:sns",
        "Sns": {
            "Type": "Notification",
            "MessageId": message_id,
            "TopicArn": subscription.topic.arn,
            "Subject": details.get("subject"),
            "Message": message,
            "Timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
            "SignatureVersion": "1",
            "Signature": "EMULATED",
            "SigningCertUrl": "EMULATED",
            "UnsubscribeUrl": "EMULATED",
            "MessageAttributes": attributes,
        },
    }
    arn = subscription.endpoint
    function = functions.lambda_backends[subscription.account_id][arn.split(":")[3]].get_function(arn)
    soon(lambda: _with_retries(function, {"Records": [record]}))


def _is_loopback(address: str) -> bool:
    return urlparse(address).hostname in ("127.0.0.1", "localhost", "::1")


def _with_retries(function: Any, event: Any) -> None:
    """An asynchronous invocation: tried three times in all, as Lambda does."""
    for _ in range(MAX_TRIES):
        if not function._invoke_lambda(event=event)[1]:
            return
        time.sleep(RETRY_SECONDS)


def _later(work: Callable[..., Any], answer: Any) -> Callable[..., Any]:
    def begun(*args: Any, **kwargs: Any) -> Any:
        soon(lambda: work(*args, **kwargs))
        return answer

    return begun
