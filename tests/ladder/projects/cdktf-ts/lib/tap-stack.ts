import * as path from 'path';
import { AssetType, TerraformAsset, TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';

export interface TapStackProps {
  environmentSuffix: string;
  region: string;
}

export class TapStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: TapStackProps) {
    super(scope, id);
    new AwsProvider(this, 'aws', { region: props.region });
    const name = `orders-${props.environmentSuffix}`;
    const bucket = new S3Bucket(this, 'Bucket', { bucket: `${name}-store` });
    const topic = new SnsTopic(this, 'Topic', { name });
    const code = new TerraformAsset(this, 'Code', { path: path.join(__dirname, 'lambda'), type: AssetType.ARCHIVE });
    const role = new IamRole(this, 'Role', {
      name,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    });
    const policy = new IamRolePolicy(this, 'Policy', {
      name,
      role: role.id,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: `${bucket.arn}/orders/*` }],
      }),
    });
    const keep = new LambdaFunction(this, 'Function', {
      functionName: name,
      role: role.arn,
      runtime: 'nodejs22.x',
      handler: 'index.handler',
      timeout: 30,
      filename: code.path,
      sourceCodeHash: code.assetHash,
      environment: { variables: { BUCKET: bucket.bucket } },
      dependsOn: [policy],
    });
    const permission = new LambdaPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: keep.functionName,
      principal: 'sns.amazonaws.com',
      sourceArn: topic.arn,
    });
    new SnsTopicSubscription(this, 'Subscription', {
      topicArn: topic.arn,
      protocol: 'lambda',
      endpoint: keep.arn,
      dependsOn: [permission],
    });
    new TerraformOutput(this, 'BucketName', { value: bucket.bucket, staticId: true });
    new TerraformOutput(this, 'TopicArn', { value: topic.arn, staticId: true });
  }
}
