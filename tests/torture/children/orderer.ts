import path from 'node:path'
import type { BrokerOrder } from '../../../electron/core/brokers/adapter.ts'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import { type Db, openDatabase } from '../../../electron/core/db/open.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import { createRedactor } from '../../../electron/core/log/redact.ts'
import { openAudit } from '../../../electron/core/orders/audit.ts'
import { createGate } from '../../../electron/core/orders/gate.ts'
import { createKillSwitch } from '../../../electron/core/orders/kill-switch.ts'
import { createReadiness } from '../../../electron/core/orders/readiness.ts'
import type { OrderCore } from '../../../electron/core/orders/record.ts'
import { createResolver } from '../../../electron/core/orders/resolve.ts'
import { createSubmit } from '../../../electron/core/orders/submit.ts'
import type { OrderVenue } from '../../../electron/core/orders/venues.ts'
import type { Clock } from '../../../electron/core/ports.ts'
import { adoptAccounts, numberHash } from '../../../electron/core/store/accounts.ts'
import { listConnections } from '../../../electron/core/store/connections.ts'
import { openIntents, sentSince } from '../../../electron/core/store/order-intents.ts'
import { openVault } from '../../../electron/core/vault/data-key.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft, PlacedOrder } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { addConnection, plainBox, realClock, realRandom } from '../support/desk.ts'

/**
 * Wants each of a row of tickets placed once, as a user with a list would, and is killed again and again on the way:
 * `orderer.ts <folder> <origin> <normal|reversed> <go|finish> <tickets>`. A ticket is known by its limit price. `reversed` keeps what is written down
 * from the disk until the order has been sent: the mistake this is all about. `finish` says in the end what it knows of every ticket.
 */
const [folder = '', origin = '', order = '', task = '', tickets = '0'] = process.argv.slice(2)

let ahead = 0
/** Waits are over at once: what has to be old gets old. */
const clock: Clock = { ...realClock, now: () => Instant.plus(realClock.now(), ahead), monotonicMs: () => realClock.monotonicMs() + ahead }
const log = createLog(() => undefined, clock)
const db = openDatabase({ file: path.join(folder, 'keelson.db'), now: () => clock.now() })
// A clock does not go back for a restart: what the process before wrote down would lie ahead of this one, and be looked for again and again.
const newest = db.reader.get({ text: 'SELECT max(at) AS at FROM order_events', values: [] })?.['at']
if (typeof newest === 'number') ahead = Math.max(0, Math.ceil(newest / 1000) - Instant.toEpochMs(realClock.now()))
const vault = await openVault({ db, box: plainBox, random: realRandom, clock })
const audit = openAudit({
  ports: { clock, random: realRandom, paths: { dataDir: folder, writerScript: new URL(import.meta.url) } },
  db,
  vault,
  log,
  redactor: createRedactor(),
  onProblem: () => undefined,
})
const core: OrderCore = {
  db,
  clock,
  random: realRandom,
  log,
  audit,
  between: order === 'reversed' ? late(db) : async run => run(),
  emit: () => undefined,
  aheadMs: () => 0,
}

/** Writes later than it says. */
function late({ raw }: Db): OrderCore['between'] {
  return async run => {
    if (raw.inTransaction) raw.exec('COMMIT')
    raw.exec('BEGIN IMMEDIATE')
    return run()
  }
}

const connection = listConnections(db.reader)[0] ?? addConnection(db, clock.now())
const number = {
  numberHash: numberHash(db.reader, 'schwab', 'sandbox', '1'),
  brokerKey: '1',
  masked: '••••1',
  name: 'one',
  type: 'margin',
  currency: 'USD',
}
const [account] = adoptAccounts(db.writer, { connectionId: connection.id, broker: 'schwab', environment: 'sandbox', accounts: [number] })
if (!account) throw new Error('there is no account')

async function placeOrder(_: string, draft: OrderDraft): Promise<PlacedOrder> {
  try {
    const answer = await fetch(`${origin}/orders`, {
      method: 'POST',
      body: JSON.stringify({ id: draft.clientOrderId, ticket: draft.limitPrice }),
    })
    const { externalId } = (await answer.json()) as { externalId: string }
    return { externalId, status: 'working', statusText: 'working' }
  } catch (cause) {
    throw new AppError('order/unknown', { details: { broker: 'the broker' }, cause })
  }
}

async function orders(): Promise<BrokerOrder[]> {
  const rows = (await (await fetch(`${origin}/orders`)).json()) as { id: string; ticket: Dec; externalId: string; at: Instant }[]
  return rows.map(({ id, ticket, externalId, at }) => ({
    externalId,
    clientOrderId: id,
    symbol: 'AAPL',
    side: 'buy',
    type: 'limit',
    timeInForce: 'day',
    status: 'working',
    statusText: 'working',
    quantity: Dec.of('1'),
    filledQuantity: Dec.zero,
    limitPrice: ticket,
    stopPrice: null,
    averageFillPrice: null,
    submittedAt: at,
    updatedAt: at,
  }))
}

// Only these parts of a venue are asked here.
const venue = { account, connection, broker: brokers.alpaca, adapter: { orders }, trading: { placeOrder } } as unknown as OrderVenue
const venues = { of: () => Promise.resolve(venue), forOrders: () => Promise.resolve(venue) }
const kill = createKillSwitch({ db, file: path.join(folder, 'kill-switch'), clock, log })
const resolver = createResolver(core, { venues, onOutcome: () => undefined, isUnderWay: () => false })
const submit = createSubmit({ core, kill, isLocked: () => false, onOutcome: () => undefined })
const switches = { isOn: () => false } as unknown as Parameters<typeof createReadiness>[0]['switches']
createReadiness({
  core,
  gate: createGate(db),
  switches,
  venues,
  sync: { onResult: () => () => undefined },
  onOutcome: () => undefined,
}).start(false)

const say = (message: object): void => void process.send?.(message)

async function settleAll(): Promise<void> {
  for (let turn = 0; turn < 20 && openIntents(db.reader).length > 0; turn += 1) {
    for (const { id } of openIntents(db.reader)) await resolver.look(id)
    if (openIntents(db.reader).length > 0) ahead += 61_000
  }
}

async function place(ticket: number): Promise<void> {
  const draft: OrderDraft = {
    clientOrderId: realRandom.uuid(),
    symbol: 'AAPL',
    assetClass: 'equity',
    side: 'buy',
    positionEffect: null,
    type: 'limit',
    quantity: Dec.of('1'),
    notional: null,
    limitPrice: Dec.of(String(ticket)),
    stopPrice: null,
    trail: null,
    timeInForce: 'day',
    extendedHours: false,
  }
  const form = { accountId: account?.id, symbol: 'AAPL', assetClass: 'equity', action: 'buy', replaces: null } as unknown as Parameters<
    typeof submit
  >[0]['ticket']
  await submit({ venue, ticket: form, draft, hash: String(ticket), from: 'torture', mayGo: () => kill.check() })
}

say({ up: true })
await settleAll()
const known = new Set(sentSince(db.reader, Instant.parse('2020-01-01T00:00:00Z')).map(({ draft }) => Number(draft?.limitPrice)))
for (let ticket = 1; task === 'go' && ticket <= Number(tickets); ticket += 1) if (!known.has(ticket)) await place(ticket)
await settleAll()
const intents = db.reader.all({ text: 'SELECT client_order_id, outcome, external_id FROM order_intents', values: [] })
const verdict = await audit.verify()
say({
  done: true,
  intents: intents.map(row => [row['client_order_id'], row['outcome']]),
  audit: verdict.problem?.sentence ?? 'sound',
  rows: verdict.rows,
})
process.disconnect()
audit.close()
vault.close()
db.close()
