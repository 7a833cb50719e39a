"""Tests that follow an event through the stack: from what starts a function to the row that it writes."""

from __future__ import annotations

from typing import Any

from kit.rehearsal.stack import Stack

Case = tuple[str, list[str], dict[str, list[str]]]


def wirings(stack: Stack) -> list[Case]:
    """The cases for every function that is started by a bucket or a queue and writes to a table of the stack."""
    cases: list[Case] = []
    for source, function in _starts(stack):
        table = _table(stack, function)
        kind = stack.resources[source]["Type"]
        outputs = {one: _output(stack, one) for one in (source, table)}
        if not table or not all(outputs.values()):
            continue
        key = stack.resources[table]["Properties"]["KeySchema"]
        if len(key) != 1:
            continue
        name = key[0]["AttributeName"]
        if kind == "AWS::S3::Bucket":
            cases.append(_upload(function, outputs[source], outputs[table], name))
        elif kind == "AWS::SQS::Queue":
            cases.append(_message(function, outputs[source], outputs[table], name))
    return cases


def _starts(stack: Stack) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, resource in stack.resources.items():
        properties = resource.get("Properties", {})
        for one in properties.get("NotificationConfiguration", {}).get("LambdaConfigurations", []):
            found.append((name, _target(one.get("Function"))))
        if resource["Type"] == "AWS::Lambda::EventSourceMapping":
            found.append((_target(properties.get("EventSourceArn")), _target(properties.get("FunctionName"))))
    return [
        (source, function) for source, function in found if source in stack.resources and function in stack.resources
    ]


def _target(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("Ref") or (value.get("Fn::GetAtt") or [""])[0])
    return ""


def _table(stack: Stack, function: str) -> str:
    variables = stack.resources[function]["Properties"].get("Environment", {}).get("Variables", {})
    for value in variables.values():
        target = _target(value)
        if stack.resources.get(target, {}).get("Type") == "AWS::DynamoDB::Table":
            return target
    return ""


def _output(stack: Stack, resource: str) -> str:
    for name, output in stack.template["Outputs"].items():
        if output["Value"] == {"Ref": resource}:
            return str(name)
    return ""


_WAIT = [
    "const rows = async () => {",
    "  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: outputs.[table], ConsistentRead: true }));",
    "  return Items.map((item) => item.[key].S);",
    "};",
    "for (let round = 0; round < 40 && !(await rows()).includes(id); round += 1) {",
    "  await new Promise((wake) => setTimeout(wake, 500));",
    "}",
    "expect(await rows()).toContain(id);",
]


def _wait(table: str, key: str) -> list[str]:
    return [line.replace("[table]", table).replace("[key]", key) for line in _WAIT]


def _upload(function: str, bucket: str, table: str, key: str) -> Case:
    lines = [
        "const id = `wiring/${Date.now()}.json`;",
        f"await s3.send(new PutObjectCommand({{ Bucket: outputs.{bucket}, Key: id, Body: '{{}}' }}));",
        *_wait(table, key),
    ]
    return (
        f"lets an upload start {function}, which writes a row",
        lines,
        {"s3": ["PutObjectCommand"], "dynamodb": ["ScanCommand"]},
    )


def _message(function: str, queue: str, table: str, key: str) -> Case:
    lines = [
        f"const sent = await sqs.send(new SendMessageCommand({{ QueueUrl: outputs.{queue}, MessageBody: '{{}}' }}));",
        "const id = sent.MessageId!;",
        *_wait(table, key),
    ]
    return (
        f"lets a message start {function}, which writes a row",
        lines,
        {"sqs": ["SendMessageCommand"], "dynamodb": ["ScanCommand"]},
    )
