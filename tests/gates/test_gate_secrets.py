"""What the secrets gate reads and what it leaves alone, and where it says that something stands."""

from __future__ import annotations

import pytest
from clean_run import ROWS, UNITS
from test_gates import KEY, TEMPLATE

OWNER = "718293640516"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"\n\nOWNER = '{OWNER}'\n", 3),
        (f"a = 1_000_000_000_000_000\nb = 1_000_000\n\nOWNER = '{OWNER}'\n", 4),
        (f"\n\n\n\n\n\n\n\n\n\nOWNER = '{OWNER}'\n", 11),
    ],
)
def test_an_account_is_told_with_its_line(bench, text, line):
    bench.write("lib/lambda/a.py", text)
    assert bench.ask("secrets").reason == f"lib/lambda/a.py:{line}: account id {OWNER}"


@pytest.mark.parametrize("digit", "0127")
def test_twelve_times_the_same_digit_is_nobodys_account(bench, digit):
    bench.write("lib/lambda/a.py", f"OWNER = '{digit * 12}'\n")
    assert bench.ask("secrets").passed


def test_an_account_of_aws_itself_is_nobodys(bench):
    bench.write("lib/lambda/a.py", "LAYER = 'arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:38'\n")
    assert bench.ask("secrets").passed


@pytest.mark.parametrize("line", [1, 3])
def test_a_key_is_told_with_its_line(bench, line):
    bench.write("lib/lambda/a.py", "\n" * (line - 1) + f"KEY = '{KEY}'\n")
    assert bench.ask("secrets").problems == (f"lib/lambda/a.py:{line}: AWS Access Key",)


def test_asked_again_it_says_the_same(bench):
    bench.write("lib/lambda/a.py", f"KEY = '{KEY}'\n")
    assert bench.ask("secrets") == bench.ask("secrets")
    assert not bench.ask("secrets").passed


def test_a_token_that_only_the_toolkit_knows_is_told_with_its_line(bench):
    bench.write("lib/lambda/a.py", f"\n\nTOKEN = 'pul-{'0a' * 20}'\n")
    assert bench.ask("secrets").reason == "lib/lambda/a.py:3: looks like a key"


def test_what_was_deleted_holds_nothing_and_the_rest_is_counted(bench):
    assert bench.ask("secrets").reason == "8 files hold no secret"
    (bench.root / "README.md").unlink()
    assert bench.ask("secrets").reason == "8 files hold no secret"


def test_two_files_of_the_same_text_are_both_named(bench):
    for name in ("lib/lambda/a.py", "lib/lambda/b.py"):
        bench.write(name, f"KEY = '{KEY}'\n")
    assert len(bench.ask("secrets").problems) == 2


def test_what_others_wrote_into_the_task_list_is_not_this_tasks(bench):
    bench.write("tasks.csv", ROWS.format(row="") + f"T9,,cfn,hard,{KEY},\r\n")
    assert bench.ask("secrets").passed


@pytest.mark.parametrize("name", [UNITS, "metadata.json"])
def test_files_beside_the_code_are_read_too(bench, name):
    bench.edit(name, "\n", f" {KEY}\n")
    assert name in bench.ask("secrets").reason


@pytest.mark.parametrize(
    ("line", "passed"),
    [
        ("password = 'SommerAmMeer'", False),
        ("password = 'sommer2024-am-meer'", False),
        ("actions = ['secretsmanager:GetSecretValue']  # password: GetSecretValue", True),
        ("password = 'secretsmanager:sommer2024'", False),
        ("password = '{{resolve:secretsmanager:orders}}'", True),
        ("db_password_arn = 'orders/credentials/main'", True),
        ("secret = 'ordersSecretName'", True),
        ("secret = 'orders2SecretName9'", False),
    ],
)
def test_which_passwords_are_none(bench, line, passed):
    bench.write("lib/lambda/a.py", f"{line}\n")
    assert bench.ask("secrets").passed is passed


def test_a_template_that_cannot_be_read_is_searched_all_the_same(bench):
    bench.write(TEMPLATE, f"{{ broken {KEY}")
    assert bench.ask("secrets").problems == (f"{TEMPLATE}:1: AWS Access Key",)


@pytest.mark.parametrize(
    ("value", "passed"),
    [
        ("Sommer2024", False),
        ("!Ref EnvironmentSuffix", True),
        ("'{{resolve:ssm-secure:/orders/db}}'", True),
    ],
)
def test_a_password_of_a_template(bench, value, passed):
    text = f"  Db:\n    Type: AWS::RDS::DBInstance\n    Properties: {{MasterUserPassword: {value}}}\n"
    bench.edit(TEMPLATE, "Outputs:\n", text + "Outputs:\n")
    assert bench.ask("secrets").passed is passed


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("202411281405", True),
        ("1699999999999", True),
        ("id-718293640516", True),
        ("718293640516", False),
        ("[718293640516]", False),
        ("a718293640516", True),
        ("123456789012", True),
    ],
)
def test_which_twelve_digits_are_an_account(bench, text, passed):
    bench.write("lib/lambda/a.txt", f"x {text} y\n")
    assert bench.ask("secrets").passed is passed
