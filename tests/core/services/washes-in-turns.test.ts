import { describe, expect, test } from 'vitest'
import { createLedgerParts } from '../../../electron/core/create-ledger.ts'
import type { Reader } from '../../../electron/core/db/open.ts'
import { markSymbol } from '../../../electron/core/store/ledger-dirty.ts'
import { setOverride } from '../../../electron/core/store/ledger-words.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { AT } from '../../support/data-folder.ts'
import { fakePorts } from '../../support/fake-ports.ts'
import { buy, desk, sale } from '../ledger/support/desk.ts'
import { settled } from '../ledger/support/ledger-dump.ts'
import { save } from '../store/support.ts'

const d = Dec.of
const SYMBOLS = Array.from({ length: 20 }, (_, at) => `S${String.fromCharCode(65 + at)}`)
const PAGE = { environment: 'paper', limit: 100 } as const

/** A loss of each of twenty instruments, each replaced by a purchase of four; every look at the clock takes some milliseconds. */
function lost({ tickMs = 20 } = {}) {
  const { db, work, row } = desk()
  const again = (symbol: string, quantity: string, id = 'again') => row(buy(`${symbol}-${id}`, '2025-03-20', { symbol, quantity: d(quantity) }))
  save(db, SYMBOLS.flatMap(symbol => [row(buy(`${symbol}-b`, '2025-01-02', { symbol, price: d('10') })), row(sale(`${symbol}-s`, '2025-03-03', { symbol })), again(symbol, '4')]))
  settled(work)
  const asked: string[] = []
  const reader: Reader = {
    all: query => (asked.push(query.text), db.reader.all(query)),
    get: query => (asked.push(query.text), db.reader.get(query)),
    iterate: query => (asked.push(query.text), db.reader.iterate(query)),
  }
  let nowMs = 0
  const { handlers } = createLedgerParts({
    ports: { clock: { now: () => AT, monotonicMs: () => (nowMs += tickMs), after: () => () => undefined }, random: fakePorts('/nowhere').random },
    db: { ...db, reader },
    writer: { between: async run => run() },
    ledger: { settle: async () => void settled(work), start: () => undefined, stop: async () => undefined },
  })
  const change = (symbol: string): void => {
    save(db, [again(symbol, '1', 'more')])
    markSymbol(db.writer, 1, symbol)
    settled(work)
  }
  const say = (row: string): void => db.writer.tx(w => setOverride(w, 1, row, { ignored: true }, AT))
  return { handlers, change, say, reads: (table: string): number => asked.filter(text => text.includes(table)).length }
}

/** What an answer is, and how many turns others had before it came. */
async function turnsOf<T>(asked: T | Promise<T>, each: (turn: number) => void = () => undefined): Promise<{ readonly answer: T; readonly turns: number }> {
  let [turns, isDone] = [0, false]
  const next = (): void => {
    if (isDone) return
    turns += 1
    each(turns)
    setImmediate(next)
  }
  setImmediate(next)
  try {
    const answer = await asked
    return { answer, turns }
  } finally {
    isDone = true
  }
}

const { signal } = new AbortController()

describe('flags of the first page after a start', () => {
  test.each([
    ['closings', ({ handlers }: ReturnType<typeof lost>) => handlers['ledger.realizations'](PAGE, { signal })],
    ['round trips', ({ handlers }: ReturnType<typeof lost>) => handlers['ledger.trips'](PAGE, { signal })],
    ['an export of closings', ({ handlers }: ReturnType<typeof lost>) => handlers['ledger.export']({ environment: 'paper', what: 'realizations', format: 'json' }, { signal })],
    ['an export of round trips', ({ handlers }: ReturnType<typeof lost>) => handlers['ledger.export']({ environment: 'paper', what: 'trips', format: 'csv' }, { signal })],
  ])('of %s are worked out instrument by instrument, and everybody else has a turn after each that took some time', async (_, ask) => {
    const { turns } = await turnsOf<unknown>(ask(lost()))
    expect(turns).toBeGreaterThanOrEqual(SYMBOLS.length - 1)
  })

  test('are worked out without a turn after each where each is done at once', async () => {
    const { turns } = await turnsOf(lost({ tickMs: 5 }).handlers['ledger.realizations'](PAGE, { signal }))
    expect(turns).toBeGreaterThanOrEqual(4)
    expect(turns).toBeLessThan(SYMBOLS.length / 2)
  })

  test('are worked out by one look at what the user says of rows and at the books, and one more look of the page itself at these', async () => {
    const { handlers, say, reads } = lost()
    for (const symbol of SYMBOLS) say(`${symbol}-again`)
    await handlers['ledger.realizations'](PAGE, { signal })
    expect(reads('row_overrides')).toBe(1)
    expect(reads('DISTINCT b.id')).toBe(2)
  })

  test('are by what the user said of rows while they were worked out', async () => {
    const { handlers, say, change } = lost()
    const last = SYMBOLS.at(-1) ?? ''
    const { answer } = await turnsOf(handlers['ledger.realizations'](PAGE, { signal }), turn => {
      if (turn !== 10) return
      say(`${last}-again`)
      change(last)
    })
    expect(answer.rows.find(({ symbol }) => symbol === last)?.wash?.disallowed).toBe('2')
  })

  test('are all there when the page is, and the same for another that asks meanwhile', async () => {
    const { handlers } = lost()
    const [one, other] = await Promise.all([handlers['ledger.realizations'](PAGE, { signal }), handlers['ledger.realizations'](PAGE, { signal })])
    expect(one.rows.map(({ wash }) => wash?.disallowed)).toEqual(SYMBOLS.map(() => '8'))
    expect(other).toEqual(one)
  })

  test('are of what was bought while they were worked out, too', async () => {
    const { handlers, change } = lost()
    const { answer } = await turnsOf(handlers['ledger.realizations'](PAGE, { signal }), turn => {
      if (turn === 10) for (const symbol of [SYMBOLS[0], SYMBOLS.at(-1)]) change(symbol ?? '')
    })
    const changed = answer.rows.filter(({ wash }) => wash?.disallowed === '10').map(({ symbol }) => symbol)
    expect(changed.toSorted()).toEqual([SYMBOLS[0], SYMBOLS.at(-1)])
  })

  test('are no longer worked out for a page nobody waits for', async () => {
    const { handlers } = lost()
    const stop = new AbortController()
    const asked = turnsOf(handlers['ledger.realizations'](PAGE, { signal: stop.signal }), turn => {
      if (turn === 3) stop.abort()
    })
    await expect(asked).rejects.toThrow('aborted')
  })
})
