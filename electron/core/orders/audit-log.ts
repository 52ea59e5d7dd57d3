import type { KeyObject } from 'node:crypto'
import { AppError } from '../../../shared/contract/errors.ts'
import { AccountIdSchema } from '../../../shared/contract/schemas.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Db, Reader, Writer } from '../db/connection.ts'
import type { Log } from '../log/log.ts'
import type { Clock, Random } from '../ports.ts'
import {
  appendAuditRow,
  type AuditHead,
  type AuditRow,
  auditRowAt,
  auditRowsAfter,
  auditRowsBefore,
  lastAuditRow,
  strayAuditRows,
  writeAuditHead,
} from '../store/audit-log.ts'
import type { Vault } from '../vault/vault.ts'
import type { AuditAnchor } from './audit-anchor.ts'
import { CHAIN_BEGAN, digestOf, type Facts, headOf, macOf, OUT_OF_STEP, readBody, sameBytes } from './audit-chain.ts'
import { type AuditProblem, checkRows } from './audit-check.ts'
import { createAuditKey } from './audit-key.ts'
import { outOfStep } from './audit-step.ts'

export interface AuditEntry {
  /** Dotted, such as `order.sending`; `log.` is the log's own. */
  readonly kind: string
  readonly accountId: AccountId | null
  readonly intentId: string | null
  /** For the user. Account numbers and secrets are taken out of it and of the facts before they are written. */
  readonly sentence: string
  readonly facts?: Facts
}

export interface AuditVerdict {
  readonly isSound: boolean
  readonly rows: number
  readonly ms: number
  readonly problem: AuditProblem | null
  /** The keyed hash of the last row, in hex. */
  readonly head: string | null
}

export interface AuditLine {
  readonly seq: number
  readonly at: Instant
  readonly kind: string
  readonly accountId: AccountId | null
  readonly intentId: string | null
  readonly sentence: string
}

/** The record of everything that was done with orders. Rows are only added; each has a keyed hash of itself and of the one before. */
export interface Audit {
  /**
   * Adds a row inside the caller's transaction, so that it is there exactly when what it tells of is. Throws vault/locked, and
   * vault/tampered for a key that was changed: then what it should tell of must not happen.
   */
  append(writer: Writer, entry: AuditEntry): void
  /**
   * Adds a row by itself, for what must not wait for the vault (the kill switch): a locked one gets it when it opens, in this run. One that
   * could not be written is tried again then, and with the next.
   */
  note(entry: AuditEntry): void
  /** Writes what `note` kept. To be called when the vault opened. */
  settle(): void
  /** Reckons the whole log anew, a slice at a time. Throws vault/locked. */
  verify(): Promise<AuditVerdict>
  /** To be asked before an order is sent: throws order/audit-broken when the log is not sound. The first question of a run verifies all of it. */
  requireSound(): Promise<void>
  /**
   * The user takes the log as it is: a new chain begins, which freezes everything before it, and says what was wrong. Nothing is deleted.
   * `shown` is the sentence of the problem he was shown: throws order/audit-changed when there is another one by now.
   */
  accept(shown: string): Promise<AuditVerdict>
  /** What is wrong with the log as far as anybody looked; null when nothing is, or nobody did. */
  problem(): AuditProblem | null
  /** Newest first; `after` is the last row of the page before. Rows that have no number come first, by number 0. */
  page(options: { readonly limit: number; readonly after?: number | undefined }): {
    readonly rows: readonly AuditLine[]
    readonly next: number | null
  }
  /** Writes how far the log reaches now. To be called before the database closes. */
  close(): void
}

export interface AuditDeps {
  readonly db: Db
  readonly vault: Vault
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly anchor: AuditAnchor
  /** Takes account numbers and secrets out of a text. */
  readonly clean: (text: string) => string
  /** Called when the log is found not to be sound, or sound again. */
  readonly onProblem: () => void
}

/** A chain that can be added to. `last` is null before its first row. */
interface Chain {
  readonly key: KeyObject
  readonly last: AuditRow | null
}

type Reason = 'new' | 'memory' | 'key-lost' | 'accepted'

const LONGEST = 1_000
const SLICE = 2_000
const KEY_LOST =
  'The key of the log was lost when the vault began again, so the rows before this one cannot be checked for what happened before it. From here on they are frozen.'

export function createAudit({ db, vault, clock, random, log, anchor, clean, onProblem }: AuditDeps): Audit {
  const keys = createAuditKey({ vault, random })
  const waiting: AuditEntry[] = []
  let isPending = false
  let verdict: AuditVerdict | null = null
  let found: AuditProblem | null = null
  /** The row that says what is wrong with the anchor, which is only then written over. */
  let marked: { readonly seq: number; readonly mac: Uint8Array; readonly previous: AuditHead | null; readonly trouble?: string } | null =
    null

  const isMarked = (reader: Reader): boolean =>
    marked !== null && sameBytes(auditRowAt(reader, marked.seq)?.mac ?? new Uint8Array(), marked.mac)
  const knownKey = (reader: Reader): KeyObject | null => {
    const key = keys.read(reader)
    return typeof key === 'string' ? null : key
  }

  function tell(problem: AuditProblem | null): void {
    const isOther = problem?.sentence !== found?.sentence
    found = problem
    if (isOther) onProblem()
  }

  function append(writer: Writer, entry: AuditEntry): void {
    const chain = marking(writer, opened(writer))
    add(writer, chain, entry)
  }

  function add(
    writer: Writer,
    { key, last }: Chain,
    { kind, accountId, intentId, sentence, facts = {} }: AuditEntry,
    before?: Uint8Array,
  ): AuditRow {
    const text = (value: string): string => clean(value).slice(0, LONGEST)
    const cleaned = Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [name, typeof value === 'string' ? text(value) : value]),
    )
    const body = JSON.stringify({ sentence: text(sentence), facts: cleaned })
    const row = { seq: (last?.seq ?? 0) + 1, atMicros: Instant.toEpochMicros(clock.now()), kind, accountId, intentId, body }
    const sealed = { ...row, mac: macOf(key, before ?? last?.mac ?? digestOf().value(), row) }
    appendAuditRow(writer, sealed)
    writeAuditHead(writer, headOf(key, sealed))
    anchorSoon()
    return sealed
  }

  /** The chain as it stands; a new one where there is none, or none whose key can be had. */
  function opened(writer: Writer): Chain {
    const key = keys.read(writer)
    const last = lastAuditRow(writer)
    if (typeof key !== 'string' && last !== null) return { key, last }
    if (last === null) return begin(writer, 'new', 'The log begins.', typeof key === 'string' ? null : key)
    return vault.status().protection === 'memory'
      ? begin(
          writer,
          'memory',
          'The key of the log was kept for one run only, so each run begins a chain of its own. What is before it is frozen.',
        )
      : begin(writer, 'key-lost', KEY_LOST)
  }

  /** `had` is the key of a log of which nothing else is left. */
  function begin(writer: Writer, reason: Reason, sentence: string, had: KeyObject | null = null): Chain {
    const trouble = reason === 'accepted' ? null : outOfStep(writer, anchor, had)
    const kept = reason === 'accepted' ? readableKey(writer) : null
    const key = kept ?? keys.make(writer)
    const last = lastAuditRow(writer)
    const previous = anchor.read()
    // Before the row can be committed, so that a log without this file is never one that was cut short by a crash.
    if (trouble === null) anchor.write(headOf(key, last ?? { seq: 0, mac: new Uint8Array() }))
    const began = add(
      writer,
      { key, last },
      { kind: CHAIN_BEGAN, accountId: null, intentId: null, sentence, facts: { reason } },
      digestBefore(writer),
    )
    marked = { seq: began.seq, mac: began.mac, previous: typeof previous === 'string' ? null : previous }
    return { key, last: trouble === null ? began : mark(writer, { key, last: began }, trouble) }
  }

  function readableKey(reader: Reader): KeyObject | null {
    try {
      return knownKey(reader)
    } catch (error) {
      if (error instanceof AppError && error.code === 'vault/tampered') return null
      throw error
    }
  }

  function digestBefore(reader: Reader): Uint8Array {
    const digest = digestOf()
    let seq = 0
    for (;;) {
      const rows = auditRowsAfter(reader, seq, SLICE)
      rows.forEach(digest.add)
      seq = rows.at(-1)?.seq ?? seq
      if (rows.length < SLICE) break
    }
    strayAuditRows(reader).forEach(digest.add)
    return digest.value()
  }

  /** Says in the log that it did not reach as far as it should, before the sign of that is written over. */
  function marking(writer: Writer, chain: Chain): Chain {
    if (isMarked(writer)) return chain
    const trouble = outOfStep(writer, anchor, chain.key)
    return trouble === null ? chain : { key: chain.key, last: mark(writer, chain, trouble) }
  }

  function mark(writer: Writer, chain: Chain, sentence: string): AuditRow {
    const row = add(writer, chain, { kind: OUT_OF_STEP, accountId: null, intentId: null, sentence })
    marked = { seq: row.seq, mac: row.mac, previous: null, trouble: sentence }
    verdict = null
    log.error('audit.out-of-step')
    return row
  }

  function anchorSoon(): void {
    if (isPending) return
    isPending = true
    // A transaction never waits, so it is committed or undone by then.
    queueMicrotask(anchorNow)
  }

  function anchorNow(): void {
    if (!isPending || !db.raw.open) return
    isPending = false
    try {
      const key = knownKey(db.reader)
      const last = lastAuditRow(db.reader)
      const isCommitted = isMarked(db.reader)
      if (key !== null && last !== null && (isCommitted || outOfStep(db.reader, anchor, key) === null)) anchor.write(headOf(key, last))
      else if (!isCommitted && marked?.previous) anchor.write(marked.previous)
      if (isCommitted && marked?.trouble !== undefined) tell({ row: marked.seq, sentence: marked.trouble })
      marked = null
    } catch (cause) {
      log.error('audit.anchor-failed', { cause })
    }
  }

  async function verify(): Promise<AuditVerdict> {
    anchorNow()
    const from = clock.monotonicMs()
    const { rows, problem } = await check()
    const last = lastAuditRow(db.reader)
    verdict = {
      isSound: problem === null,
      rows,
      ms: clock.monotonicMs() - from,
      problem,
      head: last && Buffer.from(last.mac).toString('hex'),
    }
    if (problem) log.error('audit.not-sound', { row: problem.row })
    tell(problem)
    return verdict
  }

  async function check(): Promise<{ readonly rows: number; readonly problem: AuditProblem | null }> {
    const key = readableKey(db.reader)
    if (key === null) {
      const rows = lastAuditRow(db.reader)?.seq ?? 0
      const isForOneRun = vault.status().protection === 'memory'
      const cut = outOfStep(db.reader, anchor, null)
      if (cut !== null) return { rows, problem: { row: null, sentence: cut } }
      return {
        rows,
        problem:
          rows === 0 || isForOneRun
            ? null
            : {
                row: null,
                sentence:
                  'The key of the log is gone or was changed, so nothing can be said about its rows. When the vault began again, that is why.',
              },
      }
    }
    const checked = await checkRows(db.reader, key, () => new Promise(resolve => setImmediate(resolve)))
    if (checked.problem) return checked
    const sentence = outOfStep(db.reader, anchor, key)
    return { rows: checked.rows, problem: sentence === null ? null : { row: null, sentence } }
  }

  function flushNotes(): void {
    if (vault.status().state === 'locked') return
    const entries = [...waiting]
    if (entries.length === 0) return
    db.writer.tx(writer => entries.forEach(entry => append(writer, entry)))
    waiting.splice(0, entries.length)
  }

  return {
    append,
    note(entry) {
      waiting.push(entry)
      try {
        flushNotes()
      } catch (cause) {
        log.error('audit.note-failed', { cause })
      }
    },
    settle: flushNotes,
    verify,
    async requireSound() {
      const { isSound, problem } = verdict ?? (await verify())
      const step = isSound && !isPending ? outOfStep(db.reader, anchor, knownKey(db.reader)) : null
      if (isSound && step === null) return
      if (step !== null) tell({ row: null, sentence: step })
      throw new AppError('order/audit-broken', { cause: problem?.sentence ?? step })
    },
    problem: () => found,
    async accept(shown) {
      const { problem, ...sound } = await verify()
      if (problem === null) return { ...sound, problem }
      if (problem.sentence !== shown) throw new AppError('order/audit-changed')
      db.writer.tx(writer =>
        begin(writer, 'accepted', `The log was taken as it is, with this: ${problem.sentence} What is before this row is frozen.`),
      )
      return verify()
    },
    page({ limit, after }) {
      const rows = auditRowsBefore(db.reader, after ?? null, limit + 1)
      const shown = rows.slice(0, limit)
      const strays = after === undefined ? strayAuditRows(db.reader) : []
      return { rows: [...strays, ...shown].map(toLine), next: rows.length > limit ? (shown.at(-1)?.seq ?? null) : null }
    },
    close() {
      anchorNow()
    },
  }
}

/** Of a row that is none of ours what can be read of it. */
function toLine({ seq, atMicros, kind, accountId, intentId, body, damage }: AuditRow): AuditLine {
  const { sentence } = readBody(body)
  return {
    seq,
    at: Instant.fromEpochMicros(atMicros),
    kind,
    accountId: AccountIdSchema.nullable().safeParse(accountId).data ?? null,
    intentId,
    sentence: damage === undefined ? sentence : `This row is not as Keelson writes them. It says: ${sentence}`,
  }
}
