import { readdirSync } from 'node:fs'
import path from 'node:path'
import { defineConfig } from 'vitest/config'
import { SlowFirst } from './tests/gate/slow-first.ts'

const brokers = 'electron/core/brokers'
const folders = readdirSync(path.join(import.meta.dirname, brokers), { withFileTypes: true }).filter(entry => entry.isDirectory())

/** The least part, in percent, of the branches of each part of the brokers' code that tests must take. */
export const BRANCHES = Object.fromEntries([`${brokers}/*.ts`, ...folders.map(({ name }) => `${brokers}/${name}/**`)].map(part => [part, { branches: 90 }]))

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    exclude: ['tests/e2e/**'],
    // By itself it leaves one core out, which on a machine of two is half of it.
    maxWorkers: '100%',
    sequence: { sequencer: SlowFirst },
    setupFiles: ['tests/support/nothing-goes-on.ts'],
    // The machine this runs on may have two cores and busy neighbours: slow is not wrong.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 45_000 } },
    env: {
      // Without this, a test that forgets to stand in for `electron` would try to download it.
      ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent',
      // Threads and processes that tests start share what the first of them compiled.
      NODE_COMPILE_CACHE: path.join(import.meta.dirname, 'node_modules/.cache/compiled'),
    },
    // Measured with --coverage, as `npm test` does: what a broker sends is read by branches that a test has to have taken.
    coverage: {
      provider: 'v8',
      include: [`${brokers}/**/*.ts`],
      reporter: ['text-summary', 'json', 'json-summary'],
      reportsDirectory: 'out/reports/coverage',
      // The gate runs what failed once more, and judges by the coverage of the first run.
      reportOnFailure: true,
      thresholds: BRANCHES,
    },
  },
})
