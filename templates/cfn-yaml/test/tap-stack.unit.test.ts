import { template } from '../jest/template';

describe('TapStack template', () => {
  test('PLACEHOLDER-TEST: replace by unit tests of the template', () => {
    expect(Object.keys(template.Resources)).not.toHaveLength(0);
    throw new Error('PLACEHOLDER-TEST: the unit tests are not written yet');
  });
});
