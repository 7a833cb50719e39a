/** The outputs of the deployed stack, by key, as written to cfn-outputs/flat-outputs.json after the deployment. */
import * as fs from 'fs';
import * as path from 'path';

const file = path.join(__dirname, '..', 'cfn-outputs', 'flat-outputs.json');

function read(): Record<string, string> {
  if (!fs.existsSync(file)) {
    throw new Error(`${file}: no such file; deploy the stack, then run "npm run outputs"`);
  }
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

export const outputs: Record<string, string> = read();
