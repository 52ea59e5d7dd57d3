import { describe, expect, test } from 'vitest'
import { exportLedger, pnl } from '../../electron/headless/commands/pnl.ts'
import { createClient } from '../../electron/headless/wire.ts'
import { type Answers, fakeCore } from './support/fake-core.ts'
import { fakeTerminal } from './support/fake-terminal.ts'

const result = { currency: 'USD', realized: '12.5', fees: '0.35', closings: 3, unknown: 1 }

function setting(answers: Answers = {}, json = false) {
  const core = fakeCore({
    'ledger.totals': () => [result],
    'ledger.days': () => [{ ...result, day: '2026-11-20', dividends: '1', interest: '0', otherFees: '0.1' }],
    'ledger.bySymbol': () => [{ ...result, symbol: 'AAPL', assetClass: 'equity', unrealized: null, trips: 2, known: 2, wins: 1 }],
    'ledger.byTag': () => [{ ...result, tag: null, trips: 2, known: 2, wins: 1 }],
    'ledger.status': () => ({ pending: 0, computedAt: null, gaps: 0, books: 1, unread: 0 }),
    'ledger.export': input => ({ text: `part ${JSON.stringify(input).includes('"after"') ? 2 : 1}\r\n`, rows: 1, next: JSON.stringify(input).includes('"after"') ? null : 'x' }),
    ...answers,
  })
  const terminal = fakeTerminal({})
  return { core, terminal, context: { client: createClient(core), terminal, json, signal: new AbortController().signal } }
}

describe('keelson pnl', () => {
  test('shows what closings made with its currency, and asks for what was named', async () => {
    const { context, core, terminal } = setting()
    expect(await pnl(context, 'total', { environment: 'paper', symbol: 'AAPL' })).toBe(0)
    expect(terminal.output.join('\n')).toMatch(/total +USD +12.5 +0.35 +3 +1/)
    expect(core.asked[0]).toMatchObject({ route: 'ledger.totals', input: { environment: 'paper', symbol: 'AAPL' } })
  })

  test.each([
    ['day', /2026-11-20 +USD +12.5 +0.35 +3 +1 +1 +0 +0.1/],
    ['symbol', /AAPL +USD +12.5 +0.35 +3 +1 +- +2 +2 +1/],
    ['tag', /no tag +USD +12.5 +0.35 +3 +1 +2 +2 +1/],
  ] as const)('by %s', async (by, line) => {
    const { context, terminal } = setting()
    await pnl(context, by, {})
    expect(terminal.output.join('\n')).toMatch(line)
  })

  test.each(['total', 'symbol'] as const)('answers programs by %s with null where all that was closed is of unknown cost', async by => {
    const unknown = { ...result, realized: '0', fees: '0', closings: 0, unknown: 2 }
    const known = { ...result, unknown: 1 }
    const named = { symbol: 'AAPL', assetClass: 'equity', unrealized: null, trips: 0, known: 0, wins: 0 }
    const answers: Answers = {
      'ledger.totals': () => [unknown, known],
      'ledger.bySymbol': () => [unknown, known].map(one => ({ ...one, ...named })),
    }
    const { context, terminal } = setting(answers, true)
    await pnl(context, by, {})
    expect(JSON.parse(terminal.output.join('\n'))).toMatchObject([{ realized: null, fees: null, closings: 0, unknown: 2 }, { realized: '12.5', fees: '0.35' }])
  })

  test('shows no 0 where all that was closed is of unknown cost', async () => {
    const { context, terminal } = setting({ 'ledger.totals': () => [{ ...result, realized: '0', fees: '0', closings: 0, unknown: 2 }] })
    await pnl(context, 'total', {})
    expect(terminal.output.join('\n')).toMatch(/total +USD +- +- +0 +2/)
  })

  test('says what keeps the figures from being the last word', async () => {
    const { context, terminal } = setting({ 'ledger.status': () => ({ pending: 2, computedAt: null, gaps: 1, books: 1, unread: 2 }) })
    await pnl(context, 'total', {})
    expect(terminal.errors.join('\n')).toContain('still being computed')
    expect(terminal.errors.join('\n')).toContain('1 gap is')
    expect(terminal.errors.join('\n')).toContain('The history of 2 accounts is not read to its end yet')
  })

  test('is one JSON document when asked, and says so when nothing was closed', async () => {
    const asJson = setting({}, true)
    await pnl(asJson.context, 'total', {})
    expect(JSON.parse(asJson.terminal.output.join('\n'))).toEqual([result])
    const empty = setting({ 'ledger.totals': () => [] })
    await pnl(empty.context, 'total', {})
    expect(empty.terminal.output).toEqual(['Nothing was closed in live accounts. Name others with --environment paper or sandbox.'])
  })

  test('exports every part', async () => {
    const { context, terminal } = setting()
    expect(await exportLedger(context, 'trips', {})).toBe(0)
    expect(terminal.output).toEqual(['part 1\r', 'part 2\r'])
  })
})
