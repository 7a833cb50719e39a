import * as cdk from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { TapStack } from '../lib/tap-stack';

const template = Template.fromStack(new TapStack(new cdk.App(), 'TapStacktest', { environmentSuffix: 'test' }));

test('the names end with the suffix', () => {
  template.hasResourceProperties('AWS::SNS::Topic', { TopicName: 'orders-test' });
  template.hasResourceProperties('AWS::Lambda::Function', { FunctionName: 'orders-test', Handler: 'index.handler' });
});

test('the topic feeds the function', () => {
  template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'lambda' });
  template.hasOutput('TopicArn', { Value: { Ref: Match.stringLikeRegexp('Topic') } });
});
