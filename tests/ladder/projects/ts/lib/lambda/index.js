/** Keeps every order that the topic brings as an object of the bucket. */
const { PutObjectCommand, S3Client } = require('@aws-sdk/client-s3');

const s3 = new S3Client({});

exports.handler = async event => {
  for (const record of event.Records) {
    const { id } = JSON.parse(record.Sns.Message);
    await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: `orders/${id}.json`, Body: record.Sns.Message }));
  }
  return { kept: event.Records.length };
};
