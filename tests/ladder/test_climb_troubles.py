"""What can go wrong around a stack that Terraform deploys: an interrupt, an emulator that dies, two pairs at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from climb_support import broken, lay_out, opened

from kit.ladder import install, terraform_held
from kit.ladder.clouds import find_cloud, open_cloud
from kit.ladder.foreign import ForeignRun
from kit.ladder.stages import ALL, run_ladder, run_stage
from kit.run import receipts
from kit.settings import TOOLKIT, Settings

STACK = "lib/tap_stack.py"
# Its queue keeps Terraform busy for half a minute: it waits until its attributes have settled.
SLOW = '        sqs.Queue("slow", name=f"{orders}-slow", opts=own)\n        role = iam'


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForeignRun]:
    with opened("pulumi-py", tmp_path_factory.mktemp("pulumi-py")) as made:
        text = (made.worktree / STACK).read_text()
        text = text.replace("lambda_, s3, sns", "lambda_, s3, sns, sqs").replace("        role = iam", SLOW, 1)
        (made.worktree / STACK).write_text(text)
        yield made


def wait_for(what: Callable[[], object], seconds: float = 300.0) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.1)


def holds_a_role(run: ForeignRun) -> bool:
    """True when the deployment is on its way: the first resource is there."""
    cloud = find_cloud(run)
    return cloud is not None and bool(cloud.client("iam").list_roles()["Roles"])


def test_an_interrupt_in_a_deploy_destroys_what_was_made(run: ForeignRun) -> None:
    words = [sys.executable, str(TOOLKIT / "scripts" / "run_stage.py"), "synth", "deploy", "destroy"]
    words += ["--project", str(run.worktree), "--platform", "pulumi-py", "--runs", str(run.dir)]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(lambda: holds_a_role(run) or process.poll() is not None)
        os.kill(process.pid, signal.SIGINT)
        said = process.communicate(timeout=300)[1]
    finally:
        process.kill()
    assert process.returncode == 130, said
    last = receipts.read_all(run)[-1][1]
    assert (last.stage, last.verdict, last.reason) == ("destroy", "passed", "")
    assert last.figures["unverified"] == []
    assert last.figures["gone"] == last.figures["had"] >= 1
    assert find_cloud(run) is None


def test_an_emulator_that_dies_in_a_deploy_is_told(run: ForeignRun) -> None:
    def kill() -> None:
        wait_for(lambda: holds_a_role(run))
        cloud = find_cloud(run)
        assert cloud is not None
        os.kill(cloud.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    deploy, destroy = run_ladder(run, ["deploy", "destroy"])
    killer.join()
    assert deploy.verdict == destroy.verdict == "failed"
    told = "the emulated cloud (moto) has ended; what it held is gone; run the stage again"
    assert (deploy.reason, destroy.reason) == (told, told)
    again = run_stage(run, "destroy")
    assert again.passed and again.figures["ended_with_emulator"] >= 1
    assert not (run.dir / "terraform" / "TapStacksynthproject").exists()


def test_what_terraform_forgot_is_found_in_the_cloud(run: ForeignRun, capsys: pytest.CaptureFixture[str]) -> None:
    quick = '        sqs.Queue("slow", name=f"{orders}-slow", opts=own)\n'
    with broken(run, STACK, quick, ""):
        assert run_stage(run, "deploy").passed
        state = run.dir / "terraform" / "TapStacksynthproject" / "terraform.tfstate"
        value = json.loads(state.read_text())
        value["resources"] = [one for one in value["resources"] if one["type"] != "aws_s3_bucket"]
        state.write_text(json.dumps(value))
        destroy = run_stage(run, "destroy")
    assert destroy.passed
    # The bucket and the six that the state still knew.
    assert (destroy.figures["had"], destroy.figures["gone"]) == (7, 7)
    assert "aws_s3_bucket.bucket (orders-synthproject-store) was made by an apply" in capsys.readouterr().err
    cloud = find_cloud(run)
    assert cloud is not None and cloud.client("s3").list_buckets()["Buckets"] == []


def test_what_is_left_is_named_with_its_remedy(run: ForeignRun) -> None:
    cloud = open_cloud(run)
    cloud.client("s3").create_bucket(Bucket="orders-left")
    had = [
        {"address": "aws_s3_bucket.a", "type": "aws_s3_bucket", "attributes": {"bucket": "orders-left"}},
        {"address": "aws_s3_bucket_versioning.a", "type": "aws_s3_bucket_versioning", "attributes": {"bucket": "gone"}},
        {"address": "aws_iam_role.a", "type": "aws_iam_role", "attributes": {"name": "gone"}},
        {"address": "aws_mars_base.a", "type": "aws_mars_base", "attributes": {"name": "a"}},
    ]
    found = terraform_held.still_there(cloud, [one | {"elsewhere": False} for one in had], {})
    cloud.client("s3").delete_bucket(Bucket="orders-left")
    assert (found.gone, found.unverified) == (2, ["aws_mars_base.a (aws_mars_base)"])
    (left,) = found.left
    assert left["resource"] == "aws_s3_bucket.a"
    assert left["message"].endswith("is still there; remove it with: aws s3 rb s3://orders-left --force")


def test_two_pairs_at_once_do_not_meet(tmp_path: Path) -> None:
    made = []
    for pair in ("cdk-py", "cfn-json"):
        project = lay_out(pair, tmp_path / pair / "same")
        install.install(project, tmp_path / f"{pair}.log")
        made.append(ForeignRun.open(project, pair, Settings.load(environ={}), folder=tmp_path / pair / "run"))
    try:
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda one: run_ladder(one, [stage for stage in ALL if stage != "lint"]), made))
        assert [[one.reason for one in each] for each in found] == [[""] * 7, [""] * 7]
        # Both stacks bear the same names: each has a cloud of its own.
        assert len({each[-1].figures["session"] for each in found}) == 2
    finally:
        for one in made:
            cloud = find_cloud(one)
            if cloud is not None:
                cloud.stop()
