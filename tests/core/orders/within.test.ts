import { describe, expect, test } from 'vitest'
import { createSilence, within } from '../../../electron/core/orders/within.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'

/** One timer, which runs when it is told to. */
function handClock() {
  const timers: { readonly ms: number; readonly run: () => void }[] = []
  return {
    timers,
    after(ms: number, run: () => void): () => void {
      const timer = { ms, run }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), 1)
    },
  }
}

const codeOf = (error: unknown): unknown => (error instanceof AppError ? error.code : error)
const never = (): Promise<never> => new Promise(() => undefined)

describe('reading for so long at most', () => {
  test('answers what was read, and leaves neither a timer nor a listener behind', async () => {
    const clock = handClock()
    const stopper = new AbortController()
    let [added, removed] = [0, 0]
    const { signal } = stopper
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
    Object.assign(signal, {
      addEventListener(type: 'abort', run: () => void, options: object) {
        added += 1
        add(type, run, options)
      },
      removeEventListener(type: 'abort', run: () => void) {
        removed += 1
        remove(type, run)
      },
    })
    const answer = within({ clock, ms: 700, signal }, () => Promise.resolve('read'))
    expect(clock.timers.map(({ ms }) => ms)).toEqual([700])
    expect(await answer).toBe('read')
    expect([clock.timers.length, added, removed]).toEqual([0, 1, 1])
  })

  test('throws what reading throws, and stops its timer', async () => {
    const clock = handClock()
    await expect(within({ clock, ms: 700, signal: new AbortController().signal }, () => Promise.reject(new AppError('net/offline')))).rejects.toMatchObject({ code: 'net/offline' })
    expect(clock.timers).toEqual([])
  })

  test('gives up when the time is over, and tells what was asked why, also where that does not listen', async () => {
    const clock = handClock()
    let asked: AbortSignal | undefined
    const going = within({ clock, ms: 700, signal: new AbortController().signal }, ({ signal }) => {
      asked = signal
      return never()
    }).catch((error: unknown) => error)
    expect(asked?.aborted).toBe(false)
    clock.timers[0]?.run()
    const error = await going
    expect(error).toMatchObject({ code: 'net/timeout', details: { host: 'The broker' } })
    expect(asked?.reason).toBe(error)
  })

  test('is given up at once where nobody waits any more', async () => {
    const stopper = new AbortController()
    let asked: AbortSignal | undefined
    const going = within({ clock: handClock(), ms: 700, signal: stopper.signal }, ({ signal }) => {
      asked = signal
      return never()
    }).catch(codeOf)
    stopper.abort()
    expect(await going).toBe('app/canceled')
    expect(asked?.aborted).toBe(true)
  })

  test('asks nothing where nobody waited from the beginning', async () => {
    const clock = handClock()
    let isAsked = false
    const read = (): Promise<string> => {
      isAsked = true
      return Promise.resolve('read')
    }
    expect(await within({ clock, ms: 700, signal: AbortSignal.abort() }, read).catch(codeOf)).toBe('app/canceled')
    expect([isAsked, clock.timers.length]).toEqual([false, 0])
  })
})

test('An account is silent for so long after it did not answer, and until it does', () => {
  const [one, other] = ['acc_1', 'acc_2'] as AccountId[] as [AccountId, AccountId]
  let now = 1000
  const silence = createSilence({ monotonicMs: () => now }, 60)
  expect(silence.isSilent(one)).toBe(false)
  silence.noteSilent(one)
  expect([silence.isSilent(one), silence.isSilent(other)]).toEqual([true, false])
  now = 1060
  expect(silence.isSilent(one)).toBe(true)
  now = 1061
  expect(silence.isSilent(one)).toBe(false)
  silence.noteSilent(one)
  silence.noteAnswer(one)
  expect(silence.isSilent(one)).toBe(false)
})
