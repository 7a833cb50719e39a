"""Resource handlers, one file a family of services."""

from __future__ import annotations

import importlib
import pkgutil


def load() -> None:
    """Register every handler."""
    for found in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{found.name}")
