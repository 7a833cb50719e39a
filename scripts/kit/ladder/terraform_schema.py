"""What the AWS provider's own schema says of its resources, read once and kept."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from kit import command, files, lock
from kit.errors import Failure
from kit.ladder.environment import QUIET
from kit.ladder.terraform_providers import source
from kit.settings import TOOLKIT

VERSION = "5.100.0"


@cache
def resources() -> dict[str, Any]:
    """Resource type -> {"attributes": {name: {type, required, optional, computed}}, "blocks": {name: block}}.

    A block also says whether it may stand once only (`single`) and must stand at all (`required`).

    Raises `Failure` when Terraform or the provider cannot be had.
    """
    kept = TOOLKIT / ".cache" / "terraform" / f"aws-{VERSION}-blocks.json"
    if not kept.is_file():
        with lock.hold(kept.with_suffix(".lock"), what="the provider's schema", wait=600.0):
            if not kept.is_file():
                files.replace(kept, json.dumps(_read()))
    value = files.read_json(kept, remedy=f"rm {kept}")
    if not isinstance(value, dict):
        raise Failure(f"{kept}: not a schema", hint=f"rm {kept}")
    return value


def _read() -> dict[str, Any]:
    import os

    environment = dict(os.environ) | QUIET
    with tempfile.TemporaryDirectory(prefix="schema-") as name:
        folder = Path(name)
        wanted = {"aws": {"source": "hashicorp/aws", "version": VERSION}}
        files.write_json(folder / "main.tf.json", {"terraform": {"required_providers": wanted}})
        with source() as (words, variables):
            begin = ["terraform", "init", "-input=false", "-no-color", *words]
            command.run(begin, cwd=folder, env=environment | variables, timeout=600.0)
        told = command.run(["terraform", "providers", "schema", "-json"], cwd=folder, env=environment, timeout=600.0)
    try:
        (provider,) = json.loads(told.stdout)["provider_schemas"].values()
        return {name: _block(entry["block"]) for name, entry in provider["resource_schemas"].items()}
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(f"terraform's schema cannot be read: {error!r}") from error


def _block(block: dict[str, Any]) -> dict[str, Any]:
    attributes = {
        name: {key: entry[key] for key in ("type", "required", "optional", "computed") if key in entry}
        for name, entry in (block.get("attributes") or {}).items()
    }
    blocks = {
        name: _block(entry["block"])
        | {
            "single": entry.get("max_items") == 1 or entry["nesting_mode"] == "single",
            "required": bool(entry.get("min_items")),
        }
        for name, entry in (block.get("block_types") or {}).items()
    }
    return {"attributes": attributes, "blocks": blocks}
