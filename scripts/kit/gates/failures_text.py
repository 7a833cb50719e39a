"""A MODEL_FAILURES file as items: which sentences tell what was wrong, and which tell what was done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

WRONG, DONE, SEVERITY, ASIDE = "wrong", "done", "severity", "aside"

# What stands behind a label, or below the head of a column, by a word in it; the first that fits wins.
_KINDS = (
    (WRONG, r"^(?:before|original|initial|first)\b"),
    (SEVERITY, r"^(?:impact level|sev\w*(?: level)?|priority|level)$"),
    (
        ASIDE,
        r"learn|training|reference|documentation|lesson|verif|recommend|prevent|time saved|^(?:id|no|#|nr|where|area|file|stage)$",
    ),
    (
        DONE,
        r"\b(?:re)?(?:fix|remed|cure|sol(?:ution|ved)|resol|correct|action|mitigat|did(?!n't| not)|done|final|after|now|ideal|expected|change)",
    ),
    (
        WRONG,
        r"issue|problem|fail|error|bug|defect|gap|finding|mistake|impact|cause|reason|symptom|descri|wrong|off$|happened|original|before|initial|"
        r"actual|current|first|model|deploy|build|synth|blocker|consequence|effect|observ|seen|output|message|detail|^why|example",
    ),
)
_LABEL = re.compile(
    r"^(?:\*{1,2}|__)?(?P<label>[A-Za-z][\w/' -]{1,45}?)\s*(?:\([^)]*\))?\s*(?::\s*(?:\*{1,2}|__)|(?:\*{1,2}|__)\s*:|:|(?:\*\*|__)\s*$|(?<=\w)(?:\*\*|__)(?=\s+\w))\s*(?P<rest>.*)$",
    re.S,
)
_ISSUE_LABEL = re.compile(r"(?:model[_ ]response )?(?:issue|problem|error|failure|finding)\b", re.I)
_INLINE_LABEL = re.compile(
    r"(?<=[.;)`\"])\s+(?=\*{0,2}(?:Fix|Solution|Resolution|Remedy|Cause|Root cause|Effect|Impact)\*{0,2}:)"
)
_HEADING = re.compile(r"^\s{0,3}(?P<marks>#{1,6})\s+(?P<title>.+?)\s*#*\s*$")
_BOLD_TITLE = re.compile(
    r"^\s*(?:\*\*|__)(?P<title>(?:\d+[.)]|issue|failure|problem|error)[^*]{3,120}?)(?:\*\*|__)\s*:?\s*$", re.I
)
_POINT = re.compile(r"^(?P<indent>\s*)(?:[-*+•]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(?P<text>.+)$")
_FENCE = re.compile(r"^\s*(?:```+|~~~+)\s*(?P<language>[\w+-]*)")
# A comment of a program that says of the code beside it that it is wrong.
_COMMENT = re.compile(
    r"(?:^\s*|\s)(?://|#|/\*)\s*(?:<-+\s*)?(?P<text>.*\b(?:errors?|fails?|failed|invalid|incorrect|wrong|not|no such|never)\b.*|.*n't\b.*)",
    re.I,
)
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$")
_PROSE_LANGUAGES = ("", "text", "txt", "console", "log", "bash", "sh", "shell", "output", "plaintext")
# Sections that look back, forward or at the repaired state: they tell nothing of what was wrong.
_AFTERWARDS = re.compile(
    r"lessons?\b|learned|\brecommend|best practices?|conclusion|\bverification|^validation|test(?:ing)? (?:coverage|results?|strategy)|"
    r"(?:improvements?|enhancements?)(?: made)?$|\bfinal (?:status|state|result|verdict|validation|infrastructure)|readi|"
    r"deployment (?:results?|validation|verification|statistics)|^success|strengths?$|(?:went|worked) well|^key |training|"
    r"after fixes|compliance status|^metrics|references?$|^remediation|^positive|^appendix|next steps|^documentation$|^future|^results?$|\b(?:scale|legend|rubric|grading|criteria)\b|\bdefinitions$|^how |^phase \d",
    re.I,
)
_FRAME = re.compile(
    r"summary|overview|introduction|background|context|analysis$|severity|knowledge gaps|assessment|^status$", re.I
)
_GROUP = re.compile(
    r"^\W*(?:\b(?:all|the|critical|high|medium|low|major|minor|severe|significant|moderate|deployment|other|infrastructure|security|issues?|failures?|fixes|"
    r"findings|problems?|errors?|details?|fixed|found|resolved|applied|and|category|severity|priority|impact|what|went|wrong|was|changed|changes|in|answer|"
    r"notes|environmental|differences|[a-z])\b\W*)+$",
    re.I,
)
_TESTS = re.compile(r"\b(?:unit|integration|e2e)?[- ]?tests?\b(?! (?:environment|stack|account))|coverage|\bmock", re.I)


@dataclass
class Item:
    """One claimed failure: its title, its severity label, what was wrong, what was done about it; logs and comments of
    code shown with it."""

    title: str
    section: str = ""
    severity: str = ""
    wrong: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    @property
    def told(self) -> str:
        """What was wrong, with the title."""
        return "\n".join([self.title, *self.wrong])

    @property
    def is_about_tests(self) -> bool:
        """True when the failure is one of the tests and not of the code."""
        return bool(_TESTS.search(self.title) or re.match(r"\W*(?:unit |integration )?tests?\b", self.section, re.I))


@dataclass
class Document:
    """The items of a file; what it says around them, by paragraph, with the logs shown there; what it says looking back."""

    raw: str
    items: list[Item] = field(default_factory=list)
    frame: list[Item] = field(default_factory=list)
    afterwards: list[str] = field(default_factory=list)
    labelled: int = 0

    @property
    def overall(self) -> list[str]:
        """What is said about the answer as a whole."""
        return [line for part in self.frame for line in part.wrong] + self.afterwards


@dataclass
class _Place:
    """Where the reader stands."""

    sections: list[tuple[int, str]] = field(default_factory=list)
    item: Item | None = None
    level: int = 0
    mode: str = WRONG

    def closed(self) -> None:
        self.item, self.mode = None, WRONG

    @property
    def section(self) -> str:
        """The heading around, the title of the whole file not counted."""
        return next((name for level, name in reversed(self.sections) if level > 1), "")

    @property
    def heading(self) -> str:
        return self.sections[-1][1] if self.sections else ""

    @property
    def looks_back(self) -> bool:
        # The title of the whole file says nothing about its parts.
        return any(_AFTERWARDS.search(name) for level, name in self.sections if level > 1)


def parse(text: str) -> Document:
    """Split a file into items. A heading, a bold title, a point of a list, a row of a table or a label opens one."""
    document, place = Document(text), _Place()
    for kind, block in _blocks(text):
        if kind == "heading":
            _heading(document, place, block)
        elif kind == "point":
            _point(document, place, block)
        elif kind == "table":
            _table(document, place, block)
        elif kind in ("log", "quote"):
            _shown(document, place, block)
        elif kind == "rule":
            place.closed()
        elif kind == "comment":
            if place.item is not None and place.mode != DONE:
                place.item.comments.append(block)
        else:
            _paragraph(document, place, block)
    document.items = [one for one in document.items if one.wrong or one.done or one.logs or not _GROUP.match(one.title)]
    return document


def sentences(texts: list[str]) -> Iterator[str]:
    """The sentences of some paragraphs, marks of Markdown taken off."""
    for text in texts:
        text = re.sub(
            r"^\W*(?:failure|issue|problem|error|fix|change|finding|bug) ?#?(?:\d+|[a-z])?\s*[:.)–-]\s+",
            "",
            text,
            flags=re.I,
        )
        text = re.sub(r"\?\s+(?:A\W{1,3})?(?=(?:yes|no)\b)", ": ", text, flags=re.I)
        plain = re.sub(
            r"\*\*+|(?<![\w:\"'`])\*(?=\w)|(?<=[\w:])\*(?=\s|$)(?<!:\*)|(?<!\w)_+|_+(?!\w)", "", " ".join(text.split())
        ).strip(" -+|#>")
        yield from _split(plain)


_SHOWN = re.compile(r"`[^`]{1,400}`|(?<!\w)\"[^\"]{1,400}\"(?!\w)|“[^”]{1,400}”")
_END = re.compile(r"(?<=[\w)\]\"'`][.!?])\s+(?=[A-Z(`\"'])")


def _split(plain: str) -> Iterator[str]:
    # What is quoted stays in one piece.
    blanked = _SHOWN.sub(lambda shown: shown[0][0] + re.sub(r"[.!?]", ",", shown[0][1:-2]) + shown[0][-2:], plain)
    at = 0
    for end in _END.finditer(blanked):
        yield plain[at : end.start()]
        at = end.end()
    if plain[at:]:
        yield plain[at:]


def kind_of(label: str) -> str:
    """What stands behind a label: wrong, done, severity, aside, or "" when it is no label of these."""
    plain = " ".join(label.strip(" *_:").lower().split())
    return next((kind for kind, pattern in _KINDS if len(plain.split()) <= 5 and re.search(pattern, plain)), "")


def is_group(title: str) -> bool:
    """True for a heading that only gathers what is below it, such as "Critical issues"."""
    return bool(_GROUP.match(title))


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Headings, points, tables, paragraphs, quotes, rules and logs, in order. Code is left out."""
    lines = re.sub(r"(?s)<!--.*?-->", "", text).splitlines()
    at = 0
    while at < len(lines):
        line, start = lines[at], at
        at += 1
        if fence := _FENCE.match(line):
            while at < len(lines) and not _FENCE.match(lines[at]):
                at += 1
            if fence["language"].lower() in _PROSE_LANGUAGES:
                yield "log", "\n".join(lines[start + 1 : at])
            else:
                yield from (
                    ("comment", found["text"]) for one in lines[start + 1 : at] if (found := _COMMENT.search(one))
                )
            at += 1
        elif (
            line.startswith(("    ", "\t"))
            and line.strip()
            and not (start and lines[start - 1].strip())
            and not _POINT.match(line)
        ):
            while at < len(lines) and (lines[at].startswith(("    ", "\t")) or not lines[at].strip()):
                at += 1
            yield "log", "\n".join(lines[start:at])
        elif _HEADING.match(line) or _BOLD_TITLE.match(line):
            yield "heading", line
        elif _RULE.match(line):
            yield "rule", line
        elif _ROW.match(line):
            while at < len(lines) and _ROW.match(lines[at]):
                at += 1
            yield "table", "\n".join(lines[start:at])
        elif line.lstrip().startswith(">"):
            yield "quote", line.lstrip("> ")
        elif line.strip():
            is_point = bool(_POINT.match(line))
            while at < len(lines) and _goes_on(lines[at]):
                line += "\n" + lines[at]
                at += 1
            for number, part in enumerate(_INLINE_LABEL.split(line)):
                yield "point" if is_point and not number else "text", part


def _goes_on(line: str) -> bool:
    """True when a line is no beginning of its own."""
    begins = (_POINT, _FENCE, _HEADING, _ROW, _RULE)
    label = _LABEL.match(line.strip())
    return (
        bool(line.strip())
        and not any(one.match(line) for one in begins)
        and not line.lstrip().startswith((">", "**"))
        and not (label and kind_of(label["label"]))
    )


def _open(document: Document, place: _Place, title: str, level: int) -> Item:
    item = Item(title.strip(" *_:").replace("**", ""), place.section)
    document.items.append(item)
    place.item, place.level, place.mode = item, level, WRONG
    return item


def _heading(document: Document, place: _Place, line: str) -> None:
    found = _HEADING.match(line)
    bold = _BOLD_TITLE.match(line)
    title = (found or bold)["title"].strip(" *_:")  # type: ignore[index]
    level = len(found["marks"]) if found else 7
    numbered = bool(re.match(r"\d|\W*(?:issue|failure|problem|fix) #?\d", title, re.I))
    kind = kind_of(title)
    goes_on = level > place.level or (level == place.level and kind == DONE and len(title.split()) <= 2)
    gathers = place.item is not None and is_group(place.item.title) and not (place.item.wrong or place.item.done)
    if place.item is not None and kind and goes_on and not numbered and not gathers:
        place.mode = kind
        return
    place.sections = [one for one in place.sections if one[0] < level]
    place.closed()
    if level > 1 and not _FRAME.search(title) and not _AFTERWARDS.search(title) and not place.looks_back:
        _open(document, place, title, level)
    place.sections.append((level, title))


def _point(document: Document, place: _Place, block: str) -> None:
    found = _POINT.match(block.partition("\n")[0])
    text = block[found.start("text") :] if found else block
    label = _LABEL.match(text)
    kind = kind_of(label["label"]) if label else ""
    inner = bool(found and len(found["indent"]) >= 2 and place.item is not None and place.level == 8)
    in_text = (
        place.item is not None and place.level < 8 and bool(place.item.wrong or place.item.done or place.mode != WRONG)
    )
    framed = place.item is None and any(_FRAME.search(name) for level, name in place.sections if level > 1)
    if inner and not kind:
        _add(document, place, text)
    elif place.looks_back or framed or in_text or (kind and place.item is not None):
        _paragraph(document, place, text)
    else:
        _open(document, place, text, 8)


def _table(document: Document, place: _Place, block: str) -> None:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in block.splitlines()]
    has_head = len(rows) > 1 and all(re.fullmatch(r"[:\s-]*", cell) for cell in rows[1])
    head = rows[0] if has_head else [""] * len(rows[0])
    kinds = [kind_of(name) for name in head]
    compares = WRONG in kinds and DONE in kinds
    of_issues = DONE in kinds or SEVERITY in kinds
    for row in rows[2:] if has_head else rows:
        cells = [
            (name, kind, cell)
            for name, kind, cell in zip(head, kinds, row, strict=False)
            if re.search(r"\w|\W{1,2}", cell)
        ]
        if not any(re.search(r"\w{2,}|[❌✅]", cell) for _, _, cell in cells):
            continue
        line = ", ".join(f"{name}: {cell}" if name else cell for name, _, cell in cells)
        if (place.looks_back and not compares) or not of_issues:
            _add(document, place, line)
            continue
        words = [cell for _, kind, cell in cells if kind in ("", ASIDE) and re.search(r"[a-z]{2}", cell)]
        wrong = [cell for _, kind, cell in cells if kind == WRONG]
        item = _open(document, place, next(iter(words or wrong), line), 8)
        item.wrong = [" ".join([*words[:1], one]) for one in [*words[1:], *wrong]]
        item.done = [cell for _, kind, cell in cells if kind == DONE]
        item.severity = next((cell.lower() for _, kind, cell in cells if kind == SEVERITY), "")
    place.closed()


def _shown(document: Document, place: _Place, block: str) -> None:
    """A log belongs to what was said last."""
    parts = [place.item] if place.item else document.frame[-1:]
    if not parts:
        document.frame.append(Item(""))
    (parts or document.frame)[-1].logs.append(block)


def _paragraph(document: Document, place: _Place, block: str) -> None:
    label = _LABEL.match(block.strip())
    kind = kind_of(label["label"]) if label else ""
    names_an_issue = bool(label and _ISSUE_LABEL.match(label["label"]))
    # A section may look back by its name and hold issues all the same.
    if label and kind and (names_an_issue or not place.looks_back):
        document.labelled += 1
        item = place.item
        continues = item is not None and not item.done and re.match(r"\W*error", label["label"], re.I)
        if item is None and (kind == SEVERITY or names_an_issue):
            _open(document, place, place.heading, 7)
        elif item is not None and names_an_issue and (item.done or item.wrong) and not continues:
            _open(document, place, place.heading, place.level)
        place.mode = kind
        if (
            re.match(r"\W*(?:errors?(?: messages?| text| log)?|seen|output|log|message|says)$", label["label"], re.I)
            and place.item is not None
            and label["rest"].strip()
        ):
            place.item.logs.append(label["rest"])
            return
        block = label["rest"] if kind != WRONG or names_an_issue else block
    elif place.item is not None and place.level == 8 and not block.startswith((" ", "\t")) and not _POINT.match(block):
        place.closed()
    elif place.item is None and not place.looks_back and re.match(r"\*\*[^*\n]+\*\*\s*\S", block):
        _open(document, place, block, 8)
        return
    if block.strip():
        _add(document, place, block)


def _add(document: Document, place: _Place, text: str) -> None:
    item = place.item
    if item is None:
        if place.looks_back:
            document.afterwards.append(text)
        else:
            document.frame.append(Item("", wrong=[text]))
    elif place.mode == SEVERITY:
        word, more = [*re.split(r"\.\s|\n", text.strip(" *_."), maxsplit=1), ""][:2]
        item.severity = item.severity or word.lower()
        item.wrong += [more] if more else []
        place.mode = WRONG
    elif place.mode == DONE:
        item.done.append(text)
    elif place.mode == WRONG:
        item.wrong.append(text)
    else:
        document.afterwards.append(text)
