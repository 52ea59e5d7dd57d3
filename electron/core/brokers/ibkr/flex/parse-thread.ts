import { Worker } from 'node:worker_threads'
import { AppError } from '../../../../../shared/contract/errors.ts'
import { abortError } from '../../../net/wait.ts'
import type { BrokerActivity } from '../../adapter.ts'
import type { ParseFailure, ParseReply } from './parse-protocol.ts'
import { type FlexRow, type FlexStatement, parseFlexStatement } from './statement.ts'

/** Up to this many characters reading takes less than starting a thread. */
const SMALL = 200_000
const MOST_MEMORY_MB = 2048

/** What is in a Flex answer. */
export interface Parsed {
  readonly statements: readonly FlexStatement[]
  /**
   * The history of each account, or what `accountHistory` threw instead; the sections it was read from are then not among the
   * statements. Left out where whoever needs it can as well read it from them.
   */
  readonly histories?: ReadonlyMap<string, () => readonly BrokerActivity[]>
}

/**
 * The statements and histories of a Flex answer, read by a thread of their own, so that a large one holds up nothing. Throws what
 * `parseFlexStatement` throws, and net/too-large when its memory runs out; stops on the signal.
 */
export async function parseApart(xml: string, { signal }: { readonly signal: AbortSignal }): Promise<Parsed> {
  if (signal.aborted) throw abortError(signal, 'Interactive Brokers')
  if (xml.length <= SMALL) return { statements: parseFlexStatement(xml) }
  const { promise, resolve, reject } = Promise.withResolvers<Parsed>()
  const worker = new Worker(parseScript(import.meta.url), {
    workerData: xml,
    execArgv: [],
    name: 'keelson-flex',
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
  })
  const collected = collector()
  worker.on('message', (reply: ParseReply) => {
    if (reply.kind === 'failed') reject(toError(reply.failure))
    else if (reply.kind === 'done') resolve(collected.parsed())
    else {
      collected.take(reply)
      worker.postMessage('next')
    }
  })
  worker.on('error', cause => reject(failureOf(cause)))
  worker.on('exit', code => reject(new AppError('app/internal', { cause: `parsing thread ended with ${code}` })))
  const onAbort = (): void => reject(abortError(signal, 'Interactive Brokers'))
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', onAbort)
    await worker.terminate()
  }
}

/** The thread's script: beside this file as source; in a build beside the entry, one folder above the chunk this is part of. */
export function parseScript(module: string): URL {
  return new URL(module.endsWith('.ts') ? './parse-worker.ts' : '../flex-worker.js', module)
}

type Piece = Exclude<ParseReply, { kind: 'done' | 'failed' }>

/** Puts the pieces together again, in their order. */
function collector(): { take(piece: Piece): void; parsed(): Parsed } {
  const histories = new Map<string, () => readonly BrokerActivity[]>()
  const activities = new Map<string, BrokerActivity[]>()
  const found: { readonly head: Omit<FlexStatement, 'sections'>; readonly sections: Map<string, FlexRow[]> }[] = []
  return {
    take(piece) {
      if (piece.kind === 'statement') {
        found.push({ head: piece.head, sections: new Map() })
        return
      }
      if (piece.kind === 'refused') {
        histories.set(piece.account, () => {
          throw toError(piece.failure)
        })
        return
      }
      if (piece.kind === 'history') {
        const all = activities.get(piece.account) ?? []
        all.push(...piece.rows)
        activities.set(piece.account, all)
        histories.set(piece.account, () => all)
        return
      }
      const sections = found.at(-1)?.sections
      const rows = sections?.get(piece.section)
      if (rows) rows.push(...piece.rows)
      else sections?.set(piece.section, [...piece.rows])
    },
    parsed: () => ({ statements: found.map(({ head, sections }) => ({ ...head, sections })), histories }),
  }
}

function toError({ code, details, cause }: ParseFailure): AppError {
  return new AppError(code, { details, cause })
}

function failureOf(cause: unknown): AppError {
  const isMemory = cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
  return isMemory
    ? new AppError('net/too-large', { details: { host: 'Interactive Brokers' } })
    : new AppError('app/internal', { cause: 'the parsing thread failed' })
}
