import type { LedgerScope } from '../../../shared/contract/ledger.ts'
import type { OutputOf } from '../../../shared/contract/routes.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { knownOf } from '../../../shared/domain/realized.ts'
import { EXCHANGE_ZONE, type Instant, toLocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/open.ts'
import { accountHome } from '../store/accounts.ts'
import { historyReadAt } from '../store/ledger-asof.ts'
import { openLots } from '../store/ledger-lots.ts'
import { accountsIn, type ScopedAccount } from '../store/ledger-scope.ts'
import { bookSums } from '../store/ledger-sums.ts'
import { cell } from './csv.ts'
import { positionsOf } from '../store/positions.ts'
import { lastImportAt } from '../store/imports.ts'
import { type HeldLine, heldLines } from './ledger-held.ts'
import { costOf as lotsCost, lotViews } from './ledger-lots.ts'
import { days } from './ledger-sums.ts'
import { realizations, realizationsReady, trips, tripsReady } from './ledger-trips.ts'
import type { InTurns } from './ledger-washes.ts'
import { costOf, gainOf } from './portfolio-holdings.ts'

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

/** Works out what the next part of an export needs without holding up anybody. */
export async function exportReady(reader: Reader, { what, ...asked }: LedgerExport, turns: InTurns): Promise<void> {
  if (what === 'realizations') await realizationsReady(reader, { ...asked, limit: PART_ROWS }, turns)
  if (what === 'trips') await tripsReady(reader, { ...asked, limit: PART_ROWS }, turns)
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
      return { next: null, lines: days(reader, scope).map(row => line(what, { ...row, realized: knownOf(row, row.realized), fees: knownOf(row, row.fees), asOf: read ?? now, fetchedAt: read })) }
    }
    case 'positions':
      return { next: null, lines: positions(reader, scope).map(({ accountId, ...row }) => line(what, { ...row, ...home(accountId) })) }
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

/** As the positions say it, account by account; what a broker does not list is there as the history has it. */
function positions(reader: Reader, scope: LedgerScope) {
  const { assetClass, ...whole } = scope
  const accounts = accountsIn(reader, scope)
  const bound = costsOfBooks(reader, accounts, whole)
  return heldLines(reader, accounts, bookSums(reader, accounts, whole))
    .filter(one => (scope.symbol === undefined || one.symbol === scope.symbol) && (assetClass === undefined || one.assetClass === assetClass))
    .filter(one => one.holding !== null || one.assetClass !== 'forex')
    .toSorted((a, b) => order(a.symbol, b.symbol) || order(a.currency, b.currency))
    .map(one => ({ ...namesOf(one), ...madeOf(one), ...figuresOf(one, bound) }))
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const namesOf = ({ accountId, symbol, assetClass, currency }: HeldLine) => ({ accountId, symbol, assetClass, currency })

/** What closing it made. What the history counts in another currency is not known in this one. */
function madeOf({ book, currency }: HeldLine) {
  if (!book) return { realized: Dec.zero, fees: Dec.zero, unknown: 0 }
  const [closings, unknown] = book.currency === currency ? [book.closings, book.unknown] : [0, book.closings + book.unknown]
  const made = { closings, unknown }
  return { realized: knownOf(made, book.realized), fees: knownOf(made, book.fees), unknown }
}

/** All of what the broker lists, or else of what the history has, so that a line adds up. */
function figuresOf({ holding, book }: HeldLine, bound: ReadonlyMap<number, Dec | null>) {
  if (holding) {
    const { quantity, marketValue, asOf, fetchedAt, ledgerQuantity } = holding
    const stamps = marketValue === null ? {} : { valueAsOf: asOf, valueFetchedAt: fetchedAt }
    return { quantity, cost: costOf(holding), marketValue, unrealized: gainOf(holding), ...stamps, ledgerQuantity }
  }
  const quantity = book?.quantity ?? null
  return { quantity, cost: book ? (bound.get(book.id) ?? null) : null, marketValue: null, unrealized: null, ledgerQuantity: quantity }
}

/** What is bound in the open lots of each book: a short one took less than nothing. Null where one of them is not known. */
function costsOfBooks(reader: Reader, accounts: readonly ScopedAccount[], scope: LedgerScope): Map<number, Dec | null> {
  const costs = new Map<number, Dec | null>()
  for (const lot of openLots(reader, accounts, scope)) {
    const [known, own] = [costs.get(lot.book), lotsCost(lot)]
    if (known === null || own === null) costs.set(lot.book, null)
    else costs.set(lot.book, Dec.add(known ?? Dec.zero, Dec.isNegative(lot.quantity) ? Dec.neg(own) : own))
  }
  return costs
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
  positions: ['symbol', 'assetClass', 'currency', 'quantity', 'realized', 'fees', 'unrealized', ...HOME, 'cost', 'marketValue', ...VALUED, 'ledgerQuantity', 'unknown'],
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
