"""Is a second cloud provider asked for, or only named?"""

from __future__ import annotations

import re

_PROVIDER = r"(?:Microsoft\s+Azure|Azure|GCP|Google\s+Cloud(?:\s+Platform)?(?:\s+\(GCP\))?|Alibaba\s+Cloud|Oracle\s+Cloud|IBM\s+Cloud|DigitalOcean)"
# Products that build, sign in or watch; naming them asks for no resources at the provider.
_PRODUCT = r"(?!\s+(?:DevOps|Pipelines?|Repos|Boards|Artifacts|AD\b|Active\s+Directory|Entra|Sentinel|Cloud\s+Build|Build\b|blue))"
_NAMED = re.compile(rf"\b{_PROVIDER}\b{_PRODUCT}", re.IGNORECASE)
_RESOURCE = re.compile(
    r"""\bazurerm_\w+|\bgoogle_(?:compute|storage|container|sql|project)\w*|@?pulumi[/_-](?:azure|gcp)\b|\bBigQuery\b|\bCosmos\s?DB\b
      |\b(?:GKE|AKS)\b(?=\s+cluster)
      |\b(?:Azure|GCP|Google\s+Cloud(?:\s+Platform)?)\s+(?:Functions?|Blob|Storage|Virtual\s+(?:Network|Machine)\w*|VMs?|VNets?|SQL|Kubernetes|Key\s+Vault|
        App\s+Service|Resource\s+Groups?|Compute|Run\b|Pub/?Sub|Load\s+Balanc\w+|VPCs?|Cosmos|Service\s+Bus|buckets?|instances?|subscriptions?|regions?|
        resources?|infrastructure|networks?|environments?)""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKS = re.compile(
    r"\b(?:creat|deploy|provision|set(?:ting)?\s+up|defin|implement|replicat|build|configur|host|span|run|operat|launch|"
    r"manag|support|us(?:e|ing)\b|orchestrat|distribut|provid|integrat|connect|includ|design|ensur|require)",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    rf"\bAWS\b(?:\s+\(\w+\))?\s*(?:,|and|&|/|\+|as\s+well\s+as)\s*(?:and\s+)?{_PROVIDER}\b{_PRODUCT}"
    rf"|\b{_PROVIDER}{_PRODUCT}\s*(?:,|and|&|/|\+|as\s+well\s+as)\s*(?:and\s+)?(?:{_PROVIDER}\s*,?\s*(?:and\s+)?)?AWS\b"
    rf"|\b(?:both|across|between|on|in|to)\s+(?:the\s+)?(?:AWS\s+\w+\s+and\s+)?{_PROVIDER}\b{_PRODUCT}",
    re.IGNORECASE,
)
_MULTI = re.compile(r"\b(?:multi|cross|hybrid)[\s-]?cloud\b", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:not|no|never|without|avoid\w*|instead\s+of|rather\s+than|unlike|except|excluding|out\s+of\s+scope|"
    r"(?:migrat|mov|transition|switch|replac|import|convert)\w*\b[^.]{0,60}?\b(?:from|away)|replac\w+|"
    r"similar\s+to|equivalent|compar\w+|such\s+as|e\.g\.?|competitor\w*|previously|formerly|legacy|experience\s+(?:with|in)|"
    r"future|later|eventual\w*|optional\w*)\b",
    re.IGNORECASE,
)
_CI = re.compile(
    r"\b(?:GitHub\s+Actions?|GitLab|Jenkins|CircleCI|Travis|Bitbucket|TeamCity|Azure\s+(?:DevOps|Pipelines)|Cloud\s+Build|"
    r"CI/CD\s+(?:tools?|products?|platforms?|providers?|systems?)|CI\s+(?:tools?|products?|systems?))",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def find(text: str) -> str:
    """The sentence that asks for resources of a provider beside AWS, or "".

    What is covered: several providers named as places to deploy to, another provider's resources to be made,
    a multi-cloud set-up with a second provider named. What is not: a provider as one name in a list of CI
    products, as the source of a migration, as an identity provider, in a comparison, or ruled out.
    """
    sentences = [sentence for sentence in _SENTENCE.split(text) if sentence.strip()]
    named = [sentence for sentence in sentences if _NAMED.search(sentence) and not _harmless(sentence)]
    for sentence in sentences:
        if _harmless(sentence) or not _ASKS.search(sentence):
            continue
        if _RESOURCE.search(sentence) or _TOGETHER.search(sentence) or (_MULTI.search(sentence) and named):
            return " ".join(sentence.split())
    return ""


def _harmless(sentence: str) -> bool:
    first = _NAMED.search(sentence) or _RESOURCE.search(sentence) or _MULTI.search(sentence)
    if first is None:
        return True
    if _NOT.search(sentence[: first.start()]):
        return True
    return bool(_CI.search(sentence)) and not _RESOURCE.search(sentence)
