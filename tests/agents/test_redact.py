from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kit import command
from kit.agents import failures
from kit.redact import Stream, redact
from kit.run.rundir import Run

PEM = "-----BEGIN EC PRIVATE " + "KEY-----\nMHcCAQEEIAbc\nDEFghi/+=\n-----END EC PRIVATE " + "KEY-----"
PGP = "-----BEGIN PGP PRIVATE " + "KEY BLOCK-----\n\nMHcCAQEEIAbc\nDEFghi/+=\n-----END PGP PRIVATE " + "KEY BLOCK-----"
SECRETS = {
    "anthropic": "sk-ant-api03-" + "Ab1_" * 10,
    "bedrock": "ABSK" + "Qm9j" * 30,
    "bedrock, short-lived": "bedrock-api-key-" + "Ym9j" * 30,
    "access key": "AKIA" + "ABCDEFGHIJKLMNOP",
    "temporary key": "ASIA" + "ABCDEFGHIJKLMNOP",
    "github": "ghp_" + "a1" * 18,
    "github, by an app": "gho_" + "a1" * 18,
    "fine-grained": "github_pat_" + "a1" * 15,
    "gitlab": "glpat-" + "a1_b" * 5,
    "slack": "xoxb-" + "1234567890-abc",
    "npm": "npm_" + "a1" * 18,
    "pypi": "pypi-" + "AgEI" * 20,
    "google": "AIza" + "SyA_-" * 7,
    "google, short-lived": "ya29." + "a0Af" * 10,
    "pulumi": "pul-" + "0a" * 20,
    "terraform": "a1" * 7 + ".atlasv1." + "Ab1_" * 16,
    "jwt": "eyJ" + "hbGciOiJI." + "eyJzdWIiOi." + "c2lnbmF0dXJl",
    "pem": PEM,
    "pgp": PGP,
}
VALUE = "a1B/" * 10
NAMED = [
    f"aws_secret_access_key = {VALUE}",
    f'"SecretAccessKey": "{VALUE}"',
    f'{{\\"SecretAccessKey\\":\\"{VALUE}\\"}}',
    f'\\\\\\"SecretAccessKey\\\\\\": \\\\\\"{VALUE}\\\\\\"',
    f'"SecretAccessKey":\n  "{VALUE}"',
    f"AWS_SESSION_TOKEN={VALUE * 2}",
    f"export AWS_BEARER_TOKEN_BEDROCK={VALUE}",
    f"ANTHROPIC_AUTH_TOKEN='{VALUE}'",
    f"//packages.example.com/:_authToken={VALUE}",
    f"TF_TOKEN_app_terraform_io: {VALUE}",
    f"Authorization: Bearer {VALUE}",
    f'{{"authorization":"Basic {VALUE}"}}',
    "AKIA" + f"ABCDEFGHIJKLMNOP,{VALUE}",
    "AKIA" + f"ABCDEFGHIJKLMNOP\n{VALUE}",
    "AKIA" + f'ABCDEFGHIJKLMNOP\\",\\"{VALUE}\\"',
    f"https://user:{VALUE.replace('/', '')}@example.org/x",
    "our keys are AKIA" + f"ABCDEFGHIJKLMNOP with the secret {VALUE} and nothing else",
    "key AKIA" + f"ABCDEFGHIJKLMNOP, in eu-west-1,\nand what belongs to it is {VALUE}.",
    f"{VALUE} belongs to AKIA" + "ABCDEFGHIJKLMNOP",
    f"The secret key is {VALUE}",
]


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_taken_out_and_the_rest_stays(name: str) -> None:
    shown = redact(f"before {SECRETS[name]} after")
    assert shown.startswith("before [redacted") and shown.endswith(" after")
    assert SECRETS[name] not in shown and "MHcC" not in shown


@pytest.mark.parametrize("text", NAMED)
def test_a_secret_is_known_by_its_name(text: str) -> None:
    assert "a1B" not in redact(text) and "[redacted" in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "AKIA is a prefix",
        "arn:aws:iam::123456789012:role/x",
        "https://example.org/a@b",
        "GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}",
        "npm_config_offline=true",
        "SecretAccessKey: !GetAtt AccessKey.SecretAccessKey",
        "const accessToken = process.env.ACCESS_TOKEN;",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


def streamed(*pieces: str) -> str:
    stream = Stream()
    return "".join([*map(stream.feed, pieces), stream.close()])


@pytest.mark.parametrize("size", [1, 3, 7, 50, 10_000])
@pytest.mark.parametrize("name", SECRETS)
def test_no_piece_of_a_stream_lets_a_secret_through(name: str, size: int) -> None:
    text = f"one\nkey {SECRETS[name]} end\nlast"
    shown = streamed(*(text[at : at + size] for at in range(0, len(text), size)))
    assert SECRETS[name] not in shown and "MHcC" not in shown and "DEFghi" not in shown
    assert shown.startswith("one\nkey [redacted") and shown.endswith(" end\nlast")


@pytest.mark.parametrize("secret", [*SECRETS.values(), *NAMED])
def test_cut_anywhere_a_stream_shows_what_the_whole_text_shows(secret: str) -> None:
    text = f"one\nkey {secret} end\nlast"
    for at in range(len(text) + 1):
        assert streamed(text[:at], text[at:]) == redact(text)


@pytest.mark.parametrize("secret", [*SECRETS.values(), *NAMED])
def test_a_line_without_an_end_is_cut_beside_a_secret(secret: str) -> None:
    for at in range(len(secret) + 1):
        # The held part of the line grows too long with `at` characters of the secret in what is let through.
        before = "x, " * ((Stream.LONGEST - Stream.OVERLAP) // 3)
        text = f"{before} {secret} "
        text += "y" * (len(before) + 1 + at + Stream.OVERLAP - len(text))
        assert len(text) > Stream.LONGEST
        assert streamed(text, "end") == redact(text + "end")


def test_a_private_key_without_an_end_shows_nothing_of_it() -> None:
    stream = Stream()
    shown = stream.feed("a\n" + PEM.split("-----END")[0]) + stream.feed("more\n") + stream.close()
    assert shown == "a\n[redacted private key]"


def test_an_endless_line_is_not_kept_in_memory() -> None:
    stream = Stream()
    shown = sum(len(stream.feed("x" * 10_000)) for _ in range(100)) + len(stream.close())
    assert shown == 1_000_000


def test_a_private_key_over_many_lines_is_not_in_a_commands_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    script = (
        f"import time\nfor line in {PEM.split(chr(10))!r}: print(line, flush=True); time.sleep(0.05)\nprint('after')"
    )
    command.run([sys.executable, "-c", script], cwd=tmp_path, log=log)
    assert log.read_text() == "[redacted private key]\nafter\n"


def test_a_key_in_a_report_is_not_in_the_journal_nor_a_broken_one_in_the_failures(run: Run) -> None:
    key = "ghp_" + "a" * 36
    run.journal.add("blocked", reason=f"need {key}", nested=[{"why": key}])
    assert key not in (run.dir / "journal.jsonl").read_text()
    begin = "-----BEGIN RSA PRIVATE " + "KEY-----"
    entry = {
        "id": "F1",
        "severity": "High",
        "kind": "security",
        "files": [],
        "wrong": begin,
        "done": "d",
        "evidence": "r",
    }
    failures.add(run, entry)
    assert failures.read(run)[0]["done"] == "d"
