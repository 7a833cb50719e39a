"""A tool or a provider that is missing: the stage is not run, and says how to get it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from climb_support import lay_out

from kit.errors import Failure
from kit.ladder import install, terraform, terraform_providers, terraform_schema
from kit.ladder.clouds import find_cloud
from kit.ladder.foreign import ForeignRun
from kit.ladder.platforms import platform
from kit.ladder.stages import run_ladder, run_stage
from kit.settings import Settings

CONFIGURATION = {
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}},
    "provider": {"aws": [{"region": "us-east-1"}]},
    "resource": {"aws_sns_topic": {"t": {"name": "orders"}}},
    "output": {"Arn": {"value": "${aws_sns_topic.t.arn}"}},
}


def project_of(pair: str, tmp_path: Path) -> ForeignRun:
    return ForeignRun.open(
        lay_out(pair, tmp_path / "project"), pair, Settings.load(environ={}), folder=tmp_path / "run"
    )


def path_with(folder: Path, monkeypatch: pytest.MonkeyPatch, *tools: str) -> None:
    """Let the PATH hold `tools` and nothing else."""
    folder.mkdir()
    for tool in tools:
        (folder / tool).symlink_to(shutil.which(tool) or "")
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.parametrize(
    ("pair", "stage", "tools", "reason"),
    [
        ("cdk-ts", "synth", (), "node is not installed: https://nodejs.org (20 or newer)"),
        ("cdktf-ts", "destroy", ("node", "npm"), f"terraform is not installed: {terraform.INSTALL}"),
        ("cdktf-py", "destroy", ("node", "npm"), f"terraform is not installed: {terraform.INSTALL}"),
        ("pulumi-ts", "synth", ("node", "npm"), f"terraform is not installed: {terraform.INSTALL}"),
        ("pulumi-py", "synth", (), f"terraform is not installed: {terraform.INSTALL}"),
    ],
)
def test_a_missing_tool_is_named(
    pair: str, stage: str, tools: tuple[str, ...], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = project_of(pair, tmp_path)
    path_with(tmp_path / "bin", monkeypatch, "git", *tools)
    receipt = run_stage(run, stage)
    assert (receipt.verdict, receipt.reason, receipt.argv) == ("not run", reason, [])
    cloud = find_cloud(run)
    if cloud is not None:
        cloud.stop()


@pytest.mark.parametrize("pair", ["cdk-ts", "cdk-py", "cdktf-ts", "cdktf-py", "pulumi-ts", "pulumi-py"])
def test_a_program_without_its_dependencies_is_not_run(
    pair: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = project_of(pair, tmp_path)
    monkeypatch.setattr("kit.ladder.stages.missing_tool", lambda *words: "")
    found = run_ladder(run, ["lint", "build", "synth", "unit"])
    assert {(one.verdict, one.reason) for one in found} == {
        ("not run", "the project's dependencies are not installed: run install_deps.py")
    }


@pytest.mark.needs("terraform")
def test_providers_that_cannot_be_had_are_named_with_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = project_of("cdktf-ts", tmp_path)
    (tmp_path / "mirror").mkdir()
    monkeypatch.setenv("TC_LADDER_TERRAFORM_MIRROR", str(tmp_path / "mirror"))
    made = run.worktree / "cdktf.out" / "stacks" / "TapStacksynthproject"
    made.mkdir(parents=True)
    (made / "cdk.tf.json").write_text(json.dumps(CONFIGURATION))
    monkeypatch.setattr(type(platform("cdktf", "ts")), "needs", {})
    deploy = run_stage(run, "deploy")
    assert deploy.verdict == "not run"
    assert deploy.reason.startswith("Terraform's providers cannot be had: Error: Failed to query available provider")
    assert deploy.reason.endswith("name a folder of them: ladder.terraform_mirror")
    cloud = find_cloud(run)
    assert cloud is not None
    cloud.stop()


def test_a_mirror_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TC_LADDER_TERRAFORM_MIRROR", "/no/such/mirror")
    with pytest.raises(Failure, match="no such folder"):
        terraform_providers.mirror_words()


def test_pulumi_without_the_provider_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking() -> None:
        raise Failure("no such host")

    run = project_of("pulumi-py", tmp_path)
    monkeypatch.setattr(terraform_schema, "resources", lacking)
    monkeypatch.setattr("kit.ladder.stages.missing_tool", lambda *words: "")
    monkeypatch.setattr(type(platform("pulumi", "py")), "dependent", ())
    synth = run_stage(run, "synth")
    assert (synth.verdict, synth.argv) == ("not run", [])
    assert synth.reason.startswith("Terraform's AWS provider cannot be had: no such host; where their registry")


@pytest.mark.parametrize(("tool", "words"), [("npm", "npm is not installed"), ("node", "node is not installed")])
def test_an_installation_names_the_tool_it_lacks(
    tool: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = lay_out("cfn-json", tmp_path / "project")
    path_with(tmp_path / "bin", monkeypatch, *({"npm", "node"} - {tool}))
    with pytest.raises(Failure, match=words):
        install.install(project, tmp_path / "log")


def test_a_folder_of_providers_counts_but_not_against_the_users_own_settings(
    own_world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TC_LADDER_TERRAFORM_MIRROR", raising=False)
    monkeypatch.delenv("TF_CLI_CONFIG_FILE", raising=False)
    monkeypatch.delenv("TF_PLUGIN_CACHE_DIR", raising=False)
    monkeypatch.setattr(terraform_providers, "FOLDERS", (str(own_world / "empty"), "~/.terraform.d/plugins"))
    with terraform_providers.source() as (words, variables):
        assert words == [] and Path(variables["TF_PLUGIN_CACHE_DIR"]).is_dir()
    kept = own_world / ".terraform.d" / "plugins"
    (kept / "registry.terraform.io" / "hashicorp" / "aws" / "5.100.0").mkdir(parents=True)
    with terraform_providers.source() as (words, variables):
        assert (words, variables) == ([f"-plugin-dir={kept}"], {})
    (own_world / ".terraformrc").write_text("")
    with terraform_providers.source() as (words, variables):
        assert (words, variables) == ([], {"TF_CLI_CONFIG_FILE": str(own_world / ".terraformrc")})
    monkeypatch.setenv("TC_LADDER_TERRAFORM_MIRROR", str(own_world))
    with terraform_providers.source() as (words, _):
        assert words == [f"-plugin-dir={own_world}"]
