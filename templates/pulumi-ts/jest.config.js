module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
  reporters: ['default', '<rootDir>/jest/results.js'],
  collectCoverageFrom: ['lib/**/*.{ts,js}', '!lib/**/*.d.ts'],
  coverageReporters: ['json-summary', 'json', 'text'],
  testTimeout: 60000,
  testLocationInResults: true,
};
