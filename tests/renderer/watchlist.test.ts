import { beforeEach, describe, expect, test, vi } from 'vitest'
import { Instant } from '../../shared/domain/time.ts'
import { journalRoutes } from '../../shared/contract/journal.ts'
import { now } from '../../renderer/state/clock.ts'
import { forgetEverything } from '../../renderer/state/forget.ts'
import { askQuotes, askQuotesWhenDue, isStale, moveWatched, refreshWatchlist, useWatchlist, watch, watchAll } from '../../renderer/state/watchlist.ts'
import { NOW } from './examples.ts'
import { type Asked, fakeCore, ok, refusal } from './fake-core.ts'

vi.stubGlobal('window', globalThis)

const AT = Instant.parse(NOW)

function watched(id: string, change: object = {}) {
  const [row] = journalRoutes['watchlist.list'].output.parse([
    {
      id, symbol: id.toUpperCase(), assetClass: 'equity', connectionId: null, problem: null,
      quote: { symbol: id, bid: null, ask: null, last: '10', previousClose: null, change: null, changePercent: null, currency: 'USD', delayed: false, asOf: NOW, fetchedAt: NOW },
      ...change,
    },
  ])
  if (!row) throw new Error('no row')
  return row
}

function core(answer: (asked: Asked) => unknown = () => undefined) {
  return fakeCore(asked => {
    const own = answer(asked)
    if (own !== undefined) return own
    if (asked.route === 'watchlist.list') return ok(['a', 'b', 'c'].map(id => watched(id)))
    if (asked.route === 'watchlist.refresh') return ok({ quoted: 3, missing: 0 })
    return ok(asked.route === 'watchlist.add' ? { id: 'c' } : {})
  })
}

const moves = (asked: readonly Asked[]) => asked.filter(({ route }) => route === 'watchlist.move').map(({ input }) => input)

beforeEach(() => forgetEverything())

test('a quote is stale when it is old, or when nobody gave a newer one', () => {
  expect(isStale(watched('a'), AT)).toBe(false)
  expect(isStale(watched('a'), Instant.plus(AT, 120_000))).toBe(false)
  expect(isStale(watched('a'), Instant.plus(AT, 121_000))).toBe(true)
  expect(isStale(watched('a', { problem: 'No.' }), AT)).toBe(true)
  expect(isStale(watched('a', { quote: null, problem: 'No.' }), AT)).toBe(false)
})

describe('quotes', () => {
  test('are asked for once at a time, and again when a minute has gone', async () => {
    const { routes } = core()
    await Promise.all([askQuotesWhenDue(), askQuotesWhenDue()])
    await askQuotesWhenDue()
    expect(routes()).toEqual(['watchlist.refresh'])
    useWatchlist.setState({ askedAt: Instant.plus(now(), -61_000) })
    await askQuotesWhenDue()
    expect(routes()).toEqual(['watchlist.refresh', 'watchlist.refresh'])
  })

  test('that could not be asked for are said so, and the list stays', async () => {
    core(({ route }) => (route === 'watchlist.refresh' ? refusal('net/offline') : undefined))
    await refreshWatchlist()
    await askQuotes()
    expect(useWatchlist.getState()).toMatchObject({ asking: false, problem: { code: 'net/offline' }, list: { status: 'ready' } })
  })
})

test('whoever asks while quotes are on their way is asked for once more, after them', async () => {
  let first = true
  const { routes } = core(({ route }) => {
    if (route === 'watchlist.refresh' && first) {
      first = false
      void askQuotes()
      void askQuotes()
    }
    return undefined
  })
  await askQuotes()
  expect(routes()).toEqual(['watchlist.refresh', 'watchlist.refresh'])
})

test('a symbol that is added is asked for at once', async () => {
  const { routes } = core()
  expect(await watch('c')).toBe('c')
  expect(routes()).toEqual(['watchlist.add', 'watchlist.list', 'watchlist.refresh'])
})

test('several are added before their quotes are asked for once', async () => {
  const { routes } = core()
  await watchAll(['a', 'b'])
  expect(routes()).toEqual(['watchlist.add', 'watchlist.add', 'watchlist.list', 'watchlist.refresh'])
})

test('of several the ones before a refused one stay', async () => {
  const { routes } = core(({ route, input }) => (route === 'watchlist.add' && JSON.stringify(input).includes('"b"') ? refusal('app/not-found') : undefined))
  await expect(watchAll(['a', 'b', 'c'])).rejects.toMatchObject({ view: { code: 'app/not-found' } })
  expect(routes().slice(0, 3)).toEqual(['watchlist.add', 'watchlist.add', 'watchlist.list'])
})

test('a symbol moves by one place, and not beyond the ends', async () => {
  const { asked } = core()
  await refreshWatchlist()
  await moveWatched('b', -1)
  await moveWatched('a', 1)
  await moveWatched('b', 1)
  await moveWatched('c', 1)
  await moveWatched('a', -1)
  expect(moves(asked)).toEqual([{ id: 'b', before: 'a' }, { id: 'a', before: 'c' }, { id: 'b', before: null }])
})
