import { template } from '../jest/template';

const { Resources, Parameters, Outputs } = template;

test('the names end with the suffix', () => {
  expect(Parameters.EnvironmentSuffix.Default).toBe('dev');
  expect(Resources.Bucket.Properties.BucketName['Fn::Sub']).toContain('${EnvironmentSuffix}');
  expect(Resources.Topic.Properties.TopicName['Fn::Sub']).toBe('orders-${EnvironmentSuffix}');
  expect(Resources.Function.Properties.FunctionName['Fn::Sub']).toBe('orders-${EnvironmentSuffix}');
});

test('the topic feeds the function, which may write to the bucket only', () => {
  expect(Resources.Subscription.Properties.Endpoint).toEqual({ 'Fn::GetAtt': ['Function', 'Arn'] });
  expect(Resources.Permission.Properties.SourceArn).toEqual({ Ref: 'Topic' });
  const [write] = Resources.Role.Properties.Policies[0].PolicyDocument.Statement;
  expect(write.Action).toBe('s3:PutObject');
  expect(Outputs.BucketName.Value).toEqual({ Ref: 'Bucket' });
  expect(Outputs.TopicArn.Value).toEqual({ Ref: 'Topic' });
});
