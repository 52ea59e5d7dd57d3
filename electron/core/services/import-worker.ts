import { parentPort, workerData } from 'node:worker_threads'
import { AppError } from '../../../shared/contract/errors.ts'
import { openConnection } from '../db/open.ts'
import { createImportDesk } from './import-desk.ts'
import type { ImportReply, ImportRequest } from './import-protocol.ts'

/** The import thread: reads files and writes them with its own connection, so that no file holds up the window. */
const file: unknown = workerData
if (typeof file !== 'string' || !parentPort) throw new AppError('app/internal', { cause: 'not started as the import thread' })
const port = parentPort
const db = openConnection(file)
const desk = createImportDesk(db)

function answer(request: ImportRequest): unknown {
  switch (request.kind) {
    case 'preview':
      return desk.preview(request.task)
    case 'commit':
      return desk.commit(request.task)
    case 'undo':
      return desk.undo(request.task)
    case 'close':
      db.close()
      port.off('message', take)
      setImmediate(() => port.close())
      return null
  }
}

function take(request: ImportRequest): void {
  port.postMessage(replyTo(request))
}

function replyTo(request: ImportRequest): ImportReply<unknown> {
  const { id } = request
  try {
    return { id, ok: true, answer: answer(request) }
  } catch (error) {
    if (error instanceof AppError) return { id, ok: false, code: error.code, details: error.details, cause: error.code }
    return {
      id,
      ok: false,
      code: 'app/internal',
      details: {},
      cause: error instanceof Error ? `${error.name} ${placeOf(error)}` : 'unknown',
    }
  }
}

/** Where an error arose, without its message: that may repeat what stands in a file. */
function placeOf({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter(line => /^\s+at /.test(line))
    .slice(0, 5)
    .join('')
}

port.on('message', take)
