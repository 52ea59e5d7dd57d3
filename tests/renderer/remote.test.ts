import { describe, expect, test } from 'vitest'
import { create } from 'zustand'
import { bridgeFailure } from '../../renderer/bridge/error.ts'
import { createLoader, createReplacingLoader, idle, type Remote } from '../../renderer/state/remote.ts'

interface State {
  readonly value: Remote<string>
}

const lens = { get: (state: State) => state.value, put: (value: Remote<string>) => ({ value }) }
const newStore = () => create<State>()(() => ({ value: idle }))

/** A read whose answers are given by hand, in order of asking. */
function heldRead() {
  const asked: { give: (text: string) => void; fail: (error: Error) => void }[] = []
  return { asked, read: () => new Promise<string>((give, fail) => asked.push({ give, fail })) }
}

describe('reading again', () => {
  test('many calls while one read is under way make one more read, and its answer counts', async () => {
    const store = newStore()
    const { asked, read } = heldRead()
    const refresh = createLoader(store, lens, read)
    const all = Promise.all([refresh(), refresh(), refresh()])
    asked[0]?.give('old')
    await expect.poll(() => asked.length).toBe(2)
    expect(store.getState().value).toMatchObject({ status: 'ready', data: 'old' })
    asked[1]?.give('new')
    await all
    expect(store.getState().value).toMatchObject({ status: 'ready', data: 'new' })
    expect(asked).toHaveLength(2)
  })

  test('a failed re-read keeps the data with the problem beside it; the next good one clears it', async () => {
    const store = newStore()
    const { asked, read } = heldRead()
    const refresh = createLoader(store, lens, read)
    const first = refresh()
    asked[0]?.give('known')
    await first
    const second = refresh()
    asked[1]?.fail(bridgeFailure('app/disconnected'))
    await second
    expect(store.getState().value).toMatchObject({ status: 'ready', data: 'known', problem: { code: 'app/disconnected' } })
    const third = refresh()
    asked[2]?.give('fresh')
    await third
    expect(store.getState().value).toMatchObject({ data: 'fresh', problem: null })
  })

  test('anything that is not ours reads as an internal error, not as silence', async () => {
    const store = newStore()
    await createLoader(store, lens, () => Promise.reject(new TypeError('x')))()
    expect(store.getState().value).toMatchObject({ status: 'failed', error: { code: 'app/internal' } })
  })
})

test('a choice made later wins, and the earlier read is told to stop', async () => {
  const store = newStore()
  const signals: AbortSignal[] = []
  const { asked, read } = heldRead()
  const refresh = createReplacingLoader(store, lens, signal => {
    signals.push(signal)
    return read()
  })
  const both = Promise.all([refresh(), refresh()])
  asked[1]?.give('later')
  asked[0]?.give('earlier')
  await both
  expect(store.getState().value).toMatchObject({ data: 'later' })
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
})
