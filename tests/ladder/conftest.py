"""A small finished project, installed from the cache, as a run of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kit.ladder import install
from kit.ladder.clouds import find_cloud
from kit.ladder.foreign import ForeignRun
from kit.settings import TOOLKIT, Settings

# Their tests are run by the ladder.
collect_ignore = ["projects"]
TEMPLATE = """\
AWSTemplateFormatVersion: '2010-09-09'
Description: Orders
Parameters:
  EnvironmentSuffix:
    Type: String
    Default: dev
Conditions:
  IsProd: !Equals [!Ref EnvironmentSuffix, prod]
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub 'orders-${EnvironmentSuffix}-${AWS::AccountId}'
      VersioningConfiguration:
        Status: !If [IsProd, Enabled, Suspended]
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub 'orders-${EnvironmentSuffix}'
Outputs:
  BucketName:
    Value: !Ref Bucket
  QueueUrl:
    Value: !Ref Queue
"""
UNIT = """\
import { template } from '../jest/template';

describe('orders', () => {
  test('names its bucket', () => {
    const bucket = template.Resources.Bucket.Properties;
    expect(bucket.BucketName).toEqual({ 'Fn::Sub': 'orders-${EnvironmentSuffix}-${AWS::AccountId}' });
    expect(template.Conditions.IsProd).toEqual({ 'Fn::Equals': [{ Ref: 'EnvironmentSuffix' }, 'prod'] });
  });
  test('names its queue', () => {
    expect(template.Resources.Queue.Properties.QueueName['Fn::Sub']).toMatch(/^orders-/);
    expect(template.Parameters.EnvironmentSuffix.Default).toBe('dev');
    expect(template.Outputs.BucketName.Value).toEqual({ Ref: 'Bucket' });
    expect(template.Outputs.QueueUrl.Value.Ref).toBe('Queue');
  });
});
"""
INTEGRATION = """\
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { outputs } from '../jest/outputs';

test('the queue takes a message and gives it back', async () => {
  const sqs = new SQSClient({});
  await sqs.send(new SendMessageCommand({ QueueUrl: outputs.QueueUrl, MessageBody: 'hello' }));
  const got = await sqs.send(new ReceiveMessageCommand({ QueueUrl: outputs.QueueUrl }));
  expect(got.Messages?.[0].Body).toBe('hello');
});
"""


def lay_out(folder: Path, pair: str = "cfn-yaml") -> Path:
    """A finished project of `pair` in `folder`, without its dependencies."""
    source = TOOLKIT / "templates" / pair
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("node_modules", "coverage"))
    (folder / "lib" / "TapStack.yml").write_text(TEMPLATE)
    (folder / "test" / "tap-stack.unit.test.ts").write_text(UNIT)
    (folder / "test" / "tap-stack.int.test.ts").write_text(INTEGRATION)
    return folder


@pytest.fixture
def bare(tmp_path: Path):  # type: ignore[no-untyped-def]
    """The finished project as a run, before its dependencies are installed; its cloud ends with the test."""
    project = lay_out(tmp_path / "project")
    run = ForeignRun.open(project, "cfn-yaml", Settings.load(environ={}), folder=tmp_path / "run")
    yield run
    cloud = find_cloud(run)
    if cloud is not None:
        cloud.stop()


@pytest.fixture
def climber(bare: ForeignRun, tmp_path: Path) -> ForeignRun:
    """The finished project as a run, with its dependencies."""
    install.install(bare.worktree, tmp_path / "install.log")
    return bare
