"""One clean run in a real git repository, from which every fixture breaks one rule."""

from __future__ import annotations

import dataclasses
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit import files
from kit.agents import blocks, failures
from kit.gates import decision
from kit.gates.model import Result, judge
from kit.gates.register import named
from kit.gates.subject import Subject
from kit.ladder import products
from kit.ladder.platforms import platform
from kit.run import project, receipts
from kit.run.git import code_tree, git
from kit.run.receipts import Receipt
from kit.run.rundir import Run
from kit.settings import Settings

TASK_ID = "T7"
STAGES = ("lint", "build", "synth", "unit", "deploy", "outputs", "integration", "destroy")

PROMPT = """Build a small order intake with CloudFormation in YAML.

Orders arrive in an SQS queue and end in a DynamoDB table. Keep invoices in an S3 bucket.
Do not use EC2. The stack runs in eu-west-1.
"""

FIRST = """AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  EnvironmentSuffix:
    Type: String
    Default: dev
Resources:
  Invoices:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub 'invoices-${EnvironmentSuffix}'
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub 'orders-${EnvironmentSuffix}'
  Ledger:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub 'ledger-${EnvironmentSuffix}'
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - {AttributeName: id, AttributeType: S}
      KeySchema:
        - {AttributeName: id, KeyType: HASH}
Outputs:
  QueueUrl:
    Value: !Ref Orders
"""

FINAL = FIRST.replace(
    "      BucketName: !Sub 'invoices-${EnvironmentSuffix}'\n",
    """      BucketName: !Sub 'invoices-${EnvironmentSuffix}'
      PublicAccessBlockConfiguration:
        BlockPublicAcls: true
        BlockPublicPolicy: true
        IgnorePublicAcls: true
        RestrictPublicBuckets: true
""",
).replace(
    "      BillingMode: PAY_PER_REQUEST\n",
    """      BillingMode: PAY_PER_REQUEST
      PointInTimeRecoverySpecification:
        PointInTimeRecoveryEnabled: true
""",
)

UNIT = """import { template } from '../jest/template';

describe('TapStack template', () => {
  test('keeps invoices private', () => {
    const bucket = template.Resources.Invoices.Properties;
    expect(bucket.PublicAccessBlockConfiguration.BlockPublicAcls).toBe(true);
  });

  test('can restore the ledger', () => {
    const ledger = template.Resources.Ledger.Properties;
    expect(ledger.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(true);
  });
});
"""

INTEGRATION = """import { SQSClient, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { outputs } from '../jest/outputs';

const sqs = new SQSClient({});

describe('TapStack deployed', () => {
  test('the queue answers', async () => {
    const found = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: outputs.QueueUrl, AttributeNames: ['All'] })
    );
    expect(found.Attributes?.QueueArn).toContain('orders-');
  });
});
"""

TASK: dict[str, Any] = {
    "task_id": TASK_ID,
    "source": "tasks.csv",
    "line": 2,
    "difficulty": "medium",
    "subtask": "Cloud Environment Setup",
    "subtask_mapped": "Provisioning of Infrastructure Environments",
    "title": "Order intake",
    "text": PROMPT,
    "fields": {},
    "platform": "cfn",
    "language": "yaml",
    "region": "eu-west-1",
    "region_named": True,
    "witness": {"platform": "CloudFormation", "language": "YAML", "region": "eu-west-1"},
    "notes": [],
}

ENTRY: dict[str, Any] = {
    "id": "F1",
    "severity": "Medium",
    "kind": "requirement",
    "files": ["lib/TapStack.yml"],
    "wrong": "The ledger could not be restored.",
    "done": "Point-in-time recovery was turned on.",
    "evidence": "001-lint.json",
    "round": 1,
}

REVIEW: dict[str, Any] = {
    "training_quality": 7,
    "reasons": ["two gaps of substance"],
    "summary": "Small and sound.",
    "prerequisites_met": True,
    "compliance_percentage": 100,
    "violations": [],
    "ready": True,
    "new_features": [],
}

ROWS = 'task_id,status,platform,difficulty,problem,trainr_notes\r\n{row}T8,,cfn,hard,"Two\r\nlines",\r\n'
ROW = 'T7,in_progress,cfn,medium,"Order\r\nintake",\r\n'


UNITS, LIVE = "test/tap-stack.unit.test.ts", "test/tap-stack.int.test.ts"
COVERAGE = {"total": {"lines": {"total": 5, "covered": 5, "skipped": 0, "pct": 100}}}


@dataclass(frozen=True)
class Sample:
    """A clean run of one pair: its files before and after, its tests, and what synth left behind of each."""

    task: dict[str, Any] = field(default_factory=lambda: TASK)
    first: dict[str, str] = field(default_factory=lambda: {"lib/TapStack.yml": FIRST})
    final: dict[str, str] = field(default_factory=lambda: {"lib/TapStack.yml": FINAL})
    tests: dict[str, str] = field(default_factory=lambda: {UNITS: UNIT, LIVE: INTEGRATION})
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    coverage: dict[str, str] = field(default_factory=lambda: {"coverage/coverage-summary.json": json.dumps(COVERAGE)})


class Bench:
    """The clean run and the means to break it: `write` a file, `seal` receipts and renderings for the new tree."""

    def __init__(self, repo: Path) -> None:
        self.repo = repo
        self.run = Run(repo, TASK_ID, Settings.load(repo, environ={}))
        self.root = self.run.worktree

    def write(self, name: str, content: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def task(self, **changes: Any) -> None:
        files.write_json(self.run.dir / "task.json", files.read_json(self.run.dir / "task.json") | changes)
        self.run = Run(self.repo, TASK_ID, self.run.settings)

    def review(self, **changes: Any) -> None:
        files.write_json(self.run.dir / "review.json", REVIEW | changes)

    def entries(self, *entries: dict[str, Any]) -> None:
        lines = "".join(json.dumps(ENTRY | entry) + "\n" for entry in entries)
        (self.run.dir / "failures.jsonl").write_text(lines, encoding="utf-8")
        failures.write(self.run)

    def receipt(self, stage: str, **changes: Any) -> Path:
        """Write one receipt with its log for the tree as it is, passed unless told otherwise."""
        log = self.run.logs / f"{stage}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(f"{stage} ran\n", encoding="utf-8")
        figures: dict[str, Any] = {
            "unit": {"coverage": 100.0},
            "outputs": {"outputs": 1},
            "destroy": {"had": 3, "gone": 3, "unverified": []},
            "synth": {"artifact": self.artifact()},
        }.get(stage, {})
        made = Receipt(
            stage=stage,
            verdict="passed",
            tree=code_tree(self.root),
            attempt=1,
            started=receipts.now(),
            log=f"logs/{stage}.log",
            log_sha256=receipts.digest(log),
            figures=figures,
        )
        return receipts.write(self.run, dataclasses.replace(made, **changes))

    def respond(self, first: dict[str, str], number: int = 1) -> None:
        """Let the first answer of a round be `first`: on disk, in MODEL_RESPONSE, and in its baseline receipts."""
        for name, content in first.items():
            self.write(name, content)
        self.write(f"lib/MODEL_RESPONSE{'' if number == 1 else number}.md", blocks.render(first))
        for stage in ("lint", "build", "synth", "deploy"):
            self.receipt(stage, baseline=True, round=number)
        products.keep(self.run)

    def artifact(self) -> str:
        """The hash of what synth left in the worktree."""
        task = self.run.task
        return platform(task["platform"], task["language"]).artifact(self.root)

    def render_ideal(self) -> None:
        """Write IDEAL_RESPONSE from the files below lib/."""
        found = {}
        for path in sorted([*self.root.glob("lib/**/*"), *self.root.glob("bin/**/*"), *self.root.glob("tap.py")]):
            if path.is_file() and path.suffix in (".yml", ".json", ".py", ".ts", ".js"):
                found[path.relative_to(self.root).as_posix()] = path.read_text(encoding="utf-8")
        self.write("lib/IDEAL_RESPONSE.md", blocks.render(found))

    def seal(self) -> None:
        """Let everything that scripts derive speak of the files as they are now."""
        self.render_ideal()
        for stage in STAGES:
            self.receipt(stage)

    def ask(self, name: str) -> Result:
        return judge(named(name), Subject(self.run))

    def failing(self) -> set[str]:
        return {one.name for one in decision.before_pr(self.run) if not one.passed}


def build(repo: Path, sample: Sample | None = None) -> Bench:
    """The clean run of a sample (none: CloudFormation in YAML), from nothing."""
    sample = sample or Sample()
    repo.mkdir()
    git(repo, "init", "--quiet", "--initial-branch", "main")
    git(repo, "config", "user.name", "Test")
    git(repo, "config", "user.email", "test@example.com")
    (repo / "tasks.csv").write_bytes(ROWS.format(row=ROW).encode())
    (repo / "README.md").write_text("orders\n", encoding="utf-8")
    git(repo, "add", ".")
    git(repo, "commit", "--quiet", "--message", "base")
    ignored = "/.runs/\n/worktree/\ncfn-outputs/\ncoverage/\nnode_modules/\ncdk.out/\ncdktf.out/\npulumi.out/\n"
    (repo / ".git" / "info" / "exclude").write_text(ignored, encoding="utf-8")
    bench = Bench(repo)
    git(repo, "worktree", "add", "--quiet", "-b", bench.run.branch, str(bench.root))
    files.write_json(bench.run.dir / "task.json", sample.task | {"base_sha": git(repo, "rev-parse", "HEAD")})
    project.lay_out(bench.run)
    project.write_metadata(bench.run)
    bench.write("lib/PROMPT.md", PROMPT)
    for name, content in sample.before.items():
        bench.write(name, content)
    bench.respond(sample.first)
    for name, content in (sample.final | sample.tests | sample.after | sample.coverage).items():
        bench.write(name, content)
    bench.write("cfn-outputs/flat-outputs.json", json.dumps({"QueueUrl": "https://sqs.example/orders"}))
    bench.entries({})
    bench.review()
    bench.seal()
    return bench


def copied(built: Path, repo: Path) -> Bench:
    """A copy of a run's repository, its worktree told where it is now."""
    shutil.copytree(built, repo, symlinks=True)
    own = Bench(repo)
    inner = repo / ".git" / "worktrees" / own.run.branch
    (own.root / ".git").write_text(f"gitdir: {inner}\n", encoding="utf-8")
    (inner / "gitdir").write_text(f"{own.root / '.git'}\n", encoding="utf-8")
    return own
