import { TapStack } from '../lib/tap-stack';

const environmentSuffix = process.env.ENVIRONMENT_SUFFIX || 'dev';
const stack = new TapStack('tap-stack', { environmentSuffix });

export const BucketName = stack.bucketName;
export const TopicArn = stack.topicArn;
