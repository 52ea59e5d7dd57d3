import type { LedgerScope, LotView } from '../../../shared/contract/ledger.ts'
import type { OutputOf } from '../../../shared/contract/routes.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { EXCHANGE_ZONE, type Instant, type LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/open.ts'
import { accountHome } from '../store/accounts.ts'
import { historyReadAt } from '../store/ledger-asof.ts'
import { accountsIn } from '../store/ledger-scope.ts'
import { bookSums } from '../store/ledger-sums.ts'
import { type HoldingValue, holdingValues } from '../store/ledger-lots.ts'
import { cell } from './csv.ts'
import { positionsOf } from '../store/positions.ts'
import { lastImportAt } from '../store/imports.ts'
import { lotViews, unrealizedOf } from './ledger-lots.ts'
import { days } from './ledger-sums.ts'
import { realizations, trips } from './ledger-trips.ts'

const PART_ROWS = 500

type Cell = string | boolean | number | null
/** Flat, with the same fields on every line of an export. */
type Line = Readonly<Record<string, Cell>>

export interface LedgerExport extends LedgerScope {
  readonly what: 'realizations' | 'trips' | 'lots' | 'days' | 'positions'
  readonly format: 'csv' | 'json'
  readonly after?: string | undefined
}

interface Part {
  readonly lines: readonly Line[]
  readonly next: string | null
}

/**
 * The next part of an export. Decimals, days and instants are text on every line; each line says as of when it holds and when it was fetched: when the
 * history of its account was last read, of several accounts the one that is furthest behind; of files alone, when this was asked and when the
 * last of them was read. What a holding is worth has its broker's own two stamps, or none where no broker says it.
 */
export function exportPart(reader: Reader, { what, format, after, ...scope }: LedgerExport, now: Instant): OutputOf<'ledger.export'> {
  const { lines, next } = partOf(reader, what, scope, { after, now })
  const text = format === 'csv' ? csv(lines, COLUMNS[what], after === undefined) : lines.map(line => `${JSON.stringify(line)}\n`).join('')
  return { text, rows: lines.length, next }
}

function partOf(reader: Reader, what: LedgerExport['what'], scope: LedgerScope, { after, now }: { readonly after: string | undefined; readonly now: Instant }): Part {
  const home = homes(reader, now)
  const today = toLocalDate(now, EXCHANGE_ZONE)
  switch (what) {
    case 'realizations': {
      const { rows, next } = realizations(reader, { ...scope, limit: PART_ROWS, after })
      return { next, lines: rows.map(({ wash, accountId, ...row }) => line(what, { ...row, washDisallowed: wash?.disallowed ?? null, ...home(accountId) })) }
    }
    case 'trips': {
      const { rows, next } = trips(reader, { ...scope, limit: PART_ROWS, after })
      return { next, lines: rows.map(({ accountId, tags, ...row }) => line(what, { ...row, tags: tags.join(' '), ...home(accountId) })) }
    }
    case 'lots': {
      const [valued, isMoney] = [valuedBy(reader), moneyIn(reader, scope)]
      const lots = lotViews(reader, accountsIn(reader, scope), scope, today).filter(lot => !isMoney(lot))
      return {
        next: null,
        lines: lots.map(({ accountId, ...row }) => line(what, { ...row, ...(row.marketValue === null ? {} : valued(accountId, row)), ...home(accountId) })),
      }
    }
    case 'days': {
      const read = furthestBehind(reader, scope)
      return { next: null, lines: days(reader, scope).map(row => line(what, { ...row, asOf: read ?? now, fetchedAt: read })) }
    }
    case 'positions':
      return { next: null, lines: positions(reader, scope, today).map(({ accountId, ...row }) => line(what, { ...row, ...home(accountId) })) }
  }
}

/** When the account of a question was read that was read longest ago; null where none was. */
function furthestBehind(reader: Reader, scope: LedgerScope): Instant | null {
  const read = accountsIn(reader, scope).flatMap(({ accountId }) => historyReadAt(reader, accountId) ?? [])
  return read.toSorted()[0] ?? null
}

/** When its broker said what a holding is worth, and when that was read. */
function valuedBy(reader: Reader): (id: AccountId, holding: { readonly symbol: string; readonly currency: string }) => Line {
  const known = new Map<AccountId, ReturnType<typeof positionsOf>>()
  return (id, { symbol, currency }) => {
    const held = known.get(id) ?? positionsOf(reader, id)
    known.set(id, held)
    const found = held.find(one => one.symbol === symbol && one.currency === currency)
    return { valueAsOf: found?.asOf ?? null, valueFetchedAt: found?.fetchedAt ?? null }
  }
}

interface Named {
  readonly accountId: AccountId
  readonly symbol: string
  readonly currency: string
}

/** Which holdings are money that was changed, such as `EUR.USD`: among the balances, and a position only where its broker lists it as one. */
function moneyIn(reader: Reader, scope: LedgerScope): (holding: Named) => boolean {
  const name = ({ accountId, symbol, currency }: Named): string => `${accountId}|${symbol}|${currency}`
  const books = bookSums(reader, accountsIn(reader, scope), scope).filter(({ assetClass }) => assetClass === 'forex')
  const money = new Set(books.filter(book => !positionsOf(reader, book.accountId).some(one => name(one) === name(book))).map(name))
  return holding => money.has(name(holding))
}

function positions(reader: Reader, scope: LedgerScope, today: LocalDate) {
  const accounts = accountsIn(reader, scope)
  const [valued, isMoney] = [valuedBy(reader), moneyIn(reader, scope)]
  const lots = Map.groupBy(lotViews(reader, accounts, scope, today), lot => `${lot.accountId}|${lot.symbol}|${lot.currency}`)
  const values = holdingValues(reader, accounts)
  const open = new Map(accounts.map(account => [account.accountId, unrealizedOf(reader, [account], scope)]))
  return bookSums(reader, accounts, scope)
    .filter(book => !Dec.isZero(book.quantity) && !isMoney(book))
    .map(({ accountId, symbol, assetClass, currency, quantity, realized, fees }) => ({
      accountId, symbol, assetClass, currency, quantity, realized, fees, unrealized: open.get(accountId)?.get(`${symbol}|${currency}`) ?? null,
      ...worthOf(lots.get(`${accountId}|${symbol}|${currency}`) ?? [], () => valued(accountId, { symbol, currency }), {
        quantity, assetClass, holding: values.get(`${accountId}|${symbol}|${currency}`),
      }),
    }))
}

/** What a broker says of a holding, beside what the ledger holds. */
interface Stated {
  readonly quantity: Dec
  readonly assetClass: string | null
  readonly holding: HoldingValue | undefined
}

/**
 * What the lots of one holding took and are worth together, as among the positions: a short one took less than nothing. Null where one of them is not known. A future is
 * worth what it gained, which is no sum of lots.
 */
function worthOf(lots: readonly LotView[], stamps: () => Line, { quantity, assetClass, holding }: Stated): Line {
  const sum = (values: readonly (Dec | null)[]): Dec | null => {
    const known = values.flatMap(value => value ?? [])
    return known.length < values.length || values.length === 0 ? null : Dec.sum(known)
  }
  const whole = holding?.quantity === quantity ? holding.marketValue : null
  const marketValue = assetClass === 'future' ? whole : sum(lots.map(lot => lot.marketValue))
  return { cost: sum(lots.map(({ cost, quantity }) => (cost !== null && Dec.isNegative(quantity) ? Dec.neg(cost) : cost))), marketValue, ...(marketValue === null ? {} : stamps()) }
}

const HOME = ['accountId', 'accountName', 'accountNumber', 'broker', 'environment', 'asOf', 'fetchedAt'] as const

const VALUED = ['valueAsOf', 'valueFetchedAt'] as const

/** The fields of each export, in their order; later ones are added at the end. */
const COLUMNS: Readonly<Record<LedgerExport['what'], readonly string[]>> = {
  realizations: ['symbol', 'currency', 'openDay', 'closeDay', 'isShort', 'quantity', 'proceeds', 'cost', 'pnl', 'washDisallowed', 'openKey', 'closeKey', 'openId', 'closeId', ...HOME],
  trips: [
    'id', 'symbol', 'assetClass', 'currency', 'direction', 'isOpen', 'openDay', 'openedAt', 'closeDay', 'closedAt', 'quantity', 'fills', 'averageEntry', 'averageExit', 'realized', 'fees', 'hasWash',
    'tags', 'rating', ...HOME,
  ],
  lots: ['symbol', 'currency', 'day', 'quantity', 'cost', 'costPerUnit', 'marketValue', 'unrealized', 'isLongTerm', 'key', 'activityId', ...HOME, ...VALUED],
  days: ['day', 'currency', 'realized', 'fees', 'closings', 'unknown', 'dividends', 'interest', 'otherFees', 'asOf', 'fetchedAt'],
  positions: ['symbol', 'assetClass', 'currency', 'quantity', 'realized', 'fees', 'unrealized', ...HOME, 'cost', 'marketValue', ...VALUED],
}

function line(what: LedgerExport['what'], row: Readonly<Record<string, unknown>>): Line {
  return Object.fromEntries(COLUMNS[what].map(column => [column, plain(row[column])]))
}

function plain(value: unknown): Cell {
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' ? value : null
}

function homes(reader: Reader, now: Instant): (id: AccountId) => Line {
  const known = new Map<AccountId, Line>()
  return id => {
    const read = historyReadAt(reader, id)
    const found = known.get(id) ?? { accountId: id, ...accountHome(reader, id), asOf: read ?? now, fetchedAt: read ?? lastImportAt(reader, id) }
    known.set(id, found)
    return found
  }
}

const DECIMAL = /^-?\d+(?:\.\d+)?$/

function csv(lines: readonly Line[], columns: readonly string[], header: boolean): string {
  const text = (value: Cell): string => (value === null ? '' : cell(String(value), DECIMAL.test(String(value))))
  const rows = lines.map(row => columns.map(column => text(row[column] ?? null)).join(','))
  return [...(header ? [columns.join(',')] : []), ...rows].map(row => `${row}\r\n`).join('')
}
