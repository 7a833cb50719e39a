"""Destroying what Terraform applied, with the cloud's own word that it is gone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from kit import files, say
from kit.ladder import terraform
from kit.ladder.cfn_destroy import Leftovers, empty
from kit.ladder.cfn_stack import cloud_error
from kit.ladder.outcome import Outcome
from kit.ladder.platforms.base import Work
from kit.ladder.terraform_held import forgotten, still_there


def destroy(work: Work, names: list[str]) -> Outcome:
    """Empty the buckets, destroy what the state holds, and ask the cloud whether anything of it is still there.

    Figures: had, gone (proved by the services' own answers), unverified (names of what cannot be asked for), and
    ended_with_emulator: what an emulator held that has ended since.
    """
    if not work.need_cloud().alive:
        return terraform.ended(work)
    total = Leftovers()
    had = lost = 0
    findings: list[dict[str, Any]] = []
    reason = ""
    for name in names:
        folder = terraform.folder_of(work, name)
        if not (folder / terraform.ASKED).is_file():
            continue
        before = terraform.state_of(work, folder)
        if not terraform.same_session(work, folder):
            lost += len(before)
            shutil.rmtree(folder, ignore_errors=True)
            continue
        asked = files.read_json(folder / terraform.ASKED)
        try:
            before = _adopt(work, folder, before, asked)
            had += len(before)
            told = _destroy(work, folder, before) if before else []
            left = terraform.state_of(work, folder)
            found = still_there(work.need_cloud(), before, asked)
        except Exception as error:
            return Outcome.failed(cloud_error(work.need_cloud(), error, f"destroying {name}"))
        total.gone += found.gone
        total.unverified += found.unverified
        findings += told + found.left
        if left:
            addresses = ", ".join(one["address"] for one in left[:5])
            reason = reason or f"{name}: {len(left)} left behind ({addresses}): {told[0]['message'] if told else ''}"
        elif found.left:
            first = found.left[0]
            reason = reason or f"{len(found.left)} left behind, first {first['resource']}: {first['message']}"
        elif told:
            reason = reason or f"{name}: {told[0]['message']}"
        else:
            shutil.rmtree(folder, ignore_errors=True)
    figures = {"had": had, "gone": total.gone, "unverified": total.unverified, "ended_with_emulator": lost}
    if reason:
        return Outcome.failed(reason, figures=figures, findings=findings)
    return Outcome.passed(figures=figures)


def _adopt(work: Work, folder: Path, had: list[dict[str, Any]], asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Take into the state what a cut-off `apply` made and did not write down; the state as it is then.

    In an emulator of the run's own only: in a real account a thing of that name may be somebody else's.
    """
    lost = forgotten(work.need_cloud(), had, asked) if work.need_cloud().emulated else []
    if not lost:
        return had
    files.write_json(folder / "cdk.tf.json", asked)
    for address, name in lost:
        say.warn(f"{address} ({name}) was made by an apply that was cut off; it is taken into the state")
        terraform.call(work, folder, "import", address, name)
    return terraform.state_of(work, folder)


def _destroy(work: Work, folder: Path, had: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`terraform destroy`; a finding for each error."""
    # The order comes from the state; what is asked for now may be broken, and must not keep what is there.
    asked = files.read_json(folder / terraform.ASKED)
    files.write_json(folder / "cdk.tf.json", {key: asked[key] for key in ("terraform", "provider") if key in asked})
    names = {"aws_s3_bucket": "AWS::S3::Bucket", "aws_ecr_repository": "AWS::ECR::Repository"}
    full = [
        {"ResourceType": names[one["type"]], "PhysicalResourceId": str(one["attributes"].get("id", ""))}
        for one in had
        if one["type"] in names
    ]
    empty(work.need_cloud(), full)
    result = terraform.call(work, folder, "destroy", "-auto-approve", "-json")
    if result.ok:
        return []
    return terraform.diagnostics(result) or [{"rule": "terraform", "severity": "error", "message": result.tail(1)}]
