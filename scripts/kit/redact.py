"""Takes secrets out of text before it is written, shown or sent."""

from __future__ import annotations

import re

_PEM = r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
_PATTERNS = [
    (re.compile(_PEM, re.DOTALL), "[redacted private key]"),
    (re.compile(r"\bsk-ant-[A-Za-z0-9_\-]{8,}"), "[redacted api key]"),
    (re.compile(r"\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}"), "[redacted token]"),
    (re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"), "[redacted token]"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"), "[redacted token]"),
    # A secret that stands beside its id, as in credentials.csv.
    (
        re.compile(r"(\b(?:AKIA|ASIA)[A-Z0-9]{16}[\s\"',:;|=]{1,20})[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"),
        r"\1[redacted]",
    ),
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), "[redacted access key id]"),
    (
        re.compile(r"(?i)((?:aws_?)?(?:secret_?access_?key|session_?token)[\"']?\s*[:=]\s*[\"']?)[A-Za-z0-9/+=]{30,}"),
        r"\1[redacted]",
    ),
    (re.compile(r"(?i)(authorization[\"']?\s*[:=]\s*[\"']?(?:bearer|basic)\s+)[^\s\"']+"), r"\1[redacted]"),
    (re.compile(r"(https?://)[^/\s:@]+:[^/\s@]+@"), r"\1[redacted]@"),
]


# Most text holds none of these words; looking once is cheaper than nine patterns.
_HINT = re.compile(
    r"PRIVATE KEY|sk-ant-|gh[pousr]_|github_pat_|xox[abprs]-|eyJ|AKIA|ASIA|secret_?access_?key|session_?token|"
    r"authorization|://[^/\s]*@",
    re.IGNORECASE,
)
_BEGIN = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_END = re.compile(r"-----END [A-Z ]*PRIVATE KEY-----")


def redact(text: str) -> str:
    """`text` with API keys, access key ids, their secrets, tokens and private keys replaced by a mark."""
    if not _HINT.search(text):
        return text
    for pattern, mark in _PATTERNS:
        text = pattern.sub(mark, text)
    return text


class Stream:
    """Redacts text that comes in pieces: nothing is let through before it is known to be no part of a secret.

    A line waits for its end (at most `LONGEST` characters of it), and a private key's lines for the key's end.
    """

    LONGEST = 65536
    _OVERLAP = 4096

    def __init__(self) -> None:
        self._held = ""
        self._in_key = False

    def feed(self, text: str) -> str:
        """Take `text`; return what may be shown by now."""
        self._held += text
        at = self._held.rfind("\n") + 1
        if not at and len(self._held) > self.LONGEST:
            at = len(self._held) - self._OVERLAP
        ready, self._held = self._held[:at], self._held[at:]
        return self._pass(ready)

    def close(self) -> str:
        """Return the rest."""
        ready, self._held = self._held, ""
        return self._pass(ready)

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
