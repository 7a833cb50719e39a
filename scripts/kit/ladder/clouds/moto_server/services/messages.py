"""SNS subscriptions, and the policies of topics and queues."""

from __future__ import annotations

import json
from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles

_SUBSCRIPTION = (
    "DeliveryPolicy",
    "FilterPolicy",
    "FilterPolicyScope",
    "RawMessageDelivery",
    "RedrivePolicy",
    "SubscriptionRoleArn",
)


_TOPIC = (
    "ContentBasedDeduplication",
    "DisplayName",
    "FifoTopic",
    "KmsMasterKeyId",
    "SignatureVersion",
    "TracingConfig",
    "ArchivePolicy",
)


@handles("AWS::SNS::Topic")
class Topic(Handler):
    """Ref is the topic's ARN."""

    service = "sns"

    def create(self) -> None:
        """Create it, then its subscriptions."""
        fifo = str(self.props.get("FifoTopic", "")).lower() == "true"
        name = str(self.props.get("TopicName") or self.context.generated_name(250) + (".fifo" if fifo else ""))
        made = self.call("create_topic", Name=name, Attributes=self._attributes(), Tags=self.props.get("Tags"))
        self.id = made["TopicArn"]
        self.attributes = {"TopicArn": self.id, "TopicName": name}
        self.subscribed: dict[str, str] = {}
        self._subscribe()

    def update(self, old: dict[str, Any]) -> None:
        """Attributes and subscriptions change in place."""
        self.same(old, "TopicName", "FifoTopic")
        for name, value in self._attributes().items():
            if old.get(name) != self.props.get(name):
                self.call("set_topic_attributes", TopicArn=self.id, AttributeName=name, AttributeValue=value)
        self._subscribe()

    def delete(self) -> None:
        """Delete it with its subscriptions."""
        for arn in self.subscribed.values():
            self.quietly("unsubscribe", SubscriptionArn=arn)
        self.quietly("delete_topic", TopicArn=self.id)

    def _attributes(self) -> dict[str, str]:
        return {name: _string(self.props[name]) for name in _TOPIC if name in self.props}

    def _subscribe(self) -> None:
        wanted = {_string(item): item for item in self.props.get("Subscription") or []}
        for key in [key for key in self.subscribed if key not in wanted]:
            self.quietly("unsubscribe", SubscriptionArn=self.subscribed.pop(key))
        for key, item in wanted.items():
            if key not in self.subscribed:
                made = self.call("subscribe", TopicArn=self.id, ReturnSubscriptionArn=True, **item)
                self.subscribed[key] = made["SubscriptionArn"]


_QUEUE = (
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "DelaySeconds",
    "FifoQueue",
    "FifoThroughputLimit",
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "RedriveAllowPolicy",
    "RedrivePolicy",
    "SqsManagedSseEnabled",
    "VisibilityTimeout",
)


@handles("AWS::SQS::Queue")
class Queue(Handler):
    """Ref is the queue's URL, on this server: some clients take its host for the endpoint."""

    service = "sqs"

    def create(self) -> None:
        """Create it."""
        fifo = str(self.props.get("FifoQueue", "")).lower() == "true"
        name = str(self.props.get("QueueName") or self.context.generated_name(75) + (".fifo" if fifo else ""))
        tags = {tag["Key"]: str(tag["Value"]) for tag in self.props.get("Tags") or []}
        self.id = self.call("create_queue", QueueName=name, Attributes=self._attributes(), tags=tags)["QueueUrl"]
        found = self.call("get_queue_attributes", QueueUrl=self.id, AttributeNames=["QueueArn"])
        self.attributes = {"Arn": found["Attributes"]["QueueArn"], "QueueName": name, "QueueUrl": self.id}

    def update(self, old: dict[str, Any]) -> None:
        """Attributes change in place."""
        self.same(old, "QueueName", "FifoQueue")
        wanted = {key: value for key, value in self._attributes().items() if key != "FifoQueue"}
        if wanted:
            self.call("set_queue_attributes", QueueUrl=self.id, Attributes=wanted)

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_queue", QueueUrl=self.id)

    def _attributes(self) -> dict[str, str]:
        return {name: _string(self.props[name]) for name in _QUEUE if name in self.props}


@handles("AWS::SNS::Subscription")
class Subscription(Handler):
    """Ref is the subscription's ARN."""

    service = "sns"

    def create(self) -> None:
        """Subscribe."""
        made = self.call(
            "subscribe",
            TopicArn=self.props["TopicArn"],
            Protocol=self.props["Protocol"],
            Endpoint=self.props.get("Endpoint"),
            Attributes=self._attributes(),
            ReturnSubscriptionArn=True,
        )
        self.id = made["SubscriptionArn"]
        self.attributes = {"Arn": self.id}

    def update(self, old: dict[str, Any]) -> None:
        """Filter, delivery and redrive change in place."""
        self.same(old, "TopicArn", "Protocol", "Endpoint")
        for name, value in self._attributes().items():
            self.call("set_subscription_attributes", SubscriptionArn=self.id, AttributeName=name, AttributeValue=value)

    def delete(self) -> None:
        """Unsubscribe."""
        self.quietly("unsubscribe", SubscriptionArn=self.id)

    def _attributes(self) -> dict[str, str]:
        return {name: _string(self.props[name]) for name in _SUBSCRIPTION if name in self.props}


class _Policy(Handler):
    """A policy put on each of several things; Ref is a name of its own."""

    targets = ""

    def create(self) -> None:
        """Put the policy on each target."""
        self.put(self.props[self.targets], self.props["PolicyDocument"])
        self.id = self.context.generated_name(80)
        self.attributes = {"Id": self.id}

    def update(self, old: dict[str, Any]) -> None:
        """Put it anew; take it from targets no longer named."""
        self.clear([name for name in old[self.targets] if name not in self.props[self.targets]])
        self.put(self.props[self.targets], self.props["PolicyDocument"])

    def delete(self) -> None:
        """Take the policy from each target."""
        self.clear(self.props[self.targets])

    def put(self, targets: list[str], document: Any) -> None:
        """Put `document` on `targets`."""
        for target in targets:
            self.apply(target, _string(document))

    def clear(self, targets: list[str]) -> None:
        """Take the policy from `targets`."""

    def apply(self, target: str, document: str) -> None:
        """Put `document` on one target."""


@handles("AWS::SQS::QueuePolicy")
class QueuePolicy(_Policy):
    """The resource policy of queues."""

    service = "sqs"
    targets = "Queues"

    def apply(self, target: str, document: str) -> None:
        """Set the queue's Policy."""
        self.call("set_queue_attributes", QueueUrl=target, Attributes={"Policy": document})

    def clear(self, targets: list[str]) -> None:
        """Set an empty Policy."""
        for target in targets:
            self.quietly("set_queue_attributes", QueueUrl=target, Attributes={"Policy": ""})


@handles("AWS::SNS::TopicPolicy")
class TopicPolicy(_Policy):
    """The resource policy of topics; taken away, the topic has its owner's default policy again."""

    service = "sns"
    targets = "Topics"

    def apply(self, target: str, document: str) -> None:
        """Set the topic's Policy."""
        self.call("set_topic_attributes", TopicArn=target, AttributeName="Policy", AttributeValue=document)

    def clear(self, targets: list[str]) -> None:
        """Let the owner alone publish and subscribe."""
        for target in targets:
            own = {
                "Version": "2008-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": "*"},
                        "Action": ["SNS:Publish", "SNS:Subscribe", "SNS:GetTopicAttributes"],
                        "Resource": target,
                        "Condition": {"StringEquals": {"AWS:SourceOwner": self.context.account}},
                    }
                ],
            }
            self.quietly(
                "set_topic_attributes", TopicArn=target, AttributeName="Policy", AttributeValue=json.dumps(own)
            )


def _string(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return json.dumps(value)
    return str(value)
