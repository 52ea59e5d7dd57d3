import { pathToFileURL } from 'node:url'
import path from 'node:path'
import { AppError } from '../../../shared/contract/errors.ts'
import { createCore } from '../../../electron/core/create-core.ts'
import type { Ports } from '../../../electron/core/ports.ts'
import { plainBox, realClock, realRandom } from '../support/desk.ts'

/** Starts the whole core on a data folder, as `keelson` does, and says what came of it and how long it took: `starter.ts <folder>`. */
const [folder = ''] = process.argv.slice(2)
const none = (): (() => void) => () => undefined
const ports: Ports = {
  host: 'test',
  version: '0.0.0-torture',
  paths: { dataDir: folder, writerScript: pathToFileURL(path.join(import.meta.dirname, '../../../electron/core/sync/writer-worker.ts')) },
  secretBox: plainBox,
  browser: { open: () => Promise.resolve() },
  clock: realClock,
  random: realRandom,
  cron: { every: none },
  power: { onSuspend: none, onResume: none },
  network: { onReturn: none },
  notify: { show: () => undefined },
  mail: { send: () => Promise.resolve() },
  log: () => undefined,
  env: {},
}

const began = performance.now()
try {
  const core = await createCore(ports, { background: false })
  const ms = performance.now() - began
  const { signal } = new AbortController()
  const listed: unknown = await core.dispatch({ id: 't1', route: 'connections.list', input: {} }, { signal })
  process.send?.({ code: 'ok', message: '', ms, listed: JSON.stringify(listed) })
  await core.close()
} catch (error) {
  const [code, message] = error instanceof AppError ? [error.code, error.message] : [`not an AppError: ${String(error)}`, '']
  process.send?.({ code, message, ms: performance.now() - began, listed: '' })
}
process.disconnect()
