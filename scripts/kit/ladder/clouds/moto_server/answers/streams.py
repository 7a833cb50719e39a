"""Kinesis: a stream has the tags that it was made with."""

from __future__ import annotations

from typing import Any

from moto.kinesis.responses import KinesisResponse


def install() -> None:
    """Mend it."""
    response: Any = KinesisResponse
    make = response.create_stream
    response.create_stream = lambda self: _create(make, self)


def _create(make: Any, response: Any) -> Any:
    answer = make(response)
    tags = response._get_param("Tags")
    if tags:
        response.kinesis_backend.add_tags_to_stream(None, response._get_param("StreamName"), tags)
    return answer
