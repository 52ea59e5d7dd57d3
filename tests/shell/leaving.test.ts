import { describe, expect, test } from 'vitest'
import { createFatal } from '../../electron/shell/fatal.ts'
import { createLeaving } from '../../electron/shell/leaving.ts'
import { AppError } from '../../shared/contract/errors.ts'
import { Instant } from '../../shared/domain/time.ts'
import { handClock, settled } from './support/hand-clock.ts'

/** An app as Electron ends it: before-quit, then will-quit, which may be put off. */
function appDouble() {
  const done: string[] = []
  let [onBefore, onWill] = [(): void => undefined, (_event: { preventDefault(): void }): void => undefined]
  return {
    done,
    on(event: 'before-quit' | 'will-quit', run: (event: { preventDefault(): void }) => void) {
      if (event === 'will-quit') onWill = run
      else onBefore = () => run({ preventDefault: () => undefined })
    },
    quit() {
      done.push('quit')
      onBefore()
      onWill({ preventDefault: () => void done.push('put off') })
    },
    exit: (code: number) => void done.push(`exit ${code}`),
  }
}

function leavingWith(drain: () => Promise<void>) {
  const app = appDouble()
  const clock = handClock(Instant.parse('2026-11-20T21:00:00Z'))
  const leaving = createLeaving({ app, drain, after: clock.after, onEnd: () => void app.done.push('marked'), log: event => void app.done.push(event) })
  return { app, clock, leaving }
}

describe('quitting', () => {
  test('saves what is under way, marks the end, then ends', async () => {
    const drained = Promise.withResolvers<void>()
    const { app, leaving } = leavingWith(() => drained.promise)
    expect(leaving.isLeaving()).toBe(false)
    leaving.quit()
    await settled()
    expect([leaving.isLeaving(), app.done]).toEqual([true, ['quit', 'put off']])
    drained.resolve()
    await settled()
    expect(app.done).toEqual(['quit', 'put off', 'marked', 'exit 0'])
  })

  test('waits ten seconds at most', async () => {
    const { app, clock, leaving } = leavingWith(() => new Promise(() => undefined))
    leaving.quit()
    clock.pass(9_999)
    await settled()
    expect(app.done).toEqual(['quit', 'put off'])
    clock.pass(1)
    await settled()
    expect(app.done).toEqual(['quit', 'put off', 'shell.drain-too-long', 'marked', 'exit 0'])
  })

  test('ends even when saving fails', async () => {
    const { app, leaving } = leavingWith(() => Promise.reject(new Error('disk')))
    leaving.quit()
    await settled()
    expect(app.done.slice(-3)).toEqual(['shell.drain-failed', 'marked', 'exit 0'])
  })

  test('saves once however often it is asked', async () => {
    let drains = 0
    const { leaving } = leavingWith(() => {
      drains += 1
      return Promise.resolve()
    })
    leaving.quit()
    leaving.quit()
    await leaving.drain()
    expect(drains).toBe(1)
  })

  test('marks the end first when the session ends, because nobody may wait', () => {
    const { app, leaving } = leavingWith(() => new Promise(() => undefined))
    leaving.sessionEnds()
    expect(app.done.slice(0, 2)).toEqual(['marked', 'quit'])
  })
})

function fatalWith(drain: () => Promise<void> = () => Promise.resolve()) {
  const done: string[] = []
  const fatal = createFatal({
    log: (event, fields) => void done.push(`${event} ${Object.keys(fields).join()}`),
    explain: (title, text) => void done.push(`${title}: ${text}`),
    write: () => undefined,
    drain,
    exit: code => void done.push(`exit ${code}`),
  })
  return { fatal, done }
}

describe('what nobody handled', () => {
  test('is logged, saved from, explained, and ends the app once', async () => {
    const { fatal, done } = fatalWith()
    await Promise.all([fatal.unhandled(new Error('one')), fatal.unhandled(new Error('two'))])
    expect(done).toEqual([
      'shell.unhandled cause,stack',
      'Keelson has to close: Something went wrong inside Keelson. Your data is unchanged. Start it again; what was being synced goes on from there.',
      'exit 1',
    ])
  })

  test('is no broken pipe: whoever read the output may go', async () => {
    const { fatal, done } = fatalWith()
    await fatal.unhandled(Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' }))
    expect(done).toEqual([])
  })
})

describe('a start that fails', () => {
  test('says what the user can do about it', () => {
    const { fatal, done } = fatalWith()
    expect(fatal.cannotStart(new AppError('app/data-newer'))).toEqual({ isExpected: true })
    expect(done.at(-1)).toBe('Keelson could not start: This data folder was written by a newer Keelson. It was left untouched. Install the newer version, or choose another data folder.')
  })

  test('counts as a crash when it is an error of our own', () => {
    expect(fatalWith().fatal.cannotStart(new TypeError('x is not a function'))).toEqual({ isExpected: false })
  })
})
