"""Platform and language, read from the task's text with the phrase that says so."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kit.errors import Failure
from kit.tasks.phrases import around, excerpt

LANGUAGES = {"cdk": ("ts", "py"), "cdktf": ("ts", "py"), "cfn": ("yaml", "json"), "pulumi": ("ts", "py")}
"""Platform: the languages it is worked in, the usual one first."""

NAMES = {"cdk": "AWS CDK", "cdktf": "CDK for Terraform", "cfn": "CloudFormation", "pulumi": "Pulumi"}
LONG = {"ts": "TypeScript", "py": "Python", "yaml": "YAML", "json": "JSON"}

_PLATFORM = re.compile(
    r"""(?P<cdktf>\bcdk[\s-]*tf\b|\b(?:aws[\s-]+)?(?:cdk|cloud\ development\ kit(?:\ \(cdk\))?)\s+for\s+terraform
            (?:\s*\(cdktf\))?|\bterraform(?:'s)?\s+(?:cdk|cloud\ development\ kit)\b)
      |(?P<cdk>\b(?:aws[\s-]+)?cdk(?:\s?v?2)?\b|\b(?:aws\s+)?cloud\ development\ kit\b(?:\s*\((?:aws\ )?cdk\))?)
      |(?P<pulumi>\bpulumi\b)
      |(?P<cfn>\b(?:aws\s+)?cloud\s?formation\b|\bcfn\b)
      |(?P<terraform>\bterraform\b|\bhcl\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_LANGUAGE = re.compile(
    r"""(?P<ts>\btypescript\b|\bts\b)|(?P<py>\bpython3?\b|\bpy\b)|(?P<yaml>\bya?ml\b)|(?P<json>\bjson\b)
      |(?P<java>\bjava\b)|(?P<go>\bgolang\b|\bGo\b(?=\s+(?:program|code|app|stack|project|language)))|(?P<csharp>c\#|\.net\b)
      |(?P<js>\bjavascript\b)""",
    re.IGNORECASE | re.VERBOSE,
)
# Bounded and begun at the start of a word: a task may hold a line of any length without a space.
_FILE = re.compile(r"(?<![\w-])([\w-]{1,80})\.(ts|py|ya?ml|json)\b")
_NOT = re.compile(
    r"\b(?:not?|without|never|avoid\w*|instead\s+of|rather\s+than|unlike|replac\w+|(?:migrat|mov|switch|convert)\w*\s+"
    r"(?:\w+\s+){0,4}from|away\s+from|legacy|existing|compared\s+(?:to|with)|similar\s+to|equivalent\s+(?:to|of)|"
    r"than|no\s+longer|previous(?:ly)?|currently|formerly|old)\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_USE = re.compile(
    r"\b(?:us(?:e|es|ing)|utiliz\w+|leverag\w+|with|via|through|in|as|creat\w*|writ\w*|develop\w*|build\w*|design\w*|"
    r"implement\w*|generat\w*|prepar\w*|provid\w*|deliver\w*|defin\w*|submit|required:?|must\s+be|single|complete|valid)"
    r"\W+(?:(?:a|an|the|one|set|series|of|new|complete|single|valid|working|full|production|ready|modular|secure|"
    r"comprehensive|scalable|reusable|deployable|well|structured|solution|aws)\W+){0,5}$",
    re.IGNORECASE,
)
_TO_BE_USED = re.compile(
    r"\s+(?:is|are|must|shall|should|has|needs?|will)\b(?:\s+\w+){0,3}?\s+(?:used|required|chosen|mandatory|the\s+(?:tool|platform))\b",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"^[\s\"'`]*(?:\([^)]{0,20}\)\s*)?(?:typescript|python|yaml|json)?\s*(?:stacks?|templates?|app\b|applications?|programs?|projects?|"
    r"code|configurations?|files?|scripts?|infrastructure|modules?)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"lambda|function|runtime|handler|boto|node|script|log|polic|payload|message|api|response|outputs?\b", re.I
)
_LABEL = re.compile(r"(?:platform|iac\s+tool|tool|framework|language)\W{0,6}$", re.IGNORECASE)
_LANGUAGE_NOUN = re.compile(
    r"^[\s\"'`-]*(?:\([^)]{0,20}\)\s*)?(?:based\s+)?(?:aws\s+)?(?:cdk\w*|pulumi|cloudformation|stacks?|programs?|app\b|applications?|"
    r"projects?|code|files?|templates?|format|infrastructure|iac|modules?|as\s+(?:the|your)\s+(?:\w+\s+)?language)\b",
    re.IGNORECASE,
)
_THING = re.compile(r"(?:template|stack|infrastructure|iac|everything|program)\W+(?:\w+\W+){0,3}$", re.IGNORECASE)
_VERSION = re.compile(r"\s*v?\d")
_CHIEF = re.compile(r"stack|template|main|program|tap|^app$|^bin$", re.IGNORECASE)
NEAR, CLEAR = 34, 3.5


@dataclass
class Found:
    """What was read: platform and language, the phrase for each, and what the user should be told."""

    platform: str
    language: str
    witness: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass
class _Mention:
    name: str
    score: float
    place: tuple[str, int, int]
    language: str = ""

    @property
    def phrase(self) -> str:
        """The words around it."""
        return excerpt(*self.place)


def detect(text: str, platform_cell: str = "", language_cell: str = "") -> Found:
    """Platform and language of a task.

    The text decides; the cells of columns are a second witness, and the only one where the text is silent.
    Raises `Failure` when the text asks for a platform or language that no template exists for.
    """
    mentions = _platforms(text)
    notes: list[str] = []
    best = _best(mentions)
    column = platform_of(platform_cell)
    if best is None or (best.score < CLEAR and column and column != best.name):
        chosen, witness = _platform_without_text(text, column, platform_cell, best, notes)
    else:
        chosen, witness = best.name, best.phrase
        if column and column != chosen:
            notes.append(f"conflict: the platform column says {platform_cell.strip()!r}, the text says {witness!r}")
    if chosen == "terraform":
        raise Failure(
            f"the task asks for plain Terraform ({witness!r}), which no template exists for "
            f"(there are {', '.join(LANGUAGES)})",
            hint="name one of them in .claude/platform_enforcement.md, as in: cdktf+typescript",
        )
    found = Found(chosen, "", {"platform": witness}, notes)
    _read_language(found, text, mentions, language_cell)
    return found


def platform_of(word: str, *, whole: bool = False) -> str:
    """The platform that a short word names, or is as a `whole`: `AWS CDK` -> cdk; "terraform" for the plain one."""
    found = _PLATFORM.fullmatch(word.strip()) if whole else _PLATFORM.search(word)
    return (found.lastgroup or "") if found else ""


def language_of(word: str, *, whole: bool = False) -> str:
    """The language that a short word names, or is as a `whole`: `TypeScript` -> ts; "" for none."""
    found = _LANGUAGE.fullmatch(word.strip()) if whole else _LANGUAGE.search(word)
    return (found.lastgroup or "") if found else ""


def _platform_without_text(
    text: str, column: str, cell: str, weak: _Mention | None, notes: list[str]
) -> tuple[str, str]:
    if column:
        if weak:
            notes.append(
                f"the text names {weak.phrase!r} in passing only; the platform column decides: {cell.strip()!r}"
            )
        return column, f"column platform: {cell.strip()}"
    languages = [mention for mention in _languages(text) if mention.score >= 4]
    first = max(languages, key=lambda mention: mention.score, default=None)
    if first is not None and first.name in ("ts", "py"):
        notes.append(f"no platform is named; AWS CDK is assumed, since the text wants {first.phrase!r}")
        return "cdk", ""
    notes.append("no platform is named; CloudFormation is assumed, since it needs no other tool")
    return "cfn", ""


def _read_language(found: Found, text: str, mentions: list[_Mention], cell: str) -> None:
    wanted = LANGUAGES[found.platform]
    beside = [
        _Mention(mention.language, mention.score + 4, mention.place)
        for mention in mentions
        if mention.language and mention.name == found.platform and mention.score > 0
    ]
    candidates = beside + [mention for mention in _languages(text) if mention.name in wanted and mention.score > 0]
    column = language_of(cell)
    best = _best(candidates)
    if best is not None and best.name not in wanted:
        raise Failure(
            f"the task asks for {NAMES[found.platform]} in a language that no template exists for ({best.phrase!r})",
            hint=f"name one in .claude/platform_enforcement.md, as in: {found.platform}+{wanted[0]}",
        )
    if best is not None and (best.score >= CLEAR or column not in wanted):
        found.language, found.witness["language"] = best.name, best.phrase
        if column and column != best.name:
            found.notes.append(f"conflict: the language column says {cell.strip()!r}, the text says {best.phrase!r}")
    elif column in wanted:
        found.language, found.witness["language"] = column, f"column language: {cell.strip()}"
    else:
        found.language, found.witness["language"] = wanted[0], ""
        if cell.strip():
            found.notes.append(
                f"the language column says {cell.strip()!r}, which {NAMES[found.platform]} is not worked in"
            )
        found.notes.append(f"no language is named; {LONG[wanted[0]]} is assumed, the usual one for {found.platform}")


def _platforms(text: str) -> list[_Mention]:
    found = []
    for match in _PLATFORM.finditer(text):
        before, after = around(text, *match.span())
        name = match.lastgroup or ""
        score = 1.0
        language = _beside(name, before, after)
        if _LABEL.search(before):
            score += 10
        if language:
            score += 5
        if _USE.search(before) or _TO_BE_USED.match(after):
            score += 2.5
        if _NOUN.search(after):
            score += 2
        if _NOT.search(before):
            score = -3
        found.append(_Mention(name, score, (text, *match.span()), language))
    if any(mention.name == "cdk" and mention.score >= CLEAR for mention in found):
        # What CDK makes is CloudFormation, so its name stands in many a CDK task.
        for mention in found:
            if mention.name == "cfn" and mention.score > 2:
                mention.score -= 2
    return found


def _beside(platform: str, before: str, after: str) -> str:
    other = LANGUAGES.get(platform, ())
    if not other:
        return ""
    markup = {"yaml", "json"}
    for match in _LANGUAGE.finditer(after[:NEAR]):
        gap = after[: match.start()]
        if _PLATFORM.search(gap) or _ELSEWHERE.search(gap):
            break
        name = match.lastgroup or ""
        if (name in markup) == (platform == "cfn"):
            return name
    last = _last(_LANGUAGE, before[-18:])
    if last is not None and not _ELSEWHERE.search(before[-18:][last.end() :]):
        name = last.lastgroup or ""
        if (name in markup) == (platform == "cfn"):
            return name
    return ""


def _languages(text: str) -> list[_Mention]:
    found = []
    for match in _LANGUAGE.finditer(text):
        before, after = around(text, *match.span())
        name = match.lastgroup or ""
        score = 1.0
        if _LABEL.search(before):
            score += 10
        if _LANGUAGE_NOUN.search(after):
            score += 3
        if _THING.search(before):
            score += 3
        if _ELSEWHERE.search(before[-30:]) or _ELSEWHERE.search(after[:24]) or _VERSION.match(after):
            score -= 4
        if _NOT.search(before):
            score = -3
        found.append(_Mention(name, score, (text, *match.span())))
    for match in _FILE.finditer(text):
        name = {"yml": "yaml"}.get(match[2], match[2])
        if _CHIEF.search(match[1]):
            found.append(_Mention(name, 2.0, (text, *match.span())))
    return found


def _best(mentions: list[_Mention]) -> _Mention | None:
    """The best mention of the name that is said best, a little for saying it often; the earlier one of equals."""
    good = [mention for mention in mentions if mention.score > 0]
    leaders: list[tuple[float, _Mention]] = []
    for name in dict.fromkeys(mention.name for mention in good):
        same = [mention for mention in good if mention.name == name]
        top = max(same, key=lambda mention: mention.score)
        leaders.append((top.score + min(0.25 * (len(same) - 1), 2.0), top))
    return max(leaders, key=lambda pair: pair[0])[1] if leaders else None


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return found[-1] if found else None
