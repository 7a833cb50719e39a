"""Programs of the AWS CDK, in TypeScript and in Python."""

from __future__ import annotations

from importlib import import_module

from kit.rehearsal.stack import Stack


def files(stack: Stack, language: str) -> dict[str, str]:
    """The files of a stack by path, in `ts` or `py`: the stack, its sections where it is long, the code of functions."""
    module = "typescript" if language == "ts" else "python"
    found: dict[str, str] = import_module(f"kit.rehearsal.cdk.{module}").files(stack)
    return found
