"""A repository without tasks.csv: lib/PROMPT.md is the one task."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from kit.errors import Failure
from kit.settings import Settings
from kit.tasks.brief import Source
from kit.tasks.sheet import plain

FILE = "lib/PROMPT.md"
SHORTEST = 200

_PARTS = {
    "requirements": (
        r"^#+.*require|\brequire[ds]?\b|\brequirements?\b|\b(?:must|should|shall)\b|\bneeds? to\b",
        "a list of what has to exist and what it has to do",
    ),
    "AWS services": (
        r"\b(?:S3|DynamoDB|SQS|SNS|Lambda|IAM|KMS|CloudWatch|EC2|VPC|RDS|Aurora|API Gateway|ECS|EKS|Fargate|EFS|CloudFront|"
        r"Route ?53|Kinesis|Step Functions|EventBridge|Secrets Manager|Cognito|ElastiCache|Redshift|Glue|Athena|ECR|"
        r"CodePipeline|CodeBuild|WAF|ALB|Auto Scaling|CloudTrail|AWS Config|AppSync|OpenSearch|SES|SSM|Backup)\b",
        "the services by name, such as S3, Lambda and DynamoDB",
    ),
    "architecture": (
        r"\barchitectur\w*|\bdiagram\b|\bdata flow\b|\bflows?\b|\btriggers?\b|\btriggered\b|\binvok\w+|\bsubscrib\w+|\bbehind\b|"
        r"\bconnect\w*|\bin front of\b|\btiers?\b|\blayers?\b|\bsubnets?\b|\bpipeline\b|\bevent[- ]driven\b|\bserverless\b|\breads? from\b|"
        r"\bwrites? to\b|\bsends? (?:\w+ )*to\b",
        "how the services work together: what calls, triggers, reads or writes what",
    ),
    "constraints": (
        r"\bconstraints?\b|\bmust not\b|\bno (?:public|wildcard|hard-?coded)\b|\bonly\b|\bat (?:most|least)\b|\bleast[- ]privilege\b|"
        r"\bencrypt\w*|\bretention\b|\bbudget\b|\bcompl(?:y|iance|iant)\b|\blimit(?:s|ed)?\b|\bregion\b|\bwithin\b|\bnever\b",
        "the limits: region, encryption, access, retention, cost",
    ),
}


def missing(prompt: str) -> list[str]:
    """Which of requirements, AWS services, architecture, constraints the prompt says nothing about."""
    return [
        name
        for name, (pattern, _) in _PARTS.items()
        if not re.search(pattern, prompt, re.MULTILINE if name == "AWS services" else re.MULTILINE | re.IGNORECASE)
    ]


def read(repo: Path, settings: Settings) -> Source:
    """The task that lib/PROMPT.md is; its id is `prompt-` and the head of its sha256.

    Raises `Failure` saying which parts are missing and how to fill them in.
    """
    path = repo / FILE
    try:
        data = path.read_bytes()
        prompt = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Failure(f"{path}: is not UTF-8 (byte {error.start})", hint="save it as UTF-8 text") from error
    except OSError as error:
        raise Failure(f"{path}: cannot be read: {error.strerror}", hint="check the path and permissions") from error
    lacking = missing(prompt)
    if lacking:
        advice = "; ".join(f"{name}: {_PARTS[name][1]}" for name in lacking)
        state = "is empty" if not prompt.strip() else "says nothing about"
        listed = ", ".join(lacking)
        raise Failure(f"{path}: {state}{': missing are ' if not prompt.strip() else ' '}{listed}", hint=f"add {advice}")
    if len(prompt.strip()) < SHORTEST:
        raise Failure(
            f"{path}: {len(prompt.strip())} characters are too few to build from (wanted {SHORTEST})",
            hint="spell out requirements, AWS services, architecture and constraints",
        )
    task_id = f"prompt-{hashlib.sha256(data).hexdigest()[:8]}"
    difficulty = plain(settings["tasks.default_difficulty"])
    return Source(task_id, FILE, 1, difficulty, prompt.strip() + "\n")
