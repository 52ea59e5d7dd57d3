import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { AppError } from '../../../../../shared/contract/errors.ts'
import type { BrokerActivity } from '../../adapter.ts'
import { accountHistory, HISTORY_SECTIONS } from './account-history.ts'
import type { ParseFailure, ParseReply } from './parse-protocol.ts'
import { type FlexStatement, parseFlexStatement } from './statement.ts'

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
  const statements = parseFlexStatement(xml)
  for (const { sections, ...head } of statements) {
    await say({ kind: 'statement', head })
    for (const [section, rows] of sections) {
      if (HISTORY_SECTIONS.has(section)) continue
      for (const piece of pieces(rows)) await say({ kind: 'rows', section, rows: piece })
    }
  }
  for (const account of new Set(statements.map(({ accountId }) => accountId))) {
    await sayHistory(
      account,
      statements.filter(({ accountId }) => accountId === account),
    )
  }
  port.postMessage({ kind: 'done' } satisfies ParseReply)
} catch (error) {
  port.postMessage({ kind: 'failed', failure: failureOf(error) } satisfies ParseReply)
}

/** What happened in an account. One that cannot be read keeps no other from being read. */
async function sayHistory(account: string, statements: readonly FlexStatement[]): Promise<void> {
  let history: readonly BrokerActivity[]
  try {
    history = accountHistory(statements)
  } catch (error) {
    await say({ kind: 'refused', account, failure: failureOf(error) })
    return
  }
  for (const rows of pieces(history)) await say({ kind: 'history', account, rows })
}

/** One piece at least. */
function pieces<Row>(rows: readonly Row[]): (readonly Row[])[] {
  return Array.from({ length: Math.max(1, Math.ceil(rows.length / PIECE)) }, (_, at) => rows.slice(at * PIECE, (at + 1) * PIECE))
}

function failureOf(error: unknown): ParseFailure {
  if (!(error instanceof AppError)) return { code: 'app/internal', details: {}, cause: 'the parsing thread failed' }
  return { code: error.code, details: error.details, cause: typeof error.cause === 'string' ? error.cause : 'the parsing thread failed' }
}
