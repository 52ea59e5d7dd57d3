import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { create } from 'zustand'
import { bridgeFailure } from '../../renderer/bridge/error.ts'
import { createPages, joined, type More, type Pages } from '../../renderer/state/pages.ts'
import { dataOf, idle, type Remote } from '../../renderer/state/remote.ts'

interface Row {
  readonly id: string
}

interface Asked {
  readonly limit: number
  readonly after: string | undefined
  readonly signal: AbortSignal
  readonly answer: (rows: readonly string[], next?: string | null) => void
  readonly fail: () => void
}

/** A list whose reads wait until the test answers each of them. */
function list() {
  const store = create<{ readonly pages: Remote<Pages<Row>>; readonly more: More }>()(() => ({ pages: idle, more: idle }))
  const asked: Asked[] = []
  const pages = createPages<ReturnType<typeof store.getState>, Row>(
    store,
    { get: state => state, put: change => change },
    {
      first: shown => Math.max(2, shown),
      more: 5,
      read: ({ limit, after }, signal) =>
        new Promise((resolve, reject) => {
          const answer = (ids: readonly string[], next: string | null = null): void => resolve({ rows: ids.map(id => ({ id })), next })
          asked.push({ limit, after, signal, answer, fail: () => reject(bridgeFailure('net/timeout')) })
        }),
    },
  )
  return { ...pages, asked, state: store.getState, shown: () => dataOf(store.getState().pages)?.rows.map(({ id }) => id) }
}

/** The same with its first page read. */
async function begun(ids: readonly string[], next: string | null) {
  const one = list()
  const first = one.refresh()
  one.asked[0]?.answer(ids, next)
  await first
  return one
}

test('a list is read from its beginning, then on from where it ended, each row once', async () => {
  const one = await begun(['a', 'b'], 'after b')
  const more = one.readMore()
  expect(one.state().more).toEqual({ status: 'loading' })
  one.asked[1]?.answer(['b', 'c'])
  await more
  expect(one.shown()).toEqual(['a', 'b', 'c'])
  await one.readMore()
  expect(one.asked.map(({ limit, after }) => [limit, after])).toEqual([[2, undefined], [5, 'after b']])
})

test('the next page is asked for once, however often the end is reached', async () => {
  const one = await begun(['a'], 'after a')
  void one.readMore()
  await one.readMore()
  expect(one.asked).toHaveLength(2)
})

test('what is read on while all is read anew is given up, and the new list is read on from its own end', async () => {
  const one = await begun(['a', 'b'], 'after b')
  const late = one.readMore()
  const anew = one.refresh()
  expect(one.asked[1]?.signal.aborted).toBe(true)
  expect(one.state().more).toEqual(idle)
  one.asked[2]?.answer(['new', 'a'], 'after a')
  await anew
  one.asked[1]?.answer(['c'])
  await late
  expect(one.shown()).toEqual(['new', 'a'])
  const more = one.readMore()
  expect(one.asked[3]?.after).toBe('after a')
  one.asked[3]?.answer(['b'])
  await more
  expect(one.shown()).toEqual(['new', 'a', 'b'])
})

test('a page that was asked for after reading anew began belongs to the list there was, and is read again', async () => {
  const one = await begun(['a'], 'after a')
  const anew = one.refresh()
  const early = one.readMore()
  one.asked[1]?.answer(['new'], 'after new')
  await anew
  one.asked[2]?.answer(['b'])
  await early
  expect(one.shown()).toEqual(['new'])
  expect(one.state().more).toEqual(idle)
})

test('a failure keeps what is there: of a later page beside it, of reading anew as its problem', async () => {
  const one = await begun(['a'], 'after a')
  const more = one.readMore()
  one.asked[1]?.fail()
  await more
  expect(one.state().more).toMatchObject({ status: 'failed', error: { code: 'net/timeout' } })
  const anew = one.refresh()
  one.asked[2]?.fail()
  await anew
  expect(one.state()).toMatchObject({ more: idle, pages: { status: 'ready', problem: { code: 'net/timeout' } } })
  expect(one.shown()).toEqual(['a'])
})

test('two pages as one keep every row once, in the order they came', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(40)), fc.uniqueArray(fc.nat(40)), (first, second) => {
      const page = (numbers: readonly number[]) => ({ rows: numbers.map(number => ({ id: String(number) })), next: null })
      expect(joined(page(first), page(second)).rows.map(({ id }) => Number(id))).toEqual([...new Set([...first, ...second])])
    }),
  )
})
