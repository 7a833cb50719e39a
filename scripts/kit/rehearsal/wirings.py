"""Tests that follow an event through the stack: from what starts a function to the row that it writes."""

from __future__ import annotations

from typing import Any, NamedTuple

from kit.rehearsal.stack import Stack

Case = tuple[str, list[str], dict[str, list[str]]]


class Wiring(NamedTuple):
    """A function that is started by a bucket or a queue and writes to a table; `source` and `table` name outputs."""

    function: str
    kind: str
    source: str
    table: str
    key: str


def wirings(stack: Stack) -> list[Wiring]:
    """Every function that is started by a bucket or a queue and writes to a table of the stack."""
    found: list[Wiring] = []
    for source, function in _starts(stack):
        table = _table(stack, function)
        fifo = stack.resources[source].get("Properties", {}).get("FifoQueue")
        kind = stack.resources[source]["Type"] + (".fifo" if fifo else "")
        outputs = {one: _output(stack, one) for one in (source, table)}
        if not table or not all(outputs.values()) or kind not in _SAYS:
            continue
        key = stack.resources[table]["Properties"]["KeySchema"]
        if len(key) == 1:
            found.append(Wiring(function, kind, outputs[source], outputs[table], key[0]["AttributeName"]))
    return found


def typescript(wiring: Wiring) -> Case:
    """The case of a wiring in TypeScript."""
    title, uses, starts, _ = _SAYS[wiring.kind]
    return _case(wiring, title, uses, [*starts, *_WAIT])


def python(wiring: Wiring) -> Case:
    """The case of a wiring in Python."""
    title, uses, _, starts = _SAYS[wiring.kind]
    return _case(wiring, title, uses, [*starts, *_WAIT_PYTHON])


def _case(wiring: Wiring, title: str, uses: dict[str, list[str]], lines: list[str]) -> Case:
    def filled(text: str) -> str:
        for name, value in wiring._asdict().items():
            text = text.replace(f"<{name}>", value)
        return text

    return filled(title), [filled(line) for line in lines], uses


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


# By the kind of what starts the function: title, clients, and the lines that start it in TypeScript and in Python.
_SAYS: dict[str, tuple[str, dict[str, list[str]], list[str], list[str]]] = {
    "AWS::S3::Bucket": (
        "lets an upload start <function>, which writes a row",
        {"s3": ["PutObjectCommand"], "dynamodb": ["ScanCommand"]},
        [
            "const id = `wiring/${Date.now()}.json`;",
            "await s3.send(new PutObjectCommand({ Bucket: outputs.<source>, Key: id, Body: '{}' }));",
        ],
        [
            'row = f"wiring/{time.time_ns()}.json"',
            's3.put_object(Bucket=outputs["<source>"], Key=row, Body="{}")',
        ],
    ),
    "AWS::SQS::Queue": (
        "lets a message start <function>, which writes a row",
        {"sqs": ["SendMessageCommand"], "dynamodb": ["ScanCommand"]},
        [
            "const sent = await sqs.send(new SendMessageCommand({ QueueUrl: outputs.<source>, MessageBody: '{}' }));",
            "const id = sent.MessageId!;",
        ],
        ['row = sqs.send_message(QueueUrl=outputs["<source>"], MessageBody="{}")["MessageId"]'],
    ),
    "AWS::SQS::Queue.fifo": (
        "lets a message start <function>, which writes a row",
        {"sqs": ["SendMessageCommand"], "dynamodb": ["ScanCommand"]},
        [
            "const fifo = { MessageGroupId: 'tests', MessageDeduplicationId: `${Date.now()}` };",
            "const message = { QueueUrl: outputs.<source>, MessageBody: '{}', ...fifo };",
            "const sent = await sqs.send(new SendMessageCommand(message));",
            "const id = sent.MessageId!;",
        ],
        [
            'fifo = {"MessageGroupId": "tests", "MessageDeduplicationId": str(time.time_ns())}',
            'row = sqs.send_message(QueueUrl=outputs["<source>"], MessageBody="{}", **fifo)["MessageId"]',
        ],
    ),
}
_WAIT = [
    "const rows = async () => {",
    "  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: outputs.<table>, ConsistentRead: true }));",
    "  return Items.map((item) => item.<key>.S);",
    "};",
    "for (let round = 0; round < 40 && !(await rows()).includes(id); round += 1) {",
    "  await new Promise((wake) => setTimeout(wake, 500));",
    "}",
    "expect(await rows()).toContain(id);",
]
_WAIT_PYTHON = [
    "rows = []",
    "for _ in range(40):",
    '    items = dynamodb.scan(TableName=outputs["<table>"], ConsistentRead=True)["Items"]',
    '    rows = [item["<key>"].get("S") for item in items]',
    "    if row in rows:",
    "        break",
    "    time.sleep(0.5)",
    "assert row in rows",
]
