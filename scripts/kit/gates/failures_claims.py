"""What one sentence of a MODEL_FAILURES file claims: by its predicate, what it is about, and whether it happened."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.gates import failures_words as words

BLOCKED, POSSIBLE, ASTRAY, DEPLOYED, NOTHING = "blocked", "possible", "astray", "deployed", ""


def claim(sentence: str, about_tests: bool = False) -> str:
    """The strongest claim of a sentence about the answer: blocked, possible, astray, deployed or nothing of the kind."""
    told = words.PURPOSE.sub("", words.ASKED.sub("", sentence))
    bare = _unquoted(told)
    if says_deployed(bare) or says_deployed(re.sub(r"[\"“”]", "", told)):
        return DEPLOYED
    if is_excused(bare) or sentence.endswith("?") or words.ADVICE.match(sentence):
        return NOTHING
    topic = re.sub(r"[\w-]*(?:\w[/_]|\w\.\w)[\w./-]*", "_", bare)
    meta = about_tests or bool(words.META.search(topic))
    # What a tool that brings the stack up printed is no matter of the running stack.
    beside = meta or bool(words.RUNNING.search(topic) and not (is_message(told) and words.STEP.search(told)))
    status = bool(words.STATUS.search(told))
    omitted = bool(words.OMITTED.match(bare))
    unmade = bool(words.UNMADE.search(bare)) and not meta and not omitted
    failing = [
        part
        for part in (_clauses(bare) if meta else [bare])
        if not omitted and _fails_at_a_step(part) and not (meta and words.META.search(part))
    ]
    actor = words.ACTOR.search(bare)
    rule = actor is not None and bool(
        words.RULES.search(bare, actor.start()) or (_fails(bare) and not omitted) or words.SAYS_NO.search(told)
    )
    said = is_message(told) or rule or _is_unreal(told)
    seen = failing or status or unmade
    needed = words.NEEDED.search(told)
    if needed and words.NEGATED.search(told[: needed.start()]):
        needed = None
    counted = words.ATTEMPTS.search(bare) or words.NO_FOR_AN_ANSWER.search(bare) or (needed and not meta)
    counted = counted or (words.ONLY_THEN.search(told) and not meta)
    if not (seen or counted or (said and not beside)):
        return ASTRAY if not beside and not is_open(bare) and _is_astray(bare) else NOTHING
    if not is_open(bare) or (failing and _happened(failing, bare)):
        return BLOCKED
    return POSSIBLE if (seen or rule) and not words.ELSEWHERE_COPY.search(bare) else NOTHING


def _happened(failing: list[str], sentence: str) -> bool:
    """True when the clauses that tell of a failure tell it as a fact, whatever the others guess."""
    if words.HEARSAY.search(sentence):
        return False
    parts = [part for clause in failing for part in _clauses(clause) if _fails(part)]
    return not any(_is_open_at(part, sentence) for part in parts)


def log_claim(log: str, around: str = "") -> str:
    """What a log, or a quoted message, tells: blocked when a tool that brings stacks up refused something."""
    if is_excused(log) or is_excused(around):
        return NOTHING
    lines = [
        line
        for line in log.splitlines()
        if not (words.META.search(line) or words.RUNNING.search(line)) or words.MESSAGE.search(line)
    ]
    if re.search(
        r"\bAssertionError\b|\b(?:unit|integration) tests?\b|\b(?:pylint|eslint|flake8|ruff|mypy|prettier|checkov|tfsec|trivy|CKV\w*|pytest|jest|tests?/|test_\w+|\.test\.)",
        f"{log} {around}",
    ) and not re.search(r"_FAILED\b|\bTS\d{4}\b|ROLLBACK", log):
        return NOTHING
    worded = [line for line in lines if is_message(line) or (words.REFUSAL.search(line) and len(line.split()) > 4)]
    return BLOCKED if any(not re.search(r"^\W*(?:\[?warn\w*|W\d{4})\b", line, re.I) for line in worded) else NOTHING


def says_deployed(sentence: str) -> bool:
    """True when a sentence says that the answer came up as the model gave it."""
    sentence = words.NO_CLAIM.sub("", sentence)
    told = (
        [sentence]
        if words.LITERALLY.search(sentence) and not words.NOT_AS_IT_CAME.search(sentence)
        else [
            one
            for one in re.split(r";\s|\s(?:but|while|whereas)\s|,\s(?:and|so|then)\s", sentence)
            if _is_as_given(one)
        ]
    )
    comes_up = any(words.SUCCESS.search(one) and words.DEPLOY.search(one) for one in told)
    nothing_stopped_it = bool(told) and re.search(r"\bnothing \w+ (?:the stack|it|here)\b", sentence, re.I)
    if (
        not (comes_up or nothing_stopped_it)
        or words.MODAL.search(sentence)
        or words.MAY.search(sentence)
        or re.search(r"\b(?:would|should(?! be (?:noted|said|mentioned|added)))\b", sentence)
    ):
        return False
    return not _fails(sentence)


def names_the_answer(sentence: str) -> bool:
    """True when a sentence says of which version it speaks: of the one that the model gave."""
    return bool(words.LITERALLY.search(sentence) or words.ORIGINAL.search(sentence))


def _is_as_given(clause: str) -> bool:
    return bool(words.AT_FIRST.search(clause)) and not words.REPAIRED.search(words.AT_FIRST.sub("", clause))


def is_gone(sentence: str) -> bool:
    """True when a sentence, looking back, tells that a failure of the build or the deployment does not show any more."""
    gone = bool(words.GONE.search(sentence)) and not words.META.search(sentence) and not words.RUNNING.search(sentence)
    return gone and (is_message(sentence) or _fails_at_a_step(sentence))


def is_excused(sentence: str) -> bool:
    """True when a sentence lays a failure on something else than the answer."""
    return bool(words.OUTSIDE.search(sentence)) or is_acquittal(sentence)


def is_acquittal(sentence: str) -> bool:
    """True when a sentence says outright that the answer was not at fault."""
    return bool(words.ACQUITTED.search(sentence))


def is_repaired(sentence: str) -> bool:
    """True when a sentence is about what came out after mending."""
    return bool(words.REPAIRED.search(sentence))


def is_open(sentence: str) -> bool:
    """True when a sentence tells of what could be, would be under a condition, or is so with models in general."""
    bare = _unquoted(sentence)
    return bool(words.HEARSAY.search(bare)) or any(_is_open_at(one, bare) for one in _clauses(bare))


def is_conjecture(sentence: str) -> bool:
    """True when the main clause of a sentence tells of what could be."""
    first = _clauses(_unquoted(sentence))[0]
    return bool(
        (words.MODAL.search(first) or words.MAY.search(first))
        or words.GENERIC.search(first)
        or (words.WOULD.search(first) and words.CONDITION.search(sentence))
        or words.HEARSAY.search(first)
        or sentence.endswith("?")
        or words.ADVICE.match(sentence)
    )


def is_observed(sentence: str) -> bool:
    """True when a failure is told as seen, with what was printed or in the past; false when it is concluded from the code."""
    return not words.WOULD.search(sentence) and (
        is_past(sentence)
        or is_message(sentence)
        or bool(words.NO_FOR_AN_ANSWER.search(sentence))
        or bool(words.STATUS.search(sentence))
    )


def is_past(sentence: str) -> bool:
    """True when a sentence tells of what happened, or of the answer in hand."""
    if re.search(r"\b(?:would|will|'ll)\b", sentence):
        return False
    return bool(
        words.LITERALLY.search(sentence)
        or re.search(
            r"\b(?:was|were|could not|couldn't|did|had|got|came|went|ended|failed|broke|threw|stopped|rolled|rejected|refused|answered|hung|ran|said|gave|died|exited)\b",
            sentence,
            re.I,
        )
    )


def came_up(sentence: str) -> bool:
    """True when a sentence tells that something was deployed, and not that it was after mending."""
    sentence = words.NO_CLAIM.sub("", sentence)
    parts = [one for one in _clauses(sentence) if words.SUCCESS.search(one) and words.DEPLOY.search(one)]
    if not parts or sentence.endswith("?") or words.ADVICE.match(sentence) or words.PRAISE.search(sentence):
        return False
    return not (_fails(sentence) or is_open(sentence) or is_repaired(sentence) or words.WOULD.search(sentence))


def is_hole(sentence: str, remedy: str = "") -> bool:
    """True when a sentence tells of a grave security hole as a fact; `remedy` is what was done about it."""
    if (
        sentence.endswith("?")
        or words.MAY.search(sentence)
        or re.search(r"\b(?:might|if|should)\b", sentence, re.I)
        or words.GENERIC.search(sentence)
    ):
        return False
    if words.POWER.search(sentence) and not words.NO.search(sentence[: words.POWER.search(sentence).start()]):  # type: ignore[union-attr]
        return True
    shown = re.search(r"\bpassw\w+(?: is| was| of|:| =)? ?[`\"'“]\w", sentence, re.I) or any(
        _is_near(found, words.SHOWN, sentence) for found in words.SECRETS.finditer(sentence)
    )
    moved = words.SECRETS.search(sentence) and re.search(
        r"\b(?:secrets ?manager|securestring|vault|rotated|generated)\b", remedy, re.I
    )
    if (shown or moved) and not re.search(r"\brotation\b", sentence, re.I):
        return True
    exposed = (
        found
        for found in words.PUBLIC.finditer(sentence)
        if not words.NO.search(sentence[: found.start()]) and not words.SHUT.match(sentence[found.end() :])
    )
    by_design = words.OPEN_BY_DESIGN.search(sentence)
    return any(_is_near(found, words.ASSETS, sentence) for found in exposed) and not by_design


def _is_near(found: re.Match[str], other: re.Pattern[str], sentence: str) -> bool:
    around = sentence[max(0, found.start() - 130) : found.start()] + " _ " + sentence[found.end() : found.end() + 130]
    return any(not words.NO.search(around[: one.start()]) for one in other.finditer(around))


# What is quoted at such a length, in characters, is more than a name.
_LONG = 12


def is_message(sentence: str) -> bool:
    """True when a sentence shows what a tool printed."""
    if words.MESSAGE.search(sentence):
        return True
    quoted = (next(filter(None, found.groups())) for found in words.QUOTED.finditer(sentence))
    return any(
        (len(text.split()) >= 3 and words.REFUSAL.search(text)) or re.match(r"\W*error\b", text, re.I)
        for text in quoted
        if len(text) >= _LONG
    )


def _failures(clause: str) -> Iterator[re.Match[str]]:
    """The predicates of failure that are neither negated nor part of a compound."""
    for found in words.FAILS.finditer(clause):
        before, after = clause[: found.start()], clause[found.end() :]
        part_of_a_noun = words.COMPOUND.match(after) or words.WATCHED.search(before) or _is_attribute(found, clause)
        if not (part_of_a_noun or words.NONE_AFTER.match(after) or words.NEGATED.search(before)):
            yield found
    yield from words.DOES_NOT.finditer(clause)


def _fails(clause: str) -> bool:
    return any(True for _ in _failures(clause))


def _is_astray(clause: str) -> bool:
    """True when something failed, and it is told neither what nor at which step."""
    nouns = re.compile(
        r"(?:errors?|failures?|invalid|malformed|broken|incompatible|unsupported|impossible|rollback|red|conflicts?)$",
        re.I,
    )
    told = (one for one in _failures(clause) if one.re is words.FAILS and not nouns.match(one[0]))
    return any(not re.search(r"\b(?:that|which|who) $", clause[: one.start()]) for one in told)


def _is_unreal(sentence: str) -> bool:
    # What the model did not know is no thing that does not exist.
    return any(
        not words.NEGATED.search(sentence[: found.start()])
        and not re.search(r"\b(?:model|answer|it)\b[^.;]*know$", sentence[: found.end()], re.I)
        for found in words.UNREAL.finditer(sentence)
    )


def _is_open_at(clause: str, sentence: str) -> bool:
    """True when one clause of a sentence tells of what could be."""
    if (
        words.MODAL.search(clause)
        or words.MAY.search(clause)
        or words.GENERIC.search(sentence)
        or (words.WOULD.search(clause) and words.CONDITION.search(sentence))
    ):
        return True
    return any(
        words.CONDITION.search(clause[: found.start()]) and not re.search(r"\b(?:was|were|had)\b", clause)
        for found in _failures(clause)
    )


def _unquoted(sentence: str) -> str:
    """Without what is quoted, commands excepted."""
    return words.QUOTED.sub(
        lambda found: (
            found[0]
            if len(found[0]) < _LONG + 2
            or re.match(r".(?:npx |\$ )?(?:cdk|cdktf|terraform|pulumi|npm|aws|tsc|create-)\b", found[0])
            else "_"
        ),
        sentence,
    )


def _is_attribute(found: re.Match[str], clause: str) -> bool:
    """True for a participle that only describes the noun behind it; "the failed deployment" is one that failed."""
    before, after = clause[: found.start()], clause[found.end() :]
    if not found[0].lower().endswith(("ed", "en", "failing")) or not words.AFTER_A_PARTICIPLE.match(after):
        return False
    if words.INDEFINITE.search(before):
        return True
    first = re.fullmatch(r"\W*(?:(?:[\w/]+ ?){1,2}: )?", before) and not found[0].lower().startswith("un")
    return (bool(first) or bool(words.BEFORE_A_PARTICIPLE.search(before))) and not words.STEP.match(after.lstrip())


def _fails_at_a_step(clause: str) -> bool:
    for found in _failures(clause):
        near = clause[max(0, found.start() - 90) : found.end() + 70]
        if words.STEP.search(near):
            return True
    return False


def _clauses(sentence: str) -> list[str]:
    return re.split(
        r"[;:]\s|\s(?:-|–|—|->|→)\s|,\s|\s(?:but|because|since|as|so|though|although|while|before|and)\s", sentence
    )
