"""Bucket settings: CloudFormation's way to write them turned into the API's."""

from __future__ import annotations

import re
from typing import Any


def encryption(value: Any) -> Any:
    """BucketEncryption."""
    rules = [
        {
            "ApplyServerSideEncryptionByDefault": rule.get("ServerSideEncryptionByDefault"),
            "BucketKeyEnabled": rule.get("BucketKeyEnabled"),
        }
        for rule in value["ServerSideEncryptionConfiguration"]
    ]
    return {"Rules": rules}


def canned(value: Any) -> str:
    """AccessControl: BucketOwnerFullControl is bucket-owner-full-control to the API."""
    return re.sub("(?<!^)(?=[A-Z])", "-", str(value)).lower()


def lifecycle(value: Any) -> Any:
    """LifecycleConfiguration."""
    return {"Rules": [_lifecycle_rule(rule, number) for number, rule in enumerate(value["Rules"])]}


def _lifecycle_rule(rule: dict[str, Any], number: int) -> dict[str, Any]:
    made: dict[str, Any] = {"ID": rule.get("Id", f"rule-{number}"), "Status": rule["Status"]}
    tags, prefix = rule.get("TagFilters"), rule.get("Prefix", "")
    made["Filter"] = {"And": {"Prefix": prefix, "Tags": tags}} if tags else {"Prefix": prefix}
    expiration = {
        "Days": rule.get("ExpirationInDays"),
        "Date": rule.get("ExpirationDate"),
        "ExpiredObjectDeleteMarker": rule.get("ExpiredObjectDeleteMarker"),
    }
    if any(part is not None for part in expiration.values()):
        made["Expiration"] = expiration
    moves = rule.get("Transitions") or ([rule["Transition"]] if "Transition" in rule else [])
    if moves:
        made["Transitions"] = [
            {
                "Days": move.get("TransitionInDays"),
                "Date": move.get("TransitionDate"),
                "StorageClass": move["StorageClass"],
            }
            for move in moves
        ]
    old = rule.get("NoncurrentVersionExpiration") or {}
    days = rule.get("NoncurrentVersionExpirationInDays") or old.get("NoncurrentDays")
    if days is not None:
        kept = old.get("NewerNoncurrentVersions")
        made["NoncurrentVersionExpiration"] = {"NoncurrentDays": days, "NewerNoncurrentVersions": kept}
    moves = rule.get("NoncurrentVersionTransitions") or []
    if moves:
        made["NoncurrentVersionTransitions"] = [
            {"NoncurrentDays": move["TransitionInDays"], "StorageClass": move["StorageClass"]} for move in moves
        ]
    if "AbortIncompleteMultipartUpload" in rule:
        made["AbortIncompleteMultipartUpload"] = rule["AbortIncompleteMultipartUpload"]
    return made


def cors(value: Any) -> Any:
    """CorsConfiguration."""
    rules = []
    for rule in value["CorsRules"]:
        rules.append(
            {
                "ID": rule.get("Id"),
                "AllowedHeaders": rule.get("AllowedHeaders"),
                "AllowedMethods": rule["AllowedMethods"],
                "AllowedOrigins": rule["AllowedOrigins"],
                "ExposeHeaders": rule.get("ExposedHeaders"),
                "MaxAgeSeconds": rule.get("MaxAge"),
            }
        )
    return {"CORSRules": rules}


def website(value: Any) -> Any:
    """WebsiteConfiguration."""
    made: dict[str, Any] = {}
    if "IndexDocument" in value:
        made["IndexDocument"] = {"Suffix": value["IndexDocument"]}
    if "ErrorDocument" in value:
        made["ErrorDocument"] = {"Key": value["ErrorDocument"]}
    if "RedirectAllRequestsTo" in value:
        made["RedirectAllRequestsTo"] = value["RedirectAllRequestsTo"]
    return made


def logging(value: Any) -> Any:
    """LoggingConfiguration."""
    target = value.get("DestinationBucketName")
    return (
        {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": value.get("LogFilePrefix", "")}} if target else {}
    )


def replication(value: Any) -> Any:
    """ReplicationConfiguration."""
    rules = []
    for number, rule in enumerate(value["Rules"]):
        made = {key: part for key, part in rule.items() if key != "Id"} | {"ID": rule.get("Id", f"rule-{number}")}
        made.setdefault("Priority", number)
        if "Filter" not in made and "Prefix" not in made:
            made["Filter"] = {"Prefix": ""}
        made.setdefault("DeleteMarkerReplication", {"Status": "Disabled"})
        rules.append(made)
    return {"Role": value["Role"], "Rules": rules}


def notifications(value: Any) -> Any:
    """NotificationConfiguration: CloudFormation has one event a row, the API a list of them."""
    made: dict[str, Any] = {}
    rows = (
        ("LambdaConfigurations", "LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
        ("QueueConfigurations", "QueueConfigurations", "Queue", "QueueArn"),
        ("TopicConfigurations", "TopicConfigurations", "Topic", "TopicArn"),
    )
    for asked, wanted, own, api in rows:
        if value.get(asked):
            made[wanted] = [
                {api: row[own], "Events": [row["Event"]], "Filter": _filter(row.get("Filter"))} for row in value[asked]
            ]
    events = value.get("EventBridgeConfiguration")
    if events is not None and str(events.get("EventBridgeEnabled", True)).lower() == "true":
        made["EventBridgeConfiguration"] = {}
    return made


def _filter(value: Any) -> Any:
    if not value:
        return None
    rules = [{"Name": rule["Name"].lower(), "Value": rule["Value"]} for rule in value["S3Key"]["Rules"]]
    return {"Key": {"FilterRules": rules}}
