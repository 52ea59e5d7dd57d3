import path from 'node:path'
import { defineConfig } from 'vitest/config'

/** The quick tests of what moves or counts money: each is run once for every change made to the code it covers. */
export default defineConfig({
  root: path.join(import.meta.dirname, '../..'),
  test: {
    // Not those that ask the same questions a hundred thousand times, and not those over a whole core.
    include: [
      'tests/core/orders/{appraise,arming,asking,audit,audit-stamps,canceling,canonical,coming-up,desk,draft-of,environment-check,followup,gate}.test.ts',
      'tests/core/orders/{guardrails,hostile-strings,kill-switch,late-place,locked-limits,looking,loss-today,market-hours,match}.test.ts',
      'tests/core/orders/{not-shown,outcome,place,reading,review-lines,reviews,sending,sentences,spelling,submit,switches}.test.ts',
      'tests/core/orders/{unit-slips,venues}.test.ts',
      'tests/core/ledger/lots/*.test.ts',
      'tests/core/ledger/{cash-days,closed-sums,fingerprint,identity,remembered,shown-raw,tally}.test.ts',
    ],
    exclude: ['tests/core/ledger/lots/peers.test.ts'],
    maxWorkers: 1,
    testTimeout: 60_000,
  },
})
