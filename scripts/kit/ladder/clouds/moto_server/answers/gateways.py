"""API Gateway: the tags of an API change; in version 2 stages change, and the authorizers of an API are listed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from botocore import xform_name
from moto.apigateway import urls
from moto.apigateway.responses import APIGatewayResponse
from moto.apigatewayv2.responses import ApiGatewayV2Response


def install() -> None:
    """Add them."""
    response: Any = ApiGatewayV2Response
    response.get_authorizers = _authorizers
    response.update_stage = _update_stage
    rest: Any = APIGatewayResponse
    tag, untag = rest.tag_resource, rest.untag_resource
    rest.tag_resource = lambda self: tag(self) if _is_stage(self) else _tag(self)
    rest.untag_resource = lambda self: untag(self) if _is_stage(self) else _untag(self)
    urls.url_paths["{0}/tags/arn:(?P<partition>[^/]+):apigateway:(?P<region_name>[^/]+)::/restapis/(?P<api>[^/]+)$"] = (
        APIGatewayResponse.dispatch
    )


def _is_stage(response: Any) -> bool:
    """moto knows of the tags of stages alone."""
    return "/stages/" in unquote(response.path)


def _api(response: Any) -> Any:
    return response.backend.get_rest_api(unquote(response.path).rpartition("/")[2])


def _tag(response: Any) -> str:
    api = _api(response)
    api.tags = (api.tags or {}) | response._get_param("tags", {})
    return "{}"


def _untag(response: Any) -> str:
    api, gone = _api(response), response.querystring.get("tagKeys", [])
    api.tags = {key: value for key, value in (api.tags or {}).items() if key not in gone}
    return "{}"


def _update_stage(response: Any) -> tuple[int, dict[str, str], str]:
    parts = unquote(response.path).split("/")
    stage = response.apigatewayv2_backend.get_stage(parts[-3], parts[-1])
    for name, value in json.loads(response.body or "{}").items():
        setattr(stage, xform_name(name), value)
    stage.updated = datetime.now()
    return 200, {}, json.dumps(stage.to_json())


def _authorizers(response: Any) -> tuple[int, dict[str, str], str]:
    api = response.apigatewayv2_backend.get_api(response.path.split("/")[-2])
    return 200, {}, json.dumps({"items": [one.to_json() for one in api.authorizers.values()]})
