import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../../shared/contract/errors.ts'
import { MOST_FILE_CHARACTERS } from '../../../shared/contract/imports.ts'
import type { AnswerOf, ImportReply, ImportTaskKind, TaskOf } from './import-protocol.ts'

/** The import thread as seen from the main one: started when it is first asked, and anew after a file that was too much for it. */
export interface ImportThread {
  /** Rejects with the error the thread failed with, and import/too-large when its memory ran out. */
  ask<K extends ImportTaskKind>(kind: K, task: TaskOf<K>): Promise<AnswerOf<K>>
  /** Lets the thread finish what it writes, close its connection and end. */
  stop(): Promise<void>
}

interface Waiting {
  readonly resolve: (answer: never) => void
  readonly reject: (error: AppError) => void
}

const MOST_MEMORY_MB = 2048

/** The script lies beside the writer thread's: a source file in tests, a bundle in a build. */
export function importScript(writerScript: URL): URL {
  return writerScript.pathname.endsWith('.ts')
    ? new URL('../services/import-worker.ts', writerScript)
    : new URL('import-worker.js', writerScript)
}

export function createImportThread(script: URL, file: string): ImportThread {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let nextId = 1

  function start(): Worker {
    const started = new Worker(script, {
      workerData: file,
      execArgv: [],
      name: 'keelson-import',
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
    })
    started.unref()
    const fail = (error: AppError): void => {
      if (worker === started) worker = undefined
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
    started.on('error', cause => fail(failureOf(cause)))
    started.on('exit', code => fail(new AppError('app/internal', { cause: `import thread ended with ${code}` })))
    started.on('message', (reply: ImportReply<never>) => {
      const one = waiting.get(reply.id)
      waiting.delete(reply.id)
      if (waiting.size === 0) started.unref()
      if (reply.ok) one?.resolve(reply.answer)
      else one?.reject(new AppError(reply.code, { details: reply.details, cause: reply.cause }))
    })
    return started
  }

  function ask<K extends ImportTaskKind>(kind: K, task: TaskOf<K>): Promise<AnswerOf<K>> {
    const thread = (worker ??= start())
    const { promise, resolve, reject } = Promise.withResolvers<AnswerOf<K>>()
    waiting.set(nextId, { resolve, reject })
    thread.ref()
    thread.postMessage({ id: nextId, kind, task })
    nextId += 1
    return promise
  }
  return {
    ask,
    async stop() {
      const running = worker
      if (!running) return
      const ended = once(running, 'exit')
      await ask('close', {})
      await ended
    },
  }
}

function failureOf(cause: unknown): AppError {
  const isMemory = cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
  return isMemory
    ? new AppError('import/too-large', { details: { most: MOST_FILE_CHARACTERS / 1_000_000 } })
    : new AppError('app/internal', { cause: 'the import thread failed' })
}
