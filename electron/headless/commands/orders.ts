import { AppError } from '../../../shared/contract/errors.ts'
import type { DeskView, OrderRequestView, OrderRow, PlacedView } from '../../../shared/contract/orders.ts'
import type { AccountView } from '../../../shared/contract/schemas.ts'
import { createRandom } from '../../node/random.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { momentWords } from '../moment.ts'
import { printTable } from '../table.ts'
import { type CommandContext, findAccount } from './context.ts'
import { type OrderOptions, ticketOf } from './order-ticket.ts'

export interface OrdersOptions {
  readonly state: 'open' | 'done' | 'all'
  readonly account: string | undefined
  readonly symbol: string | undefined
  readonly limit: number
}

/** `keelson orders`: the orders of all brokers, newest first. */
export async function orders(context: CommandContext, { state, account, symbol, limit }: OrdersOptions): Promise<ExitCode> {
  const { client, terminal, json, signal } = context
  const accountId = account === undefined ? undefined : (await findAccount(context, account)).id
  const { rows, next } = await client.request(
    'orders.list',
    { state, limit, ...(accountId ? { accountId } : {}), ...(symbol === undefined ? {} : { symbol }) },
    signal,
  )
  if (json) {
    terminal.out(JSON.stringify({ orders: rows, more: next !== null }))
    return EXIT.ok
  }
  if (rows.length === 0) terminal.out('No orders.')
  else printTable(terminal, [HEADING, ...rows.map(row => cells(row, terminal))], [4, 5])
  if (next !== null) terminal.err(`There are more: --limit takes more than ${limit}.`)
  return EXIT.ok
}

const HEADING = ['order', 'broker', 'symbol', 'side', 'quantity', 'filled', 'price', 'status', 'submitted']

function cells(
  {
    externalId,
    id,
    broker,
    environment,
    symbol,
    side,
    quantity,
    notional,
    filledQuantity,
    limitPrice,
    stopPrice,
    type,
    status,
    submittedAt,
  }: OrderRow,
  reader: CommandContext['terminal'],
): string[] {
  const size = quantity ?? (notional === null ? '-' : `${notional} worth`)
  const price = [stopPrice === null ? '' : `stop ${stopPrice}`, limitPrice === null ? '' : `limit ${limitPrice}`]
    .filter(one => one !== '')
    .join(' ')
  return [
    externalId ?? id,
    `${broker} ${environment}`,
    symbol ?? '-',
    side ?? '-',
    size,
    filledQuantity,
    price === '' ? type : price,
    status,
    momentWords(submittedAt, reader),
  ]
}

export interface PlaceOptions extends OrderOptions {
  readonly account: string
  /** The last digits of a live account. */
  readonly digits: string | undefined
  /** What the user calls this order; asked again under it, the command tells what became of the first. One is made, and told, where it is left out. */
  readonly id: string | undefined
}

/**
 * `keelson order place`: asks Keelson for an order. It waits for the user's yes in the window, unless the connection lets programs order
 * directly; then it goes through the same guard at once. Ends with 8 when nobody knows yet whether the broker took it.
 */
export async function askForOrder(context: CommandContext, { account: name, digits, id, ...options }: PlaceOptions): Promise<ExitCode> {
  const { client, terminal, json, signal } = context
  const account = await findAccount(context, name)
  if (digits !== undefined) await client.request('orders.arm', { accountId: account.id, digits }, signal)
  await getReady(context, account)
  const requestId = id ?? createRandom().uuid()
  // Before it is asked: who hears nothing more has to know what to name.
  if (id === undefined) terminal.err(`To hear what became of this order, and send no second one: --id ${requestId}`)
  const request = await client.request('orders.request', { ticket: ticketOf(account.id, options), from: 'command line', requestId }, signal)
  const code = shown(context, request)
  if (!json && id !== undefined && isOver(request)) terminal.err(`A new order needs a new id: ${id} belongs to this one.`)
  return code
}

/** Known to work nowhere: whoever wants it still has to ask anew. */
function isOver({ state, placed }: OrderRequestView): boolean {
  if (placed !== null) return placed.outcome === 'not-sent' || placed.outcome === 'rejected'
  return state === 'declined' || state === 'expired'
}

/** A command of its own knows nothing of the account yet, and orders that go directly want it read first. */
async function getReady({ client, signal }: CommandContext, { id }: AccountView): Promise<void> {
  const connection = deskOf(await client.request('orders.desk', {}, signal), id)
  if (connection?.isOn !== true || connection.automation !== 'direct' || connection.isReconciled) return
  await client.request('sync.run', { connectionId: connection.connectionId }, signal)
}

function deskOf({ connections }: DeskView, id: AccountView['id']): DeskView['connections'][number] | undefined {
  return connections.find(({ accounts }) => accounts.some(({ accountId }) => accountId === id))
}

function shown({ terminal, json }: CommandContext, request: OrderRequestView): ExitCode {
  const { state, placed, expiresAt, id } = request
  if (json) terminal.out(JSON.stringify({ request }))
  else if (state === 'waiting')
    terminal.out(`It waits for your yes in Keelson, under Orders, until ${momentWords(expiresAt, terminal)} (${id}). Nothing was sent.`)
  else if (placed !== null) say(terminal, placed)
  else terminal.err(ENDS[state])
  if (state === 'waiting') return EXIT.ok
  if (placed !== null) return codeOf(placed)
  return state === 'placed' ? EXIT.unknown : EXIT.failed
}

/** Of a request that says nothing of its order. */
const ENDS = {
  placed: 'It was approved, and may be on its way: keelson orders shows what became of it.',
  declined: 'The request was declined. Nothing was sent.',
  expired: 'The request ran out. Nothing was sent.',
}

/** `keelson order cancel`: works under the kill switch, too. */
export async function takeOrderBack(context: CommandContext, text: string): Promise<ExitCode> {
  const { client, terminal, json, signal } = context
  const { accountId, externalId } = await findOpen(context, text)
  const placed = await client.request('orders.cancel', { accountId, externalId }, signal)
  if (json) terminal.out(JSON.stringify({ order: externalId, ...placed }))
  else say(terminal, placed)
  return codeOf(placed)
}

const MOST = 500

/** An open order by its id at the broker or here. Throws order/not-found, and app/ambiguous-name where two brokers know one by it. */
async function findOpen(
  { client, signal }: CommandContext,
  text: string,
): Promise<{ accountId: OrderRow['accountId']; externalId: string }> {
  const { rows } = await client.request('orders.list', { state: 'open', limit: MOST }, signal)
  const named = rows.filter(({ id }) => id === text)
  const found = named.length > 0 ? named : rows.filter(({ externalId }) => externalId === text)
  const [row] = found
  // Brokers number their orders each by itself.
  if (found.length > 1)
    throw new AppError('app/ambiguous-name', {
      details: { count: found.length, what: 'order', name: text, known: found.map(({ id }) => id).join(', ') },
    })
  if (!row || row.externalId === null) throw new AppError('order/not-found', { details: { broker: 'Keelson' } })
  return { accountId: row.accountId, externalId: row.externalId }
}

function say(terminal: CommandContext['terminal'], { sentence, externalId, outcome, error }: PlacedView): void {
  const text = externalId === null ? sentence : `${sentence} (${externalId})`
  if (outcome === 'confirmed') terminal.out(text)
  else terminal.err(error === null || sentence.includes(error.message) ? text : `${text} ${error.message} ${error.action}`)
}

function codeOf({ outcome }: PlacedView): ExitCode {
  if (outcome === 'confirmed') return EXIT.ok
  return outcome === 'unknown' || outcome === 'sending' ? EXIT.unknown : EXIT.failed
}
