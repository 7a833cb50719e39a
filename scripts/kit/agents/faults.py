"""What can go wrong between the scripts, an agent and its model, and in which words it is told."""

from __future__ import annotations

import re

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
            f"{agent}: the API refuses the key: {_line(error)}",
            hint="check the key or log in to the cloud again, then make resume",
        )
    if _of_login(error):
        return StopAll(f"{agent}: no login to the cloud: {_line(error)}", hint="log in again, then make resume")
    if isinstance(error, anthropic.NotFoundError):
        return StopAll(
            f"{agent}: the API does not know what was asked for: {_line(error)}", hint="check [models] in the settings"
        )
    if isinstance(error, anthropic.BadRequestError):
        if "credit balance" in str(error):
            return StopAll(f"{agent}: {_line(error)}", hint="add credit, then make resume")
        hint = "make resume"
        if re.search(r"\bthreads?\b", _line(error), re.IGNORECASE):
            hint = "make resume with TC_MODELS_THREAD=false"
        return Failure(f"{agent}: the API refuses the request: {_line(error)}; {saved}", hint=hint)
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


def _of_login(error: Exception) -> bool:
    """True for what boto3 and google-auth raise, wherever it was wrapped; neither is imported for the other engines."""
    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) and cause not in chain:
        chain.append(cause)
    kinds = {f"{kind.__module__}.{kind.__name__}" for one in chain for kind in type(one).__mro__}
    missing = isinstance(error, RuntimeError) and "Could not resolve" in str(error)
    return missing or bool(kinds & {"botocore.exceptions.BotoCoreError", "google.auth.exceptions.GoogleAuthError"})


def _line(error: Exception) -> str:
    body = getattr(error, "body", None)
    inner = body.get("error") if isinstance(body, dict) else None
    text = inner.get("message") if isinstance(inner, dict) else None
    return redact(" ".join(str(text or error).split()))[:200]
