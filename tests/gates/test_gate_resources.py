"""What the code beside a stack says of it: that it stays, that it refuses to go, and whose it is."""

from __future__ import annotations

import pytest


def told(bench, gate):
    result = bench.ask(gate)
    return () if result.passed else result.problems


@pytest.mark.parametrize("name", ["lib/stack.ts", "lib/lambda/a.js", "bin/b.mjs", "lib/c.py"])
@pytest.mark.parametrize(
    ("gate", "line", "problem"),
    [
        ("no-retain", "RemovalPolicy.RETAIN", "RemovalPolicy.RETAIN: the stack would leave it behind"),
        ("no-deletion-protection", "protect = true", "protect = true: it would refuse to be deleted"),
        ("own-resources", "Fn.importValue('net')", "importValue: belongs to another stack"),
        ("own-resources", "'arn:aws:sns:eu-west-1:718293640516:a'", "arn:aws:sns:eu-west-1:718293640516:: an ARN with a fixed account"),
        ("own-resources", "s3.Bucket.fromBucketName(this, 'B', 'team')", "fromBucketName 'team': an existing resource"),
        ("own-resources", "s3.Bucket.fromBucketName(this, 'B', own)\nown = 'team'", "fromBucketName 'team': an existing resource"),
        ("own-resources", "t.fromTableAttributes(this, 'T', { tableName: 'team' })", "fromTableAttributes 'team': an existing resource"),
    ],
)  # fmt: skip
def test_a_program_is_told_what_it_says(bench, name, gate, line, problem):
    bench.write(name, f"{line}\n")
    assert told(bench, gate) == (f"{name}: {problem}",)
    comment = "# " if name.endswith(".py") else "// "
    bench.write(name, "".join(f"{comment}{one}\n" for one in line.splitlines()))
    assert told(bench, gate) == ()


@pytest.mark.parametrize("gate", ["no-retain", "no-deletion-protection", "own-resources"])
def test_a_page_that_speaks_of_it_is_no_program(bench, gate):
    words = "RemovalPolicy.RETAIN, protect = true, ImportValue\n"
    bench.write("lib/README.md", words)
    bench.write("test/orders.ts", words)
    assert told(bench, gate) == ()


@pytest.mark.parametrize(
    "line",
    [
        "s3.Bucket.fromBucketName(this, 'B', own)",
        "s3.Bucket.fromBucketName(this, 'B', own)\nown = props.bucket",
        "s3.Bucket.fromBucketName(this, 'B', own)\nown = `team-${suffix}`",
        "s3.Bucket.fromBucketName(this, 'B', own)\nother.own = 'team'",
        "r = `arn:aws:sns:eu-west-1:${cdk.Aws.ACCOUNT_ID}:orders-${suffix}`",
    ],
)
def test_what_is_settled_when_the_program_runs_is_not_fixed(bench, line):
    bench.write("lib/stack.ts", f"{line}\n")
    assert told(bench, "own-resources") == ()


@pytest.mark.parametrize("gate", ["no-retain", "no-deletion-protection", "own-resources"])
def test_the_resources_are_counted(bench, gate):
    assert bench.ask(gate).reason.startswith("3 resources ")
