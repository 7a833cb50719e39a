"""Reading MODEL_FAILURES files that were written elsewhere: minimal issues, deployment issues, or undecidable."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from kit.errors import Failure
from kit.gates import failures_text
from kit.gates import failures_words as words
from kit.gates.failures_text import Document, Item, sentences

MINIMAL, DEPLOYMENT, UNDECIDABLE = "minimal", "deployment", "undecidable"
STUB, ERROR_LOG, HYPOTHETICAL, IMPACT, LIST = (
    "stub",
    "error log",
    "hypothetical",
    "impact-level template",
    "issue/fix list",
)


@dataclass(frozen=True)
class Explained:
    """`verdict` is minimal, deployment or undecidable; `style` how the file is written; each reason quotes the file."""

    verdict: str
    style: str
    reasons: list[str] = field(default_factory=list)


def read(path: Path) -> Explained:
    """Explain the file at `path`. Raises `Failure` when it cannot be read as text."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{path}: cannot be read: {error}", hint="pass the path of a MODEL_FAILURES file") from error
    return explain(text)


def explain(text: str) -> Explained:
    """What a MODEL_FAILURES file says about the first answer.

    Deployment: a stated fact that building, synthesizing or deploying failed or had to fail, or a security
    hole. Words of severity alone decide nothing. Undecidable: unfilled, made of possibilities, contradicting
    itself, or telling of a deployment failure only as a possibility.
    """
    document = failures_text.parse(text)
    unfilled = _unfilled(text, document)
    if unfilled:
        return Explained(UNDECIDABLE, STUB, [unfilled])
    style = _style(document)
    blocks, maybes = _evidence(document)
    doubts = _doubts(document, style, blocks)
    if doubts:
        return Explained(UNDECIDABLE, style, doubts)
    if blocks:
        return Explained(DEPLOYMENT, style, blocks)
    if maybes:
        return Explained(UNDECIDABLE, style, maybes)
    overall = [*document.frame, *document.afterwards]
    calm = any(_says_nothing_big(one) for one in sentences(overall))
    if not document.items and not calm and not _tells_of_harmless_changes(overall):
        return Explained(
            UNDECIDABLE, style, ["no issue could be read from it, and it does not say that there was none"]
        )
    strange = [item for item in document.items if _is_strange(item)]
    if len(strange) * 3 > len(document.items) and not calm:
        return Explained(UNDECIDABLE, style, [f"{item.title}: not understood" for item in strange])
    return Explained(MINIMAL, style, _calm(document))


def _is_strange(item: Item) -> bool:
    """True for an issue of which nothing tells what it was about: it may have been anything."""
    told = f"{item.told} {' '.join(item.done)}"
    if item.wrong and all(words.NOTHING_WRONG.search(one) for one in item.wrong):
        return False
    return len(re.findall(r"\w{2,}", told)) >= 4 and not words.HARMLESS.search(told)


def _tells_of_harmless_changes(texts: list[str]) -> bool:
    """True for a plain tale whose every second sentence is about something harmless, and which says what was changed."""
    told = [one for one in sentences(texts) if len(one.split()) > 1]
    harmless = [one for one in told if words.HARMLESS.search(one) or words.CHANGED.search(one)]
    open_ones = [one for one in told if words.MODAL.search(one) or words.CONDITIONAL.search(one)]
    changed = any(words.CHANGED.search(one) for one in told)
    return changed and len(harmless) * 2 >= len(told) and len(open_ones) * 2 < len(told)


def _unfilled(text: str, document: Document) -> str:
    prose = re.sub(r"(?s)```.*?```", "", text)
    placeholder = words.UNFILLED.search(prose)
    count = len(re.findall(r"\w+", prose))
    told = [item for item in document.items if item.wrong and item.done]
    if count < 12 and not told and not words.NOTHING_WRONG.search(prose) and not _is_log(text):
        return f"{count} words: nothing is told"
    if placeholder and (count < 80 or len(words.UNFILLED.findall(prose)) > max(1, len(document.items) // 2)):
        return f"unfilled: {_quote(placeholder[0])}"
    bare = [item for item in document.items if not item.wrong and not item.done and len(item.title.split()) <= 8]
    if document.items and len(bare) == len(document.items) and not document.frame:
        return "titles without a word about what was wrong"
    return ""


def _is_log(text: str) -> bool:
    return bool(words.ERROR_TOKEN.search(text) or words.ERROR_LINE.search(text))


def _style(document: Document) -> str:
    if _is_hypothetical(document):
        return HYPOTHETICAL
    if sum(bool(item.severity) for item in document.items) * 2 >= max(1, len(document.items)):
        return IMPACT
    if document.labelled < 2 and len(words.ERROR_TOKEN.findall(document.raw)) >= 2:
        return ERROR_LOG
    return LIST


def _is_hypothetical(document: Document) -> bool:
    frame = " ".join([document.raw.strip().splitlines()[0], *document.frame[:6]])
    speculative = sum(
        bool(words.SPECULATIVE_FRAME.search(item.told) or _first_is_modal(item))
        and not any(_blocking(one, item.is_about_tests) == "stated" for one in sentences([item.title, *item.wrong]))
        for item in document.items
    )
    if document.items and speculative * 2 > len(document.items):
        return True
    facts = any(item.wrong and item.done for item in document.items)
    return bool(words.SPECULATIVE_FRAME.search(frame)) and (speculative > 0 or not facts)


def _first_is_modal(item: Item) -> bool:
    first = next(sentences(item.wrong), item.title)
    return bool(words.MODAL.search(first) or words.CONDITIONAL.search(first))


def _evidence(document: Document) -> tuple[list[str], list[str]]:
    """Stated blockers, and blockers told as possibilities only."""
    blocks: list[str] = []
    maybes: list[str] = []
    for item in document.items:
        if _is_big_security(item):
            blocks.append(f"{item.title}: security at {item.severity or 'critical or high'}")
        if words.BLOCKER.search(f"{item.title} {item.severity}") and not item.is_about_tests:
            maybes.append(f"{item.title}: called a blocker")
        told = list(sentences([item.title, *item.wrong]))
        for sentence in told:
            found = _blocking(sentence, item.is_about_tests)
            if found == "stated":
                blocks.append(f"{item.title}: {_quote(sentence)}")
            elif found == "possible":
                maybes.append(f"{item.title}: only a possibility: {_quote(sentence)}")
            elif _is_astray(sentence, item.is_about_tests):
                maybes.append(f"{item.title}: not told what came of it: {_quote(sentence)}")
    for sentence in sentences(document.frame):
        found = _blocking(sentence, False)
        if found == "stated":
            blocks.append(f"summary: {_quote(sentence)}")
        elif found == "possible" and not document.items:
            maybes.append(f"only a possibility: {_quote(sentence)}")
    return blocks, maybes


def _blocking(sentence: str, about_tests: bool) -> str:
    """`stated`, `possible` or "": what a sentence tells about building and deploying."""
    if words.ENVIRONMENT.search(sentence):
        return ""
    if words.OPEN_DOOR.search(sentence):
        return "stated"
    fails = any(
        pattern.search(sentence)
        for pattern in (
            words.STEP_FAILS,
            words.PLAIN_BLOCK,
            words.NEVER,
            words.ATTEMPTS,
            words.DURING,
            words.UNMADE,
        )
    )
    token = None if words.TEST_LINE.search(sentence) else words.ERROR_TOKEN.search(sentence)
    invalid = any(
        pattern.search(sentence)
        for pattern in (words.INVALID_CODE, words.LIMITS, words.NAMELESS, words.REFUSED, words.ERROR_LINE)
    )
    message = (words.ERROR_LABEL.match(sentence) or _quotes_a_refusal(sentence)) and not words.LINT_WORDS.search(
        sentence
    )
    if not (fails or token or invalid or message):
        return ""
    if words.WARNS.search(sentence) and not token and not words.STEP_FAILS.search(sentence):
        return ""
    if about_tests or (words.TEST_SENTENCE.search(sentence) and not fails):
        return ""
    if words.NOT_SO.search(sentence) and not words.SO_ALL_THE_SAME.search(sentence) and not token:
        return ""
    if words.RUNTIME.search(sentence) and not fails:
        return ""
    if (words.PREVENTIVE.search(sentence) or (words.BESIDE.search(sentence) and not fails)) and not token:
        return ""
    modal = words.MODAL.search(sentence) or words.CONDITIONAL.search(sentence)
    if modal and not token and not words.PLAIN_BLOCK.search(sentence):
        return "possible"
    return "stated"


def _is_astray(sentence: str, about_tests: bool) -> bool:
    """True when a tool or a service failed at something, and the sentence leaves open at what."""
    excused = (
        words.ENVIRONMENT,
        words.TEST_SENTENCE,
        words.TEST_LINE,
        words.NOT_SO,
        words.RUNTIME,
        words.WARNS,
        words.PREVENTIVE,
        words.BESIDE,
        words.LINT_WORDS,
        words.MODAL,
    )
    return (
        not about_tests
        and bool(words.ASTRAY.search(sentence))
        and not any(pattern.search(sentence) for pattern in excused)
    )


def _quotes_a_refusal(sentence: str) -> bool:
    quoted = (next(filter(None, match.groups())) for match in words.QUOTED.finditer(sentence))
    return any(len(text.split()) >= 4 and words.REFUSAL.search(text) for text in quoted)


def _is_big_security(item: Item) -> bool:
    section = item.section.rpartition(" / ")[2]
    # "- Critical: the key policy lets anybody decrypt" carries its severity in front.
    point = item.title.lstrip(" -*+#|.0123456789)") if item.wrong == [item.title] else ""
    said = item.severity or point
    big = bool(words.BIG.match(said)) or (not item.severity and bool(words.BIG_SECTION.match(section)))
    return big and bool(words.SECURITY.search(item.title)) and not item.is_about_tests


def _doubts(document: Document, style: str, blocks: list[str]) -> list[str]:
    found = []
    if style == HYPOTHETICAL:
        found.append("it tells what could go wrong, not what did")
    trivial = [item for item in document.items if words.TRIVIAL.search(" ".join([*item.wrong, *item.done]))]
    if trivial and len(trivial) * 2 > len(document.items):
        found.append(f"{len(trivial)} of {len(document.items)} issues say themselves that nothing was to be mended")
    overall = [*document.frame, *document.afterwards]
    calm = next((one for one in sentences(overall) if words.ONLY_MINOR.search(one)), "")
    if calm and blocks and not _is_about_the_mended(calm):
        found.append(f"it contradicts itself: {_quote(calm)}, but {blocks[0]}")
    if document.items and _claims_perfection(document) and not trivial:
        found.append("it contradicts itself: nothing was wrong, and yet there are issues")
    return found


def _claims_perfection(document: Document) -> bool:
    return any(
        words.NOTHING_WRONG.search(one) and not words.ONLY_MINOR.search(one) for one in sentences(document.frame[:8])
    )


def _says_nothing_big(sentence: str) -> bool:
    calm = (words.NOTHING_WRONG, words.ONLY_MINOR, words.CALM, words.CONTENT)
    return any(pattern.search(sentence) for pattern in calm)


def _is_about_the_mended(sentence: str) -> bool:
    return bool(re.search(r"\b(?:after|now|final|fixed|mended|corrected|resolved|addressed|ideal)\b", sentence, re.I))


def _calm(document: Document) -> list[str]:
    if not document.items:
        return ["it says that nothing had to be mended, or only small things"]
    return [f"{len(document.items)} issues, none of which kept the stack from being built or deployed"]


def _quote(text: str) -> str:
    plain = " ".join(text.split())
    return f'"{plain}"' if len(plain) <= 140 else f'"{plain[:137]}..."'
