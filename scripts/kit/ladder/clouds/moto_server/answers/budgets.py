"""Budgets: who is told when a budget is used up, and its tags."""

from __future__ import annotations

import json
from typing import Any

from moto.budgets.responses import BudgetsResponse


def install() -> None:
    """Mend them."""
    response: Any = BudgetsResponse
    response.describe_subscribers_for_notification = _subscribers
    response.list_tags_for_resource = lambda self: json.dumps({"ResourceTags": []})


def _subscribers(response: Any) -> str:
    budgets = response.backend.budgets[response._get_param("AccountId")]
    asked = response._get_param("Notification")
    told = [
        one.subscribers
        for one in budgets[response._get_param("BudgetName")].notifications
        if all(one.details.get(key) == value for key, value in asked.items())
    ]
    return json.dumps({"Subscribers": told[0] if told else []})
