/** Writes the outputs of the deployed stack to cfn-outputs/flat-outputs.json, for the integration tests. */
const fs = require('fs');
const path = require('path');
const { CloudFormationClient, DescribeStacksCommand } = require('@aws-sdk/client-cloudformation');

async function main() {
  const name = `TapStack${process.env.ENVIRONMENT_SUFFIX ?? 'dev'}`;
  const found = await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: name }));
  const outputs = Object.fromEntries((found.Stacks[0].Outputs ?? []).map(each => [each.OutputKey, each.OutputValue]));
  const file = path.join(__dirname, '..', 'cfn-outputs', 'flat-outputs.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify(outputs, null, 2) + '\n');
  console.log(`${Object.keys(outputs).length} outputs of ${name} written to ${file}`);
}

main().catch(error => {
  console.error(`${error.name}: ${error.message}`);
  process.exit(1);
});
