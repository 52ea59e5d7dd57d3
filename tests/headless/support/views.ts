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
export function connectionOf(id: string, broker: string, more: object = {}) {
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
    schedule: { every: 'hourly', marketHours: true },
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
      warnBeforeMs: [],
    },
    accounts: [],
    syncing: false,
    lastSync: null,
    nextSyncAt: null,
    ...more,
  }
}

/** A broker as the core lists it, with these ways in and the same two fields in each. */
export function brokerOf(id: string, name: string, methods: readonly string[], more: object = {}) {
  const fact = { text: '', source: '', asOf: '' }
  const field = (label: string, kind: string) => ({
    name: label,
    label,
    hint: '',
    kind,
    pattern: null,
    problem: '',
    initial: '',
    required: true,
  })
  return {
    id,
    name,
    methods: methods.map(method => ({
      method,
      label: method,
      needs: 'A key.',
      life: 'Until you delete it.',
      fields: [field('token', 'secret'), field('query-id', 'text')],
      guide: '',
      suggests: false,
      ...more,
    })),
    closed: null,
    edition: { included: true, sentence: '' },
    separateAppKeys: false,
    facts: { assetClasses: [], oauth: '', tokenLife: '', signInAgain: '', rateLimit: '', paper: '', fees: fact, rating: null },
    environments: [{ id: 'sandbox', methods, appReady: true, redirectUri: '' }],
    scopes: [{ id: 'read', label: 'Read accounts', detail: 'After a sign-in at the broker.', required: true }],
    registerAt: '',
    note: 'Signing in works only for approved clients.',
    app: { clientId: null, source: 'none' },
  }
}
