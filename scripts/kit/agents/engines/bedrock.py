"""Claude on Amazon Bedrock, with the AWS credentials and region of the environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

THREADS = False
KEY_HINT = "set AWS_PROFILE, AWS_ACCESS_KEY_ID or AWS_BEARER_TOKEN_BEDROCK"


def has_key(environ: Mapping[str, str]) -> bool:
    """True when the environment names AWS credentials."""
    from kit.agents.engines import any_of

    return any_of(environ, "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_BEARER_TOKEN_BEDROCK")


def client(*, base_url: str | None, watch: Any) -> Any:
    """A client that signs with the credentials boto3 finds."""
    import anthropic

    from kit.agents.engines import mark_caching

    return anthropic.AnthropicBedrock(base_url=base_url, **watch.client_options(middleware=[mark_caching]))
