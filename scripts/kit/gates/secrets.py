"""Nothing that is submitted holds a secret or names a real account."""

from __future__ import annotations

import re
import tempfile
from functools import cache
from pathlib import Path

from kit.errors import Failure
from kit.gates.layout import template_files
from kit.gates.model import Look
from kit.gates.stacks import Stack, leaning
from kit.gates.subject import Subject
from kit.redact import redact

# Twelve digits that AWS's documentation uses for accounts that are nobody's.
DOCUMENTATION_ACCOUNTS = frozenset(
    [
        "123456789012",
        "123412341234",
        "111122223333",
        "444455556666",
        "777788889999",
        *(digit * 12 for digit in "0123456789"),
    ]
)
_ACCOUNT = re.compile(
    r"\barn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:(\d{12})\b|"
    r"(?i:\baccount(?:[ _-]?(?:id|number))?[\"'`]?\s*(?:[:=]|is)?\s*[\"'`]?)(\d{12})\b|"
    r"\b(\d{12})\.dkr\.ecr\.|[\"'](\d{12})[\"']|"
    # Twelve digits by themselves, but no minute of a date (202411281405) and no part of a longer id.
    r"(?<![\w.:/+$-])(?!(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d)(\d{12})(?![\w.-]*\w)"
)
_PLUGINS = (
    "AWSKeyDetector",
    "ArtifactoryDetector",
    "AzureStorageKeyDetector",
    "BasicAuthDetector",
    "CloudantDetector",
    "DiscordBotTokenDetector",
    "GitHubTokenDetector",
    "GitLabTokenDetector",
    "JwtTokenDetector",
    "KeywordDetector",
    "MailchimpDetector",
    "NpmDetector",
    "OpenAIDetector",
    "PrivateKeyDetector",
    "PypiTokenDetector",
    "SendGridDetector",
    "SlackDetector",
    "SquareOAuthDetector",
    "StripeDetector",
    "TelegramBotTokenDetector",
    "TwilioKeyDetector",
)
# Where a text in pieces is put together: 'AKIA' + 'Q7ZL', "AKIA" \\ and the rest in the next line.
_JOINED = re.compile(r"""(["'`])\s*(?:\+|\\)?\s*\1""")
_PRAGMA = re.compile(r"pragma", re.I)
_KEYWORD = "Secret Keyword"
_REFERENCE = re.compile(r"(?:secret|password|token|key)\w*?[-_ ]?(?:id|arn|name|ref)[\"']?\s*[:=]", re.I)
# What the keyword detector takes for a password, and is none: a reference, a placeholder, a word of the schema.
_NO_SECRET = re.compile(
    r"\{\{resolve:|\$\{|Fn::|!Ref|!Sub|!GetAtt|!ImportValue|^\s*$|^(?:true|false|null|none|string|password|secret|changeme)$|"
    r"process\.env|os\.environ|os\.getenv|^<.*>$|^\*+$|^arn:|^AWS::|"
    # Names of things; what has a digit in it is no name but a password that sounds like one.
    r"^\D*(?:outputs|Parameter)\D*$|^\D*Secret(?:Arn|Name|Id)?$",
    re.I,
)


def none(subject: Subject) -> Look:
    """detect-secrets finds nothing in the changed files, and no account id but those of the documentation."""
    laid = template_files(subject)
    names = [
        name
        for name in subject.changed
        if (subject.root / name).is_file() and (name not in laid or name.startswith(("lib/", "test/", "tests/")))
    ]
    texts = subject.texts(names)
    # The model's answer stays as it came: nobody may mend it, and it knows nobody's secrets.
    spared = (subject.settings["tasks.file"], "lib/MODEL_RESPONSE")
    texts = {name: text for name, text in texts.items() if not name.startswith(spared)}
    problems = []
    for name, text in texts.items():
        problems += _keys(name, text)
        problems += [f"{name}:{line}: account id {number}" for line, number in accounts(text)]
    for stack in _stacks(subject):
        problems += [
            f"{stack.path}: {place}: a secret in plain text"
            for place, text in stack.secrets()
            if not _NO_SECRET.search(text)
        ]
    return Look(f"{len(texts):,} files hold no secret" if texts else "", problems)


def _stacks(subject: Subject) -> list[Stack]:
    # Other gates say what is wrong with a stack that is missing or cannot be read.
    try:
        return subject.stacks
    except Failure:
        return []


def accounts(text: str) -> list[tuple[int, str]]:
    """Account ids in `text` that belong to somebody, with their lines; those of AWS itself are left out."""
    found = []
    # Digits may be grouped (4829_1503_7261), and a text may go on in the next line.
    text = re.sub(r"(?<=\d)_(?=\d)", "", text)
    for match in _ACCOUNT.finditer(text):
        number = next(filter(None, match.groups()))
        if number not in DOCUMENTATION_ACCOUNTS and number not in leaning.own()["accounts"]:
            found.append((text.count("\n", 0, match.start()) + 1, number))
    return found


@cache
def _keys(name: str, text: str) -> list[str]:
    """Problems that detect-secrets, or the toolkit's own list of keys, sees in a text, with their lines.

    Kept, since the final round asks about the same files again.
    """
    from detect_secrets.core.secrets_collection import SecretsCollection
    from detect_secrets.settings import transient_settings

    settings = {"plugins_used": [{"name": one} for one in _PLUGINS]}
    with tempfile.TemporaryDirectory(prefix="secrets-") as folder, transient_settings(settings):
        # A bare name and no pragma, so that neither a pattern for test folders nor the file itself spares it.
        path = Path(folder) / f"submitted{Path(name).suffix}"
        path.write_text(_PRAGMA.sub("no pragma", text), encoding="utf-8")
        collection = SecretsCollection()
        collection.scan_file(str(path))
    lines = text.splitlines()
    seen = [(one.line_number, one.type, one.secret_value or "") for _, one in collection]
    found = [
        f"{name}:{line}: {kind}"
        for line, kind, value in seen
        if kind != _KEYWORD or not (name.endswith(".md") or _is_no_secret(value, lines[line - 1]))
    ]
    found = found or [f"{name}:{at}: looks like a key" for at, line in enumerate(lines, 1) if redact(line) != line]
    joined = _JOINED.sub("", text)
    if not found and joined != text and redact(joined) != joined:
        return [f"{name}: looks like a key in pieces"]
    return found


def _is_no_secret(value: str, line: str) -> bool:
    # secretsmanager:GetSecretValue is an action.
    action = re.search(rf"\bsecretsmanager:{re.escape(value)}(?!\w)", line) and re.fullmatch(
        r"[A-Z][A-Za-z]+\*?", value
    )
    return bool(_NO_SECRET.search(value) or "{{resolve:" in line or _REFERENCE.search(line) or action)
