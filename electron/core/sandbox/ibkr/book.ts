import { Dec } from '../../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, toLocalDate } from '../../../../shared/domain/time.ts'
import type { Instant, LocalDate } from '../../../../shared/domain/time.ts'
import { correctFill, createHistory } from '../history.ts'
import type { Account } from '../history.ts'
import type { Instrument } from '../instrument.ts'
import { keepBook, movementsOf } from '../own-book.ts'
import type { LotResult, Movement } from '../own-book.ts'
import { statementOf } from '../own-statement.ts'
import type { AccountStatement } from '../own-statement.ts'
import type { FillEntry } from '../story.ts'
import { shareBy } from '../trader.ts'
import { contractOf, createContractBook } from './contract.ts'
import type { ContractBook } from './contract.ts'
import { IBKR_IDENTITIES } from './customers.ts'
import { bulkExecution, executionsOf, fillsBetween, pastNumbers } from './executions.ts'
import type { IbkrExecution, OrderNumbers } from './executions.ts'
import { AT_ONCE, createOrderDesk } from './order-desk.ts'
import type { OrderDesk, Place } from './order-desk.ts'

/** The one story behind all of IBKR's surfaces: its accounts, executions and orders. */
export interface IbkrBook {
  readonly seed: number
  readonly contracts: ContractBook
  readonly orders: OrderDesk
  now(): Instant
  /** The accounts, lived through at the first question. */
  places(): readonly Place[]
  place(account: string): Place | undefined
  /** Executions of an account in a time range, both ends included, oldest first; a corrected one comes once for each report. */
  executions(place: Place, from: number, to: number): IbkrExecution[]
  /** Reports of one fill, the newest last. */
  reportsOf(place: Place, entry: FillEntry): IbkrExecution[]
  lotsOf(place: Place): ReadonlyMap<Movement['of'], LotResult>
  /** Books a purchase of one share now; answers its execution id. */
  addFill(): string
  /** Corrects the execution with this id, or the newest one; answers its new id, or undefined when it is unknown. */
  correct(execId?: string): string | undefined
  /** What is stated of each account at the end of a day, today's without one. */
  statements(until?: LocalDate): readonly AccountStatement[]
  /** Told after a correction, with the newest report. */
  onCorrection(listener: (place: Place, execution: IbkrExecution) => void): () => void
}

export interface BookOptions {
  readonly seed: number
  readonly now: () => Instant
  readonly activities: number
}

export function createIbkrBook({ seed, now, activities }: BookOptions): IbkrBook {
  const start = now()
  const orders = createOrderDesk(now)
  const contracts = createContractBook()
  const revisions = new Map<FillEntry, { price: Dec; net: Dec }[]>()
  const lots = new Map<Account, { readonly revision: number; readonly found: ReadonlyMap<Movement['of'], LotResult> }>()
  const corrections = new Set<(place: Place, execution: IbkrExecution) => void>()
  let made: readonly Place[] | undefined
  const places = (): readonly Place[] => (made ??= openPlaces({ seed, now: () => start, activities }, contracts))
  const reportsOf = ({ identity }: Place, entry: FillEntry): IbkrExecution[] =>
    executionsOf(seed, identity, entry, numbersOf(orders, entry) ?? pastNumbers(identity, entry.order), revisions)

  const correct = (execId: string | undefined): string | undefined => {
    for (const place of places()) {
      const fills = fillsBetween(place.account, 0, Number.POSITIVE_INFINITY)
      const found = execId === undefined ? fills.at(-1) : fills.find(entry => reportsOf(place, entry).at(-1)?.execId === execId)
      if (!found) continue
      revisions.set(found, [...(revisions.get(found) ?? []), { price: found.price, net: found.net }])
      correctFill(place.account, found)
      const newest = reportsOf(place, found).at(-1)
      if (newest) for (const listener of corrections) listener(place, newest)
      return newest?.execId
    }
    return undefined
  }
  return {
    seed,
    contracts,
    orders,
    now,
    places,
    place: account => places().find(({ identity }) => identity.account === account),
    executions: (place, from, to) => executionsBetween(seed, place, from, to, reportsOf),
    reportsOf,
    lotsOf({ account }) {
      const known = lots.get(account)
      if (known?.revision === account.revision) return known.found
      const found = keepBook(movementsOf(account.story.entries)).results
      lots.set(account, { revision: account.revision, found })
      return found
    },
    statements: (until = toLocalDate(now(), EXCHANGE_ZONE)) =>
      places().map(({ identity, account, market }) => statementOf({ number: identity.account, account, market, until, nameOf })),
    addFill: () => addFill(places(), orders, reportsOf),
    correct,
    onCorrection(listener) {
      corrections.add(listener)
      return () => corrections.delete(listener)
    },
  }
}

/** Options of a future go by IBKR's local symbol. */
function nameOf(instrument: Instrument): string {
  return instrument.kind === 'future-option' ? contractOf(instrument).localSymbol : instrument.symbol
}

function openPlaces(options: BookOptions, contracts: ContractBook): Place[] {
  const { seed, now, activities } = options
  const customers = IBKR_IDENTITIES.map(({ customer }) => customer)
  const history = createHistory({ seed, now: now(), customers, activities })
  return IBKR_IDENTITIES.flatMap(identity => {
    const account = history.accounts[identity.index]
    if (!account) return []
    for (const entry of account.story.entries) {
      if (entry.kind === 'fill') contracts.remember(entry.leg.instrument)
      if (entry.kind === 'transfer') contracts.remember(entry.instrument)
    }
    return [{ identity, account, market: history.market }]
  })
}

function executionsBetween(
  seed: number,
  place: Place,
  from: number,
  to: number,
  reportsOf: (place: Place, entry: FillEntry) => IbkrExecution[],
): IbkrExecution[] {
  const { identity, account, market } = place
  const told = fillsBetween(account, from, to).flatMap(entry => reportsOf(place, entry))
  const first = account.bulk.before(from)
  const count = account.bulk.before(to + 1) - first
  const rest = Array.from({ length: Math.max(0, count) }, (_, index) =>
    bulkExecution(seed, identity, market, account.bulk.fill(first + index)),
  )
  return rest.length === 0 ? told : [...told, ...rest].sort((a, b) => a.at - b.at)
}

function addFill(places: readonly Place[], orders: OrderDesk, reportsOf: (place: Place, entry: FillEntry) => IbkrExecution[]): string {
  const [place] = places
  if (!place) throw new RangeError('no account')
  const instrument = shareBy(place.market, 'AAPL')
  const ticket = {
    instrument,
    side: 'buy',
    qty: Dec.of('1'),
    type: 'MKT',
    limit: null,
    stop: null,
    trail: null,
    tif: 'DAY',
    orderRef: '',
    outsideRth: false,
  } as const
  const order = orders.place(place, ticket, { clientId: 0, orderId: 0 }, AT_ONCE)
  const entry = order.booked?.fills.at(-1)
  return entry ? (reportsOf(place, entry).at(-1)?.execId ?? '') : ''
}

function numbersOf(orders: OrderDesk, entry: FillEntry): OrderNumbers | undefined {
  return orders.all().find(({ booked }) => booked === entry.order)?.numbers
}
