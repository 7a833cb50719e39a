"""Claude on Google Vertex AI, with the project, region and credentials of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from kit.errors import StopAll

THREADS = False
KEY_HINT = "set ANTHROPIC_VERTEX_PROJECT_ID and CLOUD_ML_REGION"


def has_key(environ: Mapping[str, str]) -> bool:
    """True when the environment names a project."""
    from kit.agents.engines import any_of

    return any_of(environ, "ANTHROPIC_VERTEX_PROJECT_ID", "GOOGLE_APPLICATION_CREDENTIALS")


def client(*, base_url: str | None, watch: Any) -> Any:
    """A client of the project's region. Raises `StopAll` when no region is named or there is no login."""
    import anthropic
    import google.auth
    from google.auth.exceptions import DefaultCredentialsError

    from kit.agents.engines import mark_caching

    if not os.environ.get("CLOUD_ML_REGION"):
        raise StopAll("Vertex AI needs a region and CLOUD_ML_REGION is not set", hint=KEY_HINT)
    try:
        credentials, project = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    except (DefaultCredentialsError, ValueError) as error:
        raise StopAll(f"Vertex AI: no login: {error}", hint="gcloud auth application-default login") from error
    project = os.environ.get("ANTHROPIC_VERTEX_PROJECT_ID") or project
    if not project:
        raise StopAll("Vertex AI needs a project and the login names none", hint=KEY_HINT)
    return anthropic.AnthropicVertex(
        base_url=base_url,
        project_id=project,
        credentials=credentials,
        **watch.client_options(middleware=[mark_caching]),
    )
