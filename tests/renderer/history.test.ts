import { beforeEach, describe, expect, test } from 'vitest'
import type { ActivityFilter } from '../../shared/contract/activities.ts'
import type { AccountId } from '../../shared/domain/ids.ts'
import type { ActivityRow } from '../../shared/contract/schemas.ts'
import { createBridge } from '../../renderer/bridge/bridge.ts'
import { changed } from '../../renderer/features/history/filter.ts'
import { dayTotals, listItems } from '../../renderer/features/history/items.ts'
import { setBridge } from '../../renderer/state/api.ts'
import { exportParts, noteNewActivities, readMore, refreshHistory, setFilter, useHistory } from '../../renderer/state/history.ts'
import { activity } from './examples.ts'

interface Asked {
  readonly route: string
  readonly input: unknown
}

const asked: Asked[] = []

/** A core that answers every route from `answer`. */
function core(answer: (asked: Asked) => unknown): void {
  let count = 0
  setBridge(
    createBridge(
      {
        call: request => {
          asked.push({ route: request.route, input: request.input })
          return Promise.resolve(answer({ route: request.route, input: request.input }))
        },
        cancel: () => undefined,
        onEvent: () => () => undefined,
        onStatus: () => () => undefined,
        status: () => ({ kind: 'open' }),
        close: () => undefined,
      },
      () => `h${(count += 1)}`,
    ),
  )
}

const ok = (data: unknown) => ({ ok: true, data })
const none = ok({ count: 0, first: null, last: null })
const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => activity({ id: `act_${from + index}` }))
const shown = () => {
  const { pages } = useHistory.getState()
  return pages.status === 'ready' ? pages.data.rows.map(({ id }) => String(id)) : pages.status
}

beforeEach(() => {
  asked.length = 0
  useHistory.setState(useHistory.getInitialState(), true)
})

describe('paging', () => {
  test('reads page after page by position, each row once', async () => {
    core(({ input }) => ok(JSON.stringify(input).includes('after') ? { rows: rows(1, 4), next: null } : { rows: rows(0, 2), next: 'c1' }))
    await refreshHistory()
    await readMore()
    expect(shown()).toEqual(['act_0', 'act_1', 'act_2', 'act_3'])
    await readMore()
    expect(asked.map(({ input }) => input)).toEqual([{ limit: 100 }, { limit: 300, after: 'c1' }])
  })

  test('asks once even when the end is reached twice', async () => {
    core(() => ok({ rows: rows(0, 1), next: 'c1' }))
    await refreshHistory()
    await Promise.all([readMore(), readMore()])
    expect(asked).toHaveLength(2)
  })

  test('keeps the rows and offers a retry when a later page fails', async () => {
    core(({ input }) =>
      JSON.stringify(input).includes('after')
        ? { ok: false, error: { code: 'net/timeout', message: 'm', action: 'a' } }
        : ok({ rows: rows(0, 1), next: 'c1' }),
    )
    await refreshHistory()
    await readMore()
    expect(shown()).toEqual(['act_0'])
    expect(useHistory.getState().more).toMatchObject({ status: 'failed', error: { code: 'net/timeout' } })
  })

  test('shows the answer of the newest filter, whatever order answers come in', async () => {
    let release: (answer: unknown) => void = () => undefined
    const slow = new Promise<unknown>(resolve => (release = resolve))
    core(({ route, input }) =>
      route !== 'activities.page' ? none : JSON.stringify(input).includes('"sell"') ? slow : ok({ rows: rows(5, 6), next: null }),
    )
    const first = setFilter({ side: 'sell' })
    await setFilter({ side: 'buy' })
    release(ok({ rows: rows(0, 1), next: null }))
    await first
    expect(shown()).toEqual(['act_5'])
  })

  test('does not pull the list away from someone who reads further down', async () => {
    core(({ route }) =>
      route === 'activities.page' ? ok({ rows: rows(0, 1), next: null }) : route === 'activities.coverage' ? ok([]) : none,
    )
    await refreshHistory()
    useHistory.setState(({ pages }) => (pages.status === 'ready' ? { pages: { ...pages, data: { rows: rows(0, 150), next: 'c' } } } : {}))
    await noteNewActivities()
    expect(useHistory.getState().fresh).toBe(true)
    expect(shown()).toHaveLength(150)
  })
})

test('the export follows every part to the end with the same filter', async () => {
  core(({ input }) =>
    ok(JSON.stringify(input).includes('after') ? { text: 'b\r\n', rows: 1, next: null } : { text: 'a\r\n', rows: 2, next: 'n1' }),
  )
  const parts: { text: string; rows: number }[] = []
  for await (const part of exportParts({ side: 'buy' }, new AbortController().signal)) parts.push(part)
  expect(parts).toEqual([
    { text: 'a\r\n', rows: 2 },
    { text: 'b\r\n', rows: 1 },
  ])
  expect(asked.map(({ input }) => input)).toEqual([{ side: 'buy' }, { side: 'buy', after: 'n1' }])
})

test('a filter change leaves out what is taken away', () => {
  const filter: ActivityFilter = { side: 'buy', search: 'nv' }
  expect(changed(filter, { side: undefined, symbol: 'NVDA' })).toEqual({ search: 'nv', symbol: 'NVDA' })
})

describe('day headings', () => {
  const live = () => 'live' as const
  const kinds = (items: ReturnType<typeof listItems>) => items.map(item => item.kind)

  test('stand before the rows of each trade date', () => {
    const list = [activity({ id: 'act_1' }), activity({ id: 'act_2' }), activity({ id: 'act_3', tradeDate: '2026-11-19' })]
    expect(kinds(listItems(list, true, live))).toEqual(['day', 'row', 'row', 'day', 'row', 'end'])
  })

  test('have no totals while rows of the day may be missing', () => {
    const list = [activity({ id: 'act_1' }), activity({ id: 'act_2', tradeDate: '2026-11-19' })]
    const totals = (complete: boolean) =>
      listItems(list, complete, live).flatMap(item => (item.kind === 'day' ? [item.totals !== null] : []))
    expect([totals(false), totals(true)]).toEqual([
      [true, false],
      [true, true],
    ])
  })

  test('have no totals over real and practice money together', () => {
    const list: ActivityRow[] = [activity({ id: 'act_1' }), activity({ id: 'act_2', accountId: 'acc_2' })]
    const environmentOf = (id: AccountId) => (String(id) === 'acc_1' ? ('live' as const) : ('paper' as const))
    expect(listItems(list, true, environmentOf)[0]).toMatchObject({ kind: 'day', totals: null })
  })

  test('sum by currency, without canceled rows, and count what states no amount', () => {
    const list = [
      activity({ amount: '-10.5' }),
      activity({ amount: '0.25' }),
      activity({ currency: 'EUR', amount: '3', fees: '0' }),
      activity({ status: 'canceled', amount: '999' }),
      activity({ amount: null }),
    ]
    expect(dayTotals(list)).toEqual({
      amounts: [
        { amount: '3', currency: 'EUR' },
        { amount: '-10.25', currency: 'USD' },
      ],
      fees: [{ amount: '0.93', currency: 'USD' }],
      unstated: 1,
    })
  })
})
