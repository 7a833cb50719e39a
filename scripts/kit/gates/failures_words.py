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
    r"^\W*none (?:whatsoever|at all)\b|\bflawless (?:answer|response|template|code)\b|\bnone\s*(?:found|identified|observed)?\s*\.?$",
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
    r"\b[A-Z][a-z]\w*(?:Error|Exception|Fault)\b|\bInvalid[A-Z]\w+|\b[A-Z]\w+\.(?:NotFound|Malformed|Duplicate|InUse|InvalidState|Conflict|Unsupported|LimitExceeded)\b",
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
    r"\b(?:cannot|can't|could not|unable to|conflicts?|invalid|denied|must \w+|is required|"
    r"(?:is|are|was) not (?:found|valid|allowed|supported|permitted|available|authorized)|does(?:n't| not) (?:exist|contain|match|support|have)|"
    r"incorrect|expected|detected|missing|required|duplicate|only|not found|there is already|maximum|at most|exceed\w*|no longer|(?:do|does|did)(?:n't| not)|already (?:exists|in use)|failed|unexpected|unknown|unsupported)\b",
    re.I,
)
LINT_WORDS = re.compile(
    r"\b(?:pylint|eslint|flake8|prettier|ruff|W\d{4}|[CR]\d{4}|line too long|trailing|unused|warning)\b", re.I
)
# Who can refuse a stack, and how refusing is told: the words between them are the author's own.
ACTOR = (
    r"(?:aws|amazon|ec2|rds|aurora|iam|s3|lambda|eks|ecs|kms|sns|sqs|acm|waf|route ?53|cloud ?front|cloud ?formation|cdk|cdktf|"
    r"terraform|pulumi|config|step functions|api ?gateway|dynamo ?db|opensearch|elasticache|redshift|cognito|event ?bridge|"
    r"tsc|npm|node|python|pip|jsii|typescript|yaml|json|cfn-lint|"
    r"the (?:\w+ )?(?:service|api|parser|provider|compiler|interpreter|engine|region|template|app|program|stack|deploy\w*|build|"
    r"synth\w*|launch|rollout|pipeline|console|account|change ?set|validator|validation|module|import))"
)
_REFUSING = (
    r"(?:reject\w*|refus\w*|turn(?:s|ed) (?:\w+ ){0,4}(?:down|away)|complain\w*|object(?:s|ed) to|g[ai]ve(?:s|n)? up|balk\w*|"
    r"chok\w*|threw|throws|die[sd]|bail\w*|abort\w*|quit|quits|barf\w*|croak\w*|(?:answer|respond|repli|fail|end|came back|come[s]? back)\w* with|"
    r"return(?:s|ed) (?:an? |the )?(?:[45]\d\d|errors?|\w*Exception|Invalid\w+|\w*Fault)|(?:say|said|told|tells|declare)\w*\b[^.\n]{0,50}"
    r"\b(?:not|no|cannot|invalid|unknown|never|so)|stop(?:s|ped) (?:there|right|short|at)|end(?:s|ed) (?:right |just )?(?:there|in an?)|"
    r"t(?:ore|ears) \w+ \w+(?: \w+)? (?:down|up)|only (?:allows?|accepts?|permits?)|(?:allows?|permits?|accepts?|takes?) (?:only |just )?(?:one|no|at most|nothing)|"
    r"(?:do|does|did|would|will|could)(?:n't| not) (?:accept|allow|know|have|offer|recogni[sz]e|understand|take|want|create|finish|start|come up|let|like|tolerate|support|permit|go)\b|won't \w+|declin\w+|insist\w*|trip(?:s|ped) over|fell over|falls over|"
    r"(?:cannot|can't|could not|couldn't|unable to) (?:\w+ )?(?:order|parse|find|resolve|create|assume|locate|read|load|import|place|attach|launch|build|compile|deploy))"
)
REFUSED = re.compile(rf"\b{ACTOR}\b[^.;\n]{{0,90}}?\b{_REFUSING}|\b(?:reject|refus)\w* by {ACTOR}", re.I)
# What never came to be.
UNMADE = re.compile(
    r"\b(?:is|was|were|are)(?:n't| not) (?:even )?(?:load|pars|deploy|build|orderable|compil|install|import|creat|launch|resolv)\w*able\b|\b(?:deploy\w*|build|synth\w*|creation|launch) (?:was )?unsuccessful\w*|"
    r"\b(?:creation|deploy\w*|stack|update|build|launch)\b[^.;\n]{0,30}\b(?:broke off|broke down|came to a halt|halted|fell over|collapsed|went red|was cut off)\b|"
    r"\b(?:run|attempt|try|go|deploy\w*|launch|build)\W{0,3}(?:\d+|one|two|first|#\d+)\W{1,4}(?:red|failed|ko|error|no|down)\b|\berror \w+ing (?:the )?\w+|"
    r"\b(?:is|was|were|are|be|been|got) (?:not|never) (?:created|provisioned|launched|deployed|built|brought up)\b|"
    r"\bnever (?:made it|got (?:past|off|as far|to|through)|came up|stabili[sz]ed|started|reached|finished|completed|compiled|parsed|launched|deployed)\b|"
    r"\b(?:could|can|did|would)(?:n't| not|not) get (?:past|through|beyond|it (?:to|up))\b|\bnot orderable\b|"
    r"\b(?:wait|timer|timeout|patience) (?:ran|runs) out\b|\b(?:stay(?:s|ed)|stuck|remain(?:s|ed)|hung|hangs) (?:in|at|on) (?:a )?[A-Z]{4,}|"
    r"\b(?:could|can)(?:n't| ?not) (?:ever |even )?be (?:\w+ly )?(?:launched|created|placed|attached|found|assumed|resolved|loaded|imported|located|parsed|rendered|provisioned|registered|"
    r"associated|validated|pulled|mounted|reached by cloudformation|updated|deleted)\b|\b(?:is|are|was|were|got|gets|been|being) (?:rejected|refused|denied|turned down|declined)\b|"
    r"\b(?:creation|create|creating|launch|registration|provisioning|update|deletion|apply|plan|init|validation|call|request)s?\b[^.,;\n]{0,30}\b(?:fail(?:s|ed)|error(?:s|ed)|rejected|refused|denied|ended|ends)\b|"
    r"\bexit(?:s|ed)? with (?:code |status |a |non-?zero )*[1-9]|\bvalidation errors?\b[^.\n]{0,20}\b(?:on|at|during|upon|when) \w+|"
    r"\b(?:unknown|unavailable|unsupported|invalid|foreign|not (?:known|valid|supported|available|offered|allowed|permitted))\b (?:to|by|for|in|at|with) (?:\w+ ){0,2}(?:aws|cloudformation|service|region|engine|provider|api|library|version)\b|"
    r"\b(?:HTTP )?[45]\d\d (?:on|at|during|upon|when) (?:create|creat\w+|deploy\w*|launch\w*|update)\b|"
    r"\b(?:exits?|exited|quits?|stops?|stopped|ends?|ended|dies|died) (?:even )?(?:before|halfway|midway|while)\b|"
    r"\bw(?:ent|ould go) into (?:a )?(?:UPDATE_)?ROLLBACK|\b(?:update|deploy\w*|apply|build|synth\w*|launch) failed\b|"
    r"\btook (?:us |me |them )?(?:two|three|four|five|six|[2-9]) (?:goes|tries|attempts|runs|deploy\w*|launches)\b|"
    r"\b(?:go|try|run|launch|attempt|round) (?:one|1)\b[^.\n]{0,80}\b(?:too|not|no|wrong|missing|fail\w*|error\w*|limit)\b",
    re.I,
)
# A name in the code that nothing stands behind.
NAMELESS = re.compile(
    r"\bno (?:such |longer (?:an? )?)?(?:\w+ )?(?:class|propert(?:y|ies)|attribute|export(?! (?:of|for))|method|module|argument|construct|member|keyword|function) "
    r"(?:by|of|with|called|named|like|in|on|for|anywhere)\b|\bno such (?:class|property|attribute|export|method|module|argument|construct|member|type|resource|file|bucket|role)\b|"
    r"\b(?:attribute|property|class|method|export|module|argument|option|key|parameter|name|type)\b[^.;\n]{0,60}\b(?:this|that|the|its|whose) \w+ (?:does|do|did)(?:n't| not) (?:have|know|offer|export|accept)\b|"
    r"\b(?:that|which) (?:did|does|do)(?:n't| not) exist\b|\b(?:whose|the) (?:schema|api|version|library|provider|package|sdk)\b[^.;\n]{0,30}\bno longer (?:has|have|knows?|exports?|contains?|accepts?)\b|"
    r"\b(?:(?:that|which) )?nobody (?:had |has )?(?:ever )?(?:created|declared|defined|made)\b|\bnowhere (?:defined|declared|created|to be found|in the)\b|"
    r"\b(?:undeclared|not (?:been )?declared|undefined (?:variable|name|reference|symbol))\b|\bis not a (?:constructor|function)\b|\bundefined (?:is not|or null)\b|\bproperties of (?:undefined|null)\b|\b(?:circular|cyclic) (?:imports?|references?|dependenc\w+)\b|\bunresolved (?:merge|conflict|reference|import)\w*|\bunexpected (?:keyword|token|argument|property|end|indent\w*)\b|"
    r"\b(?:does|do|did)(?:n't| not) (?:parse|type-?check|transpile|resolve)\b|\bis not (?:parsable|valid (?:yaml|json|hcl|python|typescript))\b",
    re.I,
)
ERROR_LINE = re.compile(r"^[\s\u2502|>*`-]*(?:error|fatal|exception)\b(?:\[[\w-]+\])?\s*:", re.I | re.M)
# Something went wrong, and it is not told at which step.
ASTRAY = re.compile(
    rf"\b{ACTOR}\b[^.;\n]{{0,80}}?\b(?:fail(?:s|ed|ure|ures|ing)?|errors?|errored|broke(?:n)?|breaks?|crash\w*|denied|invalid|unsupported|conflict\w*|"
    r"cannot|could not|couldn't|unable|rejected|refused|incompatible|malformed|does not exist|doesn't exist|not found)\b"
    r"|\b(?:failed|broke|crashed|errored|stalled|hung|blew up|incompatible|malformed|non-?existent|no longer (?:valid|exists))\b",
    re.I,
)
# What stands around the code and is not run.
BESIDE = re.compile(r"\b(?:comments?|read-?me|documentation|docs|docstrings?|changelog|diagram)\b", re.I)
CONDITIONAL = re.compile(
    r"^\W*(?:\w+\W+){0,3}?(?:if|should|suppose|in case|unless|whenever|once|under|depending)\b[^.\n]*\b(?:would|will|might|may|could|can|cannot|can't)\b|"
    r"\b(?:would|might|may|could)\b[^.\n]*\b(?:if|should|in case|unless|when)\b|\bdepending on\b|\bnot (?:been )?(?:verified|checked|tried)\b",
    re.I,
)
# A test runner's own line about a test.
TEST_LINE = re.compile(
    r"^\W*(?:FAILED|ERROR|PASSED|FAIL|\u2715|\u25cf)\W+(?:\S*tests?/|\S*test_|\w.*\u203a)|\bassert\b.*=="
)
# Praise, a limit set by the author himself, or that nothing but form was touched.
CONTENT = re.compile(
    r"\b(?:that|this|those|these) (?:was|is|were|are) (?:all|it|the only|everything)\b|\b(?:only|sole|single) (?:gripe|complaint|remark|point|wish|nit|thing|change)\b|"
    r"\bcheap wins\b|\bsmall (?:stuff|things|matters|beer|points)\b|\b(?:stack|template|answer|response|code|program) (?:itself )?(?:is|was) (?:right|correct|fine|good|sound|ok)\b|\btook the liberty\b|\bnits?\b|\bnitpick\w*|\b(?:decent|solid|good|clean|fine|sound|nice|tidy) (?:piece|work|job|answer|response|template|code|stack|start|base)\b|"
    r"\b(?:reads?|runs?|works?|ran|worked|deploys?|deployed|stood|builds?|built) (?:well|fine|cleanly|flawlessly|at once|first time|right away|out of the box|as (?:it (?:is|was|came)|is|given)|"
    r"from the (?:beginning|start|outset|first)|on the first (?:go|attempt|try)|without (?:\w+ )?(?:change|trouble|complaint|incident|issue|error|problem)s?)\b|\b(?:went|came|launched|started|stood)(?: up)? (?:on|at|with) (?:the )?(?:first|once)\b|"
    r"\bbehaviou?r (?:is|was|stays|stayed|remains) (?:unchanged|the same)\b|\bneeded no (?:\w+ )?(?:correction|change|fix|repair)\w*\b|\bwe only\b|\bleft (?:the rest|everything else)\b|"
    r"\bnothing (?:here |else )?(?:stood in the way|was broken|had to be (?:mended|fixed|repaired))|\bnothing (?:else|more|further)\b|\bwrong expectations?\b|\bjust (?:polish|cosmetics|naming|wording|formatting)\b",
    re.I,
)
# What an issue is about when it keeps nothing from running: something left out, named, sized, spelled, told or tested otherwise.
HARMLESS = re.compile(
    r"\b(?:missing|absent|lack\w*|without|left out|omit\w*|forgot\w*|overlooked|unset|not (?:set|given|enabled|exported|tagged|encrypted|configured|included|used|followed|mentioned|implemented|provided|asked|narrowed|logged)|"
    r"no|off|default\w*|unused|redundant|repeat\w*|duplicat\w*|typo\w*|spell\w*|descri\w+|comment\w*|read-?me|document\w*|docs?|tag\w*|nam(?:e|es|ed|ing)|suffix|prefix|titles?|"
    r"retention|expire\w*|lifecycle|alarm\w*|dashboard\w*|widget\w*|metrics?|monitor\w*|outputs?|exports?|tests?|coverage|assert\w*|format\w*|lint\w*|pylint|eslint|flake8|prettier|style|indent\w*|readab\w*|"
    r"cost\w*|price\w*|expensive|cheap\w*|memory|size[sd]?|timeouts?|threshold|polic\w+|permission\w*|wildcards?|narrow\w*|broad|encrypt\w*|kms|version(?:ed|ing)|recovery|backups?|log(?:s|ged|ging)?|trac(?:e|ing)|"
    r"order\w*|sort\w*|layout|folder|constants?|magic|hard-?coded|literal|deprecat\w*|warning\w*|verbose|complex\w*|capacity|throughput|concurrency|zones?|nat|availability|removal|destroy\w*|retain|polic\w+|iam|action\w*|docstrings?|privilege\w*|secur\w+|environment|redundan\w*|single|replica\w*|"
    r"threshold|period|retr(?:y|ies)|cors|throttl\w*|rate|limit\w*|headers?|health|check|dead-?letter|queue|delay|visibility|region|state|local|shorter|longer|larger|smaller|too (?:\w+)|more than|less than|"
    r"prompt|requirement\w*|asked|wanted|spec\w*|behaviou?r|refactor\w*|copied|copies|maintain\w*|helpers?|polling|level|variables?|convention\w*|consisten\w+|structure\w*|sizing|clean\w*|improv\w*|clarif\w*|explicit\w*|rotation|protocol|public|gateway|endpoint|dependson|cidr|code)\b",
    re.I,
)
CHANGED = re.compile(
    r"\b(?:added|removed|renamed|moved|replaced|raised|lowered|set|changed|split|fixed|mended|corrected|tightened|narrowed|dropped|updated|turned (?:on|off)|"
    r"switched|extracted|sorted|trimmed|shortened|rewritten|rewrote|reworded|exported|(?:is|are|has|have|keeps?|ends?) \w*\W*(?:\w+ ){0,3}now|now (?:is|are|has|have|ends?)|keeps?)\b",
    re.I,
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
    r"\b(?:security|encrypt\w*|unencrypted|kms|iam|least[- ]privilege|over-?permissive|wildcards?|public(?:ly)? access\w*|credentials?|secrets?|passwords?|hipaa|pci|compliance|tls|https|authenticat\w+|authori[sz]ation|security groups?|0\.0\.0\.0/0|internet|decrypt\w*|plaintext|vulnerab\w+)\b",
    re.I,
)
OPEN_DOOR = re.compile(
    r"\bhard-?coded (?:\w+ ){0,2}(?:passwords?|credentials?|secrets?|access keys?|api keys?)\b|\bpublicly accessible (?:database|rds|bucket|instance)\b|"
    r"\bAuth ?Type:? NONE\b|\bdefault (?:credentials|passwords?)\b|\b(?:reachable|accessible|open|exposed|available) (?:from|to) (?:anywhere|everywhere|outside|the (?:whole |open |public )?internet)\b|\b(?:readable|writable|writeable|downloaded|accessible|reached|invoked|open) (?:by|to|for) (?:everybody|everyone|anybody|anyone|the (?:public|world|whole internet))\b|"
    r"\bprincipal\W{1,4}\*|\b(?:database|rds|bucket|ssh|port 22)\b[^.\n]{0,40}\b(?:open to the (?:world|internet)|publicly (?:readable|writable|accessible))|\bplaintext (?:passwords?|credentials?|secrets?)\b",
    re.I,
)
BIG = re.compile(r"^(?:critical|high|blocker|severe|major)\b", re.I)
BIG_SECTION = re.compile(
    r"^(?:critical|high)(?:[- ](?:severity|impact|priority|level))? (?:failures?|issues?|severity)\b", re.I
)
ONLY_MINOR = re.compile(
    r"\b(?:only|all|just)\s+(?:\w+\s+){0,5}(?:minor|cosmetic|small|trivial|low(?:[- ]severity)?|stylistic)\b|\bno (?:critical|major|blocking|deployment)(?:[- ]\w+)? (?:failures?|issues?|errors?|problems?)\b|\bdeployed (?:successfully )?(?:on|at) (?:the )?first (?:attempt|try)\b|\b0 critical\b",
    re.I,
)
