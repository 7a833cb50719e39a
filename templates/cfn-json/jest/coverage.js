/**
 * Writes the share of the template that the unit tests assert on: coverage/coverage-summary.json (lines and
 * statements: all items; functions: parameters and outputs; branches: conditions), and the names that are not
 * covered in coverage/template-coverage.json.
 */
const fs = require('fs');
const path = require('path');
const { parse } = require('./parse');

const coverage = path.join(__dirname, '..', 'coverage');
const reads = path.join(coverage, '.reads');
// Keys below which a value says too little of its item to count.
const SAYS_NOTHING = {
  Resources: ['Type', 'Metadata'],
  Parameters: ['Description'],
  Conditions: [],
  Outputs: ['Description'],
};

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

function share(items) {
  const total = items.length;
  const covered = items.filter(item => item.covered).length;
  return { total, covered, skipped: 0, pct: total === 0 ? 100 : Math.floor((covered / total) * 10000) / 100 };
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

function write(name, value) {
  fs.mkdirSync(coverage, { recursive: true });
  fs.writeFileSync(path.join(coverage, name), JSON.stringify(value, null, 2) + '\n');
}

class TemplateCoverage {
  onRunStart() {
    fs.rmSync(reads, { recursive: true, force: true });
  }

  onRunComplete(_contexts, results) {
    const unit = results.testResults.some(result => /\.unit\.test\.[jt]s$/.test(result.testFilePath));
    if (unit) {
      this.report();
    }
    fs.rmSync(reads, { recursive: true, force: true });
  }

  report() {
    const items = itemsOf(parse(), readsOfTests());
    const within = (...sections) => share(items.filter(item => sections.includes(item.section)));
    const lines = share(items);
    const total = {
      lines,
      statements: lines,
      functions: within('Parameters', 'Outputs'),
      branches: within('Conditions'),
    };
    const uncovered = Object.keys(SAYS_NOTHING).map(section => [
      section,
      items.filter(item => item.section === section && !item.covered).map(item => item.name),
    ]);
    write('coverage-summary.json', { total });
    write('template-coverage.json', { resources: within('Resources'), uncovered: Object.fromEntries(uncovered) });
    console.log(
      `Template coverage: ${lines.pct} % (${lines.covered} of ${lines.total} resources, parameters, conditions, outputs)`
    );
  }
}

module.exports = TemplateCoverage;
