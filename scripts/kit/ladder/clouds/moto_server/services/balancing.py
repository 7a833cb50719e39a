"""Elastic Load Balancing V2."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, Replace, handles


class _Balancing(Handler):
    service = "elbv2"

    def keys(self, old: dict[str, Any]) -> set[str]:
        """The properties that changed."""
        return {key for key in {*old, *self.props} if old.get(key) != self.props.get(key)}


@handles("AWS::ElasticLoadBalancingV2::LoadBalancer")
class LoadBalancer(_Balancing):
    """Ref is the load balancer's ARN."""

    def create(self) -> None:
        """Create it, then its attributes."""
        name = self.name("Name", limit=32)
        made = self.call("create_load_balancer", **(self.props | {"Name": name}))["LoadBalancers"][0]
        self.id = made["LoadBalancerArn"]
        self.attributes = {
            "DNSName": made["DNSName"],
            "CanonicalHostedZoneID": made.get("CanonicalHostedZoneId") or "Z35SXDOTRQ7X7K",
            "LoadBalancerFullName": self.id.split(":loadbalancer/")[1],
            "LoadBalancerName": name,
            "LoadBalancerArn": self.id,
            "SecurityGroups": made.get("SecurityGroups", []),
        }
        self._settings()

    def update(self, old: dict[str, Any]) -> None:
        """Attributes, groups, subnets change in place."""
        changed = self.keys(old)
        if changed - {"LoadBalancerAttributes", "SecurityGroups", "Subnets", "Tags", "IpAddressType"}:
            raise Replace
        if "SecurityGroups" in changed:
            groups = self.props.get("SecurityGroups") or []
            self.call("set_security_groups", LoadBalancerArn=self.id, SecurityGroups=groups)
        if "Subnets" in changed:
            self.call("set_subnets", LoadBalancerArn=self.id, Subnets=self.props.get("Subnets"))
        if self.props.get("Tags"):
            self.call("add_tags", ResourceArns=[self.id], Tags=self.props["Tags"])
        self._settings()

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_load_balancer", LoadBalancerArn=self.id)

    def _settings(self) -> None:
        asked = self.props.get("LoadBalancerAttributes")
        if asked:
            self.call("modify_load_balancer_attributes", LoadBalancerArn=self.id, Attributes=asked)


@handles("AWS::ElasticLoadBalancingV2::TargetGroup")
class TargetGroup(_Balancing):
    """Ref is the target group's ARN."""

    def create(self) -> None:
        """Create it, then its attributes and targets."""
        name = self.name("Name", limit=32)
        made = self.call("create_target_group", **(self.props | {"Name": name}))["TargetGroups"][0]
        self.id = made["TargetGroupArn"]
        self.attributes = {
            "TargetGroupArn": self.id,
            "TargetGroupName": name,
            "TargetGroupFullName": "targetgroup/" + self.id.split(":targetgroup/")[1],
        }
        self._settings({})

    def update(self, old: dict[str, Any]) -> None:
        """Health check, attributes and targets change in place."""
        fixed = {"Name", "Port", "Protocol", "VpcId", "TargetType", "ProtocolVersion"}
        if self.keys(old) & fixed:
            raise Replace
        self.call("modify_target_group", **(self.props | {"TargetGroupArn": self.id}))
        self._settings(old)

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_target_group", TargetGroupArn=self.id)

    def _settings(self, old: dict[str, Any]) -> None:
        asked = self.props.get("TargetGroupAttributes")
        if asked:
            self.call("modify_target_group_attributes", TargetGroupArn=self.id, Attributes=asked)
        now, before = self.props.get("Targets") or [], old.get("Targets") or []
        gone = [target for target in before if target not in now]
        if gone:
            self.quietly("deregister_targets", TargetGroupArn=self.id, Targets=gone)
        if now:
            self.call("register_targets", TargetGroupArn=self.id, Targets=now)


@handles("AWS::ElasticLoadBalancingV2::Listener")
class Listener(_Balancing):
    """Ref is the listener's ARN."""

    def create(self) -> None:
        """Create it."""
        self.id = self.call("create_listener", **self.props)["Listeners"][0]["ListenerArn"]
        self.attributes = {"ListenerArn": self.id}

    def update(self, old: dict[str, Any]) -> None:
        """All but the balancer changes in place."""
        self.same(old, "LoadBalancerArn")
        self.call("modify_listener", **(self.props | {"ListenerArn": self.id}))

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_listener", ListenerArn=self.id)


@handles("AWS::ElasticLoadBalancingV2::ListenerRule")
class ListenerRule(_Balancing):
    """Ref is the rule's ARN."""

    def create(self) -> None:
        """Create it."""
        self.id = self.call("create_rule", **self.props)["Rules"][0]["RuleArn"]
        self.attributes = {"RuleArn": self.id, "IsDefault": "false"}

    def update(self, old: dict[str, Any]) -> None:
        """Conditions and actions change in place."""
        self.same(old, "ListenerArn", "Priority")
        self.call("modify_rule", **(self.props | {"RuleArn": self.id}))

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_rule", RuleArn=self.id)


@handles("AWS::ElasticLoadBalancingV2::ListenerCertificate")
class ListenerCertificate(_Balancing):
    """Ref is a name of its own."""

    def create(self) -> None:
        """Add the certificates."""
        self.call("add_listener_certificates", **self.props)
        self.id = self.context.generated_name()

    def delete(self) -> None:
        """Remove them."""
        self.quietly("remove_listener_certificates", **self.props)
