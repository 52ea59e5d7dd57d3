import type { Instant } from '../../../shared/domain/time.ts'
import type { SandboxControl } from './control.ts'
import type { Fault, Rotation } from './faults.ts'

/** What every stand of one sandbox is opened with. */
export interface StandOptions {
  readonly seed: number
  readonly now: () => Instant
  /** Rows of history. */
  readonly activities: number
  readonly rotation: Rotation
  /** Life of access tokens in milliseconds; undefined: the broker's own. */
  readonly tokenLifeMs: number | undefined
  readonly host: '127.0.0.1'
  /** Ends waits when the sandbox closes. */
  readonly signal: AbortSignal
}

/** Where a stand listens, and the fault it starts with. Port 0: a free one. */
export interface Place {
  readonly port: number
  readonly fault: Fault | undefined
}

/** A stand that listens. `url` is an origin such as `http://127.0.0.1:40123`, or `127.0.0.1:port` where it speaks no HTTP. */
export interface OpenStand {
  readonly url: string
  readonly control: SandboxControl
  close(): Promise<void>
}

export type StandOpener = (place: Place) => Promise<OpenStand>
