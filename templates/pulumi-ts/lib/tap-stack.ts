// PLACEHOLDER-TEMPLATE: replace this stack by the one of the task
import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

export interface TapStackArgs {
  /** Suffix of every name, so that several environments can live side by side. */
  environmentSuffix: string;
}

export class TapStack extends pulumi.ComponentResource {
  public readonly parameterName: pulumi.Output<string>;

  constructor(name: string, args: TapStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:stack:TapStack', name, {}, opts);
    const parameter = new aws.ssm.Parameter(
      'placeholder',
      { name: `/tap/${args.environmentSuffix}/placeholder`, type: 'String', value: 'placeholder' },
      { parent: this }
    );
    this.parameterName = parameter.name;
    this.registerOutputs({ ParameterName: parameter.name });
  }
}
