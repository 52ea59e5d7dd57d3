/**
 * Folders whose tests leave nothing behind that another file could see: the gate runs them in workers that load the code once and not anew
 * for each file, which takes two thirds of the processor's time or less. A test that does leave something fails here and passes
 * alone, so it is told as unsteady.
 */
export const TOGETHER = [
  'tests/conformance',
  'tests/contract',
  'tests/core/bus',
  'tests/core/db',
  'tests/core/entitlements',
  'tests/core/imports',
  'tests/core/journal',
  'tests/core/ledger',
  'tests/core/log',
  'tests/core/metrics',
  'tests/core/net',
  'tests/core/notices',
  'tests/core/oauth',
  'tests/core/orders',
  'tests/core/reconciliation',
  'tests/core/sandbox',
  'tests/core/services',
  'tests/core/spine',
  'tests/core/store',
  'tests/core/sync',
  'tests/core/tokens',
  'tests/core/vault',
  'tests/renderer',
  'tests/shared',
  'tests/shell',
]
