"""The words by which files tell that a stack could not be built or deployed, or might not be, or could."""

from __future__ import annotations

import re

UNFILLED = re.compile(
    r"\binsert\b[^.\n]{0,30}\bhere\b|\bto be (?:filled|completed|added|determined|written)\b|\bTBD\b|\bTODO\b|\bFIXME\b|lorem ipsum|"
    r"\[(?:describe|brief|insert|your|add|issue|list|explain|title|description|name|fill|what|how|why|root cause|error|fix)[^\]\n]{0,80}\](?!\()|"
    r"<(?:describe|description|issue|title|fill|insert|your)[^>\n]{0,60}>|\bfill (?:in|this)\b|\bplaceholder text\b|\bcoming soon\b",
    re.I,
)
NOTHING_WRONG = re.compile(
    r"\bno (?:\w+ ){0,3}(?:failures?|issues?|errors?|problems?|changes?|fix(?:es)?|corrections?)\b[^.\n]{0,40}"
    r"(?:found|identified|needed|required|necessary|were made|observed|detected|$|\.)|"
    r"\b(?:response|answer|template|code|solution) (?:was|is) (?:perfect|flawless|(?:fully |entirely )?correct as (?:is|given))\b|"
    r"\bnone\s*(?:found|identified|observed)?\s*\.?$",
    re.I | re.M,
)
TRIVIAL = re.compile(
    r"\b(?:no fix(?:es)? (?:was |were )?(?:needed|required)|none required|implementation was correct|already correct|no issue)\b",
    re.I,
)
SPECULATIVE_FRAME = re.compile(
    r"\b(?:potential|possible|hypothetical|example|anticipated|expected|likely|common|typical|theoretical)\s+(?:\w+\s+){0,2}"
    r"(?:failures?|issues?|errors?|problems?|mistakes?|pitfalls?|failure modes?|failure points?)\b|"
    r"\b(?:a|the|some|an?y|other|llm|ai)?\s*models? (?:may|might|could|can|would|tend to|often|typically)\b|\bmight (?:fail|struggle|get wrong)\b|"
    r"\bfailure (?:modes|scenarios?)\b|\blikely to (?:fail|forget|miss|get)\b|\bscenarios? (?:in which|where)\b",
    re.I,
)
MODAL = re.compile(
    r"\b(?:could(?! not)|might|may|can (?:lead|cause|result)|potential(?:ly)?|possibl[ey]|risk(?:s|ed|ing|y)?|perhaps)\b",
    re.I,
)

STEP = r"(?:deploy\w*|cloudformation|change ?sets?|stack (?:creat\w+|update|deploy\w*|operation)|synth\w*|builds?\b|compil\w+|template validation|validation of the template|terraform (?:init|plan|apply)|pulumi (?:up|preview)|cdk (?:synth|deploy)|provision\w*|resource creation|transpil\w+)"
FAILS = (
    r"(?:fail\w*|error(?:s|ed)?\b|block(?:s|ed|er|ers|ing)?\b|prevent\w*|reject\w*|refus\w*|abort\w*|time[ds]?[- ]?outs?|timing out|"
    r"broke\w*|break\w*|impossible|not possible|roll(?:s|ed)? ?back|crash\w*|unable|cannot|can't|won't|stuck|hang\w*|hung|stop(?:s|ped)\b|"
    r"kept \w+ \w+ from)"
)
STEP_FAILS = re.compile(rf"\b{STEP}\b[^.\n]{{0,70}}?\b{FAILS}|\b{FAILS}[^.,\n]{{0,50}}?\b{STEP}", re.I)
ERROR_TOKEN = re.compile(
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
DURING = re.compile(
    r"\b(?:caus\w+|rais\w+|threw|got|gave|return\w*|hit|errors?|conflict\w*|refus\w*|reject\w*|complain\w*|invalid\w*)\b[^.\n]{0,100}"
    r"\b(?:during|at|on|in) (?:the )?(?:first )?(?:stack (?:creation|update)|deployment|synth\w*|build|compilation|creation|provisioning)\b",
    re.I,
)
LIMITS = re.compile(
    r"\bexceed(?:s|ed|ing)\b[^.\n]{0,40}\b(?:characters?|length|bytes)\b|\bcircular (?:dependenc|reference)|"
    r"\bmissing (?:a |an |the )?(?:required|mandatory) (?:\w+ )?(?:propert|parameter|argument|field|key)|"
    r"\bduplicate (?:logical ids?|resources?|keys?|exports?|constructs?)\b|"
    r"\b(?:runtime|engine(?: version)?|engineversion|instance (?:type|class)|version)\b[^.\n]{0,40}\b(?:not (?:supported|available)|"
    r"unavailable|no longer supported|unsupported)\b|"
    r"\b(?:rejected|refused) by (?:aws|cloudformation|the service)\b|\b(?:aws|cloudformation|cloudtrail|iam|terraform|the service|the api)\s+(?:rejected|refused|complained)\b",
    re.I,
)
INVALID_CODE = re.compile(
    r"\b(?:propert(?:y|ies)|attributes?|parameters?|arguments?|class(?:es)?|methods?|modules?|packages?|imports?|enum|constructs?|resource types?|values?|syntax|keys?|functions?)\b"
    r"[^.\n]{0,60}\b(?:(?:does|do|did)(?:n't| not) exist|(?:is|are|was|were) (?:not (?:a )?(?:valid|supported|recogni[sz]ed|available|defined)|invalid|unsupported|undefined|nonexistent|non-existent))|"
    r"\b(?:non-?existent|invalid|unsupported|incorrect|wrong|unknown|undefined)\s+(?:\w+\s+){0,3}(?:propert(?:y|ies)|attributes?|parameter names?|class(?: names?)?|methods?|modules?|imports?|enum|resource types?|syntax|json|yaml|template|intrinsic)\b|"
    r"\bnot a valid\b[^.\n]{0,40}\b(?:property|attribute|parameter|type|value|template|json|yaml)\b|\bsyntax errors?\b|\b(?:import|type|compil\w+) errors?\b|\btypescript errors?\b",
    re.I,
)
PLAIN_BLOCK = re.compile(
    r"\bblocker\s*:?\s*yes\b|\bdeployment[- ]block(?:er|ing)s?\b|\bundeployable\b|\bnot deployable\b|"
    r"\bcould not be (?:deployed|built|synthesi[sz]ed|created)\b|\b(?:stack|deployment|update|creation)\b[^.\n]{0,40}\broll(?:s|ed) ?back\b|"
    r"\b(?:did|does|would|could|will)(?:n't| not)\s+(?:even\s+)?(?:compile|build|deploy|synth\w*|validate|parse)\b|"
    r"\b(?:program|app|application|entry ?point|code|project|script)\b[^.\n]{0,30}\b(?:did|does|would|could|will)(?:n't| not) (?:start|run|load|import|resolve)\b|"
    r"\bun(?:parsable|parseable|deployable)\b|\b(?:creation|deployment|update)\b[^.\n]{0,30}\b(?:was|were|is) (?:denied|refused)\b",
    re.I,
)
NEVER = re.compile(
    r"\b(?:would|will|can|could) never\s+(?:\w+\s+)?(?:validate|complete|succeed|finish|stabili[sz]e|be created|be deployed|deploy|resolve|work|start)\b",
    re.I,
)
NOT_SO = re.compile(
    r"\bnothing (?:\w+ )?(?:kept|stopped|prevented|blocked|failed|broke)\b|"
    r"\b(?:no|not|never|without|nor|none|neither|zero|0)\s+(?:\w+\s+){0,3}?(?:deploy\w*|build|synth\w*|compil\w*|block\w*|fail\w*|error\w*|prevent\w*|issues?|critical|impact|cause)|"
    r"\b(?:did|does|do|would|will|was|were|is|are)(?:n't| not)\s+(?:\w+\s+){0,2}?(?:block|prevent|fail|affect|break|cause|stop|impact)\w*|"
    r"\bblocker\s*:?\s*no\b|\bdeploy\w*(?: impact)?\s*:?\s*(?:none|no\b|n/a|low|minimal|successful)|"
    r"\bdeploy(?:s|ed|ment)?\b[^.\n]{0,40}\b(?:success\w*|fine|cleanly|works?|worked|passes|passed|ok)\b|\bsuccessful\w*\s+(?:deploy|build|synth)\w*(?! (?:was|is|were) (?:prevented|blocked|impossible))|"
    r"\b(?:still|also) (?:deploys?|builds?|synthesi[sz]es|works?)\b",
    re.I,
)
# "prevented successful deployment" is no success.
SO_ALL_THE_SAME = re.compile(
    r"(?<!not )(?<!n't )\b(?:prevent\w*|block\w*|preclud\w*|fail\w*|cannot|could not|would not)\b[^.\n]{0,30}\bsuccess\w*|"
    r"\b(?:cannot|can't|(?:would|could|did|does|will)(?:n't| not)|would never)\s+(?:be\s+)?(?:successfully\s+)?"
    r"(?:deploy|build|built|compile|synth)\w*",
    re.I,
)
ATTEMPTS = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|[2-9]|\d{2,}) (?:failed |unsuccessful )?deploy\w* attempts\b|\bdeploy\w* attempts?\b[^.\n]{0,10}\d+ failed|"
    r"\b(?:on|at|after|in) (?:the )?(?:second|third|fourth|fifth|[2-9](?:nd|rd|th)) (?:deploy\w* )?(?:attempt|try)\b",
    re.I,
)
BLOCKER = re.compile(r"\bblock(?:er|ing)\b", re.I)
ERROR_LABEL = re.compile(r"^\W*error(?: messages?| text| log)?\b[^:]{0,20}:\W*\S", re.I)
# What a tool or a service answered, quoted: a few words with a refusal in them.
QUOTED = re.compile(r"[\"\u201c]([^\"\u201c\u201d\n]{15,300})[\"\u201d]|`([^`\n]{15,300})`|'([^'\n]{15,300})'")
REFUSAL = re.compile(
    r"\b(?:cannot|can't|could not|unable to|conflicts?|invalid|denied|must (?:be|have|not|specify)|is required|"
    r"(?:is|are|was) not (?:found|valid|allowed|supported|permitted|available|authorized)|does(?:n't| not) (?:exist|contain|match|support|have)|"
    r"not found|already (?:exists|in use)|failed|unexpected|unknown|unsupported)\b",
    re.I,
)
LINT_WORDS = re.compile(
    r"\b(?:pylint|eslint|flake8|prettier|ruff|W\d{4}|[CR]\d{4}|line too long|trailing|unused|warning)\b", re.I
)
WARNS = re.compile(r"\bwarn(?:s|ed|ings?)\b|\bdeprecat\w+", re.I)
CALM = re.compile(
    r"\b(?:two|three|four|few|some|several|\d+|a couple of) (?:\w+ )?(?:small|minor|stylistic|cosmetic|trivial)(?: \w+)? (?:changes?|improvements?|adjustments?|points?|issues?)|"
    r"\bmet all (?:\w+ )?requirements\b|\b(?:correct|worked|deployed|deploys)\b[^.\n]{0,40}\bwithout (?:errors?|issues?|problems?|changes?)\b",
    re.I,
)
PREVENTIVE = re.compile(
    r"\b(?:to|helps?|in order to|for) (?:prevent|avoid|ensure|reduce)\w*\b|\b(?:preventing|avoiding|ensuring)\b", re.I
)
ENVIRONMENT = re.compile(
    r"\bquotas?\b|account(?:'s)? limit|environmental (?:issue|problem)|not a template|deployment user|service limit|limit exceeded in this account|sandbox account",
    re.I,
)
RUNTIME = re.compile(
    r"\b(?:at|during) (?:run ?time|invocation|execution)\b|\bwhen invoked\b|\bruntime (?:error|failure)|\bRuntime\.\w+",
    re.I,
)
TEST_SENTENCE = re.compile(
    r"\b(?:unit|integration|e2e|jest|pytest|failing|initial)?[- ]?tests?\b|\bcoverage\b|\bassertion\b", re.I
)
SECURITY = re.compile(
    r"\b(?:security|encrypt\w*|unencrypted|kms|iam|least[- ]privilege|over-?permissive|wildcards?|public(?:ly)? access\w*|credentials?|secrets?|passwords?|hipaa|pci|compliance|tls|https|authenticat\w+|authori[sz]ation|security groups?|0\.0\.0\.0/0|plaintext|vulnerab\w+)\b",
    re.I,
)
OPEN_DOOR = re.compile(
    r"\bhard-?coded (?:\w+ ){0,2}(?:passwords?|credentials?|secrets?|access keys?|api keys?)\b|\bpublicly accessible (?:database|rds|bucket|instance)\b|"
    r"\b(?:database|rds|bucket|ssh|port 22)\b[^.\n]{0,40}\b(?:open to the (?:world|internet)|publicly (?:readable|writable|accessible))|\bplaintext (?:passwords?|credentials?|secrets?)\b",
    re.I,
)
BIG = re.compile(r"^(?:critical|high|blocker|severe|major)\b", re.I)
BIG_SECTION = re.compile(
    r"^(?:critical|high)(?:[- ](?:severity|impact|priority|level))? (?:failures?|issues?|severity)\b", re.I
)
ONLY_MINOR = re.compile(
    r"\b(?:only|all|just)\s+(?:\w+\s+){0,3}(?:minor|cosmetic|small|trivial|low(?:[- ]severity)?|stylistic)\b|\bno (?:critical|major|blocking|deployment)(?:[- ]\w+)? (?:failures?|issues?|errors?|problems?)\b|\bdeployed (?:successfully )?(?:on|at) (?:the )?first (?:attempt|try)\b|\b0 critical\b",
    re.I,
)
