"""Integration tests in Python: pytest and boto3 against what was deployed."""

from __future__ import annotations

import re

from kit.rehearsal.blueprints import body, shared
from kit.rehearsal.stack import Stack
from kit.rehearsal.testing import integration_case
from kit.rehearsal.wirings import Case, python, wirings

_HEAD = '''\
"""Tests that use what was deployed."""
'''
_CLIENTS = """
# Without AWS_ENDPOINT_URL, an emulator's address that boto3 takes from the environment, AWS itself is asked.
aws = boto3.Session(region_name=os.environ.get("AWS_REGION"))
"""
_OUTPUTS = '''

@pytest.fixture(name="outputs", scope="module")
def read_outputs() -> dict[str, str]:
    """The outputs of the deployed stack."""
    return json.loads(Path("cfn-outputs/flat-outputs.json").read_text(encoding="utf-8"))
'''
_SOME = ("has outputs", ["assert outputs"])


def integration_tests_python(stack: Stack) -> str:
    """The text of tests/integration/test_tap_stack.py, whichever platform deploys the stack.

    boto3 has a client for every service, so that nothing need be looked up through CloudFormation.
    """
    cases: list[Case] = []
    for instance in stack.adopt():
        for spec in body(instance.service).get("integration", []):
            found = integration_case(stack, instance, spec, "python")
            if found:
                cases.append(found)
    cases += map(python, wirings(stack))
    if not cases:
        cases.append((*_SOME, {}))
    clients = _clients({client for _, _, uses in cases for client in uses})
    tests = _tests(cases)
    return _HEAD + _imports(clients + tests) + clients + _OUTPUTS + tests


def _clients(used: set[str]) -> str:
    if not used:
        return ""
    lines = []
    for client in sorted(used):
        service, variable, *options = shared("clients_python")[client]
        words = ", ".join([f'"{service}"', *options])
        lines.append(f"{variable} = aws.client({words})")
    return _CLIENTS + "\n".join([*lines, ""])


def _imports(text: str) -> str:
    standard = [name for name in ("json", "os", "time") if name == "json" or re.search(rf"\b{name}\.", text)]
    lines = ["", *[f"import {name}" for name in standard], "from pathlib import Path", ""]
    lines += ["import boto3"] * ("boto3." in text) + ["import pytest"]
    lines += ["from botocore.config import Config"] * ("Config(" in text)
    return "\n".join([*lines, ""])


def _tests(cases: list[Case]) -> str:
    out: list[str] = []
    names: set[str] = set()
    for title, lines, _ in cases:
        name = first = "test_" + re.sub(r"\W+", "_", title.replace("'", "")).strip("_").lower()
        number = 1
        while name in names:
            number += 1
            name = f"{first}_{number}"
        names.add(name)
        out += ["", "", f"def {name}(outputs: dict[str, str]) -> None:"]
        out += [f'    """{title[0].upper()}{title[1:]}."""', *[f"    {line}".rstrip() for line in lines]]
    return "\n".join([*out, ""])
