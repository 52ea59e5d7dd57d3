import { describe, expect, test } from 'vitest'
import { createLedgerKeeper, type LedgerKeeper } from '../../../electron/core/ledger/keeper.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import type { LogRecord } from '../../../electron/core/ports.ts'
import { dropMark, markSymbol } from '../../../electron/core/store/ledger-dirty.ts'
import type { Lease, LedgerRun } from '../../../electron/core/sync/writer.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { type VirtualClock, virtualClock } from '../../support/virtual-clock.ts'
import { desk } from './support/desk.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

interface Kept {
  readonly keeper: LedgerKeeper
  readonly clock: VirtualClock
  /** Whether something waits to be computed. */
  readonly wait: (waits: boolean) => void
  /** What the next computings come to; without any they stay under way. */
  readonly next: (...runs: readonly (LedgerRun | Error)[]) => void
  /** What happened, in order: leases, computings, events. */
  readonly did: string[]
  readonly logged: () => unknown[]
  /** Of the computing under way. */
  readonly signal: () => AbortSignal | undefined
  readonly end: (run: LedgerRun) => void
}

function kept(): Kept {
  const { db } = desk()
  const clock = virtualClock()
  const records: LogRecord[] = []
  const did: string[] = []
  const runs: (LedgerRun | Error)[] = []
  let signal: AbortSignal | undefined
  let end = (_run: LedgerRun): void => undefined
  const never = () => Promise.reject(new Error('not asked of the keeper'))
  const lease = (): Lease => {
    did.push('lease')
    return {
      write: never, between: never, index: never,
      async compute(options) {
        did.push('compute')
        signal = options?.signal
        clock.jump(12.6)
        const run = runs.shift()
        if (run instanceof Error) throw run
        return run ?? new Promise(resolve => (end = resolve))
      },
      release: () => Promise.resolve(void did.push('release')),
    }
  }
  const log = createLog(record => records.push(record), clock)
  return {
    clock, did,
    keeper: createLedgerKeeper({ db, writer: { lease }, clock, log, emit: ({ type }) => did.push(type) }),
    wait: waits => db.writer.tx(w => (waits ? markSymbol(w, 1, 'AAPL') : dropMark(w, 1, 'AAPL'))),
    next: (...more) => void runs.push(...more),
    logged: () => records.splice(0).map(({ level, event, fields }) => [level, event, fields]),
    signal: () => signal,
    end: run => end(run),
  }
}

const RUN = ['lease', 'compute', 'release']
const done = (changed: number): LedgerRun => ({ changed, failed: [] })
const failed: LedgerRun = { changed: 3, failed: ['ledger/picks-invalid', 'app/internal'] }

describe('the ledger keeper', () => {
  test('asks for nothing where nothing waits', async () => {
    const { keeper, did, logged } = kept()
    await keeper.settle()
    expect([did, logged()]).toEqual([[], []])
  })

  test('computes what waits, tells that it changed, and says how long it took', async () => {
    const { keeper, did, wait, next, logged, clock } = kept()
    await clock.advance(5000)
    wait(true)
    next(done(7))
    await keeper.settle()
    expect(did).toEqual(['lease', 'compute', 'ledger.changed', 'release'])
    expect(logged()).toEqual([['info', 'ledger.computed', { changed: 7, ms: 13 }]])
    expect(clock.pending).toBe(0)
  })

  test('tells nobody where nothing changed', async () => {
    const { keeper, did, wait, next } = kept()
    wait(true)
    next(done(0))
    await keeper.settle()
    expect(did).toEqual(RUN)
  })

  test('begins by itself when started', async () => {
    const { keeper, did, wait, next, clock } = kept()
    wait(true)
    next(done(0))
    keeper.start()
    await clock.advance(0)
    expect(did).toEqual(RUN)
  })

  test('computes one after the other', async () => {
    const { keeper, did, wait, end, next } = kept()
    wait(true)
    const [first, second] = [keeper.settle(), keeper.settle()]
    await Promise.resolve().then(() => undefined)
    expect(did).toEqual(['lease', 'compute'])
    next(done(0))
    end(done(0))
    await Promise.all([first, second])
    expect(did).toEqual([...RUN, ...RUN])
  })

  test('logs what could not be computed by why, and tries again after one minute, then two, then four, up to an hour', async () => {
    const { keeper, did, wait, next, logged, clock } = kept()
    wait(true)
    next(failed)
    await keeper.settle()
    expect(did.splice(0)).toEqual(['lease', 'compute', 'ledger.changed', 'release'])
    expect(logged()).toEqual([['warn', 'ledger.failed', { books: 2, code: 'ledger/picks-invalid' }]])
    for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
      next(failed)
      await clock.advance(minutes * MINUTE - 100)
      expect([minutes, did.splice(0)]).toEqual([minutes, []])
      await clock.advance(100)
      expect([minutes, did.splice(0)]).toEqual([minutes, ['lease', 'compute', 'ledger.changed', 'release']])
    }
    next(done(1), failed)
    await clock.advance(HOUR)
    expect(did.splice(0)).toEqual(['lease', 'compute', 'ledger.changed', 'release'])
    await keeper.settle()
    did.splice(0)
    next(done(0))
    await clock.advance(MINUTE)
    expect(did).toEqual(RUN)
  })

  test('waits once however often it failed, and finds nothing to do where another run computed it', async () => {
    const { keeper, did, wait, next, clock } = kept()
    wait(true)
    next(failed, failed)
    await keeper.settle()
    await keeper.settle()
    expect(clock.pending).toBe(1)
    did.splice(0)
    wait(false)
    await clock.advance(HOUR)
    expect(did).toEqual([])
  })

  test.each([[new AppError('app/disk-full'), 'app/disk-full'], [new Error('thread died'), 'app/internal']])('never rejects: what was written before %s is told, the failure logged, the lease given back, and it is tried again', async (error, code) => {
    const { keeper, did, wait, next, logged, clock } = kept()
    wait(true)
    next(error, done(1))
    await expect(keeper.settle()).resolves.toBeUndefined()
    expect(did.splice(0)).toEqual(['lease', 'compute', 'ledger.changed', 'release'])
    const said = logged()
    expect(said).toMatchObject([['warn', 'ledger.failed', { code }]])
    expect(JSON.stringify(said)).toContain('"cause":')
    await clock.advance(MINUTE)
    expect(did).toEqual(['lease', 'compute', 'ledger.changed', 'release'])
  })

  test('stops by letting the step under way finish, and computes nothing afterwards', async () => {
    const { keeper, did, wait, end, signal, clock } = kept()
    wait(true)
    const settling = keeper.settle()
    await clock.advance(0)
    expect(signal()?.aborted).toBe(false)
    let hasStopped = false
    const stopping = keeper.stop().then(() => (hasStopped = true))
    await clock.advance(0)
    expect([signal()?.aborted, hasStopped]).toEqual([true, false])
    end(failed)
    await Promise.all([settling, stopping])
    expect(did.splice(0)).toEqual(['lease', 'compute', 'ledger.changed', 'release'])
    expect(clock.pending).toBe(0)
    await keeper.settle()
    await clock.advance(HOUR)
    expect(did).toEqual([])
  })

  test('stopped, forgets what it would have tried again', async () => {
    const { keeper, did, wait, next, clock } = kept()
    wait(true)
    next(failed)
    await keeper.settle()
    did.splice(0)
    await keeper.stop()
    expect(clock.pending).toBe(0)
    await clock.advance(HOUR)
    expect(did).toEqual([])
  })
})
