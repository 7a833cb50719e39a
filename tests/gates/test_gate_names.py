"""Every explicit name holds the suffix, and nobody types the suffix of one run."""

from __future__ import annotations

import pytest
from clean_programs import SUFFIX
from test_gates import TEMPLATE


def told(bench):
    result = bench.ask("environment-suffix")
    return () if result.passed else result.problems


def test_names_are_counted_one_by_one(bench):
    assert bench.ask("environment-suffix").reason == "3 explicit names hold the suffix"
    bench.edit(TEMPLATE, "QueueName: !Sub 'orders-${EnvironmentSuffix}'", "FifoQueue: false")
    assert bench.ask("environment-suffix").reason == "2 explicit names hold the suffix"


def test_a_name_without_the_suffix_is_told_with_its_place(bench):
    bench.edit(TEMPLATE, "!Sub 'orders-${EnvironmentSuffix}'", "orders")
    assert told(bench) == (f"{TEMPLATE}: Orders/QueueName: orders: without the environment suffix",)


def test_a_stack_that_takes_no_suffix_is_told_so_once(bench):
    bench.edit(TEMPLATE, "  EnvironmentSuffix:\n    Type: String\n", "  Suffix:\n    Type: String\n")
    bench.write(TEMPLATE, (bench.root / TEMPLATE).read_text().replace("-${EnvironmentSuffix}", "-${AWS::StackName}"))
    assert told(bench) == (f"{TEMPLATE}: Parameters/EnvironmentSuffix: missing",)


@pytest.mark.parametrize(
    ("name", "text", "passed"),
    [
        ("lib/stack.ts", f"const queue = 'orders-{SUFFIX}';\n", False),
        ("lib/lambda/a.py", f"QUEUE = 'orders-{SUFFIX}'\n", False),
        ("lib/stack.ts", "const queue = `orders-${suffix}`;\n", True),
        ("lib/stack.ts", f"const queue = `orders-${{suffix}}`; // such as orders-{SUFFIX}\n", True),
        ("lib/README.md", f"The queue of this run was orders-{SUFFIX}.\n", True),
    ],
)
def test_the_suffix_of_a_run_is_not_typed_into_a_program(bench, name, text, passed):
    bench.write(name, text)
    problem = f"{name}: {SUFFIX}: the suffix of this run, typed by hand"
    assert told(bench) == (() if passed else (problem,))


def test_the_parameter_of_the_suffix_is_asked_for(bench):
    bench.edit(TEMPLATE, "Parameters:\n  EnvironmentSuffix:", "Parameters:\n  Environment:")
    bench.seal()
    assert "lib/TapStack.yml: Parameters/EnvironmentSuffix: missing" in bench.ask("environment-suffix").problems
