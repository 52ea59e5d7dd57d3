const at = '2026-11-20T20:59:58.000Z'

/** An account as the core lists it. */
export function accountOf(id: string, maskedNumber: string) {
  return {
    id,
    name: 'Mine',
    maskedNumber,
    type: 'margin',
    currency: 'USD',
    excluded: false,
    netLiquidation: null,
    cash: null,
    buyingPower: null,
    asOf: null,
    fetchedAt: null,
  }
}

/** A connection as the core lists it, signed in and never synced. */
export function connectionOf(id: string, broker: string, more: { readonly label?: string; readonly accounts?: readonly object[] } = {}) {
  return {
    id,
    broker,
    environment: 'sandbox',
    method: 'oauth',
    label: '',
    primary: false,
    methods: [{ method: 'oauth', trouble: null, expiresAt: null }],
    state: { kind: 'connected' },
    trouble: null,
    consentedAt: at,
    scopes: [],
    createdAt: at,
    token: { obtainedAt: at, expiresAt: null, signInBy: null, refreshable: false, badge: 'no-expiry' },
    health: {
      kind: 'ok',
      severity: 'good',
      badge: 'no-expiry',
      because: null,
      deadline: null,
      retryAt: null,
      dueAt: null,
      lastAttemptAt: null,
      lastError: null,
    },
    accounts: [],
    syncing: false,
    lastSync: null,
    nextSyncAt: null,
    ...more,
  }
}
