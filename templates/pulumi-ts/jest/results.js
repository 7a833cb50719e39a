/** Writes what the tests did to coverage/<unit|integration>-results.json. */
const fs = require('fs');
const path = require('path');

const root = path.join(__dirname, '..');
const coverage = path.join(root, 'coverage');

function entriesOf(result) {
  const file = path.relative(root, result.testFilePath);
  const broken = result.testExecError || (result.testResults.length === 0 && result.failureMessage);
  const crash = broken ? [{ file, name: '', status: 'failed', line: null, message: result.failureMessage }] : [];
  const tests = result.testResults.map(test => ({
    file,
    name: test.fullName,
    status: test.status,
    line: test.location?.line ?? null,
    message: test.failureMessages.join('\n'),
  }));
  return crash.concat(tests);
}

class ResultsReporter {
  onRunComplete(_contexts, results) {
    const files = results.testResults.map(result => result.testFilePath);
    const integration = files.length > 0 && files.every(file => /\.int\.test\.[jt]s$/.test(file));
    const report = {
      passed: results.numPassedTests,
      failed: results.numFailedTests,
      skipped: results.numPendingTests + results.numTodoTests,
      suites_failed: results.numRuntimeErrorTestSuites,
      tests: results.testResults.flatMap(entriesOf),
    };
    fs.mkdirSync(coverage, { recursive: true });
    const file = path.join(coverage, `${integration ? 'integration' : 'unit'}-results.json`);
    fs.writeFileSync(file, JSON.stringify(report, null, 2) + '\n');
  }
}

module.exports = ResultsReporter;
