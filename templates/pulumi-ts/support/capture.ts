/**
 * Runs the program without a cloud and writes down the resources it asks for, to pulumi.out/graph.json.
 *
 * What it asks of a resource that would only be known after the deployment is written as a reference,
 * `${type::name::attribute}`, so that another tool can put the parts together.
 */
import * as fs from 'fs';
import * as path from 'path';
import * as pulumi from '@pulumi/pulumi';
import { MockMonitor } from '@pulumi/pulumi/runtime/mocks';

const ROOT = path.join(__dirname, '..');
const ACCOUNT = '123456789012';
const REGION = process.env.AWS_REGION || 'us-east-1';
// Attributes that exist only after the deployment. A program can ask for any of them.
const KNOWN_LATER =
  'arn bucketDomainName bucketRegionalDomainName invokeArn qualifiedArn url dnsName zoneId hostedZoneId endpoint address ' +
  'port uniqueId keyId domainName executionArn apiEndpoint rootResourceId defaultSecurityGroupId mainRouteTableId ' +
  'defaultRouteTableId ownerId publicIp privateIp allocationId secretId version versionId dashboardArn streamArn ' +
  'repositoryUrl registryId userPoolId endpointAddress readerEndpoint clusterIdentifier arnSuffix primaryEndpointAddress ' +
  'name bucket';
// How the engine's protocol marks a secret.
const MARK = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';

interface Resource {
  type: string;
  name: string;
  inputs: unknown;
  custom: boolean;
}

/** What the engine is told beside the inputs of the resource that is being registered. */
let told: object = {};

const resources: Promise<Resource>[] = [];

/** A value as JSON holds it; archives and files by their path. */
async function plain(given: any): Promise<any> {
  const value = await given;
  if (value instanceof pulumi.asset.FileArchive) {
    return { '@asset': 'archive', path: String(await value.path) };
  }
  if (value instanceof pulumi.asset.FileAsset) {
    return { '@asset': 'file', path: String(await value.path) };
  }
  if (value instanceof pulumi.asset.StringAsset) {
    return { '@asset': 'text', text: await value.text };
  }
  if (value instanceof pulumi.asset.AssetArchive) {
    return { '@asset': 'parts', parts: await plain(await value.assets) };
  }
  if (Array.isArray(value)) {
    return Promise.all(value.map(plain));
  }
  if (value !== null && typeof value === 'object') {
    if (value[MARK] === SECRET) {
      return plain(value.value);
    }
    const pairs = Object.entries(value).map(async ([name, part]) => [name, await plain(part)]);
    return Object.fromEntries(await Promise.all(pairs));
  }
  return value;
}

function unsealed(inputs: any): any {
  const open = (value: any) => (value && typeof value === 'object' && value[MARK] === SECRET ? value.value : value);
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, open(value)]));
}

/** The JSON of a policy document that is given as arguments. */
function policy(args: any): string {
  const statements = (args.statements ?? []).map((given: any) => {
    const made: any = { Effect: given.effect ?? 'Allow', Sid: given.sid, Action: given.actions, NotAction: given.notActions };
    made.Resource = given.resources;
    for (const principal of given.principals ?? []) {
      made.Principal = { ...made.Principal, [principal.type]: principal.identifiers };
    }
    for (const condition of given.conditions ?? []) {
      const inner = { ...made.Condition?.[condition.test], [condition.variable]: condition.values };
      made.Condition = { ...made.Condition, [condition.test]: inner };
    }
    return made;
  });
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

function answer(args: pulumi.runtime.MockCallArgs): any {
  const name = args.token.slice(args.token.lastIndexOf(':') + 1);
  const zones = ['a', 'b', 'c'].map(letter => `${REGION}${letter}`);
  const known: Record<string, any> = {
    getCallerIdentity: { accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, userId: ACCOUNT, id: ACCOUNT },
    getRegion: { name: REGION, id: REGION, region: REGION, description: REGION, endpoint: '' },
    getPartition: { partition: 'aws', dnsSuffix: 'amazonaws.com', id: 'aws' },
    getAvailabilityZones: { names: zones, zoneIds: zones, id: REGION, groupNames: [REGION] },
    getAmi: { id: 'ami-12c6146b', imageId: 'ami-12c6146b', architecture: 'x86_64' },
    getRandomPassword: { randomPassword: `\${${args.token}::password${args.inputs.passwordLength ?? 32}::randomPassword}` },
    getPolicyDocument: { json: policy(args.inputs), id: 'policy' },
  };
  if (!(name in known)) {
    throw new Error(`${args.token} cannot be answered without a cloud`);
  }
  return known[name];
}

/** Notes what is told to the engine and to no mock: what a resource waits for, where it is made, whether it may go. */
function listen(): void {
  const { registerResource, readResource } = MockMonitor.prototype;
  MockMonitor.prototype.registerResource = function (request: any, callback: any) {
    told = {
      urn: (this as any).newUrn(request.getParent(), request.getType(), request.getName()),
      dependencies: request.getDependenciesList().sort(),
      provider: request.getProvider(),
      kept: Boolean(request.getProtect() || request.getRetainondelete()),
      remote: request.getRemote(),
    };
    return registerResource.call(this, request, callback);
  };
  MockMonitor.prototype.readResource = function (request: any, callback: any) {
    told = { read: request.getId() };
    return readResource.call(this, request, callback);
  };
}

async function main(): Promise<void> {
  const suffix = process.env.ENVIRONMENT_SUFFIX || 'dev';
  pulumi.runtime.setAllConfig({ 'aws:region': REGION });
  listen();
  await pulumi.runtime.setMocks(
    {
      newResource: args => {
        const { type, name, custom } = args;
        const beside = told;
        const made = (inputs: unknown) => ({ type, name, inputs, custom: Boolean(custom), ...beside });
        resources.push(plain(args.inputs).then(made));
        const later = KNOWN_LATER.split(' ').map(attribute => [attribute, `\${${type}::${name}::${attribute}}`]);
        return { id: `\${${type}::${name}::id}`, state: { ...Object.fromEntries(later), ...unsealed(args.inputs) } };
      },
      call: answer,
    },
    'TapStack',
    `TapStack${suffix}`,
    false
  );
  process.chdir(ROOT);
  const exported = { ...(await import(path.join(ROOT, 'bin', 'tap.ts'))) };
  delete exported.default;
  const names = Object.keys(exported).filter(name => name !== 'module.exports' && name !== '__esModule');
  const values = await Promise.all(
    names.map(name => new Promise<unknown>(done => pulumi.output(exported[name]).apply(value => done(value))))
  );
  const outputs = await plain(Object.fromEntries(names.map((name, number) => [name, values[number]])));
  // Registrations go on after the program's last line.
  let before = -1;
  while (before !== resources.length) {
    before = resources.length;
    await new Promise(done => setTimeout(done, 50));
    await Promise.all(resources);
  }
  const graph = { resources: await Promise.all(resources), outputs, suffix, region: REGION };
  fs.mkdirSync(path.join(ROOT, 'pulumi.out'), { recursive: true });
  fs.writeFileSync(path.join(ROOT, 'pulumi.out', 'graph.json'), JSON.stringify(graph, null, 2) + '\n');
  console.log(`${resources.length} resources and ${names.length} outputs written to pulumi.out/graph.json`);
}

main().catch(error => {
  console.error(error.stack ?? String(error));
  process.exit(1);
});
