"""Lambda: what happens to a function that calls itself in circles."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from moto.awslambda import urls
from moto.awslambda.responses import LambdaResponse


def install() -> None:
    """Add it."""
    response: Any = LambdaResponse
    paths: Any = urls.url_paths
    paths[r"{0}/(?P<api_version>[^/]+)/functions/(?P<function_name>[\w_:%-]+)/recursion-config$"] = response.dispatch
    response.put_function_recursion_config = _put
    response.get_function_recursion_config = _get


def _function(response: Any) -> Any:
    return response.backend.get_function(unquote(response.path.rsplit("/", 2)[-2]))


def _put(response: Any) -> str:
    _function(response).recursive_loop = json.loads(response.body)["RecursiveLoop"]
    return _get(response)


def _get(response: Any) -> str:
    return json.dumps({"RecursiveLoop": getattr(_function(response), "recursive_loop", "Terminate")})
