"""API Gateway, REST and V2 (HTTP and WebSocket), AppSync."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles
from kit.ladder.clouds.moto_server.simple import simple

_REST = {"restApiId": "props.RestApiId"}
_V2 = {"ApiId": "props.ApiId"}


def patches(old: dict[str, Any], new: dict[str, Any], names: dict[str, str]) -> list[dict[str, Any]]:
    """JSON patches that bring the properties in `names` (property -> path) from `old` to `new`."""
    found = []
    for name, path in names.items():
        if old.get(name) != new.get(name):
            value = new.get(name)
            found.append({"op": "replace", "path": path, "value": "" if value is None else _text(value)})
    return found


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@handles("AWS::ApiGateway::RestApi")
class RestApi(Handler):
    """Ref is the API's id."""

    service = "apigateway"

    def create(self) -> None:
        """Create the API, or import its body."""
        body = self.props.get("Body")
        if body is not None:
            made = self.call("import_rest_api", body=body, failOnWarnings=self.props.get("FailOnWarnings"))
        else:
            made = self.call("create_rest_api", **(self.props | {"name": self.name("Name", limit=255)}))
        self.id = made["id"]
        self.attributes = {"RestApiId": self.id, "RootResourceId": self._root()}

    def update(self, old: dict[str, Any]) -> None:
        """Name and description change in place."""
        self.same(old, "Body", "BodyS3Location", "EndpointConfiguration", "Policy", "BinaryMediaTypes")
        changes = patches(old, self.props, {"Name": "/name", "Description": "/description"})
        if changes:
            self.call("update_rest_api", restApiId=self.id, patchOperations=changes)

    def delete(self) -> None:
        """Delete the API."""
        self.quietly("delete_rest_api", restApiId=self.id)

    def _root(self) -> str | None:
        items = self.call("get_resources", restApiId=self.id).get("items", [])
        return next((item["id"] for item in items if item["path"] == "/"), None)


@handles("AWS::ApiGateway::Method")
class Method(Handler):
    """Ref is a name of its own."""

    service = "apigateway"

    def create(self) -> None:
        """Put the method, its responses and its integration."""
        self.call("put_method", **(self._where() | self.props | {"authorizationType": self._authorization()}))
        self.id = "|".join((self.props["RestApiId"], self.props["ResourceId"], self.props["HttpMethod"]))
        for response in self.props.get("MethodResponses") or []:
            self.call("put_method_response", **(self._where() | response))
        asked = self.props.get("Integration")
        if asked:
            method = asked.get("IntegrationHttpMethod")
            self.call("put_integration", **(self._where() | asked | {"integrationHttpMethod": method}))
            for response in asked.get("IntegrationResponses") or []:
                self.call("put_integration_response", **(self._where() | response))

    def update(self, old: dict[str, Any]) -> None:
        """Taken away and put anew."""
        self.same(old, "RestApiId", "ResourceId", "HttpMethod")
        self.delete()
        self.create()

    def delete(self) -> None:
        """Delete the method."""
        self.quietly("delete_method", **self._where())

    def _authorization(self) -> str:
        return str(self.props.get("AuthorizationType") or "NONE")

    def _where(self) -> dict[str, Any]:
        return {
            "restApiId": self.props["RestApiId"],
            "resourceId": self.props["ResourceId"],
            "httpMethod": self.props["HttpMethod"],
        }


@handles("AWS::ApiGateway::Deployment")
class Deployment(Handler):
    """Ref is the deployment's id."""

    service = "apigateway"

    def create(self) -> None:
        """Deploy what the API has now."""
        made = self.call("create_deployment", **self.props)
        self.id = made["id"]
        self.attributes = {"DeploymentId": self.id}

    def update(self, old: dict[str, Any]) -> None:
        """A deployment is a snapshot; only its description may change."""
        self.same(old, "RestApiId", "StageName", "StageDescription")

    def delete(self) -> None:
        """Delete the stage it made, then the deployment."""
        if self.props.get("StageName"):
            self.quietly("delete_stage", restApiId=self.props["RestApiId"], stageName=self.props["StageName"])
        self.quietly("delete_deployment", restApiId=self.props["RestApiId"], deploymentId=self.id)


@handles("AWS::ApiGateway::Stage")
class Stage(Handler):
    """Ref is the stage's name."""

    service = "apigateway"

    def create(self) -> None:
        """Create the stage, then its method settings, log settings and tags."""
        name = str(self.props.get("StageName") or self.context.generated_name(30).replace("-", "_"))
        self.call("create_stage", **(self.props | {"stageName": name}))
        self.id = name
        self._settings({})

    def update(self, old: dict[str, Any]) -> None:
        """All but the names change in place."""
        self.same(old, "RestApiId", "StageName")
        changes = patches(
            old,
            self.props,
            {"DeploymentId": "/deploymentId", "Description": "/description", "TracingEnabled": "/tracingEnabled"},
        )
        for key, value in (self.props.get("Variables") or {}).items():
            if (old.get("Variables") or {}).get(key) != value:
                changes.append({"op": "replace", "path": f"/variables/{key}", "value": str(value)})
        self._patch(changes)
        self._settings(old)

    def delete(self) -> None:
        """Delete the stage."""
        self.quietly("delete_stage", restApiId=self.props["RestApiId"], stageName=self.id)

    def _settings(self, old: dict[str, Any]) -> None:
        changes = []
        for row in self.props.get("MethodSettings") or []:
            place = "/" + str(row.get("ResourcePath", "/*")).strip("/").replace("/", "~1") + "/"
            place = f"{place}{row.get('HttpMethod', '*')}"
            for name, path in _METHOD_SETTINGS.items():
                if name in row:
                    changes.append({"op": "replace", "path": f"{place}{path}", "value": _text(row[name])})
        log = self.props.get("AccessLogSetting") or {}
        for name, path in {"DestinationArn": "destinationArn", "Format": "format"}.items():
            if name in log:
                value = str(log[name])
                changes.append({"op": "replace", "path": f"/accessLogSettings/{path}", "value": value})
        self._patch(changes)

    def _patch(self, changes: list[dict[str, Any]]) -> None:
        if changes:
            where = {"restApiId": self.props["RestApiId"], "stageName": self.id}
            self.call("update_stage", **where, patchOperations=changes)


_METHOD_SETTINGS = {
    "LoggingLevel": "/logging/loglevel",
    "DataTraceEnabled": "/logging/dataTrace",
    "MetricsEnabled": "/metrics/enabled",
    "ThrottlingBurstLimit": "/throttling/burstLimit",
    "ThrottlingRateLimit": "/throttling/rateLimit",
    "CachingEnabled": "/caching/enabled",
    "CacheTtlInSeconds": "/caching/ttlInSeconds",
    "CacheDataEncrypted": "/caching/dataEncrypted",
}


@handles("AWS::ApiGateway::Account")
class Account(Handler):
    """Ref is a name of its own."""

    service = "apigateway"

    def create(self) -> None:
        """Set the role by which API Gateway writes logs."""
        self.id = self.context.generated_name()
        role = self.props.get("CloudWatchRoleArn")
        if role:
            change = {"op": "replace", "path": "/cloudwatchRoleArn", "value": role}
            self.call("update_account", patchOperations=[change])

    def update(self, old: dict[str, Any]) -> None:
        """Set it anew."""
        self.create()


simple(
    "AWS::ApiGateway::Resource",
    "apigateway",
    "create_resource",
    id="made.id",
    attributes={"ResourceId": "id"},
    delete="delete_resource",
    by=_REST | {"resourceId": "id"},
)
simple(
    "AWS::ApiGateway::Authorizer",
    "apigateway",
    "create_authorizer",
    name="Name",
    id="made.id",
    attributes={"AuthorizerId": "id"},
    delete="delete_authorizer",
    by=_REST | {"authorizerId": "id"},
)
simple(
    "AWS::ApiGateway::RequestValidator",
    "apigateway",
    "create_request_validator",
    name="Name",
    id="made.id",
    attributes={"RequestValidatorId": "id"},
    delete="delete_request_validator",
    by=_REST | {"requestValidatorId": "id"},
)
simple(
    "AWS::ApiGateway::Model",
    "apigateway",
    "create_model",
    name="Name",
    given={"contentType": "props.ContentType || 'application/json'"},
)
simple(
    "AWS::ApiGateway::GatewayResponse",
    "apigateway",
    "put_gateway_response",
    id="join('|', [props.RestApiId, props.ResponseType])",
    update="=",
    fixed=("RestApiId", "ResponseType"),
    delete="delete_gateway_response",
    by=_REST | {"responseType": "props.ResponseType"},
)
simple(
    "AWS::ApiGateway::ApiKey",
    "apigateway",
    "create_api_key",
    name="Name",
    id="made.id",
    attributes={"APIKeyId": "id"},
    delete="delete_api_key",
    by={"apiKey": "id"},
)
simple(
    "AWS::ApiGateway::UsagePlan",
    "apigateway",
    "create_usage_plan",
    given={"name": "props.UsagePlanName || join('-', ['usage-plan', region])"},
    id="made.id",
    attributes={"Id": "id"},
    delete="delete_usage_plan",
    by={"usagePlanId": "id"},
)
simple(
    "AWS::ApiGateway::UsagePlanKey",
    "apigateway",
    "create_usage_plan_key",
    id="join(':', [props.UsagePlanId, props.KeyId])",
    attributes={"Id": "id"},
    delete="delete_usage_plan_key",
    by={"usagePlanId": "props.UsagePlanId", "keyId": "props.KeyId"},
)
simple(
    "AWS::ApiGateway::DomainName",
    "apigateway",
    "create_domain_name",
    id="props.DomainName",
    attributes={
        "RegionalDomainName": "made.regionalDomainName",
        "DistributionDomainName": "made.distributionDomainName",
    },
    delete="delete_domain_name",
    by={"domainName": "id"},
)
simple(
    "AWS::ApiGateway::BasePathMapping",
    "apigateway",
    "create_base_path_mapping",
    given={"stage": "props.Stage"},
    id="join('|', [props.DomainName, props.BasePath || '(none)'])",
    delete="delete_base_path_mapping",
    by={"domainName": "props.DomainName", "basePath": "props.BasePath || '(none)'"},
)
simple(
    "AWS::ApiGateway::VpcLink",
    "apigateway",
    "create_vpc_link",
    name="Name",
    id="made.id",
    delete="delete_vpc_link",
    by={"vpcLinkId": "id"},
)
simple(
    "AWS::ApiGatewayV2::Api",
    "apigatewayv2",
    "create_api",
    name="Name",
    id="made.ApiId",
    attributes={"ApiId": "id", "ApiEndpoint": "made.ApiEndpoint"},
    update="update_api",
    fixed=("ProtocolType",),
    delete="delete_api",
    by={"ApiId": "id"},
)
simple(
    "AWS::ApiGatewayV2::Stage",
    "apigatewayv2",
    "create_stage",
    id="props.StageName",
    update="update_stage",
    fixed=("ApiId", "StageName"),
    delete="delete_stage",
    by=_V2 | {"StageName": "id"},
)
simple(
    "AWS::ApiGatewayV2::Integration",
    "apigatewayv2",
    "create_integration",
    id="made.IntegrationId",
    attributes={"IntegrationId": "id"},
    update="update_integration",
    fixed=("ApiId",),
    delete="delete_integration",
    by=_V2 | {"IntegrationId": "id"},
)
simple(
    "AWS::ApiGatewayV2::Route",
    "apigatewayv2",
    "create_route",
    id="made.RouteId",
    attributes={"RouteId": "id"},
    update="update_route",
    fixed=("ApiId",),
    delete="delete_route",
    by=_V2 | {"RouteId": "id"},
)
simple(
    "AWS::ApiGatewayV2::Authorizer",
    "apigatewayv2",
    "create_authorizer",
    name="Name",
    id="made.AuthorizerId",
    attributes={"AuthorizerId": "id"},
    delete="delete_authorizer",
    by=_V2 | {"AuthorizerId": "id"},
)
simple(
    "AWS::ApiGatewayV2::DomainName",
    "apigatewayv2",
    "create_domain_name",
    id="props.DomainName",
    delete="delete_domain_name",
    by={"DomainName": "id"},
)
simple(
    "AWS::ApiGatewayV2::ApiMapping",
    "apigatewayv2",
    "create_api_mapping",
    id="made.ApiMappingId",
    delete="delete_api_mapping",
    by={"DomainName": "props.DomainName", "ApiMappingId": "id"},
)
simple(
    "AWS::ApiGatewayV2::VpcLink",
    "apigatewayv2",
    "create_vpc_link",
    name="Name",
    id="made.VpcLinkId",
    delete="delete_vpc_link",
    by={"VpcLinkId": "id"},
)
simple(
    "AWS::AppSync::GraphQLApi",
    "appsync",
    "create_graphql_api",
    name="Name",
    id="made.graphqlApi.arn",
    attributes={
        "ApiId": "made.graphqlApi.apiId",
        "Arn": "id",
        "GraphQLUrl": "made.graphqlApi.uris.GRAPHQL",
    },
    delete="delete_graphql_api",
    by={"apiId": "made.graphqlApi.apiId"},
)
