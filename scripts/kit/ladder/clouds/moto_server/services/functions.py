"""Lambda: functions, their versions, aliases, addresses, permissions and event sources."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, Replace, handles


@handles("AWS::Lambda::Function")
class Function(Handler):
    """Ref is the function's name."""

    service = "lambda"

    def create(self) -> None:
        """Create the function with its code, inline code as index.py or index.js."""
        self.id = self.name("FunctionName")
        made = self.call("create_function", **(self._settings() | {"Code": self._code()}))
        self.attributes = {"Arn": made["FunctionArn"]}
        self._concurrency()

    def update(self, old: dict[str, Any]) -> None:
        """Code and settings change in place."""
        self.same(old, "FunctionName", "PackageType")
        if old.get("Code") != self.props.get("Code"):
            self.call("update_function_code", **(self._code() | {"FunctionName": self.id}))
        settings = {"Environment": {"Variables": {}}, "Layers": []} | self._settings()
        self.call("update_function_configuration", **settings)
        if "ReservedConcurrentExecutions" in old and "ReservedConcurrentExecutions" not in self.props:
            self.quietly("delete_function_concurrency", FunctionName=self.id)
        self._concurrency()
        self._tag(old)

    def delete(self) -> None:
        """Delete the function."""
        self.quietly("delete_function", FunctionName=self.id)

    def _settings(self) -> dict[str, Any]:
        left_out = ("Code", "ReservedConcurrentExecutions", "VpcConfig")
        settings = {key: value for key, value in self.props.items() if key not in left_out}
        network = self.props.get("VpcConfig") or {}
        if network.get("SubnetIds") or network.get("SecurityGroupIds"):
            settings["VpcConfig"] = {"SubnetIds": [], "SecurityGroupIds": []} | network
        return settings | {"FunctionName": self.id}

    def _code(self) -> dict[str, Any]:
        code = dict(self.props.get("Code") or {})
        text = code.get("ZipFile")
        if text is not None:
            code["ZipFile"] = _archive(str(text), str(self.props.get("Runtime", "")))
        return code

    def _tag(self, old: dict[str, Any]) -> None:
        before = {tag["Key"]: tag["Value"] for tag in old.get("Tags") or []}
        now = {tag["Key"]: tag["Value"] for tag in self.props.get("Tags") or []}
        if set(before) - set(now):
            self.call("untag_resource", Resource=self.attributes["Arn"], TagKeys=sorted(set(before) - set(now)))
        if now and now != before:
            self.call("tag_resource", Resource=self.attributes["Arn"], Tags=now)

    def _concurrency(self) -> None:
        reserved = self.props.get("ReservedConcurrentExecutions")
        if reserved is not None:
            self.call("put_function_concurrency", FunctionName=self.id, ReservedConcurrentExecutions=reserved)


@handles("AWS::Lambda::Version")
class Version(Handler):
    """Ref is the version's ARN."""

    service = "lambda"

    def create(self) -> None:
        """Publish."""
        made = self.call("publish_version", **self.props)
        self.id = made["FunctionArn"]
        self.attributes = {"Version": made["Version"], "FunctionArn": self.id}

    def delete(self) -> None:
        """Delete this version alone."""
        self.quietly("delete_function", FunctionName=self.id.rsplit(":", 1)[0], Qualifier=self.attributes["Version"])


@handles("AWS::Lambda::Alias")
class Alias(Handler):
    """Ref is the alias's ARN."""

    service = "lambda"

    def create(self) -> None:
        """Create the alias."""
        made = self.call("create_alias", **self._settings())
        self.id = made["AliasArn"]
        self.attributes = {"AliasArn": self.id}

    def update(self, old: dict[str, Any]) -> None:
        """It may point elsewhere."""
        self.same(old, "FunctionName", "Name")
        self.call("update_alias", **({"RoutingConfig": {"AdditionalVersionWeights": {}}} | self._settings()))

    def delete(self) -> None:
        """Delete the alias."""
        self.quietly("delete_alias", FunctionName=self.props["FunctionName"], Name=self.props["Name"])

    def _settings(self) -> dict[str, Any]:
        routing = self.props.get("RoutingConfig")
        if not routing:
            return self.props
        # A list of rows here, a mapping in the API.
        rows = routing.get("AdditionalVersionWeights") or []
        weights = {row["FunctionVersion"]: row["FunctionWeight"] for row in rows}
        return self.props | {"RoutingConfig": {"AdditionalVersionWeights": weights}}


@handles("AWS::Lambda::Url")
class Url(Handler):
    """Ref is the function's ARN, as the service has it."""

    service = "lambda"

    def create(self) -> None:
        """Create the address."""
        made = self.call("create_function_url_config", **self._settings())
        self.id = made["FunctionArn"]
        self.attributes = {"FunctionArn": self.id, "FunctionUrl": made["FunctionUrl"]}

    def update(self, old: dict[str, Any]) -> None:
        """AuthType and Cors change in place."""
        self.same(old, "TargetFunctionArn", "Qualifier")
        self.call("update_function_url_config", **self._settings())

    def delete(self) -> None:
        """Delete the address."""
        self.quietly("delete_function_url_config", **self._settings())

    def _settings(self) -> dict[str, Any]:
        return self.props | {"FunctionName": self.props["TargetFunctionArn"]}


@handles("AWS::Lambda::Permission")
class Permission(Handler):
    """Ref is the statement's id."""

    service = "lambda"

    def create(self) -> None:
        """Add the statement to the function's policy."""
        self.id = self.context.generated_name(100)
        self.attributes = {"Id": self.id}
        self.call("add_permission", **(self.props | {"StatementId": self.id}))

    def delete(self) -> None:
        """Take the statement away."""
        self.quietly("remove_permission", FunctionName=self.props["FunctionName"], StatementId=self.id)


@handles("AWS::Lambda::EventSourceMapping")
class EventSourceMapping(Handler):
    """Ref is the mapping's UUID."""

    service = "lambda"

    def create(self) -> None:
        """Create the mapping."""
        self.id = self.call("create_event_source_mapping", **self.props)["UUID"]
        self.attributes = {"Id": self.id}

    def update(self, old: dict[str, Any]) -> None:
        """Everything but the source changes in place."""
        self.same(old, "EventSourceArn", "StartingPosition")
        self.call("update_event_source_mapping", **(self.props | {"UUID": self.id}))

    def delete(self) -> None:
        """Delete the mapping."""
        self.quietly("delete_event_source_mapping", UUID=self.id)


@handles("AWS::Lambda::LayerVersion")
class LayerVersion(Handler):
    """Ref is the layer version's ARN."""

    service = "lambda"

    def create(self) -> None:
        """Publish."""
        made = self.call("publish_layer_version", **(self.props | {"LayerName": self.name("LayerName")}))
        self.id = made["LayerVersionArn"]
        self.attributes = {"LayerVersionArn": self.id}

    def delete(self) -> None:
        """Delete this version."""
        name, version = self.id.split(":")[-2:]
        self.quietly("delete_layer_version", LayerName=name, VersionNumber=version)


@handles("AWS::Lambda::EventInvokeConfig")
class EventInvokeConfig(Handler):
    """Ref is a name of its own."""

    service = "lambda"

    def create(self) -> None:
        """Put the configuration."""
        self.call("put_function_event_invoke_config", **self.props)
        self.id = self.context.generated_name()

    def update(self, old: dict[str, Any]) -> None:
        """Put it anew."""
        if old["FunctionName"] != self.props["FunctionName"]:
            raise Replace
        self.call("put_function_event_invoke_config", **self.props)

    def delete(self) -> None:
        """Delete the configuration."""
        self.quietly("delete_function_event_invoke_config", **self.props)


def _archive(text: str, runtime: str) -> bytes:
    """A zip with inline code, and cfnresponse beside it as Lambda puts it there."""
    from moto.packages.cfnresponse import cfnresponse

    if text.startswith("UEsDB"):
        return base64.b64decode(text)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if runtime.startswith("python"):
            archive.writestr(zipfile.ZipInfo("index.py"), text)
            with open(cfnresponse.__file__, encoding="utf-8") as source:  # noqa: PTH123 - a module's own path
                archive.writestr(zipfile.ZipInfo("cfnresponse.py"), source.read())
        else:
            module = "import " in text and "require(" not in text and ("export " in text)
            archive.writestr(zipfile.ZipInfo("index.mjs" if module else "index.js"), text)
    return out.getvalue()
