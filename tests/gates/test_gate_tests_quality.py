"""Which files count as tests, which of them as integration tests, and what else of the task they are judged with."""

from __future__ import annotations

import pytest
from clean_programs import PY_LIVE
from clean_run import INTEGRATION, LIVE, UNITS

MOCK = "import boto3\nfrom unittest.mock import patch\n"
PYTHON = "tests/integration/test_orders.py"


def integration(bench) -> tuple[str, ...]:
    result = bench.ask("integration-tests")
    return () if result.passed else result.problems


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("test/orders.spec.tsx", "export const orders = 1;\n"),
        ("tests/test_orders.py", "x = 1\n"),
        ("tests/orders_test.py", "x = 1\n"),
        ("tests/unit/orders.test.js", "// test('a', () => { expect(f()).toBe(1); });\n"),
    ],
)
def test_a_file_called_a_test_holds_one(bench, name, text):
    bench.write(name, text)
    assert bench.ask("test-quality").problems == (f"{name}: holds no test",)


@pytest.mark.parametrize("name", ["test/orders.ts", "tests/support.py", "test/testing.js", "tests/latest_orders.txt"])
def test_a_file_beside_the_tests_need_not_hold_one(bench, name):
    bench.write(name, "x\n")
    assert bench.ask("test-quality").reason == "3 tests assert something"


def test_a_problem_is_told_with_file_and_line(bench):
    bench.write("tests/test_orders.py", "import f\n\n\ndef test_a():\n    f()\n")
    assert bench.ask("test-quality").problems == ("tests/test_orders.py:4: a test without an assertion",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def pytest_collection_modifyitems(items):\n    items.clear()\n", "hook"),
        ("\ndef pytest_configure(:\n", "tests/conftest.py:2: not valid Python"),
    ],
)
def test_pytests_own_file_sets_no_rules(bench, text, words):
    bench.write("tests/conftest.py", text)
    assert words in bench.ask("test-quality").reason
    bench.write("tests/hooks.py", (bench.root / "tests/conftest.py").read_text())
    (bench.root / "tests/conftest.py").unlink()
    assert bench.ask("test-quality").passed


@pytest.mark.parametrize("stage", ["unit", "integration"])
def test_a_stage_that_was_not_run_skipped_nothing(bench, stage):
    for path in bench.run.receipts.glob(f"*-{stage}.json"):
        path.unlink()
    assert bench.ask("test-quality").passed
    bench.receipt(stage, figures={"skipped": 0})
    assert bench.ask("test-quality").passed
    name = bench.receipt(stage, figures={"skipped": 1}).name
    assert bench.ask("test-quality").problems == (f"{name}: 1 tests were skipped when {stage} ran",)


@pytest.mark.parametrize(
    ("name", "passed"),
    [
        ("test/orders.int.test.ts", True),
        ("test/orders.integration.test.js", True),
        ("tests/integration/test_orders.py", True),
        ("test/orders.test.ts", False),
        ("test/orders.int.ts", False),
    ],
)
def test_which_tests_are_run_against_the_stack(bench, name, passed):
    (bench.root / LIVE).unlink()
    bench.write(name, PY_LIVE if name.endswith(".py") else INTEGRATION)
    assert bench.ask("integration-tests").passed is passed


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("sqs.send(", "Promise.resolve(", "makes no live call"),
        ("@aws-sdk/client-sqs", "./own-client", "makes no live call"),
        ("../jest/outputs", "./own-outputs", "does not read the outputs of the stack"),
        (
            "import { outputs } from '../jest/outputs';",
            "const outputs = { QueueUrl: 'cfn-outputs/orders' };",
            "names the outputs of the stack but does not read them",
        ),
        ("outputs.QueueUrl", "'orders'", "reads the outputs of the stack but uses none of them"),
        ("expect(found", "try { await sqs.send(x); } catch { }\n    expect(found", "an empty catch hides what failed"),
    ],
)
def test_each_way_not_to_ask_the_stack_is_told_once(bench, old, new, problem):
    bench.write(LIVE, INTEGRATION.replace(old, new))
    assert integration(bench) == (f"{LIVE}: {problem}",)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('assert "orders-"', 'try:\n        found()\n    except KeyError:\n        pass\n    assert "orders-"', "an empty catch"),
        ("import boto3\n", MOCK, "unittest.mock: a mock"),
        ("import boto3\n", "import boto3  # from moto import mock_aws\n", ""),
    ],
)  # fmt: skip
def test_an_integration_test_in_python_is_judged_as_one_in_typescript(bench, old, new, problem):
    bench.write(PYTHON, PY_LIVE.replace(old, new))
    assert bool(problem) == bool(integration(bench))
    assert all(problem in one for one in integration(bench))


def test_what_cannot_be_parsed_hides_no_import(bench):
    bench.write(PYTHON, PY_LIVE + "def broken(:\n")
    assert integration(bench) == ()
    assert "not valid Python" in bench.ask("test-quality").reason


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("import helpers", "tests/integration/helpers.py"),
        ("import os, helpers.clients", "tests/integration/helpers/clients.py"),
        ("from helpers import sqs", "tests/integration/helpers/__init__.py"),
        ("from helpers import clients", "tests/integration/helpers/clients.py"),
        ("from tests.support.clients import sqs", "tests/support/clients.py"),
        ("from tests.support import clients", "tests/support/clients.py"),
        ("from tests import (\n    clients,\n    tables,\n)", "tests/tables.py"),
        ("from . import clients", "tests/integration/clients.py"),
        ("from .clients import sqs", "tests/integration/clients.py"),
        ("from .. import clients", "tests/clients.py"),
        ("from ..support.clients import sqs", "tests/support/clients.py"),
        ("from lib.clients import sqs", "lib/clients.py"),
        ("def test_b():\n    import helpers", "tests/integration/helpers.py"),
        ("", "tests/integration/conftest.py"),
        ("", "tests/conftest.py"),
    ],
)
def test_a_mock_in_what_a_python_test_imports_is_found(bench, line, place):
    bench.write(PYTHON, f"{PY_LIVE}\n\n{line}\n")
    assert integration(bench) == ()
    bench.write(place, MOCK)
    assert integration(bench) == (f"{place}: unittest.mock: a mock in an integration test",)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("import './clients';", "test/clients.ts"),
        ("import { sqs } from './clients';", "test/clients/index.ts"),
        ("import { sqs } from '../lib/clients';", "lib/clients.ts"),
        ("const { sqs } = require('./clients');", "test/clients.js"),
        ("const { sqs } = await import('./clients.mjs');", "test/clients.mjs"),
    ],
)
def test_a_mock_in_what_a_script_imports_is_found(bench, line, place):
    bench.write(LIVE, f"{line}\n{INTEGRATION}")
    assert integration(bench) == ()
    bench.write(place, "jest.mock('@aws-sdk/client-sqs');\n")
    assert integration(bench) == (f"{place}: jest.mock: a mock in an integration test",)


def test_pytests_own_file_concerns_no_script(bench):
    bench.write("test/conftest.py", MOCK)
    assert integration(bench) == ()


def test_without_tests_there_is_nothing_to_judge(bench):
    for path in (bench.root / "test").iterdir():
        path.unlink()
    assert bench.ask("test-quality").reason == "no test below test/ or tests/"
    assert bench.ask("integration-tests").reason.startswith("no integration test (")


def test_files_that_import_each_other_are_read_once(bench):
    bench.write("test/a.ts", "import './b';\n")
    bench.write("test/b.ts", "import './a';\njest.mock('fs');\n")
    bench.write(LIVE, f"import './a';\n{INTEGRATION}")
    assert integration(bench) == ("test/b.ts: jest.mock: a mock in an integration test",)


@pytest.mark.parametrize("name", ["test/a.ts", "test/notes.md"])
def test_what_no_integration_test_imports_may_hold_a_mock(bench, name):
    bench.write(name, "jest.mock('fs');\n")
    bench.edit(UNITS, "import ", "import './a';\nimport ")
    assert integration(bench) == ()


def test_a_binary_that_is_imported_is_no_mock(bench):
    bench.write("test/a.ts", b"\0jest.mock('fs')")
    bench.write(LIVE, f"import './a';\n{INTEGRATION}")
    assert integration(bench) == ()
