"""Run the program without a cloud and write down the resources it asks for, to pulumi.out/graph.json.

What it asks of a resource that would only be known after the deployment is written as a reference,
`${type::name::attribute}`, so that another tool can put the parts together.
"""

import json
import os
import runpy
import sys
import threading
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime.mocks import MockMonitor

ROOT = Path(__file__).resolve().parent.parent
ACCOUNT = "123456789012"
REGION = os.environ.get("AWS_REGION", "us-east-1")
# How the engine's protocol marks a secret.
MARK, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
# Attributes that exist only after the deployment. A program can ask for any of them.
KNOWN_LATER = (
    "arn bucketDomainName bucketRegionalDomainName invokeArn qualifiedArn url dnsName zoneId hostedZoneId endpoint address "
    "port uniqueId keyId domainName executionArn apiEndpoint rootResourceId defaultSecurityGroupId mainRouteTableId "
    "defaultRouteTableId ownerId publicIp privateIp allocationId secretId version versionId dashboardArn streamArn "
    "repositoryUrl registryId userPoolId endpointAddress readerEndpoint clusterIdentifier arnSuffix primaryEndpointAddress "
    "name bucket"
).split()


def is_secret(value: Any) -> bool:
    """True for a value that the engine's protocol marks as a secret."""
    return isinstance(value, dict) and value.get(MARK) == SECRET


def plain(value: Any) -> Any:
    """A value as JSON holds it; archives and files by their path."""
    if isinstance(value, pulumi.FileArchive | pulumi.FileAsset):
        kind = "archive" if isinstance(value, pulumi.FileArchive) else "file"
        return {"@asset": kind, "path": str(value.path)}
    if isinstance(value, pulumi.StringAsset):
        return {"@asset": "text", "text": value.text}
    if isinstance(value, pulumi.AssetArchive):
        return {"@asset": "parts", "parts": {name: plain(part) for name, part in value.assets.items()}}
    if is_secret(value):
        return plain(value["value"])
    if isinstance(value, dict):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value


class Recorder(pulumi.runtime.Mocks):
    """Keeps every resource; answers with its inputs and with references for the rest."""

    def __init__(self) -> None:
        self.resources: list[dict[str, Any]] = []
        # What the engine is told beside the inputs; each registration has a thread of its own.
        self.told = threading.local()

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        made = {"type": args.typ, "name": args.name, "inputs": plain(args.inputs), "custom": args.custom is not False}
        self.resources.append(made | self.told.value)
        unsealed = {name: value["value"] if is_secret(value) else value for name, value in args.inputs.items()}
        later = {name: f"${{{args.typ}::{args.name}::{name}}}" for name in KNOWN_LATER}
        return f"${{{args.typ}::{args.name}::id}}", later | unsealed

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        name = args.token.rpartition(":")[2]
        if name == "getCallerIdentity":
            return {"accountId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root", "userId": ACCOUNT, "id": ACCOUNT}
        if name == "getRegion":
            return {"name": REGION, "id": REGION, "region": REGION, "description": REGION, "endpoint": ""}
        if name == "getPartition":
            return {"partition": "aws", "dnsSuffix": "amazonaws.com", "id": "aws"}
        if name == "getAvailabilityZones":
            zones = [f"{REGION}{letter}" for letter in "abc"]
            return {"names": zones, "zoneIds": zones, "id": REGION, "groupNames": [REGION]}
        if name == "getAmi":
            return {"id": "ami-12c6146b", "imageId": "ami-12c6146b", "architecture": "x86_64"}
        if name == "getRandomPassword":
            length = int(args.args.get("passwordLength") or 32)
            return {"randomPassword": f"${{{args.token}::password{length}::randomPassword}}"}
        if name == "getPolicyDocument":
            return {"json": policy(args.args), "id": "policy"}
        raise RuntimeError(f"{args.token} cannot be answered without a cloud")


class Monitor(MockMonitor):
    """Stands where the engine would; notes what is told to it and to no mock."""

    def RegisterResource(self, request: Any) -> Any:  # pylint: disable=invalid-name
        """A resource to be made: what it waits for, where it is made, and whether it may go again."""
        self.mocks.told.value = {
            "urn": self.make_urn(request.parent, request.type, request.name),
            "dependencies": sorted(request.dependencies),
            "provider": request.provider,
            "kept": bool(request.protect or request.retainOnDelete),
            "remote": bool(request.remote),
        }
        return super().RegisterResource(request)

    def ReadResource(self, request: Any) -> Any:  # pylint: disable=invalid-name
        """A resource that is there already, by its id."""
        self.mocks.told.value = {"read": str(request.id)}
        return super().ReadResource(request)


def policy(args: dict[str, Any]) -> str:
    """The JSON of a policy document that is given as arguments."""
    statements = []
    for given in args.get("statements") or []:
        made: dict[str, Any] = {"Effect": given.get("effect") or "Allow"}
        for source, target in (("sid", "Sid"), ("actions", "Action"), ("notActions", "NotAction"), ("resources", "Resource")):
            if given.get(source):
                made[target] = given[source]
        for principal in given.get("principals") or []:
            made.setdefault("Principal", {}).setdefault(principal["type"], []).extend(principal["identifiers"])
        for condition in given.get("conditions") or []:
            made.setdefault("Condition", {}).setdefault(condition["test"], {})[condition["variable"]] = condition["values"]
        statements.append(made)
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def main() -> None:
    """Run the program and write the graph."""
    recorder, outputs = Recorder(), {}
    suffix = os.environ.get("ENVIRONMENT_SUFFIX", "dev")
    pulumi.runtime.set_mocks(recorder, project="TapStack", stack=f"TapStack{suffix}", preview=False, monitor=Monitor(recorder))
    pulumi.runtime.set_config("aws:region", REGION)
    pulumi.export = lambda name, value: outputs.update({name: value})

    @pulumi.runtime.test
    def program() -> Any:
        sys.path.insert(0, str(ROOT))
        runpy.run_path(str(ROOT / "tap.py"), run_name="__main__")
        return pulumi.Output.all(**outputs).apply(lambda values: found.update(values)) if outputs else None

    found: dict[str, Any] = {}
    program()
    graph = {"resources": recorder.resources, "outputs": plain(found), "suffix": suffix, "region": REGION}
    folder = ROOT / "pulumi.out"
    folder.mkdir(exist_ok=True)
    (folder / "graph.json").write_text(json.dumps(graph, indent=2) + "\n", encoding="utf-8")
    print(f"{len(recorder.resources)} resources and {len(found)} outputs written to pulumi.out/graph.json")


if __name__ == "__main__":
    main()
