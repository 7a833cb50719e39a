"""Reading MODEL_FAILURES files that were written elsewhere: minimal issues, deployment issues, or undecidable."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kit.errors import Failure
from kit.gates import failures_claims as claims
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


@dataclass
class _Evidence:
    """What the sentences of a file claim, quoted."""

    blocked: list[str] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)
    concluded: list[str] = field(default_factory=list)
    possible: list[str] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)
    holes: list[str] = field(default_factory=list)
    deployed: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)


def read(path: Path) -> Explained:
    """Explain the file at `path`. Raises `Failure` when it cannot be read as text."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{path}: cannot be read: {error}", hint="pass the path of a MODEL_FAILURES file") from error
    return explain(text)


def explain(text: str) -> Explained:
    """What a MODEL_FAILURES file says about the first answer.

    Deployment: something that is told as a fact kept the answer from being built, synthesized or deployed, or
    is a grave security hole. Words of severity alone decide nothing. Undecidable: unfilled, made of
    possibilities, contradicting itself, or with nothing in it that could be checked.
    """
    document = failures_text.parse(text)
    unfilled = _unfilled(text, document)
    if unfilled:
        return Explained(UNDECIDABLE, STUB, [unfilled])
    style = _style(document)
    elsewhere = _elsewhere(text)
    if elsewhere:
        return Explained(UNDECIDABLE, style, [elsewhere])
    found = _evidence(document)
    if style == HYPOTHETICAL and not found.deployed:
        if found.happened:
            return Explained(DEPLOYMENT, style, found.happened)
        return Explained(UNDECIDABLE, style, ["it tells what could go wrong, not what did", *found.possible])
    doubts = _doubts(document, found)
    if doubts:
        return Explained(UNDECIDABLE, style, doubts)
    if found.holes or found.blocked:
        return Explained(DEPLOYMENT, style, [*found.holes, *found.blocked, *found.concluded])
    if found.deployed:
        return Explained(MINIMAL, style, [*found.deployed, _count(document)])
    if found.concluded:
        return Explained(DEPLOYMENT, style, found.concluded)
    up = next((one for one in sentences(document.overall) if claims.came_up(one)), "")
    if up and not found.astray:
        return Explained(MINIMAL, style, [f"summary: {_quote(up)}", _count(document)])
    if found.possible or found.astray:
        return Explained(UNDECIDABLE, style, [*found.possible, *found.astray])
    failing = next((one for one in sentences(document.afterwards) if claims.claim(one) == claims.BLOCKED), "")
    if failing:
        return Explained(UNDECIDABLE, style, [f"looking back it tells of a failure: {_quote(failing)}"])
    if not _tells_of_small_flaws(document):
        return Explained(UNDECIDABLE, style, ["nothing is told in it that could be checked"])
    return Explained(MINIMAL, style, [_count(document)])


def _evidence(document: Document) -> _Evidence:
    found = _Evidence()
    for item in document.items:
        if _is_big_security(item):
            found.holes.append(f"{item.title}: security at {item.severity or item.section.lower()}")
        _judge(found, item, item.title)
    for number, part in enumerate(document.frame):
        around = document.frame[max(0, number - 1) : number + 2]
        _judge(found, part, "summary", [line for one in around for line in one.wrong])
    for sentence in sentences(document.afterwards):
        if claims.says_deployed(sentence):
            _keep_deployed(found, sentence, "looking back")
        elif claims.is_gone(sentence):
            found.blocked.append(f"looking back: {_quote(sentence)}")
    return found


def _judge(found: _Evidence, item: Item, name: str, around: Sequence[str] = ()) -> None:
    named, told = list(sentences([item.title])), list(sentences(item.wrong))
    # "Failed." is told of what the heading names.
    told = [f"{item.title}: {one}" if len(one.split()) == 1 and item.title else one for one in told]
    judged = [(one, claims.claim(one, item.is_about_tests)) for one in told]
    for title in named:
        claim = claims.claim(title, item.is_about_tests)
        # With more below it a title names what the text tells.
        if not failures_text.is_group(title) and (claim == claims.BLOCKED or not told):
            judged.insert(0, (title, claim))
    told = named + told
    excused = any(map(claims.is_excused, told)) or any(map(claims.is_acquittal, around))
    for before, (sentence, claim) in zip([item.title, *(one for one, _ in judged)], judged, strict=False):
        reason = f"{name}: {_quote(sentence)}"
        if any(claims.is_hole(one, " ".join(item.done)) for one in (sentence, f"{before} {sentence}")):
            found.holes.append(reason)
        if claim == claims.BLOCKED:
            if excused:
                continue
            (found.blocked if claims.is_observed(sentence) else found.concluded).append(reason)
            if (
                sentence not in named[: len(item.wrong)]
                and claims.is_past(sentence)
                and not claims.is_conjecture(sentence)
            ):
                found.happened.append(reason)
        elif claim == claims.POSSIBLE:
            found.possible.append(f"{name}: only a possibility: {_quote(sentence)}")
        elif claim == claims.ASTRAY and not excused:
            found.astray.append(f"{name}: not told what came of it: {_quote(sentence)}")
        elif claim == claims.DEPLOYED:
            _keep_deployed(found, sentence, name)
    # A message that stands with the mending, or beside the code as it was, tells of the answer too.
    printed = (one for one in sentences(item.done) if claims.is_message(one) and words.STEP.search(one))
    for sentence in [*printed, *item.comments]:
        if claims.claim(sentence, item.is_about_tests) == claims.BLOCKED and not excused:
            found.blocked.append(f"{name}: {_quote(sentence)}")
    imagined = any(map(claims.is_open, told)) and not any(map(claims.is_past, told))
    for log in item.logs:
        if imagined:
            found.possible.append(f"{name}: only imagined: {_quote(log)}")
        elif claims.log_claim(log, " ".join([item.title, *told])) == claims.BLOCKED and not excused:
            worst = next((line for line in log.splitlines() if claims.is_message(line)), log)
            found.blocked.append(f"{name}: {_quote(worst)}")
            found.happened.append(f"{name}: {_quote(worst)}")
        elif (
            item.done
            and excused
            and claims.log_claim(log) == claims.BLOCKED
            and not any(map(claims.is_acquittal, told))
        ):
            # A limit is named for what failed, and yet it was the answer that was changed.
            found.astray.append(f"{name}: excused, and mended in the answer: {_quote(log)}")


def _keep_deployed(found: _Evidence, sentence: str, name: str) -> None:
    found.deployed.append(f"{name}: {_quote(sentence)}")
    if claims.names_the_answer(sentence):
        found.given.append(found.deployed[-1])


def _unfilled(text: str, document: Document) -> str:
    prose = re.sub(r"(?s)```.*?```", "", text)
    prose = re.sub(r"`[^`<\n]*`|\"[^\"\n]{1,60}\"|“[^”\n]{1,60}”", "_", prose)
    placeholder = words.UNFILLED.search(prose)
    count = len(re.findall(r"\w+", prose))
    labels = len(re.findall(r"(?m)^\W*\*\*[^*\n]{2,40}\*\*:?", text))
    empty = len(_EMPTY.findall(re.sub(r"(?s)```.*?```", "_", text)))
    has_log = any(claims.log_claim(log) for item in [*document.items, *document.frame] for log in item.logs)
    told = any(item.done for item in document.items)
    if count < 12 and not told and not has_log and not any(map(_is_concrete, sentences(document.overall))):
        return f"{count} words: nothing is told"
    if empty > 3 and empty * 2 > labels:
        return f"{empty} of {labels} labels have nothing behind them"
    if placeholder and (count < 80 or len(words.UNFILLED.findall(prose)) > max(1, len(document.items) // 2)):
        return f"unfilled: {_quote(placeholder[0])}"
    return ""


# A label with nothing behind it before the next one, a heading, a rule or the end.
_EMPTY = re.compile(r"(?m)^\W*\*\*[^*\n]{2,40}(?:\*\*:?|:\*\*)[ \t]*$(?=\s*(?:\*\*|#|-{3}|\Z))")


def _elsewhere(text: str) -> str:
    """Why a file is about something else, or about nothing that could be looked up; empty when it is not."""
    named = {found[0].lower() for found in words.FIELD.finditer(text)}
    if len(named) < 2 and len(text.split()) > 100:
        return "it is not about infrastructure"
    if words.TASK.search(text) and not re.search(r"\b(?:fix(?:ed)?|issue)\b", text, re.I):
        return "it is a task, and no record of what became of it"
    unseen = words.UNSEEN.search(" ".join(text.split()))
    if unseen:
        return f"nobody has seen it happen: {_quote(unseen[0])}"
    return ""


def _style(document: Document) -> str:
    if _is_hypothetical(document):
        return HYPOTHETICAL
    if sum(bool(item.severity) for item in document.items) * 2 >= max(1, len(document.items)):
        return IMPACT
    logs = [log for item in [*document.items, *document.frame] for log in item.logs]
    if document.labelled < 2 and (
        any(map(claims.log_claim, logs)) or sum(map(claims.is_message, document.raw.splitlines())) >= 2
    ):
        return ERROR_LOG
    return LIST


def _is_hypothetical(document: Document) -> bool:
    """True for a file most of whose points are told as possibilities."""
    opening = [document.raw.strip().partition("\n")[0], *list(sentences(document.overall[:1]))[:1]]
    speculative = any(words.SPECULATIVE.search(one) for one in opening)
    items = [next(sentences(item.wrong), item.title) for item in document.items] or list(sentences(document.overall))
    open_ones = sum(claims.is_conjecture(one) or bool(words.SPECULATIVE.search(one)) for one in items)
    done = any(item.done or item.severity for item in document.items)
    return open_ones * 2 > len(items) or (speculative and not done)


def _is_big_security(item: Item) -> bool:
    point = "" if item.wrong or item.done else item.title
    said = item.severity or (item.section if re.match(r"(?:critical|high)\b", item.section, re.I) else point)
    told = " ".join([item.title, *item.wrong, *item.done])
    grave = words.BIG.match(said) and words.SECURITY.search(item.title) and words.PARTICULAR.search(told)
    return bool(grave) and not item.is_about_tests


def _doubts(document: Document, found: _Evidence) -> list[str]:
    doubts = []
    needless = [item for item in document.items if words.NO_FIX.search(" ".join([*item.wrong, *item.done]))]
    if needless and len(needless) * 2 > len(document.items):
        doubts.append(f"{len(needless)} of {len(document.items)} issues say themselves that nothing was to be mended")
    calm = [one for one in sentences(document.overall) if words.NO_BLOCKER.search(one) and not claims.is_repaired(one)]
    if found.blocked and (calm or found.given):
        doubts.append(f"it contradicts itself: {[*found.given, *map(_quote, calm)][0]}, but {found.blocked[0]}")
    perfect = next(
        (
            one
            for one in sentences(document.overall[:6])
            if _is_about_all(one)
            and words.NOTHING_WRONG.search(one)
            and not words.SMALL.search(one)
            and not claims.says_deployed(one)
        ),
        "",
    )
    same = re.search(r"\b(?:identical|differences?)\b", perfect)
    listed = any(item.wrong and item.done for item in document.items) or (same and document.items)
    failures = found.blocked or found.concluded or listed
    if perfect and failures and not needless:
        doubts.append(f"it contradicts itself: {_quote(perfect)}, and yet there are issues")
    return doubts


def _is_about_all(sentence: str) -> bool:
    """False for a sentence about the rest, about what came after mending, or about tests and linters alone."""
    rest = re.search(r"\b(?:other|further|else|more|apart|besides|otherwise)\b", sentence, re.I)
    return not (rest or claims.is_repaired(re.sub(r"\bideal\b", "", sentence)) or words.META.search(sentence))


def _tells_of_small_flaws(document: Document) -> bool:
    """True when what was wrong, or what was changed, is told as a fact: nothing spoke of a blocker."""
    items = [" ".join([item.title, *item.wrong, *item.done]) for item in document.items]
    marked = document.labelled or any(item.done or item.severity for item in document.items)
    if not marked and len(document.raw.split()) > 60 and not any(map(words.LACK.search, [*items, *document.overall])):
        return False
    particulars = {found[0].lower() for found in words.PARTICULAR.finditer(document.raw)}
    # The rest of a text this thin is judgement.
    if "```" not in document.raw and len(document.raw.split()) > max(60, 50 * len(particulars)):
        return False
    items = [one for one in items if not words.PRAISE.search(one)]
    if any(_is_concrete(one) for one in items):
        return True
    told = [one for one in sentences(document.overall) if not words.PRAISE.search(one)]
    return any(_is_concrete(one) and (words.CHANGED.search(one) or words.SMALL.search(" ".join(told))) for one in told)


def _is_concrete(sentence: str) -> bool:
    """True when a sentence, told as a fact, has anything in it besides judgement."""
    said = [word for word in re.findall(r"[^\W_]{2,}", sentence) if not words.VAGUE.fullmatch(word)]
    return bool(
        said
        and len(re.findall(r"\w{2,}", sentence)) > 1
        and not words.UNFILLED.search(sentence)
        and not claims.is_conjecture(sentence)
    )


def _count(document: Document) -> str:
    if not document.items:
        return "it says that nothing had to be mended, or only small things"
    return f"{len(document.items)} issues, none of which kept the stack from being built or deployed"


def _quote(text: str) -> str:
    plain = " ".join(text.split())
    return f'"{plain}"' if len(plain) <= 140 else f'"{plain[:137]}..."'
