import { z } from 'zod'
import { BrokerSchema, type BrokerView } from '../../shared/contract/app.ts'
import { type DesktopStatus, DesktopStatusSchema } from '../../shared/contract/desktop.ts'
import { connectionHealth, NO_REFRESH } from '../../shared/domain/connection-health.ts'
import { Instant } from '../../shared/domain/time.ts'
import { ActivitySchema, ConnectionSchema, type ActivityRow, type ConnectionView } from '../../shared/contract/schemas.ts'

export const NOW = '2026-11-20T21:05:00.000Z'
const HOUR_MS = 3_600_000
export const WARNINGS_MS = [48 * HOUR_MS, 24 * HOUR_MS, 2 * HOUR_MS]

const ConnectionChange = ConnectionSchema.partial()

/** A connection as the core would send it, parsed; `change` replaces parts of it, and its health follows from them. */
export function connection(change: z.input<typeof ConnectionChange> = {}): ConnectionView {
  const view = ConnectionSchema.omit({ health: true }).parse({
    id: 'con_1',
    broker: 'schwab',
    environment: 'live',
    method: 'oauth',
    label: '',
    primary: false,
    methods: [{ method: 'oauth', trouble: null, expiresAt: null }],
    state: { kind: 'connected' },
    token: {
      obtainedAt: '2026-11-20T21:00:00.000Z',
      expiresAt: '2026-11-20T21:30:00.000Z',
      signInBy: '2026-11-22T00:05:00.000Z',
      refreshable: true,
      badge: 'over-24h',
    },
    trouble: null,
    consentedAt: '2026-11-15T00:05:00.000Z',
    scopes: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    accounts: [account()],
    syncing: false,
    lastSync: null,
    nextSyncAt: null,
    schedule: { every: 'hourly', marketHours: true },
    ...change,
  })
  const facts = { state: view.state, token: view.token, refresh: NO_REFRESH, vault: 'open', trouble: view.trouble } as const
  const standing = connectionHealth({ ...facts, warnBeforeMs: WARNINGS_MS }, Instant.parse(NOW))
  const rest = { dueAt: null, lastAttemptAt: null, lastError: null, warnBeforeMs: WARNINGS_MS }
  return ConnectionSchema.parse({ ...view, health: change.health ?? { ...standing, ...rest } })
}

type AccountInput = z.input<typeof ConnectionSchema>['accounts'][number]

/** An account as the core would send it. */
export function account(change: Partial<AccountInput> = {}): AccountInput {
  return {
    id: 'acc_1',
    name: 'Margin',
    maskedNumber: '••••7702',
    type: 'Margin',
    currency: 'USD',
    excluded: false,
    netLiquidation: decimal('100.5'),
    cash: null,
    buyingPower: null,
    asOf: instant('2026-11-20T21:00:00.000Z'),
    fetchedAt: instant('2026-11-20T21:00:05.000Z'),
    ...change,
  }
}

/** A broker as the core would describe it, parsed. */
export function brokerView(change: Partial<z.input<typeof BrokerSchema>> = {}): BrokerView {
  return BrokerSchema.parse({
    id: 'alpaca',
    name: 'Alpaca',
    methods: [
      { method: 'oauth', label: 'Sign in at Alpaca', needs: 'An account.', life: 'No end.', fields: [], guide: '', suggests: false },
    ],
    facts: {
      assetClasses: ['equity'],
      oauth: 'OAuth 2.0',
      tokenLife: 'No end',
      signInAgain: 'Never',
      rateLimit: '200 calls a minute',
      paper: 'Yes',
      fees: { text: 'None', source: 'https://example.com', asOf: '2026-11-21' },
      rating: null,
    },
    closed: null,
    edition: { included: true, sentence: '' },
    separateAppKeys: false,
    environments: [],
    scopes: [],
    registerAt: 'https://example.com',
    note: '',
    app: { clientId: null, source: 'none' },
    ...change,
  })
}

/** One row of history, parsed. */
export function activity(change: Record<string, unknown> = {}): ActivityRow {
  return ActivitySchema.parse({
    id: 'act_1',
    connectionId: 'con_1',
    accountId: 'acc_1',
    kind: 'trade',
    brokerType: 'FILL',
    symbol: 'NVDA',
    assetClass: 'equity',
    side: 'sell',
    positionEffect: null,
    quantity: '40',
    price: '188.421',
    amount: '7536.53',
    fees: '0.31',
    currency: 'USD',
    executedAt: '2026-11-20T20:59:58.214Z',
    tradeDate: '2026-11-20',
    orderId: '1',
    externalId: 'x1',
    description: null,
    status: 'final',
    asOf: '2026-11-20T21:01:07.000Z',
    fetchedAt: '2026-11-20T21:02:31.000Z',
    ...change,
  })
}

/** A desktop as the shell would describe it, parsed; `change` replaces parts of it. */
export function desktopStatus(change: Partial<z.input<typeof DesktopStatusSchema>> = {}): DesktopStatus {
  return DesktopStatusSchema.parse({
    here: true,
    platform: 'linux',
    settings: { onClose: 'ask', startAtLogin: false, shortcut: null, checkForUpdates: true },
    can: { tray: true, startAtLogin: true, shortcut: true, notifications: true },
    safeMode: null,
    update: { state: 'idle', version: null, notes: '', progress: null, checkedAt: null, trouble: null },
    versions: [{ name: 'Electron', version: '45.4.1' }],
    ...change,
  })
}

export { decimal, instant }

function decimal(text: string) {
  return DecText.parse(text)
}

function instant(text: string) {
  return InstantText.parse(text)
}

const { shape } = ActivitySchema
const DecText = shape.fees
const InstantText = shape.asOf
