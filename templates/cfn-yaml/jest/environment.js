/**
 * Node environment that keeps, per test file, what passing tests read of the template.
 *
 * A test's reads count only when it passed and called `expect` at least once.
 */
const fs = require('fs');
const path = require('path');
const crypto = require('crypto');
const { TestEnvironment } = require('jest-environment-node');

const MATCHERS = Symbol.for('$$jest-matchers-object');
const folder = path.join(__dirname, '..', 'coverage', '.reads');

class TemplateEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.testPath = context.testPath;
    this.counted = new Set();
    this.asserted = false;
    this.global.__TEMPLATE_READS__ = new Set();
  }

  handleTestEvent(event) {
    if (event.name === 'test_start') {
      this.global.__TEMPLATE_READS__ = new Set();
      this.asserted = false;
    } else if (event.name === 'test_fn_success') {
      this.asserted = (this.global[MATCHERS]?.state?.assertionCalls ?? 0) > 0;
    } else if (event.name === 'test_done' && this.asserted && event.test.errors.length === 0) {
      this.global.__TEMPLATE_READS__.forEach(read => this.counted.add(read));
    }
  }

  async teardown() {
    const name = crypto.createHash('sha1').update(this.testPath).digest('hex');
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, `${name}.json`), JSON.stringify([...this.counted].map(read => JSON.parse(read))));
    await super.teardown();
  }
}

module.exports = TemplateEnvironment;
