"""Timestream: the address that a client is told to turn to is this very server's."""

from __future__ import annotations

import os
from typing import Any

from moto.timestreamwrite.models import TimestreamWriteBackend


def install() -> None:
    """Mend it."""
    series: Any = TimestreamWriteBackend
    series.describe_endpoints = lambda self: {
        "Endpoints": [{"Address": f"127.0.0.1:{os.environ['MOTO_PORT']}", "CachePeriodInMinutes": 1440}]
    }
