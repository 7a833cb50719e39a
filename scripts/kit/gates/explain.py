"""Reading MODEL_FAILURES files that were written elsewhere: minimal issues, deployment issues, or undecidable."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from kit.errors import Failure
from kit.gates import failures_text
from kit.gates.failures_text import Document, Item, sentences

MINIMAL, DEPLOYMENT, UNDECIDABLE = "minimal", "deployment", "undecidable"
STUB, ERROR_LOG, HYPOTHETICAL, IMPACT, LIST = (
    "stub",
    "error log",
    "hypothetical",
    "impact-level template",
    "issue/fix list",
)

_UNFILLED = re.compile(
    r"\binsert\b[^.\n]{0,30}\bhere\b|\bto be (?:filled|completed|added|determined|written)\b|\bTBD\b|\bTODO\b|\bFIXME\b|lorem ipsum|"
    r"\[(?:describe|brief|insert|your|add|issue|list|explain|title|description|name|fill|what|how|why|root cause|error|fix)[^\]\n]{0,80}\](?!\()|"
    r"<(?:describe|description|issue|title|fill|insert|your)[^>\n]{0,60}>|\bfill (?:in|this)\b|\bplaceholder text\b|\bcoming soon\b",
    re.I,
)
_NOTHING_WRONG = re.compile(
    r"\bno (?:\w+ ){0,3}(?:failures?|issues?|errors?|problems?|changes?|fix(?:es)?|corrections?)\b[^.\n]{0,40}"
    r"(?:found|identified|needed|required|necessary|were made|observed|detected|$|\.)|"
    r"\b(?:response|answer|template|code|solution) (?:was|is) (?:perfect|flawless|(?:fully |entirely )?correct as (?:is|given))\b|"
    r"\bnone\s*(?:found|identified|observed)?\s*\.?$",
    re.I | re.M,
)
_TRIVIAL = re.compile(
    r"\b(?:no fix(?:es)? (?:was |were )?(?:needed|required)|none required|implementation was correct|already correct|no issue)\b",
    re.I,
)
_SPECULATIVE_FRAME = re.compile(
    r"\b(?:potential|possible|hypothetical|example|anticipated|expected|likely|common|typical|theoretical)\s+(?:\w+\s+){0,2}"
    r"(?:failures?|issues?|errors?|problems?|mistakes?|pitfalls?|failure modes?|failure points?)\b|"
    r"\b(?:a|the|some|an?y|other|llm|ai)?\s*models? (?:may|might|could|can|would|tend to|often|typically)\b|\bmight (?:fail|struggle|get wrong)\b|"
    r"\bfailure (?:modes|scenarios?)\b|\blikely to (?:fail|forget|miss|get)\b|\bscenarios? (?:in which|where)\b",
    re.I,
)
_MODAL = re.compile(
    r"\b(?:could(?! not)|might|may|can (?:lead|cause|result)|potential(?:ly)?|possibl[ey]|risk(?:s|ed|ing|y)?|perhaps)\b",
    re.I,
)

_STEP = r"(?:deploy\w*|cloudformation|change ?sets?|stack (?:creat\w+|update|deploy\w*|operation)|synth\w*|builds?\b|compil\w+|template validation|validation of the template|terraform (?:init|plan|apply)|pulumi (?:up|preview)|cdk (?:synth|deploy)|provision\w*|resource creation|transpil\w+)"
_FAILS = (
    r"(?:fail\w*|error(?:s|ed)?\b|block(?:s|ed|er|ers|ing)?\b|prevent\w*|reject\w*|refus\w*|abort\w*|time[ds]?[- ]?outs?|timing out|"
    r"broke\w*|break\w*|impossible|not possible|roll(?:s|ed)? ?back|crash\w*|unable|cannot|can't|won't|stuck|hang\w*|hung|stop(?:s|ped)\b|"
    r"kept \w+ \w+ from)"
)
_STEP_FAILS = re.compile(rf"\b{_STEP}\b[^.\n]{{0,70}}?\b{_FAILS}|\b{_FAILS}[^.,\n]{{0,50}}?\b{_STEP}", re.I)
_ERROR_TOKEN = re.compile(
    r"\b(?:CREATE|UPDATE|DELETE)_FAILED\b|\b(?:UPDATE_)?ROLLBACK(?:_\w+)?\b|\bResource handler returned message\b|"
    r"\bextraneous key\b|\bis not permitted\b|\bdoes not match pattern\b|\bPropert(?:y|ies) validation (?:failed|failure)\b|"
    r"\b(?:Template|Model) validation (?:failed|error)\b|\bEncountered unsupported property\b|\bRequires capabilities\b|"
    r"\bE[123]\d{3}\b|\bTS\d{4}\b|\bUnresolved resource dependenc|\bCircular dependency\b|\bTemplate format error\b|\bTemplate error\b|"
    r"\bInvalid(?:Request|Parameter\w*|\w+)Exception\b|\bValidationE(?:rror|xception)\b|\bInvalidRequest\b|\bAlreadyExistsException\b|\balready exists\b|"
    r"\bStatus Code: [45]\d\d\b|\bexit (?:code|status) [1-9]\d*\b|\bnpm ERR!|\berror TS\b|\bSyntaxError\b|\bModuleNotFoundError\b|\bImportError\b|"
    r"\bTypeError\b|\bAttributeError\b|\bNameError\b|\bReferenceError\b|\bCannot find (?:module|name)\b|\bNo module named\b|\bjsii\.errors\b|"
    r"\bExtraneous JSON object\b|\bUnsupported (?:argument|block type)\b|\bInvalid value for\b|\bInvalidBucket\w*\b|\b\w+NotFoundException\b|"
    r"\b[A-Z]\w*(?:Error|Exception): ",
)
_DURING = re.compile(
    r"\b(?:caus\w+|rais\w+|threw|got|gave|return\w*|hit|errors?|conflict\w*|refus\w*|reject\w*|complain\w*|invalid\w*)\b[^.\n]{0,100}"
    r"\b(?:during|at|on|in) (?:the )?(?:first )?(?:stack (?:creation|update)|deployment|synth\w*|build|compilation|creation|provisioning)\b",
    re.I,
)
_LIMITS = re.compile(
    r"\bexceed(?:s|ed|ing)\b[^.\n]{0,40}\b(?:characters?|length|bytes)\b|\bcircular (?:dependenc|reference)|"
    r"\bmissing (?:a |an |the )?(?:required|mandatory) (?:\w+ )?(?:propert|parameter|argument|field|key)|"
    r"\bduplicate (?:logical ids?|resources?|keys?|exports?|constructs?)\b|"
    r"\b(?:runtime|engine(?: version)?|engineversion|instance (?:type|class)|version)\b[^.\n]{0,40}\b(?:not (?:supported|available)|"
    r"unavailable|no longer supported|unsupported)\b|"
    r"\b(?:rejected|refused) by (?:aws|cloudformation|the service)\b|\b(?:aws|cloudformation|cloudtrail|iam|terraform|the service|the api)\s+(?:rejected|refused|complained)\b",
    re.I,
)
_INVALID_CODE = re.compile(
    r"\b(?:propert(?:y|ies)|attributes?|parameters?|arguments?|class(?:es)?|methods?|modules?|packages?|imports?|enum|constructs?|resource types?|values?|syntax|keys?|functions?)\b"
    r"[^.\n]{0,60}\b(?:(?:does|do|did)(?:n't| not) exist|(?:is|are|was|were) (?:not (?:a )?(?:valid|supported|recogni[sz]ed|available|defined)|invalid|unsupported|undefined|nonexistent|non-existent))|"
    r"\b(?:non-?existent|invalid|unsupported|incorrect|wrong|unknown|undefined)\s+(?:\w+\s+){0,3}(?:propert(?:y|ies)|attributes?|parameter names?|class(?: names?)?|methods?|modules?|imports?|enum|resource types?|syntax|json|yaml|template|intrinsic)\b|"
    r"\bnot a valid\b[^.\n]{0,40}\b(?:property|attribute|parameter|type|value|template|json|yaml)\b|\bsyntax errors?\b|\b(?:import|type|compil\w+) errors?\b|\btypescript errors?\b",
    re.I,
)
_PLAIN_BLOCK = re.compile(
    r"\bblocker\s*:?\s*yes\b|\bdeployment[- ]block(?:er|ing)s?\b|\bundeployable\b|\bnot deployable\b|"
    r"\bcould not be (?:deployed|built|synthesi[sz]ed|created)\b|\b(?:stack|deployment|update|creation)\b[^.\n]{0,40}\broll(?:s|ed) ?back\b|"
    r"\b(?:did|does|would|could|will)(?:n't| not)\s+(?:even\s+)?(?:compile|build|deploy|synth\w*|validate|parse)\b|"
    r"\b(?:program|app|application|entry ?point|code|project|script)\b[^.\n]{0,30}\b(?:did|does|would|could|will)(?:n't| not) (?:start|run|load|import|resolve)\b|"
    r"\bun(?:parsable|parseable|deployable)\b|\b(?:creation|deployment|update)\b[^.\n]{0,30}\b(?:was|were|is) (?:denied|refused)\b",
    re.I,
)
_NEVER = re.compile(
    r"\b(?:would|will|can|could) never\s+(?:\w+\s+)?(?:validate|complete|succeed|finish|stabili[sz]e|be created|be deployed|deploy|resolve|work|start)\b",
    re.I,
)
_NOT_SO = re.compile(
    r"\bnothing (?:\w+ )?(?:kept|stopped|prevented|blocked|failed|broke)\b|"
    r"\b(?:no|not|never|without|nor|none|neither|zero|0)\s+(?:\w+\s+){0,3}?(?:deploy\w*|build|synth\w*|compil\w*|block\w*|fail\w*|error\w*|prevent\w*|issues?|critical|impact|cause)|"
    r"\b(?:did|does|do|would|will|was|were|is|are)(?:n't| not)\s+(?:\w+\s+){0,2}?(?:block|prevent|fail|affect|break|cause|stop|impact)\w*|"
    r"\bblocker\s*:?\s*no\b|\bdeploy\w*(?: impact)?\s*:?\s*(?:none|no\b|n/a|low|minimal|successful)|"
    r"\bdeploy(?:s|ed|ment)?\b[^.\n]{0,40}\b(?:success\w*|fine|cleanly|works?|worked|passes|passed|ok)\b|\bsuccessful\w*\s+(?:deploy|build|synth)\w*(?! (?:was|is|were) (?:prevented|blocked|impossible))|"
    r"\b(?:still|also) (?:deploys?|builds?|synthesi[sz]es|works?)\b",
    re.I,
)
# "prevented successful deployment" is no success.
_SO_ALL_THE_SAME = re.compile(
    r"(?<!not )(?<!n't )\b(?:prevent\w*|block\w*|preclud\w*|fail\w*|cannot|could not|would not)\b[^.\n]{0,30}\bsuccess\w*|"
    r"\b(?:cannot|can't|(?:would|could|did|does|will)(?:n't| not)|would never)\s+(?:be\s+)?(?:successfully\s+)?"
    r"(?:deploy|build|built|compile|synth)\w*",
    re.I,
)
_ATTEMPTS = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|[2-9]|\d{2,}) (?:failed |unsuccessful )?deploy\w* attempts\b|\bdeploy\w* attempts?\b[^.\n]{0,10}\d+ failed|"
    r"\b(?:on|at|after|in) (?:the )?(?:second|third|fourth|fifth|[2-9](?:nd|rd|th)) (?:deploy\w* )?(?:attempt|try)\b",
    re.I,
)
_BLOCKER = re.compile(r"\bblock(?:er|ing)\b", re.I)
_ERROR_LABEL = re.compile(r"^\W*error(?: messages?| text| log)?\b[^:]{0,20}:\W*\S", re.I)
# What a tool or a service answered, quoted: a few words with a refusal in them.
_QUOTED = re.compile(r"[\"\u201c]([^\"\u201c\u201d\n]{15,300})[\"\u201d]|`([^`\n]{15,300})`|'([^'\n]{15,300})'")
_REFUSAL = re.compile(
    r"\b(?:cannot|can't|could not|unable to|conflicts?|invalid|denied|must (?:be|have|not|specify)|is required|"
    r"(?:is|are|was) not (?:found|valid|allowed|supported|permitted|available|authorized)|does(?:n't| not) (?:exist|contain|match|support|have)|"
    r"not found|already (?:exists|in use)|failed|unexpected|unknown|unsupported)\b",
    re.I,
)
_LINT_WORDS = re.compile(
    r"\b(?:pylint|eslint|flake8|prettier|ruff|W\d{4}|[CR]\d{4}|line too long|trailing|unused|warning)\b", re.I
)
_WARNS = re.compile(r"\bwarn(?:s|ed|ings?)\b|\bdeprecat\w+", re.I)
_CALM = re.compile(
    r"\b(?:two|three|four|few|some|several|\d+|a couple of) (?:\w+ )?(?:small|minor|stylistic|cosmetic|trivial)(?: \w+)? (?:changes?|improvements?|adjustments?|points?|issues?)|"
    r"\bmet all (?:\w+ )?requirements\b|\b(?:correct|worked|deployed|deploys)\b[^.\n]{0,40}\bwithout (?:errors?|issues?|problems?|changes?)\b",
    re.I,
)
_PREVENTIVE = re.compile(
    r"\b(?:to|helps?|in order to|for) (?:prevent|avoid|ensure|reduce)\w*\b|\b(?:preventing|avoiding|ensuring)\b", re.I
)
_ENVIRONMENT = re.compile(
    r"\bquotas?\b|account(?:'s)? limit|environmental (?:issue|problem)|not a template|deployment user|service limit|limit exceeded in this account|sandbox account",
    re.I,
)
_RUNTIME = re.compile(
    r"\b(?:at|during) (?:run ?time|invocation|execution)\b|\bwhen invoked\b|\bruntime (?:error|failure)|\bRuntime\.\w+",
    re.I,
)
_TEST_SENTENCE = re.compile(
    r"\b(?:unit|integration|e2e|jest|pytest|failing|initial)?[- ]?tests?\b|\bcoverage\b|\bassertion\b", re.I
)
_SECURITY = re.compile(
    r"\b(?:security|encrypt\w*|unencrypted|kms|iam|least[- ]privilege|over-?permissive|wildcards?|public(?:ly)? access\w*|credentials?|secrets?|passwords?|hipaa|pci|compliance|tls|https|authenticat\w+|authori[sz]ation|security groups?|0\.0\.0\.0/0|plaintext|vulnerab\w+)\b",
    re.I,
)
_OPEN_DOOR = re.compile(
    r"\bhard-?coded (?:\w+ ){0,2}(?:passwords?|credentials?|secrets?|access keys?|api keys?)\b|\bpublicly accessible (?:database|rds|bucket|instance)\b|"
    r"\b(?:database|rds|bucket|ssh|port 22)\b[^.\n]{0,40}\b(?:open to the (?:world|internet)|publicly (?:readable|writable|accessible))|\bplaintext (?:passwords?|credentials?|secrets?)\b",
    re.I,
)
_BIG = re.compile(r"^(?:critical|high|blocker|severe|major)\b", re.I)
_BIG_SECTION = re.compile(
    r"^(?:critical|high)(?:[- ](?:severity|impact|priority|level))? (?:failures?|issues?|severity)\b", re.I
)
_ONLY_MINOR = re.compile(
    r"\b(?:only|all|just)\s+(?:\w+\s+){0,3}(?:minor|cosmetic|small|trivial|low(?:[- ]severity)?|stylistic)\b|\bno (?:critical|major|blocking|deployment)(?:[- ]\w+)? (?:failures?|issues?|errors?|problems?)\b|\bdeployed (?:successfully )?(?:on|at) (?:the )?first (?:attempt|try)\b|\b0 critical\b",
    re.I,
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
    if not document.items and not any(
        _says_nothing_big(one) for one in sentences([*document.frame, *document.afterwards])
    ):
        return Explained(
            UNDECIDABLE, style, ["no issue could be read from it, and it does not say that there was none"]
        )
    return Explained(MINIMAL, style, _calm(document))


def _unfilled(text: str, document: Document) -> str:
    prose = re.sub(r"(?s)```.*?```", "", text)
    placeholder = _UNFILLED.search(prose)
    words = len(re.findall(r"\w+", prose))
    told = [item for item in document.items if item.wrong and item.done]
    if words < 12 and not told and not _NOTHING_WRONG.search(prose) and not _ERROR_TOKEN.search(text):
        return f"{words} words: nothing is told"
    if placeholder and (words < 80 or len(_UNFILLED.findall(prose)) > max(1, len(document.items) // 2)):
        return f"unfilled: {_quote(placeholder[0])}"
    bare = [item for item in document.items if not item.wrong and not item.done and len(item.title.split()) <= 8]
    if document.items and len(bare) == len(document.items) and not document.frame:
        return "titles without a word about what was wrong"
    return ""


def _style(document: Document) -> str:
    if _is_hypothetical(document):
        return HYPOTHETICAL
    if sum(bool(item.severity) for item in document.items) * 2 >= max(1, len(document.items)):
        return IMPACT
    if document.labelled < 2 and len(_ERROR_TOKEN.findall(document.raw)) >= 2:
        return ERROR_LOG
    return LIST


def _is_hypothetical(document: Document) -> bool:
    frame = " ".join([document.raw.strip().splitlines()[0], *document.frame[:6]])
    speculative = sum(bool(_SPECULATIVE_FRAME.search(item.told) or _first_is_modal(item)) for item in document.items)
    if document.items and speculative * 2 > len(document.items):
        return True
    facts = any(item.wrong and item.done for item in document.items)
    return bool(_SPECULATIVE_FRAME.search(frame)) and (speculative > 0 or not facts)


def _first_is_modal(item: Item) -> bool:
    first = next(sentences(item.wrong), item.title)
    return bool(_MODAL.search(first))


def _evidence(document: Document) -> tuple[list[str], list[str]]:
    """Stated blockers, and blockers told as possibilities only."""
    blocks: list[str] = []
    maybes: list[str] = []
    for item in document.items:
        if _is_big_security(item):
            blocks.append(f"{item.title}: security at {item.severity or 'critical or high'}")
        if _BLOCKER.search(f"{item.title} {item.severity}") and not item.is_about_tests:
            maybes.append(f"{item.title}: called a blocker")
        told = list(sentences([item.title, *item.wrong]))
        for sentence in told:
            found = _blocking(sentence, item.is_about_tests)
            if found == "stated":
                blocks.append(f"{item.title}: {_quote(sentence)}")
            elif found == "possible":
                maybes.append(f"{item.title}: only a possibility: {_quote(sentence)}")
    for sentence in sentences(document.frame):
        if _blocking(sentence, False) == "stated":
            blocks.append(f"summary: {_quote(sentence)}")
    return blocks, maybes


def _blocking(sentence: str, about_tests: bool) -> str:
    """`stated`, `possible` or "": what a sentence tells about building and deploying."""
    if _ENVIRONMENT.search(sentence):
        return ""
    if _OPEN_DOOR.search(sentence):
        return "stated"
    fails = any(pattern.search(sentence) for pattern in (_STEP_FAILS, _PLAIN_BLOCK, _NEVER, _ATTEMPTS, _DURING))
    token = _ERROR_TOKEN.search(sentence)
    invalid = _INVALID_CODE.search(sentence) or _LIMITS.search(sentence)
    message = (_ERROR_LABEL.match(sentence) or _quotes_a_refusal(sentence)) and not _LINT_WORDS.search(sentence)
    if not (fails or token or invalid or message):
        return ""
    if _WARNS.search(sentence) and not token and not _STEP_FAILS.search(sentence):
        return ""
    if about_tests or (_TEST_SENTENCE.search(sentence) and not fails):
        return ""
    if _NOT_SO.search(sentence) and not _SO_ALL_THE_SAME.search(sentence) and not token:
        return ""
    if _RUNTIME.search(sentence) and not fails:
        return ""
    if _PREVENTIVE.search(sentence) and not token:
        return ""
    modal = _MODAL.search(sentence)
    if modal and not token and not _PLAIN_BLOCK.search(sentence):
        return "possible"
    return "stated"


def _quotes_a_refusal(sentence: str) -> bool:
    quoted = (next(filter(None, match.groups())) for match in _QUOTED.finditer(sentence))
    return any(len(words.split()) >= 4 and _REFUSAL.search(words) for words in quoted)


def _is_big_security(item: Item) -> bool:
    section = item.section.rpartition(" / ")[2]
    big = bool(_BIG.match(item.severity)) or (not item.severity and bool(_BIG_SECTION.match(section)))
    return big and bool(_SECURITY.search(item.title)) and not item.is_about_tests


def _doubts(document: Document, style: str, blocks: list[str]) -> list[str]:
    found = []
    if style == HYPOTHETICAL:
        found.append("it tells what could go wrong, not what did")
    trivial = [item for item in document.items if _TRIVIAL.search(" ".join([*item.wrong, *item.done]))]
    if trivial and len(trivial) * 2 > len(document.items):
        found.append(f"{len(trivial)} of {len(document.items)} issues say themselves that nothing was to be mended")
    overall = [*document.frame, *document.afterwards]
    calm = next((one for one in sentences(overall) if _ONLY_MINOR.search(one)), "")
    if calm and blocks and not _is_about_the_mended(calm):
        found.append(f"it contradicts itself: {_quote(calm)}, but {blocks[0]}")
    if document.items and _claims_perfection(document) and not trivial:
        found.append("it contradicts itself: nothing was wrong, and yet there are issues")
    return found


def _claims_perfection(document: Document) -> bool:
    return any(_NOTHING_WRONG.search(one) and not _ONLY_MINOR.search(one) for one in sentences(document.frame[:8]))


def _says_nothing_big(sentence: str) -> bool:
    return any(pattern.search(sentence) for pattern in (_NOTHING_WRONG, _ONLY_MINOR, _CALM))


def _is_about_the_mended(sentence: str) -> bool:
    return bool(
        re.search(r"\b(?:after|now|final|fixed|mended|corrected|ideal|all (?:of )?(?:the )?issues)\b", sentence, re.I)
    )


def _calm(document: Document) -> list[str]:
    if not document.items:
        return ["it says that nothing had to be mended, or only small things"]
    return [f"{len(document.items)} issues, none of which kept the stack from being built or deployed"]


def _quote(text: str) -> str:
    plain = " ".join(text.split())
    return f'"{plain}"' if len(plain) <= 140 else f'"{plain[:137]}..."'
