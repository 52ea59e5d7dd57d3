import path from 'node:path'
import type {
  BrokerAccount,
  BrokerAdapter,
  BrokerBalance,
  BrokerOrder,
  BrokerPosition,
  Trading,
} from '../../../../electron/core/brokers/adapter.ts'
import { brokers } from '../../../../electron/core/brokers/registry.ts'
import type { Db } from '../../../../electron/core/db/open.ts'
import { createLog } from '../../../../electron/core/log/log.ts'
import type { AppraiseDeps } from '../../../../electron/core/orders/appraise.ts'
import { createArming } from '../../../../electron/core/orders/arming.ts'
import { createGate } from '../../../../electron/core/orders/gate.ts'
import { createKillSwitch } from '../../../../electron/core/orders/kill-switch.ts'
import type { OrderCore } from '../../../../electron/core/orders/record.ts'
import { createReviews, type Reviews } from '../../../../electron/core/orders/reviews.ts'
import { createSwitches } from '../../../../electron/core/orders/switches.ts'
import { createVenues, type OrderVenue, type Venues } from '../../../../electron/core/orders/venues.ts'
import type { LogRecord } from '../../../../electron/core/ports.ts'
import { adoptAccounts, numberHash } from '../../../../electron/core/store/accounts.ts'
import { insertConnection } from '../../../../electron/core/store/connections.ts'
import { setTradingSwitch } from '../../../../electron/core/store/trading-switches.ts'
import { AppError } from '../../../../shared/contract/errors.ts'
import type { NewEvent } from '../../../../shared/contract/events.ts'
import type { Ticket } from '../../../../shared/contract/orders.ts'
import type { Environment, TradeRules } from '../../../../shared/domain/broker.ts'
import type { Connection } from '../../../../shared/domain/connection.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../../shared/domain/ids.ts'
import type { OrderDraft, OrderPreview, PlacedOrder, Quote } from '../../../../shared/domain/order.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import { tempFolder } from '../../../support/data-folder.ts'
import { fakePorts } from '../../../support/fake-ports.ts'
import { type VirtualClock, virtualClock } from '../../../support/virtual-clock.ts'
import { connection } from '../../store/support.ts'
import { openDesk } from './audit-desk.ts'

const { random } = fakePorts('unused')
/** The key of the other account. */
const OTHER = 'key-222'
const NUMBERS: Readonly<Record<Environment, string>> = { live: '123456789', paper: 'PA3ABCDEF', sandbox: 'PA3ABCDEF' }

/** What the broker says and does, to be changed by a test at any time. */
export interface Says {
  accounts: readonly BrokerAccount[]
  positions: readonly BrokerPosition[]
  orders: readonly BrokerOrder[]
  /** Of the other account. */
  otherOrders: readonly BrokerOrder[]
  balances: readonly BrokerBalance[]
  quotes: readonly Quote[]
  bases: Readonly<Record<string, string>>
  rules: Partial<TradeRules>
  preview: (draft: OrderDraft) => Promise<OrderPreview>
  place: (draft: OrderDraft, signal: AbortSignal) => Promise<PlacedOrder>
  /** Computes what waits in the ledger. */
  settleBooks: () => Promise<void>
  cancel: (externalId: string, signal: AbortSignal) => Promise<PlacedOrder>
  /** Which orders were asked for last. */
  range: string
  /** By how much this computer's clock is ahead. */
  aheadMs: number
}

export interface OrderDesk {
  readonly db: Db
  readonly clock: VirtualClock
  readonly core: OrderCore
  readonly deps: AppraiseDeps
  readonly venues: Venues
  readonly reviews: Reviews
  readonly connection: Connection
  readonly accountId: AccountId
  readonly otherId: AccountId
  readonly says: Says
  /** What was asked of the broker, by name. */
  readonly asked: string[]
  readonly events: NewEvent[]
  readonly records: LogRecord[]
  venue(): Promise<OrderVenue>
  ticket(changes?: Partial<Ticket>): Ticket
}

/**
 * Everything an order is measured by, over a real database and a broker that says what a test wants: ten shares of AAPL may be bought at
 * 100, on a Friday morning in New York. Two accounts, both read whole.
 */
export async function orderDesk(environment: Environment = 'paper'): Promise<OrderDesk> {
  const folder = tempFolder()
  const { db, audit } = await openDesk(folder)
  const clock = virtualClock()
  const records: LogRecord[] = []
  const events: NewEvent[] = []
  const log = createLog(record => void records.push(record), clock)
  const made: Connection = { ...connection('con_a'), environment, scopes: ['trading'] }
  insertConnection(db.writer, made)
  setTradingSwitch(db.writer, made.id, { isOn: true, automation: 'approve' }, clock.now())
  const number = NUMBERS[environment]
  const seen = [number, '222'].map(one => ({
    numberHash: numberHash(db.reader, 'alpaca', environment, one),
    brokerKey: `key-${one}`,
    masked: `••••${one.slice(-4)}`,
    name: `Account ${one}`,
    type: 'margin',
    currency: 'USD',
  }))
  const [account, other] = adoptAccounts(db.writer, { connectionId: made.id, broker: 'alpaca', environment, accounts: seen })
  if (!account || !other) throw new Error('no accounts')
  const says: Says = saying(number, clock, brokers.alpaca.environments[environment]?.bases ?? {}, environment)
  const asked: string[] = []
  const core: OrderCore = {
    db,
    clock,
    random,
    log,
    audit,
    between: async run => run(),
    emit: event => void events.push(event),
    aheadMs: () => says.aheadMs,
  }
  const broker = {
    ...brokers.alpaca,
    can: {
      ...brokers.alpaca.can,
      get trading() {
        return rulesOf(says)
      },
    },
  }
  const adapter = adapterOf(says, asked)
  const kill = createKillSwitch({ db, file: path.join(folder, 'kill-switch'), clock, log })
  const gate = createGate(db)
  const switches = createSwitches({ reader: db.reader, broker: () => broker, adapterFor: () => adapter })
  const venues = createVenues({
    reader: db.reader,
    broker: () => broker,
    adapterFor: () => adapter,
    ensureSandbox: () => Promise.resolve(),
  })
  const profile: AppraiseDeps['profile'] = () => ({ methods: ['oauth'], bases: says.bases, oauth: null })
  const deps: AppraiseDeps = { core, kill, gate, arming: createArming(), switches, profile }
  for (const { id } of [account, other]) gate.readWhole(made.id, id)
  return {
    db,
    clock,
    core,
    deps,
    venues,
    connection: made,
    accountId: account.id,
    otherId: other.id,
    says,
    asked,
    events,
    records,
    reviews: createReviews(deps, { venues, settleBooks: () => says.settleBooks() }),
    venue: () => venues.forOrders(account.id),
    ticket: (changes = {}) => ({
      accountId: account.id,
      symbol: 'AAPL',
      assetClass: 'equity',
      action: 'buy',
      type: 'limit',
      quantity: Dec.of('10'),
      notional: null,
      limitPrice: Dec.of('100'),
      stopPrice: null,
      timeInForce: 'day',
      extendedHours: false,
      replaces: null,
      ...changes,
    }),
  }
}

function rulesOf(says: Says): TradeRules | null {
  return brokers.alpaca.can.trading && { ...brokers.alpaca.can.trading, ...says.rules }
}

function saying(number: string, clock: VirtualClock, bases: Readonly<Record<string, string>>, environment: Environment): Says {
  const price = { bid: Dec.of('99.9'), ask: Dec.of('100.1'), last: Dec.of('100'), previousClose: Dec.of('98') }
  return {
    accounts: [{ key: `key-${number}`, number, name: 'Account', type: 'margin', currency: 'USD' }],
    positions: [],
    orders: [],
    otherOrders: [],
    balances: [{ currency: 'USD', netLiquidation: null, cash: null, buyingPower: null, asOf: clock.now() }],
    quotes: [{ symbol: 'AAPL', ...price, currency: 'USD', delayed: false, asOf: clock.now() }],
    bases: environment === 'sandbox' ? { trading: 'http://127.0.0.1:8200', data: 'http://127.0.0.1:8200' } : bases,
    rules: {},
    preview: () => Promise.reject(new AppError('order/not-offered')),
    place: ({ clientOrderId }) => Promise.resolve({ externalId: clientOrderId, status: 'working', statusText: 'new' }),
    settleBooks: () => Promise.resolve(),
    cancel: externalId => Promise.resolve({ externalId, status: 'canceled', statusText: 'canceled' }),
    range: '',
    aheadMs: 0,
  }
}

interface Stop {
  readonly signal: AbortSignal
}

function adapterOf(says: Says, asked: string[]): OrderVenue['adapter'] {
  const told = async <T>(what: string, { signal }: Stop, answer: () => T | Promise<T>): Promise<T> => {
    if (signal.aborted) throw new AppError('app/canceled')
    asked.push(what)
    return answer()
  }
  const notHere = (): never => {
    throw new AppError('order/not-found', { details: { broker: 'Alpaca' } })
  }
  const trading: Trading = {
    previewOrder: (_, draft, stop) => told('preview', stop, () => says.preview(draft)),
    placeOrder: (_, draft, stop) => told('place', stop, () => says.place(draft, stop.signal)),
    replaceOrder: (_, target, draft, stop) => told(`replace ${target}`, stop, () => says.place(draft, stop.signal)),
    cancelOrder: (key, target, stop) => told(`cancel ${target} of ${key}`, stop, () => says.cancel(target, stop.signal)),
  }
  const adapter: Partial<BrokerAdapter> = {
    accounts: stop => told('accounts', stop, () => [...says.accounts]),
    positions: (key, stop) => told(`positions of ${key}`, stop, () => [...says.positions]),
    orders: (key, { status, range }, stop) => {
      if (key === OTHER) return told(`orders of ${key}`, stop, () => [...says.otherOrders])
      says.range = `${status} from ${range.from} to ${range.to}`
      return told(`orders of ${key}`, stop, () => [...says.orders])
    },
    balances: (key, stop) => told(`balances of ${key}`, stop, () => [...says.balances]),
    quotes: (symbols, stop) => told(`quotes of ${symbols.join(' ')}`, stop, () => [...says.quotes]),
    orderStatus: (_, id, stop) => told(`status of ${id}`, stop, () => says.orders.find(({ externalId }) => externalId === id) ?? notHere()),
    trading,
  }
  // Only what ordering asks for is there.
  return adapter as unknown as BrokerAdapter
}

/** So many of a symbol; short is negative. */
export function positionOf(symbol: string, quantity: string): BrokerPosition {
  const nothing = { averagePrice: null, marketValue: null, unrealized: null }
  return {
    symbol,
    assetClass: 'equity',
    quantity: Dec.of(quantity),
    ...nothing,
    currency: 'USD',
    asOf: Instant.parse('2026-11-20T15:00:00Z'),
  }
}
