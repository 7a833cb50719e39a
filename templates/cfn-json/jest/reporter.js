/**
 * Writes what the tests did: coverage/<unit|integration>-results.json, and for unit tests the share of the template
 * they assert on, as coverage/coverage-summary.json (lines and statements: all items; functions: parameters and
 * outputs; branches: conditions) with the uncovered names in coverage/template-coverage.json.
 */
const fs = require('fs');
const path = require('path');
const { parse } = require('./parse');

const root = path.join(__dirname, '..');
const coverage = path.join(root, 'coverage');
const reads = path.join(coverage, '.reads');

const SAYS_NOTHING = {
  Resources: ['Type', 'Metadata'],
  Parameters: ['Description'],
  Conditions: [],
  Outputs: ['Description'],
};

function share(items) {
  const total = items.length;
  const covered = items.filter(item => item.covered).length;
  return { total, covered, skipped: 0, pct: total === 0 ? 100 : Math.floor((covered / total) * 10000) / 100 };
}

/** True when a value below the item was read: of a resource another than its type, if it has another. */
function isCovered(section, name, item, seen) {
  const own = seen.filter(steps => steps[0] === section && steps[1] === name);
  if (item === null || typeof item !== 'object') {
    return own.length > 0;
  }
  const tells = key => !SAYS_NOTHING[section].includes(key);
  const wanted = Object.keys(item).some(tells) ? tells : () => true;
  return own.some(steps => steps.length > 2 && wanted(steps[2]));
}

function readsOfTests() {
  if (!fs.existsSync(reads)) {
    return [];
  }
  return fs.readdirSync(reads).flatMap(name => JSON.parse(fs.readFileSync(path.join(reads, name), 'utf8')));
}


function itemsOf(template, seen) {
  return Object.keys(SAYS_NOTHING).flatMap(section =>
    Object.entries(template[section] ?? {}).map(([name, item]) => ({
      section,
      name,
      covered: isCovered(section, name, item, seen),
    }))
  );
}

function writeCoverage() {
  const items = itemsOf(parse(), readsOfTests());
  const within = (...sections) => share(items.filter(item => sections.includes(item.section)));
  const total = {
    lines: share(items),
    statements: share(items),
    functions: within('Parameters', 'Outputs'),
    branches: within('Conditions'),
  };
  const uncovered = Object.keys(SAYS_NOTHING).map(section => [
    section,
    items.filter(item => item.section === section && !item.covered).map(item => item.name),
  ]);
  write('coverage-summary.json', { total });
  write('template-coverage.json', { resources: within('Resources'), uncovered: Object.fromEntries(uncovered) });
  const { pct, covered, total: all } = total.lines;
  console.log(`Template coverage: ${pct} % (${covered} of ${all} resources, parameters, conditions and outputs)`);
}

function write(name, value) {
  fs.mkdirSync(coverage, { recursive: true });
  fs.writeFileSync(path.join(coverage, name), JSON.stringify(value, null, 2) + '\n');
}

class TemplateReporter {
  onRunStart() {
    fs.rmSync(reads, { recursive: true, force: true });
  }

  onRunComplete(_contexts, results) {
    const files = results.testResults.map(result => result.testFilePath);
    const integration = files.length > 0 && files.every(file => /\.int\.test\.[jt]s$/.test(file));
    write(`${integration ? 'integration' : 'unit'}-results.json`, {
      passed: results.numPassedTests,
      failed: results.numFailedTests,
      skipped: results.numPendingTests + results.numTodoTests,
      suites_failed: results.numRuntimeErrorTestSuites,
      tests: results.testResults.flatMap(result => {
        const file = path.relative(root, result.testFilePath);
        const broken = result.testExecError || (result.testResults.length === 0 && result.failureMessage);
        const crash = broken ? [{ file, name: '', status: 'failed', message: result.failureMessage }] : [];
        return crash.concat(
          result.testResults.map(test => ({
            file,
            name: test.fullName,
            status: test.status,
            line: test.location?.line ?? null,
            message: test.failureMessages.join('\n'),
          }))
        );
      }),
    });
    if (!integration) {
      writeCoverage();
    }
    fs.rmSync(reads, { recursive: true, force: true });
  }
}

module.exports = TemplateReporter;
