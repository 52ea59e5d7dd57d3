import { describe, expect, test } from 'vitest'
import { runCommandLine } from '../../electron/headless/command-line.ts'
import { balances, positions, reconcile } from '../../electron/headless/commands/portfolio.ts'
import { createClient } from '../../electron/headless/wire.ts'
import { layoutAround } from '../../electron/node/layout.ts'
import { tempFolder } from '../support/fake-ports.ts'
import { type Answers, fakeCore } from './support/fake-core.ts'
import { fakeTerminal } from './support/fake-terminal.ts'

const at = '2026-11-20T20:59:58.000Z'

const drift = {
  id: 'acc_1/position/USD/AAPL',
  accountId: 'acc_1',
  connectionId: 'con_1',
  kind: 'position',
  symbol: 'AAPL',
  currency: 'USD',
  ledger: '10',
  broker: '12',
  difference: '2',
  reason: 'missing-transfer',
  sentence: 'No row says where they came from.',
  fix: { kind: 'opening-lot', label: 'Add 2 AAPL', detail: 'From before the history.' },
  since: at,
  checkedAt: at,
  asOf: at,
  accepted: false,
}
const worth = {
  currency: 'USD',
  value: '1500.5',
  cash: '500.5',
  marketValue: '1000',
  day: { amount: null, because: 'No value was read on 19 Nov 2026, the trading day before.' },
  dayPercent: null,
  realized: '7',
  realizedThisYear: '3',
  unrealized: { amount: '-12.25', because: null },
  income: '0',
  fees: '0',
  feesThisYear: '0',
  total: { amount: '-5.25', because: null },
  unread: 0,
  unmeasured: 0,
  asOf: at,
  fetchedAt: at,
  rate: null,
}
const overview = {
  environment: 'live',
  leftOut: ['sandbox'],
  totals: [worth],
  groups: [{ key: 'acc_1', label: 'Margin ••••17', accountIds: ['acc_1'], totals: [worth] }],
  reconciled: { agree: 0, accounts: 1, drifts: 1, worst: 'AAPL: 10 by the history, 12 by the broker.', checkedAt: at },
}
const holding = {
  accountId: 'acc_1',
  connectionId: 'con_1',
  broker: 'alpaca',
  symbol: 'AAPL',
  quantity: '12',
  averagePrice: '80',
  marketValue: '1000',
  unrealized: '40',
  ledgerCost: null,
  ledgerUnrealized: null,
  ledgerQuantity: '10',
  agrees: false,
  asOf: at,
  fetchedAt: at,
}
const grouped = {
  symbol: 'AAPL',
  symbols: ['AAPL'],
  assetClass: 'equity',
  currency: 'USD',
  quantity: '12',
  marketValue: '1000',
  cost: null,
  averageCost: null,
  price: '83.333333',
  unrealized: '40',
  realized: '0',
  unknown: 0,
  weight: '100',
  asOf: at,
  fetchedAt: at,
  holdings: [holding],
}

function setting(answers: Answers = {}, json = false) {
  const core = fakeCore({
    'portfolio.grouped': () => [grouped],
    'portfolio.overview': () => overview,
    'reconciliation.drifts': () => [drift],
    'reconciliation.fix': () => ({ isGone: true }),
    'reconciliation.accept': () => ({}),
    'reconciliation.undoFix': () => ({}),
    'reconciliation.fixes': () => [],
    ...answers,
  })
  const terminal = fakeTerminal({})
  return { core, terminal, context: { client: createClient(core), terminal, json, signal: new AbortController().signal } }
}

describe('keelson positions', () => {
  test('shows what is held with its currency and its as-of, and what differs', async () => {
    const { context, core, terminal } = setting()
    expect(await positions(context, 'paper')).toBe(0)
    expect(terminal.output.join('\n')).toMatch(/AAPL +equity +12 +1000 USD +- +40 USD +100 +1 +differs +20 Nov 2026, 15:59 EST/)
    expect(core.asked.at(-1)).toMatchObject({ route: 'portfolio.grouped', input: { environment: 'paper' } })
  })

  test('says so when nothing is held', async () => {
    const { context, terminal } = setting({ 'portfolio.grouped': () => [] })
    await positions(context, undefined)
    expect(terminal.output).toEqual(['Nothing is held.'])
  })
})

describe('keelson balances', () => {
  test('shows each account and the whole, what is not known as that, and what is left out', async () => {
    const { context, terminal } = setting()
    expect(await balances(context, undefined)).toBe(0)
    const shown = terminal.output.join('\n')
    expect(shown).toMatch(/Margin ••••17 +USD +1500.5 +500.5 +- +-12.25 +3 /)
    expect(shown).toContain(
      'live: 1 difference to the brokers: keelson reconcile. AAPL: 10 by the history, 12 by the broker. Not in it: sandbox.',
    )
    expect(shown).toContain('Today in USD: No value was read on 19 Nov 2026, the trading day before.')
  })

  test('states no result of a history that is not read to its end', async () => {
    const { context, terminal } = setting({ 'portfolio.overview': () => ({ ...overview, totals: [{ ...worth, unread: 1 }] }) })
    await balances(context, undefined)
    expect(terminal.output.join('\n')).toMatch(/all +USD +1500.5 +500.5 +- +-12.25 +- /)
  })
})

describe('keelson balances of sales nobody knows the result of', () => {
  test('shows no 0 for what is not known, and says of how many sales that is so', async () => {
    const lacking = { ...worth, realizedThisYear: null, unmeasured: 2 }
    const { context, terminal } = setting({ 'portfolio.overview': () => ({ ...overview, totals: [lacking] }) })
    await balances(context, undefined)
    const shown = terminal.output.join('\n')
    expect(shown).toMatch(/all +USD +1500.5 +500.5 +- +-12.25 +- /)
    expect(shown).toContain('Realized in USD: what 2 sales made is not known, and in no sum.')
  })
})

describe('keelson reconcile', () => {
  test('shows both figures, the reason and the fix, and ends with 6', async () => {
    const { context, terminal } = setting()
    expect(await reconcile(context, {})).toBe(6)
    const shown = terminal.output.join('\n')
    expect(shown).toContain('AAPL: 10 by the history, 12 by the broker (2)')
    expect(shown).toContain("keelson reconcile --fix 'acc_1/position/USD/AAPL'")
  })

  test.each([
    ['accepted', { ...drift, accepted: true }],
    ['pending', { ...drift, reason: 'pending' }],
  ])('ends well where all that differs is %s', async (_name, only) => {
    const { context } = setting({ 'reconciliation.drifts': () => [only] })
    expect(await reconcile(context, {})).toBe(0)
  })

  test('fixes, accepts and takes back, and shows what is left', async () => {
    const { context, core, terminal } = setting({ 'reconciliation.drifts': () => [] })
    expect(await reconcile(context, { fix: drift.id })).toBe(0)
    expect(terminal.output).toEqual(['Done: both agree now.', 'The history agrees with every broker that was read.'])
    await reconcile(context, { accept: drift.id })
    await reconcile(context, { undo: 'fix_1' })
    const asked = core.asked.map(({ route, input }) => [route, input])
    expect(asked).toContainEqual(['reconciliation.accept', { id: drift.id }])
    expect(asked).toContainEqual(['reconciliation.undoFix', { id: 'fix_1' }])
  })

  test('is one document with --json', async () => {
    const { context, terminal } = setting({}, true)
    await reconcile(context, { fix: drift.id })
    expect(JSON.parse(terminal.output.join('\n'))).toEqual([drift])
  })
})

test.each([['positions'], ['balances'], ['reconcile']])('keelson %s answers over an empty folder', async command => {
  using folder = tempFolder()
  const terminal = fakeTerminal({})
  const line = {
    layout: layoutAround(import.meta.filename),
    terminal,
    signal: new AbortController().signal,
    serve: () => Promise.resolve(0 as const),
  }
  expect(await runCommandLine([command, '--data-dir', folder.path], line)).toBe(0)
  expect(terminal.output).toHaveLength(1)
})
