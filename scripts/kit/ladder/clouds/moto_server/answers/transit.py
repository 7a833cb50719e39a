"""Transit gateways and their attachments are told as deleted for as long as somebody asks for them by name."""

from __future__ import annotations

import inspect
from typing import Any

from moto.ec2.models import EC2Backend


def install() -> None:
    """Mend it."""
    _remember(
        "delete_transit_gateway_vpc_attachment",
        "describe_transit_gateway_vpc_attachments",
        "transit_gateways_attachment_ids",
    )
    _remember("delete_transit_gateway", "describe_transit_gateways", "transit_gateway_ids")


def _remember(deleting: str, describing: str, names: str) -> None:
    """Let what `deleting` took away be described by its id: Terraform waits until it is told `deleted`."""
    backend: Any = EC2Backend
    delete, describe = getattr(backend, deleting), getattr(backend, describing)

    def deleted(self: Any, *args: Any, **kwargs: Any) -> Any:
        one = delete(self, *args, **kwargs)
        one.state = "deleted"
        vars(self).setdefault(f"gone_by_{deleting}", {})[one.id] = one
        return one

    def described(self: Any, *args: Any, **kwargs: Any) -> list[Any]:
        wanted = inspect.signature(describe).bind(self, *args, **kwargs).arguments.get(names)
        gone = vars(self).get(f"gone_by_{deleting}", {})
        return [*describe(self, *args, **kwargs), *(gone[one] for one in wanted or () if one in gone)]

    setattr(backend, deleting, deleted)
    setattr(backend, describing, described)
