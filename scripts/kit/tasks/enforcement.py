"""`.claude/platform_enforcement.md`: the platform and language that override what a task says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from kit.errors import Failure
from kit.tasks.platforms import LANGUAGES, language_of, platform_of

FILE = ".claude/platform_enforcement.md"

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_PAIR = re.compile(r"([\w .]+?)\s*[+/-]\s*([\w ]+)")
_KEY = re.compile(r"(platform|language)\s*[:=]\s*(.*)", re.IGNORECASE)
_HINT = "write one line such as cdk+typescript, or two: - Platform: Pulumi / - Language: Python; or empty the file"


class Enforced(NamedTuple):
    """What the file fixes; "" for what it leaves open."""

    platform: str = ""
    language: str = ""


def read(repo: Path) -> Enforced:
    """What the file of `repo` fixes; nothing when it is missing or empty.

    Raises `Failure` naming the line for content that cannot be understood or contradicts itself.
    """
    path = repo / FILE
    if not path.is_file():
        return Enforced()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{path}: cannot be read: {error}", hint=_HINT) from error
    blanked = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    platform = language = ""
    for number, line in enumerate(blanked.splitlines(), 1):
        word = re.sub(r"[*`]", "", line).strip().lstrip("-•").strip()
        if not word or word.startswith("#") or word == "-":
            continue
        found = _one(word)
        if not found.platform and not found.language:
            raise Failure(f"{path}: line {number}: cannot be understood: {line.strip()[:80]!r}", hint=_HINT)
        for old, new in ((platform, found.platform), (language, found.language)):
            if old and new and old != new:
                raise Failure(f"{path}: line {number}: says {new} where an earlier line says {old}", hint=_HINT)
        platform, language = found.platform or platform, found.language or language
    if platform and language and language not in LANGUAGES[platform]:
        wanted = " or ".join(LANGUAGES[platform])
        raise Failure(f"{path}: {platform} is worked in {wanted}, not in {language}", hint=_HINT)
    return Enforced(platform, language)


def _one(word: str) -> Enforced:
    key = _KEY.fullmatch(word)
    if key:
        known = {"platform": _platform, "language": _language}[key[1].lower()](key[2])
        return Enforced(platform=known) if key[1].lower() == "platform" else Enforced(language=known)
    pair = _PAIR.fullmatch(word)
    if pair and _platform(pair[1]) and _language(pair[2]):
        return Enforced(_platform(pair[1]), _language(pair[2]))
    return Enforced(platform=_platform(word), language=_language(word))


def _platform(word: str) -> str:
    found = platform_of(word, whole=True)
    return found if found in LANGUAGES else ""


def _language(word: str) -> str:
    found = language_of(word, whole=True)
    return found if found in {name for names in LANGUAGES.values() for name in names} else ""
