/** Writes the outputs of the deployed stack to cfn-outputs/flat-outputs.json, for the integration tests. */
const fs = require('fs');
const path = require('path');
const { execFileSync } = require('child_process');

const root = path.join(__dirname, '..');
const name = `TapStack${process.env.ENVIRONMENT_SUFFIX ?? 'dev'}`;
const folder = path.join(root, 'cdktf.out', 'stacks', name);
const found = JSON.parse(execFileSync('terraform', [`-chdir=${folder}`, 'output', '-json'], { encoding: 'utf8' }));
const outputs = Object.fromEntries(Object.entries(found).map(([key, entry]) => [key, entry.value]));
const file = path.join(root, 'cfn-outputs', 'flat-outputs.json');
fs.mkdirSync(path.dirname(file), { recursive: true });
fs.writeFileSync(file, JSON.stringify(outputs, null, 2) + '\n');
console.log(`${Object.keys(outputs).length} outputs of ${name} written to ${file}`);
