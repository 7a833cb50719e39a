"""Functions really run: handlers, errors, time limits, logs, and what calls them."""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import zipfile
from typing import Any
from urllib.parse import urlsplit

import pytest
from cloud_support import Bench, wait_until

STACK = """
Resources:
  Role: {Type: "AWS::IAM::Role", Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      StreamSpecification: {StreamViewType: NEW_IMAGE}
  Jobs: {Type: "AWS::SQS::Queue", Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 2}}}
  Dead: {Type: "AWS::SQS::Queue"}
  Seen: {Type: "AWS::SQS::Queue"}
  Topic: {Type: "AWS::SNS::Topic"}
  Heard: {Type: "AWS::SNS::Subscription", Properties: {TopicArn: !Ref Topic, Protocol: lambda, Endpoint: !GetAtt Py.Arn, FilterPolicy: {kind: [order]}}}
  Data:
    Type: AWS::S3::Bucket
    Properties: {NotificationConfiguration: {LambdaConfigurations: [{Event: "s3:ObjectCreated:*", Function: !GetAtt Py.Arn, Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}}]}}
  Rule: {Type: "AWS::Events::Rule", Properties: {EventPattern: {source: [shop]}, Targets: [{Id: py, Arn: !GetAtt Py.Arn}]}}
  FromJobs: {Type: "AWS::Lambda::EventSourceMapping", Properties: {EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Node}}
  FromTable: {Type: "AWS::Lambda::EventSourceMapping", Properties: {EventSourceArn: !GetAtt Table.StreamArn, FunctionName: !Ref Py, StartingPosition: LATEST}}
  Py:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: index.handler
      Timeout: 20
      Role: !GetAtt Role.Arn
      Environment: {Variables: {SEEN: !Ref Seen, STAGE: test}}
      Code:
        ZipFile: |
          import json, os, time
          def handler(event, context):
              print("event", json.dumps(event)[:60])
              if "boom" in event:
                  raise ValueError(event["boom"])
              if "odd" in event:
                  return {1, 2}
              if "end" in event:
                  os._exit(3)
              if "look" in event:
                  return {"environment": dict(os.environ), "root": os.path.exists(event["look"])}
              if "reach" in event:
                  import socket
                  try:
                      socket.create_connection(tuple(event["reach"]), timeout=5).close()
                      return "reached"
                  except OSError as error:
                      return type(error).__name__
              if event.get("source") == "shop":
                  say("event:" + event["detail"]["id"])
              for record in event.get("Records", []):
                  if "Sns" in record:
                      say("topic:" + record["Sns"]["Message"] + ":" + record["Sns"]["TopicArn"].split("-")[-2])
                  elif "s3" in record:
                      say("object:" + record["s3"]["object"]["key"])
                  elif "dynamodb" in record:
                      say("row:" + record["dynamodb"]["NewImage"]["id"]["S"])
              return {"left": context.get_remaining_time_in_millis(), "name": context.function_name}
          def say(text):
              import boto3
              boto3.client("sqs").send_message(QueueUrl=os.environ["SEEN"], MessageBody=text)
  Short:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.12, Handler: index.handler, Timeout: 1, Role: !GetAtt Role.Arn, Code: {ZipFile: "import time\\ndef handler(e, c):\\n    time.sleep(30)\\n"}}
  Node:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs20.x
      Handler: index.handler
      Timeout: 20
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          exports.handler = async (event, context) => {
            for (const record of event.Records || []) {
              if (record.body === "bad") throw new TypeError("a bad body");
              console.log("worked on", record.body);
            }
            return { count: (event.Records || []).length, name: context.functionName };
          };
  Java: {Type: "AWS::Lambda::Function", Properties: {Runtime: java21, Handler: a.B, Role: !GetAtt Role.Arn, Code: {ZipFile: x}}}
Outputs:
  Py: {Value: !Ref Py}
  Short: {Value: !Ref Short}
  Node: {Value: !Ref Node}
  Java: {Value: !Ref Java}
  Jobs: {Value: !Ref Jobs}
  Dead: {Value: !Ref Dead}
  Seen: {Value: !Ref Seen}
  Topic: {Value: !Ref Topic}
  Data: {Value: !Ref Data}
  Table: {Value: !Ref Table}
"""


class Functions:
    """A deployed stack of functions."""

    def __init__(self, bench: Bench) -> None:
        outcome = bench.deploy(STACK, "functions")
        assert outcome.verdict == "passed", outcome.reason
        self.bench = bench
        self.names = bench.outputs("functions")

    def client(self, service: str) -> Any:
        return self.bench.cloud.client(service)

    def invoke(self, name: str, event: object, **more: str) -> tuple[Any, str, dict[str, Any]]:
        """Payload, the kind of error or "", and the whole answer."""
        answer = self.client("lambda").invoke(
            FunctionName=self.names.get(name, name), Payload=json.dumps(event).encode(), **more
        )
        body = answer["Payload"].read()
        return json.loads(body) if body else None, answer.get("FunctionError", ""), answer

    def received(self, name: str, wanted: str) -> bool:
        """True once a message with `wanted` came out of the queue."""

        def look() -> bool:
            found = self.client("sqs").receive_message(QueueUrl=self.names[name], MaxNumberOfMessages=10)
            for message in found.get("Messages", []):
                self.seen.add(message["Body"])
            return wanted in self.seen

        return wait_until(look, 60)

    seen: set[str]


@pytest.fixture(scope="module")
def functions(shared: Bench) -> Functions:
    made = Functions(shared)
    made.seen = set()
    return made


def test_a_python_handler_runs_with_its_context(functions: Functions) -> None:
    value, failed, _ = functions.invoke("Py", {})
    assert failed == ""
    assert value["name"] == functions.names["Py"]
    assert 0 < value["left"] <= 20_000


def test_a_node_handler_runs(functions: Functions) -> None:
    value, failed, _ = functions.invoke("Node", {"Records": [{"body": "x"}]})
    assert (value, failed) == ({"count": 1, "name": functions.names["Node"]}, "")


def test_an_error_is_the_functions_own(functions: Functions) -> None:
    value, failed, _ = functions.invoke("Py", {"boom": "too bad"})
    assert failed == "Unhandled"
    assert (value["errorType"], value["errorMessage"]) == ("ValueError", "too bad")
    value, failed, _ = functions.invoke("Node", {"Records": [{"body": "bad"}]})
    assert (failed, value["errorType"], value["errorMessage"]) == ("Unhandled", "TypeError", "a bad body")


def test_a_result_that_is_no_json_and_a_process_that_ends_are_errors(functions: Functions) -> None:
    assert functions.invoke("Py", {"odd": 1})[0]["errorType"] == "TypeError"
    assert functions.invoke("Py", {"end": 1})[0]["errorType"] == "Runtime.ExitError"


def test_the_time_limit_is_kept(functions: Functions) -> None:
    value, failed, _ = functions.invoke("Short", {})
    assert failed == "Unhandled"
    assert "Task timed out after 1.00 seconds" in value["errorMessage"]


def test_a_runtime_that_is_not_here_says_so(functions: Functions) -> None:
    value, failed, _ = functions.invoke("Java", {})
    assert failed == "Unhandled"
    assert value["errorMessage"] == "not emulated: runtime java21 cannot be run here; python and nodejs can"


def test_the_log_goes_to_its_group(functions: Functions) -> None:
    functions.invoke("Py", {"boom": "for the log"})
    logs = functions.client("logs")
    group = f"/aws/lambda/{functions.names['Py']}"
    lines = [event["message"] for event in logs.filter_log_events(logGroupName=group)["events"]]
    assert "[ERROR] for the log" in lines
    assert [line for line in lines if line.startswith("START RequestId")]


def test_the_child_sees_nothing_of_the_machine(functions: Functions) -> None:
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH120, PTH100
    value, _, _ = functions.invoke("Py", {"look": "/root/.ssh"})
    environment = value["environment"]
    assert environment["AWS_ACCESS_KEY_ID"] == environment["AWS_SECRET_ACCESS_KEY"] == "testing"
    assert environment["AWS_ENDPOINT_URL"] == functions.bench.cloud.endpoint
    assert (environment["STAGE"], environment["HOME"]) == ("test", "/tmp")
    assert value["root"] is False
    assert here not in environment.values()
    allowed = ("AWS_", "LAMBDA_", "_", "PYTHON", "NODE_")
    extra = {name for name in environment if not name.startswith(allowed)}
    assert extra <= {"PATH", "LANG", "LC_CTYPE", "HOME", "TMPDIR", "TZ", "SEEN", "STAGE", "PWD"}


@pytest.mark.needs("bwrap")
def test_the_child_reaches_the_emulated_cloud_and_nothing_else(functions: Functions) -> None:
    own = urlsplit(functions.bench.cloud.endpoint)
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert functions.invoke("Py", {"reach": [own.hostname, own.port]})[0] == "reached"
        assert functions.invoke("Py", {"reach": list(other.getsockname())})[0] == "ConnectionRefusedError"
    assert functions.invoke("Py", {"reach": ["169.254.169.254", 80]})[0] == "OSError"


def test_what_becomes_of_circles_is_kept(functions: Functions) -> None:
    own, name = functions.client("lambda"), {"FunctionName": functions.names["Py"]}
    assert own.get_function_recursion_config(**name)["RecursiveLoop"] == "Terminate"
    assert own.put_function_recursion_config(**name, RecursiveLoop="Allow")["RecursiveLoop"] == "Allow"
    assert own.get_function_recursion_config(**name)["RecursiveLoop"] == "Allow"


def test_a_call_that_does_not_wait_is_accepted_at_once(functions: Functions) -> None:
    _, _, answer = functions.invoke("Py", {"source": "shop", "detail": {"id": "later"}}, InvocationType="Event")
    assert answer["StatusCode"] == 202
    assert functions.received("Seen", "event:later")


def test_a_topic_calls_its_function_as_far_as_the_filter_lets_it(functions: Functions) -> None:
    sns, topic = functions.client("sns"), functions.names["Topic"]
    sns.publish(
        TopicArn=topic, Message="no", MessageAttributes={"kind": {"DataType": "String", "StringValue": "other"}}
    )
    sns.publish(
        TopicArn=topic, Message="yes", MessageAttributes={"kind": {"DataType": "String", "StringValue": "order"}}
    )
    assert functions.received("Seen", "topic:yes:Topic")
    assert not [text for text in functions.seen if text.startswith("topic:no")]


def test_an_object_an_event_and_a_row_call_theirs(functions: Functions) -> None:
    functions.client("s3").put_object(Bucket=functions.names["Data"], Key="in/a", Body=b"x")
    detail = json.dumps({"id": "42"})
    functions.client("events").put_events(Entries=[{"Source": "shop", "DetailType": "sold", "Detail": detail}])
    functions.client("dynamodb").put_item(TableName=functions.names["Table"], Item={"id": {"S": "r1"}})
    assert functions.received("Seen", "object:in/a")
    assert functions.received("Seen", "event:42")
    assert functions.received("Seen", "row:r1")


def test_a_queue_hands_over_retries_and_gives_up(functions: Functions) -> None:
    sqs = functions.client("sqs")
    sqs.send_message(QueueUrl=functions.names["Jobs"], MessageBody="good")
    sqs.send_message(QueueUrl=functions.names["Jobs"], MessageBody="bad")
    assert functions.received("Dead", "bad")
    assert wait_until(
        lambda: (
            sqs.get_queue_attributes(QueueUrl=functions.names["Jobs"], AttributeNames=["All"])["Attributes"][
                "ApproximateNumberOfMessages"
            ]
            == "0"
        ),
        30,
    )
    group = f"/aws/lambda/{functions.names['Node']}"
    assert wait_until(
        lambda: [
            event
            for event in functions.client("logs").filter_log_events(logGroupName=group)["events"]
            if event["message"] == "worked on good"
        ],
        30,
    )


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="without bubblewrap there is no /opt of a function's own")
def test_a_layer_brings_a_program(functions: Functions) -> None:
    client, out = functions.client("lambda"), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        program = zipfile.ZipInfo("tool/say")
        program.external_attr = 0o100755 << 16
        archive.writestr(program, "#!/var/lang/bin/python\nprint('said')\n")
    published = client.publish_layer_version(LayerName="tool", Content={"ZipFile": out.getvalue()})["LayerVersionArn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        words = "import subprocess\ndef run(e, c):\n    return subprocess.check_output(['/opt/tool/say'], text=True)\n"
        archive.writestr("app.py", words)
    role = client.get_function(FunctionName=functions.names["Py"])["Configuration"]["Role"]
    kept = {"Role": role, "Runtime": "python3.12", "Handler": "app.run", "Timeout": 20, "Layers": [published]}
    client.create_function(FunctionName="tooled", Code={"ZipFile": code.getvalue()}, **kept)
    assert functions.invoke("tooled", {})[:2] == ("said\n", "")
    client.delete_function(FunctionName="tooled")
    assert client.get_layer_version_by_arn(Arn=published)["LayerVersionArn"] == published
    client.delete_layer_version(LayerName="tool", VersionNumber=1)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_layer_version_by_arn(Arn=published)


def test_zipped_code_with_a_layer_and_es_modules(functions: Functions) -> None:
    client = functions.client("lambda")

    def packed(**files: str) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, text in files.items():
                archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
        return out.getvalue()

    layer = client.publish_layer_version(
        LayerName="words", Content={"ZipFile": packed(python__words_dot_py="WORD = 'x'")}
    )
    role = client.get_function(FunctionName=functions.names["Py"])["Configuration"]["Role"]
    common = {"Role": role, "Timeout": 20}
    client.create_function(
        FunctionName="layered",
        Runtime="python3.12",
        Handler="src/app.run",
        Layers=[layer["LayerVersionArn"]],
        Code={"ZipFile": packed(src__app_dot_py="import words\ndef run(e, c):\n    return words.WORD\n")},
        **common,
    )
    client.create_function(
        FunctionName="module",
        Runtime="nodejs22.x",
        Handler="index.handler",
        Code={"ZipFile": packed(index_dot_mjs="export const handler = async () => 'm';")},
        **common,
    )
    client.create_function(
        FunctionName="absent",
        Runtime="nodejs22.x",
        Handler="nothing.handler",
        Code={"ZipFile": packed(index_dot_js="")},
        **common,
    )
    assert functions.invoke("layered", {})[:2] == ("x", "")
    assert functions.invoke("module", {})[:2] == ("m", "")
    assert functions.invoke("absent", {})[0]["errorMessage"] == "Cannot find module 'nothing'"
    for name in ("layered", "module", "absent"):
        client.delete_function(FunctionName=name)


def test_everything_is_gone_afterwards(functions: Functions) -> None:
    outcome = functions.bench.destroy("functions")
    assert outcome.verdict == "passed", outcome.reason
    assert outcome.figures["had"] == outcome.figures["gone"]


def test_stopping_takes_the_unpacked_code_away(bench: Bench) -> None:
    code = bench.run.dir / "lambda"
    bench.deploy(STACK, "functions")
    client = bench.cloud.client("lambda")
    client.invoke(FunctionName=bench.outputs("functions")["Py"], Payload=b"{}")
    assert code.is_dir()
    bench.cloud.stop()
    assert not code.exists()
    assert shutil.which("node")
