"""Network Firewall: policies, the endpoints of firewalls, and their end."""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.moto_api._internal import mock_random
from moto.networkfirewall.models import NetworkFirewallBackend, NetworkFirewallModel
from moto.networkfirewall.responses import NetworkFirewallResponse

Policy = dict[str, Any]


class _Refused(JsonRESTError):
    code = 400


def install() -> None:
    """Add them."""
    response: Any = NetworkFirewallResponse
    response.create_firewall_policy = _create_policy
    response.describe_firewall_policy = lambda self: _told(_policy(self))
    response.update_firewall_policy = _update_policy
    response.delete_firewall_policy = _delete_policy
    response.create_firewall = _made(response.create_firewall)
    response.describe_firewall = lambda self: _shown(self, _firewall(self))
    response.delete_firewall = _delete
    backend: Any = NetworkFirewallBackend
    backend._get_firewall = _find


def _held(response: Any) -> dict[str, Policy]:
    found: dict[str, Policy] = response.networkfirewall_backend.__dict__.setdefault("policies", {})
    return found


def _policy(response: Any) -> Policy:
    asked = (response._get_param("FirewallPolicyName"), response._get_param("FirewallPolicyArn"))
    for name, one in _held(response).items():
        if name in asked or one["response"]["FirewallPolicyArn"] in asked:
            return one
    raise _Refused("ResourceNotFoundException", "Resource not found.")


def _create_policy(response: Any) -> ActionResult:
    name = response._get_param("FirewallPolicyName")
    if name in _held(response):
        raise _Refused("InvalidRequestException", f"A firewall policy named {name} already exists")
    place = f"{response.region}:{response.current_account}"
    told = {
        "FirewallPolicyName": name,
        "FirewallPolicyArn": f"arn:aws:network-firewall:{place}:firewall-policy/{name}",
        "FirewallPolicyId": str(mock_random.uuid4()),
        "FirewallPolicyStatus": "ACTIVE",
        "Tags": response._get_param("Tags") or [],
    }
    _held(response)[name] = {"response": told}
    return _put(response, _held(response)[name])


def _update_policy(response: Any) -> ActionResult:
    policy = _policy(response)
    if response._get_param("UpdateToken") != policy["token"]:
        raise _Refused("InvalidTokenException", "The update token is not the latest one")
    return _put(response, policy)


def _put(response: Any, policy: Policy) -> ActionResult:
    policy["document"] = response._get_param("FirewallPolicy")
    policy["token"] = str(mock_random.uuid4())
    kept = ("Description", "EncryptionConfiguration")
    given = {key: response._get_param(key) for key in kept if response._get_param(key)}
    policy["response"] = {key: value for key, value in policy["response"].items() if key not in kept} | given
    return ActionResult({"UpdateToken": policy["token"], "FirewallPolicyResponse": policy["response"]})


def _told(policy: Policy) -> ActionResult:
    told = {"UpdateToken": policy["token"], "FirewallPolicyResponse": policy["response"]}
    return ActionResult(told | {"FirewallPolicy": policy["document"]})


def _delete_policy(response: Any) -> ActionResult:
    policy = _policy(response)
    arn = policy["response"]["FirewallPolicyArn"]
    if any(one.firewall_policy_arn == arn for one in response.networkfirewall_backend.firewalls.values()):
        raise _Refused("InvalidOperationException", "Unable to delete the policy: a firewall uses it")
    del _held(response)[policy["response"]["FirewallPolicyName"]]
    return ActionResult({"FirewallPolicyResponse": policy["response"] | {"FirewallPolicyStatus": "DELETING"}})


def _find(backend: Any, firewall_arn: str | None, firewall_name: str | None) -> NetworkFirewallModel:
    for one in backend.firewalls.values():
        if firewall_arn == one.arn or firewall_name == one.firewall_name:
            found: NetworkFirewallModel = one
            return found
    raise _Refused("ResourceNotFoundException", "Resource not found.")


def _firewall(response: Any) -> Any:
    arn, name = response._get_param("FirewallArn"), response._get_param("FirewallName")
    return _find(response.networkfirewall_backend, arn, name)


def _made(make: Any) -> Any:
    """A firewall has the policy it names, an id, protections only where they are asked for, and an endpoint a subnet."""

    def create(self: Any) -> ActionResult:
        wanted = self._get_param("FirewallPolicyArn")
        if all(one["response"]["FirewallPolicyArn"] != wanted for one in _held(self).values()):
            raise _Refused("ResourceNotFoundException", f"No firewall policy {wanted}")
        name = self._get_param("FirewallName")
        if any(one.firewall_name == name for one in self.networkfirewall_backend.firewalls.values()):
            raise _Refused("InvalidRequestException", f"A firewall named {name} already exists")
        make(self)
        firewall: Any = _firewall(self)
        firewall.firewall_id = str(mock_random.uuid4())
        for key in ("delete_protection", "subnet_change_protection", "firewall_policy_change_protection"):
            asked = self._get_param("".join(word.capitalize() for word in key.split("_")))
            setattr(firewall, key, bool(asked))
        firewall.endpoints = {
            one["SubnetId"]: f"vpce-{mock_random.get_random_hex(17)}" for one in firewall.subnet_mappings or []
        }
        return _shown(self, firewall)

    return create


def _shown(response: Any, firewall: Any, status: str = "READY") -> ActionResult:
    subnets = ec2_backends[response.current_account][response.region].subnets
    zones = {one.id: zone for zone, held in subnets.items() for one in held.values()}
    states = {
        zones.get(subnet, subnet): {"Attachment": {"SubnetId": subnet, "EndpointId": endpoint, "Status": "READY"}}
        for subnet, endpoint in firewall.endpoints.items()
    }
    told = {key: value for key, value in firewall.to_dict().items() if value is not None}
    summary = {"Status": status, "ConfigurationSyncStateSummary": "IN_SYNC", "SyncStates": states}
    body = {"Firewall": told | {"FirewallId": firewall.firewall_id}, "FirewallStatus": summary}
    return ActionResult(body | {"UpdateToken": firewall.update_token})


def _delete(response: Any) -> ActionResult:
    firewall = _firewall(response)
    if firewall.delete_protection:
        raise _Refused("InvalidOperationException", "Unable to delete the firewall: it is protected from deletion")
    del response.networkfirewall_backend.firewalls[firewall.arn]
    told = _shown(response, firewall, "DELETING").result
    assert isinstance(told, dict)
    return ActionResult({key: told[key] for key in ("Firewall", "FirewallStatus")})
