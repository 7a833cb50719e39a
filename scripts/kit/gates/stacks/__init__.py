"""Stacks as gates read them: one neutral view, one reader a format."""

from __future__ import annotations

from pathlib import Path

from kit import files
from kit.errors import Failure
from kit.gates.stacks.base import Name, Resource, Stack
from kit.gates.stacks.cloudformation import CloudFormation
from kit.gates.stacks.terraform import Terraform
from kit.ladder import cfn_template, products

__all__ = ["CloudFormation", "Name", "Resource", "Stack", "Terraform", "of_project", "of_text"]


def of_project(root: Path, platform: str, suffix: str) -> list[Stack]:
    """The stacks of a project: the written template of cfn, else what synth left behind below `root`.

    `suffix` is the run's ENVIRONMENT_SUFFIX, which a program has written into its names. Raises `Failure` when
    there is none: what cannot be read cannot be judged.
    """
    found: list[Stack] = []
    for path in products.stacks(root, platform):
        name = path.relative_to(root).as_posix()
        if platform in ("cfn", "cdk"):
            found.append(CloudFormation(name, cfn_template.load(path), "" if platform == "cfn" else suffix))
        else:
            found.append(_configuration(path, name, platform, suffix))
    if not found:
        raise Failure(f"{root}: no stack; wanted {products.WHERE[platform]}", hint="run the synth stage")
    return found


def of_text(path: str, text: str) -> Stack:
    """The stack that a written template is. Raises `Failure` naming what is wrong with it."""
    return CloudFormation(path, cfn_template.parse(text, path), "")


def _configuration(path: Path, name: str, platform: str, suffix: str) -> Terraform:
    value = files.read_json(path, remedy="run the synth stage again")
    if not isinstance(value, dict) or not isinstance(value.get("resource"), dict) or not value["resource"]:
        raise Failure(f"{path}: has no resources", hint="run the synth stage again")
    return Terraform(name, value, suffix, captured=platform == "pulumi")
