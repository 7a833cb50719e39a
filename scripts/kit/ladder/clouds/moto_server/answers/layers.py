"""Lambda layers: a version by its ARN, which moto takes for the question which layers there are."""

from __future__ import annotations

import json
from typing import Any

from moto.awslambda.exceptions import UnknownLayerException
from moto.awslambda.responses import LambdaResponse


def install() -> None:
    """Add it."""
    response: Any = LambdaResponse
    plain = response.list_layers
    response.list_layers = lambda self: _version(self) if self._get_param("find") == "LayerVersion" else plain(self)


def _version(response: Any) -> str:
    found = response.backend.layers_versions_by_arn(response._get_param("Arn"))
    if found is None:
        raise UnknownLayerException()
    return json.dumps(found.get_layer_version())
