import * as pulumi from '@pulumi/pulumi';

const made: Record<string, any> = {};

pulumi.runtime.setMocks({
  newResource: args => {
    made[args.type] = args.inputs;
    return { id: `${args.name}-id`, state: { arn: `arn:${args.name}`, ...args.inputs } };
  },
  call: () => ({}),
});

import { TapStack } from '../lib/tap-stack';

test('the topic feeds the function', async () => {
  const stack = new TapStack('test', { environmentSuffix: 'test' });
  expect(await new Promise(done => stack.bucketName.apply(done))).toBe('orders-test-store');
  while (!('aws:sns/topicSubscription:TopicSubscription' in made)) {
    await new Promise(done => setTimeout(done, 10));
  }
  expect(made['aws:sns/topic:Topic'].name).toBe('orders-test');
  expect(made['aws:sns/topicSubscription:TopicSubscription'].topic).toBe('arn:topic');
});
