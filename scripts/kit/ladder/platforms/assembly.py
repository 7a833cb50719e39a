"""A CDK app's synthesized assembly: its stacks, their templates, and the assets they are deployed with."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import files
from kit.errors import Failure
from kit.ladder.clouds.base import Cloud

FOLDER = Path("cdk.out")
_VERSION_PARAMETER = "/cdk-bootstrap/hnb659fds/version"


@dataclass(frozen=True)
class StackOf:
    """A stack of the assembly: its name, the file of its template, and the file that lists its assets."""

    name: str
    template: Path
    assets: Path | None


def stacks(project: Path) -> list[StackOf]:
    """The stacks in an order in which they can be deployed. Raises `Failure` when the assembly is missing or damaged."""
    folder = project / FOLDER
    manifest = files.read_json(folder / "manifest.json", remedy="run the synth stage first")
    try:
        artifacts = manifest["artifacts"]
        made: dict[str, StackOf] = {}
        for key in _in_order(artifacts):
            artifact = artifacts[key]
            if artifact["type"] != "aws:cloudformation:stack":
                continue
            properties = artifact["properties"]
            assets = folder / f"{key}.assets.json"
            name = properties.get("stackName", key)
            made[key] = StackOf(name, folder / properties["templateFile"], assets if assets.is_file() else None)
    except (KeyError, TypeError, AttributeError) as error:
        raise Failure(f"{folder / 'manifest.json'}: not a CDK assembly: {error!r}") from error
    if not made:
        raise Failure(f"{folder}: the app has no stack", hint="bin/tap.ts has to make one")
    return list(made.values())


def digest(project: Path) -> str:
    """A hash of the templates and asset lists of the assembly; "" when there is none."""
    folder = project / FOLDER
    parts = sorted([*folder.glob("*.template.json"), *folder.glob("*.assets.json"), *folder.glob("manifest.json")])
    if not parts:
        return ""
    total = hashlib.sha256()
    for path in parts:
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def publish(cloud: Cloud, project: Path, stack: StackOf) -> int:
    """Put the stack's file assets where its template expects them; returns how many.

    In an emulated cloud the bucket and the version parameter of `cdk bootstrap` are made first. Raises `Failure` for
    an image asset, and naming the bucket when a real account was never bootstrapped.
    """
    account = cloud.client("sts").get_caller_identity()["Account"]
    if cloud.emulated:
        cloud.client("ssm").put_parameter(Name=_VERSION_PARAMETER, Value="30", Type="String", Overwrite=True)
    if stack.assets is None:
        return 0
    listed = files.read_json(stack.assets)
    if listed.get("dockerImages"):
        raise Failure(f"{stack.name}: has container images as assets, which need Docker to be built")
    s3 = cloud.client("s3")
    there = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    count = 0
    for asset in listed.get("files", {}).values():
        source = project / FOLDER / asset["source"]["path"]
        for place in asset["destinations"].values():
            bucket, key = (_fill(place[name], account, cloud.region) for name in ("bucketName", "objectKey"))
            if bucket not in there:
                if not cloud.emulated:
                    raise Failure(f"bucket {bucket} is missing in account {account}", hint="npx cdk bootstrap")
                _make_bucket(s3, bucket, cloud.region)
                there.add(bucket)
            body = _zip(source) if asset["source"].get("packaging") == "zip" else source.read_bytes()
            s3.put_object(Bucket=bucket, Key=key, Body=body)
            count += 1
    return count


def _in_order(artifacts: dict[str, Any]) -> list[str]:
    done: list[str] = []

    def visit(key: str) -> None:
        if key in done or key not in artifacts:
            return
        for before in artifacts[key].get("dependencies", []):
            visit(before)
        done.append(key)

    for key in artifacts:
        visit(key)
    return done


def _fill(text: str, account: str, region: str) -> str:
    for name, value in (("AccountId", account), ("Region", region), ("Partition", "aws")):
        text = text.replace(f"${{AWS::{name}}}", value)
    return text


def _make_bucket(s3: Any, bucket: str, region: str) -> None:
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=bucket, **place)


def _zip(source: Path) -> bytes:
    if source.is_file():
        return source.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(source.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(source).as_posix(), (1980, 1, 1, 0, 0, 0))
                entry.external_attr = (path.stat().st_mode & 0xFFFF) << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return packed.getvalue()
