"""{{resolve:...}} references and SSM parameters, looked up in the services."""

from __future__ import annotations

import json

from kit.ladder.clouds.moto_server.handler import Context
from kit.ladder.clouds.moto_server.resolve import TemplateError


def look_up(context: Context, kind: str, name: str) -> str:
    """The value that `{{resolve:<kind>:<name>}}` stands for. Raises `TemplateError` when there is none."""
    from botocore.exceptions import ClientError

    try:
        return _secret(context, name) if kind == "secretsmanager" else _parameter(context, name)
    except ClientError as error:
        message = error.response.get("Error", {}).get("Message")
        raise TemplateError(f"Could not resolve {{{{resolve:{kind}:{name}}}}}: {message}") from error


def _parameter(context: Context, name: str) -> str:
    head, colon, version = name.rpartition(":")
    whole = f"{head}:{version}" if colon and version.isdigit() else name
    found = context.client("ssm").get_parameter(Name=whole, WithDecryption=True)
    return str(found["Parameter"]["Value"])


def _secret(context: Context, name: str) -> str:
    """secret-id:SecretString:json-key:version-stage:version-id, where the id may be an ARN."""
    head, _, rest = name.partition(":SecretString")
    found = context.client("secretsmanager").get_secret_value(SecretId=head)
    value = str(found.get("SecretString", ""))
    key = rest.lstrip(":").split(":")[0]
    if not key:
        return value
    try:
        return str(json.loads(value)[key])
    except (ValueError, KeyError, TypeError) as error:
        raise TemplateError(f"Could not find a value associated with JSONKey {key} in SecretString") from error
