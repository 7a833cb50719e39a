"""Tools that a stage calls are looked for before anything is spent on it."""

from __future__ import annotations

import shutil

from kit.ladder.platforms.base import Platform


def missing_tool(platform: Platform, stage: str) -> str:
    """What `stage` lacks and how to install it, in one sentence; "" when all is there."""
    for name in platform.tools_of(stage):
        if shutil.which(name) is None:
            return f"{name} is not installed: {platform.tools[name]}"
    return ""
