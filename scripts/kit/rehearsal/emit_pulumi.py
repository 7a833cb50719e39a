"""A stack as a Pulumi program, in TypeScript or Python."""

from __future__ import annotations

from importlib import import_module

from kit.rehearsal.stack import Stack
from kit.rehearsal.terraform.translate import translate


def files(stack: Stack, language: str) -> dict[str, str]:
    """The files of the program by path: the stack, its entry point and the code of its functions."""
    graph = translate(stack)
    writer = import_module(f"kit.rehearsal.pulumi.{'typescript' if language == 'ts' else 'python'}")
    project = str(stack.template["Parameters"].get("ProjectName", {}).get("Default", "tap"))
    about = str(stack.template.get("Description", "")).rstrip(".") + "."
    made: dict[str, str] = writer.files(graph, project, about)
    return made | graph.files
