import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { AppError } from '../../../../../shared/contract/errors.ts'
import type { ParseReply } from './parse-protocol.ts'
import { parseFlexStatement } from './statement.ts'

/** The parsing thread: reads the one statement it was started with, says what is in it and ends. */
const xml: unknown = workerData
if (typeof xml !== 'string' || !parentPort) throw new AppError('app/internal', { cause: 'not started as the parsing thread' })
const port = parentPort

const PIECE = 250

/** Each piece waits until the one before was taken: many at once would hold up who reads them. */
async function say(reply: ParseReply): Promise<void> {
  const taken = once(port, 'message')
  port.postMessage(reply)
  await taken
}

try {
  for (const { sections, ...head } of parseFlexStatement(xml)) {
    await say({ kind: 'statement', head })
    for (const [section, rows] of sections) {
      for (let at = 0; at === 0 || at < rows.length; at += PIECE) await say({ kind: 'rows', section, rows: rows.slice(at, at + PIECE) })
    }
  }
  port.postMessage({ kind: 'done' } satisfies ParseReply)
} catch (error) {
  const [code, details] = error instanceof AppError ? [error.code, error.details] : (['app/internal', {}] as const)
  const reply: ParseReply = {
    kind: 'failed',
    code,
    details,
    cause: error instanceof AppError && typeof error.cause === 'string' ? error.cause : 'the parsing thread failed',
  }
  port.postMessage(reply)
}
