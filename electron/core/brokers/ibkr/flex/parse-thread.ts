import { Worker } from 'node:worker_threads'
import { AppError } from '../../../../../shared/contract/errors.ts'
import { abortError } from '../../../net/wait.ts'
import type { ParseReply } from './parse-protocol.ts'
import { type FlexRow, type FlexStatement, parseFlexStatement } from './statement.ts'

/** Up to this many characters reading takes less than starting a thread. */
const SMALL = 200_000
const MOST_MEMORY_MB = 2048

/**
 * The statements of a Flex answer, read by a thread of their own, so that a large one holds up nothing. Throws what
 * `parseFlexStatement` throws, and net/too-large when its memory runs out; stops on the signal.
 */
export async function parseApart(xml: string, { signal }: { readonly signal: AbortSignal }): Promise<FlexStatement[]> {
  if (signal.aborted) throw abortError(signal, 'Interactive Brokers')
  if (xml.length <= SMALL) return parseFlexStatement(xml)
  const { promise, resolve, reject } = Promise.withResolvers<FlexStatement[]>()
  const worker = new Worker(parseScript(import.meta.url), {
    workerData: xml,
    execArgv: [],
    name: 'keelson-flex',
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
  })
  const collected = collector()
  worker.on('message', (reply: ParseReply) => {
    if (reply.kind === 'failed') reject(new AppError(reply.code, { details: reply.details, cause: reply.cause }))
    else if (reply.kind === 'done') resolve(collected.statements())
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

type Piece = Extract<ParseReply, { kind: 'statement' | 'rows' }>

/** Puts the pieces together again, in their order. */
function collector(): { take(piece: Piece): void; statements(): FlexStatement[] } {
  const found: { readonly head: Omit<FlexStatement, 'sections'>; readonly sections: Map<string, FlexRow[]> }[] = []
  return {
    take(piece) {
      if (piece.kind === 'statement') {
        found.push({ head: piece.head, sections: new Map() })
        return
      }
      const sections = found.at(-1)?.sections
      const rows = sections?.get(piece.section)
      if (rows) rows.push(...piece.rows)
      else sections?.set(piece.section, [...piece.rows])
    },
    statements: () => found.map(({ head, sections }) => ({ ...head, sections })),
  }
}

function failureOf(cause: unknown): AppError {
  const isMemory = cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
  return isMemory
    ? new AppError('net/too-large', { details: { host: 'Interactive Brokers' } })
    : new AppError('app/internal', { cause: 'the parsing thread failed' })
}
