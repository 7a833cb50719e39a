"""The words by which MODEL_FAILURES files tell that a stack did not come up, might not, or did."""

from __future__ import annotations

import re

# The steps that bring a stack up; as the first part of a compound ("build role", "stack name") none is meant.
STEP = re.compile(
    r"\b(?<!other )(?:(?:re|un)?deploy(?:s|ed|ing|ments?|able)?|synth(?:s|esi[sz]\w*|ed)?|builds?|built|compil\w+|transpil\w+|type-?check\w*|tsc|provision\w*|launch\w*|"
    r"roll-?out|stacks?|templates?|change ?sets?|previews?|validation(?= (?:refused|rejected))|(?:create|update)-\w+|cloud ?formation|(?:pulumi|terraform|cdktf|cdk) (?!destroy)[a-z]\w+|creat(?:e|es|ed|ing|ion)|"
    r"(?:first|second|third|last|initial|every|each|our|my|next) (?:\w+ )?(?:attempt|try|run|go)|npm (?:ci|install|run [\w-]+)|programs?|apps?|entry ?point|imports?|importing|the update|resources?)\b"
    r"(?![ -](?:roles?|groups?|packages?|guides?|docs?|documentation|stages?|project|pipelines?|instructions|order|strategy|config\w*|names?|outputs?|"
    r"polic\w+|server|art[ei]facts?|descriptions?|tags?|alarms?|notifications?|messages?|history|record)\b)",
    re.I,
)
FAILS = re.compile(
    r"\b(?:fail(?:s|ed|ures?|ing)?|br(?:ings?|ought) (?:\w+ ){1,4}down|ke(?:eps?|pt) (?:\w+ ){1,5}from (?=\w+ing\b)|error(?:s|ed)?|reject(?:s|ed)?|refus(?:es?|ed|al)|abort(?:s|ed)?|crash(?:es|ed)?|br(?:eaks|oke|oken)\b|block(?:ed|ers?|ing)|blocks? (?:the |any )?(?=deploy|build|synth|stack|creation)|"
    r"prevent(?:s|ed)?|preclud\w+|roll(?:s|ed|ing)?[- ](?:\w+ ){0,3}?back|rollback|tor?e\w* (?:\w+ ){0,3}down|dies|died|blew up|chok\w+|balk\w+|complain(?:s|ed)|object(?:s|ed) to|threw|throws|rais(?:es|ed) (?:an? |the )?(?:\w*(?:error|exception)|[\"'`_])|"
    r"denie[sd]|declin(?:es|ed)|turn(?:s|ed) (?:\w+ ){0,4}(?:down|away)|stop(?:s|ped)|ended(?! (?:with|in|as) `?(?:CREATE_COMPLETE|success|exit code 0|no error|✅))|ends (?:right |there|(?:in|with) (?:an? |the )?(?:\d+ )?(?:\w*error|exit|fail|code|exception))|unsuccessful\w*|tim(?:es|ed) ?-?outs?|"
    r"hung|hangs|stuck|impossible|unable|fatal (?:for|to)|(?<!as )invalid|malformed|incompatible|un(?:readable (?=for|by|to)|parsable|parseable|deployable|resolved|declared|supported)|gave up|gives up|bail\w*|"
    r"exit(?:s|ed)? (?:with )?(?:code |status |an? )*[1-9]|exit(?:s|ed) before|halt(?:s|ed)?|collapsed|conflict(?:s|ed)?|fell over|ran out|cancel(?:s|l?ed)|quits?|(?:sits?|sat|stays?|stayed|remain(?:s|ed)?|hang(?:s|ing)?) (?:in|at|on) (?=(?-i:[A-Z_]{6,}))|\w+ed in an? \w*error|red)\b|❌",
    re.I,
)
NOT = r"(?:cannot|can ?not|can't|(?:could|did|do|does|would|will|was|were|is|are|has|had)(?:n't| not)|won't|never|not)"
SUCCEEDS = (
    r"(?:deploy\w*|build|built|compile[ds]?|synth\w*|validate[d]?|parse[ds]?|load(?:ed|able)?|start(?:ed)?|run|complete[d]?|finish(?:ed)?|c[oa]me up|create[d]?|resolve[d]?|"
    r"f[io]u?nd|import(?:ed)?|accept(?:ed)?|stabili[sz]e[d]?|get (?:past|through|off|it)|go (?:through|up)|want|like|tolerate|exist|recogni[sz]e[d]?|understand|succeed(?:ed)?|launch(?:ed)?|"
    r"reach(?:ed)?|made it|valid|orderable|\w+able|attach(?:ed)?|assume[d]?|register(?:ed)?|associate[d]?|provision(?:ed)?|allowed|permitted|supported|available|type-?check|well-formed|offer(?:ed)?|made|mounted|come (?:into being|about|to life))"
)
DOES_NOT = re.compile(
    rf"\b{NOT} (?:even |ever |yet |be |been |a |get |have been |\w+ly ){{0,2}}{SUCCEEDS}\b|\b(?:none|neither|nothing|no (?:template|stack|resource|output|change ?set)s?)\b[^.;,]{{0,30}}?\b(?:is|was|were|gets?|got|(?:could|can) be) (?:ever )?(?:created|deployed|started|reached|synthesi[sz]ed|launched|provisioned|written|registered|as far|past|built|made)\b",
    re.I,
)
# Of a thing in general, or up to a point that came later: no word on how the answer did.
NO_CLAIM = re.compile(
    r"\b(?:something|anything|one|(?:a|the) (?:version|state|form)) that \w+|\b(?:an?|the) (?:\w+ )?(?:deployed|running|working|deployable) (?!as\b|in\b|at\b|on\b|by\b)\w+|\bwhat happened when [^,.;]*|\b(?:until|till) [^,.;]*",
    re.I,
)
SUCCESS = re.compile(
    r"\b(?:success\w*|succeed(?:s|ed)?|pass(?:es|ed)?(?! (?:[`_]|(?:the|an?|its?|only|both|\w+ (?:to|as|into|straight))\b))|(?<!/)green|went (?:\w+ )?(?:through|up|fine|well|smooth\w*)|go(?:es)? up|(?:re)?deploy(?:s|ed)|c[oa]mes? up|launched|stood|stands|completed?|"
    r"CREATE_COMPLETE|clean(?:ly)?|fine|work(?:s|ed)?|ran|runs?|okay|ok|created|running|started|built|no (?:trouble|problem|hitch|error|complaint)\w*|"
    r"accepted|(?<=: )yes|without (?:an? |any )?(?:hitch|error|issue|problem|trouble|complaint|intervention|fuss)s?)\b|✅",
    re.I,
)
# A resource that was refused, or did not come into being.
UNMADE = re.compile(
    r"\b(?:groups?|roles?|functions?|buckets?|tables?|clusters?|instances?|distributions?|gateways?|listeners?|balancers?|certificates?|polic(?:y|ies)|keys?|queues?|topics?|alarms?|mappings?|endpoints?|services?|domains?|"
    r"records?|layers?|pools?|stages?|volumes?|secrets?|subscriptions?|rules?|trails?|databases?|subnets?|vpcs?|images?|definitions?|resources?|attachments?|associations?)\b(?: \w+)? (?:(?:was|were|is|are|got|gets|being|be) (?:then |therefore |also )?"
    r"(?:refused|rejected|denied|turned (?:down|away)|declined|(?:not|never) (?:created|made|built|launched|provisioned|accepted))|(?:could|can|did|does)(?:n't| ?not) (?:even )?(?:be (?:created|made|launched|attached|placed|found|updated|replaced)|come up|start|stabili[sz]e|launch))\b|"
    r"\b(?:mapping|attachment|association|registration|creation|replacement|provisioning|launch|peering|bundling)s? (?:\w+ )?(?:failed|fails|errored|was (?:refused|rejected|denied|impossible))\b",
    re.I,
)
# Of deployments in general.
INDEFINITE = re.compile(r"\b(?:an?|any|every|each|for|of|about|on|no)\s$", re.I)
# "The dashboard was not created": the model left it out. With a cause beside it, something kept it from being made.
OMITTED = re.compile(
    r"(?!.*\b(?:stacks?|templates?|change ?sets?|programs?|nothing|none|so|hence|because|since|as|due|and|when|by|after|for which|thus|therefore)\b)[^,;:]*\b(?:was|were|is|are)(?:n't| not| never) (?:created|made|deployed|provisioned|registered|attached|validated|built)\b[^,;:]*$|"
    r".*\b(?:was|were|is|are)(?:n't| not| never) \w+ (?:automatically|by default|explicitly|separately)\b",
    re.I,
)
# "an alarm on deployment failures" watches for them.
WATCHED = re.compile(
    r"\b(?:on|for|about|against|in case of) (?:\w+ )?(?:deploy\w*|builds?|synth\w*|stacks?|provision\w*) $", re.I
)
# A participle before its noun ("failed events") tells of no failure; before a step it does.
BEFORE_A_PARTICIPLE = re.compile(
    r"\b(?:for|of|on|every|each|the|an?|any|all|about|with|in|to|from|and|counts?|these|those|these|generated)\s$", re.I
)
AFTER_A_PARTICIPLE = re.compile(
    r"^ (?!with|because|since|on\b|at\b|in\b|after|when|as\b|by\b|to\b|and\b|or\b|for\b|once|before|but|so\b|the\b|due)[a-z]\w+",
    re.I,
)
# How a sentence says that it speaks of the answer as the model gave it ...
LITERALLY = re.compile(
    r"\b(?:unmodified|untouched|unedited|unaltered|(?<!\d )unchanged|unpatched|verbatim|byte for byte|no diff|(?:in )?(?:its|the) original form|nothing (?:else |at all )?(?:was )?(?:changed|edited|touched)|as[- ](?:it )?(?:is|was|were|came|given|generated|delivered|written|first written|received|submitted|supplied|handed over)|"
    r"exactly as|before (?:any|I|we|the first) (?:edit|change|touch)\w*|no (?:line|change|edit)s? (?:of it )?(?:\w+ )?(?:was|were)|(?:without|no|zero) (?:any |a |manual |code )?(?:edit|change|modification|alteration|intervention|correction)s?\b(?! to (?:the )?(?:test|doc))|either way|both versions|in both|nothing (?:\w+ )?(?:kept|stopped|prevented|stood))\b",
    re.I,
)
AT_FIRST = re.compile(
    r"\b(?:(?:at|on|with|in) (?:the |its |a )?(?:very )?(?:first|single)(?: \w+)?|first (?:time|attempt|try|go|run)|at once|(?:right|straight) away|immediately|from the (?:start|beginning|outset|first|word go)|"
    r"out of the box|straight from|the (?:original|first|initial|model'?s|generated|raw) (?:\w+ )?(?:answer|response|template|code|stack|version|program|output)|first answer|model[_ ](?:answer|response|output)|the (?:answer|response|stack|template|thing|code|program|app) (?:itself )?(?:was|is|built|deployed|deploys|came|went|ran|stood|launched))\b",
    re.I,
)
ORIGINAL = re.compile(
    r"\b(?:original|first|initial|model'?s?|generated|raw|given|untouched)\b[^.;]{0,30}\b(?:answer|response|template|code|stack|version|program|output|model_response)\b|\bmodel[_ ]response|\bthe (?:answer|response)\b",
    re.I,
)
# What somebody ought to do tells nothing of what was done.
ADVICE = re.compile(
    r"[^,;:]{0,60}\b(?:must|shall)\b|\W*(?:ensure|verify|check|make sure|avoid|never|always|do not|don't|remember|consider|look (?:for|at)|watch|please|test)\b",
    re.I,
)
PRAISE = re.compile(
    r"\b(?:excellent|perfect(?:ly)?|great|outstanding|flawless(?:ly)?|exemplary|superb|impeccable|(?:fully|all|every \w+) (?:\w+ )?(?:met|compliant|followed|satisfied|implemented)|best practices?|well[- ]\w+ed|10/10|100 ?%|A\+)|[✅⭐🎉]",
    re.I,
)
REPAIRED = re.compile(
    r"\b(?:after(?! (?:about |some |only |just )?(?:\d+|an?|two|three|four|five|six|eight|ten|twelve) ?(?:\w+ )?(?:min|sec|hour|h\b|m\b|s\b))|afterwards|then|once|second|third|fourth|finally|fixed|fix(?:es)?|corrected|corrections?|repaired|mended|now|ideal|until|eventually|following|with (?:these|this|that|those|\d)[\w-]*(?: \w+)?|[2-9](?:nd|rd|th)|(?:attempt|run|try) #?[2-9]|further|final)\b",
    re.I,
)
DEPLOY = re.compile(
    r"\b(?:deploy\w*|stack|went (?:\w+ )?(?:up|through)|go(?:es)? up|c[oa]mes? up|launch\w*|provision\w*|CREATE_COMPLETE|pulumi up|terraform apply|applied|real account|all (?:three|four|stages)|roll-?out|"
    r"everything|created|running in|(?:template|answer|response|program|thing) (?:itself )?(?:works?|worked|ran|runs|went|stood))\b",
    re.I,
)
# "The role may read" grants, "it may fail" guesses.
MAY = re.compile(
    r"\b(?<!role )(?<!roles )(?<!policy )(?<!user )(?<!users )(?<!anyone )(?<!anybody )(?<!everyone )(?<!everybody )(?<!account )(?<!function )(?<!principal )may(?! not (?:call|read|write|use|be \w+ed)| only)\b",
    re.I,
)
MODAL = re.compile(
    r"\b(?:(?<!nothing )(?<!Nothing )(?<!none )(?<!nobody )(?<!all one )(?<!all we )(?<!all you )could(?!n't| not| \w+ly not)|might|possibl[ey]|potential(?:ly)?|perhaps|maybe|probably|presumably|likely|risk(?:s|ed|ing|y)?|suspect|seems?|"
    r"can (?:lead|cause|result|fail|break|collide)|chance|theor\w+|in principle)\b",
    re.I,
)
# The author does not know it himself.
HEARSAY = re.compile(
    r"\b(?:(?:was|were|been|am) told|allegedly|reportedly|apparently|supposedly|rumou?rs?|not sure|unclear (?:whether|if)|according to|\bby (?:me|us)\b|(?:i|we) (?:have|had|did)(?:n't| not| never)\b[^.;]{0,15}(?:deploy|buil|tr(?:y|ied)|run|test|verif)\w*|i'd guess|i (?:think|believe|guess|suppose|assume)|as far as i|if i remember)\b",
    re.I,
)
WOULD = re.compile(r"\b(?:would|will|won't|'d)\b", re.I)
CONDITION = re.compile(
    r"\b(?:in (?:that|this|such|which) case|otherwise|or else|if|unless|whenever|in case|should (?:the|a|an|two|one|it|someone|somebody|concurrency)|suppose|once|under|depending|as soon as|when (?:the|a|an|two|one|somebody|someone|several|many|there|it|not)|in (?:accounts|regions|environments))\b",
    re.I,
)
# A second copy of the stack, or another place: the answer in hand is not concerned.
ELSEWHERE_COPY = re.compile(
    r"\b(?:second|another|two|multiple|several|other|parallel|more than one|different) (?:\w+ )?(?:environments?|stacks?|cop(?:y|ies)|deployments?|accounts?|regions?|teams?|developers?|instances?|people|engineers?|branches)\b|"
    r"\bmulti-\w+|\bsame account\b|\bbetween (?:\w+ )?(?:environments|deployments|stacks|branches)\b|\bside by side\b|\bin parallel\b|\btwice\b",
    re.I,
)
GENERIC = re.compile(
    r"\b(?:models|llms?|ais?|a model|the model (?:may|might|could|would|tends?)|they) (?:\w+ )?(?:may|might|can|could|would|tend|often|typically|usually|forget|write|make|use)\b|\b(?:typically|typical|tends? to|in general|as a rule|often)\b",
    re.I,
)
# Message forms: what tools and services print, whatever they are about.
MESSAGE = re.compile(
    r"^\W{0,3}(?:[Ee]rror|ERROR|[Ff]atal)\W{0,3}:\s|\b(?:CREATE|UPDATE)_FAILED\b|\b(?:UPDATE_)?ROLLBACK(?:_\w+)?\b|\bStatus Code: [45]\d\d\b|\bE[123]\d{3}\b|\bTS\d{4}\b|\bnpm ERR!|"
    r"\b[A-Z]\w*(?:Error|Exception|Fault|Failed|Failure)\b(?!s\b)|\b(?:Invalid|Malformed|Unsupported|Duplicate)[A-Z]\w+|\b[A-Z]\w+\.(?:NotFound|Malformed|Duplicate|InUse|Conflict|Unsupported)\b|"
    r"\b(?!Treat)[A-Z][\w.]*(?:Already|Invalid|NotFound|Missing|Unsupported|Exceeded|Denied|Conflict|Malformed|Duplicate)\w*|\bResource handler returned\b|\bTraceback\b|\b(?:Template|Model|Properties|Property|Parameter) validation (?:failed|error)|\bTemplate (?:format )?error\b|"
    r"\bUnresolved resource dep|\b(?:[Cc]ircular|[Cc]yclic) (?:dependenc|reference|import)|\bCannot find (?:module|name|version)|\bextraneous key\b|\bRequires capabilities\b|\balready exists\b|\bAccessDenied\b|\bnot satisfy constraint\b",
)
# Among them those that only tools which bring a stack up print.
STATUS = re.compile(
    r"\b(?:CREATE|UPDATE)_FAILED\b|\b(?:UPDATE_)?ROLLBACK(?:_\w+)?\b|\bE[123]\d{3}\b|\bTS\d{4}\b|\bTemplate (?:format )?error\b"
)
# More than one attempt was needed.
ATTEMPTS = re.compile(
    r"\b(?:took|needed|after|until|required|cost)\b[^.;]{0,30}?\b(?:two|three|four|five|six|several|[2-9]) (?:\w+ )?(?:goes|tries|attempts|runs|rounds|deploy\w*|launches)\b|"
    r"\b(?:attempts?|runs?|deploy\w*|tries)\b[^.;]{0,30}: ?(?:[2-9]|two|three|four)\b|\b(?:run|attempt|try|go|deploy\w*|launch|round) (?:#|no\.? )?(?:1|one)\b[^.]{0,90}(?:\b(?:red|failed|ko|error|no|down|too|wrong|not)\b|❌)",
    re.I,
)
# What had to be done before it went through.
NEEDED = re.compile(
    r"\b(?:needed|required|necessary|had to be \w+ed|it took) (?:\w+ ){0,3}?(?:to (?:get|make|let|have)|before|for|until)\b[^.;]{0,70}\b(?:pass|build|built|compiled?|synth\w*|deploy(?!ment role)\w*|come up|came up|go through|went through)\b",
    re.I,
)
# What went through only after the mending did not before.
ONLY_THEN = re.compile(
    r"\b(?:after which|with which|since then|from then on|only then)\b[^.;]{0,40}\b(?:change ?set|stack|template|build|synth\w*|preview|deploy\w*|compile\w*|plan|it)\b[^.;]{0,30}\b(?:executed|went|passed|passes|came|completed|succeed\w*|work\w*|green|through|built|deployed)\b",
    re.I,
)
# What is gone was there.
GONE = re.compile(
    r"\b(?:gone|no longer (?:stops?|fails?|appears?|occurs?|comes?|breaks?|throws?|rejects?|refuses?)|any ?more|disappeared|vanished|went away)\b",
    re.I,
)
NO_FOR_AN_ANSWER = re.compile(
    r"\b(?:deploy\w*|builds?|compil\w+|synth\w*)\b[^.;:]{0,40}: ?(?:no(?=[.,;!]|$)|fail(?:s|ed|ure)?(?=[.,;!( ]|$)|❌)",
    re.I,
)
QUOTED = re.compile(r"[\"“]([^\"“”\n]{1,400})[\"”]|`([^`\n]{1,400})`|(?<!\w)'([^'\n]{15,300})'")
REFUSAL = re.compile(
    r"\b(?:cannot|can't|could not|unable to|conflicts?|invalid|incorrect|denied|must|is required|(?:is|are|was) not \w+|(?:does|do|did)(?:n't| not)|no longer|not found|there is already|already (?:exists|in use)|missing|required|"
    r"unexpected|duplicate|unknown|unsupported|expected|exceed\w*|maximum|at (?:least|most)|only|failed|unresolved|already \w+ed|not supported|no \w+ (?:exists|found|available)|No)\b",
    re.I,
)
# A name, a syntax, a value that nothing stands behind.
UNREAL = re.compile(
    r"(?:\b(?:propert|attribut|class|method|modul|packag|construct|types?|enum|member|import|version|names?|resource|role|bucket|table|function|key|action|image|ami|argument|parameter|layer|runtime|engine|export|asset|file|folder|zone|schema|option|field)\w*|`)[^.;]{0,60}\b(?:does|do|did)(?:n't| not) (?:even )?(?:exist|know|have (?:it|that|one))|\b(?:arguments?|propert(?:y|ies)|parameters?|options?|props?|keywords?|methods?|attributes?)\b[^.;]{0,50}\b(?:does|do|did)(?:n't| not) (?:take|accept|offer|support|have)\b|\b(?:which|that) (?:is|was|are)(?:n't| not) (?:in|part of|anywhere in) the|\b(?:is|are|was|were)(?:n't| not) (?:sold|offered|available|made|supported|accepted|possible|there) any ?more\b|\b(?:is|are|was|were)(?:n't| not) part of (?:aws|cdk|the (?:\w+ )?(?:package|library|provider|module|sdk|schema|spec\w*))|\b(?:was|were|been|is) removed (?:in|with|from) (?:version|v?\d|the (?:library|provider|package|cdk|sdk))|\bpoints? (?:nowhere|to nothing|into the void)|\b(?:invented|made-up|hallucinated|non-?exist\w+|imaginary|fictitious)\b|\bno (?:such|longer (?:exists?|available|sold|accepted|supported|offer\w*|has|valid))\b|"
    r"\b(?:is|are|was|were) (?:not (?:an? |valid |recogni[sz]ed |known |supported |permitted |allowed |a valid )+|no )(?:\w+ ){0,2}(?:propert|attribute|parameter|argument|class|method|module|package|enum|type|value|key|member|name|by|in|for|inside)\w*|"
    r"\bnot a valid\b|\bno (?:\w+ )?(?:member|class|method|module|attribute|property|export|argument|construct)s? (?:of|by|with|called|named|like|in|that)\b|"
    r"\b(?:wrong|incorrect|invalid|unknown|undefined|undeclared|unsupported|mis-?spelled|bad|broken)\s+(?:\w+\s+){0,2}(?:property|properties|attributes?|parameter names?|argument|class(?: names?)?|methods?|modules?|imports?|enum|resource type|syntax|json|yaml|intrinsic|template|import path|arn format|indentation|action)s?\b|"
    r"\b(?:syntax|import|type|compil\w+|indentation) errors?\b|\b(?:circular|cyclic) \w+|\b(?:duplicate|same) (?:logical|construct) ids?\b|\bnobody (?:had |has |ever )*(?:created|declared|defined|made)\b|\bnowhere (?:defined|declared|created)\b|"
    r"\b(?:is|was|are) defined (?:nowhere|in no)|\bmerge (?:markers?|conflicts?)\b|(?<!lines )(?<!length )\b(?:exceed(?:s|ed)?|longer than|larger than|beyond|over) (?:the )?[\d,.]+[- ](?:characters?|bytes|kb)|\bexceed(?:s|ed) (?:the )?\d|\b(?:a|dependency) cycle\b|\bunknown to\b|\bexceed(?:s|ed)\b[^.]{0,40}\b(?:limit|length|characters)|"
    r"\bmissing (?:a |an |the )?(?:required|mandatory) \w+|\brequired \w+ (?:is |was )?missing\b|\boverlap(?:s|ped|ping)?\b|\bcollides with\b[^.]{0,30}\bsubnet|\b(?:answer|response|code|file|text|template)\b[^.]{0,60}\b(?:(?:breaks?|broke|stops?|cuts?|cut) off|(?:stops|ends) in the middle|truncated)\b|\bnot a complete file\b",
    re.I,
)
ACTOR = re.compile(
    r"\b(?:aws|amazon|ec2|rds|aurora|iam|s3|(?<!the )(?<!a )(?<!each )lambda(?! functions?)|eks|ecs|kms|sns|sqs|acm|waf|elb\w*|route ?53|cloud ?(?:formation|front|trail)|(?-i:Batch)|cdk|cdktf|terraform|pulumi|config|step functions|api ?gateway|dynamo ?db|opensearch|elasti\w+|redshift|cognito|"
    r"event ?bridge|kinesis|glue|athena|fargate|tsc|npm|node|python|pip|jsii|typescript|cfn-lint|(?:the |its )?(?:service|provider|compiler|interpreter|engine|parser|validator|console|account|region|importer|toolchain))\b",
    re.I,
)
# A tool or a service that says no in its own words.
SAYS_NO = re.compile(
    ACTOR.pattern
    + r"(?:'s \w+)?(?:,? (?:then|now|also|even|simply|\w+ly))? (?:won't|(?:will|would|does|did|do)(?:n't| not)|cannot|can't|could(?:n't| not)|says?|said|reports? (?!\w+ as)|reported|answer(?:s|ed)|t(?:ells|old)|flags|flagged|objects|is (?:un|not )happy)\b",
    re.I,
)
# A number or a word after it that says that there was none.
NONE_AFTER = re.compile(r"^[^.;,:]{0,14}(?:, \w+)?: ?(?:0|none|no|n/a|-)(?=\W|$)|^ ?\(0\)", re.I)
RULES = re.compile(
    r"\b(?:(?:won't|(?:will|would|does|did|do)(?:n't| not)|cannot|can't) (?:\w+ )?(?:take|accept|allow|let|have (?:that|it|this)|want|like|know|support|permit|find|parse|read|see|resolve|recogni[sz]e|understand|offer|order|create|place|start|tolerate)|refus(?:es|ed)|reject(?:s|ed)|declin(?:es|ed)|turn(?:s|ed) \w+ (?:\w+ )?(?:down|away)|insist\w*|(?<!-)(?<!on )demand\w*|only (?:allows?|accepts?|permits?|takes?)|"
    r"(?:allows?|permits?|accepts?|takes?) (?:only|just|one|no|at most)|(?:answer|respond|repli|fail|come|came|comes)\w* (?:back )?with|return(?:s|ed) (?:an? )?(?:[45]\d\d|error)|g[ai]ve(?:s|n)? up|complain\w*|choked|threw|objects? to|objected|may not)\b",
    re.I,
)
# What is made beside the stack; a failure of it says nothing about the stack.
META = re.compile(
    r"\b(?:unit|integration|e2e|failing|smoke)?[- ]?tests?\b(?! (?:environment|stack|account))|\b(?:unit|integration)(?=: ?\d)|\b(?:jest|pytest|coverage|assertion|mocks?|expectations?)\b|"
    r"\b(?:pylint|eslint|flake8|prettier|ruff|mypy|black|tflint|checkov|cdk-nag|cfn-nag|tfsec|trivy|sonar\w*|bandit|snyk|stylelint|lint(?:er|ing|s)?|W\d{4}|[CR]\d{4}|formatter|deprecat\w+|warn(?:s|ed|ings?)?)\b|"
    r"\b(?:comments?|read-?me|documentation|docs|docstrings?|changelog|diagram|picture|runbook|wording|typos?)\b|"
    r"\b(?:destroy(?:s|ed|ing)?|tear-?down|clean-?up|cleaning|deletion|deleting|DELETE_FAILED)\b|\b(?:pipelines?|(?:github|gitlab) \w+|jenkins|(?:ci|lint|format) job|merges?|pull requests?|code(?:build|deploy|pipeline)|blue/green|canary|workflow stage|buildspec)\b",
    re.I,
)
# What the stack does once it is up.
RUNNING = re.compile(
    r"\b(?:at|during|in) (?:run ?time|invocation|execution|production)|\brun ?time (?:error|failure)|\bwhen invoked|\bRuntime\.\w+|\b(?:handlers?|requests?|messages?|(?<!for the )records?|events?|users?|browser|clients?|callers?|invocations?|consumers?|visitors?|logins?|uploads?|quer(?:y|ies)|"
    r"traffic|under load|latency|alarms?|metrics?|dashboards?|dead-?letter|dlq|retr(?:y|ies)|handling|processing|fail-?over|fail-?safe|cold starts?|circuit breaker|rates?|backups?)\b",
    re.I,
)
COMPOUND = re.compile(
    r"^[- ](?:health|on (?=fail|alarm)|texts?|strings?|configuration|plans?|strategy|trigger\w*|absent|missing|(?:was|is) not (?:set|configured|enabled)|handl\w+|rates?|messages?|pages?|logs?|counts?|metrics?|alarms?|budget|branch\w*|paths?|codes?|responses?|documents?|classes|events?|records?|items?|jobs?|requests?|logins?|mode|modes|notification|destination|over|safe|topic|queue|alerts?|public|thresholds?|tests?)\b",
    re.I,
)
NEGATED = re.compile(
    r"(?:\b(?:no|not|never|nothing|none|nobody|neither|nor|zero|0|without|free of|hardly|prevents?|avoids?)|n't)\b(?:[ \w-]{0,28})$",
    re.I,
)
PURPOSE = re.compile(
    r"\b(?:so that\b(?=[^.]*\b(?:can|do|does|doesn't|will|won't|stays?|works?|is|are)\b)|in order to|to (?:avoid|prevent|ensure|make|keep|help|allow|reduce|stop|guard)|(?:preventing|avoiding|ensuring|instead of|rather than|lest)|helps? (?:to )?)\b.*",
    re.I,
)
# What was asked for is not what came.
ASKED = re.compile(
    r"\b(?:(?:al)?though |while |where |as |and )?(?:the |this )?(?:prompt|task|brief|spec\w*|requirements?) (?:\w+ )?(?:wants?|wanted|asks?|asked|says?|said|speaks?|names?|named|requires?|required|states?|stated|gives|calls? for|mentions?)\b[^,;.]*",
    re.I,
)
# The author says himself that it was not the answer's fault.
ACQUITTED = re.compile(
    r"\bnot (?:really |counted |count(?:ing)? |held )?(?:it )?(?:an? |the )?(?!small|minor|little)(?:\w+ )?(?:defect|fault|flaw|bug|issue|problem|mistake|template)s?\b|\bnot (?:an? |the )(?:template|answer|model|code|response)(?:'s)? (?:problem|issue|defect|fault|bug)|\bno (?:fault|defect) of\b|\bagainst the (?:model|answer)|\bnothing to do with\b|\bunrelated to the (?:answer|template|model)|"
    r"\bthe (?:very )?same (?:template|commit|code|answer|stack|program|version)\b[^.]*\b(?:went|deployed|passed|completed|worked|succeeded|was green)\b",
    re.I,
)
# Where a failure has nothing to do with the answer.
OUTSIDE = re.compile(
    r"\bquotas?\b(?! (?:was |were |is |are )?(?:not|never|ignored|overlooked))|\b(?:my|our) (?:own )?(?:mistake|fault|typo|error|oversight|wrapper|side)\b|\b(?:i|we) had (?:forgotten|mistyped|used the wrong)\b|\b(?:not|never) (?:been )?bootstrapped\b|\bcdk-bootstrap\b|\bservice control polic\w+|\bSCPs?\b|\bleft-?overs?\b|\bleft (?:over|behind) (?:by|from)\b|\bfrom (?:an?|the) (?:earlier|previous|old|last) (?:run|test|task|stack|round)\b|\b\w*(?:LimitExceeded|QuotaExceeded|InsufficientInstanceCapacity|ExpiredToken|InvalidClientTokenId)\w*|\bmaximum number of \w+ has been reached|\brate exceeded\b|\bTooMany(?:Requests|Buckets)\w*|\bENOSPC\b|\bno space left\b|\b(?:ECONNRESET|ETIMEDOUT|EAI_AGAIN)\b|\b(?<!without )(?<!ignoring )(?:account|service)(?:'s)? limits?\b|\benvironment(?:al)? (?:issue|problem|one|cause|matter)\b|\b(?:localstack|emulat\w+|moto|minio)\b|\b(?:(?<!/)runner(?!/)|spot interruption|network (?:outage|glitch|trouble)|proxy|vpn|"
    r"docker (?:was|is|daemon)|(?:build|ci|our) agents?|disk (?:was |is )?full|registry (?:was|is)|expired (?:token|credentials|session)|our (?:own )?(?:ci|account|laptop|machine|sandbox)(?! ?(?:in|is|uses|has|runs)\b|[.,;])|outage at|had an? (?:outage|incident)|(?:session|token|credentials?) (?:had )?(?:ran out|run out|expired|timed out))\b",
    re.I,
)
# A grave security hole: who can reach, and what; what is secret, and where it stands; who may do everything.
PUBLIC = re.compile(
    r"\b(?:public(?:ly)?(?! (?:subnets?|ips?|access block|zone|hosted|dns|key))|world(?!-)|(?<!without )any ?(?:body|one|account|principal)|every ?(?:body|one)|(?:all|every)\W{1,3}accounts?|who ?ever|strangers?|anywhere|from (?:everywhere|outside)|outsiders|(?:from|by|on|over|exposed to|open(?:ed)? to|visible to|accessible to) (?:the )?(?:\w+ ){0,2}internet|unauthenticated|anonymous(?:ly)?|allusers|"
    r"(?:no|without|lacks?|lacking|missing|skips?) (?:an? |any )?(?:\w+ )?(?:authori[sz]\w+|authentication|auth|credentials?|login|signing in|logging in|sign-in)|auth\w*\W{0,3}(?: ?type)?\W{0,3}none)\b|"
    r"0\.0\.0\.0/0|::/0|\bprincipal\w*\W{1,8}\*|[\"'`]AWS[\"'`]: ?[\"'`]\*",
    re.I,
)
SHUT = re.compile(
    r"\W*access (?:is|was|were|stays?|remain\w*) (?:\w+ )?(?:blocked|denied|off|disabled|refused)\b", re.I
)
ASSETS = re.compile(
    r"\b(?:buckets?|objects?|databases?|db|rds|aurora|postgres\w*|mysql|redis|opensearch|elasticsearch|mongo\w*|redshift|warehouse|ssh|rdp|22|3389|5432|3306|1433|6379|9200|27017|all ports|every port|all traffic|"
    r"function urls?|admin\w*|documents?|patients?|customers?|personal|phi|pii|queues?|topics?|secrets?|kms|decrypt|snapshots?|bastion|jump host|instances?|write[sr]?|writable|delete[sd]?|put|upload|send|receive|read(?:s|able)?|publish\w*|assum\w+|invoke[sd]?|invok\w+|routes?|dump|backups?|any address)\b",
    re.I,
)
SECRETS = re.compile(
    r"\b(?:passw\w+(?! (?:polic|length|rotat|rule|reset))|credentials?|secrets?(?! (?:manager|arns?|names?|ids?|rotation)\b)(?!'s (?:arn|name))|(?:access|api|private|signing|stripe|license|ssh|secret) keys?|(?:access|api|bearer|bot|github|auth) tokens?)\b",
    re.I,
)
SHOWN = re.compile(
    r"\b(?:hard-?(?:coded|wired)|literal\w*|plain ?text|clear ?text|plainly|in (?:the )?(?:clear|plain\w*|code|template|source|repo\w*|git|outputs?|logs?|state|user ?data|console|open)|as (?:a |an )?(?:\w+ )?(?:parameter|output|default|literal|plain|string|constant|variable)\w*|"
    r"part of the (?:template|code|repo\w*|image|stack)|embedded|printed|logged|committed|checked in|baked|default(?:s| value| of)?|visible|readable|typed|spelled out|exposed|in [`\"']?[\w/-]+\.[a-z]{2,4}\b|leak\w*|noecho|written (?:in|into|down)|in an? (?:\w+ )?(?:variable|constant|parameter|output|default|environment \w+))\b",
    re.I,
)
POWER = re.compile(
    r"\bAdministrator\w*|\b(?:full )?admin(?:istrator)?(?:istrative)? (?:rights|access|role|polic\w+|permissions|privileges)\b|\bactions?\b\W{1,8}\*|[\"'`]\*:\*|\biam:\*|(?:^|[\s\"'`])\*[\"'`]? on (?:[\"'`]?\*|every|all)|"
    r"\b(?:every|all|any) actions? on (?:every|all|any)|\b(?:do|allowed|may do) (?:anything|everything)\b|\b(?:eval\w*|exec|child_process|os\.system|subprocess|shell)\b[^;]{0,60}\b(?:request|body|input|user|parameter|event|query)\b|\bremote code\b|\b(?:sql|command|shell|code) injection\b",
    re.I,
)
NO = re.compile(
    r"(?:\b(?:no|not|never|block\w*|nobody|instead of|rather than|closed to|from the)|n't)\W+(?:\w+\W+){0,3}$", re.I
)
OPEN_BY_DESIGN = re.compile(
    r"\b(?:80|443|https?|alb|load balancers?|web ?site|static site|distribution|cloudfront|hosted zone|internet gateway|assets?|cors|allow_?origins?|origins?)\b",
    re.I,
)

# Not as it came, whatever else the sentence says.
NOT_AS_IT_CAME = re.compile(
    r"^\W*(?:after|once|with) (?:the |these |those |all |that )?(?:clean\w*|fix\w*|chang\w*|correct\w*|edit\w*|mend\w*|repair\w*|review)\b|\b(?:other than|apart from|except(?: for)?|besides) (?:the|these|those|what)\b",
    re.I,
)

# Of a file as a whole.
UNFILLED = re.compile(
    r"\binsert\b[^.\n]{0,30}\bhere\b|\bto be (?:filled|completed|added|determined|written)\b|\bTBD\b|\bTODO\b|\bFIXME\b|lorem ipsum|"
    r"\[(?:describe|brief|insert|your|add|issue|list|explain|title|description|name|fill|what|how|why|root cause|error|fix|failure|next|repeat|link|specific|justif\w*)[^\]\n]{0,80}\](?!\()|"
    r"\{\{[^}\n]+\}\}|<(?:describe|description|issue|title|fill|insert|your)[^>\n]{0,60}>|<(?:\.{3}|…|[a-z]|name|link|code|[^<>\n]{2,60} \| [^<>\n]{2,60}|(?:paste|same|write|quote|why|what|how|two|one|short|code|task|delete|replace|[A-Z][a-z]+) [^<>\n]{2,90})>|\bfill (?:in|this)\b|\breplace (?:the|this) (?:example|text|section|placeholder)s?\b|\bplaceholder\b(?! (?:\w+ )?(?:tests?|values?|code|names?|images?|secrets?|certificates?|domains?|e-?mails?|zips?|files?|handlers?)\b)|\bcoming soon\b|\bwill follow\b|\b(?:TBC|WIP|XXX)\b|\?{3}|\b(?:review|analysis|results?) (?:is |are )?(?:pending|to follow)\b|\bintentionally left\b|\bdescribes? here\b",
    re.I,
)
SPECULATIVE = re.compile(
    r"\b(?:potential|possible|hypothetical|example|anticipated|expected|likely|common|typical|theoretical)\s+(?:\w+\s+){0,3}?"
    r"(?:failures?|issues?|errors?|problems?|mistakes?|pitfalls?|failure modes?|failure points?|weakness\w*|improvements?)\b|\bfailure (?:modes|scenarios?)\b|\brisks?\b|\bmight (?:have )?(?:fail|go|gone|break)|\bcould (?:go|break|fail)|"
    r"\b(?:a|the|an?y|llm|ai)?\s*models? (?:\w+ )?(?:may|might|could|can|would|tend to|often|typically)\b|\blikely to (?:fail|forget|miss|get)\b|\bscenarios?\b|\banti-?patterns?\b",
    re.I,
)
NOTHING_WRONG = re.compile(
    r"\bno (?:\w+ ){0,2}(?:failures?|issues?|errors?|problems?)\b(?! (?:handling|messages?|that|which))|\b(?:perfect(?:ly)?|flawless|identical)\b|\bno (?:\w+ )?differences?\b|^\W*none(?=[.,;:!(]|\s*$)|\bnothing (?:was |is |to )?(?:wrong|criticise|improve)\b",
    re.I,
)
NO_BLOCKER = re.compile(
    r"\bno (?:deployment|blocking|build|synth\w*)[- ]?\w* ?(?:failures?|issues?|errors?|problems?)?\b|\bno blockers?\b|\b(?:only|all|just|merely|purely)\b[^.]{0,40}\bcosmetic\b",
    re.I,
)
SMALL = re.compile(
    r"\b(?:small|minor|cosmetic|stylistic|trivial|nits?|nitpick\w*|polish|refine\w*|tweaks?|unchanged|cheap|little to do|decent|only gripe|took the liberty)\b|\bno (?:critical|major|blocking)\b|\bnothing (?:else|more|further)\b|\bthat was all\b|\b(?:stack|answer|template) (?:is|was) (?:right|fine|good|correct|sound)\b",
    re.I,
)
NO_FIX = re.compile(
    r"\bno (?:fix(?:es)?|change|action) (?:was |were |is )?(?:needed|required)|\bnone required|\b(?:already|implementation was) correct|\bno issue\b",
    re.I,
)
CHANGED = re.compile(
    r"\b(?:added|removed|renamed|moved|replaced|raised|lowered|set|changed|split|fixed|mended|corrected|tightened|narrowed|dropped|updated|turned|switched|extracted|sorted|trimmed|"
    r"shortened|rewrit\w+|rewrote|reworded|written|exported|formatted|adapted|deleted|attached|wired|made|took out|put|bumped|improved|adjusted|addressed|asked for)\b|->|→|\bnow\b|\b(?:on|off)\b",
    re.I,
)
# What tells of a flaw or of its mending, in whatever words: without any of it a file only describes.
LACK = re.compile(
    r"\b(?:no|not|none|nothing|never|without|missing|lack\w*|absen\w+|omit\w*|forg[eo]t\w*|left out|instead|only|too|wrong\w*|should|unused|un\w+ed|hard-?\w+|redundan\w+|duplicat\w+|deprecat\w+|default\w*|inconsist\w+|"
    r"incorrect\w*|incomplete\w*|insufficient\w*|over\w+|fail\w*|error\w*|issues?|problems?|gaps?|fix\w*|correct(?:ed|ion)\w*|add(?:ed|ing|s)?|remov\w+|renam\w+|replac\w+|chang\w+|moved|now|reduc\w+|rais\w+|lower\w*|larg\w+|small\w*|long\w*|"
    r"shorten\w*|more|less|better|improv\w+|differ\w*|split|set to|turned|switched|tighten\w*|narrow\w*)\b|n't\b|->|→|[+-] ",
    re.I,
)
# Words that judge, count or refer, and tell nothing of a stack.
VAGUE = re.compile(
    r"(?:an?|the|th\w+|it|its|is|are|was|were|be|been|has|have|had|do|does|did|and|or|but|not|no|none|of|in|on|to|for|with|by|from|as|at|all|any|some|several|many|few|every|each|other|more|most|very|now|then|here|so|than|also|only|"
    r"we|our|you|he|she|who|which|what|there|issues?|problems?|failures?|errors?|mistakes?|findings?|things?|points?|aspects?|respects?|models?|answers?|response\w*|ideal|solutions?|code|infrastructure|stack|design|result\w*|"
    r"quality|requirements?|practices?|standards?|reviewers?|users?|teams?|documents?|files?|guidelines?|commit|history|last|same|time|see|found|identified|fixed|resolved|improve\w*|corrected|changes?|changed|addressed|follow\w*|met|meets?|"
    r"good|better|best|high\w*|low|excellent|great|perfect\w*|sufficient\w*|satisf\w+|complete\w*|correct\w*|proper\w*|appropriate\w*|overall|production|ready|grade|enterprise|recommended|rating|score|critical|major|minor|medium|severe|serious|trouble|cause|certainly|security|performance|costs?|reliability|scalab\w+|monitoring|operation\w*|compliance|maintainab\w+|optimal|adequate\w*|insufficient\w*|missing|lack\w*|weak|handled|handling|better|done|required|needed|necessary|areas?|parts?|places?|configuration|implementation)",
    re.I,
)
BIG = re.compile(r"^\W*(?:critical|high|blocker|severe|major)\b", re.I)
SECURITY = re.compile(
    r"\b(?:security|(?:un)?encrypt\w*|kms|iam|least[- ]privilege|(?:over|overly)-? ?permissive|wildcards?|credentials?|secrets?|passwords?|hipaa|pci|phi|compliance|tls|auth\w*|security groups?|internet|decrypt|vulnerab\w+|ssh)\b",
    re.I,
)

# What belongs to infrastructure: a file with hardly any of it is about something else.
FIELD = re.compile(
    r"\b(?:aws|amazon|azure|cloud ?(?:formation|front|trail|watch)|cdk(?:tf)?|terraform|pulumi|iac|infrastructure|stacks?|templates?|synth\w*|provision\w*|iam|s3|ec2|ecs|eks|kms|sns|sqs|rds|vpcs?|arns?|lambda|dynamo ?db|"
    r"api gateway|aurora|fargate|event ?bridge|route ?53|buckets?|subnets?|security groups?|load balancers?|cidr|policy|policies|regions?|deploy(?:s|ed|ments?)?|alarms?|change ?sets?|roll(?:ed)? ?back|typescript|compil\w+|encrypt\w*|shards?|nat|log groups?|availability zones?|tags?|resources|model_response|ideal_response|constructs?|logical ids?)\b",
    re.I,
)
# What can be looked up in a stack or its project; judgements and headings name none of it.
PARTICULAR = re.compile(
    r"`[^`\n/]+`|\b(?-i:[A-Z][a-z]+[A-Z]\w+)|\b(?!(?:model|ideal)_response)[a-z]+_\w+\b|\b[\w-]+\.(?:ya?ml|json|md|toml)\b|(?<![\w/.-])\d+(?:\.\d+)? ?(?:%|(?!(?:critical|high|medium|low|minor|major|failures?|issues?)\b)\w+)(?!/)|\b(?:S3|EC2|ECS|EKS|KMS|SNS|SQS|RDS|VPC|NAT|ALB|NLB|WAF|DLQ|EFS|ECR|EBS|ACM|MSK|SSM|DNS|AMI|TLS|SSH|ARN|TTL|CIDR|X-Ray)s?\b|"
    r"\b(?:lambda|dynamo ?db|aurora|cognito|athena|glue|kinesis|redis|fargate|cloud ?(?:front|trail|watch)|api gateway|event ?bridge|route ?53|secrets manager|step functions|buckets?|tables?|queues?|topics?|roles?|subnets?|security groups?|gateways?|listeners?|"
    r"alarms?|dashboards?|log groups?|instances?|clusters?|tags?|tagging|suffix\w*|retention|lifecycle|versioning|encrypt\w*|time-?outs?|memory|runtimes?|outputs?|exports?|parameters?|defaults?|imports?|variables?|literals?|constants?|comments?|read-?me|run-?books?|docstrings?|"
    r"load balancers?|ports?|nacls?|shards?|widgets?|event sources?|newlines?|indentation|quotes?|semicolons?|coverage|unit tests?|integration tests?|descriptions?|names?|naming|ids?|wildcards?|policies|policy|keys?|rotation|backups?|snapshots?|replicas?|availability zones?|azs?|metrics?|budgets?|types?|any)\b",
    re.I,
)
# The task itself, in the place of what became of it.
TASK = re.compile(
    r"(?m)^\W*you are (?:an?|the) (?:\w+ ){1,4}(?:engineer|architect|developer|expert|consultant)\b|^#+ (?:non-)?functional requirements\b",
    re.I,
)
# Nobody has seen the answer at work.
UNSEEN = re.compile(
    r"\bnot (?:yet )?been (?:observed|seen|encountered)\b|\b(?:pipeline|deployment|answer|response|template) has not (?:yet )?been (?:run|tried|executed)\b(?! (?:because|as|since) (?:it|the (?:build|synth)))|\bahead of (?:qa|testing|deployment|any run)\b|\bexpectations? (?:derived|drawn|rather|only|and not)\b|"
    r"\bnothing (?:was|has been) (?:run|deployed|executed|tried)\b",
    re.I,
)
