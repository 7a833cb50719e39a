"""CLOUD=aws and CLOUD=localstack, each against a server standing in at the transport."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from cloud_support import Bench

from kit import files
from kit.errors import Failure, StopAll
from kit.ladder.clouds import Cloud, aws, localstack, open_cloud
from kit.run.rundir import Run
from kit.settings import Settings

QUEUE = (
    "Resources: {Q: {Type: 'AWS::SQS::Queue'}, Farm: {Type: 'AWS::Deadline::Farm'}}\nOutputs: {Url: {Value: !Ref Q}}\n"
)


def on(run: Run, name: str) -> Run:
    return Run(run.repo, run.task_id, Settings.load(environ={"CLOUD": name}))


@pytest.fixture
def account(run: Run, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[aws.AwsCloud]:
    """A moto server in the place of the real endpoints, reached with keys from the environment."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    monkeypatch.setattr(aws.AwsCloud, "poll_seconds", 0.05)
    found = open_cloud(on(run, "aws"))
    assert isinstance(found, aws.AwsCloud)
    yield found


def test_the_account_is_shown_and_the_region_is_the_tasks(
    account: aws.AwsCloud, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (account.name, account.emulated, account.account) == ("aws", False, "123456789012")
    given = account.environment()
    assert (given["AWS_REGION"], given["AWS_ACCESS_KEY_ID"]) == ("us-east-1", "AKIAIOSFODNN7EXAMPLE")
    assert account.client("sqs").meta.region_name == "us-east-1"


def test_a_stack_is_deployed_tagged_with_the_run_and_destroyed(run: Run, account: aws.AwsCloud) -> None:
    bench = Bench(run, account)
    outcome = bench.deploy(QUEUE.replace(", Farm: {Type: 'AWS::Deadline::Farm'}", ""))
    assert (outcome.verdict, outcome.cloud, outcome.emulated) == ("passed", "aws", False)
    stack = account.client("cloudformation").describe_stacks(StackName="TapStackx")["Stacks"][0]
    assert {"Key": "task-coordinator", "Value": run.suffix} in stack["Tags"]
    assert bench.destroy().verdict == "passed"


def test_what_a_real_stack_does_not_list_is_missing_there(run: Run, account: aws.AwsCloud) -> None:
    outcome = Bench(run, account).deploy(QUEUE)
    assert outcome.verdict == "failed"
    assert outcome.reason == "Farm: AWS::Deadline::Farm: not in the stack"


def test_one_at_a_time_in_an_account_and_region(
    run: Run, account: aws.AwsCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws, "TURN_SECONDS", 0.1)
    with account.turn(60):
        outcome = Bench(run, account).deploy(QUEUE)
    assert outcome.verdict == "failed"
    assert outcome.reason.startswith("account 123456789012 in us-east-1 is held by another process")


def test_credentials_that_end_before_the_stage_stop_everything(run: Run, account: aws.AwsCloud) -> None:
    account._session.get_credentials()._expiry_time = datetime.now(UTC) + timedelta(minutes=5)
    with pytest.raises(StopAll, match=r"the credentials end in [45] minutes, the stage may take 20"):
        Bench(run, account).deploy(QUEUE)


def test_no_credentials_stop_everything(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    with pytest.raises(StopAll, match="no credentials") as caught:
        open_cloud(on(run, "aws"))
    assert "CLOUD=moto" in caught.value.hint


def serve(body: object, status: int = 200) -> HTTPServer:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def test_expired_credentials_stop_everything(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    error = "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>expired</Message></Error></ErrorResponse>"
    server = serve(error, 403)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    try:
        with pytest.raises(StopAll, match="the credentials are refused: ExpiredToken"):
            open_cloud(on(run, "aws"))
    finally:
        server.shutdown()


def test_a_default_region_against_the_environments_is_refused(
    run: Run, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.write_json(run.dir / "task.json", run.task | {"region_named": False})
    run.__dict__.pop("task", None)
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    with pytest.raises(Failure, match="the task names no region"):
        open_cloud(on(run, "aws"))


def test_localstack_is_taken_when_it_answers(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve({"services": {"cloudformation": "running"}, "version": "4.9"})
    monkeypatch.setenv("LOCALSTACK_ENDPOINT", f"http://127.0.0.1:{server.server_port}/")
    found = open_cloud(on(run, "localstack"))
    assert (found.name, found.emulated, found.session) == ("localstack", True, "localstack 4.9")
    assert found.environment()["AWS_ENDPOINT_URL"] == f"http://127.0.0.1:{server.server_port}"
    assert found.alive
    found.stop()
    server.shutdown()
    server.server_close()
    assert not found.alive


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"services": {"cloudformation": "disabled"}}, "says its CloudFormation is disabled"),
        ({"services": {}}, "says its CloudFormation is missing"),
        ("<html>", "nothing answers"),
        ([], "nothing answers"),
    ],
)
def test_a_localstack_that_cannot_serve_is_a_failure(
    run: Run, monkeypatch: pytest.MonkeyPatch, body: object, words: str
) -> None:
    server = serve(body)
    monkeypatch.setenv("LOCALSTACK_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    with pytest.raises(Failure, match=words) as caught:
        open_cloud(on(run, "localstack"))
    assert "CLOUD=moto" in caught.value.hint
    server.shutdown()


def test_no_localstack_is_a_failure_with_its_remedy(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(localstack, "DEFAULT_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(Failure, match=r"nothing answers at http://127\.0\.0\.1:9") as caught:
        open_cloud(on(run, "localstack"))
    assert "localstack start" in caught.value.hint
