"""How rehearsal fares with a task list: per task how it ended, and how many of the named services its final stack has.

Every task goes down the whole line, in a repository of its own kind: one for each pair, made for the occasion in the
folder that --keep names, else in a temporary one. What a text names is told by the table in this file, not by what
rehearsal knows. With two --pair the tasks alternate between them.

Suggested usage:
    .venv/bin/nox -s bench -- rehearsal ~/tasks.csv --pair cfn+yaml --pair cfn+json
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

SCRIPTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SCRIPTS))
# What a text says, and the beginnings of resource types that show it is there.
NAMES = {
    "ACM": (r"\bacm\b|certificate manager", "CertificateManager"),
    "API Gateway": (r"api ?gateway", "ApiGateway"),
    "AppSync": (r"appsync|graphql", "AppSync"),
    "Athena": (r"athena", "Athena"),
    "Aurora, RDS": (r"\brds\b|aurora|\bmysql|postgres", "RDS"),
    "Auto Scaling": (r"auto[- ]?scaling|\basg\b", "AutoScaling|ApplicationAutoScaling"),
    "Backup": (r"aws backup|backup (?:vault|plan)", "Backup"),
    "Batch": (r"aws batch", "Batch"),
    "Budgets": (r"\bbudgets?\b", "Budgets"),
    "CloudFront": (r"cloudfront", "CloudFront"),
    "CloudTrail": (r"cloudtrail", "CloudTrail"),
    "CloudWatch": (r"cloudwatch", "CloudWatch|Logs"),
    "CodeBuild": (r"codebuild", "CodeBuild"),
    "CodeCommit": (r"codecommit", "CodeCommit"),
    "CodeDeploy": (r"codedeploy", "CodeDeploy"),
    "CodePipeline": (r"codepipeline", "CodePipeline"),
    "Cognito": (r"cognito", "Cognito"),
    "Config": (r"aws config\b", "Config"),
    "DMS": (r"\bdms\b|database migration", "DMS"),
    "DocumentDB": (r"documentdb", "DocDB"),
    "DynamoDB": (r"dynamodb", "DynamoDB"),
    "EC2": (r"\bec2\b", "EC2::(?:Instance|LaunchTemplate|SecurityGroup)|AutoScaling"),
    "ECR": (r"\becr\b|container registry", "ECR"),
    "ECS": (r"\becs\b|fargate", "ECS"),
    "EFS": (r"\befs\b|elastic file system", "EFS"),
    "EKS": (r"\beks\b|kubernetes", "EKS"),
    "ElastiCache": (r"elasticache|\bredis\b|memcached", "ElastiCache"),
    "Elastic Beanstalk": (r"beanstalk", "ElasticBeanstalk"),
    "Elastic Load Balancing": (r"load balanc|\balb\b|\bnlb\b|\belb\b", "ElasticLoadBalancing"),
    "EMR": (r"\bemr\b", "EMR"),
    "EventBridge": (r"eventbridge|cloudwatch events", "Events|Scheduler"),
    "Firehose": (r"firehose", "KinesisFirehose"),
    "Global Accelerator": (r"global accelerator", "GlobalAccelerator"),
    "Glue": (r"\bglue\b", "Glue"),
    "GuardDuty": (r"guardduty", "GuardDuty"),
    "IAM": (r"\biam\b", "IAM"),
    "Inspector": (r"\binspector\b", "Inspector"),
    "IoT": (r"\biot core\b|aws iot|iot rule", "IoT"),
    "Kinesis": (r"kinesis(?! (?:data )?firehose)", "Kinesis(?!Firehose)"),
    "KMS": (r"\bkms\b|key management service", "KMS"),
    "Lake Formation": (r"lake formation", "LakeFormation"),
    "Lambda": (r"\blambda", "Lambda"),
    "Macie": (r"\bmacie\b", "Macie"),
    "MSK": (r"\bmsk\b|kafka", "MSK"),
    "NAT gateway": (r"\bnat gateway", "EC2::NatGateway"),
    "Network Firewall": (r"network firewall", "NetworkFirewall"),
    "OpenSearch": (r"opensearch|elasticsearch", "OpenSearchService"),
    "Organizations": (r"aws organizations", "Organizations"),
    "Redshift": (r"redshift", "Redshift"),
    "Route 53": (r"route ?53", "Route53"),
    "S3": (r"\bs3\b", "S3"),
    "SageMaker": (r"sagemaker", "SageMaker"),
    "Secrets Manager": (r"secrets manager", "SecretsManager"),
    "Security Hub": (r"security ?hub", "SecurityHub"),
    "SES": (r"\bses\b|simple email", "SES"),
    "Shield": (r"aws shield|shield advanced", "Shield"),
    "SNS": (r"\bsns\b", "SNS"),
    "SQS": (r"\bsqs\b", "SQS"),
    "Step Functions": (r"step functions", "StepFunctions"),
    "Systems Manager": (r"systems manager|\bssm\b|parameter store|session manager", "SSM"),
    "Transfer Family": (r"transfer family|\bsftp\b", "Transfer"),
    "Transit Gateway": (r"transit gateway", "EC2::TransitGateway"),
    "VPC": (r"\bvpcs?\b", "EC2::VPC"),
    "VPC endpoints": (r"vpc endpoints?|gateway endpoints?|interface endpoints?", "EC2::VPCEndpoint"),
    "VPC peering": (r"\bpeering\b", "EC2::VPCPeering"),
    "WAF": (r"\bwaf(?:v2)?\b|web application firewall", "WAFv2"),
    "X-Ray": (r"x-ray", "XRay"),
}
# How the imports and classes of programs begin, where it is not as in CloudFormation; small, without - and _.
PROGRAMS = {
    "ACM": "acm|certificatemanager",
    "Aurora, RDS": "rds|db",
    "Auto Scaling": "autoscaling|appautoscaling|applicationautoscaling",
    "Config": "cfg|config",
    "Elastic Load Balancing": "lb|alb|elasticloadbalancing",
    "EventBridge": "events|scheduler|cloudwatchevent|cloudwatch.event",
    "OpenSearch": "opensearch",
    "Step Functions": "sfn|stepfunctions",
    "Transit Gateway": "ec2transitgateway",
}


class Row(NamedTuple):
    """One task's fate: `errors` are the linter's, None where no template was left to lint."""

    task: str
    pair: str
    end: str
    named: list[str]
    missing: list[str]
    errors: int | None
    seconds: float
    reason: str


def main() -> int:
    """Run the list, a line a task as they end, and the sums at the end."""
    parser = argparse.ArgumentParser(prog="nox -s bench -- rehearsal", description=__doc__.splitlines()[0])
    parser.add_argument("list", type=Path, nargs="?", help="a task list as tasks.csv is (default: the demo's)")
    parser.add_argument("--pair", action="append", default=[], metavar="PLATFORM+LANGUAGE", help="default: the text's")
    parser.add_argument("--only", action="append", default=[], metavar="ID", help="these tasks alone")
    parser.add_argument("--jobs", type=int, default=2, help="tasks at a time (default: 2)")
    parser.add_argument("--keep", type=Path, help="keep the repositories in this folder")
    parser.add_argument("--table", type=Path, help="also write the table as CSV to this file")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-rehearsal-") as aside:
        rows = []
        jobs = _jobs(args, args.keep or Path(aside))
        with ThreadPoolExecutor(args.jobs) as pool:
            for row in pool.map(lambda job: _run(*job), jobs):
                rows.append(row)
                _show(row)
    _sums(rows)
    if args.table:
        with args.table.open("w", newline="") as out:
            csv.writer(out).writerows([Row._fields, *rows])
    return 0


def _jobs(args: argparse.Namespace, folder: Path) -> Iterator[tuple[Path, str, str]]:
    pairs = args.pair or [""]
    repos = [_repo(folder / (pair.replace("+", "-") or "own"), args.list, pair) for pair in pairs]
    listed = _script("select_task.py", "--repo", str(repos[0]), "--list", "--json")
    ids = [one["task_id"] for one in json.loads(listed) if not args.only or one["task_id"] in args.only]
    return ((repos[number % len(repos)], task, pairs[number % len(repos)]) for number, task in enumerate(ids))


def _repo(path: Path, list_: Path | None, pair: str) -> Path:
    """A demo repository whose tasks are those of `list_`, all of them to be written as `pair` says."""
    from kit.run.git import git
    from kit.tasks import demo

    demo.ensure(path)
    if list_:
        (path / "tasks.csv").write_bytes(list_.read_bytes())
        _script("select_task.py", "--repo", str(path), "--add-columns")
    if pair:
        (path / ".claude").mkdir(exist_ok=True)
        (path / ".claude" / "platform_enforcement.md").write_text(pair + "\n")
    git(path, "add", "--all")
    git(path, "commit", "--quiet", "--allow-empty", "-m", "The tasks of the benchmark")
    git(path, "push", "--quiet", "origin", "HEAD:main")
    return path


def _script(name: str, *words: str) -> str:
    return subprocess.run(
        [sys.executable, str(SCRIPTS / name), *words], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def _run(repo: Path, task: str, pair: str) -> Row:
    # What stands in a damaged row may be no name of a file.
    name = re.sub(r"[^\w.-]", "_", task)[:60]
    outcome, log = (repo / ".runs" / f"{name}.{kind}" for kind in ("outcome.json", "log"))
    outcome.parent.mkdir(exist_ok=True)
    began = time.monotonic()
    words = ["--repo", str(repo), "--task", task, "--model", "rehearsal", "--outcome", str(outcome)]
    with log.open("w") as said:
        environment = os.environ | {"FORGE": "local"}
        script = [sys.executable, str(SCRIPTS / "next_task.py"), *words]
        subprocess.run(script, check=False, stdout=said, stderr=said, env=environment)
    seconds = time.monotonic() - began
    end = json.loads(outcome.read_text()) if outcome.exists() else {"outcome": "crashed", "reason": "no outcome"}
    run = repo / ".runs" / name / "task.json"
    told = json.loads(run.read_text()) if run.exists() else {}
    text = str(told.get("text") or "").lower()
    stack = _stack(repo, name)
    named = [name for name, (says, _) in NAMES.items() if asked(says, text)]
    missing = [name for name in named if not _has(name, stack)]
    whole = f"{told.get('platform', '?')}+{told.get('language', '?')}" if told else pair
    return Row(task, whole, end["outcome"], named, missing, _lint(stack), seconds, str(end.get("reason") or ""))


def asked(says: str, text: str) -> bool:
    """True when `says` stands in `text` (small letters) without a word before it that takes it back."""
    before = re.compile(r"\b(?:no|not|without|instead of|rather than|existing)\b[^.;\n]{0,24}$")
    return any(not before.search(text[: found.start()][-60:]) for found in re.finditer(says, text))


def _stack(repo: Path, task: str) -> str:
    """The files below lib/ that hold the stack: of the pushed branch, else of the worktree that was left."""
    from kit.run.git import git

    branch, texts = f"IAC-synth-{task}", []
    names = git(repo, "ls-tree", "-r", "--name-only", branch, "lib/", check=False).split()
    left = repo / "worktree" / branch / "lib"
    if left.is_dir():
        texts = [path.read_text() for path in sorted(left.rglob("*")) if path.suffix in _CODE]
    else:
        texts = [git(repo, "show", f"{branch}:{name}") for name in names if Path(name).suffix in _CODE]
    return "\n".join(texts)


_CODE = {".yml", ".yaml", ".json", ".ts", ".py"}


def _has(name: str, stack: str) -> bool:
    sign = NAMES[name][1]
    if name == "X-Ray" and re.search(r"Tracing(?:Config|Enabled|Configuration)|XrayEnabled|tracing", stack):
        return True
    if "AWSTemplateFormatVersion" in stack:
        return bool(re.search(rf"AWS::(?:{sign})", stack))
    plain = re.sub(r"[_-]", "", stack).lower()
    if "::" in sign:
        return bool(re.search(re.sub(r"\w+::", "", sign).lower(), plain))
    return bool(re.search(rf"aws[./]?(?:lib/)?(?:{PROGRAMS.get(name, sign.lower())})", plain))


def _lint(stack: str) -> int | None:
    if "AWSTemplateFormatVersion" not in stack:
        return None
    from cfnlint.api import lint

    return sum(match.rule.id.startswith("E") for match in lint(stack))


def _show(row: Row) -> None:
    there = f"{len(row.named) - len(row.missing)}/{len(row.named)}"
    errors = "-" if row.errors is None else row.errors
    missing = ", ".join(row.missing)
    print(f"{row.task[:16]:<17}{row.pair:<12}{row.end:<12}{there:>7}{errors:>4}{row.seconds:>7.0f} s  {missing}")
    if row.end != "done":
        print(f"    {row.reason[:300]}")
    sys.stdout.flush()


def _sums(rows: list[Row]) -> None:
    named, missing = sum(len(row.named) for row in rows), sum(len(row.missing) for row in rows)
    done = sum(row.end == "done" for row in rows)
    print(f"\n{done} of {len(rows)} done ({done / max(len(rows), 1):.0%}; wanted: 85 % for cfn and cdk, 70 % else)")
    share = 1 - missing / max(named, 1)
    print(f"{named - missing} of {named} named services in the final stack ({share:.0%}; wanted: 80 %)")
    print(f"{sum(row.errors or 0 for row in rows)} linter errors (wanted: 0)")


if __name__ == "__main__":
    raise SystemExit(main())
