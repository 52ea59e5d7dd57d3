import { Dec } from '../../../../shared/domain/decimal.ts'
import { normalSymbol } from '../../../../shared/domain/instrument.ts'
import { figure, usDay } from '../cells.ts'
import type { CsvRow } from '../csv.ts'
import { type FileFacts, type FileRow, plainFacts, unreadable } from '../format.ts'
import { expiryOf, occSymbol } from '../option-words.ts'
import { classOf, movement } from '../trade-facts.ts'
import { costsOf } from './thinkorswim-costs.ts'

export interface Fills {
  readonly rows: readonly FileRow[]
  /** Rows of the cash table that fills tell already. */
  readonly told: ReadonlySet<CsvRow>
}

/**
 * The legs of Account Trade History as trades. The legs of one spread stand below each other, the later ones without a time. What
 * they cost is in the cash rows of the same second, and goes to the first leg filled in it.
 */
export function fillsOf(legs: readonly CsvRow[], cash: readonly CsvRow[]): Fills {
  const orders: CsvRow[][] = []
  for (const leg of legs) {
    if (leg.cell('Exec Time') !== '') orders.push([leg])
    else {
      const order = orders.at(-1)
      if (!order) throw unreadable(leg.line, 'Exec Time', 'a leg without its order')
      order.push(leg)
    }
  }
  const cashAt = grouped(cash, row => `${usDay(row.cell('DATE'))} ${row.cell('TIME').padStart(8, '0')}`)
  const told = new Set<CsvRow>()
  const rows = orders.flatMap(order => {
    const paid = (cashAt.get(timeOf(order[0])) ?? []).filter(row => !told.has(row))
    for (const row of paid) told.add(row)
    const costs = Dec.sum(paid.map(costsOf))
    return order.map((leg, index) => toRow(leg, order[0] ?? leg, index === 0 ? costs : Dec.zero))
  })
  return { rows, told }
}

function grouped<T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const name = key(value)
    const group = groups.get(name)
    if (group) group.push(value)
    else groups.set(name, [value])
  }
  return groups
}

/** `8/14/17 15:23:00` as a day and a time that compare. */
function timeOf(row: CsvRow | undefined): string {
  const [day = '', time = ''] = row?.cell('Exec Time').split(' ') ?? []
  return `${usDay(day)} ${time.padStart(8, '0')}`
}

function toRow(leg: CsvRow, first: CsvRow, costs: Dec): FileRow {
  const day = usDay(first.cell('Exec Time').split(' ')[0] ?? '')
  if (day === null) throw unreadable(first.line, 'Exec Time', 'not a date and time')
  const symbol = symbolOf(leg)
  const quantity = figure(leg, 'Qty')
  const price = leg.cell('Price') === '~' ? null : figure(leg, 'Price')
  const side = leg.cell('Side').startsWith('S') ? 'sell' : 'buy'
  const effect = /OPEN/i.test(leg.cell('Pos Effect'))
    ? { effect: 'open' as const }
    : /CLOSE/i.test(leg.cell('Pos Effect'))
      ? { effect: 'close' as const }
      : {}
  const facts: FileFacts = {
    ...plainFacts('trade', first.cell('Spread') === '' ? 'TRD' : first.cell('Spread'), day),
    symbol: symbol.name,
    assetClass: symbol.multiplier === null ? 'other' : leg.cell('Type') === 'FUND' ? 'fund' : classOf(symbol.name),
    ...movement(
      { kind: 'trade', side, ...effect },
      { quantity, price, amount: amountOf(side, quantity, price, symbol.multiplier, costs), fees: costs },
    ),
  }
  return { line: leg.line, ownId: null, facts, raw: leg.raw, known: facts.kind === 'trade' }
}

function amountOf(side: 'buy' | 'sell', quantity: Dec | null, price: Dec | null, multiplier: Dec | null, costs: Dec): Dec | null {
  if (quantity === null || price === null || multiplier === null) return null
  const value = Dec.mul(Dec.mul(Dec.abs(quantity), price), multiplier)
  return Dec.sub(side === 'buy' ? Dec.neg(value) : value, costs)
}

/** A share, or an option from its columns. What a future or its option is worth the statement does not say. */
function symbolOf(leg: CsvRow): { name: string; multiplier: Dec | null } {
  const words = leg.cell('Symbol')
  const type = leg.cell('Type')
  if (words.startsWith('/') || words.startsWith('./')) return { name: words, multiplier: null }
  if (type !== 'CALL' && type !== 'PUT') return { name: normalSymbol(words), multiplier: Dec.of('1') }
  const [, day = '', month = '', year = ''] = /^(\d{1,2}) ([A-Z]{3}) (\d{2,4})/i.exec(leg.cell('Exp')) ?? []
  const occ = occSymbol({ root: words, expiry: expiryOf(year, month, day), strike: leg.cell('Strike'), right: type })
  if (occ === null) throw unreadable(leg.line, 'Exp', 'not the expiry and strike of an option')
  return { name: occ, multiplier: Dec.of('100') }
}
