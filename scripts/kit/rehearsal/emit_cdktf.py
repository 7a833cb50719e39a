"""Stacks as CDK for Terraform programs: the stack, its subjects when it is long, and the code of its functions."""

from __future__ import annotations

from importlib import import_module

from kit.rehearsal.cdktf.program import asking
from kit.rehearsal.stack import Stack
from kit.rehearsal.terraform.translate import translate


def files(stack: Stack, language: str) -> dict[str, str]:
    """The files of the program by path; `language` is ts or py."""
    graph = asking(translate(stack))
    project = str(stack.template["Parameters"]["ProjectName"]["Default"])
    writer = import_module(f"kit.rehearsal.cdktf.{'typescript' if language == 'ts' else 'python'}")
    made: dict[str, str] = writer.files(graph, project)
    return {**made, **graph.files}
