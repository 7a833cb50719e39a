"""A Pulumi program's captured resource graph, written as a Terraform configuration.

pulumi-aws is made from the Terraform provider for AWS, so that its types and properties have names there by rule:
`aws:sqs/queue:Queue` is aws_sqs_queue, visibilityTimeoutSeconds is visibility_timeout_seconds. The provider's schema
says which guess is right. What has no counterpart is a problem that is named, never left out.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

from kit import files
from kit.errors import Failure

_REFERENCE = re.compile(r"\$\{(?P<token>aws:[^:}]+:[^:}]+)::(?P<name>[^}]*?)::(?P<attribute>\w+)\}")
# urn:pulumi:stack::project::parent$pulumi:providers:aws::name::id, the parent's type only when there is one.
_PROVIDER = re.compile(r"[:$]pulumi:providers:aws::(?P<name>[^:]+)::")
# What support/capture answers where a generated password is asked for; its name ends with the length.
_PASSWORD = "aws:secretsmanager/getRandomPassword:getRandomPassword"
_STACK_REFERENCE = "pulumi:pulumi:StackReference"
# Where the rule does not lead from one name to the other.
_ALIASES = {
    "s3/bucketObjectv2": "aws_s3_object",
    "cloudtrail/trail": "aws_cloudtrail",
    "codepipeline/pipeline": "aws_codepipeline",
    "lb/loadBalancer": "aws_lb",
    "alb/loadBalancer": "aws_lb",
    "lb/targetGroup": "aws_lb_target_group",
    "alb/targetGroup": "aws_lb_target_group",
    "alb/listener": "aws_lb_listener",
    "alb/listenerRule": "aws_lb_listener_rule",
    "rds/instance": "aws_db_instance",
    "rds/subnetGroup": "aws_db_subnet_group",
    "rds/parameterGroup": "aws_db_parameter_group",
    "ec2/securityGroupRule": "aws_security_group_rule",
    "appsync/graphQLApi": "aws_appsync_graphql_api",
    "appsync/dataSource": "aws_appsync_datasource",
    "apigateway/response": "aws_api_gateway_gateway_response",
    "cfg/recorder": "aws_config_configuration_recorder",
    "cfg/recorderStatus": "aws_config_configuration_recorder_status",
    "cfg/rule": "aws_config_config_rule",
    "codedeploy/application": "aws_codedeploy_app",
    "cognito/identityPoolRoleAttachment": "aws_cognito_identity_pool_roles_attachment",
    "datasync/s3Location": "aws_datasync_location_s3",
    "datasync/efsLocation": "aws_datasync_location_efs",
    "ec2transitgateway/transitGateway": "aws_ec2_transit_gateway",
    "elb/loadBalancer": "aws_elb",
    "iam/openIdConnectProvider": "aws_iam_openid_connect_provider",
    "s3/bucketReplicationConfig": "aws_s3_bucket_replication_configuration",
}
# What the provider calls a module of Pulumi's.
_MODULES = {
    "amp": "prometheus",
    "apigateway": "api_gateway",
    "cfg": "config",
    "costexplorer": "ce",
    "directconnect": "dx",
    "directoryservice": "directory_service",
    "ec2clientvpn": "ec2_client_vpn",
    "ec2transitgateway": "ec2_transit_gateway",
    "elasticbeanstalk": "elastic_beanstalk",
    "servicediscovery": "service_discovery",
}


class Converter:
    """Turns one graph into one configuration; `problems` names what could not be turned."""

    def __init__(self, project: Path, schema: dict[str, Any], assets: Path) -> None:
        self.project, self.schema, self.assets = project, schema, assets
        self.problems: list[dict[str, Any]] = []
        self.passwords: dict[str, dict[str, Any]] = {}

    def convert(self, graph: Any) -> dict[str, Any]:
        """The configuration of a graph as support/capture leaves it. Raises `Failure` when the graph is damaged."""
        try:
            providers = self._providers(graph)
            listed = [(self.kind(one["type"]), one) for one in graph["resources"] if self._is_to_be_made(one)]
            addresses = {one.get("urn", ""): f"{kind}.{safe(one['name'])}" for kind, one in listed if kind}
            made: dict[str, dict[str, Any]] = {}
            for kind, one in listed:
                if not kind:
                    self._problem(one["name"], _no_counterpart(one["type"]))
                elif safe(one["name"]) in made.setdefault(kind, {}):
                    self._problem(one["name"], f"two resources of type {one['type']} are called {one['name']}")
                else:
                    body = self._resource(kind, one, graph["suffix"])
                    made[kind][safe(one["name"])] = body | _meta(one, body, addresses)
            outputs = {
                name: {"value": self._text(value), "sensitive": True} for name, value in graph["outputs"].items()
            }
        except (KeyError, TypeError, AttributeError) as error:
            raise Failure(f"pulumi.out/graph.json: not a resource graph: {error!r}", hint="run synth again") from error
        asked = {"data": {"aws_secretsmanager_random_password": self.passwords}} if self.passwords else {}
        whole = asked | {
            "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}},
            "provider": {"aws": providers},
            "resource": made,
            "output": outputs,
        }
        # Terraform refuses a section with nothing in it.
        return {section: content for section, content in whole.items() if content}

    def kind(self, token: str) -> str:
        """The Terraform type of a Pulumi type; "" when there is none."""
        if not token.startswith("aws:"):
            return ""
        path = token.split(":")[1]
        module, _, name = path.partition("/")
        base = re.sub(r"[vV]\d$", "", snake(name))
        short = _MODULES.get(module, module)
        guesses = (
            _ALIASES.get(path, ""),
            f"aws_{short}_{base.rstrip('_')}",
            f"aws_{base.rstrip('_')}",
            f"aws_{short}_{snake(name)}",
            f"aws_db_{base}" if module == "rds" else "",
        )
        return next((guess for guess in guesses if guess in self.schema), "")

    def _is_to_be_made(self, one: dict[str, Any]) -> bool:
        """True for a resource with a body of its own; what cannot be had without Pulumi's engine is a problem."""
        if "read" in one:
            what = "the outputs of another stack" if one["type"] == _STACK_REFERENCE else f"{one['type']} {one['read']}"
            self._problem(one["name"], f"reads {what}, which is not there: only this program's resources are")
            return False
        if one.get("remote"):
            self._problem(one["name"], f"{one['type']} is a component that only Pulumi's own engine can unfold")
        return bool(one["custom"]) and not one["type"].startswith("pulumi:")

    def _providers(self, graph: dict[str, Any]) -> list[dict[str, Any]]:
        """The configurations of the provider: the default one, then those of the program by their names."""
        made: list[dict[str, Any]] = [{"region": graph["region"]}]
        for one in graph["resources"]:
            if one["type"] == "pulumi:providers:aws":
                # Some are strings of JSON: that is how providers are configured.
                given = {key: _opened(value) for key, value in one["inputs"].items() if key != "version"}
                body = {"alias": safe(one["name"]), "region": given.pop("region", graph["region"])}
                tags = (given.pop("defaultTags", None) or {}).get("tags")
                made.append(body | ({"default_tags": [{"tags": self._text(tags)}]} if tags else {}))
                for key in given:
                    if not key.startswith("skip"):
                        self._problem(
                            one["name"], f"{key} of a provider is not carried over; region and defaultTags are"
                        )
        return made

    def _resource(self, kind: str, one: dict[str, Any], suffix: str) -> dict[str, Any]:
        body = self._block(kind, self.schema[kind], one["inputs"], one["name"])
        # The engine would make up a name of its own from the logical one.
        for name in {attribute_of(kind, self.schema[kind], key) for key in ("name", "bucket", "identifier")} - {""}:
            if self.schema[kind]["attributes"].get(name, {}).get("required") and name not in body:
                body[name] = f"{safe(one['name'])}-{suffix}"
        # Another password is made each time that one is asked for.
        if drawn := [key for key, value in body.items() if "aws_secretsmanager_random_password" in json.dumps(value)]:
            body["lifecycle"] = {"ignore_changes": drawn}
        return body

    def _block(self, kind: str, schema: dict[str, Any], given: dict[str, Any], where: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in given.items():
            if value is None or key.startswith("__"):
                continue
            if isinstance(value, dict) and "@asset" in value:
                made |= self._asset(schema, key, value, where)
                continue
            name = attribute_of(kind, schema, snake(key))
            if not name:
                self._problem(where, f"property {key} has no counterpart in the provider")
            elif name in schema["attributes"]:
                made[name] = self._typed(value, schema["attributes"][name].get("type"))
            else:
                parts = value if isinstance(value, list) else [value]
                made[name] = [
                    self._block("", schema["blocks"][name], part, where) for part in parts if isinstance(part, dict)
                ]
        return made

    def _typed(self, value: Any, kind: Any) -> Any:
        if isinstance(kind, list) and kind[0] in ("list", "set"):
            if value is None:
                return []
            return [self._typed(part, kind[1]) for part in (value if isinstance(value, list) else [value])]
        if isinstance(kind, list) and kind[0] == "object" and isinstance(value, dict):
            named = {guess: part for key, part in value.items() for guess in guesses(snake(key)) if guess in kind[1]}
            return {name: self._typed(named.get(name), inner) for name, inner in kind[1].items()}
        if kind == "string" and isinstance(value, dict | list):
            # Policies may be given as documents.
            return json.dumps(self._text(value))
        return self._text(value)

    def _text(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._text(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self._text(part) for part in value]
        if not isinstance(value, str):
            return value
        parts, end = [], 0
        for match in _REFERENCE.finditer(value):
            parts.append(_escaped(value[end : match.start()]))
            end = match.end()
            if match["token"] == _PASSWORD:
                length = int(re.sub(r"\D", "", match["name"]) or 32)
                self.passwords[match["name"]] = {"password_length": length, "exclude_punctuation": True}
                parts.append(f"${{data.aws_secretsmanager_random_password.{match['name']}.random_password}}")
                continue
            kind = self.kind(match["token"])
            attribute = snake(match["attribute"])
            attribute = attribute_of(kind, self.schema.get(kind, {}), attribute) or attribute
            parts.append(f"${{{kind}.{safe(match['name'])}.{attribute}}}")
        return "".join([*parts, _escaped(value[end:])])

    def _asset(self, schema: dict[str, Any], key: str, value: dict[str, Any], where: str) -> dict[str, Any]:
        target = self.assets / f"{safe(where)}-{snake(key)}"
        if value["@asset"] == "text":
            files.replace(target, value["text"])
        elif value["@asset"] == "file":
            files.replace(target, self._inside(value["path"]).read_bytes())
        else:
            target = target.with_suffix(".zip")
            files.replace(target, self._packed(value))
        name = "filename" if key == "code" and "filename" in schema["attributes"] else snake(key)
        return {name: f"assets/{target.name}"}

    def _packed(self, value: dict[str, Any]) -> bytes:
        packed = io.BytesIO()
        if value["@asset"] == "archive":
            source = self._inside(value["path"])
            if source.is_file():
                return source.read_bytes()
            content = {
                p.relative_to(source).as_posix(): p.read_bytes() for p in sorted(source.rglob("*")) if p.is_file()
            }
        else:
            content = {}
            for name, part in value["parts"].items():
                if part.get("@asset") == "text":
                    content[name] = part["text"].encode()
                    continue
                source = self._inside(part["path"])
                inner = sorted(source.rglob("*")) if source.is_dir() else [source]
                for path in inner:
                    if path.is_file():
                        rest = path.relative_to(source).as_posix() if source.is_dir() else ""
                        content["/".join(filter(None, [name.strip("./"), rest]))] = path.read_bytes()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in content.items():
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
        return packed.getvalue()

    def _inside(self, path: str) -> Path:
        found = (self.project / path).resolve()
        if not found.is_relative_to(self.project.resolve()) or not found.exists():
            raise Failure(f"asset {path}: is not inside the project", hint="assets lie below lib/")
        return found

    def _problem(self, resource: str, message: str) -> None:
        self.problems.append({"rule": "synth/graph", "severity": "error", "resource": resource, "message": message})


def _no_counterpart(token: str) -> str:
    package = token.partition(":")[0]
    if package == "aws":
        return f"{token} has no counterpart in the provider"
    return f"{token}: of Pulumi's packages only aws is carried over, {package} is not; use what aws offers or a fixed value"


def _meta(one: dict[str, Any], body: dict[str, Any], addresses: dict[str, str]) -> dict[str, Any]:
    """What the engine is told beside a resource's inputs, as Terraform is told it."""
    made: dict[str, Any] = {}
    written = json.dumps(body)
    waits = {addresses[urn] for urn in one.get("dependencies") or [] if urn in addresses}
    # What the body refers to is waited for anyway.
    if after := sorted(address for address in waits if f"${{{address}." not in written):
        made["depends_on"] = after
    if named := _PROVIDER.search(one.get("provider") or ""):
        made["provider"] = f"aws.{safe(named['name'])}"
    if one.get("kept"):
        made["lifecycle"] = {"prevent_destroy": True}
    return made


def _opened(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[", '"') else value
    except ValueError:
        return value


def snake(name: str) -> str:
    """camelCase as snake_case: dbName -> db_name, kmsKeyId -> kms_key_id, ipv6CidrBlock -> ipv6_cidr_block."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def guesses(name: str) -> list[str]:
    """What a property may be called by the provider: lists of blocks are in the plural only in Pulumi."""
    found = [name]
    if name.endswith("ies"):
        found.append(name[:-3] + "y")
    if name.endswith("es"):
        found.append(name[:-2])
    if name.endswith("s"):
        found.append(name[:-1])
    return found


def attribute_of(kind: str, schema: dict[str, Any], name: str) -> str:
    """The attribute or block of a schema that a property in snake_case stands for; "" when there is none.

    What Pulumi calls `name` the provider may call by the resource: function_name of an aws_lambda_function.
    """
    known = {**schema.get("attributes", {}), **schema.get("blocks", {})}
    words = kind.split("_")
    by_resource = ["_".join([*words[start:], "name"]) for start in range(1, len(words))] if name == "name" else []
    # `topic` for topic_arn, `restApi` for rest_api_id, `function` for function_name.
    longer = [f"{name}_{end}" for end in ("arn", "id", "name")]
    return next((guess for guess in [*guesses(name), *by_resource, *longer] if guess in known), "")


def safe(name: str) -> str:
    """A logical name as Terraform allows it."""
    made = re.sub(r"[^A-Za-z0-9_-]", "_", name)
    return made if re.match(r"[A-Za-z_]", made) else f"_{made}"


def _escaped(text: str) -> str:
    return text.replace("${", "$${").replace("%{", "%%{")
