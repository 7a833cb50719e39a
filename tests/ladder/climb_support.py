"""Finished projects of every pair, laid out over their templates, and what the tests of the pairs do with them."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit import command
from kit.errors import Failure
from kit.ladder import install, terraform_providers, terraform_schema
from kit.ladder.clouds import find_cloud
from kit.ladder.foreign import ForeignRun
from kit.ladder.stages import ALL, run_ladder
from kit.settings import TOOLKIT, Settings

PROJECTS = Path(__file__).parent / "projects"
TERRAFORM = ("cdktf", "pulumi")


def lay_out(pair: str, folder: Path) -> Path:
    """The finished project of `pair` in `folder`, without its dependencies."""
    shutil.copytree(TOOLKIT / "templates" / pair, folder, ignore=shutil.ignore_patterns("node_modules", "coverage"))
    common = "py" if pair.endswith("-py") else "ts"
    for source in (PROJECTS / common, PROJECTS / pair):
        shutil.copytree(source, folder, dirs_exist_ok=True)
    return folder


@contextlib.contextmanager
def opened(pair: str, folder: Path) -> Iterator[ForeignRun]:
    """The finished project of `pair` as a run with its dependencies; its cloud ends with the block."""
    if pair.startswith(TERRAFORM):
        need_provider()
    project = lay_out(pair, folder / "project")
    install.install(project, folder / "install.log")
    run = ForeignRun.open(project, pair, Settings.load(environ={}), folder=folder / "run")
    try:
        yield run
    finally:
        cloud = find_cloud(run)
        if cloud is not None:
            cloud.stop()


def need_provider() -> None:
    """Skip, loudly, where Terraform or its AWS provider cannot be had; in CI that is a failure."""
    lacking = _lacking()
    if lacking:
        why = f"not run: {lacking}; where the registry is out of reach name a mirror: TC_LADDER_TERRAFORM_MIRROR"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)


@functools.cache
def _lacking() -> str:
    """Why `terraform init` does not bring the provider, or ""."""
    with tempfile.TemporaryDirectory(prefix="provider-") as name:
        wanted = {"aws": {"source": "hashicorp/aws", "version": terraform_schema.VERSION}}
        (Path(name) / "main.tf.json").write_text(json.dumps({"terraform": {"required_providers": wanted}}))
        try:
            with terraform_providers.source() as (words, variables):
                begin = ["terraform", "init", "-input=false", "-no-color", *words]
                command.run(begin, cwd=Path(name), env=dict(os.environ) | variables, timeout=600.0)
        except Failure as failure:
            return f"Terraform's AWS provider cannot be had ({failure})"
    return ""


def climb(run: ForeignRun) -> None:
    """The whole ladder: every stage passes, the second time by its receipts."""
    found = run_ladder(run)
    assert {one.stage: (one.verdict, one.reason) for one in found} == dict.fromkeys(ALL, ("passed", ""))
    by_stage = {one.stage: one for one in found}
    assert by_stage["unit"].figures["coverage"] >= 90.0
    assert by_stage["deploy"].emulated
    assert by_stage["outputs"].figures["names"] == ["BucketName", "TopicArn"]
    assert by_stage["integration"].figures["passed"] == 1
    assert by_stage["destroy"].figures["gone"] >= 5
    assert run_ladder(run) == found


@contextlib.contextmanager
def broken(run: ForeignRun, name: str, old: str, new: str) -> Iterator[ForeignRun]:
    """The project with one thing wrong: `old`, which has to be there, is `new` in the file `name`."""
    path = run.worktree / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    try:
        yield run
    finally:
        path.write_text(text)
