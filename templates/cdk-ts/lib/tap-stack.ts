// PLACEHOLDER-TEMPLATE: replace this stack by the one of the task
import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';

export interface TapStackProps extends cdk.StackProps {
  /** Suffix of every name, so that several environments can live side by side. */
  environmentSuffix: string;
}

export class TapStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props: TapStackProps) {
    super(scope, id, props);
    // Costs nothing and does nothing; a stack must have a resource to be valid.
    new cdk.CfnWaitConditionHandle(this, 'PlaceholderHandle');
    new cdk.CfnOutput(this, 'EnvironmentSuffix', { value: props.environmentSuffix });
  }
}
