import { Testing } from 'cdktf';
import { TapStack } from '../lib/tap-stack';

const stack = new TapStack(Testing.app(), 'TapStacktest', { environmentSuffix: 'test', region: 'us-east-1' });
const { resource } = JSON.parse(Testing.synth(stack));

test('the names end with the suffix', () => {
  expect(resource.aws_sns_topic.Topic.name).toBe('orders-test');
  expect(resource.aws_s3_bucket.Bucket.bucket).toBe('orders-test-store');
});

test('the topic feeds the function', () => {
  expect(resource.aws_sns_topic_subscription.Subscription.endpoint).toBe('${aws_lambda_function.Function.arn}');
  expect(resource.aws_lambda_function.Function.depends_on).toEqual(['aws_iam_role_policy.Policy']);
});
