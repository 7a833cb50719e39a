"""From a task's text to a brief: which services, which numbers and names, which wishes, and what was not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kit.rehearsal.blueprints import body, heads, listed, shared

_REGION = re.compile(r"\b(?:us|eu|ap|sa|ca|me|af|il|mx)-(?:north|south|east|west|central|northeast|southeast)+-\d\b")
_NOT = re.compile(r"\b(?:no|without|not|never|instead of|rather than|avoid(?:ing)?)(?: \w+){0,3} $", re.I)
_BLOCK = re.compile(r"```.*?```", re.S)
_LISTING = 6
_COUNT = {"two": 2, "three": 3, "four": 4, "2": 2, "3": 3, "4": 4, "second": 2, "third": 3, "fourth": 4}


@dataclass
class Brief:
    """What was read. `facts` are by service and name; `practices` are (service, practice); `said` maps a service to the
    sentences that name it; `unbuilt` are services known by name only; `unread` sentences in which nothing was found;
    `blocks` the fenced blocks of code."""

    text: str
    language: str = "yaml"
    region: str = "us-east-1"
    project: str = "stack"
    services: dict[str, list[str]] = field(default_factory=dict)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    wishes: set[str] = field(default_factory=set)
    practices: set[tuple[str, str]] = field(default_factory=set)
    tags: dict[str, str] = field(default_factory=dict)
    said: dict[str, list[str]] = field(default_factory=dict)
    unbuilt: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)


def read(text: str) -> Brief:
    """The brief of `text`, a task or a PROMPT.md. Always succeeds; what was not understood is listed in it."""
    tree = nested(text)
    sentences = [sentence for sentence, _ in tree]
    brief = Brief(text, sentences=sentences)
    low = [sentence.lower() for sentence in sentences]
    whole = "\n".join(low)
    brief.language = "json" if _json(whole) else "yaml"
    regions = _REGION.findall(whole)
    brief.region = regions[0] if regions else "us-east-1"
    brief.project = _project(text)
    brief.wishes = {wish for wish, says in shared("wishes").items() if any(_found(say, whole) for say in says)}
    brief.tags = _tags(text)
    _read_services(brief, tree)
    brief.unbuilt = [
        name for name, says in shared("unbuilt").items() if any(_found(rf"(?:{say})", whole) for say in says)
    ]
    _read_unread(brief)
    brief.blocks = _BLOCK.findall(text)
    brief.unread += [
        f"a block of code, {block.count(chr(10)) - 1} lines long (of which only the services were read)"
        for block in brief.blocks
        if re.search(r"\bAWS::\w+::\w", block)
    ]
    return brief


def split(text: str) -> list[str]:
    """The sentences of a text: lines, list items, numbered points and sentences, without markup."""
    return [sentence for sentence, _ in nested(text)]


def _unwrapped(text: str) -> str:
    """The text with the lines joined that were broken at a margin: long ones that end inside a sentence."""
    marked = r"(?!\s*(?:[-*+•>#|]|\d+[.)]|$))"
    return re.sub(rf"(?m)(?<=[^\n]{{50}}[\w,)\"'`])[ \t]*\n{marked}[ \t]*(?=\S)", " ", text)


def _enumerated(line: str) -> str:
    """A line that counts `1. ... 2. ... 3. ...`, with its points divided by semicolons; any other as it is."""
    cuts: list[re.Match[str]] = []
    for mark in re.finditer(r"(?<!\S)\(?(\d{1,2})[.)]\s+(?=[A-Z`])", line):
        if int(mark[1]) == len(cuts) + 1:
            cuts.append(mark)
    for mark in reversed(cuts if len(cuts) > 1 else []):
        line = f"{line[: mark.start()].rstrip()}; {line[mark.end() :]}"
    return line


def _services_of(block: re.Match[str]) -> str:
    """In place of a block of code, a sentence that names the services of the resource types in it."""
    prefixes = {head["type"].rpartition("::")[0]: head["title"] for head in heads().values() if head.get("type")}
    found = dict.fromkeys(re.findall(r"\bAWS::\w+(?=::\w)", block[0]))
    titles = [prefixes[one] for one in found if one in prefixes]
    return f"\n\nThe code given has {', '.join(titles)}.\n\n" if titles else " "


def nested(text: str) -> list[tuple[str, int]]:
    """The sentences, each with the number of the one it stands below: in a list after a colon, deeper in one, or below a
    short heading."""
    text = _unwrapped(_BLOCK.sub(_services_of, text.replace("\\n", "\n")))
    text = re.sub(r"\*\*|__|(?<!\w)[*_](?=\w)", "", text)
    found: list[tuple[str, int]] = []
    above: list[tuple[int, int]] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        item = re.match(r"(\s*)([-*+•>]|\d+[.)])?\s*", line)
        indent = len(item[1]) * 2 + (1 if item[2] else 0) if item else 0
        above = [(depth, number) for depth, number in above if depth < indent]
        heading = re.match(r"#{2,} ", line)
        if line.startswith("#"):
            above = []
        parent = above[-1][1] if above else -1
        line = re.sub(r"^\s*(?:[-*+•>]|\d+[.)]|#+)\s*", "", _enumerated(line))
        points = re.split(r"(?<=[.;!?])\s+(?=[A-Z(])|(?:^|(?<=[.;,:)])\s+)\(?\d{1,2}[.)]\s+|;\s+", line)
        pieces = [piece.strip(" \t.") for piece in points if piece and re.search(r"[a-zA-Z]{2}", piece)]
        if pieces and heading and len(line.split()) < 7:
            above.append((-1, len(found)))
        elif pieces and ((item and item[2]) or line.rstrip().endswith(":")):
            above.append((indent, len(found)))
        found += [(piece, parent) for piece in pieces]
    return found


def _found(pattern: str, text: str) -> bool:
    """True when `pattern` stands in `text` (lower case) and is not negated."""
    matches = re.finditer(pattern, text)
    return any(not _NOT.search(text[max(0, match.start() - 40) : match.start()]) for match in matches)


def _read_services(brief: Brief, tree: list[tuple[str, int]]) -> None:
    low = [sentence.lower() for sentence, _ in tree]
    first: dict[str, tuple[int, int]] = {}
    named: list[set[str]] = [set() for _ in tree]
    for service, head in heads().items():
        pattern = r"(?<![\w-])(?:" + "|".join(head["synonyms"]) + r")(?![\w])"
        for number, sentence in enumerate(low):
            sentence = re.sub(head["strip"], "", sentence) if "strip" in head else sentence
            match = re.search(pattern, sentence)
            if match and _found(pattern, sentence):
                first.setdefault(service, (number, match.start()))
                named[number].add(service)
    for number, (sentence, parent) in enumerate(tree):
        if parent >= 0 and re.search(r"\bit\b", sentence.lower()):
            named[number] |= named[parent]
        while parent >= 0 and not named[number]:
            named[number] |= named[parent]
            parent = tree[parent][1]
        # A list of everything says nothing of any one thing.
        for service in named[number] if len(named[number]) < _LISTING else ():
            brief.said.setdefault(service, []).append(sentence)
    for service in first:
        brief.said.setdefault(service, [])
    for service in sorted(first, key=lambda one: first[one]):
        brief.services[service] = _roles(service, brief.said[service])
    for service in list(brief.services):
        for other in listed(heads()[service].get("needs")):
            brief.services.setdefault(other, [heads()[other]["role"]])
    for service in list(brief.services):
        # One that names the kind, such as RDS beside Aurora, means the other.
        if set(listed(heads()[service].get("unless"))) & set(brief.services):
            del brief.services[service]
    whole = "\n".join(brief.sentences)
    for service, head in heads().items():
        said = "\n".join(brief.said.get(service, []))
        own = said.lower()
        facts = brief.facts[service] = {}
        for name, spec in head.get("facts", {}).items():
            facts[name] = _fitting(_fact(spec, said, whole), spec, facts)
        if service not in brief.services:
            continue
        for practice, spec in body(service).get("practices", {}).items():
            says, wishes = listed(spec.get("says")), listed(spec.get("wish"))
            if any(_found(say, own) for say in says) or brief.wishes & set(wishes):
                brief.practices.add((service, practice))


def _roles(service: str, said: list[str]) -> list[str]:
    """The names of the instances that are asked for, from what follows the noun: `bucket for order uploads`."""
    head = heads()[service]
    if head.get("single") or "noun" not in head:
        return [head["role"]]
    roles: list[str] = []
    count = 1
    noun = head["noun"]
    for sentence in said:
        for many in re.finditer(rf"\b(two|three|four|second|third|[234]) (?:\w+ ){{0,3}}?(?:{noun})\b", sentence, re.I):
            count = max(count, _COUNT[many[1].lower()])
        named = re.finditer(
            rf"\b(?:{noun})\b(?: \([^)]*\)| in \S+ [\d.]+)? (?:for|to store|storing|holding|to hold|that stores|to process|"
            rf"that process\w*|to handle|to log|to track|to keep|that sends|to send|to{head.get('does', '')})(?= )([^,.;()]+)",
            sentence,
            re.I,
        )
        for match in named:
            role = _role(re.split(r" (?:and|with|into|onto?|in|from|when|while) ", match[1])[0])
            if role and role not in roles:
                roles.append(role)
    default = head["role"]
    if not roles:
        return [default] if count == 1 else [f"{default}{number}" for number in ("One", "Two", "Three", "Four")[:count]]
    article = len(
        re.findall(rf"\b(?:an?|another|one|separate|dedicated) (?:[\w.-]+ ){{0,3}}(?:{noun})\b", " ".join(said), re.I)
    )
    most = max(1, min(4, max(count, article)))
    rest = [f"{default}{number}" for number in ("One", "Two", "Three", "Four")]
    return (roles + rest[len(roles) : count])[:most]


def _role(phrase: str) -> str:
    found = [
        word
        for word in re.findall(r"[A-Za-z]+", phrase)
        if word.lower() not in shared("words")["empty"] and len(word) > 2
    ]
    # `that validates orders`: a verb loses its s, a noun keeps it.
    if found and re.match(rf"\s*{found[0]}\b", phrase) and re.search(r"[^s]s$", found[0]) and len(found) > 1:
        found[0] = found[0][:-1]
    role = "".join(word.capitalize() for word in found[:2])
    return role if len(role) <= 18 else found[0].capitalize()[:18] if found else ""


def _fact(spec: dict[str, Any], said: str, whole: str) -> Any:
    """What is said first that AWS accepts; else, for what may stand anywhere, the first pattern's find; else the default."""
    found = sorted(_finds(spec, said))
    if not found and spec.get("anywhere"):
        found = sorted(_finds(spec, whole), key=lambda one: one[1])
    low, high = spec.get("within", (None, None))
    fitting = (value for _, _, value in found if low is None or low <= value <= high)
    return next(fitting, spec["default"])


def _finds(spec: dict[str, Any], text: str) -> Iterator[tuple[int, int, Any]]:
    """Where a pattern was found, the pattern's number, and the value it stands for."""
    for order, (pattern, form) in enumerate(spec.get("say", {}).items()):
        # A name keeps its capitals, all else is small.
        camel = form == "camel"
        for match in re.finditer(pattern, text if camel else text.lower(), re.I if camel else 0):
            yield match.start(), order, _value(form, match)


def _fitting(value: Any, spec: dict[str, Any], facts: dict[str, Any]) -> Any:
    """The value beside those read before it: at least, or more than, one of them; nothing when it is not below or unlike one."""
    if "least" in spec:
        return max(value, facts[spec["least"]])
    if "more" in spec:
        return max(value, facts[spec["more"]] + 1)
    if "below" in spec and value >= facts[spec["below"]]:
        return ""
    return "" if "unlike" in spec and value == facts[spec["unlike"]] else value


_SECONDS = {"s": 1, "sec": 1, "second": 1, "minute": 60, "min": 60, "hour": 3600, "day": 86400}
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)


def _value(form: Any, match: re.Match[str]) -> Any:
    if form == "int":
        return int(match[1].replace(",", ""))
    if form in ("seconds", "days", "log_days"):
        unit = (match[2] if match.re.groups > 1 else "") or "day"
        unit = unit if unit == "s" else unit.rstrip("s")
        number = int(match[1]) * (_SECONDS if form == "seconds" else _DAYS).get(unit, 1)
        return min((day for day in _LOG_DAYS if day >= number), default=3653) if form == "log_days" else number
    if form == "camel":
        first, *rest = re.split(r"[ _]+", match[1])
        return first[:1].lower() + first[1:] + "".join(part.capitalize() for part in rest)
    if isinstance(form, str) and "{}" in form:
        return form.format(match[1])
    return form


def _json(text: str) -> bool:
    return bool(
        re.search(
            r"tapstack\.json|\bin json\b|json (?:\w+ )?(?:format|template)|language: json|using json|with json", text
        )
    )


_THING = (
    "application|app|platform|system|website|portal|backend|api|pipeline|workflow|store|shop|warehouse|lake|baseline|"
    "service|solution|product|business|company|network|analytics|processing|delivery|program|team|agency|hospital"
)


def _project(text: str) -> str:
    """A short name for what is built: given as a name or prefix, else from `a mobile fitness app` or `for a bakery`."""
    named = re.search(r"project name:? `?([a-z][a-z0-9-]{1,13})`?", text, re.I)
    prefix = re.search(r"(?:prefix\w*|naming convention)[^.\n]{0,30}? [`'\"]([A-Za-z][A-Za-z0-9]{1,12})-[`'\"]", text)
    if named or prefix:
        return (named or prefix)[1].lower()  # type: ignore[index]
    low = text.lower()
    empty = {*shared("words")["empty"], *shared("words")["no_project"], *_THING.split("|"), *heads()}
    small = r"\b(?:of|for|with|the|that|which|on|in|by|using|to)\b"
    before = re.findall(rf"\b(?:an?|the|our|my|your|their|its) ((?:[a-z][a-z'-]+ ){{1,4}})(?:{_THING})s?\b", low)
    after = re.findall(r"\bfor (?:an?|our|the|my) ([\w' -]{3,60}?)[,.;:\n]", low)
    found = [list(reversed(re.split(small, one)[-1].split())) for one in before]
    found += [re.split(small, one)[0].split() for one in after]
    for word in [word for words in found for word in words]:
        plain = re.fullmatch(r"[a-z]{3,12}", word) and not re.search(r"(?:ed|ing|ly|able|ble|ual)$", word)
        if plain and word not in empty:
            return str(word)
    return "tap"


def _tags(text: str) -> dict[str, str]:
    """Tags given as `Environment=Production`, `'Owner' = 'DevOps'` or `tag ... "Project: WebApp"`; and names without values."""
    tags: dict[str, str] = {}
    for sentence in split(text):
        if not re.search(r"\btag", sentence, re.I):
            continue
        pair = r"[`'\"]?\b([A-Z][A-Za-z]{2,20})\b[`'\"]?\s*(?:=|:)\s*[`'\"]?([A-Za-z][\w-]{1,40})"
        tags |= {key: value for key, value in re.findall(pair, sentence) if key.lower() not in ("tag", "tags")}
        for key in re.findall(r"\b(Environment|Owner|Project|CostCenter|Department|Application|Team)\b", sentence):
            tags.setdefault(key, _default_tag(key))
    return tags


def _default_tag(key: str) -> str:
    return {"Environment": "<suffix>", "Project": "<project>", "Application": "<project>"}.get(key, "platform")


_ASKS = re.compile(
    r"\b(?:must|should|need|require|implement|configure|enable|set up|create|include|use|provide|ensure)|^(?:one|two|three|four|\d+) |`|\b\d+ ?(?:GB|TB|MB|days|seconds|minutes)\b",
    re.I,
)


def _read_unread(brief: Brief) -> None:
    known = {sentence for said in brief.said.values() for sentence in said}
    wishes = [say for says in shared("wishes").values() for say in says]
    ignorable = re.compile(r"cloudformation|template|yaml|json|code block|region|suffix|naming|test|deploy|file", re.I)
    for sentence in brief.sentences:
        if sentence in known or not _ASKS.search(sentence) or len(sentence) < 25 or ignorable.search(sentence):
            continue
        if not any(re.search(say, sentence.lower()) for say in wishes):
            brief.unread.append(sentence)
