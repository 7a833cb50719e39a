"""API Gateway, version 2: the authorizers of an API can be listed."""

from __future__ import annotations

import json
from typing import Any

from moto.apigatewayv2.responses import ApiGatewayV2Response


def install() -> None:
    """Add it."""
    response: Any = ApiGatewayV2Response
    response.get_authorizers = _authorizers


def _authorizers(response: Any) -> tuple[int, dict[str, str], str]:
    api = response.apigatewayv2_backend.get_api(response.path.split("/")[-2])
    return 200, {}, json.dumps({"items": [one.to_json() for one in api.authorizers.values()]})
