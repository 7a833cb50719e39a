import * as path from 'path';
import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

export interface TapStackArgs {
  environmentSuffix: string;
}

export class TapStack extends pulumi.ComponentResource {
  public readonly bucketName: pulumi.Output<string>;
  public readonly topicArn: pulumi.Output<string>;

  constructor(id: string, args: TapStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:stack:TapStack', id, {}, opts);
    const name = `orders-${args.environmentSuffix}`;
    const bucket = new aws.s3.BucketV2('bucket', { bucket: `${name}-store` }, { parent: this });
    const topic = new aws.sns.Topic('topic', { name }, { parent: this });
    const role = new aws.iam.Role(
      'role',
      { name, assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: 'lambda.amazonaws.com' }) },
      { parent: this }
    );
    const policy = new aws.iam.RolePolicy(
      'policy',
      {
        role: role.id,
        policy: pulumi.jsonStringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: pulumi.interpolate`${bucket.arn}/orders/*` }],
        }),
      },
      { parent: this }
    );
    const keep = new aws.lambda.Function(
      'function',
      {
        name,
        role: role.arn,
        runtime: 'nodejs22.x',
        handler: 'index.handler',
        timeout: 30,
        code: new pulumi.asset.FileArchive(path.join(__dirname, 'lambda')),
        environment: { variables: { BUCKET: bucket.bucket } },
      },
      { parent: this, dependsOn: [policy] }
    );
    const permission = new aws.lambda.Permission(
      'permission',
      { action: 'lambda:InvokeFunction', function: keep.name, principal: 'sns.amazonaws.com', sourceArn: topic.arn },
      { parent: this }
    );
    new aws.sns.TopicSubscription(
      'subscription',
      { topic: topic.arn, protocol: 'lambda', endpoint: keep.arn },
      { parent: this, dependsOn: [permission] }
    );
    this.bucketName = bucket.bucket;
    this.topicArn = topic.arn;
    this.registerOutputs({ BucketName: this.bucketName, TopicArn: this.topicArn });
  }
}
