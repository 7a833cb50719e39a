// PLACEHOLDER-TEMPLATE: replace this stack by the one of the task
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';

export interface TapStackProps {
  /** Suffix of every name, so that several environments can live side by side. */
  environmentSuffix: string;
  region: string;
}

export class TapStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: TapStackProps) {
    super(scope, id);
    new AwsProvider(this, 'aws', { region: props.region });
    const parameter = new SsmParameter(this, 'Placeholder', {
      name: `/tap/${props.environmentSuffix}/placeholder`,
      type: 'String',
      value: 'placeholder',
    });
    new TerraformOutput(this, 'ParameterName', { value: parameter.name, staticId: true });
  }
}
