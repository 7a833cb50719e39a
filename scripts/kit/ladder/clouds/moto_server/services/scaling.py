"""Application Auto Scaling and Auto Scaling."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles
from kit.ladder.clouds.moto_server.simple import simple

_TARGET = ("ServiceNamespace", "ResourceId", "ScalableDimension")


@handles("AWS::ApplicationAutoScaling::ScalableTarget")
class ScalableTarget(Handler):
    """Ref is "resource|dimension|namespace", as the service has it."""

    service = "application-autoscaling"

    def create(self) -> None:
        """Register the target."""
        self.call("register_scalable_target", **self.props)
        self.id = "|".join(str(self.props[key]) for key in ("ResourceId", "ScalableDimension", "ServiceNamespace"))
        self.attributes = {"Id": self.id}

    def update(self, old: dict[str, Any]) -> None:
        """Register it anew."""
        self.same(old, *_TARGET)
        self.call("register_scalable_target", **self.props)

    def delete(self) -> None:
        """Deregister it."""
        self.quietly("deregister_scalable_target", **{key: self.props[key] for key in _TARGET})


@handles("AWS::ApplicationAutoScaling::ScalingPolicy")
class ScalingPolicy(Handler):
    """Ref is the policy's ARN."""

    service = "application-autoscaling"

    def create(self) -> None:
        """Put the policy."""
        self.id = self.call("put_scaling_policy", **self._policy())["PolicyARN"]
        self.attributes = {"Arn": self.id}

    def update(self, old: dict[str, Any]) -> None:
        """Put it anew."""
        self.same(old, "PolicyName", "ScalingTargetId", *_TARGET)
        self.id = self.call("put_scaling_policy", **self._policy())["PolicyARN"]

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_scaling_policy", **self._policy())

    def _policy(self) -> dict[str, Any]:
        made = dict(self.props)
        if "ScalingTargetId" in made:
            made["ResourceId"], made["ScalableDimension"], made["ServiceNamespace"] = made["ScalingTargetId"].split("|")
        made["TargetTrackingScalingPolicyConfiguration"] = made.get("TargetTrackingScalingPolicyConfiguration")
        return made


@handles("AWS::AutoScaling::ScalingPolicy")
class GroupPolicy(Handler):
    """Ref is the policy's ARN."""

    service = "autoscaling"

    def create(self) -> None:
        """Put the policy."""
        self.own_name = self.context.generated_name(255)
        self._put()

    def update(self, old: dict[str, Any]) -> None:
        """Put it anew."""
        self.same(old, "AutoScalingGroupName")
        self._put()

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_policy", **self._me())

    def _put(self) -> None:
        self.call("put_scaling_policy", **(self.props | self._me()))
        group = self.props["AutoScalingGroupName"]
        found = self.call("describe_policies", AutoScalingGroupName=group, PolicyNames=[self.own_name])
        self.id = found["ScalingPolicies"][0]["PolicyARN"]
        self.attributes = {"Arn": self.id, "PolicyName": self.own_name}

    def _me(self) -> dict[str, Any]:
        return {"AutoScalingGroupName": self.props["AutoScalingGroupName"], "PolicyName": self.own_name}


simple(
    "AWS::AutoScaling::ScheduledAction",
    "autoscaling",
    "put_scheduled_update_group_action",
    name="ScheduledActionName",
    attributes={"ScheduledActionName": "id"},
    update="=",
    fixed=("AutoScalingGroupName",),
    delete="delete_scheduled_action",
    by={"ScheduledActionName": "id", "AutoScalingGroupName": "props.AutoScalingGroupName"},
)
simple(
    "AWS::AutoScaling::LifecycleHook",
    "autoscaling",
    "put_lifecycle_hook",
    name="LifecycleHookName",
    update="=",
    delete="delete_lifecycle_hook",
    by={"LifecycleHookName": "id", "AutoScalingGroupName": "props.AutoScalingGroupName"},
)
simple(
    "AWS::AutoScaling::WarmPool",
    "autoscaling",
    "put_warm_pool",
    id="props.AutoScalingGroupName",
    update="=",
    delete="delete_warm_pool",
    by={"AutoScalingGroupName": "id"},
)
