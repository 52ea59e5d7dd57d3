import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../../shared/contract/errors.ts'
import type { WriterReply, WriterRequest, WriterTask } from './protocol.ts'

export type ThreadAnswer = Extract<WriterReply, { ok: true }>

/** The writer thread as seen from the main one: asked one thing at a time or several, it answers in order. */
export interface WriterThread {
  /** Rejects with the code the thread failed with, or app/internal when the thread itself is gone. */
  ask(task: WriterTask): Promise<ThreadAnswer>
  readonly alive: boolean
  /** Lets the thread close its connection, then ends it. */
  stop(): Promise<void>
}

interface Waiting {
  readonly resolve: (answer: ThreadAnswer) => void
  readonly reject: (error: AppError) => void
}

/** Starts the thread on a script (a source file in tests, a bundle in a build) with its own connection to the data file. */
export function startThread(script: URL, file: string): WriterThread {
  const worker = new Worker(script, { workerData: file, execArgv: [], name: 'keelson-writer' })
  const waiting = new Map<number, Waiting>()
  let nextId = 1
  let alive = true
  worker.unref()

  const fail = (cause: unknown): void => {
    alive = false
    for (const { reject } of waiting.values()) reject(new AppError('app/internal', { cause }))
    waiting.clear()
  }
  worker.on('error', fail)
  worker.on('exit', code => fail(`writer thread ended with ${code}`))
  worker.on('message', (reply: WriterReply) => {
    const one = waiting.get(reply.id)
    waiting.delete(reply.id)
    if (waiting.size === 0) worker.unref()
    if (reply.ok) one?.resolve(reply)
    else one?.reject(new AppError(reply.code, { cause: reply.detail }))
  })

  const ask = (task: WriterTask): Promise<ThreadAnswer> => {
    if (!alive) return Promise.reject(new AppError('app/internal', { cause: 'writer thread is gone' }))
    const request: WriterRequest = { id: nextId, task }
    nextId += 1
    const { promise, resolve, reject } = Promise.withResolvers<ThreadAnswer>()
    waiting.set(request.id, { resolve, reject })
    worker.ref()
    worker.postMessage(request)
    return promise
  }
  return {
    ask,
    get alive() {
      return alive
    },
    async stop() {
      if (!alive) return
      const ended = once(worker, 'exit')
      await ask({ kind: 'close' })
      alive = false
      await ended
    },
  }
}
