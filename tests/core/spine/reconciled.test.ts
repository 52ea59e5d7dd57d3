import { beforeAll, describe, expect, test } from 'vitest'
import type { ActivityRow } from '../../../shared/contract/schemas.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import type { DriftView } from '../../../shared/contract/portfolio.ts'
import { standsOf } from '../../../electron/core/sandbox/stands.ts'
import { expectStated } from '../../support/stated.ts'
import { type TestCore, testCore } from '../../support/test-core.ts'

const ACTIVITIES = 1500

async function everyRow(app: TestCore): Promise<ActivityRow[]> {
  const rows: ActivityRow[] = []
  for (let after: string | undefined; ;) {
    const page = await app.call('activities.page', { limit: 500, ...(after === undefined ? {} : { after }) })
    rows.push(...page.rows)
    if (page.next === null) return rows
    after = page.next
  }
}

/** A connected account at a broker whose history lacks some rows. */
async function lacking(hidden: string | null): Promise<TestCore> {
  const app = await testCore({ activities: ACTIVITIES, impatient: true })
  app.sandbox.control('alpaca').knobs.set('hide-rows', hidden)
  const connectionId = await app.connect('alpaca')
  expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
  return app
}

const drifts = (app: TestCore): Promise<DriftView[]> => app.call('reconciliation.drifts', {})
const shown = (all: readonly DriftView[]) => all.map(({ kind, symbol, ledger, broker }) => [kind, symbol, ledger, broker])

/** Fixes what differs, one after another, and takes it all back again. */
async function fixAndUndo(app: TestCore): Promise<void> {
  const before = await drifts(app)
  for (let [drift] = before; drift; [drift] = await drifts(app))
    expect(await app.call('reconciliation.fix', { id: drift.id })).toEqual({ isGone: true })
  const { reconciled } = await app.call('portfolio.overview', { by: 'broker' })
  expect(reconciled).toMatchObject({ agree: 1, accounts: 1, drifts: 0, worst: null })
  const fixes = await app.call('reconciliation.fixes', {})
  expect(fixes.length).toBeGreaterThan(0)
  for (const { id } of fixes) await app.call('reconciliation.undoFix', { id })
  expect(shown(await drifts(app))).toEqual(shown(before))
  expect(await app.call('reconciliation.fixes', {})).toEqual([])
}

describe("a broker's history that lacks", () => {
  let rows: ActivityRow[] = []
  const one = (fits: (row: ActivityRow) => boolean): ActivityRow => {
    const found = rows.find(fits)
    if (!found) throw new Error('the history has no such row')
    return found
  }
  beforeAll(async () => {
    await using app = await lacking(null)
    rows = await everyRow(app)
  })

  test('a split: it is found by the prices beside it, and booked on its day', async () => {
    const split = one(({ kind, symbol }) => kind === 'split' && symbol === 'NVDA')
    await using app = await lacking('SPLIT/NVDA')
    const [drift, ...others] = await drifts(app)
    expect(others).toEqual([])
    expect(drift).toMatchObject({ kind: 'position', symbol: 'NVDA', reason: 'split', fix: { kind: 'split', label: 'Book the split 10:1' } })
    await app.call('reconciliation.fix', { id: drift?.id ?? '' })
    const [fix] = await app.call('reconciliation.fixes', {})
    expect(fix?.amount).toBe(split.quantity)
    // Another method computes the whole account anew: what was fixed stays in it.
    await app.call('ledger.setMethod', { accountId: drift?.accountId ?? '', method: 'lifo' })
    expect(await drifts(app)).toEqual([])
    expect((await app.call('portfolio.grouped', {})).find(({ symbol }) => symbol === 'NVDA')?.holdings).toMatchObject([{ agrees: true }])
    await app.call('ledger.setMethod', { accountId: drift?.accountId ?? '', method: 'fifo' })
    await app.call('reconciliation.undoFix', { id: fix?.id ?? '' })
    expect(await drifts(app)).toMatchObject([{ symbol: 'NVDA', reason: 'split' }])
    await fixAndUndo(app)
  })

  test('an assignment: option, shares and cash are one difference with one fix', async () => {
    const { symbol } = one(({ brokerType }) => brokerType === 'OPASN')
    const shares = /^[A-Z]+?(?=\d)/.exec(symbol ?? '')?.[0] ?? ''
    const delivered = one(({ brokerType, symbol: named }) => brokerType === 'OPTRD' && named === shares)
    await using app = await lacking(`OPASN/${symbol},${delivered.externalId}`)
    const found = await drifts(app)
    expect(found.map(drift => [drift.symbol, drift.reason])).toEqual([
      [shares, 'assignment'],
      [symbol, 'assignment'],
      [null, 'assignment'],
    ])
    await app.call('reconciliation.fix', { id: found[1]?.id ?? '' })
    expect(await drifts(app)).toEqual([])
    const fixes = await app.call('reconciliation.fixes', {})
    expect(fixes).toHaveLength(1)
    await app.call('reconciliation.undoFix', { id: fixes[0]?.id ?? '' })
    await fixAndUndo(app)
  })

  test('an expiration: the option is closed at 0', async () => {
    const { symbol } = one(({ brokerType }) => brokerType === 'OPEXP')
    await using app = await lacking(`OPEXP/${symbol}`)
    expect(await drifts(app)).toMatchObject([{ symbol, reason: 'assignment', fix: { kind: 'close-out', label: 'Close it at 0' } }])
    await fixAndUndo(app)
  })

  test('where shares came from: they are a lot from before the history', async () => {
    const sold = new Set<string | null>()
    // The newest purchase of something that was not sold since.
    const last = one(({ kind, side, symbol, assetClass }) => {
      if (kind === 'trade' && side === 'sell') sold.add(symbol)
      return kind === 'trade' && side === 'buy' && assetClass === 'equity' && !sold.has(symbol)
    })
    await using app = await lacking(last.externalId)
    expect(await drifts(app)).toMatchObject([
      { kind: 'position', symbol: last.symbol, reason: 'missing-transfer', difference: last.quantity, fix: { kind: 'opening-lot' } },
      { kind: 'cash', difference: last.amount },
    ])
    await fixAndUndo(app)
  })

  test('what opened something long sold: there is no phantom short, and the cash says what is missing', async () => {
    const first = rows.findLast(({ kind, symbol, side }) => kind === 'trade' && symbol === 'AAPL' && side === 'buy')
    await using app = await lacking(first?.externalId ?? '')
    const [drift, ...others] = await drifts(app)
    expect(others).toEqual([])
    expect(drift).toMatchObject({ kind: 'cash', difference: first?.amount })
    expect(drift?.sentence).toContain('closes more AAPL than it opens')
    await fixAndUndo(app)
  })

  test.each([
    ['a deposit', 'CSD', 'missing-transfer'],
    ['a withdrawal', 'CSW', 'missing-transfer'],
    ['a fee', 'FEE', 'fee'],
    ['a dividend', 'DIV', 'dividend'],
    ['interest', 'INT', 'dividend'],
  ])('%s: the cash says so', async (_name, type, reason) => {
    const row = one(({ brokerType }) => brokerType === type)
    await using app = await lacking(row.externalId)
    expect(await drifts(app)).toMatchObject([{ kind: 'cash', reason, difference: row.amount, fix: { kind: 'cash-adjustment' } }])
    const { findings } = await app.call('health.summary', { hours: 24 })
    expect(findings).toMatchObject([
      { severity: 'notice', title: 'Alpaca (sandbox): the history does not add up to what the broker states' },
    ])
    await fixAndUndo(app)
    const { findings: later } = await app.call('health.summary', { hours: 24 })
    expect(later).toEqual(findings)
  })
})

describe('a history that was not read to its end', () => {
  test('wants to be read, and the fix reads it', async () => {
    await using app = await testCore({ activities: 6000, impatient: true })
    const connectionId = await app.connect('alpaca')
    const running = app.call('sync.run', { connectionId })
    await app.waitFor(event => event.type === 'sync.progress')
    app.sandbox.control('alpaca').fault({ name: 'truncated', path: '/v2/account/activities' })
    expect(await running).toMatchObject({ result: 'failed' })
    const found = await drifts(app)
    expect(found.length).toBeGreaterThan(1)
    for (const drift of found) expect(drift).toMatchObject({ reason: 'range-not-fetched', fix: { kind: 'read-history' } })
    app.sandbox.control('alpaca').fault(null)
    expect(await app.call('reconciliation.fix', { id: found[0]?.id ?? '' })).toEqual({ isGone: true })
    expect(await drifts(app)).toEqual([])
  })
})

describe('a difference', () => {
  test('that is accepted is left as it is until it becomes another one', async () => {
    await using app = await lacking('FEE')
    const [drift] = await drifts(app)
    await app.call('reconciliation.accept', { id: drift?.id ?? '' })
    expect(await drifts(app)).toMatchObject([{ accepted: true }])
    expect((await app.call('portfolio.overview', { by: 'account' })).reconciled).toMatchObject({ agree: 1, drifts: 0 })
    app.sandbox.control('alpaca').addFill()
    const [connection] = await app.call('connections.list', {})
    await app.call('sync.run', { connectionId: connection?.id ?? '' })
    expect(await drifts(app)).toMatchObject([{ accepted: true, since: drift?.since }])
    app.sandbox.control('alpaca').correct()
    app.sandbox.control('alpaca').knobs.set('hide-rows', 'FEE,FILL')
    await app.call('sync.run', { connectionId: connection?.id ?? '' })
    expect((await drifts(app)).find(({ kind }) => kind === 'cash')).toMatchObject({ accepted: false })
  })

  test('is counted for no account that is left out', async () => {
    await using app = await lacking('FEE')
    const [connection] = await app.call('connections.list', {})
    await app.call('accounts.exclude', { accountId: connection?.accounts[0]?.id ?? '', excluded: true })
    expect(await drifts(app)).toEqual([])
    expect((await app.call('portfolio.overview', { by: 'broker' })).totals).toEqual([])
  })

  test('is not shown any more once its connection is gone', async () => {
    await using app = await lacking('FEE')
    const [connection] = await app.call('connections.list', {})
    await app.call('connections.disconnect', { connectionId: connection?.id ?? '' })
    expect(await drifts(app)).toEqual([])
    expect((await app.call('portfolio.overview', { by: 'broker' })).reconciled).toMatchObject({ accounts: 0, drifts: 0 })
  })

  test('has a name that others do not know', async () => {
    await using app = await testCore()
    for (const route of ['reconciliation.fix', 'reconciliation.accept', 'reconciliation.undoFix'] as const) {
      await expect(app.call(route, { id: 'nothing' })).rejects.toMatchObject({ view: { code: 'app/not-found' } })
    }
  })
})

test('what the user says about lots is held against the broker at once', async () => {
  await using app = await lacking(null)
  const [connection] = await app.call('connections.list', {})
  const accountId = connection?.accounts[0]?.id ?? ''
  const seen = app.events.at(-1)?.revision ?? 0
  const told = app.waitFor(event => event.type === 'reconciliation.changed' && event.revision > seen)
  await app.call('ledger.addOpeningLot', {
    accountId,
    symbol: 'AAPL',
    currency: 'USD',
    day: LocalDate.of('2022-01-03'),
    quantity: Dec.of('2'),
    price: Dec.of('100'),
  })
  await told
  expect(await drifts(app)).toMatchObject([{ symbol: 'AAPL', difference: '-2' }])
})

test('everything explored agrees, several ways into one account included, and made what each broker states', async () => {
  await using app = await testCore({ activities: ACTIVITIES, impatient: true })
  const { connectionIds } = await app.call('sandbox.explore', {})
  for (const connectionId of connectionIds) expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
  expect(shown(await drifts(app))).toEqual([])
  const { reconciled, totals } = await app.call('portfolio.overview', { by: 'asset-class' })
  expect(reconciled).toMatchObject({ agree: reconciled.accounts, drifts: 0 })
  const connections = await app.call('connections.list', {})
  expect(reconciled.accounts).toBe(connections.flatMap(({ accounts }) => accounts).length)
  const stated = connections.flatMap(({ accounts }) =>
    accounts.flatMap(({ netLiquidation }) => (netLiquidation === null ? [] : [netLiquidation])),
  )
  expect(totals.find(({ currency }) => currency === 'USD')?.value).toBe(Dec.sum(stated))
  for (const connection of connections) {
    const [stand = 'alpaca'] = standsOf(connection.broker).toReversed()
    await expectStated(app.call, connection, app.sandbox.control(stand).statements())
  }
})
