"""Calls of the services that moto lacks or answers wrongly, as Terraform's provider makes them; a file a family."""

from __future__ import annotations

import importlib
import pkgutil


def install() -> None:
    """Mend them all, in this process only."""
    for found in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{found.name}").install()
