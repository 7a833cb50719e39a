"""Terraform configurations in JSON: applied, and compared with what the cloud holds.

What is applied is a copy beside the run's receipts, with its state, out of reach of the project's own code.
Programs cannot smuggle commands in: provisioners and providers that run them are refused.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kit import files
from kit.command import Result
from kit.errors import Failure
from kit.ladder import terraform_providers
from kit.ladder.outcome import Outcome
from kit.ladder.platforms.base import Work

INSTALL = "https://developer.hashicorp.com/terraform/install (1.5 or newer)"
PROVIDERS = ("aws", "archive", "random", "time", "tls")
# What was applied, and to which session of the cloud; beside the state.
ASKED, _SESSION = "asked.json", "session.json"
OUTPUTS = Path("cfn-outputs") / "flat-outputs.json"
_PROTECTION = (
    "deletion_protection",
    "deletion_protection_enabled",
    "disable_api_termination",
    "enable_deletion_protection",
)


def configurations(project: Path) -> dict[str, Path]:
    """Stack name -> its cdk.tf.json below cdktf.out. Raises `Failure` when there is none."""
    found = {path.parent.name: path for path in sorted((project / "cdktf.out" / "stacks").glob("*/cdk.tf.json"))}
    if not found:
        raise Failure(f"{project / 'cdktf.out'}: holds no stack", hint="run the synth stage first")
    return found


def load(path: Path) -> dict[str, Any]:
    """A configuration that can be applied. Raises `Failure` naming what is damaged, missing or refused."""
    value = files.read_json(path, remedy="run the synth stage first")
    if not isinstance(value, dict) or not isinstance(value.get("resource"), dict) or not value["resource"]:
        raise Failure(f"{path}: has no resources")
    providers = set(value.get("provider") or {}) | {
        str(entry.get("source", name)).rpartition("/")[2]
        for name, entry in ((value.get("terraform") or {}).get("required_providers") or {}).items()
    }
    foreign = sorted(providers - set(PROVIDERS))
    if foreign:
        raise Failure(f"{path}: provider {', '.join(foreign)} is refused", hint=f"allowed are {', '.join(PROVIDERS)}")
    for address, body in resources(value):
        if "provisioner" in body:
            raise Failure(f"{path}: {address} has a provisioner, which would run commands on this machine")
    return value


def resources(value: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Address and body of every resource."""
    for kind, named in (value.get("resource") or {}).items():
        for name, body in named.items():
            yield f"{kind}.{name}", body


def undestroyable(value: dict[str, Any]) -> list[dict[str, Any]]:
    """A finding for each resource that would not let itself be destroyed."""
    found = []
    for address, body in resources(value):
        lifecycle = body.get("lifecycle") or {}
        names = [name for name in _PROTECTION if body.get(name) is True]
        if isinstance(lifecycle, dict) and lifecycle.get("prevent_destroy"):
            names.append("lifecycle.prevent_destroy")
        found += [
            {
                "rule": "destroyable/protection",
                "severity": "error",
                "resource": address,
                "message": f"{name} is on: the stack could not be destroyed",
            }
            for name in names
        ]
    return found


def deploy(work: Work, name: str, value: dict[str, Any], assets: Path | None = None) -> Outcome:
    """Apply a configuration; then a plan says what of it the cloud does not hold as it was asked for.

    Figures: asked, listed (in the state), held (without drift); findings name the resources that drifted.
    """
    kept = undestroyable(value)
    if kept:
        return Outcome.failed(f"{kept[0]['resource']}: {kept[0]['message']}", findings=kept)
    folder = _lay_out(work, name, value, assets)
    started = _init(work, folder)
    if started is not None:
        return started
    applied = call(work, folder, "apply", "-auto-approve", "-json")
    asked = sum(1 for _ in resources(value))
    if not applied.ok and not work.need_cloud().alive:
        return ended(work)
    if not applied.ok:
        findings = diagnostics(applied)
        listed = len(state_of(work, folder))
        why = findings[0]["message"] if findings else applied.tail(1)
        where = f"{findings[0]['resource']}: " if findings and findings[0].get("resource") else ""
        return Outcome.failed(f"{where}{why}", figures={"asked": asked, "listed": listed}, findings=findings)
    listed = len(state_of(work, folder))
    planned = call(work, folder, "plan", "-json", "-lock=false")
    if not planned.ok:
        return Outcome.failed(f"what was applied cannot be read back: {planned.tail(1)}", findings=diagnostics(planned))
    drifted = _drift(planned)
    findings = [
        {
            "rule": "emulation/drift",
            "severity": "warning",
            "resource": address,
            "message": f"not held as asked: would {action} it",
        }
        for address, action in drifted.items()
    ]
    figures = {
        "asked": asked,
        "listed": listed,
        "held": listed - len(drifted),
        "drifted": sorted(drifted),
        "stack": name,
    }
    return Outcome.passed(figures=figures, findings=findings)


def outputs(work: Work, names: list[str]) -> Outcome:
    """Write the outputs of all stacks to cfn-outputs/flat-outputs.json, {name: value}."""
    target = work.project / OUTPUTS
    target.unlink(missing_ok=True)
    flat: dict[str, Any] = {}
    for name in names:
        folder = folder_of(work, name)
        if not folder.is_dir():
            return Outcome.failed(f"stack {name} was not deployed: deploy it first")
        result = call(work, folder, "output", "-json")
        try:
            flat |= {key: entry["value"] for key, entry in json.loads(result.stdout).items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return Outcome.failed(f"the outputs of {name} cannot be read: {error!r}: {result.tail(2)}")
    if not flat:
        return Outcome.failed("the stacks have no outputs")
    files.write_json(target, flat)
    return Outcome.passed(figures={"outputs": len(flat), "names": sorted(flat)})


def ended(work: Work) -> Outcome:
    """The outcome of a stage whose emulator has died."""
    return Outcome.failed(
        f"the emulated cloud ({work.need_cloud().name}) has ended; what it held is gone; run the stage again"
    )


def folder_of(work: Work, name: str) -> Path:
    """Where what was applied as stack `name` is kept, with its state."""
    return work.run.dir / "terraform" / name


def _lay_out(work: Work, name: str, value: dict[str, Any], assets: Path | None) -> Path:
    folder = folder_of(work, name)
    if not same_session(work, folder):
        # What it tells of ended with the emulator that held it.
        (folder / "terraform.tfstate").unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    terraform = dict(value.get("terraform") or {})
    terraform["backend"] = {"local": {"path": str(folder / "terraform.tfstate")}}
    made = value | {"terraform": terraform}
    if work.need_cloud().emulated:
        # Addresses such as bucket.127.0.0.1 lead nowhere, and there is no account to ask about.
        extra = {"s3_use_path_style": True, "skip_credentials_validation": True, "skip_metadata_api_check": "true"}
        # An emulator that has ended is told at once; by itself the provider would try for minutes.
        extra |= {"max_retries": 2}
        given = (value.get("provider") or {}).get("aws") or [{}]
        made["provider"] = (value.get("provider") or {}) | {"aws": [one | extra for one in given]}
    files.write_json(folder / "cdk.tf.json", made)
    files.write_json(folder / ASKED, made)
    files.write_json(folder / _SESSION, {"session": work.need_cloud().session})
    if assets is not None and assets.is_dir():
        shutil.rmtree(folder / "assets", ignore_errors=True)
        shutil.copytree(assets, folder / "assets")
    return folder


def _init(work: Work, folder: Path) -> Outcome | None:
    with terraform_providers.source() as (words, variables):
        result = call(work, folder, "init", *words, extra=variables)
    if result.ok:
        return None
    lines = [line.lstrip("│ ").strip() for line in result.output.splitlines()]
    why = next((line for line in lines if line.startswith("Error")), result.tail(1))
    if "Failed to query available provider packages" in result.output:
        return Outcome.not_run(f"Terraform's providers cannot be had: {why}; {terraform_providers.REMEDY}")
    return Outcome.failed(f"terraform init failed: {why}")


def call(work: Work, folder: Path, command: str, *words: str, extra: Mapping[str, str] | None = None) -> Result:
    """`terraform <command>` in `folder`."""
    own = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0"} | terraform_providers.user_settings() | dict(extra or {})
    flat = ["-input=false"] if command in ("init", "apply", "plan", "destroy", "import") else []
    # Told to stop, it writes down what it made; its plug-ins would die of a harsher signal, and forget.
    return work.command(["terraform", command, *flat, "-no-color", *words], cwd=folder, extra=own, gentle=60.0)


def same_session(work: Work, folder: Path) -> bool:
    """False when the state tells of an emulator that has ended since."""
    path = folder / _SESSION
    return not path.is_file() or files.read_json(path).get("session") == work.need_cloud().session


def state_of(work: Work, folder: Path) -> list[dict[str, Any]]:
    """The managed resources of the state: address, type, attributes, and whether they lie in another region."""
    path = folder / "terraform.tfstate"
    if not path.is_file():
        return []
    value = files.read_json(path)
    here = _providers_here(folder, work.run.region)
    try:
        return [
            {
                "address": f"{one['type']}.{one['name']}",
                "type": one["type"],
                "attributes": instance.get("attributes") or {},
                # provider["registry.terraform.io/hashicorp/aws"].west
                "elsewhere": str(one.get("provider", "")).rpartition("]")[2] not in here,
            }
            for one in value["resources"]
            if one["mode"] == "managed"
            for instance in one["instances"]
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise Failure(f"{path}: not a Terraform state: {error!r}") from error


def _providers_here(folder: Path, region: str) -> set[str]:
    """How a state's references end that lead to a provider of the run's region: the default one's, and `.alias`."""
    path = folder / ASKED
    given = ((files.read_json(path).get("provider") or {}).get("aws") or []) if path.is_file() else []
    listed = given if isinstance(given, list) else [given]
    return {""} | {f".{one['alias']}" for one in listed if one.get("alias") and one.get("region") == region}


def _events(result: Result) -> Iterator[dict[str, Any]]:
    for line in result.stdout.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            yield event


def diagnostics(result: Result) -> list[dict[str, Any]]:
    """A finding for each error in the JSON lines that Terraform printed."""
    found = []
    for event in _events(result):
        told = event.get("diagnostic")
        if event.get("type") == "diagnostic" and isinstance(told, dict) and told.get("severity") == "error":
            message = " ".join(f"{told.get('summary', '')} {told.get('detail', '')}".split())
            finding = {"rule": "terraform", "severity": "error", "message": message[:1000]}
            found.append(finding | ({"resource": told["address"]} if told.get("address") else {}))
    return found


def _drift(result: Result) -> dict[str, str]:
    return {
        event["change"]["resource"]["addr"]: event["change"]["action"]
        for event in _events(result)
        if event.get("type") == "planned_change"
    }
