"""ECS, ECR, EKS."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles
from kit.ladder.clouds.moto_server.simple import simple


@handles("AWS::ECS::Cluster")
class Cluster(Handler):
    """Ref is the cluster's name."""

    service = "ecs"

    def create(self) -> None:
        """Create it."""
        self.id = self.name("ClusterName", limit=255)
        settings = {"settings": self.props.get("ClusterSettings")}
        made = self.call("create_cluster", **(self.props | settings | {"clusterName": self.id, "ClusterName": None}))
        self.attributes = {"Arn": made["cluster"]["clusterArn"]}

    def update(self, old: dict[str, Any]) -> None:
        """Settings and configuration change in place."""
        self.same(old, "ClusterName")
        asked = {"settings": self.props.get("ClusterSettings"), "configuration": self.props.get("Configuration")}
        self.call("update_cluster", cluster=self.id, **asked)

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_cluster", cluster=self.id)


@handles("AWS::ECS::TaskDefinition")
class TaskDefinition(Handler):
    """Ref is the task definition's ARN, revision included."""

    service = "ecs"

    def create(self) -> None:
        """Register it."""
        family = self.name("Family", limit=255)
        made = self.call("register_task_definition", **(self.props | {"family": family, "Family": None}))
        self.id = made["taskDefinition"]["taskDefinitionArn"]
        self.attributes = {"TaskDefinitionArn": self.id}

    def delete(self) -> None:
        """Deregister it."""
        self.quietly("deregister_task_definition", taskDefinition=self.id)


@handles("AWS::ECS::Service")
class Service(Handler):
    """Ref is the service's ARN."""

    service = "ecs"

    def create(self) -> None:
        """Create it."""
        name = self.name("ServiceName", limit=255)
        made = self.call("create_service", **(self._settings() | {"serviceName": name, "ServiceName": None}))["service"]
        self.id = made["serviceArn"]
        self.attributes = {"Name": name, "ServiceArn": self.id}

    def update(self, old: dict[str, Any]) -> None:
        """Count, task and network change in place."""
        self.same(old, "ServiceName", "Cluster", "LaunchType", "LoadBalancers")
        name = self.attributes["Name"]
        self.call("update_service", **(self._settings() | {"service": name}))

    def _settings(self) -> dict[str, Any]:
        network = (self.props.get("NetworkConfiguration") or {}).get("AwsvpcConfiguration")
        if network is None:
            return self.props
        return self.props | {"NetworkConfiguration": {"awsvpcConfiguration": {"SecurityGroups": []} | network}}

    def delete(self) -> None:
        """Drain it, then delete it."""
        where = {"cluster": self.props.get("Cluster", "default"), "service": self.attributes["Name"]}
        self.quietly("update_service", **where, desiredCount=0)
        self.quietly("delete_service", **where, force=True)


@handles("AWS::ECR::Repository")
class Repository(Handler):
    """Ref is the repository's name."""

    service = "ecr"

    def create(self) -> None:
        """Create it, then its policies."""
        self.id = self.name("RepositoryName", limit=256, lower=True)
        made = self.call("create_repository", **(self.props | {"repositoryName": self.id, "RepositoryName": None}))
        found = made["repository"]
        self.attributes = {"Arn": found["repositoryArn"], "RepositoryUri": found["repositoryUri"]}
        self._policies()

    def update(self, old: dict[str, Any]) -> None:
        """Scanning, mutability and policies change in place."""
        self.same(old, "RepositoryName", "EncryptionConfiguration")
        me = {"repositoryName": self.id}
        if self.props.get("ImageTagMutability"):
            mutable = self.props["ImageTagMutability"]
            self.call("put_image_tag_mutability", **me, imageTagMutability=mutable)
        if self.props.get("ImageScanningConfiguration"):
            scan = self.props["ImageScanningConfiguration"]
            self.call("put_image_scanning_configuration", **me, imageScanningConfiguration=scan)
        self._policies()

    def delete(self) -> None:
        """Delete it; images in it forbid that unless EmptyOnDelete is set."""
        self.quietly("delete_repository", repositoryName=self.id, force=self.props.get("EmptyOnDelete"))

    def _policies(self) -> None:
        text = self.props.get("RepositoryPolicyText")
        if text:
            self.call("set_repository_policy", repositoryName=self.id, policyText=text)
        rules = (self.props.get("LifecyclePolicy") or {}).get("LifecyclePolicyText")
        if rules:
            self.call("put_lifecycle_policy", repositoryName=self.id, lifecyclePolicyText=rules)


simple(
    "AWS::EKS::Cluster",
    "eks",
    "create_cluster",
    name="Name",
    limit=100,
    attributes={
        "Arn": "made.cluster.arn",
        "Endpoint": "made.cluster.endpoint",
        "CertificateAuthorityData": "made.cluster.certificateAuthority.data",
        "OpenIdConnectIssuerUrl": "made.cluster.identity.oidc.issuer",
        "ClusterSecurityGroupId": "made.cluster.resourcesVpcConfig.clusterSecurityGroupId",
    },
    delete="delete_cluster",
    by={"name": "id"},
)
simple(
    "AWS::EKS::Nodegroup",
    "eks",
    "create_nodegroup",
    name="NodegroupName",
    limit=63,
    given={"subnets": "props.Subnets", "nodeRole": "props.NodeRole"},
    id="join('/', [props.ClusterName, name])",
    attributes={"Arn": "made.nodegroup.nodegroupArn", "NodegroupName": "name", "ClusterName": "props.ClusterName"},
    delete="delete_nodegroup",
    by={"clusterName": "props.ClusterName", "nodegroupName": "name"},
)
simple(
    "AWS::EKS::FargateProfile",
    "eks",
    "create_fargate_profile",
    name="FargateProfileName",
    id="join('|', [props.ClusterName, name])",
    delete="delete_fargate_profile",
    by={"clusterName": "props.ClusterName", "fargateProfileName": "name"},
)
