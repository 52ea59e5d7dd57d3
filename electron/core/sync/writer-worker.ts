import { parentPort, workerData } from 'node:worker_threads'
import { AppError } from '../../../shared/contract/errors.ts'
import { openConnection } from '../db/open.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { unpackRows } from '../ledger/packed-rows.ts'
import { createLedgerWork } from '../ledger/work.ts'
import { indexText, upsertActivities } from '../store/activities-write.ts'
import { cancelTrades } from '../store/canceled-trades.ts'
import { writeHistory } from '../store/history.ts'
import { settleImports } from '../store/imports-settle.ts'
import type { WriteBatch, WriteCounts, WriterReply, WriterRequest } from './protocol.ts'

/** The writer thread: its own connection, one transaction a batch, the page cursor inside it. */
const file: unknown = workerData
if (typeof file !== 'string' || !parentPort) throw new AppError('app/internal', { cause: 'not started as the writer thread' })
const port = parentPort
const db = openConnection(file)
const ledger = createLedgerWork(db.writer)

function write({ accountId, pages, history, at }: WriteBatch): WriteCounts {
  return db.writer.tx(w => {
    const rows = pages.flatMap(unpackRows)
    const counts = upsertActivities(w, rows)
    cancelTrades(w, accountId, rows)
    settleImports(w, accountId, rows)
    writeHistory(w, accountId, history, at)
    return counts
  })
}

function settle(): void {
  db.raw.pragma('wal_checkpoint(PASSIVE)')
  db.raw.pragma('wal_checkpoint(TRUNCATE)')
  db.raw.pragma('wal_autocheckpoint = 1000')
}

function answer({ id, task }: WriterRequest): WriterReply {
  switch (task.kind) {
    case 'write':
      return { id, ok: true, counts: write(task.batch), more: false }
    case 'load':
      db.raw.pragma('wal_autocheckpoint = 16000')
      return { id, ok: true, counts: null, more: false }
    case 'index':
      return { id, ok: true, counts: null, more: indexText(db.writer) }
    case 'ledger': {
      const step = ledger.step(Instant.toEpochMicros(task.at))
      return { id, ok: true, counts: null, more: step.more, ledger: step }
    }
    case 'settle':
      settle()
      return { id, ok: true, counts: null, more: false }
    case 'close':
      db.close()
      port.off('message', take)
      setImmediate(() => port.close())
      return { id, ok: true, counts: null, more: false }
  }
}

function take(request: WriterRequest): void {
  try {
    port.postMessage(answer(request))
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'app/internal'
    const reply: WriterReply = { id: request.id, ok: false, code, detail: error instanceof Error ? error.message : 'unknown' }
    port.postMessage(reply)
  }
}
port.on('message', take)
