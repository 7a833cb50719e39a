"""What a function may do with what it uses: as one first writes it down, and narrowed to what is needed."""

from __future__ import annotations

from typing import Any

from kit.rehearsal.blueprints import body, fill, heads, listed
from kit.rehearsal.stack import Instance, Stack


def grants(other: Instance, narrow: bool, origin: bool = False) -> list[dict[str, Any]]:
    """What a function that uses `other` may do: just what it needs, or, as one first writes it down, everything."""
    blueprint = body(other.service)
    if not narrow and "wide" in blueprint:
        return [
            {
                "Sid": f"Use{other.service.capitalize()}",
                "Effect": "Allow",
                "Action": [blueprint["wide"]],
                "Resource": "*",
            }
        ]
    return [
        {
            "Sid": f"Use{other.main or other.role}{number or ''}",
            "Effect": "Allow",
            **fill(grant, other.tokens, other.ids),
        }
        for number, grant in enumerate(
            blueprint["grants_origin" if origin and "grants_origin" in blueprint else "grants"]
        )
    ]


def narrow(stack: Stack, role: str) -> bool:
    """Replace `service:*` on everything by the blueprint's grants for the stack's own resources. True when it did."""
    by_wide = {body(service).get("wide"): service for service in heads() if "wide" in body(service)}
    instances = stack.adopt()
    starters, consumed = _starters(stack), _consumed(stack)
    changed = False
    for policy in stack.resources[role].get("Properties", {}).get("Policies", []):
        document = policy["PolicyDocument"]
        kept: list[dict[str, Any]] = []
        for statement in document["Statement"]:
            service = by_wide.get(listed(statement.get("Action"))[0]) if statement.get("Action") else None
            if service is None or statement.get("Resource") != "*":
                kept.append(statement)
                continue
            changed = True
            for one in instances:
                if one.service == service and one.main not in consumed:
                    kept += grants(one, True, one.main in starters)
        document["Statement"] = kept
    return changed


def _starters(stack: Stack) -> set[str]:
    return {name for name, one in stack.resources.items() if "NotificationConfiguration" in one.get("Properties", {})}


def _consumed(stack: Stack) -> set[str]:
    sources = [
        one["Properties"].get("EventSourceArn", {})
        for one in stack.resources.values()
        if one["Type"] == "AWS::Lambda::EventSourceMapping"
    ]
    return {source["Fn::GetAtt"][0] for source in sources if isinstance(source, dict) and "Fn::GetAtt" in source}
