"""What a resource handler is, and how it speaks to the services: through their API, as CloudFormation does."""

from __future__ import annotations

import json
import os
import random
import string
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from kit.ladder.clouds.base import emulator_session

# A session may not make two clients at once.
_one_at_a_time = threading.RLock()
HANDLERS: dict[str, type[Handler]] = {}


class Replace(Exception):
    """Raised by an update that can only be made by a new resource in the place of the old."""


class NotEmulated(Exception):
    """Raised when the service behind a handler has no such operation here."""


@dataclass(frozen=True)
class Context:
    """Where a resource lives, and its type in the template. `client(service)` speaks to this very server."""

    region: str
    account: str
    stack_name: str
    stack_id: str
    logical_id: str
    tags: tuple[tuple[str, str], ...] = ()
    kind: str = ""

    def client(self, service: str, region: str = "") -> Any:
        """A boto3 client of `service`."""
        return _client(service, region or self.region)

    def generated_name(self, limit: int = 64, lower: bool = False) -> str:
        """A name as CloudFormation makes it: stack, logical id, some letters; at most `limit` characters."""
        tail = "".join(random.choices(string.ascii_uppercase + string.digits, k=12))
        head = f"{self.stack_name}-{self.logical_id}"[: limit - 13]
        # A cut beside a hyphen would leave two of them, which load balancers refuse.
        name = f"{head.rstrip('-')}-{tail}"
        return name.lower() if lower else name

    def arn(self, service: str, rest: str, region: str | None = None) -> str:
        """An ARN of this account."""
        return f"arn:aws:{service}:{self.region if region is None else region}:{self.account}:{rest}"


class Handler:
    """Creates, changes and deletes resources of one type. `id` is what Ref yields.

    Subclasses set `service`, write `create` (which sets `id`), `delete`, and where it can be done in place
    `update(old)`; `attribute(name)` answers Fn::GetAtt, None for one that is not emulated.
    """

    service = ""

    def __init__(self, context: Context, props: dict[str, Any]) -> None:
        self.context = context
        self.props = props
        self.id = ""
        self.attributes: dict[str, Any] = {}

    def create(self) -> None:
        """Bring it about and set `id`."""
        raise TypeError(f"{type(self).__name__} cannot create")

    def update(self, old: dict[str, Any]) -> None:
        """Change in place; the default asks for a replacement."""
        raise Replace

    def delete(self) -> None:
        """Take it away; already gone is fine."""

    def attribute(self, name: str) -> Any:
        """Fn::GetAtt."""
        return self.attributes.get(name)

    def call(self, operation: str, service: str = "", /, **arguments: Any) -> dict[str, Any]:
        """Call the service with `arguments` made fit for the operation (see `fit`)."""
        client = self.context.client(service or self.service)
        name = client.meta.method_to_api_mapping[operation]
        shape = client.meta.service_model.operation_model(name).input_shape
        fitted = fit(shape, {key: value for key, value in arguments.items() if value is not None})
        try:
            return getattr(client, operation)(**fitted)
        except client.exceptions.ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 501:
                raise NotEmulated(f"{client.meta.service_model.service_name} {operation}") from error
            raise

    def quietly(self, operation: str, service: str = "", /, **arguments: Any) -> None:
        """Like `call`; an answer that the thing is not there is fine."""
        from botocore.exceptions import ClientError

        from kit.ladder.cfn_probe import means_gone

        try:
            self.call(operation, service, **arguments)
        except ClientError as error:
            if not means_gone(error.response):
                raise

    def name(self, key: str, *, limit: int = 64, lower: bool = False) -> str:
        """The name the template gives in property `key`, or a generated one."""
        return str(self.props.get(key) or self.context.generated_name(limit, lower))

    def same(self, old: dict[str, Any], *keys: str) -> None:
        """Ask for a replacement when one of `keys` changed."""
        if any(old.get(key) != self.props.get(key) for key in keys):
            raise Replace


def handles(*kinds: str) -> Callable[[type[Handler]], type[Handler]]:
    """Register a handler for resource types."""

    def register(made: type[Handler]) -> type[Handler]:
        for kind in kinds:
            HANDLERS[kind] = made
        return made

    return register


def fit(shape: Any, value: Any) -> Any:
    """`value` as the API's `shape` wants it.

    Member names match in any case; what the API does not know is left out. "30" becomes 30 where a number is
    wanted, a mapping becomes JSON where a string is wanted, tags change between list and mapping.
    """
    if shape is None or value is None:
        return value
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        if getattr(shape, "is_document_type", False):
            return value
        names = {name.casefold(): name for name in shape.members}
        known = ((names.get(key.casefold()), part) for key, part in value.items())
        return {name: fit(shape.members[name], part) for name, part in known if name and part is not None}
    if kind == "list":
        if isinstance(value, dict):
            value = [{"Key": key, "Value": part} for key, part in value.items()]
        return [fit(shape.member, part) for part in (value if isinstance(value, list) else [value])]
    if kind == "map":
        if isinstance(value, list) and all(isinstance(part, dict) and "Key" in part for part in value):
            value = {part["Key"]: part.get("Value", "") for part in value}
        return {str(key): fit(shape.value, part) for key, part in value.items()} if isinstance(value, dict) else value
    return _scalar(kind, value)


def _scalar(kind: str, value: Any) -> Any:
    if kind in ("integer", "long"):
        return int(float(value))
    if kind in ("float", "double"):
        return float(value)
    if kind == "boolean":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if kind == "string":
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value) if isinstance(value, dict | list) else str(value)
    if kind == "blob":
        return value if isinstance(value, bytes) else str(value).encode()
    return value


@cache
def _client(service: str, region: str) -> Any:
    from botocore.config import Config

    config = Config(connect_timeout=5, read_timeout=120, retries={"total_max_attempts": 1}, proxies={})
    with _one_at_a_time:
        return _session().client(service, region, endpoint_url=os.environ["AWS_ENDPOINT_URL"], config=config)


@cache
def _session() -> Any:
    return emulator_session()
