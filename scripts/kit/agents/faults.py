"""What can go wrong between the scripts, an agent and its model, and in which words it is told."""

from __future__ import annotations

from kit.errors import Failure, StopAll
from kit.redact import redact


class Refused(Exception):
    """Raised when a tool will not do what it was asked; the agent reads why and goes on."""


class Escalation(Failure):
    """Raised when an agent is blocked and neither a resolver nor guidance helped: the user has to act."""


def told_to_agent(failure: Failure) -> str:
    """An expected failure in the words a tool's result carries."""
    return f"{failure}\nNext: {failure.hint}" if failure.hint else str(failure)


def from_sdk(error: Exception, agent: str) -> Exception:
    """The SDK's error as one line for the user; anything that is none of the SDK's is returned as it is."""
    import anthropic
    import httpx2

    saved = "the work so far is saved"
    if isinstance(error, anthropic.AuthenticationError | anthropic.PermissionDeniedError):
        return StopAll(
            f"{agent}: the API refuses the key: {_line(error)}", hint="check ANTHROPIC_API_KEY, then make resume"
        )
    if isinstance(error, anthropic.NotFoundError):
        return StopAll(
            f"{agent}: the API does not know what was asked for: {_line(error)}", hint="check [models] in the settings"
        )
    if isinstance(error, anthropic.BadRequestError):
        if "credit balance" in str(error):
            return StopAll(f"{agent}: {_line(error)}", hint="add credit, then make resume")
        return Failure(f"{agent}: the API refuses the request: {_line(error)}; {saved}", hint="make resume")
    if isinstance(error, anthropic.APIStatusError):
        return StopAll(
            f"{agent}: the API answered {error.status_code} again and again: {_line(error)}; {saved}",
            hint="make resume",
        )
    if isinstance(error, anthropic.APITimeoutError):
        return StopAll(f"{agent}: the API did not answer in time; {saved}", hint="make resume")
    if isinstance(error, anthropic.APIConnectionError):
        cause = error.__cause__ or error
        return StopAll(f"{agent}: the API cannot be reached: {redact(str(cause))[:200]}; {saved}", hint="make resume")
    if isinstance(error, anthropic.AnthropicError | httpx2.HTTPError | ValueError):
        return Failure(f"{agent}: the API's answer cannot be read: {_line(error)}; {saved}", hint="make resume")
    return error


def _line(error: Exception) -> str:
    body = getattr(error, "body", None)
    inner = body.get("error") if isinstance(body, dict) else None
    text = inner.get("message") if isinstance(inner, dict) else None
    return redact(" ".join(str(text or error).split()))[:200]
