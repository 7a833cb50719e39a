"""AWS Backup: what plans select, plans that change, and that no vault holds recovery points, since none is ever made."""

from __future__ import annotations

import json
from typing import Any

from moto.backup import urls
from moto.backup.exceptions import AlreadyExistsException, InvalidRequestException, ResourceNotFoundException
from moto.backup.models import BackupBackend, Plan
from moto.backup.responses import BackupResponse
from moto.core.utils import unix_time
from moto.moto_api._internal import mock_random


def install() -> None:
    """Add them."""
    response: Any = BackupResponse
    response.create_backup_selection = _create
    response.get_backup_selection = _get
    response.list_backup_selections = _list
    response.delete_backup_selection = _delete
    response.update_backup_plan = _update_plan
    response.list_recovery_points_by_backup_vault = _points
    paths: Any = urls.url_paths
    paths["{0}/backup-vaults/(?P<name>[^/]+)/recovery-points/$"] = BackupResponse.dispatch
    backups: Any = BackupBackend
    drop = backups.delete_backup_plan
    backups.delete_backup_plan = lambda self, backup_plan_id: _delete_plan(drop, self, backup_plan_id)


def _selections(response: Any) -> dict[str, dict[str, Any]]:
    """The selections of the plan that the request names. Raises the service's error when there is no such plan."""
    plan = response.backup_backend.get_backup_plan(_part(response, "plans"), None)
    found: dict[str, dict[str, Any]] = plan.__dict__.setdefault("selections", {})
    return found


def _part(response: Any, after: str) -> str:
    words = str(response.path).strip("/").split("/")
    return words[words.index(after) + 1]


def _named(response: Any) -> tuple[dict[str, dict[str, Any]], str]:
    held, name = _selections(response), _part(response, "selections")
    if name not in held:
        raise ResourceNotFoundException(f"Cannot find Backup selection with ID {name}")
    return held, name


def _create(response: Any) -> str:
    held, asked = _selections(response), json.loads(response.body)
    wanted = asked["BackupSelection"]
    if any(one["BackupSelection"]["SelectionName"] == wanted["SelectionName"] for one in held.values()):
        raise AlreadyExistsException("Backup selection with the same name already exists")
    made: dict[str, Any] = {
        "SelectionId": str(mock_random.uuid4()),
        "BackupPlanId": _part(response, "plans"),
        "CreationDate": unix_time(),
    }
    held[made["SelectionId"]] = made | {
        "BackupSelection": wanted,
        "CreatorRequestId": asked.get("CreatorRequestId", ""),
    }
    return json.dumps(made)


def _get(response: Any) -> str:
    held, name = _named(response)
    return json.dumps(held[name])


def _list(response: Any) -> str:
    told = [
        {key: value for key, value in one.items() if key != "BackupSelection"}
        | {"SelectionName": one["BackupSelection"]["SelectionName"], "IamRoleArn": one["BackupSelection"]["IamRoleArn"]}
        for one in _selections(response).values()
    ]
    return json.dumps({"BackupSelectionsList": told})


def _delete(response: Any) -> str:
    held, name = _named(response)
    del held[name]
    return "{}"


def _points(response: Any) -> str:
    response.backup_backend.describe_backup_vault(_part(response, "backup-vaults"))
    return json.dumps({"RecoveryPoints": []})


def _update_plan(response: Any) -> str:
    """Another version of the plan under the same id, with the selections it had."""
    plan = response.backup_backend.get_backup_plan(_part(response, "plans"), None)
    document = json.loads(response.body)["BackupPlan"]
    newer = Plan(backup_plan=document, creator_request_id=plan.creator_request_id, backend=response.backup_backend)
    kept = {key: plan.__dict__[key] for key in ("backup_plan_id", "backup_plan_arn", "creation_date")}
    plan.__dict__ |= newer.__dict__ | kept
    return json.dumps(plan.to_dict())


def _delete_plan(drop: Any, backups: Any, plan: str) -> Any:
    """A plan goes after its selections, and is gone then, so that it may be made again."""
    if getattr(backups.plans.get(plan), "selections", None):
        raise InvalidRequestException("Related backup plan selections must be deleted prior to backup plan deletion")
    answer = drop(backups, plan)
    backups.plans.pop(plan, None)
    return answer
