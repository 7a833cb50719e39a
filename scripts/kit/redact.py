"""Takes secrets out of text before it is written, shown or sent.

What is covered: tokens that have a form of their own, values known by the name beside them, private keys. What is
not: passwords, and secrets without a form or a known name.
"""

from __future__ import annotations

import re
from typing import Any

# Every pattern is bounded (see `Stream`): no match is longer than `Stream.OVERLAP`.
_TOKENS = (
    r"sk-ant-[A-Za-z0-9_\-]{8,512}",  # Anthropic
    r"ABSK[A-Za-z0-9+/]{40,512}={0,2}",  # Bedrock
    r"bedrock-api-key-[A-Za-z0-9+/=]{20,4096}",
    r"gh[pousr]_[A-Za-z0-9]{20,255}",  # GitHub
    r"github_pat_[A-Za-z0-9_]{20,255}",
    r"glpat-[A-Za-z0-9_.\-]{20,255}",  # GitLab
    r"xox[abeprs]-[A-Za-z0-9-]{10,255}",  # Slack
    r"npm_[A-Za-z0-9]{36}",
    r"pypi-[A-Za-z0-9_\-]{50,512}",
    r"AIza[A-Za-z0-9_\-]{35}",  # Google
    r"ya29\.[A-Za-z0-9_\-.]{20,2048}",
    r"pul-[0-9a-f]{40}",  # Pulumi
    r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_\-]{60,255}",  # Terraform's cloud
    r"eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{8,4096}",  # JSON web tokens
)
_QUOTE = r"(?:\\{0,4}[\"'])?"
_IS = rf"{_QUOTE}\s{{0,20}}[:=]\s{{0,20}}{_QUOTE}"
_SECRET = r"(?:aws_?)?(?:secret_?access_?key|session_?token)"
_NAMED = (
    r"aws_bearer_token_bedrock|anthropic_(?:api_key|auth_token)|_authtoken|npm_token|github_token|gh_token|"
    r"gitlab_token|pulumi_access_token|tf_token_\w{1,80}"
)
_ID = r"\b(?:AKIA|ASIA)[A-Z0-9]{16}"
_BETWEEN = r"[\s\\\"',:;|=]"
# What an access key's secret looks like: forty letters of both kinds and digits, by themselves.
_LONE = (
    r"(?<![A-Za-z0-9/+=])(?=[a-z0-9/+]{0,39}[A-Z])(?=[A-Z0-9/+]{0,39}[a-z])(?=[A-Za-z/+]{0,39}\d)"
    r"[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"
)
_BEGIN = re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_END = re.compile(r"-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY = re.compile(rf"{_BEGIN.pattern}.*?(?:{_END.pattern}|\Z)", re.DOTALL)
_PATTERNS = [
    (re.compile(rf"\b(?:{'|'.join(_TOKENS)})"), "[redacted token]"),
    # A secret that stands beside its id, as in credentials.csv.
    (re.compile(rf"({_ID}{_BETWEEN}{{1,20}})[A-Za-z0-9/+]{{40}}(?![A-Za-z0-9/+=])"), r"\1[redacted]"),
    # Or near it, in a sentence.
    (re.compile(rf"({_ID}\b[\s\S]{{1,160}}?){_LONE}"), r"\1[redacted]"),
    (re.compile(rf"{_LONE}(?=[\s\S]{{1,120}}?{_ID}\b)"), "[redacted]"),
    (re.compile(rf"(?i:(\bsecret(?:[ _-]?access)?(?:[ _-]?key)?\W{{1,8}}(?:is\W{{1,4}})?)){_LONE}"), r"\1[redacted]"),
    (re.compile(rf"{_ID}\b"), "[redacted access key id]"),
    (re.compile(rf"(?i)({_SECRET}{_IS})[A-Za-z0-9/+=]{{30,8192}}"), r"\1[redacted]"),
    (re.compile(rf"(?i)((?:{_NAMED}){_IS})[A-Za-z0-9_./+=\-]{{16,4096}}"), r"\1[redacted]"),
    (re.compile(rf"(?i)(authorization{_IS}(?:bearer|basic)\s{{1,20}})[^\s\"'\\]{{1,8192}}"), r"\1[redacted]"),
    (re.compile(r"(https?://)[^/\s:@]{1,255}:[^/\s@]{1,4096}@"), r"\1[redacted]@"),
]
# The end of a line after which the next may begin with a secret.
_OPEN = re.compile(
    rf"(?:{_ID}[\s\S]{{0,160}}|{_LONE}[\s\S]{{0,120}}|(?i:\bsecret[ \w-]{{0,16}}\W{{0,8}}(?:is\W{{0,4}})?|{_SECRET}|{_NAMED}|authorization){_QUOTE}\s{{0,20}}(?:[:=]\s{{0,20}}"
    rf"{_QUOTE}(?:(?i:bearer|basic)\s{{0,20}})?)?)\Z"
)
_OPEN_AT_MOST = 240
# Most text holds none of these words; looking once is cheaper than all patterns.
_HINT = re.compile(
    r"PRIVATE KEY|sk-ant-|ABSK|bedrock-api-key-|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|npm_|pypi-|AIza|ya29\.|pul-|"
    r"\.atlasv1\.|eyJ|AKIA|ASIA|secret_?access_?key|secret.{1,30}[A-Za-z0-9/+]{40}|session_?token|_token|_authtoken|anthropic_|authorization|"
    r"://[^/\s]{0,4096}@",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """`text` with API keys, access key ids, their secrets, tokens and private keys replaced by a mark."""
    if not _HINT.search(text):
        return text
    text = _KEY.sub("[redacted private key]", text)
    for pattern, mark in _PATTERNS:
        text = pattern.sub(mark, text)
    return text


def clean(value: Any) -> Any:
    """`value` with every string in it redacted."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


class Stream:
    """Redacts text that comes in pieces: nothing is let through before it is known to be no part of a secret.

    A line waits for its end (at most `LONGEST` characters of it), for the next line where a secret may follow, and a
    private key's lines for the key's end.
    """

    LONGEST = 65536
    OVERLAP = 16384

    def __init__(self) -> None:
        self._held = ""
        self._in_key = False

    def feed(self, text: str) -> str:
        """Take `text`; return what may be shown by now."""
        self._held += text
        at = self._held.rfind("\n") + 1
        if not at and len(self._held) > self.LONGEST:
            at = len(self._held) - self.OVERLAP
        at = self._before_secret(at)
        ready, self._held = self._held[:at], self._held[at:]
        return self._pass(ready)

    def close(self) -> str:
        """Return the rest."""
        ready, self._held = self._held, ""
        return self._pass(ready)

    def _before_secret(self, at: int) -> int:
        """`at`, or where the secret begins that `at` would cut in two."""
        if not at or not _HINT.search(self._held):
            return at
        opened = _OPEN.search(self._held, max(0, at - _OPEN_AT_MOST), at)
        if opened:
            at = opened.start()
        before = -1
        while at != before:
            before = at
            for pattern in (_BEGIN, _END, *(pattern for pattern, _ in _PATTERNS)):
                at = self._before_match(pattern, at)
        return at

    def _before_match(self, pattern: re.Pattern[str], at: int) -> int:
        for found in pattern.finditer(self._held, max(0, at - self.OVERLAP)):
            if found.end() > at:
                return min(at, found.start())
        return at

    def _pass(self, text: str) -> str:
        shown = ""
        while text:
            if self._in_key:
                end = _END.search(text)
                if end is None:
                    return shown
                self._in_key, text = False, text[end.end() :]
                continue
            last = None
            for begin in _BEGIN.finditer(text):
                last = begin
            if last is None or _END.search(text, last.end()):
                return shown + redact(text)
            shown += redact(text[: last.start()]) + "[redacted private key]"
            self._in_key, text = True, text[last.end() :]
        return shown
