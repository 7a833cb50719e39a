module.exports = {
  testEnvironment: '<rootDir>/jest/environment.js',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
  reporters: ['default', '<rootDir>/jest/results.js', '<rootDir>/jest/coverage.js'],
  testTimeout: 60000,
  testLocationInResults: true,
};
