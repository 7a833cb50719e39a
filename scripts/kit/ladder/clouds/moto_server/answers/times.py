"""Services whose answers give times as text where their protocol, and so every strict client, wants a number."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from moto.codecommit.responses import CodeCommitResponse
from moto.codedeploy.responses import CodeDeployResponse
from moto.codepipeline.responses import CodePipelineResponse
from moto.core.utils import get_service_model
from moto.dms.responses import DatabaseMigrationServiceResponse


def install() -> None:
    """Mend them."""
    response: Any
    for response, service in (
        (CodeCommitResponse, "codecommit"),
        (CodeDeployResponse, "codedeploy"),
        (CodePipelineResponse, "codepipeline"),
        (DatabaseMigrationServiceResponse, "dms"),
    ):
        response.call_action = _numbering(response.call_action, service)


def _numbering(plain: Any, service: str) -> Any:
    def call_action(self: Any) -> Any:
        status, headers, body = plain(self)
        if status == 200 and body:
            action = self.headers["X-Amz-Target"].rpartition(".")[2]
            shape = get_service_model(service).operation_model(action).output_shape
            body = json.dumps(numbered(shape, json.loads(body)))
        return status, headers, body

    return call_action


def numbered(shape: Any, value: Any) -> Any:
    """`value` with the times of `shape` as seconds since 1970."""
    kind = getattr(shape, "type_name", "")
    if kind == "structure" and isinstance(value, dict):
        return {key: numbered(shape.members.get(key), one) for key, one in value.items()}
    if kind == "list" and isinstance(value, list):
        return [numbered(shape.member, one) for one in value]
    if kind == "map" and isinstance(value, dict):
        return {key: numbered(shape.value, one) for key, one in value.items()}
    if kind == "timestamp" and isinstance(value, str):
        told = datetime.fromisoformat(value.replace("Z", "+00:00"))
        return (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()
    return value
