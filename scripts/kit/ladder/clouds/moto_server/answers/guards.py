"""Security Hub's settings, and whom a budget tells."""

from __future__ import annotations

import json
from typing import Any

from moto.budgets.exceptions import NotFoundException
from moto.budgets.responses import BudgetsResponse
from moto.securityhub.models import SecurityHubBackend
from moto.securityhub.responses import SecurityHubResponse

_SETTINGS = ("AutoEnableControls", "ControlFindingGenerator")


def install() -> None:
    """Add them."""
    hubs: Any = SecurityHubBackend
    describe, disable = hubs.describe_hub, hubs.disable_security_hub
    hubs.describe_hub = lambda self, hub_arn=None: describe(self, hub_arn) | self.__dict__.get("hub_settings", {})
    hubs.disable_security_hub = lambda self: _disable(disable, self)
    response: Any = SecurityHubResponse
    enable = response.enable_security_hub
    response.enable_security_hub = lambda self: _settings(self, enable(self))
    response.update_security_hub_configuration = _update
    budgets: Any = BudgetsResponse
    budgets.describe_subscribers_for_notification = _subscribers


def _disable(plain: Any, hubs: Any) -> Any:
    answer = plain(hubs)
    hubs.__dict__.pop("hub_settings", None)
    return answer


def _settings(response: Any, answer: Any) -> Any:
    asked = json.loads(response.body or "{}")
    held = response.securityhub_backend.__dict__.setdefault("hub_settings", {})
    held.update({key: asked[key] for key in _SETTINGS if key in asked})
    return answer


def _update(response: Any) -> Any:
    response.securityhub_backend.describe_hub()
    return _settings(response, "{}")


def _subscribers(response: Any) -> str:
    account, name = response._get_param("AccountId"), response._get_param("BudgetName")
    asked = response._get_param("Notification")
    response.backend.describe_budget(account_id=account, budget_name=name)
    keys = ("NotificationType", "ComparisonOperator", "Threshold")
    for one in response.backend.budgets[account][name].notifications:
        if all(one.details.get(key) == asked.get(key) for key in keys):
            return json.dumps({"Subscribers": one.subscribers})
    raise NotFoundException(f"Unable to find such a notification of {name}")
