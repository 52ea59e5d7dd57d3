import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { Keyring } from './keyring-box.ts'

const SERVICE = 'Keelson'

/** The thread gets a path, since a text that is run by itself has no folder to look for modules from. */
const THREAD = `
const { parentPort, workerData: { module, service, account, secret } } = require('node:worker_threads')
const words = cause => (cause instanceof Error ? cause.message + '\\n' + words(cause.cause) : '')
async function ask() {
  const { AsyncEntry } = require(module)
  // Without this the module falls back to the kernel's keyring, which forgets everything at the next start of the machine.
  const entry = new AsyncEntry(service, account, { linux: { store: 'secret-service' } })
  if (secret === null) return (await entry.getPassword()) ?? null
  await entry.setPassword(secret)
  return null
}
ask().then(value => parentPort.postMessage({ value }), cause => parentPort.postMessage({ refused: words(cause) || 'unknown' }))
`

/**
 * The system keyring through its native module, which is loaded with the first use and may be missing on this platform. Each question has
 * a thread of its own: the module talks to the Secret Service before it answers, and one that hangs would hold up everything else.
 */
export function createSystemKeyring(): Keyring {
  return {
    get: account => ask(account, null),
    set: async (account, secret) => void (await ask(account, secret)),
  }
}

async function ask(account: string, secret: string | null): Promise<string | null> {
  const module = createRequire(import.meta.url).resolve('@napi-rs/keyring')
  const thread = new Worker(THREAD, { eval: true, workerData: { module, service: SERVICE, account, secret } })
  thread.unref()
  try {
    return await new Promise<string | null>((resolve, reject) => {
      thread.once('message', (answer: unknown) => {
        const refused = fieldOf(answer, 'refused')
        if (refused === null) resolve(fieldOf(answer, 'value'))
        else reject(new Error(refused))
      })
      thread.once('error', reject)
      thread.once('exit', () => reject(new Error('The keyring gave no answer.')))
    })
  } finally {
    void thread.terminate()
  }
}

function fieldOf(answer: unknown, name: 'refused' | 'value'): string | null {
  const value: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : null
  return typeof value === 'string' ? value : null
}
