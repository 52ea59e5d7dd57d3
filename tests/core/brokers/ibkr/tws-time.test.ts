import { afterEach, describe, expect, test } from 'vitest'
import { createLog } from '../../../../electron/core/log/log.ts'
import { createClockSkew } from '../../../../electron/core/net/clock-skew.ts'
import { createBrokerDesk } from '../../../../electron/core/services/broker-desk.ts'
import { createKeepers } from '../../../../electron/core/services/keepers.ts'
import { NO_CREDENTIALS, triedWayIn } from '../../../../electron/core/services/way-in.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import { tempFolder } from '../../../support/data-folder.ts'
import { fakePorts } from '../../../support/fake-ports.ts'
import { type TwsPeer, twsPeer } from './support/tws-peer.ts'

const DAY_MS = 86_400_000
const { signal } = new AbortController()
const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
})

/** TWS with the time as it is, and a desk whose computer's clock can be set. */
async function alone(
  environment: 'paper' | 'sandbox',
): Promise<{
  readonly peer: TwsPeer
  readonly driftOf: (aheadMs: number) => Promise<number>
  readonly zones: () => Promise<readonly string[]>
}> {
  const ports = fakePorts(tempFolder())
  let aheadMs = 0
  const clock = { ...ports.clock, now: () => Instant.plus(ports.clock.now(), aheadMs) }
  const peer = await twsPeer({
    answer(fields, line) {
      if (fields[0] === '49') line.say([49, 1, Math.floor(Date.now() / 1000)])
      if (fields[0] === '62') line.say([64, 1, fields[2] ?? ''])
    },
  })
  const skew = createClockSkew(clock)
  const log = createLog(ports.log, clock)
  const desk = createBrokerDesk({
    ports: { ...ports, clock, env: { KEELSON_SANDBOX_IBKR_TWS: `127.0.0.1:${peer.port}` } },
    log,
    skew,
    admission: { check: () => undefined, missing: () => '' },
    sandboxOrigin: () => 'http://127.0.0.1:9',
  })
  const keepers = createKeepers({ log })
  cleanUps.push(
    () => keepers.close('con_a'),
    () => peer.close(),
    () => desk.close(),
  )
  const way = triedWayIn('tws', NO_CREDENTIALS, { settings: { host: '127.0.0.1', port: String(peer.port) }, secrets: {} })
  const adapter = desk.adapter({ broker: 'ibkr', environment, ways: [way], keep: keepers.of('con_a') })
  return {
    peer,
    zones: async () => (await adapter.dayZones?.()) ?? [],
    async driftOf(ms) {
      aheadMs = ms
      await adapter.accounts({ signal })
      return skew.correctionMs()
    },
  }
}

describe('a clock that is set with TWS alone', () => {
  test('is found out with every reading of its accounts, which each order begins with', async () => {
    const { driftOf } = await alone('paper')
    expect(await driftOf(0)).toBe(0)
    for (const aheadMs of [DAY_MS, 0, -DAY_MS]) expect(Math.round((await driftOf(aheadMs)) / 10_000) * 10_000).toBe(aheadMs)
  })

  test('does not hide where TWS keeps its day', async () => {
    const { driftOf, zones } = await alone('paper')
    expect(await zones()).toEqual([])
    await driftOf(0)
    expect(await zones()).toEqual(['America/New_York'])
  })

  test('is not held against the time of a simulator', async () => {
    const { driftOf, peer } = await alone('sandbox')
    expect(await driftOf(DAY_MS)).toBe(0)
    expect(peer.received.filter(([kind]) => kind === '49')).toEqual([])
  })
})
