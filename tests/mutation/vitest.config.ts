import path from 'node:path'
import { defineConfig } from 'vitest/config'

/** The quick tests of what moves or counts money: each is run once for every change made to the code it covers. */
export default defineConfig({
  root: path.join(import.meta.dirname, '../..'),
  test: {
    // Not those that ask the same questions a hundred thousand times, and not those over a whole core.
    include: [
      'tests/core/orders/*.test.ts',
      'tests/core/ledger/lots/*.test.ts',
      'tests/core/ledger/{account-context,accrued,acquired,book-reading,books,cash-days,changes,closed-sums,fingerprint,gather,held-with,identity,keeper}.test.ts',
      'tests/core/ledger/{left-for-cash,packed-closings,packed-rows,picks,remembered,row-lot-keys,row-lots,shown-raw,stated-multiplier,tally}.test.ts',
      'tests/core/ledger/{units-of-lots,wash-allocation,whole-account,work}.test.ts',
    ],
    exclude: [
      'tests/core/orders/{cancel,disk,guardrails-oracle,kill,kinds,late-venue,limits,once,order-progress}.test.ts',
      'tests/core/orders/{pace,placing,readiness,refused,requests,system-box,unknown}.test.ts',
      'tests/core/ledger/lots/peers.test.ts',
    ],
    maxWorkers: 1,
    testTimeout: 60_000,
  },
})
