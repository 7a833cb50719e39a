"""moto's own CloudFormation models, used where they are right and mended where they are not."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kit.ladder.clouds.moto_server.handler import Context

if TYPE_CHECKING:
    from kit.ladder.clouds.moto_server.held import Resource

# What CloudFormation's Ref yields where moto's model says something else.
PHYSICAL_IDS: dict[str, Callable[[Any, dict[str, Any]], str]] = {
    # Some clients take the host of the queue's address for the endpoint.
    "AWS::SQS::Queue": lambda body, _: f"{os.environ['AWS_ENDPOINT_URL']}/{body.account_id}/{body.name}",
}
# Attributes moto's models lack: type, attribute -> value.
ATTRIBUTES: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("AWS::S3::Bucket", "RegionalDomainName"): lambda it: (
        f"{it.physical_resource_id}.s3.{it.context.region}.amazonaws.com"
    ),
    ("AWS::S3::Bucket", "DualStackDomainName"): lambda it: (
        f"{it.physical_resource_id}.s3.dualstack.{it.context.region}.amazonaws.com"
    ),
    ("AWS::IAM::Role", "RoleId"): lambda it: it.body.id,
    ("AWS::EC2::VPC", "VpcId"): lambda it: it.physical_resource_id,
    ("AWS::EC2::Subnet", "SubnetId"): lambda it: it.physical_resource_id,
    ("AWS::EC2::RouteTable", "RouteTableId"): lambda it: it.physical_resource_id,
    ("AWS::EC2::InternetGateway", "InternetGatewayId"): lambda it: it.physical_resource_id,
    ("AWS::EC2::NatGateway", "NatGatewayId"): lambda it: it.physical_resource_id,
    ("AWS::SNS::Topic", "TopicArn"): lambda it: it.physical_resource_id,
    ("AWS::SQS::Queue", "QueueUrl"): lambda it: it.physical_resource_id,
}
# Properties that moto's models want in another shape: type -> the properties as its model reads them.
GIVEN: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "AWS::KMS::Key": lambda given: {
        **given,
        "KeyPolicy": json.dumps(given.get("KeyPolicy", {})),
        "Tags": [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in given.get("Tags", [])],
    },
}
# Properties that moto's models read with the wrong type or not at all are set by these after creation.
AFTERWARDS: dict[str, Callable[[Any], None]] = {}


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
    properties = GIVEN.get(kind, dict)(properties)
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


def physical_id(kind: str, body: Any, properties: dict[str, Any]) -> str:
    """What Ref yields."""
    special = PHYSICAL_IDS.get(kind)
    if special is not None:
        return special(body, properties)
    return str(getattr(body, "physical_resource_id", "") or "")


def attribute(resource: Resource, name: str) -> Any:
    """What Fn::GetAtt yields, or None."""
    from moto.cloudformation.exceptions import UnformattedGetAttTemplateException

    special = ATTRIBUTES.get((resource.cf_resource_type, name))
    if special is not None:
        return special(resource)
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
