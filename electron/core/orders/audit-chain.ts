import { createHash, createHmac, type Hash, type KeyObject, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { AuditHead, AuditRow } from '../store/audit-log.ts'

/** A row before it has its keyed hash. */
export type UnsealedRow = Omit<AuditRow, 'mac' | 'damage'>

/** A row that begins a chain: at the start of the log, after its key was lost, and when the user accepted what is wrong with the rows before. */
export const CHAIN_BEGAN = 'log.began'
/** A row that says: when this was written, the log did not reach as far as it is known to have reached. */
export const OUT_OF_STEP = 'log.out-of-step'

/** What the keyed hash of the first row of a chain stands on: everything before it, which it freezes. */
export function digestOf(): { add(row: AuditRow): void; value(): Uint8Array } {
  const hash: Hash = createHash('sha256')
  return {
    add: row => {
      hash.update(row.damage ?? contentOf(row)).update(row.mac)
    },
    value: () => hash.copy().digest(),
  }
}

/** HMAC-SHA256 over what is before the row (the hash of the row before, or the digest a chain begins with) and the row itself. */
export function macOf(key: KeyObject, before: Uint8Array, row: UnsealedRow): Uint8Array {
  return createHmac('sha256', key).update(before).update(contentOf(row)).digest()
}

// JSON of a list: two different rows never write the same text.
function contentOf({ seq, atMicros, kind, accountId, intentId, body }: UnsealedRow): string {
  return JSON.stringify([seq, atMicros, kind, accountId, intentId, body])
}

/** Stamps how far the log reaches. */
export function headOf(key: KeyObject, row: Pick<AuditRow, 'seq' | 'mac'>): AuditHead {
  const mac = hexOf(row.mac)
  return { rows: row.seq, mac, stamp: stampOf(key, row.seq, mac) }
}

/** Whether a head was made with this key. */
export function isStamped(key: KeyObject, { rows, mac, stamp }: AuditHead): boolean {
  return sameBytes(Buffer.from(stamp), Buffer.from(stampOf(key, rows, mac)))
}

function stampOf(key: KeyObject, rows: number, mac: string): string {
  return createHmac('sha256', key).update(`keelson|audit-head|${rows}|${mac}`).digest('hex')
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

export type Facts = Readonly<Record<string, string | number | boolean | null>>

const Body = z.object({ sentence: z.string(), facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])) })

/** What a row says; a body that cannot be read says so. */
export function readBody(body: string): { readonly sentence: string; readonly facts: Facts } {
  try {
    return Body.parse(JSON.parse(body))
  } catch {
    return { sentence: 'This row cannot be read.', facts: {} }
  }
}
