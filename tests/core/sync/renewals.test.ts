import path from 'node:path'
import { expect, test } from 'vitest'
import { createSchedule } from '../../../electron/core/create-schedule.ts'
import { openDatabase } from '../../../electron/core/db/open.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import type { TokenGrant } from '../../../electron/core/oauth/wire.ts'
import { insertConnection, listConnections } from '../../../electron/core/store/connections.ts'
import { createTokens } from '../../../electron/core/tokens/tokens.ts'
import { openVault } from '../../../electron/core/vault/data-key.ts'
import { Secret } from '../../../electron/core/vault/secret.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { fakePorts, tempFolder } from '../../support/fake-ports.ts'
import { virtualClock, type VirtualClockOptions } from '../../support/virtual-clock.ts'
import { a, b, connection, HOUR, MINUTE } from './support/schedule-desk.ts'

const LIFE_MS = new Map([
  [a, 30 * MINUTE],
  [b, 15 * MINUTE],
])

/** Real tokens, timers and sweeps over a virtual clock; the broker answers at once. */
async function desk(folder: string, options: VirtualClockOptions) {
  const clock = virtualClock(options)
  let slept = 0
  /** The broker's own time: it goes on while the computer sleeps, whatever the computer's clocks do. */
  const truth = (): number => clock.monotonicMs() + (options.monotonicSleeps === 'stops' ? slept : 0)
  const ports = fakePorts(folder, { clock, cron: clock.cron, power: clock.power, network: clock.network })
  const { random } = ports
  const log = createLog(ports.log, clock)
  const db = openDatabase({ file: path.join(folder, 'keelson.db'), now: clock.now })
  const vault = await openVault({ db, box: ports.secretBox, random, clock })
  /** When each token came, by the broker's time. */
  const came = new Map<ConnectionId, number[]>([
    [a, []],
    [b, []],
  ])
  const grant = (id: ConnectionId): TokenGrant => {
    came.get(id)?.push(truth())
    return {
      access: Secret.of('access'),
      refresh: Secret.of('refresh'),
      expiresInMs: LIFE_MS.get(id) ?? null,
      scopes: [],
      receivedAt: clock.now(),
    }
  }
  const tokens = createTokens({
    db,
    vault,
    clock,
    random,
    log,
    lockDir: path.join(folder, 'locks'),
    keyHeaders: () => ({}),
    refreshGrant: ({ id }) => Promise.resolve(grant(id)),
    onState: id => queueMicrotask(() => schedule.changed(id)),
  })
  const sync = {
    run: () => Promise.reject(new Error('no broker')),
    running: () => true,
    onResult: () => () => undefined,
    stop: () => Promise.resolve(false),
    close: () => Promise.resolve(),
  }
  const schedule = createSchedule({ ports, log, db, sync, tokens, connections: () => listConnections(db.reader), emit: () => undefined })
  for (const id of LIFE_MS.keys()) {
    insertConnection(db.writer, connection(id))
    tokens.save(id, grant(id), { signInBy: null })
  }
  tokens.start()
  schedule.start()
  return {
    clock,
    came,
    truth,
    async sleep(ms: number, announced: boolean): Promise<void> {
      slept += ms
      await clock.sleep(ms, { announced })
    },
    async [Symbol.asyncDispose]() {
      schedule.stop()
      await tokens.stop()
      vault.close()
      db.close()
    },
  }
}

test.each(['stops', 'goes-on'] as const)(
  'three days with nightly sleeps and clocks that are set let no token lapse while awake, where the other clock %s',
  async monotonicSleeps => {
    using folder = tempFolder()
    await using state = await desk(folder.path, { start: '2026-03-03T12:00:00Z', monotonicSleeps, skewMs: 15 * MINUTE })
    const { clock, came, truth } = state
    const lapsed: string[] = []
    const late: number[] = []
    for (let day = 0; day < 3; day += 1) {
      for (let step = 0; step < 16 * 6; step += 1) {
        await clock.advance(10 * MINUTE)
        for (const [id, times] of came)
          if (truth() - (times.at(-1) ?? 0) > (LIFE_MS.get(id) ?? 0)) lapsed.push(`${id} ${clock.now()}`)
      }
      if (day % 3 === 1) clock.set((day % 2 === 0 ? 1 : -1) * 15 * MINUTE)
      const announced = day % 2 === 0
      const before = [...came.values()].map(times => times.length)
      await state.sleep(8 * HOUR, announced)
      const woke = clock.monotonicMs()
      // The watch over the network notices within half a minute what nobody told of.
      if (!announced) await clock.advance(MINUTE / 2)
      if (!announced) await clock.networkReturns()
      await clock.until(() => [...came.values()].every((times, place) => times.length > (before[place] ?? 0)), 2 * MINUTE)
      late.push(clock.monotonicMs() - woke)
    }
    const gaps = [...came.values()].flatMap(times => times.slice(1).map((at, place) => at - (times[place] ?? 0)))
    expect(lapsed).toEqual([])
    expect(Math.max(...late)).toBeLessThanOrEqual(MINUTE)
    expect(Math.min(...gaps)).toBeGreaterThan(MINUTE)
  },
)
