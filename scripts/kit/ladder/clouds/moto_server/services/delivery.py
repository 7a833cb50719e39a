"""CodeBuild, CodePipeline, CodeCommit, CodeDeploy."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles
from kit.ladder.clouds.moto_server.simple import simple


@handles("AWS::CodePipeline::Pipeline")
class Pipeline(Handler):
    """Ref is the pipeline's name."""

    service = "codepipeline"

    def create(self) -> None:
        """Create the pipeline."""
        self.id = self.name("Name", limit=100)
        made = self.call("create_pipeline", pipeline=self._pipeline(), tags=self.props.get("Tags"))
        self.attributes = {"Version": str(made["pipeline"].get("version", 1))}

    def update(self, old: dict[str, Any]) -> None:
        """Put it anew."""
        self.same(old, "Name")
        made = self.call("update_pipeline", pipeline=self._pipeline())
        self.attributes = {"Version": str(made["pipeline"].get("version", 1))}

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_pipeline", name=self.id)

    def _pipeline(self) -> dict[str, Any]:
        stages = []
        for stage in self.props["Stages"]:
            actions = [
                action
                | {"configuration": {key: str(value) for key, value in (action.get("Configuration") or {}).items()}}
                for action in stage["Actions"]
            ]
            for action in actions:
                action.pop("Configuration", None)
            stages.append({"name": stage["Name"], "actions": actions})
        return {
            "name": self.id,
            "roleArn": self.props["RoleArn"],
            "artifactStore": self.props.get("ArtifactStore"),
            "artifactStores": self.props.get("ArtifactStores"),
            "stages": stages,
            "version": 1,
        }


simple(
    "AWS::CodeBuild::Project",
    "codebuild",
    "create_project",
    name="Name",
    attributes={"Arn": "made.project.arn"},
    update="update_project",
    delete="delete_project",
    by={"name": "id"},
)
simple(
    "AWS::CodeCommit::Repository",
    "codecommit",
    "create_repository",
    id="made.repositoryMetadata.repositoryId",
    attributes={
        "Arn": "made.repositoryMetadata.Arn",
        "Name": "props.RepositoryName",
        "CloneUrlHttp": "made.repositoryMetadata.cloneUrlHttp",
        "CloneUrlSsh": "made.repositoryMetadata.cloneUrlSsh",
    },
    delete="delete_repository",
    by={"repositoryName": "props.RepositoryName"},
)
simple(
    "AWS::CodeDeploy::Application",
    "codedeploy",
    "create_application",
    name="ApplicationName",
    delete="delete_application",
    by={"applicationName": "id"},
)
simple(
    "AWS::CodeDeploy::DeploymentGroup",
    "codedeploy",
    "create_deployment_group",
    name="DeploymentGroupName",
    update="update_deployment_group",
    fixed=("ApplicationName",),
    delete="delete_deployment_group",
    by={
        "applicationName": "props.ApplicationName",
        "deploymentGroupName": "id",
        "currentDeploymentGroupName": "id",
    },
)
