import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { outputs } from '../jest/outputs';

const s3 = new S3Client({});

async function kept(key: string): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      const found = await s3.send(new GetObjectCommand({ Bucket: outputs.BucketName, Key: key }));
      return (await found.Body?.transformToString()) ?? '';
    } catch {
      await new Promise(done => setTimeout(done, 200));
    }
  }
  return '';
}

test('an order that is sent to the topic is kept in the bucket', async () => {
  const order = JSON.stringify({ id: 'a1', amount: 3 });
  await new SNSClient({}).send(new PublishCommand({ TopicArn: outputs.TopicArn, Message: order }));
  expect(await kept('orders/a1.json')).toBe(order);
});
