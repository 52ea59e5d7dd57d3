import type { LedgerScope } from '../../../shared/contract/ledger.ts'
import type { OutputOf } from '../../../shared/contract/routes.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { EXCHANGE_ZONE, type Instant, toLocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/open.ts'
import { accountHome } from '../store/accounts.ts'
import { historyReadAt } from '../store/ledger-asof.ts'
import { accountsIn } from '../store/ledger-scope.ts'
import { bookSums } from '../store/ledger-sums.ts'
import { cell } from './csv.ts'
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
 * The next part of an export. Decimals, days and instants are text on every line; each line says as of when it holds: when the history of
 * its account was last read, of several accounts the one that is furthest behind; of files alone, when this was asked.
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
    case 'lots':
      return { next: null, lines: lotViews(reader, accountsIn(reader, scope), scope, today).map(({ accountId, ...row }) => line(what, { ...row, ...home(accountId) })) }
    case 'days': {
      const asOf = furthestBehind(reader, scope) ?? now
      return { next: null, lines: days(reader, scope).map(row => line(what, { ...row, asOf })) }
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

function positions(reader: Reader, scope: LedgerScope) {
  const accounts = accountsIn(reader, scope)
  const open = new Map(accounts.map(account => [account.accountId, unrealizedOf(reader, [account], scope)]))
  return bookSums(reader, accounts, scope)
    .filter(({ quantity }) => !Dec.isZero(quantity))
    .map(({ accountId, symbol, assetClass, currency, quantity, realized, fees }) => ({
      accountId, symbol, assetClass, currency, quantity, realized, fees, unrealized: open.get(accountId)?.get(`${symbol}|${currency}`) ?? null,
    }))
}

const HOME = ['accountId', 'accountName', 'accountNumber', 'broker', 'environment', 'asOf'] as const

/** The fields of each export, in their order. */
const COLUMNS: Readonly<Record<LedgerExport['what'], readonly string[]>> = {
  realizations: ['symbol', 'currency', 'openDay', 'closeDay', 'isShort', 'quantity', 'proceeds', 'cost', 'pnl', 'washDisallowed', 'openKey', 'closeKey', 'openId', 'closeId', ...HOME],
  trips: [
    'id', 'symbol', 'assetClass', 'currency', 'direction', 'isOpen', 'openDay', 'openedAt', 'closeDay', 'closedAt', 'quantity', 'fills', 'averageEntry', 'averageExit', 'realized', 'fees', 'hasWash',
    'tags', 'rating', ...HOME,
  ],
  lots: ['symbol', 'currency', 'day', 'quantity', 'cost', 'costPerUnit', 'marketValue', 'unrealized', 'isLongTerm', 'key', 'activityId', ...HOME],
  days: ['day', 'currency', 'realized', 'fees', 'closings', 'unknown', 'dividends', 'interest', 'otherFees', 'asOf'],
  positions: ['symbol', 'assetClass', 'currency', 'quantity', 'realized', 'fees', 'unrealized', ...HOME],
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
    const found = known.get(id) ?? { accountId: id, ...accountHome(reader, id), asOf: historyReadAt(reader, id) ?? now }
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
