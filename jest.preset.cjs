// Shared by every project. Tests import the libraries' sources, so they need no build.
const path = require('node:path');
module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{apps,libs,tools}/**/src/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '\\.long\\.spec\\.ts$'],
  modulePathIgnorePatterns: ['/dist/'],
  transform: { '\\.[cm]?[jt]sx?$': path.join(__dirname, 'tools/jest-swc.cjs') },
  transformIgnorePatterns: [],
  moduleNameMapper: {
    '^@stoettesystemer/([^/]+)$': ['<rootDir>/libs/$1/src/index.ts', '<rootDir>/apps/$1/src/index.ts'],
  },
  globalSetup: path.join(__dirname, 'libs/testing/src/global-setup.ts'),
  globalTeardown: path.join(__dirname, 'libs/testing/src/global-teardown.ts'),
  // Four processes may share one core; a test that hangs is still found.
  testTimeout: 180_000,
  maxWorkers: 2,
};
