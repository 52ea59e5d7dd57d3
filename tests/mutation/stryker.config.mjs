/**
 * Mutation testing of what moves or counts money: a change of its code that no test notices is a test that is missing. Run with
 * `npm run mutation`, or a part of it with `npm run mutation -- --mutate electron/core/orders/guardrails.ts`.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'tests/mutation/vitest.config.ts', related: true },
  // It would rewrite paths in it by a TypeScript that is no longer there; they are relative anyway.
  tsconfigFile: 'none.json',
  mutate: ['electron/core/orders/*.ts', 'electron/core/ledger/lots/*.ts', 'electron/core/ledger/*.ts'],
  ignorePatterns: ['out', 'release', 'coverage', 'test-results', 'docs', 'resources', '.github'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 20_000,
  // All quick tests once, on a machine that may have other work.
  dryRunTimeoutMinutes: 60,
  thresholds: { high: 95, low: 90, break: 85 },
  reporters: ['clear-text', 'json', 'html'],
  clearTextReporter: { allowColor: false, logTests: false },
  jsonReporter: { fileName: 'out/reports/mutation/mutation.json' },
  htmlReporter: { fileName: 'out/reports/mutation/mutation.html' },
  tempDirName: 'out/mutation',
}
