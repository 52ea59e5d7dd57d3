import path from 'node:path'
import { defineConfig } from 'vitest/config'

/** The quick tests of what moves or counts money: each is run once for every change made to the code it covers. */
export default defineConfig({
  root: path.join(import.meta.dirname, '../..'),
  test: {
    include: ['tests/core/orders/*.test.ts', 'tests/core/ledger/lots/*.test.ts'],
    // These ask the same questions a hundred thousand times.
    exclude: ['tests/core/orders/*-oracle.test.ts', 'tests/core/orders/market-hours.test.ts', 'tests/core/orders/*spine*', 'tests/core/ledger/lots/peers.test.ts'],
    maxWorkers: 1,
    testTimeout: 60_000,
  },
})
