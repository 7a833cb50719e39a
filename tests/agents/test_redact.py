from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kit import command
from kit.redact import Stream, redact

PEM = "-----BEGIN EC PRIVATE " + "KEY-----\nMHcCAQEEIAbc\nDEFghi/+=\n-----END EC PRIVATE " + "KEY-----"
SECRETS = {
    "api key": "sk-ant-api03-" + "Ab1_" * 10,
    "access key": "AKIA" + "ABCDEFGHIJKLMNOP",
    "temporary key": "ASIA" + "ABCDEFGHIJKLMNOP",
    "github": "ghp_" + "a1" * 18,
    "fine-grained": "github_pat_" + "a1" * 15,
    "slack": "xoxb-" + "1234567890-abc",
    "jwt": "eyJ" + "hbGciOiJI." + "eyJzdWIiOi." + "c2lnbmF0dXJl",
    "pem": PEM,
}


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_taken_out_and_the_rest_stays(name: str) -> None:
    shown = redact(f"before {SECRETS[name]} after")
    assert shown.startswith("before [redacted") and shown.endswith(" after")
    assert SECRETS[name] not in shown and "MHcC" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "aws_secret_access_key = " + "a1B/" * 10,
        '"SecretAccessKey": "' + "a1B/" * 10 + '"',
        "AWS_SESSION_TOKEN=" + "a1B/" * 20,
        "Authorization: Bearer " + "a1B" * 10,
        "AKIA" + "ABCDEFGHIJKLMNOP," + "a1B/" * 10,
        "https://user:" + "a1B" * 10 + "@example.org/x",
    ],
)
def test_a_secret_is_known_by_its_name(text: str) -> None:
    assert "a1B" not in redact(text) and "[redacted" in redact(text)


@pytest.mark.parametrize(
    "text", ["", "plain", "AKIA is a prefix", "arn:aws:iam::123456789012:role/x", "https://example.org/a@b"]
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("size", [1, 3, 7, 50, 10_000])
@pytest.mark.parametrize("name", SECRETS)
def test_no_piece_of_a_stream_lets_a_secret_through(name: str, size: int) -> None:
    text = f"one\nkey {SECRETS[name]} end\nlast"
    stream, shown = Stream(), ""
    for at in range(0, len(text), size):
        shown += stream.feed(text[at : at + size])
    shown += stream.close()
    assert SECRETS[name] not in shown and "MHcC" not in shown and "DEFghi" not in shown
    assert shown.startswith("one\nkey [redacted") and shown.endswith(" end\nlast")


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
