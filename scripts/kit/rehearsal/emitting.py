"""The seam between stacks and the languages they are written in: one emitter a platform, found by its name here."""

from __future__ import annotations

import re
from importlib import import_module

from kit.rehearsal.documents import LANGUAGES, PLATFORMS, main_file
from kit.rehearsal.emit_cfn import dump
from kit.rehearsal.stack import Stack


def wanted(text: str, language: str) -> tuple[str, str]:
    """Platform and language that a prompt binds its answer to, as `with AWS CDK in TypeScript`; else cfn in `language`."""
    platforms = {name: key for key, name in PLATFORMS.items()}
    languages = {name: key for key, name in LANGUAGES.items()}
    said = "|".join(sorted(map(re.escape, platforms), key=len, reverse=True))
    match = re.search(rf"with ({said}) in ({'|'.join(languages)})\b", text)
    if match:
        return platforms[match[1]], languages[match[2]]
    return "cfn", language


def emit(stack: Stack, platform: str, language: str) -> dict[str, str]:
    """The files of a stack by path: kit.rehearsal.emit_<platform> writes them."""
    if platform == "cfn":
        return {main_file(platform, language): dump(stack.template, language)}
    files: dict[str, str] = import_module(f"kit.rehearsal.emit_{platform}").files(stack, language)
    return files
