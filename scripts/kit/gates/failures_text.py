"""A MODEL_FAILURES file as items: which sentences tell what was wrong, and which tell what was done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

WRONG, DONE, SEVERITY, OTHER = "wrong", "done", "severity", "other"

# The labels that authors put before what they say, by what the words behind them tell.
_LABELS = (
    (SEVERITY, r"impact level|severity(?: level)?|priority|level"),
    (
        DONE,
        r"(?:ideal[_ ]response )?(?:fix|fixes|remedy|remedies|cure|solution|resolution|correction|corrected|remediation|change|changes|mitigation)"
        r"(?: applied| made| required)?|fixed(?: code| in)?|action(?: taken)?|(?:after|now|expected|ideal)(?: (?:code|fix|response|behaviou?r|state))?"
        r"|verification|result|outcome|status|recommendation|recommended action|time saved|prevention|reference|"
        r"(?:aws )?documentation(?: reference)?|learning(?: value)?|training value|lesson(?:s learned)?",
    ),
    (
        WRONG,
        r"(?:model[_ ]response )?(?:issue|issues|problem|problems|failure|failures|error|errors|bug|defect|gap|gaps|finding|mistake)s?"
        r"(?: message| messages| found| in model[_ ]response| description| text)?|impact|root causes?|cause|symptoms?|description|"
        r"what (?:was|went) wrong|(?:original|before|initial|actual|current)(?: (?:code|response|approach|state|behaviou?r))?|"
        r"deployment impact|blocker|deployment|build|synth(?:esis)?|consequence|effect|observed|failing tests?|details?|why|"
        r"(?:cost/)?(?:security|performance|cost|functionality|compliance|reliability|operations|operational)(?:/[a-z/]+)?(?: impact)?",
    ),
)
_LABEL = re.compile(
    r"^\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:\*\*|__)?\s*(?P<label>[A-Za-z_][A-Za-z_ /-]{1,50}?)\s*(?:\([^)]*\))?\s*"
    r"(?::\s*(?:\*\*|__)|(?:\*\*|__)\s*:|:|(?:\*\*|__)\s*$)\s*(?P<rest>.*)$"
)
_PLAIN_ISSUE = re.compile(r"\W*(?:model[_ ]response )?(?:issue|problem|error|failure)s?\b[^:]*:", re.I)
_HEADING = re.compile(r"^\s{0,3}(?P<marks>#{1,6})\s+(?P<title>.+?)\s*#*\s*$")
_BOLD_TITLE = re.compile(
    r"^\s*(?:\*\*|__)(?P<title>(?:\d+[.)]|issue|failure|problem|error)[^*]{3,120}?)(?:\*\*|__)\s*:?\s*$", re.I
)
_NUMBERED = re.compile(r"^(?P<indent>\s{0,3})(?P<number>\d+)[.)]\s+(?P<title>.+)$")
_FENCE = re.compile(r"^\s*(?:```+|~~~+)")
# Sections that look back, forward or at the repaired state: they tell nothing of what was wrong.
_AFTERWARDS = re.compile(
    r"lessons?\b|learned|\brecommend|best practices?(?: applied| followed)?$|conclusion|\bverification|"
    r"validation (?:results?|status)|test(?:ing)? (?:coverage|results?|strategy)|improvements?(?: made)?$|enhancements?(?: made)?$|"
    r"final (?:status|state|result|verdict|validation|infrastructure)|production readi|"
    r"deployment (?:results?|validation|verification|statistics)|^success|strengths?$|what (?:went|worked) well|correct aspects|"
    r"ideal_?response.*status|key (?:takeaways|changes|improvements)|training (?:value|data|quality)|\breadiness|^phase \d|after fixes|"
    r"compliance status|^metrics|^(?:aws )?(?:documentation )?references?$|^remediation|^positive|^appendix|next steps|^documentation$|^future",
    re.I,
)
_FRAME = re.compile(
    r"summary|overview|introduction|background|context|analysis$|severity|knowledge gaps|impact assessment", re.I
)
_TESTS = re.compile(r"\b(?:unit|integration|e2e)?[- ]?tests?\b(?! (?:environment|stack|account))|coverage|\bmock", re.I)


@dataclass
class Item:
    """One claimed failure: its title, its severity label, what was wrong, and what was done about it."""

    title: str
    section: str = ""
    severity: str = ""
    wrong: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    @property
    def told(self) -> str:
        """What was wrong, with the title."""
        return "\n".join([self.title, *self.wrong])

    @property
    def is_about_tests(self) -> bool:
        """True when the failure is one of the tests and not of the code."""
        return bool(_TESTS.search(self.title))


@dataclass
class Document:
    """The items of a file, what it says before, between and after them, and its raw text."""

    raw: str
    items: list[Item] = field(default_factory=list)
    frame: list[str] = field(default_factory=list)
    afterwards: list[str] = field(default_factory=list)
    labelled: int = 0


def parse(text: str) -> Document:
    """Split a file into items. A heading, a bold title or a numbered line with labels below opens one."""
    document = Document(text)
    sections: list[tuple[int, str]] = []
    item: Item | None = None
    item_level = 0
    mode, label = OTHER, ""
    for line, fenced in _lines(text):
        heading = None if fenced else _HEADING.match(line)
        bold = None if fenced or heading else _BOLD_TITLE.match(line)
        if heading or bold:
            title = (heading or bold)["title"].strip(" *_:")  # type: ignore[index]
            level = len(heading["marks"]) if heading else 7
            sections = [one for one in sections if one[0] < level]
            path = " / ".join(name for _, name in sections)
            sections.append((level, title))
            mode, label = WRONG, ""
            whole = _label_kind(title)
            if item is not None and level > item_level and whole in (WRONG, DONE):
                mode = whole
                continue
            item = None
            if not _looks_back(sections) and not _FRAME.search(title) and level > 1:
                item, item_level = Item(title, path), level
                document.items.append(item)
            continue
        numbered = None if fenced or (item is not None and item_level < 8) else _NUMBERED.match(line)
        framed = any(_FRAME.search(name) for _, name in sections)
        if numbered and not numbered["indent"] and not framed and not _looks_back(sections):
            item = Item(numbered["title"].strip(" *_"), " / ".join(name for _, name in sections))
            item_level = 8
            document.items.append(item)
            mode, label = WRONG, ""
            continue
        kind, rest = ("", line) if fenced else _labelled(line)
        if kind:
            mode, label = kind, line
            document.labelled += 1
        if item is None and kind == WRONG and sections and _looks_back(sections) and _PLAIN_ISSUE.match(line):
            # A section may look back by its name and hold issues all the same.
            item, item_level = Item(sections[-1][1], ""), sections[-1][0]
            document.items.append(item)
        if item is None and kind in (WRONG, SEVERITY) and not _looks_back(sections) and _names_an_issue(line, kind):
            # Labels right below the title of the file: the file is one issue.
            item, item_level = Item(sections[-1][1] if sections else "", ""), 7
            document.items.append(item)
        if not rest.strip():
            continue
        if item is None:
            (document.afterwards if _looks_back(sections) else document.frame).append(line if kind == WRONG else rest)
        elif mode == SEVERITY:
            word, _, more = rest.strip(" *_.").partition(". ")
            item.severity = item.severity or word.lower()
            item.wrong += [more] if more else []
            mode = WRONG
        elif mode == DONE:
            item.done.append(rest)
        elif not fenced or re.search(r"error|fail|log|output|message", label, re.I):
            item.wrong.append(rest if not label or not kind else f"{line.strip(' *-')}")
    _drop_empty_parents(document)
    if not document.items:
        document.items = [Item(line, wrong=[line]) for line in _points(document.frame)]
    return document


def sentences(texts: list[str]) -> Iterator[str]:
    """The sentences of some lines, marks of Markdown taken off."""
    for line in texts:
        plain = re.sub(r"\*+|(?<!\w)_+|_+(?!\w)", "", line).strip(" -+|#>")
        yield from (part for part in re.split(r"(?<=[\w)\]\"'`][.!?;])\s+(?=[A-Z(])", plain) if part)


def _looks_back(sections: list[tuple[int, str]]) -> bool:
    # The title of the whole file says nothing about its parts.
    return any(_AFTERWARDS.search(name) for level, name in sections if level > 1)


def _names_an_issue(line: str, kind: str) -> bool:
    return kind == SEVERITY or bool(_PLAIN_ISSUE.match(line))


def _points(frame: list[str]) -> list[str]:
    """The lines of a list, and the rows of a table without its head, that say something."""
    found = []
    for number, line in enumerate(frame):
        is_row = line.lstrip().startswith("|") and not re.fullmatch(r"[\s|:-]+", line)
        is_head = number + 1 < len(frame) and bool(re.fullmatch(r"[\s|:-]*-[\s|:-]*", frame[number + 1]))
        is_point = bool(re.match(r"\s*(?:[-*+]\s+(?:\[[ xX]\]\s+)?|\d+[.)]\s+|\*\*(?=[^*]+\*\*\s*\S))[\w`*\"(]", line))
        if (is_point or (is_row and not is_head)) and len(re.findall(r"\w{2,}", line)) >= 2:
            found.append(line.strip(" |"))
    return found


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Every line outside the fences themselves, and whether it stands inside a code block."""
    inside = False
    for line in text.splitlines():
        if _FENCE.match(line):
            inside = not inside
            continue
        yield line, inside


def _labelled(line: str) -> tuple[str, str]:
    match = _LABEL.match(line)
    kind = _label_kind(match["label"]) if match else ""
    return (kind, match["rest"]) if match and kind else ("", line)


def _label_kind(label: str) -> str:
    plain = re.sub(r"\s+", " ", label.strip(" *_:").lower())
    return next((kind for kind, pattern in _LABELS if re.fullmatch(pattern, plain)), "")


def _drop_empty_parents(document: Document) -> None:
    """A heading that only groups the items below it is none itself."""
    parents = {item.section.split(" / ")[-1] for item in document.items}
    document.items = [
        item for item in document.items if item.wrong or item.done or item.severity or item.title not in parents
    ]
