import type { TwsSettings } from '../../../../../electron/core/brokers/ibkr/tws/connect.ts'
import type { ReadDeps } from '../../../../../electron/core/brokers/ibkr/tws/reads.ts'
import { createTwsSession, type TwsSession } from '../../../../../electron/core/brokers/ibkr/tws/session.ts'
import type { BrokerSession } from '../../../../../electron/core/brokers/adapter.ts'
import { createLog } from '../../../../../electron/core/log/log.ts'
import type { LogRecord } from '../../../../../electron/core/ports.ts'
import { AppError } from '../../../../../shared/contract/errors.ts'
import { stepClock, type StepClock } from '../../../net/support/step-clock.ts'
import { type PeerOptions, type TwsPeer, twsPeer } from './tws-peer.ts'

export interface Scene {
  readonly session: TwsSession
  readonly deps: ReadDeps
  readonly peer: TwsPeer
  readonly clock: StepClock
  readonly log: LogRecord[]
}

export interface SceneOptions extends PeerOptions {
  readonly settings?: Partial<TwsSettings>
  readonly start?: string
  readonly tried?: boolean
  readonly noteTime?: BrokerSession['noteTime']
}

const random = { bytes: (length: number) => new Uint8Array(length), uuid: () => '', fraction: () => 0.5 }

/** Scenes of one test file, closed after each test. */
export function scenes(): { open(options?: SceneOptions): Promise<Scene>; close(): Promise<void> } {
  const cleanUps: (() => Promise<void>)[] = []
  return {
    async open(options = {}) {
      const peer = await twsPeer(options)
      const clock = stepClock(options.start)
      const log: LogRecord[] = []
      const settings = { host: '127.0.0.1', port: peer.port, clientId: 7, readOnly: true, paper: true, ...options.settings }
      const tried = options.tried ?? false
      const session = createTwsSession({
        settings,
        tried,
        clock,
        random,
        log: createLog(record => log.push(record), clock),
        noteTime: options.noteTime,
      })
      cleanUps.push(async () => {
        await session.close()
        await peer.close()
      })
      return { session, deps: { session, clock }, peer, clock, log }
    },
    async close() {
      for (const cleanUp of cleanUps.splice(0)) await cleanUp()
    },
  }
}

/** The code a promise is rejected with; `fine` when it is not. */
export function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'fine',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  )
}
