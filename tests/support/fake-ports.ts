import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Clock, LogRecord, MailMessage, Ports, SecretBox } from '../../electron/core/ports.ts'
import { Instant } from '../../shared/domain/time.ts'
import { writerScript } from './built.ts'
import { cronOver } from './cron-over-clock.ts'

export interface JumpingClock extends Clock {
  /** Moves the wall clock and the timers forward; timers that fall due run in order. */
  jump(ms: number): void
}

/** The real clock with an offset that tests can move: timers run by themselves in real time, or at once when jumped over. */
export function jumpingClock(): JumpingClock {
  let offset = 0
  const pending = new Set<{ at: number; run: () => void; handle: NodeJS.Timeout }>()
  const monotonicMs = (): number => performance.now() + offset
  return {
    now: () => Instant.fromEpochMs(Date.now() + offset),
    monotonicMs,
    after(ms, run) {
      const timer = { at: monotonicMs() + ms, run, handle: setTimeout(() => fire(), Math.min(ms, 2_000_000_000)).unref() }
      const fire = (): void => {
        if (pending.delete(timer)) run()
      }
      pending.add(timer)
      return () => {
        clearTimeout(timer.handle)
        pending.delete(timer)
      }
    },
    jump(ms) {
      offset += ms
      for (const timer of [...pending].sort((a, b) => a.at - b.at)) {
        if (timer.at > monotonicMs() || !pending.delete(timer)) continue
        clearTimeout(timer.handle)
        timer.run()
      }
    },
  }
}

/** A secret box that keeps nothing secret: enough to survive a restart in a test, and to be locked or changed on demand. */
export function testBox(options: Partial<Pick<SecretBox, 'protection' | 'wrap' | 'unwrap'>> = {}): SecretBox {
  const mask = createHash('sha256').update('test box').digest()
  const flip = (key: Uint8Array): Uint8Array => key.map((byte, at) => byte ^ (mask[at % mask.length] ?? 0))
  return {
    protection: options.protection ?? 'passphrase',
    backend: 'test-box',
    notice: null,
    wrap: options.wrap ?? (key => Promise.resolve(flip(key))),
    unwrap: options.unwrap ?? (wrapped => Promise.resolve(flip(wrapped))),
  }
}

export interface FakePorts extends Ports {
  readonly clock: JumpingClock
  /** Addresses the core wanted opened. */
  readonly opened: string[]
  readonly records: LogRecord[]
  /** Notifications the core wanted shown. */
  readonly shown: { readonly title: string; readonly body: string }[]
  /** Messages the core sent. */
  readonly mails: MailMessage[]
}

/** Ports to put in place of the fake ones; a clock must be one that tests can move. */
export type PortOverrides = Partial<Omit<Ports, 'clock'>> & { readonly clock?: JumpingClock }

/** Ports over a data folder, with everything observable; other fields can be replaced. */
export function fakePorts(dataDir: string, overrides: PortOverrides = {}): FakePorts {
  const opened: string[] = []
  const records: LogRecord[] = []
  const shown: FakePorts['shown'] = []
  const mails: MailMessage[] = []
  const clock = overrides.clock ?? jumpingClock()
  return {
    host: 'test',
    version: '0.0.0-test',
    paths: { dataDir, writerScript },
    secretBox: testBox(),
    browser: { open: url => Promise.resolve(void opened.push(url)) },
    random: { bytes: length => randomBytes(length), uuid: () => randomUUID(), fraction: () => Math.random() },
    cron: cronOver(clock),
    power: { onSuspend: () => () => undefined, onResume: () => () => undefined },
    network: { onReturn: () => () => undefined },
    notify: { show: notice => void shown.push(notice) },
    mail: { send: message => Promise.resolve(void mails.push(message)) },
    log: record => void records.push(record),
    env: {},
    ...overrides,
    clock,
    opened,
    records,
    shown,
    mails,
  }
}

/** A fresh data folder that goes away with its scope. */
export function tempFolder(prefix = 'keelson-test-'): { readonly path: string; [Symbol.dispose](): void } {
  const folder = mkdtempSync(path.join(tmpdir(), prefix))
  return { path: folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}
