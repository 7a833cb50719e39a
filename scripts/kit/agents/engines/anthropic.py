"""The Anthropic API; also whatever speaks it behind `models.base_url`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

THREADS = True
KEY_HINT = "set ANTHROPIC_API_KEY"


def has_key(environ: Mapping[str, str]) -> bool:
    """True when the environment holds a key or a token."""
    from kit.agents.engines import any_of

    return any_of(environ, "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")


def client(*, base_url: str | None, watch: Any) -> Any:
    """A client that takes its key from the environment."""
    import anthropic

    return anthropic.Anthropic(base_url=base_url, **watch.client_options())
