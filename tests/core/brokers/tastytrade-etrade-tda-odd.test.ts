import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toActivity as etradeActivity } from '../../../electron/core/brokers/etrade/map.ts'
import { toOrders as etradeOrders } from '../../../electron/core/brokers/etrade/orders.ts'
import { OrderWire as EtradeOrder, TransactionWire as EtradeTransaction } from '../../../electron/core/brokers/etrade/wire.ts'
import { tdaActivity } from '../../../electron/core/brokers/tdameritrade/map.ts'
import { toOrder as tdaOrder } from '../../../electron/core/brokers/tdameritrade/orders.ts'
import { OrderWire as TdaOrder, TransactionWire as TdaTransaction } from '../../../electron/core/brokers/tdameritrade/wire.ts'
import { toActivity as tastyActivity } from '../../../electron/core/brokers/tastytrade/map.ts'
import { toOrder as tastyOrder } from '../../../electron/core/brokers/tastytrade/orders.ts'
import { OrderWire as TastyOrder, TransactionWire as TastyTransaction } from '../../../electron/core/brokers/tastytrade/wire.ts'
import { parseJson } from '../../../electron/core/net/json.ts'
import { parseRows } from '../../../electron/core/net/rows.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { asList, fixture } from './support/fixtures.ts'

interface Reader {
  readonly name: string
  readonly rows: readonly unknown[]
  /** The facts of a row, or null where the schema refuses it. */
  readonly read: (row: unknown) => readonly object[] | null
}

const rowsAt = (text: string, at: readonly string[]) => parseRows(text, at)?.values ?? []
const order = {
  id: 1,
  status: 'Live',
  'received-at': '2026-11-20T14:40:00.000+00:00',
  'updated-at': 1795185660000,
  legs: [{ symbol: 'AAPL', quantity: 3, fills: [{ quantity: 1, 'fill-price': '1.24' }] }],
}
const tdaWire = {
  orderId: 1,
  status: 'FILLED',
  enteredTime: '2026-11-20T14:40:00+0000',
  quantity: 1,
  orderLegCollection: [{ instruction: 'BUY', instrument: { symbol: 'F' } }],
  orderActivityCollection: [{ executionType: 'FILL', executionLegs: [{ quantity: 1, price: 2, time: '2026-11-20T14:40:00+0000' }] }],
}

const READERS: readonly Reader[] = [
  {
    name: 'a tastytrade transaction',
    rows: rowsAt(fixture('tastytrade', 'transactions'), ['data', 'items']),
    read: row => facts(TastyTransaction.safeParse(row), wire => [tastyActivity(wire)]),
  },
  {
    name: 'an E*TRADE transaction',
    rows: rowsAt(fixture('etrade', 'transactions'), ['TransactionListResponse', 'Transaction']),
    read: row => facts(EtradeTransaction.safeParse(row), wire => [etradeActivity(wire)]),
  },
  {
    name: 'a TD Ameritrade transaction',
    rows: asList(parseJson(fixture('tdameritrade', 'transactions'))),
    read: row => facts(TdaTransaction.safeParse(row), wire => [tdaActivity(wire)]),
  },
  { name: 'a tastytrade order', rows: [order], read: row => facts(TastyOrder.safeParse(row), wire => [tastyOrder(wire)]) },
  {
    name: 'an E*TRADE order',
    rows: rowsAt(fixture('etrade', 'orders'), ['OrdersResponse', 'Order']),
    read: row => facts(EtradeOrder.safeParse(row), etradeOrders),
  },
  { name: 'a TD Ameritrade order', rows: [tdaWire], read: row => facts(TdaOrder.safeParse(row), wire => [tdaOrder(wire)]) },
]

function facts<T>(parsed: { readonly success: boolean; readonly data?: T }, map: (wire: T) => readonly object[]): readonly object[] | null {
  return parsed.success && parsed.data !== undefined ? map(parsed.data) : null
}

const strange = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    '0',
    0,
    -1,
    1e300,
    9e15,
    '1e5',
    'NaN',
    [],
    {},
    true,
    '2026-02-30',
    '9999-12-31',
    '-0',
    './ESZ6 EW4Z6 261211C1',
    '/ESZ6',
    'AAPL_023024C1',
    // No number and no text can be made of these.
    { toString: '' },
    [[]],
    [5],
  ),
)

/** The row with the value at one of its places, however deep, put in place of another. */
function changed(row: unknown, place: number, value: unknown): unknown {
  let at = 0
  const walk = (node: unknown): unknown => {
    if (at++ === place) return value
    if (Array.isArray(node)) return node.map(walk)
    if (typeof node === 'object' && node !== null)
      return Object.fromEntries(Object.entries(node).map(([name, inner]) => [name, walk(inner)]))
    return node
  }
  return walk(row)
}

/** What a row says, or nothing where it is refused as unreadable. */
function saidBy({ read }: Reader, row: unknown): readonly object[] {
  try {
    return read(row) ?? []
  } catch (error) {
    if (error instanceof AppError && error.code === 'broker/unreadable') return []
    throw error
  }
}

/** The names of what is stated in another form than its own. */
function malformed(fact: object): readonly string[] {
  const has = (name: string, text: string): boolean => {
    if (name.endsWith('At')) return Instant.is(text)
    if (name === 'tradeDate') return LocalDate.is(text)
    return !/^(?:price|quantity|filledQuantity|amount|fees|\w+Price)$/.test(name) || Dec.isCanonical(text)
  }
  return Object.entries(fact).flatMap(([name, stated]) => (stated === null || has(name, String(stated)) ? [] : [name]))
}

describe.each(READERS.map(reader => [reader.name, reader] as const))('%s', (_, reader) => {
  test('with anything in any place is read, or refused as unreadable, and states only what has its form', () => {
    const anything = fc.tuple(fc.constantFrom(...reader.rows), fc.integer({ min: 0, max: 60 }), strange)
    const property = fc.property(anything, ([row, place, value]) => {
      expect(saidBy(reader, changed(row, place, value)).flatMap(malformed)).toEqual([])
    })
    expect(fc.check(property, { numRuns: 1500 })).toMatchObject({ failed: false, counterexample: null })
  })
})
