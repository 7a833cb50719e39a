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
    return value if isinstance(value, str) else json.dumps(value)
