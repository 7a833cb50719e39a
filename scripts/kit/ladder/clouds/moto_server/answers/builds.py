"""CodeBuild: projects without a source of their own, projects that change, and projects called by their ARN."""

from __future__ import annotations

import json
from typing import Any

from moto.codebuild import responses
from moto.codebuild.exceptions import InvalidInputException, ResourceNotFoundException
from moto.codebuild.models import CodeBuildBackend
from moto.core.utils import iso_8601_datetime_with_milliseconds

_ELSEWHERE = ("CODEPIPELINE", "NO_SOURCE", "NO_ARTIFACTS")
_CHANGEABLE = {
    "description",
    "source",
    "artifacts",
    "environment",
    "serviceRole",
    "tags",
    "cache",
    "timeoutInMinutes",
    "queuedTimeoutInMinutes",
    "sourceVersion",
    "logsConfig",
    "vpcConfig",
    "encryptionKey",
}


def install() -> None:
    """Mend them."""
    module: Any = responses
    source, artifacts = module._validate_required_params_source, module._validate_required_params_artifacts
    module._validate_required_params_source = lambda given: _validate(source, given)
    module._validate_required_params_artifacts = lambda given: _validate(artifacts, given)
    module.CodeBuildResponse.update_project = _update
    backend: Any = CodeBuildBackend
    plain = backend.delete_project
    backend.delete_project = lambda self, project_name: plain(self, _name(project_name))


def _name(given: str) -> str:
    """The name of a project that is spoken of by its name or its ARN."""
    return given.rpartition(":project/")[2]


def _validate(plain: Any, given: dict[str, Any]) -> None:
    """What comes from a pipeline, or from nowhere, has no location."""
    if given["type"] not in _ELSEWHERE:
        plain(given)
    elif given.get("location"):
        raise InvalidInputException(f"Invalid input: type {given['type']} should have no location")


def _update(response: Any) -> str:
    name = _name(response._get_param("name"))
    project = response.codebuild_backend.codebuild_projects.get(name)
    if project is None:
        raise ResourceNotFoundException(f"Project cannot be found: {name}")
    asked = json.loads(response.body)
    for key, check in (
        ("source", responses._validate_required_params_source),
        ("artifacts", responses._validate_required_params_artifacts),
        ("environment", responses._validate_required_params_environment),
    ):
        if key in asked:
            check(asked[key])
    changed = {key: value for key, value in asked.items() if key in _CHANGEABLE}
    project.project_metadata |= changed | {"lastModifiedDate": iso_8601_datetime_with_milliseconds()}
    project.service_role = asked.get("serviceRole", project.service_role)
    return json.dumps({"project": project.project_metadata})
