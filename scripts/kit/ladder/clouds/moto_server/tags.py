"""Tags that change with a stack: each service has a call of its own for them, and few take them with an update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler

_PAIR = ("tag_resource", "untag_resource")


def _arn(handler: Handler) -> str:
    return str(handler.attribute("Arn"))


def _id(handler: Handler) -> str:
    return handler.id


def _gateway(path: str) -> Callable[[Handler], str]:
    return lambda handler: f"arn:aws:apigateway:{handler.context.region}::/{path}/{handler.id}"


# Type -> (calls that put and take tags, the argument that names the thing, what it says).
_CALLS: dict[str, tuple[tuple[str, str], str, Callable[[Handler], str]]] = {
    "AWS::ApiGateway::RestApi": (_PAIR, "resourceArn", _gateway("restapis")),
    "AWS::ApiGatewayV2::Api": (_PAIR, "ResourceArn", _gateway("apis")),
    "AWS::CloudTrail::Trail": (("add_tags", "remove_tags"), "ResourceId", _arn),
    "AWS::DynamoDB::Table": (_PAIR, "ResourceArn", _arn),
    "AWS::ECR::Repository": (_PAIR, "resourceArn", _arn),
    "AWS::ECS::Cluster": (_PAIR, "resourceArn", _arn),
    "AWS::ECS::Service": (_PAIR, "resourceArn", _id),
    "AWS::IAM::User": (("tag_user", "untag_user"), "UserName", _id),
    "AWS::KMS::Key": (_PAIR, "KeyId", _id),
    "AWS::Logs::LogGroup": (("tag_log_group", "untag_log_group"), "logGroupName", _id),
    "AWS::RDS::DBCluster": (
        ("add_tags_to_resource", "remove_tags_from_resource"),
        "ResourceName",
        lambda handler: str(handler.attribute("DBClusterArn")),
    ),
    "AWS::RDS::DBInstance": (
        ("add_tags_to_resource", "remove_tags_from_resource"),
        "ResourceName",
        lambda handler: str(handler.attribute("DBInstanceArn")),
    ),
    "AWS::SecretsManager::Secret": (_PAIR, "SecretId", _id),
    "AWS::SNS::Topic": (_PAIR, "ResourceArn", _id),
    "AWS::SQS::Queue": (("tag_queue", "untag_queue"), "QueueUrl", _id),
    "AWS::SSM::Parameter": (("add_tags_to_resource", "remove_tags_from_resource"), "ResourceId", _id),
    "AWS::WAFv2::WebACL": (_PAIR, "ResourceARN", _arn),
}


def change(handler: Handler, old: dict[str, Any]) -> None:
    """Bring the tags of a thing that stayed from those of the properties `old` to what is asked."""
    if handler.context.kind not in _CALLS:
        return
    (put, take), argument, named = _CALLS[handler.context.kind]
    before, now = _read(old.get("Tags")), _read(handler.props.get("Tags"))
    # Whatever a call does not know of this is left out of it.
    me = {argument: named(handler), "ResourceType": "Parameter"}
    # A new value takes the place of the old: moto keeps both in tables.
    gone = sorted(key for key, value in before.items() if now.get(key) != value)
    if gone:
        handler.call(take, **me, TagKeys=gone, Tags=gone, TagsList=[{"Key": key} for key in gone])
    if now != before and now:
        rows = [{"Key": key, "Value": value, "TagKey": key, "TagValue": value} for key, value in now.items()]
        handler.call(put, **me, Tags=rows, TagsList=rows)


def _read(tags: Any) -> dict[str, str]:
    if isinstance(tags, dict):
        return {str(key): str(value) for key, value in tags.items()}
    return {str(tag["Key"]): str(tag.get("Value", "")) for tag in tags or []}
