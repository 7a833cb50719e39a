"""moto's own CloudFormation models, for the types that have no handler here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.ladder.clouds.moto_server.handler import Context

if TYPE_CHECKING:
    from kit.ladder.clouds.moto_server.held import Resource


def model(kind: str) -> Any:
    """moto's model of the type, or None when it only nods at it."""
    from moto.cloudformation.parsing import get_model_map

    return get_model_map().get(kind)


def create(model_: Any, kind: str, context: Context, properties: dict[str, Any]) -> Any:
    """Let moto create the resource."""
    from moto.cloudformation.parsing import generate_resource_name, resource_name_property_from_type
    from moto.core.exceptions import ServiceException

    key = resource_name_property_from_type(kind)
    name = properties.get(key) if key else None
    name = name or generate_resource_name(kind, context.stack_name, context.logical_id)
    try:
        made = model_.create_from_cloudformation_json(
            name,
            {"Type": kind, "Properties": properties},
            context.account,
            context.region,
            LogicalId=context.logical_id,
            StackId=context.stack_id,
            ResourceType=kind,
        )
    except (ServiceException, KeyError) as error:
        raise error if isinstance(error, ServiceException) else ValueError(f"property {error} is missing") from error
    made.cf_resource_type = kind
    made.logical_resource_id = context.logical_id
    _tag(made, context)
    return made


def update(kind: str, body: Any, context: Context, old: dict[str, Any], new: dict[str, Any]) -> Any:
    """Let moto change the resource in place; None when only a replacement will do."""
    from moto.cloudformation.parsing import generate_resource_name, resource_name_property_from_type

    model_ = model(kind)
    if model_ is None or hasattr(model_.update_from_cloudformation_json, "__isabstractmethod__"):
        return None
    key = resource_name_property_from_type(kind)
    if key and old.get(key) != new.get(key):
        return None
    name = (new.get(key) if key else None) or _current_name(kind, body, context) or ""
    name = name or generate_resource_name(kind, context.stack_name, context.logical_id)
    changed = model_.update_from_cloudformation_json(
        original_resource=body,
        new_resource_name=name,
        cloudformation_json={"Type": kind, "Properties": new},
        account_id=context.account,
        region_name=context.region,
    )
    if changed is None:
        return body
    changed.cf_resource_type = kind
    changed.logical_resource_id = context.logical_id
    _tag(changed, context)
    return changed


def delete(resource: Resource) -> None:
    """Let moto delete the resource, by the object where its model can, else by its name."""
    body, context = resource.body, resource.context
    try:
        body.delete(context.account, context.region)
        return
    except (TypeError, AttributeError):
        model_ = model(resource.cf_resource_type)
    if hasattr(model_.delete_from_cloudformation_json, "__isabstractmethod__"):
        raise ValueError(f"{resource.cf_resource_type} cannot be deleted by the emulator")
    model_.delete_from_cloudformation_json(
        getattr(body, "physical_resource_id", None) or resource.physical_resource_id,
        {"Type": resource.cf_resource_type, "Properties": resource.properties},
        context.account,
        context.region,
    )


def physical_id(body: Any) -> str:
    """What Ref yields."""
    return str(getattr(body, "physical_resource_id", "") or "")


def attribute(resource: Resource, name: str) -> Any:
    """What Fn::GetAtt yields, or None."""
    from moto.cloudformation.exceptions import UnformattedGetAttTemplateException

    try:
        return resource.body.get_cfn_attribute(name)
    except (UnformattedGetAttTemplateException, NotImplementedError, AttributeError):
        return None


def _current_name(kind: str, body: Any, context: Context) -> str:
    found = getattr(body, "name", None) or getattr(body, "physical_resource_id", None)
    return found if isinstance(found, str) else ""


def _tag(made: Any, context: Context) -> None:
    from moto.ec2.models import ec2_backends
    from moto.ec2.models.core import TaggedEC2Resource

    if isinstance(made, TaggedEC2Resource):
        backend = ec2_backends[context.account][context.region]
        backend.create_tags([made.physical_resource_id], dict(context.tags))  # type: ignore[attr-defined]
