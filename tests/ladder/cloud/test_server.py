"""The emulated cloud as a process: started, adopted, ended, killed, idle."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from cloud_support import make_run, wait_until

from kit import files
from kit.errors import Failure
from kit.ladder.clouds import Cloud, find_cloud, moto, open_cloud
from kit.run.rundir import Run
from kit.settings import Settings


def test_a_second_opening_adopts_the_live_server(run: Run, cloud: Cloud) -> None:
    again = open_cloud(run)
    assert (again.endpoint, again.session) == (cloud.endpoint, cloud.session)
    assert cloud.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_the_server_is_detached_and_its_state_is_kept(run: Run, cloud: moto.MotoCloud) -> None:
    state = files.read_json(run.dir / "cloud.json")
    assert state["pid"] == cloud.pid
    assert os.getsid(cloud.pid) == cloud.pid
    assert state["started"] == moto.start_time(cloud.pid)


def test_http2_is_answered_too(cloud: moto.MotoCloud) -> None:
    # The SDK for JavaScript speaks nothing else to Kinesis.
    words = {"X-Amz-Target": "Kinesis_20131202.ListStreams", "Content-Type": "application/x-amz-json-1.1"}
    words["Authorization"] = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/kinesis/aws4_request"
    streams = [f"calls-{'x' * 100}-{number}" for number in range(700)]
    for name in streams:
        cloud.client("kinesis").create_stream(StreamName=name, ShardCount=1)
    with httpx2.Client(http1=False, http2=True, trust_env=False) as client:
        answer = client.post(f"{cloud.endpoint}/", headers=words, json={"Limit": 700})
        assert answer.http_version == "HTTP/2"
        # More than what may be sent before the client has opened its window again.
        assert len(answer.content) > 65_535
        assert answer.json()["StreamNames"] == streams
        assert client.get(f"{cloud.endpoint}/task-coordinator/status").json()["session"] == cloud.session


def test_stop_ends_the_server_and_forgets_it(run: Run, cloud: moto.MotoCloud) -> None:
    cloud.stop()
    assert moto.start_time(cloud.pid) == ""
    assert find_cloud(run) is None
    assert not (run.dir / "cloud.json").exists()
    cloud.stop()


def test_a_killed_server_is_told_and_replaced(
    run: Run, cloud: moto.MotoCloud, capsys: pytest.CaptureFixture[str]
) -> None:
    os.kill(cloud.pid, signal.SIGKILL)
    assert wait_until(lambda: not cloud.alive)
    assert find_cloud(run) is None
    new = open_cloud(run)
    assert new.session != cloud.session
    assert f"(pid {cloud.pid}) has ended" in capsys.readouterr().err


def test_a_server_that_no_longer_answers_is_replaced(
    run: Run, cloud: moto.MotoCloud, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = subprocess.Popen(["sleep", "60"], start_new_session=True)
    state = files.read_json(run.dir / "cloud.json")
    files.write_json(
        run.dir / "cloud.json", state | {"pid": other.pid, "started": moto.start_time(other.pid), "session": "other"}
    )
    new = open_cloud(run)
    assert "no longer answers" in capsys.readouterr().err
    assert other.wait(timeout=10) != 0
    assert new.session not in (cloud.session, "other")
    cloud.stop()
    new_state = {"name": "moto", "pid": new.pid, "started": new.started, "port": new.endpoint.rpartition(":")[2]}
    files.write_json(run.dir / "cloud.json", new_state | {"session": new.session})


def test_a_process_that_took_over_the_pid_is_not_taken_for_the_server(run: Run, cloud: moto.MotoCloud) -> None:
    impostor = moto.MotoCloud(
        endpoint=cloud.endpoint, session="x", region="us-east-1", folder=run.dir, pid=os.getpid(), started="1"
    )
    assert not impostor.alive


def test_a_damaged_state_is_told_and_passed_over(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    (run.dir / "cloud.json").write_text('{"pid": "many"}')
    assert open_cloud(run).alive
    assert "not the state of a cloud" in capsys.readouterr().err


def test_a_server_that_cannot_start_is_a_failure_with_its_last_words(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = run.dir / "broken.py"
    broken.write_text("raise SystemExit('no emulator in the house')\n")
    monkeypatch.setattr(moto, "SERVER", broken)
    with pytest.raises(Failure, match="ended with 1: no emulator in the house") as caught:
        open_cloud(run)
    assert "cloud.log" in caught.value.hint


def test_runs_have_servers_of_their_own(run: Run, cloud: Cloud, tmp_path: Path) -> None:
    other_run = make_run(tmp_path, "T-2")
    other = open_cloud(other_run)
    try:
        cloud.client("s3").create_bucket(Bucket="mine")
        assert other.endpoint != cloud.endpoint
        assert other.client("s3").list_buckets()["Buckets"] == []
    finally:
        other.stop()
    assert cloud.alive


def start_by_hand(folder: Path, *words: str) -> tuple[subprocess.Popen[bytes], int]:
    ready = folder / "ready"
    argv = [sys.executable, "-P", str(moto.SERVER), "--session", "s", "--ready", str(ready), *words]
    process = subprocess.Popen(argv, cwd="/", env=os.environ | {"HOME": str(folder)}, stdout=subprocess.DEVNULL)
    assert wait_until(ready.exists)
    return process, int(ready.read_text())


def test_a_taken_port_gives_way_to_the_next(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        process, port = start_by_hand(tmp_path, "--port", str(taken))
        try:
            assert port != taken
            assert wait_until(lambda: moto.server_status(f"http://127.0.0.1:{port}") is not None)
        finally:
            process.kill()
            process.wait()


def test_an_idle_server_ends_itself(tmp_path: Path) -> None:
    process, _ = start_by_hand(tmp_path, "--idle", "0.4")
    assert process.wait(timeout=30) == 0


def test_a_server_whose_folder_is_gone_ends_itself(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    process, _ = start_by_hand(folder, "--idle", "600")
    (folder / "ready").unlink()
    folder.rmdir()
    assert process.wait(timeout=30) == 0


def test_nothing_of_the_machines_credentials_passes(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREALREALREALREAL")
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    cloud = moto.open_cloud(run)
    environment = Path(f"/proc/{cloud.pid}/environ").read_bytes().decode().split("\0")
    assert "AWS_ACCESS_KEY_ID=testing" in environment
    assert not [item for item in environment if "AKIAREAL" in item or item.startswith(("AWS_PROFILE", "HTTP_PROXY"))]
    given = cloud.environment()
    assert given["AWS_ENDPOINT_URL"] == cloud.endpoint
    assert given["AWS_ACCESS_KEY_ID"] == given["AWS_SECRET_ACCESS_KEY"] == "testing"
    assert given["AWS_REGION"] == given["AWS_DEFAULT_REGION"] == "us-east-1"
    assert given["AWS_EC2_METADATA_DISABLED"] == "true"
    assert cloud.client("s3").list_buckets()["Buckets"] == []


def test_an_unknown_cloud_is_refused(run: Run) -> None:
    odd = Run(run.repo, run.task_id, Settings.load(environ={"CLOUD": "azure"}))
    with pytest.raises(Failure, match="CLOUD=azure: no such cloud"):
        open_cloud(odd)
