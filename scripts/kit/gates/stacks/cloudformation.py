"""CloudFormation templates, written by hand or synthesized by cdk, in JSON long form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar

from kit.gates import template
from kit.gates.stacks import leaning, naming
from kit.gates.stacks.base import Name, Resource, Stack
from kit.ladder import cfn_template

PARAMETER = "EnvironmentSuffix"
# The stack itself is named TapStack<suffix>.
_CARRIERS = (PARAMETER, "AWS::StackName", "AWS::StackId")
_PROTECTION = re.compile(
    r"^(deletion|delete|termination)_?protection(_?enabled)?$|^DisableApiTermination$|^DisableApiStop$|^ObjectLockEnabled$",
    re.I,
)
# Volumes and backups that stay when what they belong to goes; locks that keep what is in a vault.
_LEFT = ("DeleteOnTermination", "DeleteAutomatedBackups")
_LOCKS = re.compile(r"^TerminationProtected$|^LockConfiguration$")
_OFF = (False, "false", "False", "INACTIVE", "DISABLED", "", None)
_SECRET_KEY = re.compile(r"(?:Password|SecretString|AuthToken|SecretKey|PrivateKey|ApiKeyValue)$")
_SECRET_NAME = re.compile(r"(?:Password|Passwd|Secret|Token|ApiKey|PrivateKey)$", re.I)
# Properties that name another resource, where a fixed word names somebody else's.
_LEANING = re.compile(
    r"^(?:Bucket|S3BucketName|BucketName|Roles?|RoleName|Groups|Users|FunctionName|TableName|EventBusName|HostedZoneName|"
    r"UserPoolId|IdentityPoolId|RestApiId|ApiId|Cluster|ClusterName|ClusterIdentifier|DBClusterIdentifier|DBSubnetGroupName|"
    r"CacheSubnetGroupName|LogGroupName|StreamName|Queues?|QueueUrl|Topics|SecretId|IamInstanceProfile|InstanceProfileName|"
    r"RepositoryName|LoadBalancerName|AutoScalingGroupName|BackupVaultName|ApplicationName|KeyId|TargetKeyId)$"
)
_ZONE = re.compile(r"^Z[0-9A-Z]{9,31}$")
_FOREIGN_PARAMETER = re.compile(
    r"^(?:List<)?AWS::(?:EC2::(?:VPC|Subnet|SecurityGroup|KeyPair|Instance|Volume)|Route53::HostedZone)::"
)
_NOTHING = {"Ref": "AWS::NoValue"}
_ASIDE = ("Description", "Metadata")


class CloudFormation(Stack):
    """One template. With `suffix` it is a synthesized one."""

    format: ClassVar[str] = "types"

    @cached_property
    def resources(self) -> dict[str, Resource]:
        """Every resource with what stands beside its Type: Properties, DeletionPolicy and the rest."""
        return {name: Resource(one["Type"], one) for name, one in self.body["Resources"].items()}

    def sections(self) -> dict[str, Any]:
        """Parameters, Outputs and all else but Resources, without what every synthesized template begins with."""
        rest = {name: value for name, value in self.body.items() if name != "Resources"}
        parameters = rest.get("Parameters")
        if self.suffix and isinstance(parameters, dict):
            own = {name: value for name, value in parameters.items() if name != "BootstrapVersion"}
            rest = {name: value for name, value in rest.items() if name not in ("Parameters", "Rules")}
            rest |= {"Parameters": own} if own else {}
        return rest

    def properties(self, resource: Resource) -> dict[str, Any]:
        """Properties and policies; where a synthesizer found its assets says nothing."""
        body = {key: value for key, value in resource.body.items() if key != "Properties"}
        if self.suffix:
            body.pop("Metadata", None)
        return body | template.properties(resource.body)

    def suffix_problem(self) -> str:
        """A written template takes the suffix as a parameter."""
        if self.suffix or PARAMETER in _mapping(self.body.get("Parameters")):
            return ""
        return f"Parameters/{PARAMETER}: missing"

    def names(self) -> Iterator[Name]:
        """The naming properties of all resources, and the exports."""
        for logical, resource in self.resources.items():
            for name in naming.cloudformation(resource.kind):
                value: Any = template.properties(resource.body)
                for part in name.split("."):
                    value = value.get(part) if isinstance(value, dict) else None
                if value is not None and not _is_no_value(value) and not self._is_made_up(logical, resource, value):
                    yield Name(f"{logical}/{name}", _short(value), self.holds_suffix(value))
        for logical, output in _mapping(self.body.get("Outputs")).items():
            export = output.get("Export") if isinstance(output, dict) else None
            if isinstance(export, dict) and "Name" in export:
                value = export["Name"]
                yield Name(f"Outputs/{logical}/Export/Name", _short(value), self.holds_suffix(value))

    def holds_suffix(self, value: Any) -> bool:
        """True when whatever a name resolves to holds the suffix, or is made from a resource of this stack."""
        if isinstance(value, str):
            return bool(self.suffix) and self.suffix in value
        if not isinstance(value, dict) or len(value) != 1:
            return False
        [(function, inner)] = value.items()
        match function:
            case "Ref":
                return self._carries(inner)
            case "Fn::GetAtt":
                return self._carries(inner[0] if isinstance(inner, list) else str(inner).partition(".")[0])
            case "Fn::Sub":
                text, variables = (inner, {}) if isinstance(inner, str) else (inner[0], inner[1])
                used = re.findall(r"\$\{([^!}][^}]*)\}", text)
                return any(
                    self.holds_suffix(variables[name]) if name in variables else self._carries(name.partition(".")[0])
                    for name in used
                ) or self.holds_suffix(text)
            case "Fn::Join":
                return isinstance(inner[1], list) and any(self.holds_suffix(part) for part in inner[1])
            case "Fn::If":
                chosen = [one for one in inner[1:] if one != _NOTHING]
                return all(self.holds_suffix(one) for one in chosen)
            case "Fn::Select" | "Fn::Split":
                return any(self.holds_suffix(one) for _, one in template.walk(inner) if isinstance(one, dict))
        return False

    def outliving(self) -> Iterator[str]:
        """Policies that keep, written or implied: a database without one leaves a snapshot."""
        for name, resource in self.resources.items():
            for key in ("DeletionPolicy", "UpdateReplacePolicy"):
                for value in _leaves(resource.body.get(key, "Delete")):
                    if value != "Delete":
                        yield f"{name}: {key}: {value}: the stack would leave it behind"
            own = template.properties(resource.body)
            for place, value in template.walk(own):
                if place and place[-1] in _LEFT and any(one in (False, "false") for one in _leaves(value)):
                    yield f"{name}: {template.show(place)}: {value}: the stack would leave it behind"
            database = resource.kind == "AWS::RDS::DBCluster" or (
                resource.kind == "AWS::RDS::DBInstance" and "DBClusterIdentifier" not in own
            )
            if database and "DeletionPolicy" not in resource.body:
                yield f"{name}: no DeletionPolicy: for {resource.kind} that means Snapshot, which the stack would leave"

    def refusing(self) -> Iterator[str]:
        """Deletion protection; what only a cloud could tell counts as on."""
        defaults = {name: _mapping(one).get("Default") for name, one in _mapping(self.body.get("Parameters")).items()}
        for name, resource in self.resources.items():
            for place, value in template.walk(template.properties(resource.body)):
                key = place[-1] if place and isinstance(place[-1], str) else ""
                if _PROTECTION.match(key) or _LOCKS.match(key):
                    for on in _set_on(value, defaults):
                        yield f"{name}: {template.show(place)}: {on}"
                if isinstance(value, dict) and value.get("Key") == "deletion_protection.enabled":
                    for on in _set_on(value.get("Value"), defaults):
                        yield f"{name}: {value['Key']}: {on}"

    def foreign(self) -> Iterator[str]:
        """Imports, ARNs, ids, and parameters, buckets, keys and zones that have to be there already."""
        for place, value in template.walk(self.body):
            if isinstance(value, dict) and "Fn::ImportValue" in value:
                yield f"{template.show(place)}: Fn::ImportValue: belongs to another stack"
        for where, text in self.texts():
            for found in leaning.named(text, self.suffix):
                yield f"{where}: {found}"
        yield from self._asked_for()
        for name, resource in self.resources.items():
            yield from _leaning_on(name, resource)
            yield from self._named(name, resource)

    def _named(self, name: str, resource: Resource) -> Iterator[str]:
        given = set(naming.cloudformation(resource.kind))
        for key, value in template.properties(resource.body).items():
            if not _LEANING.match(key) or key in given or not resource.kind.startswith("AWS::"):
                continue
            for one in value if isinstance(value, list) else [value]:
                fixed = (
                    isinstance(one, str)
                    and one
                    and "{{resolve:" not in one
                    and not one.startswith(("arn:", "alias/aws/"))
                )
                if fixed and one not in self._own_words and not self.holds_suffix(one):
                    yield f"Resources/{name}/{key}: {one}: which the stack does not make"

    @cached_property
    def _own_words(self) -> set[str]:
        """Names that resources of this stack are given in plain words; other gates judge these."""
        own = {"default"}
        for resource in self.resources.values():
            properties = template.properties(resource.body)
            own |= {
                str(properties[key])
                for key in naming.cloudformation(resource.kind)
                if isinstance(properties.get(key), str)
            }
        return own

    def made(self) -> list[Resource]:
        """The resources whose condition holds by the defaults of the parameters."""
        return [self.resources[name] for name in cfn_template.asked_resources(self.body, {})]

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text, those that functions put together as one; names of regions in Mappings are keys, not texts."""
        for place, text in _texts(self.body, ()):
            aside = place[0] in _ASIDE or (bool(self.suffix) and "Metadata" in place[:3])
            if not aside:
                yield template.show(place), text

    def secrets(self) -> Iterator[tuple[str, str]]:
        """Properties called password or the like, and the defaults of hidden parameters."""
        for name, resource in self.resources.items():
            for place, value in template.walk(template.properties(resource.body)):
                if place and _SECRET_KEY.search(str(place[-1])) and isinstance(value, str):
                    yield f"Resources/{name}/{template.show(place)}", value
        for name, parameter in _mapping(self.body.get("Parameters")).items():
            default = _mapping(parameter).get("Default")
            hidden = str(_mapping(parameter).get("NoEcho", "")).lower() == "true"
            if (hidden or _SECRET_NAME.search(name)) and default:
                yield f"Parameters/{name}/Default", str(default)

    def _is_made_up(self, logical: str, resource: Resource, value: Any) -> bool:
        """True for the name that cdk gives an API of its own accord: the construct's id, which need not be unique."""
        return bool(self.suffix) and resource.kind in naming.made_up() and value == logical[:-8]

    def _carries(self, name: str) -> bool:
        # A nested stack is handed values of its parent under names that cdk makes.
        handed = bool(self.suffix) and name.startswith("referenceto")
        return name in _CARRIERS or name in self.resources or handed

    def _asked_for(self) -> Iterator[str]:
        public = tuple(leaning.own()["public_parameters"])
        for name, parameter in _mapping(self.body.get("Parameters")).items():
            kind = str(_mapping(parameter).get("Type", ""))
            default = str(_mapping(parameter).get("Default", ""))
            if _FOREIGN_PARAMETER.match(kind):
                yield f"Parameters/{name}: {kind}: asks for an existing resource"
            if kind.startswith("AWS::SSM::Parameter::") and not default.startswith(public):
                yield f"Parameters/{name}: {kind}: asks for an existing parameter"


def _leaning_on(name: str, resource: Resource) -> Iterator[str]:
    own = template.properties(resource.body)
    code = own.get("Code") or own.get("CodeUri") or own.get("Content")
    bucket = code.get("S3Bucket", code.get("Bucket")) if isinstance(code, dict) else None
    if isinstance(bucket, str):
        yield f"Resources/{name}: code in the bucket {bucket}, which the stack does not make"
    if isinstance(own.get("TemplateURL"), str):
        yield f"Resources/{name}: TemplateURL {own['TemplateURL']}: lies outside the stack"
    launch = own.get("LaunchTemplateData")
    for holder in (own, launch if isinstance(launch, dict) else {}):
        if resource.kind != "AWS::EC2::KeyPair" and isinstance(holder.get("KeyName"), str):
            yield f"Resources/{name}: KeyName {holder['KeyName']}: an existing key pair"
    zone = own.get("HostedZoneId")
    if isinstance(zone, str) and _ZONE.match(zone) and zone not in leaning.own()["zones"]:
        yield f"Resources/{name}: HostedZoneId {zone}: an existing zone"


def _texts(value: Any, place: template.Place) -> Iterator[tuple[template.Place, str]]:
    if isinstance(value, str):
        yield place, _pseudo(value)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*place, number))
    elif isinstance(value, dict):
        [function, *more] = value or [""]
        if function in ("Fn::Join", "Fn::Sub") and not more:
            yield place, _flat(value)
            # What is put in can hold texts of its own; the parts themselves were told as one.
            for inner in _parts(value[function]):
                if isinstance(inner, dict):
                    yield from _texts(inner, place)
        elif function in ("Ref", "Fn::GetAtt", "Condition") and not more and isinstance(value[function], str | list):
            return
        else:
            for key, inner in value.items():
                yield from _texts(inner, (*place, str(key)))


def _parts(inner: Any) -> list[Any]:
    if not isinstance(inner, list) or len(inner) != 2:
        return []
    return list(inner[1].values()) if isinstance(inner[1], dict) else inner[1] if isinstance(inner[1], list) else []


def _flat(value: Any) -> str:
    """What Fn::Join and Fn::Sub put together, terms of the account as `<AccountId>`, all others as `${Name}`."""
    if isinstance(value, str):
        return _pseudo(value)
    if not isinstance(value, dict) or len(value) != 1:
        return "${}"
    [(function, inner)] = value.items()
    if function == "Ref":
        return _pseudo(f"${{{inner}}}")
    if function == "Fn::Join" and isinstance(inner, list) and len(inner) == 2 and isinstance(inner[1], list):
        return str(inner[0]).join(_flat(part) for part in inner[1])
    if function == "Fn::Sub":
        text, variables = (inner, {}) if isinstance(inner, str) else (str(inner[0]), _mapping(inner[1]))
        return _pseudo(
            re.sub(r"\$\{([^!}][^}]*)\}", lambda one: _flat(variables[one[1]]) if one[1] in variables else one[0], text)
        )
    return "${}"


def _pseudo(text: str) -> str:
    return re.sub(r"\$\{AWS::(\w+)\}", r"<\1>", text)


def _is_no_value(value: Any) -> bool:
    if value == _NOTHING:
        return True
    branches = value.get("Fn::If") if isinstance(value, dict) else None
    return isinstance(branches, list) and all(one == _NOTHING for one in branches[1:])


def _set_on(value: Any, defaults: dict[str, Any]) -> list[Any]:
    found = []
    for leaf in _leaves(value):
        known = isinstance(leaf, dict) and len(leaf) == 1 and leaf.get("Ref") in defaults
        worth = defaults[leaf["Ref"]] if known else leaf
        if isinstance(worth, dict | list) or worth not in _OFF:
            found.append(leaf)
    return found


def _leaves(value: Any) -> list[Any]:
    """What a value can become: both branches of Fn::If, else itself."""
    branches = value.get("Fn::If") if isinstance(value, dict) else None
    if isinstance(branches, list) and len(branches) == 3:
        return [leaf for branch in branches[1:] if branch != _NOTHING for leaf in _leaves(branch)]
    return [value]


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."
