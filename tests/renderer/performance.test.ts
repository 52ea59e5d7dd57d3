import { beforeEach, describe, expect, test } from 'vitest'
import { useConnections } from '../../renderer/state/connections.ts'
import { chooseEnvironment, currentEnvironment, environmentsOf, useEnvironment } from '../../renderer/state/environment.ts'
import { addOpeningLot, useLedger } from '../../renderer/state/ledger.ts'
import { ledgerParts } from '../../renderer/state/ledger-export.ts'
import { readMoreTrips, refreshPart, refreshPerformance, refreshShownPerformance, setResultFilter, setTripFilter, shownCurrency, usePerformance } from '../../renderer/state/performance.ts'
import { groupBy, refreshLots, refreshShownPortfolio, usePortfolio } from '../../renderer/state/portfolio.ts'
import { acceptDrift, driftsOf, fixDrift, openDrifts, undoFix, useReconciliation } from '../../renderer/state/reconciliation.ts'
import { dataOf, succeeded } from '../../renderer/state/remote.ts'
import { closeFill, openFill, openTrip, useTrip } from '../../renderer/state/trip.ts'
import { LocalDate } from '../../shared/domain/time.ts'
import { account, activity, connection, decimal, instant, NOW } from './examples.ts'
import { type Asked, fakeCore, ok, refusal } from './fake-core.ts'
import { drift, gap, lot, result, trip } from './ledger-examples.ts'

const answers: Readonly<Record<string, unknown>> = {
  'ledger.totals': [result(), result({ currency: 'EUR', closings: 9 })],
  'ledger.days': [],
  'ledger.bySymbol': [],
  'ledger.byTag': [],
  'ledger.statistics': [],
  'ledger.equity': [],
  'ledger.trips': { rows: [trip()], next: null },
  'ledger.lots': [lot()],
  'ledger.gaps': [gap()],
  'ledger.openingLots': [],
  'ledger.addOpeningLot': {
    id: 'l1',
    accountId: 'acc_1',
    symbol: 'VTI',
    currency: 'USD',
    day: '2026-03-09',
    quantity: '12',
    price: '10',
    note: '',
    createdAt: NOW,
  },
  'ledger.tripOf': { id: null },
  'ledger.versions': { override: null, versions: [] },
  'reconciliation.drifts': [drift()],
  'reconciliation.fixes': [],
  'reconciliation.fix': { isGone: true },
  'reconciliation.accept': {},
  'reconciliation.undoFix': {},
}
const answer = ({ route }: Asked) => ok(answers[route])

beforeEach(() => {
  reset(useConnections)
  reset(useEnvironment)
  reset(useLedger)
  reset(usePerformance)
  reset(usePortfolio)
  reset(useReconciliation)
  reset(useTrip)
})

function reset<S>(store: { getInitialState: () => S; setState: (state: S, replace: true) => void }) {
  store.setState(store.getInitialState(), true)
}

const has = (...environments: readonly ('live' | 'paper' | 'sandbox')[]) =>
  useConnections.setState({ list: succeeded(environments.map((environment, at) => connection({ id: `con_${at}`, environment })), instant(NOW)) })

describe('whose money it is', () => {
  test('is real money first, then what the user chose, while it has accounts', () => {
    has('sandbox', 'live')
    expect(environmentsOf(useConnections.getState().list)).toEqual(['live', 'sandbox'])
    expect(currentEnvironment()).toBe('live')
    chooseEnvironment('sandbox')
    expect(currentEnvironment()).toBe('sandbox')
    chooseEnvironment('paper')
    expect(currentEnvironment()).toBe('live')
  })

  test('leaves out connections whose accounts are all excluded', () => {
    useConnections.setState({
      list: succeeded([connection({ accounts: [account({ excluded: true })] }), connection({ id: 'con_2', environment: 'paper' })], instant(NOW)),
    })
    expect(currentEnvironment()).toBe('paper')
  })

  test('is said with every question, so that practice money is never mixed in', async () => {
    has('paper')
    const { asked } = fakeCore(answer)
    await refreshPerformance()
    await groupBy('account')
    expect(asked.length).toBeGreaterThanOrEqual(8)
    expect(asked.every(({ input }) => JSON.stringify(input).includes('"environment":"paper"'))).toBe(true)
  })
})

describe('results', () => {
  test('are narrowed by the filter, all parts alike', async () => {
    has('live')
    const { asked } = fakeCore(answer)
    await setResultFilter({ symbol: 'NVDA', from: LocalDate.of('2026-01-01') })
    const parts = asked.map(({ route }) => route)
    expect(parts.toSorted()).toEqual(['ledger.byTag', 'ledger.bySymbol', 'ledger.days', 'ledger.equity', 'ledger.statistics', 'ledger.totals', 'ledger.trips'].toSorted())
    for (const { input } of asked) expect(input).toMatchObject({ environment: 'live', symbol: 'NVDA', from: '2026-01-01' })
  })

  test('are not read before somebody looks at them', async () => {
    has('live')
    const { asked } = fakeCore(answer)
    await refreshShownPerformance()
    await refreshShownPortfolio()
    expect(asked).toEqual([])
  })

  test('keep one part that failed apart from the others', async () => {
    has('live')
    fakeCore(asked => (asked.route === 'ledger.equity' ? refusal('app/internal') : answer(asked)))
    await refreshPerformance()
    expect(usePerformance.getState().equity).toMatchObject({ status: 'failed', error: { code: 'app/internal' } })
    expect(dataOf(usePerformance.getState().totals)).toHaveLength(2)
  })

  test('show the currency most was closed in, or the one chosen while it is there', () => {
    const totals = [result(), result({ currency: 'EUR', closings: 9 })]
    expect(shownCurrency(totals, null)).toBe('EUR')
    expect(shownCurrency(totals, 'USD')).toBe('USD')
    expect(shownCurrency(totals, 'JPY')).toBe('EUR')
    expect(shownCurrency([], 'USD')).toBeUndefined()
  })
})

/** Something a test lets happen later. */
function promised(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>(done => {
    resolve = done
  })
  return { promise, resolve: () => resolve() }
}

describe('round trips', () => {
  test('come page after page, each once', async () => {
    has('live')
    const { asked } = fakeCore(question =>
      JSON.stringify(question.input).includes('after')
        ? ok({ rows: [trip({ id: 'trp_1' }), trip({ id: 'trp_2' })], next: null })
        : ok({ rows: [trip({ id: 'trp_1' })], next: 'c1' }),
    )
    await setTripFilter({ outcome: 'win', day: LocalDate.of('2026-11-20') })
    await readMoreTrips()
    await readMoreTrips()
    expect(dataOf(usePerformance.getState().trips)?.rows.map(({ id }) => id)).toEqual(['trp_1', 'trp_2'])
    expect(asked).toHaveLength(2)
    expect(asked[1]?.input).toMatchObject({ outcome: 'win', from: '2026-11-20', to: '2026-11-20', after: 'c1' })
  })

  test('say so when a later page fails, and keep what is there', async () => {
    has('live')
    fakeCore(({ input }) => (JSON.stringify(input).includes('after') ? refusal('net/timeout') : ok({ rows: [trip()], next: 'c1' })))
    await setTripFilter({})
    await readMoreTrips()
    expect(usePerformance.getState()).toMatchObject({ more: { status: 'failed', error: { code: 'net/timeout' } }, trips: { status: 'ready' } })
  })

  test('are read on after they were read anew while a later page was on its way', async () => {
    has('live')
    const [anew, later] = [promised(), promised()]
    let times = 0
    fakeCore(async ({ input }) => {
      const isLater = JSON.stringify(input).includes('after')
      times += 1
      await [null, null, anew.promise, later.promise][times]
      return isLater ? ok({ rows: [trip({ id: 'trp_2' })], next: null }) : ok({ rows: [trip({ id: 'trp_1' })], next: 'c1' })
    })
    await setTripFilter({})
    const refreshed = refreshPart.trips()
    const more = readMoreTrips()
    anew.resolve()
    await refreshed
    later.resolve()
    await more
    expect(usePerformance.getState().more).toEqual({ status: 'idle' })
    await readMoreTrips()
    expect(dataOf(usePerformance.getState().trips)?.rows.map(({ id }) => id)).toEqual(['trp_1', 'trp_2'])
  })

  test('open by name, and the last one opened is the one shown', async () => {
    fakeCore(({ input }) => ok({ trip: trip({ id: Reflect.get(Object(input), 'id') }), excursion: { adverse: null, favorable: null, samples: 0, because: null }, fills: [], realizations: [] }))
    await Promise.all([openTrip('trp_1'), openTrip('trp_2')])
    expect(dataOf(useTrip.getState().detail)?.trip.id).toBe('trp_2')
  })

  test('of a row that has none are none, and nothing more is asked', async () => {
    const { routes } = fakeCore(answer)
    await openFill(activity().id)
    expect(useTrip.getState().ofActivity).toMatchObject({ status: 'ready', data: null })
    expect(routes().toSorted()).toEqual(['ledger.tripOf', 'ledger.versions'])
    closeFill()
    expect(useTrip.getState().ofActivity.status).toBe('idle')
  })
})

describe('differences', () => {
  test('are read again after a fix and after it is taken back', async () => {
    const { routes } = fakeCore(answer)
    expect(await fixDrift('d1')).toBe(true)
    expect(routes().toSorted()).toEqual(['reconciliation.drifts', 'reconciliation.fix', 'reconciliation.fixes'])
    await undoFix('f1')
    await acceptDrift('d1')
    expect(routes().filter(route => route === 'reconciliation.drifts')).toHaveLength(3)
  })

  test('are read again even when a fix is refused', async () => {
    const { routes } = fakeCore(asked => (asked.route === 'reconciliation.fix' ? refusal('app/not-found') : answer(asked)))
    await expect(fixDrift('d1')).rejects.toMatchObject({ view: { code: 'app/not-found' } })
    expect(routes()).toContain('reconciliation.drifts')
  })

  test('that are left as they are no longer ask for a look', () => {
    const drifts = [drift(), drift({ id: 'd2', accepted: true }), drift({ id: 'd3', accountId: 'acc_2' })]
    expect(openDrifts(drifts).map(({ id }) => id)).toEqual(['d1', 'd3'])
    expect(driftsOf(drifts, drift().accountId).map(({ id }) => id)).toEqual(['d1'])
    expect(openDrifts(undefined)).toEqual([])
  })
})

test('a lot that was added is read back with what is still missing', async () => {
  const { asked, routes } = fakeCore(answer)
  const { accountId, symbol, currency, day, quantity } = gap()
  await addOpeningLot({ accountId, symbol, currency, day, quantity, price: decimal('10'), note: '' })
  expect(asked[0]).toMatchObject({ route: 'ledger.addOpeningLot', input: { symbol: 'VTI', quantity: '12', price: '10' } })
  expect(routes()).toEqual(expect.arrayContaining(['ledger.gaps', 'ledger.openingLots']))
})

test('lots are kept by instrument, and a failed read keeps those known before', async () => {
  fakeCore(answer)
  await refreshLots('NVDA')
  fakeCore(() => refusal('app/internal'))
  await refreshLots('NVDA')
  await refreshLots('VTI')
  expect(usePortfolio.getState().lots).toMatchObject({
    NVDA: { status: 'ready', data: [{ key: 'k1' }], problem: { code: 'app/internal' } },
    VTI: { status: 'failed' },
  })
})

test('an export reads part after part with its scope', async () => {
  has('sandbox')
  const { asked } = fakeCore(({ input }) =>
    ok(JSON.stringify(input).includes('after') ? { text: 'b', rows: 1, next: null } : { text: 'a', rows: 2, next: 'p2' }),
  )
  const parts = []
  for await (const part of ledgerParts({ what: 'trips', format: 'csv', filter: { tag: 'swing' } }, new AbortController().signal)) parts.push(part)
  expect(parts).toEqual([{ text: 'a', rows: 2 }, { text: 'b', rows: 1 }])
  expect(asked.map(({ input }) => input)).toEqual([
    { what: 'trips', format: 'csv', tag: 'swing', environment: 'sandbox' },
    { what: 'trips', format: 'csv', tag: 'swing', environment: 'sandbox', after: 'p2' },
  ])
})
