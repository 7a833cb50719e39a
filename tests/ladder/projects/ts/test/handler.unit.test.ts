import { S3Client } from '@aws-sdk/client-s3';
import { handler } from '../lib/lambda/index';

test('the function keeps every order under its id', async () => {
  process.env.BUCKET = 'orders';
  const send = jest.spyOn(S3Client.prototype, 'send').mockImplementation(() => Promise.resolve());
  const order = JSON.stringify({ id: '7' });
  expect(await handler({ Records: [{ Sns: { Message: order } }] })).toEqual({ kept: 1 });
  expect(send.mock.calls[0][0].input).toEqual({ Bucket: 'orders', Key: 'orders/7.json', Body: order });
});
