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
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), "[redacted access key id]"),
    (
        re.compile(r"(?i)((?:aws_?)?(?:secret_?access_?key|session_?token)[\"']?\s*[:=]\s*[\"']?)[A-Za-z0-9/+=]{30,}"),
        r"\1[redacted]",
    ),
    (re.compile(r"(?i)(authorization[\"']?\s*[:=]\s*[\"']?(?:bearer|basic)\s+)[^\s\"']+"), r"\1[redacted]"),
    (re.compile(r"(https?://)[^/\s:@]+:[^/\s@]+@"), r"\1[redacted]@"),
]


def redact(text: str) -> str:
    """`text` with API keys, access key ids, their secrets, tokens and private keys replaced by a mark."""
    for pattern, mark in _PATTERNS:
        text = pattern.sub(mark, text)
    return text
